"""What was said, by words that are in it."""

import re
from typing import Any

from sqlmodel import col, or_, select

from storage.records import Contact, Interaction
from storage.work import Work

# So many of the newest are looked through, the last of them first; there is no index to keep.
LOOKED_THROUGH = 20_000
FEWEST_LETTERS = 3
MOST_WORDS = 6
_FLOOR = select(Interaction.id).order_by(col(Interaction.id).desc()).offset(LOOKED_THROUGH).limit(1)
_CHINESE = re.compile("[\u3400-\u9fff]")


def holding(work: Work, typed: str, limit: int) -> list[tuple[Interaction, Contact]]:
    """The newest messages that hold all words typed, with whose they are."""
    words = typed.split()[:MOST_WORDS]
    letters = sum(2 if _CHINESE.match(letter) else letter.isalnum() for letter in typed)
    if letters < FEWEST_LETTERS:
        return []
    said = (
        select(Interaction, Contact)
        .join(Contact, col(Contact.id) == col(Interaction.contact_id))
        .where(
            col(Interaction.id) > (work.scalar(_FLOOR) or 0),
            col(Interaction.deleted_at).is_(None),
            *(_held(work, word) for word in words),
        )
        .order_by(col(Interaction.id).desc())
        .limit(limit)
    )
    found: Any = list(work.rows(said))
    return [(interaction, contact) for interaction, contact in found]


def _held(work: Work, word: str) -> Any:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    text: Any = col(Interaction.text)
    if work.dialect == "postgresql":
        return text.ilike(f"%{escaped}%", escape="\\")
    # Its LIKE knows capitals of ASCII only, and finds the others as they are usually written. To
    # have it fold each text first would take three times as long.
    written = {escaped} if escaped.isascii() else {escaped, escaped.lower(), escaped.capitalize()}
    return or_(*(text.like(f"%{each}%", escape="\\") for each in sorted(written)))
