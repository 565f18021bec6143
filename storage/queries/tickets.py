"""Questions about requests."""

from sqlmodel import col, func, select

from storage.records import OPEN_STATUSES, Contact, Member, Ticket, TicketEvent
from storage.work import Work


def numbered(work: Work, number: int) -> Ticket | None:
    """The ticket that people call by that number."""
    return work.first(select(Ticket).where(col(Ticket.number) == number))


def open_tickets(
    work: Work, assignee: Member | None = None, limit: int = 20
) -> list[tuple[Ticket, Contact]]:
    """Open tickets with whose they are, the longest-waiting customer first."""
    statement = (
        select(Ticket, Contact)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .where(col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(
            col(Ticket.customer_waits_since).is_(None),
            col(Ticket.customer_waits_since),
            col(Ticket.id),
        )
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


def woken(work: Work) -> list[Ticket]:
    """Tickets whose snooze is over."""
    return work.all(select(Ticket).where(col(Ticket.snoozed_until) <= work.now).limit(200))


def history(work: Work, ticket: Ticket) -> list[TicketEvent]:
    """The steps of a ticket, oldest first."""
    return work.all(
        select(TicketEvent)
        .where(col(TicketEvent.ticket_id) == ticket.id)
        .order_by(col(TicketEvent.id))
    )
