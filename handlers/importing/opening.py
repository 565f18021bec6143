"""A file is opened: what kind it is by its content, and its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from handlers.importing import tables, vcards, workbooks
from handlers.importing.encodings import encoding_of
from handlers.importing.rows import Row, Unreadable

CSV, XLSX, VCARD = "csv", "xlsx", "vcard"
ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".vcf", ".vcard")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"%pdf", b"{\\rtf")


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
        return Source(path, XLSX, sheet=sheet)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("import.old_workbook")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
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


def _is_no_text(head: bytes, encoding: str) -> bool:
    """Whether there is more than a stray nought: in a file that is UTF-8 otherwise, some are."""
    noughts = head.count(0)
    return noughts * 20 > len(head) or (noughts > 0 and not encoding.startswith("utf-8"))
