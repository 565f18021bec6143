"""Lists of numbers, one behind the other in a single array; and words kept in the same way."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Lists:
    """List number n is `values[starts[n]:starts[n + 1]]`."""

    starts: Numbers
    values: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, number: int) -> Numbers:
        """One of the lists."""
        found: Numbers = self.values[self.starts[number] : self.starts[number + 1]]
        return found

    def several(self, numbers: Numbers) -> Numbers:
        """What stands in these lists, one behind the other."""
        return self.parts(self.starts[numbers], self.lengths(numbers))

    def parts(self, starts: Numbers, lengths: Numbers) -> Numbers:
        """What stands from each of these places on, one behind the other."""
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1]) + np.repeat(starts - (ends - lengths), lengths)
        found: Numbers = self.values[places]
        return found

    def lengths(self, numbers: Numbers) -> Numbers:
        """How long these lists are."""
        found: Numbers = self.starts[numbers + 1] - self.starts[numbers]
        return found


@dataclass(frozen=True)
class Firsts:
    """Lists of at least one number, most of them of no more: the first ones in an array.

    `longer` are the lists that have more, in order, and `others` what follows there.
    """

    firsts: Numbers
    longer: Numbers
    others: Lists

    def of(self, number: int) -> Numbers:
        """One of the lists."""
        first: Numbers = self.firsts[number : number + 1]
        place = int(np.searchsorted(self.longer, number))
        if place == len(self.longer) or self.longer[place] != number:
            return first
        return np.concatenate([first, self.others.of(place)])


def firsts_of(lists: list[list[int]], kind: type) -> Firsts:
    """The same, from lists of Python's own."""
    longer = [number for number, each in enumerate(lists) if len(each) > 1]
    return Firsts(
        np.fromiter((each[0] for each in lists), kind, len(lists)),
        np.array(longer, np.int32),
        lists_of([lists[number][1:] for number in longer], kind),
    )


def collected(keys: Numbers, values: Numbers, lists: int) -> Lists:
    """The values by key, in the order in which they come."""
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(lists + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=lists), out=starts[1:])
    return Lists(starts, values[order])


def lists_of(lists: list[list[int]], kind: type) -> Lists:
    """The same, from lists of Python's own."""
    starts = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(each) for each in lists], out=starts[1:])
    return Lists(starts, np.fromiter((x for each in lists for x in each), kind))


@dataclass(frozen=True)
class Strings:
    """Many strings without line breaks, as UTF-8."""

    starts: Numbers
    letters: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        return self._all[self.starts.item(number) : self.starts.item(number + 1)].decode()

    # A slice of bytes costs a tenth of what a slice of an array does.
    @cached_property
    def _all(self) -> bytes:
        return self.letters.tobytes()

    @property
    def lengths(self) -> Numbers:
        """How many bytes each takes."""
        return np.diff(self.starts)

    def several(self, numbers: Numbers) -> list[str]:
        """These strings: decoded together, and not one by one."""
        whole = self._all
        starts, ends = self.starts[numbers].tolist(), self.starts[numbers + 1].tolist()
        found = b"\n".join([whole[s:e] for s, e in zip(starts, ends, strict=True)])
        return found.decode().split("\n") if starts else []

    def place(self, text: str) -> int:
        """The number of the first string that is not before that one; they must be sorted."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < text:
                low = middle + 1
            else:
                high = middle
        return low

    def number_of(self, text: str) -> int | None:
        """The number of a string, or None when it is not among them; they must be sorted."""
        place = self.place(text)
        return place if place < len(self) and self[place] == text else None

    def starting(self, text: str) -> range:
        """The numbers of all strings that start so; they must be sorted."""
        # Folded texts have no character beyond the sixteen bits, nor the last of those.
        return range(self.place(text), self.place(text + "\uffff"))


def strings_of(texts: list[str]) -> Strings:
    """These strings, in this order."""
    encoded = [text.encode() for text in texts]
    starts = np.zeros(len(texts) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, encoded), np.int32, len(texts)), out=starts[1:])
    return Strings(starts, np.frombuffer(b"".join(encoded), np.uint8))
