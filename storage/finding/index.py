"""The index: which of a million texts come nearest to what was typed.

What was typed shares pairs of letters with words of the texts. A text is promising when its words
have many of those pairs for their length; the most promising thousands are compared letter by
letter, all at once, and the best of them once more as persons' names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from storage.finding.folding import pieces
from storage.finding.judging import in_order
from storage.finding.lists import Lists, Numbers, Strings, collected, strings_of
from storage.finding.nicknames import also_called
from storage.finding.pinyin import is_chinese

# Pairs of letters are numbered by their hash: so many numbers.
PAIRS = 1 << 14
# How many places in lists of words, and in lists of texts, are looked at: the rarest and the most
# promising come first.
WORDS_LOOKED_AT = 200_000
TEXTS_LOOKED_AT = 60_000
# How many texts are compared letter by letter, and how many of those as names.
COMPARED = 4_000
AS_NAMES = 400
IN_ALL_ORDERS = 1_500
# Words of a text that count for how promising it is.
COLUMNS = 3
# How many words may be promising.
WORDS = 800
# How many words that begin so are looked at.
BEGINNINGS = 300
# Letters that are compared at once are the bits of a number.
BITS = 64
# n to the power of 1.5.
_ROOTS = np.arange(256, dtype=np.float32) ** np.float32(1.5)


def pairs_of(word: str) -> list[int]:
    """The numbers of a word's pairs of letters, its edges included."""
    letters = [0, *map(ord, word), 1]
    return [(a * 131 + b * 7) % PAIRS for a, b in pairwise(letters)]


@dataclass(frozen=True)
class Found:
    """Texts and how near each is, 0 to 100, the nearest first."""

    texts: Numbers
    scores: Numbers


