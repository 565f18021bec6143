"""Questions about opening hours, targets, and what is late."""

from datetime import date, datetime

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.records import (
    OPEN_STATUSES,
    Alarm,
    Calendar,
    Contact,
    Holiday,
    Promise,
    ServiceAlarm,
    ServiceLevel,
    Ticket,
)
from storage.work import Work


def calendars(work: Work) -> list[Calendar]:
    """Every calendar, that of everybody first."""
    return work.all(select(Calendar).order_by(col(Calendar.name)))


def holidays(work: Work) -> list[Holiday]:
    """Every day with other hours, in order."""
    return work.all(select(Holiday).order_by(col(Holiday.day), col(Holiday.calendar)))


def holiday(work: Work, calendar: str, day: date) -> Holiday | None:
    """The holiday of a calendar on a day."""
    return work.first(
        select(Holiday).where(col(Holiday.calendar) == calendar, col(Holiday.day) == day)
    )


def levels(work: Work) -> list[ServiceLevel]:
    """Every target that was set."""
    return work.all(
        select(ServiceLevel).order_by(col(ServiceLevel.category), col(ServiceLevel.priority))
    )


_NEEDING_ATTENTION = (
    select(Ticket)
    .where(col(Ticket.attention_at) <= bindparam("now"))
    .order_by(col(Ticket.attention_at))
    .limit(bindparam("limit"))
)


def needing_attention(work: Work, limit: int) -> list[Ticket]:
    """Tickets of which something is soon due or over, the longest overdue look first."""
    return work.all(_NEEDING_ATTENTION, {"now": work.now, "limit": limit})


def open_after(work: Work, id: int, limit: int) -> list[Ticket]:
    """Open tickets with a greater id, in order."""
    return work.all(
        select(Ticket)
        .where(col(Ticket.status).in_(OPEN_STATUSES), col(Ticket.id) > id)
        .order_by(col(Ticket.id))
        .limit(limit)
    )


def alarm(
    work: Work, ticket: Ticket, promise: Promise, alarm: Alarm, due_at: datetime
) -> ServiceAlarm | None:
    """Whether something was noted of a promise that was due at that instant."""
    return work.first(
        select(ServiceAlarm).where(
            col(ServiceAlarm.ticket_id) == ticket.id,
            col(ServiceAlarm.promise) == promise,
            col(ServiceAlarm.alarm) == alarm,
            col(ServiceAlarm.due_at) == due_at,
        )
    )


def breaches(work: Work, start: datetime, end: datetime) -> int:
    """How many promises were broken in a span of time [start, end)."""
    counted = select(func.count()).where(
        col(ServiceAlarm.alarm) == Alarm.BREACH,
        col(ServiceAlarm.due_at) >= start,
        col(ServiceAlarm.due_at) < end,
    )
    return int(work.scalar(counted) or 0)


def overdue(work: Work, limit: int) -> list[tuple[Ticket, Contact]]:
    """Open tickets of which something is overdue now, with whose they are, most overdue first."""
    late = (
        (col(Ticket.first_answer_due_at) <= work.now)
        | (col(Ticket.next_answer_due_at) <= work.now)
        | (col(Ticket.resolution_due_at) <= work.now)
    )
    found = work.rows(
        select(Ticket, Contact)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .where(col(Ticket.status).in_(OPEN_STATUSES), late)
        .limit(1000)
    )
    pairs = [(ticket, contact) for ticket, contact in found]
    return sorted(pairs, key=lambda pair: pair[0].due_at or work.now)[:limit]
