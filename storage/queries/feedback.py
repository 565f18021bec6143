"""Questions about what customers look for and what they think of us."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from storage.records import (
    Contact,
    CustomerTotal,
    Feedback,
    Need,
    NpsQuestion,
    Order,
    OrderKind,
)
from storage.work import Work

# What somebody refused as a wrong guess was never a need.
_REFUSED = "refused"


def needs_of(work: Work, contact: Contact, limit: int = 20) -> list[Need]:
    """What a contact looks for and looked for, the newest first."""
    return work.all(
        select(Need)
        .where(col(Need.contact_id) == contact.id, col(Need.state) != _REFUSED)
        .order_by(col(Need.id).desc())
        .limit(limit)
    )


def needs_in(work: Work, states: Sequence[str], limit: int = 30) -> list[tuple[Need, Contact]]:
    """The newest needs in these states, with whose they are."""
    return list(
        work.rows(
            select(Need, Contact)
            .join(Contact, col(Contact.id) == col(Need.contact_id))
            .where(col(Need.state).in_(states), col(Contact.erased_at).is_(None))
            .order_by(col(Need.id).desc())
            .limit(limit)
        )
    )


def nps_asked_since(work: Work, contact: Contact, moment: datetime) -> bool:
    """Whether a contact was asked since then how likely they would recommend us."""
    asked = select(NpsQuestion.id).where(
        col(NpsQuestion.contact_id) == contact.id, col(NpsQuestion.asked_at) > moment
    )
    return work.scalar(asked.limit(1)) is not None


def nps_scores(work: Work, start: datetime, end: datetime) -> dict[int, int]:
    """How often each score was given in that time [start, end)."""
    counted: Any = func.count()
    rows = work.rows(
        select(NpsQuestion.score, counted)
        .where(
            col(NpsQuestion.answered_at) >= start,
            col(NpsQuestion.answered_at) < end,
            col(NpsQuestion.score).is_not(None),
        )
        .group_by(col(NpsQuestion.score))
    )
    return {int(score): int(count) for score, count in rows}


def words_since(
    work: Work, start: datetime, end: datetime, limit: int = 5
) -> list[tuple[Feedback, Contact]]:
    """The newest opinions in words in that time [start, end), with whose they are."""
    return list(
        work.rows(
            select(Feedback, Contact)
            .join(Contact, col(Contact.id) == col(Feedback.contact_id))
            .where(col(Feedback.at) >= start, col(Feedback.at) < end, col(Feedback.text) != "")
            .order_by(col(Feedback.at).desc(), col(Feedback.id).desc())
            .limit(limit)
        )
    )


def first_buyers(work: Work, start: datetime, end: datetime, limit: int = 200) -> list[Contact]:
    """Who bought for the first time in that time [start, end)."""
    return work.all(
        select(Contact)
        .join(Order, col(Order.contact_id) == col(Contact.id))
        .join(
            CustomerTotal,
            (col(CustomerTotal.contact_id) == col(Contact.id))
            & (col(CustomerTotal.currency) == col(Order.currency)),
        )
        .where(
            col(Order.at) >= start,
            col(Order.at) < end,
            col(Order.kind) == OrderKind.PURCHASE,
            col(CustomerTotal.first_at) == col(Order.at),
        )
        .order_by(col(Order.at))
        .limit(limit)
    )
