"""Who shares a key, found on disk: the memory stays the same however many people there are.

Keys are set aside in parts by their hash, so that those who share one lie together; the pairs in
parts by the first of the two, so that they come out in order and each once. A part fits into the
memory: sixteen bytes a key, a sixty-fourth of all of them.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np

from storage.doubles.blocking import KINDS

Numbers = np.ndarray[Any, np.dtype[np.uint64]]

PARTS = 64
# Of whom so many share a key, all are paired with each other, by kind (see `KINDS`); of more only
# neighbours, and nobody where a key says little: a thousand who are called Li and born in May.
BLOCKS = (12, 12, 12, 6, 4, 6)
NEIGHBOURS = (2, 2, 2, 0, 0, 0)
# Up to so many bytes nothing is written to the disk; so many numbers of a part are written at once.
_IN_MEMORY = 8 << 20
_AT_ONCE = 8192
_LOW = np.uint64(2**32 - 1)
_HIGH = np.uint64(32)


class SetAside:
    """Numbers of 64 bits in parts on disk; each part comes back whole, as they were added.

    Raises OSError where the disk is full.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed below
        self._waiting = [array("Q") for _ in range(PARTS)]
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(PARTS)]

    def add(self, part: int, numbers: Iterable[int]) -> None:
        """Put numbers behind those of a part."""
        waiting = self._waiting[part]
        waiting.extend(numbers)
        if len(waiting) >= _AT_ONCE:
            raw = waiting.tobytes()
            self._written[part].append((self._file.seek(0, 2), len(raw)))
            self._file.write(raw)
            del waiting[:]

    def take(self, part: int) -> Numbers:
        """All numbers of a part."""
        pieces = [self._read(*where) for where in self._written[part]]
        return np.frombuffer(b"".join((*pieces, self._waiting[part].tobytes())), np.uint64)

    def _read(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        return self._file.read(length)

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()


class Pairing:
    """Takes the keys of people, in the order of their ids, and gives the pairs that share one.

    Up to 2**32 people; inside they go by their number, so that two of them fit into one. All that
    is kept of each in memory is the id, eight bytes.
    """

    def __init__(self) -> None:
        self._keys = SetAside()
        self._pairs = SetAside()
        self._ids = array("q")

    def add(self, id: int, keys: Iterable[tuple[int, int]]) -> None:
        """The keys of a person: kind and hash."""
        number = len(self._ids)
        self._ids.append(id)
        for kind, key in keys:
            self._keys.add(key % PARTS, (key, kind << 32 | number))

    def pairs(self, since: int = 0) -> Iterator[list[tuple[int, int]]]:
        """Those who share a key and of whom the younger came after `since`.

        Each pair once and the lower id first, in the order of their ids, in lists of any length.
        """
        older = np.uint64(bisect_right(self._ids, since))
        for part in range(PARTS):
            for found in _sharing(self._keys.take(part)):
                self._set_aside(found[(found & _LOW) >= older])
        ids = np.frombuffer(self._ids, np.int64)
        for part in range(PARTS):
            found = np.unique(self._pairs.take(part))
            first, second = ids[found >> _HIGH], ids[found & _LOW]
            yield list(zip(first.tolist(), second.tolist(), strict=True))

    def _set_aside(self, pairs: Numbers) -> None:
        pairs = np.unique(pairs)
        width = np.uint64(len(self._ids) // PARTS + 1)
        parts = (pairs >> _HIGH) // width
        # They are in order, and so are their parts.
        ends = np.searchsorted(parts, np.arange(PARTS + 1))
        for part in np.unique(parts).tolist():
            self._pairs.add(part, pairs[ends[part] : ends[part + 1]].tolist())

    def close(self) -> None:
        """Give the disk back."""
        self._keys.close()
        self._pairs.close()


def _sharing(entries: Numbers) -> Iterator[Numbers]:
    """Of keys and owners in turns the pairs of owners, packed into one number, lower id first."""
    keys, owners = entries[::2], entries[1::2]
    for kind, (block, neighbours) in enumerate(zip(BLOCKS, NEIGHBOURS, strict=True)):
        chosen = owners >> _HIGH == kind
        order = np.argsort(keys[chosen], kind="stable")
        keys_sorted, owners_sorted = keys[chosen][order], owners[chosen][order] & _LOW
        sizes = _sizes(keys_sorted)
        for apart in range(1, block):
            same = keys_sorted[apart:] == keys_sorted[:-apart]
            if apart > neighbours:
                same &= sizes[apart:] <= block
            a, b = owners_sorted[:-apart][same], owners_sorted[apart:][same]
            low, high = np.minimum(a, b), np.maximum(a, b)
            yield ((low << _HIGH) | high)[low != high]


def _sizes(keys_sorted: Numbers) -> Any:
    """For each key, how many there are of it."""
    starts = np.flatnonzero(np.diff(keys_sorted, prepend=~keys_sorted[:1]))
    lengths = np.diff(starts, append=len(keys_sorted))
    return np.repeat(lengths, lengths)


assert len(BLOCKS) == len(NEIGHBOURS) == len(KINDS)
