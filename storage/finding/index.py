"""The index: which of a million texts come nearest to what was typed.

What was typed shares letters, and pairs of letters, with the texts. A text is promising when it
shares many for its length; the most promising are compared with what was typed as persons' names.
What is long is looked for by the words that are like its words. What is short has too few pairs
for that, and is held against every text of about its length instead.
"""

import threading
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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
# Shorter than this is hardly any name: whoever types a letter or two is near none.
SHORTEST = 12
# How many places in lists of words, and in lists of texts, are looked at: the rarest and the most
# promising come first.
WORDS_LOOKED_AT = 200_000
TEXTS_LOOKED_AT = 40_000
# Of a word that very many hold, so many texts of about the length are looked at.
OF_A_WORD = 12_000
# How many words may be promising, and how many texts at first sight (by words, by letters) and at
# the second. Where so many times more words share three pairs than may be promising, those that
# share two are none.
WORDS = 800
MANY_WORDS = 4 * WORDS
AT_FIRST = 7_000
AT_FIRST_BY_SIGNS = 6_000
AS_NAMES = 700
AS_LONG_NAMES = 1_100
# How many texts that hold the rarest of all words typed are looked at, and how many at once; and
# of many words that begin so, how many common ones.
HOLDERS, HOLDERS_AT_ONCE, COMMON = 40_000, 4_000, 8
# Words of a text that count for how promising it is.
COLUMNS = 3
# How many words that begin so are looked at.
BEGINNINGS = 300
# So many texts at once fit into the processor's own memory; so many tell how all are spread.
AT_ONCE = 32_768
SAMPLE = 40_000
_FLOAT = np.float32
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
        scores = self._scores(typed, candidates, most)
        order = np.lexsort((candidates, -scores))[:most]
        return Found(candidates[order], scores[order])

    def _scores(self, typed: str, candidates: Numbers, most: int) -> NDArray[np.float32]:
        """How near each is as a person's name; exact for those that may be among so many."""
        texts = self.texts.several(candidates)
        scores: NDArray[np.float32] = process.cdist([typed], texts, scorer=ratio, dtype=_FLOAT)[0]
        if len(scores) > most:
            # In another order only what has enough letters in common can come nearer than these.
            least = np.partition(scores, -most)[-most]
            may = self._at_most(typed, candidates) >= least
        else:
            may = np.ones(len(scores), np.bool_)
        mixed = self.arrays.mixed[candidates]
        again = np.flatnonzero(may & mixed)
        self._score_anew(typed, scores, again, [in_order(texts[place]) for place in again.tolist()])
        if typed != in_order(typed):
            # Those that have their words in order have it both ways.
            again = np.flatnonzero(may & ~mixed)
            self._score_anew(typed, scores, again, [texts[place] for place in again.tolist()])
        return scores

    @staticmethod
    def _score_anew(
        typed: str, scores: NDArray[np.float32], places: Numbers, ordered: list[str]
    ) -> None:
        """Take how near some are with the words of both in order, where that is nearer."""
        again = process.cdist([in_order(typed)], ordered, scorer=ratio, dtype=_FLOAT)[0]
        scores[places] = np.maximum(scores[places], again)

    def _at_most(self, typed: str, texts: Numbers) -> NDArray[np.float32]:
        """How near each can be at most, whatever the order of its words."""
        letters, _ = signs.of_text(typed)
        theirs = self.arrays.letter_signs[texts]
        # Whoever of both has a letter alone must lose it.
        alone = np.bitwise_count(theirs ^ letters)
        lengths = self._sizes[texts] + np.float32(len(typed))
        found: NDArray[np.float32] = np.float32(100.01) - np.float32(100) * alone / lengths
        return found

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
        for named in words:
            numbers = [self._words.number_of(word) for word in named]
            groups.append([number for number in numbers if number is not None])
        if begun is not None:
            groups.append(list(self._words.starting(begun))[:BEGINNINGS])
        if not groups or not all(groups):
            return []
        sized = [(int(self._holders.lengths(np.array(group)).sum()), group) for group in groups]
        (_, first), *others = sorted(sized)
        # Their numbers are in the order of their lengths, and so each list has the shortest first.
        found: list[int] = []
        if not others:
            found += self._union(first, most)[:most].tolist()
            return found
        held = self._union(first, HOLDERS)[:HOLDERS]
        for start in range(0, len(held), HOLDERS_AT_ONCE):
            part = held[start : start + HOLDERS_AT_ONCE]
            for _, group in others:
                part = self._among(part, group)
            found += part[:most].tolist()
            if len(found) >= most:
                break
        return found[:most]

    def _union(self, words: list[int], most: int) -> Numbers:
        """The texts that hold one of these words, so many of each."""
        if len(words) == 1:
            return self._holders.of(words[0])
        numbers = np.array(words)
        lengths = np.minimum(self._holders.lengths(numbers), most)
        return _distinct(self._holders.parts(self._holders.starts[numbers], lengths))

    def _among(self, texts: Numbers, words: list[int]) -> Numbers:
        """Which of these texts hold one of the words; of very many words not all are looked at."""
        if len(words) == 1 or not len(texts):
            return _in_both(texts, self._holders.of(words[0])) if words else texts
        numbers = np.array(words)
        lengths = self._holders.lengths(numbers)
        numbers = numbers[np.argsort(lengths)]
        few = int(np.searchsorted(np.cumsum(np.sort(lengths)), HOLDERS))
        found = [_in_both(texts, self._holders.of(int(n))) for n in numbers[few:][-COMMON:]]
        if few:
            found.append(_in_both(texts, _distinct(self._holders.several(numbers[:few]))))
        return _distinct(np.concatenate(found))

    def _promising(self, typed: str) -> Numbers:
        """The texts that are worth a comparison."""
        shared, chinese = self._shared(typed)
        if len(typed) > SHORT or any(map(is_chinese, typed)):
            words = np.concatenate([chinese, self._promising_words(shared)])
            shared[chinese] = 1
            texts, counted = self._by_words(typed, shared, words)
        else:
            texts, counted = self._by_signs(typed), None
        most = AS_NAMES if typed.count(" ") < 2 else AS_LONG_NAMES
        if len(texts) <= most:
            return texts
        promise = self._promise(typed, texts, shared, counted)
        best: Numbers = texts[np.argpartition(promise, -most)[-most:]]
        return best

    def _promise(
        self,
        typed: str,
        texts: Numbers,
        shared: NDArray[np.uint8],
        counted: NDArray[np.uint8] | None,
    ) -> NDArray[np.float32]:
        """How promising each is: the parts of pairs and letters that both have, and of words."""
        letters, pairs = signs.of_text(typed)
        held = self.arrays.columns[texts]
        by_words = shared[held[:, 0]]
        for column in range(1, COLUMNS):
            by_words += shared[held[:, column]]
        # A text whose words were not all looked at has been counted too low, and one with many
        # words has not all of them in columns.
        by_words += by_words if counted is None else counted
        promise = by_words / (self._sizes[texts] + np.float32(len(typed) + 1))
        promise += _alike(self.arrays.pair_signs[texts], pairs)
        promise += _alike(self.arrays.letter_signs[texts], letters)
        return promise

    def _by_words(
        self, typed: str, shared: NDArray[np.uint8], words: Numbers
    ) -> tuple[Numbers, NDArray[np.uint8]]:
        """Texts that hold promising words, and how much of these words was typed."""
        if not len(words):
            return np.empty(0, np.int64), np.empty(0, np.uint8)
        starts, lengths = self._near_in_length(typed, words)
        most = 1 + int(np.searchsorted(np.cumsum(lengths), TEXTS_LOOKED_AT))
        words, lengths = words[:most], lengths[:most]
        texts = self._holders.parts(starts[:most], lengths)
        np.add.at(self._counts, texts, np.repeat(shared[words], lengths))
        if len(texts) > AT_FIRST:
            promise = self._counts[texts] / (self._sizes[texts] + np.float32(len(typed) + 1))
            best = texts[np.argpartition(promise, -AT_FIRST)[-AT_FIRST:]]
        else:
            best = texts
        best = _distinct(best)
        counted = self._counts[best]
        self._counts[texts] = 0
        return best, counted

    def _near_in_length(self, typed: str, words: Numbers) -> tuple[Numbers, Numbers]:
        """Where the texts of each word begin, and how many: of a common word not all of them."""
        starts, lengths = self._holders.starts[words], self._holders.lengths(words)
        as_long = self.arrays.of_length[min(len(typed), len(self.arrays.of_length) - 1)]
        for place in np.flatnonzero(lengths > OF_A_WORD).tolist():
            # Texts are numbered by their length. Longer ones may hold what was typed, and more.
            shorter = int(np.searchsorted(self._holders.of(int(words[place])), as_long))
            skipped = min(max(0, shorter - OF_A_WORD // 2), int(lengths[place]) - OF_A_WORD)
            starts[place] += skipped
            lengths[place] = OF_A_WORD
        return starts, lengths

    def _by_signs(self, typed: str) -> Numbers:
        """Texts of about the length that share many letters and pairs."""
        of_length = self.arrays.of_length
        shortest = min(int(0.5 * len(typed)), len(of_length) - 2)
        longest = min(max(int(1.5 * len(typed)) + 4, SHORTEST), len(of_length) - 2)
        first, end = int(of_length[shortest]), int(of_length[longest + 1])
        if first == end:
            return np.empty(0, np.int64)
        counts = self._signs_in_common(typed, first, end)
        step = max(1, len(counts) // SAMPLE)
        promise = counts[::step] / (self._sizes[first:end:step] + np.float32(len(typed) + 1))
        kept = AT_FIRST_BY_SIGNS // step
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
        """How many pairs each word shares with what was typed; and its Chinese characters."""
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
        lists = sorted((self.arrays.pairs.of(number) for number in numbers), key=len)
        if lists:
            sizes = np.cumsum([len(each) for each in lists])
            lists = lists[: max(2, int(np.searchsorted(sizes, WORDS_LOOKED_AT)))]
            counted = np.bincount(np.concatenate(lists), minlength=len(shared))
            shared = counted.astype(np.uint8)
        # The rarer of the characters first.
        chinese.sort(key=lambda number: len(self._holders.of(number)))
        return shared, np.array(chinese, np.int64)

    def _promising_words(self, shared: NDArray[np.uint8]) -> Numbers:
        """The words that share most for their length, best first."""
        few = np.flatnonzero(shared > 2)
        if len(few) < MANY_WORDS:
            few = np.flatnonzero(shared > 1)
        # A long word that is half there says more than a short one.
        weight = _ROOTS[shared[few]] / self._word_sizes[few]
        if len(few) > WORDS:
            best = np.argpartition(weight, -WORDS)[-WORDS:]
            few, weight = few[best], weight[best]
        found: Numbers = few[np.argsort(-weight)]
        return found


def _alike(theirs: NDArray[Any], typed: np.unsignedinteger[Any]) -> NDArray[np.float32]:
    """How many of the bits of both are common to them, 0 to 1."""
    common = np.bitwise_count(theirs & typed)
    of_both = np.bitwise_count(theirs) + np.bitwise_count(typed)
    found: NDArray[np.float32] = np.divide(common, of_both, dtype=np.float32)
    found += found
    return found


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
