"""Cells with phone numbers: several of them, words around them, what a spreadsheet made of them."""

import re

from handlers.importing import phones

# In a shorter cell there is no room for two.
_SHORTEST_PAIR = 9
_BETWEEN = re.compile(r"\s*(?:[,;|\n，；、]|:::|\s/\s)\s*")
_POINT_NOUGHT = re.compile(r"^(\d{6,15})\.0+$")
# Words around a number: "Mobile: +49 170 1234567 (private)".
_AROUND = re.compile(r"^(?=[^\d+(]*[^\W\d_])[^\d+(]{1,40}(?=[+(\d])|\s*[(\[（]?[^\W\d_]\D*$")
_LONGEST = 100


def each(text: str, region: str | None) -> list[str]:
    """Several numbers in one cell, unless it is one: "+49 (0)30 / 12 34 56"."""
    if len(text) <= _SHORTEST_PAIR or not _BETWEEN.search(text):
        return [text]
    parts = [part for part in _BETWEEN.split(text) if part]
    if "/" in text and len(parts) == 2 and None in [dialled(part, region) for part in parts]:
        return parts if dialled(text, region) is None else [text]
    return parts


def dialled(text: str, region: str | None) -> str | None:
    """A number as E.164, whatever words stand around it; None for what is none."""
    # What a spreadsheet has made of a number without spaces.
    number = phones.e164(_POINT_NOUGHT.sub(r"\1", text), region)
    if number is not None or len(text) > _LONGEST:
        return number
    bare = _AROUND.sub("", text).strip()
    return phones.e164(bare, region) if bare and bare != text else None
