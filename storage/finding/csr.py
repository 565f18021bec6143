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
    """Many strings, sorted by their bytes: found by halving."""

    starts: Numbers
    # UTF-8.
    content: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        return self._bytes(number).decode()

    def _bytes(self, number: int) -> bytes:
        start, end = self.starts.item(number), self.starts.item(number + 1)
        return self.content[start:end].tobytes()

    def several(self, numbers: Numbers) -> list[str]:
        """The strings with these numbers."""
        content = memoryview(self.content)
        starts = self.starts[numbers].tolist()
        ends = self.starts[numbers + 1].tolist()
        return [
            str(content[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)
        ]

    def place(self, text: bytes) -> int:
        """The number of the first string that is not before that one."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < text:
                low = middle + 1
            else:
                high = middle
        return low

    def number_of(self, text: str) -> int | None:
        """The number of a string, or None when it is not among them."""
        sought = text.encode()
        place = self.place(sought)
        return place if place < len(self) and self._bytes(place) == sought else None

    def starting(self, text: str) -> range:
        """The numbers of all strings that start so."""
        sought = text.encode()
        # No byte of UTF-8 is 255.
        return range(self.place(sought), self.place(sought + b"\xff"))


def strings_of(texts: list[str]) -> Strings:
    """Strings to be looked up; they must be sorted already, by their bytes."""
    encoded = [text.encode() for text in texts]
    starts = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, encoded), np.int32, len(encoded)), out=starts[1:])
    return Strings(starts, np.frombuffer(b"".join(encoded), np.uint8))
