"""Which of several things that people ask a text asks for: typos and other orders of words too."""

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from handlers.understanding.words import COMMON, is_chinese, words_of

K = TypeVar("K", bound=Hashable)

# How alike (0 to 1) two words must be to count as one with typos, and the shortest such word.
ALIKE = 0.85
SHORTEST_WITH_TYPOS = 4
# How much of what is asked, and of what is written, must be in the other.
GOOD_ENOUGH = 0.7
# In Chinese a word's neighbours are in its pieces, so that even the same words share fewer of them.
GOOD_ENOUGH_CHINESE = 0.62
# Every other thing must be this much worse: two that fit are a question for people.
AHEAD = 0.08
LONGEST_QUESTION = 400


@dataclass(frozen=True)
class Match(Generic[K]):
    """What was found, how well it fits (0 to 1), and by which of its phrases."""

    key: K
    score: float
    phrase: str


@dataclass(frozen=True)
class _Phrase(Generic[K]):
    key: K
    text: str
    words: frozenset[str]
    weight: float


@dataclass
class Phrases(Generic[K]):
    """The phrases by which things are asked for, weighed by how rare their words are."""

    _phrases: list[_Phrase[K]] = field(default_factory=list)
    _having: dict[str, list[int]] = field(default_factory=dict)
    _rarity: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, things: Mapping[K, Iterable[str]]) -> "Phrases[K]":
        """Make it ready: each thing with its phrases."""
        said = [(key, text, _telling(text)) for key, texts in things.items() for text in texts]
        said = [each for each in said if each[2]]
        made = cls()
        for at, (_, _, words) in enumerate(said):
            for word in words:
                made._having.setdefault(word, []).append(at)
        made._rarity = {
            word: math.log(1 + len(said) / len(where)) for word, where in made._having.items()
        }
        made._phrases = [
            _Phrase(key, text, words, sum(made._rarity[word] for word in words))
            for key, text, words in said
        ]
        return made

    def __bool__(self) -> bool:
        return bool(self._phrases)

    def best(self, text: str) -> Match[K] | None:
        """The one thing that a text asks for; None when none fits well, or two do."""
        ranked = self.ranked(text)
        enough = GOOD_ENOUGH_CHINESE if is_chinese(text) else GOOD_ENOUGH
        if not ranked or ranked[0].score < enough:
            return None
        if len(ranked) > 1 and ranked[1].score > ranked[0].score - AHEAD:
            return None
        return ranked[0]

    def ranked(self, text: str) -> list[Match[K]]:
        """Everything that shares something with a text, the best first, once each."""
        if not self._phrases or len(text) > LONGEST_QUESTION:
            return []
        words = _telling(text)
        known = {word: self._known(word) for word in words}
        rarest = max(self._rarity.values())
        written = sum(self._rarity.get(known[word], rarest) for word in words) or 1.0
        shared: dict[int, float] = {}
        for word in {known[word] for word in words}:
            for at in self._having.get(word, ()):
                shared[at] = shared.get(at, 0.0) + self._rarity[word]
        best: dict[K, Match[K]] = {}
        for at, weight in shared.items():
            phrase = self._phrases[at]
            score = 2 * weight / (phrase.weight + written)
            if phrase.key not in best or best[phrase.key].score < score:
                best[phrase.key] = Match(phrase.key, score, phrase.text)
        return sorted(best.values(), key=lambda match: -match.score)

    def _known(self, word: str) -> str:
        """The word of a phrase that is meant; the word itself when there is none."""
        if word in self._having or len(word) < SHORTEST_WITH_TYPOS:
            return word
        found = process.extractOne(
            word,
            list(self._having),
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=ALIKE,
        )
        return found[0] if found and len(found[0]) >= SHORTEST_WITH_TYPOS else word


def _telling(text: str) -> frozenset[str]:
    """The words that tell something; all words when none does."""
    words = {_stem(word) for word in words_of(text)}
    return frozenset(words - COMMON or words)


def _stem(word: str) -> str:
    """An English word without the s of several: "refunds" asks for the same as "refund"."""
    if len(word) > 3 and word.isascii() and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word
