"""How well a name fits what was typed, and why."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from storage.finding import pinyin
from storage.finding.folding import pieces
from storage.finding.nicknames import also_called

# What it is worth, at the least, that the typed words are words of the name; that they are begun;
# that one is another name for it; that they are its first letters. A twentieth of the likeness as
# a whole comes on top: among equals the nearest is the first.
WORDS, SHORT_NAME, BEGUN, INITIALS = 95.0, 90.0, 87.0, 84.0
# Likeness (0 to 100) below which two names have nothing to do with each other.
ALIKE = 72.0


@dataclass(frozen=True)
class Verdict:
    """`score` 0 to 100; `exact` when every word typed is a word of the name."""

    score: float
    why: str
    exact: bool = False


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
        return Verdict(min(100.0, WORDS + bonus), "name", exact=True)
    if all(word in there or not there.isdisjoint(also_called(word)) for word in sought):
        return Verdict(SHORT_NAME + bonus, "nickname")
    if _begun(sought, text):
        return Verdict(BEGUN + bonus, "name")
    if len(sought) == 1 and 2 <= len(typed) <= 4 and typed == initials(text):
        return Verdict(INITIALS + bonus, "initials")
    by_words = 0.0
    if all(len(word) > 1 for word in sought):
        by_words = sum(max(ratio(w, t) for t in there) for w in sought) / len(sought)
    return Verdict(max(near, by_words - 3), "name")


def judge_name(typed: str, ways: list[str]) -> Verdict:
    """The best verdict over all ways to type a name: the name itself, then by its sound."""
    best = NEVER
    for number, text in enumerate(ways):
        verdict = judge(typed, text)
        if number and not typed.isascii():
            continue
        if number and verdict.why == "name":
            verdict = Verdict(verdict.score - 0.5, "sound", verdict.exact)
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
