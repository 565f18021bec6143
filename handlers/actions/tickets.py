"""Requests: opened, taken, answered, put aside, resolved, opened again."""

from datetime import datetime, timedelta

from handlers import cards
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SUPPORT, post, post_in_thread, refresh, say_to_customer
from handlers.actions.policies import policy, team_voice
from handlers.message import Reply, Text
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import contacts, house, tickets
from storage.records import (
    Contact,
    Direction,
    Identity,
    Interaction,
    Lane,
    Member,
    Priority,
    Subject,
    Ticket,
    TicketEvent,
    TicketStatus,
    Urgency,
)
from storage.work import Work

LONGEST_SNOOZE = timedelta(days=366)


def thread_of(ticket: Ticket) -> str:
    """The outbox line of a ticket's thread: what is posted there keeps its order."""
    return f"slack:ticket:{ticket.id}"


def open_ticket(work: Work, contact: Contact, subject: str, priority: Priority) -> Ticket:
    """Open a request and its thread in the support channel."""
    ticket = work.add(
        Ticket(
            number=house.next_number(work, "ticket"),
            contact_id=contact.id,
            subject=cards.shortened(subject, 256),
            priority=priority,
            channel=SUPPORT,
            opened_at=work.now,
        )
    )
    _note(work, ticket, "opened")
    # In the thread's own line: what goes into the thread waits until the card stands.
    post_card(work, ticket, thread_of(ticket), key=f"ticket:{ticket.id}:card")
    return ticket


def post_card(work: Work, ticket: Ticket, line: str, key: str) -> None:
    """Begin a thread for a ticket."""
    post(
        work,
        SUPPORT,
        show_card(work, ticket),
        key=key,
        subject=Subject.TICKET,
        subject_id=ticket.id,
        line=line,
        urgency=Urgency.REPLY,
    )


def _note(
    work: Work, ticket: Ticket, what: str, before: str | None = None, after: str | None = None
) -> None:
    work.add(
        TicketEvent(
            ticket_id=ticket.id,
            at=work.now,
            member_id=work.actor.member.id if work.actor.member else None,
            what=what,
            before=before,
            after=after,
        )
    )


def show_card(work: Work, ticket: Ticket) -> Reply:
    """A ticket's card as it stands."""
    contact = work.sure(Contact, ticket.contact_id)
    assignee = work.get(Member, ticket.assignee_id)
    return cards.ticket_card(team_voice(work), ticket, contact, assignee, work.now)


def refresh_card(work: Work, ticket: Ticket) -> None:
    """Bring the card at the head of the thread up to date."""
    refresh(work, Subject.TICKET, ticket.id, show_card(work, ticket), line=thread_of(ticket))


def tell_thread(work: Work, ticket: Ticket, key: str, **values: object) -> None:
    """A line of Rapport's own in the thread."""
    words = team_voice(work).words(key, **values)
    post_in_thread(work, ticket.id, Reply((Text(words),)), key=f"ticket:{ticket.id}:{new_id()}")


def set_status(work: Work, ticket: Ticket, status: TicketStatus) -> None:
    """Move a ticket to another status and write it into its history."""
    if ticket.status == status:
        return
    _note(work, ticket, "status", ticket.status, status)
    ticket.status = status


@action(Permission.SERVE, audited=True)
def open_for(
    work: Work, contact: Contact, text: str, priority: Priority = Priority.NORMAL
) -> Ticket:
    """Open a request on behalf of a customer; what staff wrote stays inside."""
    if not text.strip():
        raise Refused("ticket.no_text")
    ticket = open_ticket(work, contact, text, priority)
    member = me(work)
    work.add(
        Interaction(
            contact_id=contact.id,
            ticket_id=ticket.id,
            member_id=member.id,
            channel="slack",
            direction=Direction.NOTE,
            lane=Lane.INTERNAL,
            text=text,
            at=work.now,
        )
    )
    return ticket


@action(Permission.SERVE, audited=True)
def take(work: Work, ticket: Ticket) -> Ticket:
    """Make it mine. Raises Refused when it is already mine or no longer open."""
    member = me(work)
    if not ticket.is_open:
        raise Refused("ticket.not_open", number=ticket.number)
    if ticket.assignee_id == member.id:
        raise Refused("ticket.already_yours", number=ticket.number)
    return assign(work, ticket, member)


@action(Permission.SERVE, audited=True)
def assign(work: Work, ticket: Ticket, member: Member) -> Ticket:
    """Give it to somebody. Raises Refused when it is no longer open."""
    if not ticket.is_open:
        raise Refused("ticket.not_open", number=ticket.number)
    before = work.get(Member, ticket.assignee_id)
    _note(work, ticket, "assigned", before.name if before else None, member.name)
    ticket.assignee_id = member.id
    if ticket.status is TicketStatus.NEW:
        set_status(work, ticket, TicketStatus.OPEN)
    refresh_card(work, ticket)
    tell_thread(work, ticket, "ticket.taken", name=member.name)
    return ticket


