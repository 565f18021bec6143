"""The texts that people write for many: `{field|fallback}` and nothing else.

No template engine: with one, a text could read whatever hangs on an object, or never end.
"""

import re
from collections.abc import Callable

from storage.errors import Refused
from storage.records import Contact

_FIELD = re.compile(r"\{([^{}]*)\}")

FIELDS: dict[str, Callable[[Contact], str | None]] = {
    "name": lambda contact: contact.name,
    "first_name": lambda contact: contact.first_name,
    "company": lambda contact: contact.company,
}


def check(template: str) -> None:
    """Raise Refused("template.field", …) at the first field that does not exist, with its place."""
    for found in _FIELD.finditer(template):
        field = found[1].partition("|")[0].strip()
        if field not in FIELDS:
            raise Refused(
                "template.field",
                field=field or "{}",
                at=found.start() + 1,
                fields=", ".join(sorted(FIELDS)),
            )


def fill(template: str, contact: Contact) -> str:
    """The text for one person; a field that they lack becomes its fallback, or nothing."""

    def value(found: re.Match[str]) -> str:
        field, _, fallback = found[1].partition("|")
        return FIELDS[field.strip()](contact) or fallback

    return _FIELD.sub(value, template)
