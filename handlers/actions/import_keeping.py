"""How long is kept what imports tell of people: the rows as they stood in the file, the preview."""

import json
import re
from collections.abc import Iterable
from datetime import timedelta

from handlers.actions import imports as carried_out
from handlers.actions.access import Permission, action
from storage.finding.pinyin import is_chinese
from storage.queries import imports
from storage.records import Erasure, Import
from storage.work import Work

# For so long an import can be undone whole, and its problems looked up.
KEEP_DETAILS = timedelta(days=90)
# A file that was shown and that nobody has said anything about.
KEEP_WAITING = timedelta(days=14)


@action(Permission.SYSTEM)
def forget_old(work: Work, at_a_time: int) -> bool:
    """Drop what old imports hold of people, some rows at a time; whether there may be more.

    That they were, and how many rows did what, stays.
    """
    for record in imports.waiting_since(work, work.now - KEEP_WAITING):
        carried_out.cancel(work, record)
        carried_out.show(work, record)
    for record in imports.finished_before(work, work.now - KEEP_DETAILS):
        if not record.found:
            continue
        if imports.drop_details(work, record.id, at_a_time) == at_a_time:
            return True
        _forget(record)
    return False


def _forget(record: Import) -> None:
    record.found = {}
    record.media = None
    # A file's headings may be somebody, where it has no header.
    record.reading = {
        name: value for name, value in record.reading.items() if name in ("kind", "targets")
    }


# Somebody


@action(Permission.SYSTEM)
def forget_somebody(work: Work, erasure: Erasure, at_a_time: int) -> bool:
    """Empty rows that became nobody's and name who wants to be forgotten; whether there is more.

    Rows that became a contact's are emptied with that contact. A row that could not be imported,
    or was left out, belongs to nobody and may still say who somebody is.
    """
    wanted = Named(erasure.words)
    page = imports.rows_of_nobody(work, erasure.rows_to, erasure.until_id, at_a_time)
    imports.empty_rows(work, [id for id, detail in page if wanted.is_in(_cells(detail))])
    if page:
        erasure.rows_to = page[-1][0]
        return True
    for record in imports.all_imports(work):
        _forget_in_preview(record, wanted)
    return False


def _cells(detail: str) -> list[str]:
    held = json.loads(detail)
    return [*held.get("cells", ()), *(value for *_, value in held.get("problems", ()))]


def _forget_in_preview(record: Import, wanted: "Named") -> None:
    """What was shown of a file: its first rows, its first problems, a heading that is somebody."""
    found = record.found
    first = [row for row in found.get("first", ()) if not wanted.is_in(row)]
    problems = [each for each in found.get("problems", ()) if not wanted.is_in(each[3:])]
    if [first, problems] != [found.get("first", []), found.get("problems", [])]:
        record.found = found | {"first": first, "problems": problems}
    header = record.reading.get("header", [])
    if wanted.is_in(header):
        record.reading = record.reading | {"header": ["" for _ in header]}


class Named:
    """What somebody is called by, and whether a row of a file says it, however it is written."""

    def __init__(self, words: Iterable[str]) -> None:
        self._phones = {digits[-_TAIL:] for word in words if (digits := _digits_of_phone(word))}
        said = {" ".join(word.casefold().split()) for word in words}
        # What has no spaces is looked for as it stands; a name by its words, which cells may hold
        # apart.
        self._exact = {word for word in said if "@" in word or any(map(is_chinese, word))}
        self._names = {frozenset(_WORD.findall(word)) for word in said - self._exact}

    def is_in(self, cells: Iterable[str]) -> bool:
        """Whether any of these cells, or all of them together, name them."""
        held = [str(cell).casefold() for cell in cells]
        if any(word in cell for word in self._exact for cell in held):
            return True
        digits = (_digits_of_phone(cell) for cell in held)
        if any(phone in each for each in digits if each for phone in self._phones):
            return True
        words = set(_WORD.findall(" ".join(held)))
        if any(name <= words for name in self._names if len(name) > 1):
            return True
        return any({cell.strip()} in self._names for cell in held)


_WORD = re.compile(r"[^\W_]+")
# So many digits at the end of a phone say whose it is; fewer than seven are no phone.
_TAIL, _SHORTEST = 9, 7


def _digits_of_phone(text: str) -> str:
    if "@" in text or sum(map(str.isalpha, text)) > sum(map(str.isdigit, text)):
        return ""
    digits = "".join(filter(str.isdecimal, text))
    return digits if len(digits) >= _SHORTEST else ""
