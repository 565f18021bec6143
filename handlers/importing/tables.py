"""Tables in plain text: CSV with any of the usual marks between cells, broken rows and all.

Python's own reader does the work. Around it stands what the world needs: a quotation mark that is
never closed costs its own line and not the rest of the file, and a line of a gigabyte is passed by.
"""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from handlers.importing.rows import Row

MARKS = ",;\t|"
LONGEST_LINE = 1_000_000
# A cell with more lines than that is a quotation mark that was not closed.
MOST_LINES = 1000
MOST_CELLS = 1000


def mark_between_cells(path: Path, encoding: str) -> str:
    """The mark that cuts the first lines into the most even rows."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(65536)
    if head.lower().startswith("sep=") and len(head) > 4 and head[4] in MARKS:
        return head[4]
    best, found = 0.0, ","
    for mark in MARKS:
        widths = [len(row) for row in _first_rows(head, mark) if row]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        evenness = widths.count(usual) / len(widths)
        score = evenness * min(usual, 12) if usual > 1 else 0.0
        if score > best:
            best, found = score, mark
    return found


def _first_rows(head: str, mark: str) -> list[list[str]]:
    lines = head.splitlines(keepends=True)
    # The last line of the sample may be half a line.
    whole = lines[:-1] if len(lines) > 1 and len(head) >= 65536 else lines
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(whole[:100], delimiter=mark))
    except csv.Error:
        return rows
    return rows


class _PassedBy(str):
    """The beginning of a line that is too long to be read whole."""

    __slots__ = ()


class _TooLong(Exception):
    """A line was passed by; the row that it is in cannot be had."""


class _Lines:
    """The lines of a file, with those that belong to the row that is being read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        # The number of the last line handed out, and the lines since the last row.
        self.number = 0
        self.pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) >= LONGEST_LINE and not line.endswith("\n"):
            self._pass_by()
            line = _PassedBy(line[:200])
        if isinstance(line, _PassedBy):
            self.pending.append(line)
            raise _TooLong
        if "\0" in line:
            # Some programs end each value with one.
            line = line.replace("\0", "")
        self.pending.append(line)
        if len(self.pending) > MOST_LINES:
            raise _NotClosed
        return line

    def _pass_by(self) -> None:
        while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
            pass

    def give_back(self) -> str:
        """Hand out again all pending lines but the first, which is returned."""
        first, *rest = self.pending
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.pending = []
        return first


class _NotClosed(Exception):
    """A quotation mark was opened, and the file goes on and on."""


def rows_of(path: Path, encoding: str, mark: str) -> Iterator[Row]:
    """Every row with the number of its first line; empty ones are left out."""
    csv.field_size_limit(LONGEST_LINE * 2)
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=mark, strict=True)
        is_first = True
        while True:
            before = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _TooLong:
                # What stands between an open mark and the long line is read again without it.
                is_alone = len(lines.pending) == 1
                start = lines.give_back().rstrip("\r\n")[:200]
                wrong_with = "import.line_too_long" if is_alone else "import.not_closed"
                yield Row(before, [start], problem=wrong_with)
                reader = csv.reader(lines, delimiter=mark, strict=True)
                continue
            except (csv.Error, _NotClosed) as wrong:
                yield from _mended(lines, before, mark, wrong)
                reader = csv.reader(lines, delimiter=mark, strict=True)
                continue
            lines.pending.clear()
            if is_first and len(cells) <= 2 and cells and cells[0].lower().startswith("sep="):
                # Excel's own line about the mark.
                continue
            is_first = False
            if any(cells):
                yield _checked(before, cells)


def _checked(line: int, cells: list[str]) -> Row:
    if len(cells) > MOST_CELLS:
        return Row(line, cells[:20], problem="import.too_many_cells")
    return Row(line, cells)


def _mended(lines: _Lines, line: int, mark: str, wrong: Exception) -> Iterator[Row]:
    """What can be had of a row that breaks the rules."""
    block = lines.pending
    closed = isinstance(wrong, csv.Error) and "unexpected end" not in str(wrong)
    if closed and len(block) == 1:
        # A mark inside a cell that was not doubled: the lenient reading is what was meant.
        lines.pending = []
        for cells in csv.reader(block, delimiter=mark):
            if any(cells):
                yield _checked(line, cells)
        return
    if not block:
        return
    first = lines.give_back()
    yield Row(line, [first.rstrip("\r\n")[:500]], problem="import.not_closed")
