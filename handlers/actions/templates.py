"""The texts that people write for many: `{field|fallback}` and nothing else.

No template engine: with one, a text could read whatever hangs on an object, or never end.
"""

import re
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Protocol

from storage.errors import Refused
from storage.records import Contact

_FIELD = re.compile(r"\{([^{}]*)\}")
# A field as other programs write it, and one that was begun and has no end: neither would be
# filled in, and everybody would read it as it stands.
_SLIP = re.compile(r"\{\{|\{\w[^{}]*(?=\{|$)")


class Addressee(Protocol):
    """What a text may say of the person who reads it; a contact is one."""

    @property
    def name(self) -> str: ...
    @property
    def first_name(self) -> str | None: ...
    @property
    def company(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def custom(self) -> dict[str, Any]: ...


FIELDS: dict[str, Callable[[Addressee], str | None]] = {
    "name": lambda contact: contact.name,
    "first_name": lambda contact: contact.first_name,
    "company": lambda contact: contact.company,
}


def check(template: str, own: Collection[str] = ()) -> None:
    """Raise Refused("template.field", …) at the first field that does not exist, with its place.

    `own` are the fields that the team has added.
    """
    known = sorted({*FIELDS, *own})
    if slip := _SLIP.search(template):
        raise Refused("template.unclosed", at=slip.start() + 1, text=template[slip.start() :][:20])
    for found in _FIELD.finditer(template):
        field = found[1].partition("|")[0].strip()
        if field in known:
            continue
        near = get_close_matches(field.casefold().replace(" ", "_"), known, 1, 0.6)
        values = {
            "field": field or "{}",
            "at": found.start() + 1,
            "fields": ", ".join(known),
        }
        if near:
            raise Refused("template.field_near", near=f"{{{near[0]}}}", **values)
        raise Refused("template.field", **values)


def fill(template: str, contact: Addressee) -> str:
    """The text for one person; a field that they lack becomes its fallback, or nothing."""
    said, fields = _taken_apart(template)
    for field, fallback, text in fields:
        said += (held(contact, field) or fallback) + text
    return said


@lru_cache(maxsize=256)
def _taken_apart(template: str) -> tuple[str, list[tuple[str, str, str]]]:
    """What stands before the first field; of each field its name, its fallback, what follows."""
    first, *rest = _FIELD.split(template)
    fields = []
    for inside, text in zip(rest[::2], rest[1::2], strict=True):
        field, _, fallback = inside.partition("|")
        fields.append((field.strip(), fallback, text))
    return first, fields


def held(contact: Addressee, field: str) -> str | None:
    """What somebody has in a field, one of the team's own too, as it is written to them."""
    if field in FIELDS:
        return FIELDS[field](contact)
    match contact.custom.get(field):
        case None | bool():
            return None
        case list() as several:
            return ", ".join(map(str, several)) or None
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case found:
            return str(found)


def without_fallback(texts: Iterable[str]) -> list[str]:
    """The fields that stand in any of these texts with nothing behind them."""
    found = {
        field.strip()
        for text in texts
        for field, bar, fallback in (match[1].partition("|") for match in _FIELD.finditer(text))
        if not fallback.strip()
    }
    return sorted(found)


def lacked(template: str, contact: Contact) -> list[str]:
    """The fields of a text that somebody has not."""
    fields = (match[1].partition("|")[0].strip() for match in _FIELD.finditer(template))
    return [field for field in fields if not held(contact, field)]
