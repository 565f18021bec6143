"""Workbooks of Excel, read row by row: the first sheet that holds anything, or the one told."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from handlers.importing.rows import Row, Unreadable

# A workbook is a packed archive: what it says it unpacks to is asked before it is unpacked.
LARGEST_UNPACKED = 2 << 30
LARGEST_RATIO = 200
MOST_COLUMNS = 1000
_NOUGHTS = re.compile("0{2,15}")
# What a broken archive, XML that ends in the middle or a wrong number make the library raise.
BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError),
    *(RuntimeError, SyntaxError, zipfile.BadZipFile, zlib.error),
)


def check(path: Path) -> None:
    """Raise Unreadable for what is no workbook, or would fill the memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            is_book = any(part.filename == "[Content_Types].xml" for part in parts)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("import.not_a_workbook") from None
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > LARGEST_UNPACKED or (unpacked > 1 << 24 and unpacked / packed > LARGEST_RATIO):
        raise Unreadable("import.too_large")
    if not is_book:
        raise Unreadable("import.not_a_table")


def rows_of(path: Path, sheet: str = "") -> Iterator[Row]:
    """Every row of a sheet that holds anything, with its number. Raises Unreadable."""
    # Opened by ourselves: openpyxl goes by a path's ending, and a file may be called anyhow.
    with path.open("rb") as file:
        book = _opened(path, file)
        try:
            if sheet and sheet not in book.sheetnames:
                raise Unreadable("import.no_sheet")
            for name in [sheet] if sheet else list(book.sheetnames):
                found = False
                for row in _rows(book[name]):
                    found = True
                    yield row
                if found:
                    return
        finally:
            book.close()


def beginnings(path: Path, count: int) -> Iterator[tuple[str, list[Row]]]:
    """Each sheet with its first rows. Raises Unreadable."""
    with path.open("rb") as file:
        book = _opened(path, file)
        try:
            for name in book.sheetnames:
                yield name, list(islice(_rows(book[name]), count))
        finally:
            book.close()


def _opened(path: Path, file: BinaryIO) -> Any:
    import openpyxl

    check(path)
    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=True)
    except BROKEN as broken:
        raise Unreadable("import.not_a_workbook") from broken


def _rows(sheet: Any) -> Iterator[Row]:
    if not hasattr(sheet, "iter_rows"):
        # A sheet that is one chart.
        return
    # Some programs write that a sheet is one cell large, and openpyxl believes them.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS)
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
            cells = [_shown(cell) for cell in row]
        except StopIteration:
            return
        except BROKEN as broken:
            yield Row(number, [type(broken).__name__], problem="import.broken_sheet")
            return
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Row(number, cells)


def _shown(cell: Any) -> str:
    """A cell as it looks, as far as that changes what it says."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        style = cell.number_format
        if _NOUGHTS.fullmatch(style) and value == int(value):
            # A postcode or a number that begins with noughts.
            return f"{int(value):0{len(style)}}"
        if style.endswith("%"):
            return f"{as_text(round(value * 100, 10))}%"
    return as_text(value)


def as_text(value: Any) -> str:
    """A cell as somebody would have typed it: no 4.91701E+11, no midnight behind a date."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
