"""Questions about requests."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from storage.records import (
    OPEN_STATUSES,
    Contact,
    ContactTag,
    Interaction,
    Member,
    Priority,
    Ticket,
    TicketEvent,
    TicketStatus,
)
from storage.work import Work

# What is due first, then who has waited longest. An answer is due before the matter is resolved.
_DUE = func.coalesce(
    col(Ticket.first_answer_due_at), col(Ticket.next_answer_due_at), col(Ticket.resolution_due_at)
)
_FIRST_TO_DO = (
    _DUE.is_(None),
    _DUE,
    col(Ticket.customer_waits_since).is_(None),
    col(Ticket.customer_waits_since),
    col(Ticket.id),
)


def numbered(work: Work, number: int) -> Ticket | None:
    """The ticket that people call by that number."""
    return work.first(select(Ticket).where(col(Ticket.number) == number))


def open_tickets(
    work: Work, assignee: Member | None = None, limit: int = 20
) -> list[tuple[Ticket, Contact]]:
    """Open tickets with whose they are, what is due first and who waits longest in front."""
    statement = (
        select(Ticket, Contact)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .where(col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(*_FIRST_TO_DO)
        .limit(limit)
    )
    if assignee is not None:
        statement = statement.where(col(Ticket.assignee_id) == assignee.id)
    return list(work.rows(statement))


def open_count(work: Work) -> int:
    """How many tickets are open."""
    counted = select(func.count()).where(col(Ticket.status).in_(OPEN_STATUSES))
    return int(work.scalar(counted) or 0)


def open_of(work: Work, contact: Contact) -> list[Ticket]:
    """A contact's open tickets, newest first; empty when there are none."""
    return work.all(
        select(Ticket)
        .where(col(Ticket.contact_id) == contact.id, col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(col(Ticket.id).desc())
    )


@dataclass(frozen=True)
class Filter:
    """Which tickets somebody wants to see; what is empty says nothing."""

    statuses: tuple[TicketStatus, ...] = OPEN_STATUSES
    assignee: Member | None = None
    unassigned: bool = False
    category: str | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()


def matching(work: Work, wanted: Filter, limit: int) -> list[tuple[Ticket, Contact]]:
    """The tickets that a filter lets through with whose they are, what is due first in front."""
    statement = select(Ticket, Contact).join(Contact, col(Contact.id) == col(Ticket.contact_id))
    found = statement.where(*_conditions(wanted)).order_by(*_FIRST_TO_DO).limit(limit)
    return list(work.rows(found))


def count_matching(work: Work, wanted: Filter) -> int:
    """How many tickets a filter lets through."""
    return int(work.scalar(select(func.count(col(Ticket.id))).where(*_conditions(wanted))) or 0)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Ticket.status).in_(wanted.statuses)]
    if wanted.assignee is not None:
        conditions.append(col(Ticket.assignee_id) == wanted.assignee.id)
    if wanted.unassigned:
        conditions.append(col(Ticket.assignee_id).is_(None))
    if wanted.category is not None:
        conditions.append(col(Ticket.category) == wanted.category)
    if wanted.priority is not None:
        conditions.append(col(Ticket.priority) == wanted.priority)
    for tag in wanted.tags:
        tagged = select(ContactTag.contact_id).where(col(ContactTag.tag) == tag)
        conditions.append(col(Ticket.contact_id).in_(tagged))
    return conditions


def all_numbered(work: Work, numbers: Collection[int]) -> list[Ticket]:
    """The tickets of these numbers, in order of their numbers."""
    return work.all(
        select(Ticket).where(col(Ticket.number).in_(numbers)).order_by(col(Ticket.number))
    )


def all_of(work: Work, assignee: Member) -> list[Ticket]:
    """The open tickets that somebody has, oldest first."""
    return work.all(
        select(Ticket)
        .where(col(Ticket.assignee_id) == assignee.id, col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(col(Ticket.id))
    )


def unassigned(work: Work, limit: int) -> list[Ticket]:
    """Tickets to be done that nobody has, oldest first; not what was put aside."""
    return work.all(
        select(Ticket)
        .where(
            col(Ticket.assignee_id).is_(None),
            col(Ticket.status).in_((TicketStatus.NEW, TicketStatus.OPEN)),
        )
        .order_by(col(Ticket.id))
        .limit(limit)
    )


def load_of(work: Work) -> dict[int, int]:
    """How many open tickets each member has."""
    counted = (
        select(Ticket.assignee_id, func.count())
        .where(col(Ticket.assignee_id).is_not(None), col(Ticket.status).in_(OPEN_STATUSES))
        .group_by(col(Ticket.assignee_id))
    )
    return dict(work.rows(counted))


def liveliest(work: Work, contact: Contact) -> Ticket | None:
    """The open ticket of a contact in which something was said last."""
    latest = (
        select(func.max(Interaction.id))
        .where(col(Interaction.ticket_id) == col(Ticket.id))
        .scalar_subquery()
    )
    return work.first(
        select(Ticket)
        .where(col(Ticket.contact_id) == contact.id, col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(func.coalesce(latest, 0).desc(), col(Ticket.id).desc())
    )


def resolved_before(work: Work, moment: datetime, limit: int) -> list[Ticket]:
    """Tickets that have been resolved since before a moment, the oldest first."""
    return work.all(
        select(Ticket)
        .where(col(Ticket.status) == TicketStatus.RESOLVED, col(Ticket.resolved_at) <= moment)
        .order_by(col(Ticket.resolved_at))
        .limit(limit)
    )


def woken(work: Work, limit: int) -> list[Ticket]:
    """Tickets whose snooze is over."""
    return work.all(select(Ticket).where(col(Ticket.snoozed_until) <= work.now).limit(limit))


def history(work: Work, ticket: Ticket) -> list[TicketEvent]:
    """The steps of a ticket, oldest first."""
    return work.all(
        select(TicketEvent)
        .where(col(TicketEvent.ticket_id) == ticket.id)
        .order_by(col(TicketEvent.id))
    )
