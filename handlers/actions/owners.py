"""Whose a request is: taken, given, taken over."""

from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.ticket_history import note
from storage.errors import Refused
from storage.records import Member, Ticket, TicketStatus
from storage.work import Work


@action(Permission.SERVE, audited=True)
def take(work: Work, ticket: Ticket, *, over: bool = False) -> Ticket:
    """Make it mine. Raises Refused when it is mine already, somebody else's, or no longer open.

    With `over` it is taken over from whoever has it.
    """
    member = me(work)
    tickets.must_be_open(ticket)
    if ticket.assignee_id == member.id:
        raise Refused("ticket.already_yours", number=ticket.number)
    holder = work.get(Member, ticket.assignee_id)
    if holder is not None and holder.active and not over:
        raise Refused("ticket.has_it", number=ticket.number, name=holder.name)
    give(work, ticket, member)
    tickets.tell_thread(work, ticket, "ticket.taken", name=member.name)
    return ticket


@action(Permission.SERVE, audited=True)
def assign(work: Work, ticket: Ticket, member: Member) -> Ticket:
    """Give it to somebody. Raises Refused when they have it, or when it is no longer open."""
    tickets.must_be_open(ticket)
    if ticket.assignee_id == member.id:
        raise Refused("ticket.has_it", number=ticket.number, name=member.name)
    by = me(work)
    give(work, ticket, member)
    if by == member:
        tickets.tell_thread(work, ticket, "ticket.taken", name=member.name)
    else:
        tickets.tell_thread(work, ticket, "ticket.given", by=by.name, name=member.name)
        tell_new_owner(work, ticket, member, by.name)
    return ticket


@action(Permission.READ)
def holder(work: Work, ticket: Ticket) -> Member | None:
    """The colleague who has it already; None when it is nobody's, mine, or of one who has left."""
    member = work.get(Member, ticket.assignee_id)
    if member is None or member == work.actor.member or not member.active or not ticket.is_open:
        return None
    return member


def give(work: Work, ticket: Ticket, member: Member) -> None:
    """It is theirs now: the history and the card say so."""
    before = work.get(Member, ticket.assignee_id)
    note(work, ticket, "assigned", before.name if before else None, member.name)
    ticket.assignee_id = member.id
    if ticket.status is TicketStatus.NEW:
        tickets.set_status(work, ticket, TicketStatus.OPEN)
    tickets.refresh_card(work, ticket)


def tell_new_owner(work: Work, ticket: Ticket, member: Member, by: str) -> None:
    """Tell a member that something was given to them."""
    key = "ticket.yours_by" if by else "ticket.yours_by_turn"
    tickets.tell_of_ticket(work, ticket, member, key, by=by)
