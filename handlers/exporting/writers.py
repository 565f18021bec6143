"""Rows into files. Nothing that a customer has written is ever a formula, and memory stays flat."""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from handlers.exporting.picture import COLUMNS, Picture
from storage.records import IdentityKind

KINDS = ("csv", "xlsx", "vcf", "json")
# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, in any width; and
# a quotation mark before such a sign, so that it is read back as it was.
_FORMULA = re.compile(r"[\t\r\n]|[\s']*[=+\-@\N{FULLWIDTH EQUALS SIGN}＋－＠]")
_PHONES = re.compile(r"(?:\+\d[\d ().-]*(?:; )?)+")
# What no XML may hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_CELL = 32_767


def defused(text: str) -> str:
    """A cell that no program takes for a formula; an import takes the sign away again."""
    return f"'{text}" if _FORMULA.match(text) else text


def write(kind: str, path: Path, people: Iterable[Picture], own: Sequence[str]) -> int:
    """Write people into a file; how many."""
    match kind:
        case "xlsx":
            return _workbook(path, people, own)
        case "vcf":
            return _cards(path, people, own)
        case "json":
            return _json(path, people)
    return _table(path, people, own)


def headings(own: Sequence[str]) -> list[str]:
    """The first row."""
    return [*COLUMNS, *own]


def _table(path: Path, people: Iterable[Picture], own: Sequence[str]) -> int:
    # With a mark at the front Excel knows that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([defused(each) for each in headings(own)])
        count = 0
        for count, person in enumerate(people, start=1):  # noqa: B007 (told behind the loop)
            writer.writerow([defused(cell) for cell in person.row(own)])
    return count


def _workbook(path: Path, people: Iterable[Picture], own: Sequence[str]) -> int:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book: Any = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet("Customers")

    def cell(text: str) -> Any:
        plain = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)[:LONGEST_CELL]
        # A phone is text here and cannot become anything else.
        made = WriteOnlyCell(sheet, plain if _PHONES.fullmatch(plain) else defused(plain))
        made.data_type = "s"
        return made

    sheet.append([cell(each) for each in headings(own)])
    count = 0
    for count, person in enumerate(people, start=1):  # noqa: B007 (told behind the loop)
        sheet.append([cell(each) if each else None for each in person.row(own)])
    book.save(path)
    return count


def _json(path: Path, people: Iterable[Picture]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", errors="replace") as file:
        file.write("[")
        for count, person in enumerate(people, start=1):
            file.write("\n" if count == 1 else ",\n")
            json.dump(person.as_json(), file, ensure_ascii=False)
        file.write("\n]\n")
    return count


# vCard 3.0: what every phone takes


def _cards(path: Path, people: Iterable[Picture], own: Sequence[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        for count, person in enumerate(people, start=1):  # noqa: B007 (told behind the loop)
            for line in card_lines(person, own):
                file.write(folded(line))
    return count


def card_lines(person: Picture, own: Sequence[str]) -> list[str]:
    """One card."""
    contact, custom = person.contact, person.contact.custom
    first = contact.first_name or ""
    last = str(contact.name).removeprefix(first).strip() if first else contact.name
    lines = ["BEGIN:VCARD", "VERSION:3.0"]
    lines += [_line("FN", contact.name), "N:" + ";".join(map(_escaped, (last, first, "", "", "")))]
    lines += [_line("ORG", contact.company)] if contact.company else []
    lines += [_line("TEL;TYPE=CELL", each) for each in person.having(IdentityKind.PHONE)]
    lines += [_line("EMAIL;TYPE=INTERNET", each) for each in person.having(IdentityKind.EMAIL)]
    if person.born:
        lines.append(_line("BDAY", person.born))
    places = [
        _text(custom.get(name)) for name in ("street", "city", "region", "postcode", "country")
    ]
    if any(places):
        lines.append("ADR;TYPE=HOME:;;" + ";".join(map(_escaped, places)))
    if person.tags:
        lines.append("CATEGORIES:" + ",".join(map(_escaped, person.tags)))
    if contact.gender:
        lines.append(_line("X-GENDER", str(contact.gender)))
    told = {
        "LANG": contact.language,
        "TITLE": _text(custom.get("job_title")),
        "URL": _text(custom.get("website")),
        "NICKNAME": _text(custom.get("nickname")),
        "X-RAPPORT-ID": str(contact.id),
    }
    lines += [_line(name, text) for name, text in told.items() if text]
    return [*lines, "END:VCARD"]


def _line(name: str, text: Any) -> str:
    return f"{name}:{_escaped(str(text))}"


def _escaped(text: str) -> str:
    escaped = re.sub(r"([\\;,])", r"\\\1", text)
    return re.sub(r"\r\n|\r|\n", r"\\n", escaped)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def folded(line: str) -> str:
    """A line in pieces of 75 bytes, none of them cut inside a character."""
    pieces, held, size = [], "", 0
    for sign in line:
        width = len(sign.encode("utf-8", "replace"))
        if size + width > 74:
            pieces.append(held)
            held, size = " ", 1
        held += sign
        size += width
    return "\r\n".join([*pieces, held]) + "\r\n"
