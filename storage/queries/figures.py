"""Counts over a span of time [start, end), for digests."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlmodel import col, func, select

from storage.records import (
    OPEN_STATUSES,
    Contact,
    Direction,
    FollowUp,
    FollowUpState,
    Interaction,
    Ticket,
)
from storage.work import Work


def _count(work: Work, *conditions: Any) -> int:
    counted = select(func.count()).where(*conditions)
    return int(work.scalar(counted) or 0)


def new_contacts(work: Work, start: datetime, end: datetime) -> int:
    """Contacts first met in that time."""
    return _count(work, col(Contact.created_at) >= start, col(Contact.created_at) < end)


def messages(work: Work, start: datetime, end: datetime) -> tuple[int, int]:
    """Messages from customers and to customers."""
    rows = work.rows(
        select(Interaction.direction, func.count())
        .where(col(Interaction.at) >= start, col(Interaction.at) < end)
        .group_by(col(Interaction.direction))
    )
    counts = dict(rows)
    return counts.get(Direction.IN, 0), counts.get(Direction.OUT, 0)


def opened(work: Work, start: datetime, end: datetime) -> int:
    """Tickets opened."""
    return _count(work, col(Ticket.opened_at) >= start, col(Ticket.opened_at) < end)


def closed(work: Work, start: datetime, end: datetime) -> int:
    """Tickets resolved and still so; what was merged into another one is not done by that."""
    return _count(
        work,
        col(Ticket.resolved_at) >= start,
        col(Ticket.resolved_at) < end,
        col(Ticket.merged_into_id).is_(None),
    )


def customers_waiting(work: Work) -> int:
    """Open tickets in which it is our turn."""
    return _count(
        work, col(Ticket.status).in_(OPEN_STATUSES), col(Ticket.customer_waits_since).is_not(None)
    )


def longest_wait(work: Work) -> datetime | None:
    """Since when the customer has been waiting who waits longest; None when nobody does."""
    since: datetime | None = work.scalar(
        select(func.min(Ticket.customer_waits_since)).where(col(Ticket.status).in_(OPEN_STATUSES))
    )
    return since


def median_first_answer(work: Work, start: datetime, end: datetime) -> timedelta | None:
    """How long the first answer took, half were quicker; of tickets first answered in that time."""
    rows = work.rows(
        select(Ticket.opened_at, Ticket.first_answered_at)
        .where(col(Ticket.first_answered_at) >= start, col(Ticket.first_answered_at) < end)
        .limit(100_000)
    )
    seconds = [(answered - opened_at).total_seconds() for opened_at, answered in rows]
    return timedelta(seconds=median(seconds)) if seconds else None


def follow_ups(work: Work, start: datetime, end: datetime) -> tuple[int, int]:
    """Follow-ups due in that time, and how many of them were not done."""
    due = (col(FollowUp.due_at) >= start, col(FollowUp.due_at) < end)
    missed = col(FollowUp.state).in_((FollowUpState.OPEN, FollowUpState.REMINDED))
    live = col(FollowUp.state) != FollowUpState.CANCELLED
    return _count(work, *due, live), _count(work, *due, missed)
