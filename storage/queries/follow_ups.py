"""Questions about what is to be remembered."""

from datetime import datetime

from sqlmodel import col, func, select

from storage.records import (
    Contact,
    Direction,
    FollowUp,
    FollowUpState,
    Interaction,
    Lane,
    Member,
    Ticket,
)
from storage.work import Work


def mine(
    work: Work, owner: Member, until: datetime, limit: int = 20
) -> list[tuple[FollowUp, Contact | None]]:
    """A member's follow-ups that are not over and due before a moment, soonest first."""
    return list(
        work.rows(
            select(FollowUp, Contact)
            .outerjoin(Contact, col(Contact.id) == col(FollowUp.contact_id))
            .where(
                col(FollowUp.owner_id) == owner.id,
                col(FollowUp.state).in_((FollowUpState.OPEN, FollowUpState.REMINDED)),
                col(FollowUp.due_at) < until,
            )
            .order_by(col(FollowUp.due_at))
            .limit(limit)
        )
    )


def open_of(work: Work, contact: Contact) -> list[FollowUp]:
    """A contact's follow-ups that are not over, soonest first."""
    return work.all(
        select(FollowUp)
        .where(
            col(FollowUp.contact_id) == contact.id,
            col(FollowUp.state).in_((FollowUpState.OPEN, FollowUpState.REMINDED)),
        )
        .order_by(col(FollowUp.due_at))
    )


def of_ticket(work: Work, ticket: Ticket) -> list[FollowUp]:
    """The follow-ups about a ticket, over or not."""
    return work.all(select(FollowUp).where(col(FollowUp.ticket_id) == ticket.id))


def all_of(work: Work, owner: Member) -> list[FollowUp]:
    """A member's follow-ups that are not over, soonest first."""
    return work.all(
        select(FollowUp)
        .where(
            col(FollowUp.owner_id) == owner.id,
            col(FollowUp.state).in_((FollowUpState.OPEN, FollowUpState.REMINDED)),
        )
        .order_by(col(FollowUp.due_at))
    )


def every_open(work: Work, after_id: int = 0, limit: int = 1000) -> list[FollowUp]:
    """Follow-ups still to come, a page at a time, by id."""
    return work.all(
        select(FollowUp)
        .where(col(FollowUp.state) == FollowUpState.OPEN, col(FollowUp.id) > after_id)
        .order_by(col(FollowUp.id))
        .limit(limit)
    )


def last_said(work: Work, contact_id: int) -> datetime | None:
    """When the team last said something to a customer."""
    moment: datetime | None = work.scalar(
        select(func.max(Interaction.at)).where(
            col(Interaction.contact_id) == contact_id,
            col(Interaction.direction) == Direction.OUT,
            col(Interaction.lane) == Lane.CUSTOMER,
        )
    )
    return moment
