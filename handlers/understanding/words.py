"""A text as the pieces that it is compared by: words, pairs of words, and parts of words."""

import itertools
import math
import unicodedata
from collections import Counter

from handlers.understanding.patterns import Pattern

# Enough for what decides, and a wall of text costs no more than a letter.
LONGEST_TEXT = 1000

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = Pattern(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:'[^\W_]+)?")
_IS_HAN = Pattern(rf"[{_HAN}]")
_DIGITS = Pattern(r"\d+")
# They hold sentences together, and tell nothing about what somebody wants.
_POLITE = Pattern("请问一下|请问|你好|您好|谢谢|麻烦|想问一下|我想知道|一下")
_PARTICLES = str.maketrans(dict.fromkeys("的了吗呢吧啊呀嘛麼么", " "))

COMMON = frozenset(
    "a about all also am an and any are as at be been but by can could did do does don't for from "
    "get go had has have he hello her here hey hi his how i i'd i'll i'm i've if in into is it "
    "it's its just let may me might must my no not now of on or our out please shall she should so "
    "some than thank thanks that the their them then there these they this those to too up us very "
    "was we were what what's when where where's which who whose why will with would yes you your "
    "我们 你们 您们 这个 那个 什么 怎么 可以".split()
)

PART_LENGTHS = (3, 4)


def folded(text: str) -> str:
    """The text in small half-width letters without accents."""
    text = text[:LONGEST_TEXT].casefold().replace("’", "'")
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each))


def words_of(text: str) -> list[str]:
    """The words of a text, in order, every number as 0; a Chinese one as its characters by two."""
    words: list[str] = []
    for word in _WORD.compiled.findall(
        _POLITE.compiled.sub(" ", folded(text)).translate(_PARTICLES)
    ):
        if _IS_HAN.compiled.match(word):
            words += [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
        else:
            words.append(_DIGITS.compiled.sub("0", word))
    return words


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters in it."""
    return _IS_HAN.compiled.search(text) is not None


def pieces_of(text: str) -> dict[str, float]:
    """What a text is made of, and how much there is of each piece.

    A word is itself, a pair of words has a space inside, a part of a word begins with `~`.
    """
    words = words_of(text)
    pieces = Counter(words)
    pieces.update(f"{one} {other}" for one, other in itertools.pairwise(words))
    for word in words:
        if word not in COMMON:
            pieces.update(f"~{part}" for part in _parts_of(word))
    return {piece: 1 + math.log(count) for piece, count in pieces.items()}


def _parts_of(word: str) -> list[str]:
    if _IS_HAN.compiled.match(word):
        return list(word)
    framed = f"<{word}>"
    return [
        framed[at : at + length]
        for length in PART_LENGTHS
        for at in range(max(len(framed) - length + 1, 0))
    ]
