"""How well a name fits what was typed, and why."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from storage.finding import pinyin
from storage.finding.folding import pieces
from storage.finding.nicknames import also_called

Whom = TypeVar("Whom")

# What it is worth, at the least, that the typed words are words of the name; that they are begun;
# that one is another name for it; that they are its first letters. A twentieth of the likeness as
# a whole comes on top: among equals the nearest is the first.
WORDS, SHORT_NAME, BEGUN, INITIALS = 95.0, 90.0, 87.0, 84.0
# Likeness (0 to 100) below which two names have nothing to do with each other.
ALIKE = 72.0
# That every word typed is like a word of the name says less than that all of it is like all.
PART_OF_IT = 12.0
# One word that is a word of the name but for one typo is far from all of it, and yet meant.
ONE_TYPO = 3.0
# How many places are kept for those who are nearest as a whole.
PLACES = 5


@dataclass(frozen=True)
class Verdict:
    """`score` 0 to 100; `exact` when every word typed is a word of the name.

    `near` is how near it is as a whole.
    """

    score: float
    why: str
    exact: bool = False
    near: float = 0.0


NEVER = Verdict(0.0, "name")


def in_order(text: str) -> str:
    """A text with its words sorted."""
    return " ".join(sorted(text.split())) if " " in text else text


def likeness(typed: str, text: str) -> float:
    """How near a text is as a person's name, 0 to 100: also with its words in another order."""
    return max(ratio(typed, text), ratio(in_order(typed), in_order(text)))


def judge(typed: str, text: str) -> Verdict:
    """What was typed beside one way to type a name; both folded."""
    near = likeness(typed, text)
    bonus = near / 20
    sought = typed.split()
    there = words_of(text)
    if near == 100 or all(word in there for word in sought):
        return Verdict(min(100.0, WORDS + bonus), "name", exact=True, near=near)
    if all(word in there or not there.isdisjoint(also_called(word)) for word in sought):
        return Verdict(SHORT_NAME + bonus, "nickname", near=near)
    if _begun(sought, text):
        return Verdict(BEGUN + bonus, "name", near=near)
    if len(sought) == 1 and 2 <= len(typed) <= 4 and typed == initials(text):
        return Verdict(INITIALS + bonus, "initials", near=near)
    by_words = 0.0
    if all(len(word) > 1 for word in sought):
        by_words = sum(max(ratio(w, t) for t in there) for w in sought) / len(sought)
    if len(sought) == 1 and by_words - ONE_TYPO > near and _but_for_one_typo(typed, there):
        return Verdict(by_words - ONE_TYPO, "name", near=near)
    return Verdict(max(near, by_words - PART_OF_IT), "name", near=near)


def in_places(typed: str, ranked: list[tuple[Whom, Verdict]]) -> list[tuple[Whom, Verdict]]:
    """Those found, best first, with whoever is nearest as a whole among the first few.

    Among a million there are always many whose names begin so, or hold words a little like those
    that were typed: they come behind. But a single word is a part of a name, and nobody's whole.
    """
    if len(typed.split()) == 1 and typed.isascii() and not pinyin.split(typed):
        return ranked

    def nearness(pair: tuple[Whom, Verdict]) -> tuple[bool, float]:
        verdict = pair[1]
        return verdict.exact or verdict.why in ("nickname", "initials"), verdict.near

    least = sorted(map(nearness, ranked), reverse=True)[:PLACES][-1:]
    first = [pair for pair in ranked if [nearness(pair)] >= least][:PLACES]
    chosen = set(map(id, first))
    return first + [pair for pair in ranked if id(pair) not in chosen]


def _but_for_one_typo(typed: str, words: frozenset[str]) -> bool:
    """Whether a letter too many, too few or another, or two that changed places, is all."""
    return any(OSA.distance(typed, word, score_cutoff=1) <= 1 for word in words)


def judge_name(typed: str, ways: list[str]) -> Verdict:
    """The best verdict over all ways to type a name: the name itself, then by its sound."""
    best = NEVER
    for number, text in enumerate(ways):
        verdict = judge(typed, text)
        if number and not typed.isascii():
            continue
        if number and verdict.why == "name":
            verdict = replace(verdict, score=verdict.score - 0.5, why="sound")
        if verdict.score > best.score:
            best = verdict
    return best


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words that a folded text can be found by; a Chinese name also by its given name."""
    words = set(text.split())
    for word in list(words):
        if len(word) > 1 and all(map(pinyin.is_chinese, word)):
            words.add(word[1:])
            if len(word) > 3:
                words.add(word[2:])
    # A name of two words is often typed as one, and a given name of two syllables as two words.
    if len(words) == 2:
        words.add(text.replace(" ", ""))
    return frozenset(words) or frozenset([text])


def _begun(sought: list[str], text: str) -> bool:
    left = text.split()
    if text.replace(" ", "").startswith("".join(sought)) and len("".join(sought)) > 1:
        return True
    if not any(len(word) > 1 for word in sought):
        return False
    for word in sorted(sought, key=len, reverse=True):
        begun = next((each for each in left if each.startswith(word)), None)
        if begun is None:
            return False
        left.remove(begun)
    return True


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The first letters: "jd" of john doe; of a name in pinyin those of its syllables, "zsf"."""
    words = text.split()
    if len(words) == 1 and 2 <= len(text) <= 4 and all(map(pinyin.is_chinese, text)):
        return pinyin.initials(text)
    if not pieces(text):
        return ""
    letters = "".join(word[0] for word in words)
    if len(words) == 2 and len(words[1]) > 3:
        given = pinyin.split(words[1])
        if len(given) == 2 and words[0] in pinyin.syllable_list():
            return words[0][0] + given[0][0] + given[1][0]
    return letters
