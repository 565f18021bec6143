"""Questions about how we and one contact talk: each bounded, whatever has been said in all."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.records import Contact, Direction, Interaction, Lane
from storage.work import Work

Said = tuple[datetime, Direction, int | None, str]

# What was said between us; notes of the team are passed over.
_BETWEEN_US = (
    col(Interaction.contact_id) == bindparam("contact"),
    col(Interaction.lane) == Lane.CUSTOMER,
    col(Interaction.direction) != Direction.NOTE,
)
_LONGEST: Any = func.substr(Interaction.text, 1, 2000)
_NEWEST = (
    select(Interaction.at, Interaction.direction, Interaction.member_id, _LONGEST)
    .where(*_BETWEEN_US)
    .order_by(col(Interaction.at).desc())
    .limit(bindparam("most"))
)
_FIRST = (
    select(Interaction.at, Interaction.direction)
    .where(*_BETWEEN_US)
    .order_by(col(Interaction.at))
    .limit(1)
)
_SINCE: Any = (
    select(Interaction.at)
    .where(
        col(Interaction.contact_id) == bindparam("contact"),
        col(Interaction.at) >= bindparam("since"),
    )
    .limit(bindparam("most"))
    .subquery()
)
_COUNT = select(func.count()).select_from(_SINCE)


def newest_said(work: Work, contact: Contact, limit: int) -> list[Said]:
    """The newest lines between us, oldest first: when, which way, by whom, the first of its words.

    By the index of a contact's lines.
    """
    return list(work.rows(_NEWEST, {"contact": contact.id, "most": limit}))[::-1]


def first_said(work: Work, contact: Contact) -> tuple[datetime, Direction] | None:
    """When and which way the first line between us went."""
    rows = work.rows(_FIRST, {"contact": contact.id})
    return next(((at, direction) for at, direction in rows), None)


def count_since(work: Work, contact: Contact, moment: datetime, most: int) -> int:
    """How many lines there are since then, counted up to `most`; answered from the index alone."""
    return int(work.scalar(_COUNT, {"contact": contact.id, "since": moment, "most": most}) or 0)
