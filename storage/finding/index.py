"""The index: which of a million texts come nearest to what was typed.

Somebody typed a few words. For each of them the words of all texts that are like it are found by
the pairs of letters that they share, and compared letter by letter. Every text that holds some
of those is a candidate, and how many letters it shares with what was typed is the sum over the
words: nearly what a comparison of the whole texts would give, so that only the best few hundred
need be compared as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

from storage.finding.csr import Lists, Numbers, Strings, collected, strings_of
from storage.finding.folding import pieces
from storage.finding.pinyin import is_chinese

# Pairs of letters are numbered by their hash: so many numbers.
PAIRS = 1 << 14
# How many words are compared letter by letter, of those that share the most pairs of letters.
WORDS_COMPARED = 320
# The share of letters in common from which two words have to do with each other.
LIKE = 0.5
# How many places in texts are looked at for each word typed; the likest words come first.
PLACES = 60_000
# How many texts are compared as a whole.
TEXTS_COMPARED = 400
MOST_PIECES = 10


def pairs_of(word: str) -> list[int]:
    """The numbers of a word's pairs of letters, its edges included."""
    letters = [0, *map(ord, word), 1]
    return [(a * 131 + b * 7) % PAIRS for a, b in zip(letters, letters[1:], strict=False)]


@dataclass(frozen=True)
class Alike:
    """Words, and how many letters each has in common with the one typed; the least alike first."""

    words: Numbers
    letters: Numbers


NOTHING = Alike(np.empty(0, np.int64), np.empty(0, np.uint8))


@dataclass(frozen=True)
class Found:
    """Texts and how near each is, 0 to 100."""

    texts: Numbers
    scores: Numbers


class Index:
    """Texts with whom they mean, not to be changed."""

    def __init__(
        self, texts: Strings, words: Strings, holders: Lists, pairs: Lists, meant: Lists
    ) -> None:
        self.texts = texts
        self.words = words
        # Which texts hold a word; which words hold a pair of letters; whom a text means.
        self.holders = holders
        self.pairs = pairs
        self.meant = meant
        self._word_lengths = np.diff(words.starts).astype(np.uint8)
        self._text_lengths = np.minimum(np.diff(texts.starts), 255).astype(np.uint8)
        self._scratch: list[list[NDArray[np.uint8]]] = []

    def nearest(self, typed: str, most: int) -> Found:
        """The texts nearest to what was typed (folded), best first."""
        typed_pieces = pieces(typed)[:MOST_PIECES]
        alike = [self.alike(piece) for piece in dict.fromkeys(typed_pieces)]
        candidates = self._candidates(typed, [a for a in alike if len(a.words)])
        return self.compared(typed, candidates, most)

    def compared(self, typed: str, candidates: Numbers, most: int) -> Found:
        """These texts compared with the typed one as a whole."""
        texts = self.texts.several(candidates)
        scores = person_scores(typed, texts)
        best = np.lexsort((candidates, -scores))[:most]
        return Found(candidates[best], scores[best])

    def alike(self, word: str) -> Alike:
        """The words that are like one."""
        if is_chinese(word[0]):
            number = self.words.number_of(word)
            if number is None:
                return NOTHING
            return Alike(np.array([number]), np.array([1], np.uint8))
        if len(word) == 1:
            return NOTHING
        lists = sorted((self.pairs.of(p) for p in dict.fromkeys(pairs_of(word))), key=len)
        shared = np.bincount(np.concatenate(lists), minlength=len(self.words)).astype(np.uint8)
        few = np.flatnonzero(shared >= min(2, len(lists)))
        likeness = shared[few] / (self._word_lengths[few] + (len(word) + 2.0))
        if len(few) > WORDS_COMPARED:
            best = np.argpartition(-likeness, WORDS_COMPARED)[:WORDS_COMPARED]
            few = few[best]
        known = self.words.several(few)
        letters = process.cdist(
            [word], known, scorer=LCSseq.similarity, dtype=np.uint8
        )[0]
        lengths = np.fromiter(map(len, known), np.float32, len(known))
        like = 2 * letters / (lengths + len(word))
        order = np.argsort(like)
        order = order[like[order] >= LIKE]
        return Alike(few[order], letters[order])

    def _candidates(self, typed: str, alike: Sequence[Alike]) -> Numbers:
        if not alike:
            return np.empty(0, np.int64)
        places = [self._places(each) for each in alike]
        scratch = self._borrow(len(alike))
        for room, (texts, letters) in zip(scratch, places, strict=False):
            # Where a text is named twice the likest word counts: it comes last.
            room[texts] = letters
        touched = np.concatenate([texts for texts, _ in places])
        total = scratch[0][touched].astype(np.float32)
        for room in scratch[1 : len(alike)]:
            total += room[touched]
        likely = (total + (len(alike) - 1)) / (self._text_lengths[touched] + np.float32(len(typed)))
        if len(touched) > 2 * TEXTS_COMPARED:
            best = np.argpartition(-likely, 2 * TEXTS_COMPARED)[: 2 * TEXTS_COMPARED]
            touched = touched[best]
        for room, (texts, _) in zip(scratch, places, strict=False):
            room[texts] = 0
        self._scratch.append(scratch)
        return np.unique(touched)

    def _places(self, alike: Alike) -> tuple[Numbers, Numbers]:
        """The texts that hold the words, with the letters that they have in common."""
        lengths = self.holders.lengths(alike.words)
        # The likest words stand last.
        left = np.cumsum(lengths[::-1])[::-1]
        first = min(int(np.searchsorted(-left, -PLACES)), len(left) - 1)
        chosen = alike.words[first:]
        texts = np.concatenate([self.holders.of(word) for word in chosen.tolist()])
        return texts, np.repeat(alike.letters[first:], lengths[first:])

    def _borrow(self, rooms: int) -> list[NDArray[np.uint8]]:
        scratch = self._scratch.pop() if self._scratch else []
        while len(scratch) < rooms:
            scratch.append(np.zeros(len(self.texts), np.uint8))
        return scratch


