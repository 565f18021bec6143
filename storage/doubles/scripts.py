"""Names of other scripts in Latin letters, and how a name in Latin letters sounds."""

import re
from functools import lru_cache

_CYRILLIC = dict(
    zip(
        "абвгдезиклмнопрстуфыэіїєґў",
        "a b v g d e z i k l m n o p r s t u f y e i i e g u".split(),
        strict=True,
    )
) | {
    "ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
    "ь": "", "ю": "yu", "я": "ya", "ё": "e", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "џ": "dz",
}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηικλμνξοπρσςτυφω", "a v g d e z i i k l m n x o p r s s t y f o".split(), strict=True
    )
) | {"θ": "th", "χ": "ch", "ψ": "ps"}
# Mostly consonants are written: names are compared by these (see `bones`).
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىآأإئپچژگک",
        "a b t th j h kh d d r z s sh s d t z a gh f k k l m n h w y a a a i y p ch j g k".split(),
        strict=True,
    )
) | {"ة": "", "ء": "", "ؤ": "w"}
_HEBREW = dict(
    zip(
        "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
        "a b g d h v z h t i k k l m m n n s a p p ts ts k r sh t".split(),
        strict=True,
    )
)
_KANA = {
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "カ": "ka", "キ": "ki", "ク": "ku",
    "ケ": "ke", "コ": "ko", "サ": "sa", "シ": "shi", "ス": "su", "セ": "se", "ソ": "so",
    "タ": "ta", "チ": "chi", "ツ": "tsu", "テ": "te", "ト": "to", "ナ": "na", "ニ": "ni",
    "ヌ": "nu", "ネ": "ne", "ノ": "no", "ハ": "ha", "ヒ": "hi", "フ": "fu", "ヘ": "he",
    "ホ": "ho", "マ": "ma", "ミ": "mi", "ム": "mu", "メ": "me", "モ": "mo", "ヤ": "ya",
    "ユ": "yu", "ヨ": "yo", "ラ": "ra", "リ": "ri", "ル": "ru", "レ": "re", "ロ": "ro",
    "ワ": "wa", "ヲ": "o", "ン": "n", "ガ": "ga", "ギ": "gi", "グ": "gu", "ゲ": "ge", "ゴ": "go",
    "ザ": "za", "ジ": "ji", "ズ": "zu", "ゼ": "ze", "ゾ": "zo", "ダ": "da", "デ": "de",
    "ド": "do", "バ": "ba", "ビ": "bi", "ブ": "bu", "ベ": "be", "ボ": "bo", "パ": "pa",
    "ピ": "pi", "プ": "pu", "ペ": "pe", "ポ": "po", "ッ": "", "ー": "",
}  # fmt: skip
_LETTERS = {**_CYRILLIC, **_GREEK, **_ARABIC, **_HEBREW, **_KANA}
# The parts of a Korean syllable, after the Revised Romanization.
_FIRST = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_LAST = " k k ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p t".split(" ")
_HANGUL = (0xAC00, 0xD7A3)


def latin(text: str) -> str:
    """A folded text in Latin letters; Chinese characters stay."""
    if text.isascii():
        return text
    return "".join(map(_letter, text))


def is_korean(character: str) -> bool:
    """Whether it is a Korean syllable."""
    return _HANGUL[0] <= ord(character) <= _HANGUL[1]


def _letter(character: str) -> str:
    code = ord(character)
    if is_korean(character):
        first, rest = divmod(code - _HANGUL[0], 588)
        return _FIRST[first] + _MIDDLE[rest // 28] + _LAST[rest % 28]
    if 0x3041 <= code <= 0x3096:
        # Hiragana stands beside katakana, 96 places before it.
        character = chr(code + 96)
    return _LETTERS.get(character, character)


# What people write for the same sound; the longest first.
_SOUNDS = (
    ("shch", "s"), ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("sz", "s"), ("cz", "c"),
    ("tsz", "c"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("sh", "s"), ("ch", "c"), ("kh", "h"),
    ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("ck", "k"), ("tz", "c"),
    ("ts", "c"), ("qu", "kv"), ("ks", "x"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("ie", "i"),
    ("ei", "i"), ("ey", "i"), ("ay", "ai"), ("oe", "o"), ("ue", "u"), ("ae", "a"), ("yu", "u"),
    ("iu", "u"), ("ya", "a"), ("ia", "a"), ("ye", "e"),
)  # fmt: skip
_SOUND = re.compile("|".join(sound for sound, _ in _SOUNDS))
_AS = dict(_SOUNDS)
_SINGLE = str.maketrans({"q": "k", "w": "v", "y": "i", "j": "i", "z": "s"})
_TWICE = re.compile(r"(.)\1+")
_HARD_C = re.compile(r"c(?=[aoukrlt]|$)")
_VOWELS = re.compile(r"[aeiouh]")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A word as it sounds, roughly, in whatever language: "mueller" and "muller" are alike."""
    text = _HARD_C.sub("k", word) if "ch" not in word and "cz" not in word else word
    text = _SOUND.sub(lambda found: _AS[found[0]], text).translate(_SINGLE)
    text = _TWICE.sub(r"\1", text)
    if len(text) > 3:
        text = text.rstrip("h")
        text = text.removesuffix("e")
    return text or word


@lru_cache(maxsize=65536)
def bones(word: str) -> str:
    """The consonants of a word by their sound: "mhmd" of Mohammed, Muhamad and محمد."""
    text = sound(word)
    return text[:1].translate(str.maketrans("aeiou", "aaaaa")) + _VOWELS.sub("", text[1:])
