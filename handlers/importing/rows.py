"""What every reader yields: a row with its line, or what is wrong with it."""

from typing import NamedTuple


class Row(NamedTuple):
    """One row of a table, or one card.

    `cells` are as they stand in the file. `pairs` are fields with their texts, where the file
    itself says what is what (a vCard). `problem` is the key of a text: then nothing else counts
    but `cells`, as far as they could be read.
    """

    line: int
    cells: list[str]
    pairs: list[tuple[str, str]] | None = None
    problem: str = ""


class Unreadable(Exception):
    """The whole file cannot be read; the message is the key of a text."""
