"""Questions about how good the records are, page by page."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import col, func, select

from storage.queries import several
from storage.records import Contact, GapAsk, Identity, Member, QualityPass
from storage.work import Work


def contact_count(work: Work, most: int) -> int:
    """How many contacts there are, counted up to `most`."""
    there = select(Contact.id).where(col(Contact.erased_at).is_(None)).limit(most)
    return int(work.scalar(select(func.count()).select_from(there.subquery())) or 0)


_NEXT_CONTACTS = (
    select(Contact)
    .where(col(Contact.id) > bindparam("after"), col(Contact.erased_at).is_(None))
    .order_by(col(Contact.id))
    .limit(bindparam("limit"))
)
_UNFINISHED = (
    select(QualityPass).where(col(QualityPass.finished_at).is_(None)).order_by(col(QualityPass.id))
)


def next_contacts(work: Work, after: int, limit: int) -> list[Contact]:
    """The next contacts by id, without those who were forgotten."""
    return work.all(_NEXT_CONTACTS, {"after": after, "limit": limit})


@lru_cache(maxsize=8)
def _identities_of(size: int) -> Any:
    found = select(Identity).where(col(Identity.contact_id).in_(several.places(size)))
    return found.execution_options(**several.KEPT)


def identities_of(work: Work, ids: Sequence[int]) -> dict[int, list[Identity]]:
    """The ways to reach these contacts, by contact."""
    found: dict[int, list[Identity]] = {}
    for size, people in several.in_parts(ids):
        for each in work.all(_identities_of(size), people):
            found.setdefault(each.contact_id, []).append(each)
    return found


def unfinished(work: Work) -> QualityPass | None:
    """The count that is being made."""
    return work.first(_UNFINISHED)


def last_done(work: Work) -> QualityPass | None:
    """The newest count that is done."""
    return work.first(
        select(QualityPass)
        .where(col(QualityPass.finished_at).is_not(None))
        .order_by(col(QualityPass.finished_at).desc())
        .limit(1)
    )


def forget_before(work: Work, newest: QualityPass) -> None:
    """Older counts are needed by nobody."""
    work.execute(delete(QualityPass).where(col(QualityPass.id) < newest.id))


def alike_companies(work: Work) -> int:
    """How many companies are written in more than one way."""
    ways = (
        select(Contact.company_id)
        .where(col(Contact.company_id).is_not(None))
        .group_by(col(Contact.company_id))
        .having(func.count(func.distinct(col(Contact.company))) > 1)
        .limit(1_000)
    )
    return int(work.scalar(select(func.count()).select_from(ways.subquery())) or 0)


# What owners are asked


def not_asked_since(work: Work, moment: datetime) -> list[Member]:
    """Members who work here and were asked for nothing since then."""
    lately = select(GapAsk.member_id).where(col(GapAsk.asked_at) > moment)
    return work.all(
        select(Member)
        .where(col(Member.active), col(Member.id).not_in(lately))
        .order_by(col(Member.id))
    )


def heard_lately(work: Work, member: Member, known: datetime, limit: int) -> list[Contact]:
    """A member's own customers, known before a moment, those heard last first."""
    last = func.coalesce(col(Contact.last_heard_at), col(Contact.created_at))
    return work.all(
        select(Contact)
        .where(
            col(Contact.owner_id) == member.id,
            col(Contact.erased_at).is_(None),
            col(Contact.created_at) < known,
        )
        .order_by(last.desc())
        .limit(limit)
    )


def asked_about(work: Work, ids: Sequence[int]) -> set[tuple[int, str]]:
    """What was asked already of these contacts' owners: contact and field."""
    asked = select(GapAsk.contact_id, GapAsk.field).where(col(GapAsk.contact_id).in_(ids))
    return {(contact, field) for contact, field in work.rows(asked)}
