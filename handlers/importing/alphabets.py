"""Which old encoding of one byte a letter makes words of its languages out of a file."""

import re
from collections.abc import Iterable
from itertools import pairwise

# The letters beyond ASCII of the languages that each is used for; of equals the first one counts.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "cp1252": (
        "äöüßé",
        "éèêëàâçîïôûùœæ",
        "áéíóúñüïçàèò",
        "ãáàâçéêíóôú",
        "æøåäöéü",
        "àèéìòù",
        "ðþýæöáéíóú",
    ),
    "cp1250": (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîşţ",
        "čćđšž",
    ),
    "cp1254": ("çğıöşüâî\u0307",),
    "cp1251": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",),
    "koi8-r": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",),
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    "mac_roman": (
        "äöüßé",
        "éèêëàâçîïôûùœæ",
        "áéíóúñüç",
        "ãáàâçéêíóôú",
        "æøåäö",
        "àèéìòù",
    ),
}
_WORDS = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
# What stands between words in any language; beside a letter it is no more than a wrong reading.
_SIGNS = frozenset("€§–—“”„‘’‚…°•·«»®©™½¼²£¥\xa0")
_MOST_WORDS = 5000


def one_byte_each(sample: bytes, among: Iterable[str] = tuple(_LANGUAGES)) -> tuple[str, float]:
    """The encoding that makes the most of its words possible, and the share of those."""
    return max(((name, _share(sample, name)) for name in among), key=lambda each: each[1])


def _share(sample: bytes, encoding: str) -> float:
    text = sample[: 1 << 16].decode(encoding, "replace")
    heard = fits = 0.0
    for found in _WORDS.finditer(text):
        word = found[0]
        if word.isascii():
            continue
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() :][:1]
        if word in _SIGNS and not (before.isalpha() and after.isalpha()):
            continue
        heard += 1
        fits += _fit(word, _LANGUAGES[encoding])
        if heard >= _MOST_WORDS:
            break
    return fits / heard if heard else 1.0


def _fit(word: str, languages: tuple[str, ...]) -> float:
    """How well a word may be one: whole names begin with a capital and have none inside."""
    # Portuguese has õ before an e alone; elsewhere it is Hungarian, read wrongly.
    letters = {letter for letter in word.lower().replace("õe", "") if not letter.isascii()}
    if not any(letters <= set(language) for language in languages):
        return 0.0
    if any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word)):
        return 0.0
    return 0.9 if word[0].islower() and not word[0].isascii() else 1.0
