"""Lists of numbers, one behind the other in a single array; and words kept in the same way."""

from dataclasses import dataclass
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
        lengths = self.lengths(numbers)
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1]) + np.repeat(self.starts[numbers] - (ends - lengths), lengths)
        found: Numbers = self.values[places]
        return found

    def lengths(self, numbers: Numbers) -> Numbers:
        """How long these lists are."""
        found: Numbers = self.starts[numbers + 1] - self.starts[numbers]
        return found


def collected(keys: Numbers, values: Numbers, lists: int) -> Lists:
    """The values by key, in the order in which they come."""
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(lists + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=lists), out=starts[1:])
    return Lists(starts, values[order])


@dataclass(frozen=True)
class Strings:
    """Many strings, sorted, as UTF-16 without its pairs: found by halving."""

    starts: Numbers
    letters: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        start, end = self.starts.item(number), self.starts.item(number + 1)
        return self.letters[start:end].tobytes().decode("utf-16-le")

    @property
    def lengths(self) -> Numbers:
        """How long each is."""
        return np.diff(self.starts)

    def table(self, numbers: Numbers, width: int) -> Numbers:
        """The first `width` letters of these strings, a string a column, with zeros below."""
        starts = self.starts[numbers]
        lengths = self.starts[numbers + 1] - starts
        width = min(width, int(lengths.max(initial=0)))
        rows = np.arange(width)[:, None]
        places = starts[None, :] + rows
        np.minimum(places, len(self.letters) - 1, out=places)
        found = self.letters[places]
        found[rows >= lengths[None, :]] = 0
        return found

    def place(self, text: str) -> int:
        """The number of the first string that is not before that one."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < text:
                low = middle + 1
            else:
                high = middle
        return low

    def number_of(self, text: str) -> int | None:
        """The number of a string, or None when it is not among them."""
        place = self.place(text)
        return place if place < len(self) and self[place] == text else None

    def starting(self, text: str) -> range:
        """The numbers of all strings that start so."""
        # Folded texts have no character beyond the sixteen bits, nor the last of those.
        return range(self.place(text), self.place(text + "\uffff"))


def strings_of(texts: list[str]) -> Strings:
    """Strings to be looked up; they must be sorted already."""
    starts = np.zeros(len(texts) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, texts), np.int32, len(texts)), out=starts[1:])
    letters = np.frombuffer("".join(texts).encode("utf-16-le"), np.uint16)
    return Strings(starts, letters)
