"""The index: which of a million texts come nearest to what was typed.

What was typed shares letters, and pairs of letters, with the texts. A text is promising when it
shares many for its length; the most promising are compared with what was typed as persons' names.
What is long is looked for by the words that are like its words. What is short has too few pairs
for that, and is held against every text of about its length instead.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from storage.finding import signs
from storage.finding.folding import pieces
from storage.finding.judging import in_order
from storage.finding.lists import Firsts, Lists, Numbers, Strings
from storage.finding.nicknames import also_called
from storage.finding.pinyin import is_chinese

# Pairs of letters are numbered by their hash: so many numbers.
PAIRS = 1 << 14
# Up to so many letters every text of about that length is looked at.
SHORT = 9
# How many places in lists of words, and in lists of texts, are looked at: the rarest and the most
# promising come first.
WORDS_LOOKED_AT = 200_000
TEXTS_LOOKED_AT = 60_000
# How many words may be promising, and how many texts at first sight and at the second.
WORDS = 800
AT_FIRST = 15_000
AS_NAMES = 1_500
AS_LONG_NAMES = 2_200
# Words of a text that count for how promising it is.
COLUMNS = 3
# How many words that begin so are looked at.
BEGINNINGS = 300
# So many texts at once fit into the processor's own memory; so many tell how all are spread.
AT_ONCE = 32_768
SAMPLE = 40_000
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


@dataclass(frozen=True)
class Arrays:
    """What an index consists of; texts are numbered by their length."""

    texts: Strings
    words: Strings
    # Which texts hold a word, the first words of each text, and which words hold a pair.
    holders: Lists
    columns: Numbers
    pairs: Lists
    # Whom a text means.
    meant: Firsts
    # Where the texts of each length begin, and which texts do not have their words in order.
    of_length: Numbers
    mixed: Numbers
    # The bits of each text's letters and pairs.
    letter_signs: NDArray[np.uint32]
    pair_signs: NDArray[np.uint64]


class Index:
    """Texts with whom they mean, not to be changed."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.texts, self.meant = arrays.texts, arrays.meant
        self._words, self._holders = arrays.words, arrays.holders
        self._word_sizes = arrays.words.lengths.astype(np.float32) + np.float32(1)
        lengths = len(arrays.of_length) - 1
        self._sizes = np.repeat(np.arange(lengths, dtype=np.uint8), np.diff(arrays.of_length))
        # Where one question at a time counts.
        self._counts = np.zeros(len(arrays.texts), np.uint8)
        self._lock = threading.Lock()

    def nearest(self, typed: str, most: int) -> Found:
        """The texts nearest to what was typed (folded), best first."""
        with self._lock:
            candidates = self._promising(typed)
        if not len(candidates):
            return Found(candidates, np.empty(0, np.float32))
        texts = self.texts.several(candidates)
        scores = person_scores(typed, texts, self.arrays.mixed[candidates].tolist())
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
            numbers = [self._words.number_of(word) for word in group]
            groups.append([number for number in numbers if number is not None])
        if begun is not None:
            groups.append(list(self._words.starting(begun))[:BEGINNINGS])
        if not groups or not all(groups):
            return []
        texts: Numbers | None = None
        for numbers_of_group in groups:
            held = self._holders.of(numbers_of_group[0])
            if len(numbers_of_group) > 1:
                held = _distinct(self._holders.several(np.array(numbers_of_group)))
            # Both are sorted: the shorter is looked up in the longer.
            texts = held if texts is None else _in_both(texts, held)
        assert texts is not None
        # Their numbers are in the order of their lengths.
        found: list[int] = texts[:most].tolist()
        return found

    def _promising(self, typed: str) -> Numbers:
        """The texts that are worth a comparison."""
        shared, words = self._shared(typed)
        if len(typed) > SHORT or any(map(is_chinese, typed)):
            texts = self._by_words(typed, shared, words)
        else:
            texts = self._by_signs(typed)
        most = AS_NAMES if typed.count(" ") < 2 else AS_LONG_NAMES
        if len(texts) <= most:
            return texts
        letters, _ = signs.of_text(typed)
        total = np.bitwise_count(self.arrays.letter_signs[texts] & letters)
        by_column = shared[self.arrays.columns[texts]]
        for column in range(COLUMNS):
            total += by_column[:, column]
        promise = total / (self._sizes[texts] + np.float32(len(typed) + 1))
        best: Numbers = texts[np.argpartition(promise, -most)[-most:]]
        return best

    def _by_words(self, typed: str, shared: NDArray[np.uint8], words: Numbers) -> Numbers:
        """Texts that hold promising words."""
        if not len(words):
            return np.empty(0, np.int64)
        lengths = self._holders.lengths(words)
        most = 1 + int(np.searchsorted(np.cumsum(lengths), TEXTS_LOOKED_AT))
        words, lengths = words[:most], lengths[:most]
        texts = self._holders.several(words)
        np.add.at(self._counts, texts, np.repeat(shared[words], lengths))
        total = self._counts[texts]
        self._counts[texts] = 0
        if len(texts) > AT_FIRST:
            promise = total / (self._sizes[texts] + np.float32(len(typed) + 1))
            texts = texts[np.argpartition(promise, -AT_FIRST)[-AT_FIRST:]]
        return _distinct(texts)

    def _by_signs(self, typed: str) -> Numbers:
        """Texts of about the length that share many letters and pairs."""
        of_length = self.arrays.of_length
        shortest = min(int(0.4 * len(typed)), len(of_length) - 2)
        longest = min(int(2.4 * len(typed)) + 2, len(of_length) - 2)
        first, end = int(of_length[shortest]), int(of_length[longest + 1])
        if first == end:
            return np.empty(0, np.int64)
        counts = self._signs_in_common(typed, first, end)
        step = max(1, len(counts) // SAMPLE)
        promise = counts[::step] / (self._sizes[first:end:step] + np.float32(len(typed) + 1))
        kept = AT_FIRST // step
        least = np.partition(promise, -kept)[-kept] if len(promise) > kept else 0
        enough = np.zeros(len(counts), np.bool_)
        for length in range(shortest, longest + 1):
            part = slice(int(of_length[length]) - first, int(of_length[length + 1]) - first)
            needed = max(1, int(np.ceil(least * (length + len(typed) + 1) - 0.001)))
            np.greater_equal(counts[part], np.uint8(needed), out=enough[part])
        return np.flatnonzero(enough) + first

    def _signs_in_common(self, typed: str, first: int, end: int) -> NDArray[np.uint8]:
        letters, pairs = signs.of_text(typed)
        counts = np.empty(end - first, np.uint8)
        of_pairs = np.empty(AT_ONCE, np.uint8)
        narrow, wide = np.empty(AT_ONCE, np.uint32), np.empty(AT_ONCE, np.uint64)
        for start in range(first, end, AT_ONCE):
            stop = min(end, start + AT_ONCE)
            several = stop - start
            part = counts[start - first : stop - first]
            np.bitwise_and(self.arrays.letter_signs[start:stop], letters, out=narrow[:several])
            np.bitwise_count(narrow[:several], out=part)
            np.bitwise_and(self.arrays.pair_signs[start:stop], pairs, out=wide[:several])
            np.bitwise_count(wide[:several], out=of_pairs[:several])
            part += of_pairs[:several]
        return counts

    def _shared(self, typed: str) -> tuple[NDArray[np.uint8], Numbers]:
        """How many pairs each word shares with what was typed; the promising words, best first."""
        numbers: set[int] = set()
        chinese: list[int] = []
        for piece in pieces(typed):
            if is_chinese(piece[0]):
                number = self._words.number_of(piece)
                if number is not None:
                    chinese.append(number)
            else:
                numbers.update(pairs_of(piece))
        # One more than there are words: texts of fewer words than columns point there.
        shared = np.zeros(len(self._words) + 1, np.uint8)
        words = np.empty(0, np.int64)
        lists = sorted((self.arrays.pairs.of(number) for number in numbers), key=len)
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
        # The rarer of the characters first.
        chinese.sort(key=lambda number: len(self._holders.of(number)))
        shared[chinese] = 1
        return shared, np.concatenate([np.array(chinese, np.int64), words])


def _distinct(numbers: Numbers) -> Numbers:
    ordered = np.sort(numbers)
    found: Numbers = ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]
    return found


def _in_both(one: Numbers, other: Numbers) -> Numbers:
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    if not len(few):
        return few
    places = np.searchsorted(many, few)
    np.minimum(places, len(many) - 1, out=places)
    found: Numbers = few[many[places] == few]
    return found


def person_scores(typed: str, texts: Sequence[str], mixed: Sequence[bool]) -> NDArray[np.float32]:
    """How near each text is as a person's name, 0 to 100: also with its words in another order.

    `mixed` says which do not have their words in order.
    """
    scores: NDArray[np.float32] = process.cdist([typed], texts, scorer=ratio, dtype=np.float32)[0]
    in_their_order = [
        " ".join(sorted(text.split())) if is_mixed else text
        for text, is_mixed in zip(texts, mixed, strict=True)
    ]
    ordered = process.cdist([in_order(typed)], in_their_order, scorer=ratio, dtype=np.float32)[0]
    np.maximum(scores, ordered, out=scores)
    return scores
