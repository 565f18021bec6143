"""A file is opened: what kind it is by its content, and its rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from handlers.importing import columns, tables, vcards, workbooks
from handlers.importing.encodings import encoding_of
from handlers.importing.rows import Row, Unreadable

CSV, XLSX, VCARD = "csv", "xlsx", "vcard"
ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".vcf", ".vcard")
_MARKUP = (
    *(b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<?xml", b"<!--"),
    *(b"%pdf", b"{\\rtf", b'{"', b"[{", b"mime-version:"),
)
# How a workbook names the part that holds it when it is locked.
_LOCKED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Source:
    """A file, and how it is to be read; its header is the first row unless there is none."""

    path: Path
    kind: str
    encoding: str = ""
    mark: str = ""
    sheet: str = ""
    # The line of the header and its cells; line 0 where the first row is a customer already.
    header: tuple[str, ...] = ()
    header_line: int = 0

    def rows(self) -> Iterator[Row]:
        """Every row below the header, and every card."""
        for row in self._all():
            if row.line > self.header_line:
                yield row

    def _all(self) -> Iterator[Row]:
        if self.kind == VCARD:
            return vcards.rows_of(self.path)
        if self.kind == XLSX:
            return workbooks.rows_of(self.path, self.sheet)
        return tables.rows_of(self.path, self.encoding, self.mark)

    def below(self, row: Row | None) -> "Source":
        """The same with that row as its header; None when there is no header."""
        if row is None:
            return replace(self, header=(), header_line=0)
        return replace(self, header=tuple(row.cells), header_line=row.line)

    def first_rows(self, count: int) -> list[Row]:
        """The first rows of all."""
        found = []
        for row in self._all():
            found.append(row)
            if len(found) == count:
                break
        return found


def opened(path: Path, encoding: str = "", mark: str = "", sheet: str = "") -> Source:
    """The file as a source, its header not yet found. Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Unreadable("import.empty")
    if head.startswith(b"PK\x03\x04"):
        workbooks.check(path)
        return Source(path, XLSX, sheet=sheet or _sheet_of_people(path))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("import.not_a_workbook" if _is_locked(path) else "import.old_workbook")
    signs = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if signs.startswith(_MARKUP) or re.match(rb"[\[{]\s+[\"{\[]", signs):
        raise Unreadable("import.not_a_table")
    encoding = encoding or encoding_of(path)
    try:
        start = head.decode(encoding.removesuffix("-sig"), "ignore")
    except LookupError:
        raise Unreadable("import.no_encoding") from None
    if "BEGIN:VCARD" in start.upper().replace(" ", ""):
        return Source(path, VCARD)
    if not encoding.startswith(("utf-16", "utf-32")) and _is_no_text(head, encoding):
        raise Unreadable("import.not_a_table")
    return Source(path, CSV, encoding, mark or tables.mark_between_cells(path, encoding))


def _sheet_of_people(path: Path) -> str:
    """The first sheet with headings that are known; "" when the first that holds anything is it."""
    for name, rows in workbooks.beginnings(path, columns.MOST_TITLES):
        if any(columns.known_in(row) > 1 for row in rows):
            return name
    return ""


def _is_locked(path: Path) -> bool:
    """Whether it is a workbook of the new kind behind a password: the list of its parts says so."""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if _LOCKED in piece:
                return True
    return False


def _is_no_text(head: bytes, encoding: str) -> bool:
    """Whether there is more than a stray nought: in a file that is UTF-8 otherwise, some are."""
    noughts = head.count(0)
    return noughts * 20 > len(head) or (noughts > 0 and not encoding.startswith("utf-8"))