def person_scores(typed: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """How near each text is as a person's name, 0 to 100: also with its words in another order."""
    straight = process.cdist([typed], texts, scorer=ratio, dtype=np.float32)[0]
    ordered = process.cdist(
        [in_order(typed)], [in_order(text) for text in texts], scorer=ratio, dtype=np.float32
    )[0]
    best: NDArray[np.float32] = np.maximum(straight, ordered)
    return best


def in_order(text: str) -> str:
    """A text with its words sorted."""
    return " ".join(sorted(text.split())) if " " in text else text


def built(entries: Iterable[tuple[str, int]]) -> Index:
    """The index of texts (folded) with whom each means."""
    by_text: dict[str, list[int]] = {}
    for text, whom in entries:
        by_text.setdefault(text, []).append(whom)
    # By their bytes, as strings of UTF-8 are: the same order as that of code points.
    texts = sorted(by_text)
    numbers: dict[str, int] = {}
    words_in: list[int] = []
    held_by: list[int] = []
    for number, text in enumerate(texts):
        for piece in set(pieces(text)):
            words_in.append(numbers.setdefault(piece, len(numbers)))
            held_by.append(number)
    words = sorted(numbers)
    places = np.empty(len(words), np.int32)
    for place, word in enumerate(words):
        places[numbers[word]] = place
    holders = collected(places[np.array(words_in, np.int64)], np.array(held_by, np.int32), len(words))
    meant = _lists([by_text[text] for text in texts])
    return Index(strings_of(texts), strings_of(words), holders, _pairs(words), meant)


def _pairs(words: list[str]) -> Lists:
    of: list[int] = []
    word: list[int] = []
    for number, each in enumerate(words):
        if len(each) > 1:
            found = set(pairs_of(each))
            of.extend(found)
            word.extend([number] * len(found))
    return collected(np.array(of, np.int32), np.array(word, np.int32), PAIRS)


def _lists(lists: list[list[int]]) -> Lists:
    starts = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(each) for each in lists], out=starts[1:])
    return Lists(starts, np.fromiter((x for each in lists for x in each), np.int64))
