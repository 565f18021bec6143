"""Customers, page by page, with what an export tells of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import true
from sqlmodel import col, func, select

from storage.queries import segments
from storage.records import Consent, Contact, ContactTag, Identity, Purpose
from storage.work import Work

PAGE = 500


def condition(work: Work, words: str) -> Any:
    """Who is meant by a filter; everybody by none. Raises Refused."""
    there = col(Contact.erased_at).is_(None)
    return there if not words.strip() else there & segments.condition(work, words)


def count(work: Work, held: Any) -> int:
    """How many that are."""
    return int(work.scalar(select(func.count()).select_from(Contact).where(held)) or 0)


def page(work: Work, held: Any, after: int) -> list[Contact]:
    """The next customers, by id."""
    return work.all(
        select(Contact)
        .where(held if held is not None else true(), col(Contact.id) > after)
        .order_by(col(Contact.id))
        .limit(PAGE)
    )


def identities(work: Work, ids: Sequence[int]) -> dict[int, list[Identity]]:
    """The ways to reach these customers, oldest first."""
    found: dict[int, list[Identity]] = {}
    statement = select(Identity).where(col(Identity.contact_id).in_(ids)).order_by(col(Identity.id))
    for each in work.all(statement):
        found.setdefault(each.contact_id, []).append(each)
    return found


def tags(work: Work, ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of these customers, by name."""
    found: dict[int, list[str]] = {}
    statement = (
        select(ContactTag.contact_id, ContactTag.tag)
        .where(col(ContactTag.contact_id).in_(ids))
        .order_by(col(ContactTag.tag))
    )
    for contact, tag in work.rows(statement):
        found.setdefault(contact, []).append(tag)
    return found


def marketing(work: Work, ids: Sequence[int]) -> dict[int, bool]:
    """What these customers said about marketing."""
    statement = select(Consent.contact_id, Consent.granted).where(
        col(Consent.contact_id).in_(ids),
        col(Consent.purpose) == Purpose.MARKETING,
        col(Consent.topic) == "",
    )
    return dict(work.rows(statement))


def own_keys(work: Work, held: Any) -> Iterator[dict[str, Any]]:
    """The own fields of every customer that has any, page by page."""
    after = 0
    while True:
        rows = list(
            work.rows(
                select(Contact.id, Contact.custom)
                .where(held, col(Contact.id) > after)
                .order_by(col(Contact.id))
                .limit(5 * PAGE)
            )
        )
        if not rows:
            return
        yield from (custom for _, custom in rows if custom)
        after = rows[-1][0]