@action(Permission.SERVE, audited=True)
def resolve(work: Work, ticket: Ticket) -> Ticket:
    """It is done: both sides are told. Raises Refused when it was done already."""
    if not ticket.is_open:
        raise Refused("ticket.not_open", number=ticket.number)
    set_status(work, ticket, TicketStatus.RESOLVED)
    ticket.resolved_at = work.now
    ticket.snoozed_until = None
    ticket.customer_waits_since = None
    refresh_card(work, ticket)
    tell_thread(work, ticket, "ticket.resolved_by", name=me(work).name)
    contact = work.sure(Contact, ticket.contact_id)
    identity = contacts.telegram_of(work, contact)
    if identity is not None and identity.blocked_at is None:
        reply = Voice(contact.language).reply("customer.resolved", number=ticket.number)
        key = f"ticket:{ticket.id}:resolved:{ticket.version}:{new_id()}"
        say_to_customer(work, identity, reply, key=key)
    return ticket


@action(Permission.SERVE, audited=True)
def reopen(work: Work, ticket: Ticket) -> Ticket:
    """Open a resolved request again."""
    if ticket.is_open:
        raise Refused("ticket.is_open", number=ticket.number)
    open_again(work, ticket)
    tell_thread(work, ticket, "ticket.reopened_by", name=me(work).name)
    return ticket


def open_again(work: Work, ticket: Ticket) -> None:
    """The request is alive again, with whoever had it."""
    set_status(work, ticket, TicketStatus.OPEN)
    ticket.resolved_at = None
    refresh_card(work, ticket)


@action(Permission.SERVE, audited=True)
def snooze(work: Work, ticket: Ticket, until: datetime) -> Ticket:
    """Put it aside until a moment, or until the customer writes."""
    if not ticket.is_open:
        raise Refused("ticket.not_open", number=ticket.number)
    if not work.now < until <= work.now + LONGEST_SNOOZE:
        raise Refused("ticket.snooze_when")
    _note(work, ticket, "snoozed", after=until.isoformat(timespec="minutes"))
    ticket.snoozed_until = until
    set_status(work, ticket, TicketStatus.ON_HOLD)
    refresh_card(work, ticket)
    return ticket


@action(Permission.SYSTEM)
def woken(work: Work) -> list[Ticket]:
    """Tickets whose snooze is over."""
    return tickets.woken(work)


@action(Permission.SYSTEM)
def wake(work: Work, ticket: Ticket) -> None:
    """A snooze is over: the thread is told, and whoever has it."""
    ticket.snoozed_until = None
    if not ticket.is_open:
        return
    set_status(work, ticket, TicketStatus.OPEN)
    refresh_card(work, ticket)
    tell_thread(work, ticket, "ticket.woken")


@action(Permission.SERVE, audited=True)
def set_priority(work: Work, ticket: Ticket, priority: Priority) -> Ticket:
    """Say how pressing it is."""
    _note(work, ticket, "priority", ticket.priority, priority)
    ticket.priority = priority
    refresh_card(work, ticket)
    return ticket


@action(Permission.READ)
def open_list(
    work: Work, assignee: Member | None = None, limit: int = 15
) -> tuple[list[tuple[Ticket, Contact]], int]:
    """Open tickets with whose they are, longest-waiting first, and how many there are in all."""
    found = tickets.open_tickets(work, assignee, limit)
    total = tickets.open_count(work) if assignee is None else len(found)
    return found, total


@action(Permission.READ)
def card(work: Work, ticket: Ticket) -> Reply:
    """A ticket's card as it stands, for a member who asks."""
    return show_card(work, ticket)


@action(Permission.READ)
def numbered(work: Work, number: int) -> Ticket:
    """The ticket of that number. Raises Refused("ticket.unknown")."""
    ticket = tickets.numbered(work, number)
    if ticket is None:
        raise Refused("ticket.unknown", number=number)
    return ticket


@action(Permission.READ)
def latest_of(work: Work, contact: Contact) -> Ticket | None:
    """The newest open ticket of a contact."""
    found = tickets.open_of(work, contact)
    return found[0] if found else None


@action(Permission.ANYONE)
def receive(
    work: Work, contact: Contact, ticket: Ticket | None, subject: str
) -> tuple[Ticket, bool]:
    """The request that a customer's new message belongs to, and whether it is a new one.

    An open one takes it; one that was resolved less than seven days ago opens again; else a new
    one is opened.
    """
    if ticket is not None and ticket.is_open:
        _customer_wrote(work, ticket)
        return ticket, False
    if ticket is not None and ticket.reopens_at(work.now):
        open_again(work, ticket)
        ticket.customer_waits_since = work.now
        tell_thread(work, ticket, "ticket.reopened_by", name=contact.name)
        return ticket, False
    ticket = open_ticket(work, contact, subject, Priority.NORMAL)
    ticket.customer_waits_since = work.now
    return ticket, True


def _customer_wrote(work: Work, ticket: Ticket) -> None:
    if ticket.customer_waits_since is None:
        ticket.customer_waits_since = work.now
    if ticket.status in (TicketStatus.WAITING, TicketStatus.ON_HOLD):
        ticket.snoozed_until = None
        set_status(work, ticket, TicketStatus.OPEN)
        refresh_card(work, ticket)


@action(Permission.ANYONE)
def greet(work: Work, ticket: Ticket, contact: Contact, identity: Identity) -> None:
    """A light receipt for a new request, in the customer's language."""
    if policy(work, "receipt") == "off":
        return
    reply = Voice(contact.language).reply("customer.received", number=ticket.number)
    say_to_customer(work, identity, reply, key=f"ticket:{ticket.id}:receipt")
