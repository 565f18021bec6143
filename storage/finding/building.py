"""How the index of names is made of a million texts."""

from collections.abc import Iterable

import numpy as np

from storage.finding import signs
from storage.finding.folding import LONGEST_TEXT, pieces
from storage.finding.index import COLUMNS, PAIRS, Arrays, Index, pairs_of
from storage.finding.judging import in_order
from storage.finding.lists import Lists, Numbers, collected, firsts_of, lists_of, strings_of
from storage.finding.pinyin import is_chinese


def built(entries: Iterable[tuple[str, int]]) -> Index:
    """The index of texts (folded) with whom each means."""
    by_text: dict[str, list[int]] = {}
    for text, whom in entries:
        by_text.setdefault(text, []).append(whom)
    texts = sorted(by_text, key=lambda text: (len(text), text))
    words, held = _words_of(texts)
    holding = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(held.starts))
    letters, pairs = signs.of_words(words)
    lengths = np.fromiter(map(len, texts), np.int32, len(texts))
    return Index(
        Arrays(
            texts=strings_of(texts),
            words=strings_of(words),
            holders=collected(held.values, holding, len(words)),
            columns=_columns(held, len(words)),
            pairs=_pairs(words),
            meant=firsts_of([by_text[text] for text in texts], np.int64),
            of_length=np.searchsorted(lengths, np.arange(LONGEST_TEXT + 2)).astype(np.int32),
            mixed=np.array([" " in text and text != in_order(text) for text in texts], np.bool_),
            letter_signs=_all_of(letters, held),
            pair_signs=_all_of(pairs, held),
        )
    )


def _words_of(texts: list[str]) -> tuple[list[str], Lists]:
    """All words, sorted; and which of them each text holds."""
    numbers: dict[str, int] = {}
    words_in: list[list[int]] = []
    for text in texts:
        found = dict.fromkeys(pieces(text))
        words_in.append([numbers.setdefault(piece, len(numbers)) for piece in found])
    words = sorted(numbers)
    places = np.empty(len(words), np.int32)
    places[[numbers[word] for word in words]] = np.arange(len(words), dtype=np.int32)
    held = lists_of(words_in, np.int32)
    return words, Lists(held.starts, places[held.values])


def _all_of(signs_of_words: Numbers, held: Lists) -> Numbers:
    """The signs of all words of each text together."""
    if not len(held):
        return signs_of_words
    # Every text holds a word at least.
    found: Numbers = np.bitwise_or.reduceat(signs_of_words[held.values], held.starts[:-1])
    return found


def _columns(held: Lists, nobody: int) -> Numbers:
    """The first words of each text; where there are fewer, one that nobody holds."""
    columns = np.full((len(held), COLUMNS), nobody, np.int32)
    for number in range(COLUMNS):
        there = np.flatnonzero(np.diff(held.starts) > number)
        columns[there, number] = held.values[held.starts[there] + number]
    return columns


def _pairs(words: list[str]) -> Lists:
    lists = [[] if is_chinese(word[0]) else list(set(pairs_of(word))) for word in words]
    of = lists_of(lists, np.int32)
    holding = np.repeat(np.arange(len(words), dtype=np.int32), np.diff(of.starts))
    return collected(of.values, holding, PAIRS)
