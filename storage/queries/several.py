"""Asking about several records by their ids, with statements that are compiled once.

A statement with a list in it is another one for each length of the list. So there are a few
lengths, and the last id stands for the places that are left.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import bindparam

from storage import work

# For the options of each of them: to compile one takes as long as to ask it a hundred times, so it
# is prepared when it is asked first.
KEPT = {work.KEPT: True}
SIZES = (4, 20, 50, 100, 260, 1024)


def places(size: int) -> list[Any]:
    """What stands in the statement for so many ids."""
    return [bindparam(f"id_{number}") for number in range(size)]


def in_parts(ids: Collection[int]) -> Iterator[tuple[int, dict[str, int]]]:
    """The size of the statement to ask with, and its values, for one part of the ids at a time."""
    every = list(ids)
    for at in range(0, len(every), SIZES[-1]):
        some = every[at : at + SIZES[-1]]
        size = next(each for each in SIZES if each >= len(some))
        some += some[-1:] * (size - len(some))
        yield size, {f"id_{number}": id for number, id in enumerate(some)}