class Index:
    """Texts with whom they mean, not to be changed."""

    def __init__(
        self,
        texts: Strings,
        words: Strings,
        holders: Lists,
        columns: Numbers,
        pairs: Lists,
        meant: Lists,
    ) -> None:
        self.texts = texts
        self.words = words
        # Which texts hold a word, and which words a text holds; which words hold a pair.
        self.holders = holders
        self.columns = columns
        self.pairs = pairs
        self.meant = meant
        self._word_sizes = words.lengths.astype(np.float32) + np.float32(1)
        self._text_sizes = texts.lengths.astype(np.uint8)

    def nearest(self, typed: str, most: int) -> Found:
        """The texts nearest to what was typed (folded), best first."""
        candidates = self._promising(typed)
        if not len(candidates):
            return Found(candidates, np.empty(0, np.float32))
        if len(candidates) > AS_NAMES:
            likeness = self._letter_by_letter(typed, candidates)
            best = np.argpartition(-likeness, AS_NAMES)[: max(AS_NAMES, most)]
            candidates = candidates[best]
        texts = [self.texts[number] for number in candidates.tolist()]
        scores = person_scores(typed, texts)
        order = np.lexsort((candidates, -scores))[:most]
        return Found(candidates[order], scores[order])

    def candidates(self, typed: str, most: int) -> list[int]:
        """Texts that may be meant: the nearest, and some that hold or begin with all the words."""
        near = self.nearest(typed, most).texts.tolist()
        words = pieces(typed)
        for made in (
            [[word] for word in words],
            [sorted({word, *also_called(word)}) for word in words],
        ):
            near += self._holding(made, most)
        if words and not is_chinese(words[-1][0]) and len(typed) > 1:
            near += self._holding([[word] for word in words[:-1]], most, begun=words[-1])
        return list(dict.fromkeys(near))

    def _holding(self, words: list[list[str]], most: int, begun: str | None = None) -> list[int]:
        """Texts that hold one of each group, and a word that begins so; the shortest first."""
        groups: list[list[int]] = []
        for group in words:
            numbers = [self.words.number_of(word) for word in group]
            groups.append([number for number in numbers if number is not None])
        if begun is not None:
            groups.append(list(self.words.starting(begun))[:BEGINNINGS])
        if not groups or not all(groups):
            return []
        texts: Numbers | None = None
        for numbers_of_group in groups:
            held = np.unique(self.holders.several(np.array(numbers_of_group)))
            texts = held if texts is None else np.intersect1d(texts, held, assume_unique=True)
        assert texts is not None
        if len(texts) > most:
            texts = texts[np.argsort(self._text_sizes[texts], kind="stable")[:most]]
        found: list[int] = texts.tolist()
        return found

    def _promising(self, typed: str) -> Numbers:
        """The texts that are worth a comparison."""
        shared, words = self._shared(typed)
        if not len(words):
            return np.empty(0, np.int32)
        held = np.cumsum(self.holders.lengths(words))
        texts = self.holders.several(words[: 1 + int(np.searchsorted(held, TEXTS_LOOKED_AT))])
        total = shared[self.columns[0][texts]]
        for column in self.columns[1:]:
            # A text of so few words needs no more than eight bits.
            total = total + shared[column[texts]]
        promise = total / (self._text_sizes[texts] + np.float32(len(typed) + 2))
        # A text may stand there once for each of its words.
        most = 2 * COMPARED
        if len(texts) > most:
            best = np.argpartition(promise, -most)[-most:]
            texts = texts[best]
            promise = promise[best]
        # The most promising first, each once.
        texts = texts[np.argsort(-promise)]
        _, first = np.unique(texts, return_index=True)
        return texts[np.sort(first)][: COMPARED + COMPARED // 4]

    def _shared(self, typed: str) -> tuple[NDArray[np.uint8], Numbers]:
        """How many pairs each word shares with what was typed; the promising words, best first."""
        numbers: set[int] = set()
        chinese: list[int] = []
        for piece in pieces(typed):
            if is_chinese(piece[0]):
                number = self.words.number_of(piece)
                if number is not None:
                    chinese.append(number)
            else:
                numbers.update(pairs_of(piece))
        # One more than there are words: texts of fewer words than columns point there.
        shared = np.zeros(len(self.words) + 1, np.uint8)
        words = np.empty(0, np.int64)
        lists = sorted((self.pairs.of(number) for number in numbers), key=len)
        if lists:
            sizes = np.cumsum([len(each) for each in lists])
            lists = lists[: max(2, int(np.searchsorted(sizes, WORDS_LOOKED_AT)))]
            counted = np.bincount(np.concatenate(lists), minlength=len(shared))
            shared = counted.astype(np.uint8)
            few = np.flatnonzero(shared > 1)
            # A long word that is half there says more than a short one.
            weight = _ROOTS[shared[few]] / self._word_sizes[few]
            if len(few) > WORDS:
                best = np.argpartition(weight, -WORDS)[-WORDS:]
                few, weight = few[best], weight[best]
            words = few[np.argsort(-weight)]
        shared[chinese] = 1
        return shared, np.concatenate([np.array(chinese, np.int64), words])

    def _letter_by_letter(self, typed: str, candidates: Numbers) -> NDArray[np.float32]:
        """The share of letters in common, words in the best of some orders."""
        # What is much longer than the typed text is not near it, whatever comes at its end.
        table = self.texts.table(candidates, min(BITS, 2 * len(typed) + 4))
        sizes = self._text_sizes[candidates].astype(np.float32) + len(typed)
        best = np.zeros(len(candidates), np.uint8)
        for number, order in enumerate(_orders(typed)):
            # Other orders are tried with the more promising half.
            part = slice(0, IN_ALL_ORDERS if number else None)
            np.maximum(best[part], _in_common(order[:BITS], table[:, part]), out=best[part])
        share: NDArray[np.float32] = (best / sizes).astype(np.float32)
        return share


def _orders(typed: str) -> list[str]:
    words = typed.split()
    if len(words) == 1:
        return [typed]
    found = [words, words[::-1]]
    if len(words) == 3:
        found = [list(each) for each in permutations(words)]
    if len(words) > 3:
        found += [sorted(words), words[1:] + words[:1], words[-1:] + words[:-1]]
    return list(dict.fromkeys(" ".join(each) for each in found))


def _in_common(typed: str, table: Numbers) -> NDArray[np.uint8]:
    """The longest common subsequence with each column of letters, after Hyyrö (2004).

    Bit n of a number stands for letter n of what was typed; a zero says that it is matched.
    """
    places = np.zeros(1 << 16, np.uint64)
    for place, letter in enumerate(typed):
        places[ord(letter)] |= np.uint64(1 << place)
    free = np.full(table.shape[1], np.uint64(2**64 - 1))
    matching, without = np.empty_like(free), np.empty_like(free)
    for row in table:
        np.take(places, row, out=matching, mode="clip")
        matching &= free
        np.subtract(free, matching, out=without)
        free += matching
        free |= without
    inside = np.uint64((1 << len(typed)) - 1)
    common: NDArray[np.uint8] = np.bitwise_count(~free & inside)
    return common


def person_scores(typed: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """How near each text is as a person's name, 0 to 100: also with its words in another order."""
    straight = process.cdist([typed], texts, scorer=ratio, dtype=np.float32)[0]
    sorted_texts = [in_order(text) for text in texts]
    ordered = process.cdist([in_order(typed)], sorted_texts, scorer=ratio, dtype=np.float32)[0]
    best: NDArray[np.float32] = np.maximum(straight, ordered)
    return best


def built(entries: Iterable[tuple[str, int]]) -> Index:
    """The index of texts (folded) with whom each means."""
    by_text: dict[str, list[int]] = {}
    for text, whom in entries:
        by_text.setdefault(text, []).append(whom)
    texts = sorted(by_text)
    numbers: dict[str, int] = {}
    words_in: list[list[int]] = []
    for text in texts:
        found = dict.fromkeys(pieces(text))
        words_in.append([numbers.setdefault(piece, len(numbers)) for piece in found])
    words = sorted(numbers)
    places = np.empty(len(words), np.int32)
    places[[numbers[word] for word in words]] = np.arange(len(words), dtype=np.int32)
    held = _lists(words_in, np.int32)
    held = Lists(held.starts, places[held.values])
    holding = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(held.starts))
    return Index(
        strings_of(texts),
        strings_of(words),
        collected(held.values, holding, len(words)),
        _columns(held, len(words)),
        _pairs(words),
        _lists([by_text[text] for text in texts], np.int64),
    )


def _columns(held: Lists, nobody: int) -> Numbers:
    """The first words of each text; where there are fewer, one that nobody holds."""
    columns = np.full((COLUMNS, len(held)), nobody, np.int32)
    for number, column in enumerate(columns):
        there = np.flatnonzero(np.diff(held.starts) > number)
        column[there] = held.values[held.starts[there] + number]
    return columns


def _pairs(words: list[str]) -> Lists:
    lists = [[] if is_chinese(word[0]) else list(set(pairs_of(word))) for word in words]
    of = _lists(lists, np.int32)
    holding = np.repeat(np.arange(len(words), dtype=np.int32), np.diff(of.starts))
    return collected(of.values, holding, PAIRS)


def _lists(lists: list[list[int]], kind: type) -> Lists:
    starts = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(each) for each in lists], out=starts[1:])
    return Lists(starts, np.fromiter((x for each in lists for x in each), kind))
