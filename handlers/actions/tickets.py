"""Requests: opened, taken, answered, put aside, resolved, opened again."""

from datetime import datetime, timedelta

from handlers import cards
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import (
    SUPPORT,
    channel_of,
    post,
    post_in_thread,
    refresh,
    say_to_customer,
    tell,
)
from handlers.actions.policies import policy, settled, team_voice
from handlers.actions.routing import default_channel
from handlers.actions.service_levels import keep_time
from handlers.actions.surveys import say_resolved
from handlers.actions.ticket_history import note, tell_watchers_of_words
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
    OutboxRow,
    Priority,
    Subject,
    Ticket,
    TicketStatus,
    Urgency,
)
from storage.work import Work

LONGEST_SNOOZE = timedelta(days=366)


def thread_of(ticket: Ticket) -> str:
    """The outbox line of a ticket's thread: what is posted there keeps its order."""
    return f"slack:ticket:{ticket.id}"


def lines_of(ticket: Ticket) -> tuple[str, ...]:
    """Every outbox line that a ticket has: its thread, its head, the way its card changes."""
    thread = thread_of(ticket)
    return thread, f"{thread}:card", f"{thread}:retold", f"{thread}:shows"


def open_ticket(
    work: Work, contact: Contact, subject: str, priority: Priority, *, waits: bool = False
) -> Ticket:
    """Open a request and its thread in the support channel; the contact's words go there now.

    `waits`: the customer has asked for it, and waits for an answer from now on.
    """
    ticket = work.add(
        Ticket(
            number=house.next_number(work, "ticket"),
            contact_id=contact.id,
            subject=cards.shortened(subject, 256),
            priority=priority,
            channel=default_channel(work),
            opened_at=work.now,
            customer_waits_since=work.now if waits else None,
        )
    )
    keep_time(work, ticket)
    note(work, ticket, "opened")
    contact.ticket_id = ticket.id
    # In the thread's own line: what goes into the thread waits until the card stands.
    post_card(work, ticket, thread_of(ticket), key=f"ticket:{ticket.id}:card")
    return ticket


def post_card(work: Work, ticket: Ticket, line: str, key: str) -> OutboxRow:
    """Begin a thread for a ticket, in its channel."""
    return post(
        work,
        channel_of(work, ticket.id),
        show_card(work, ticket),
        key=key,
        subject=Subject.TICKET,
        subject_id=ticket.id,
        line=line,
        urgency=Urgency.REPLY,
    )


def show_card(work: Work, ticket: Ticket) -> Reply:
    """A ticket's card as it stands."""
    contact = work.sure(Contact, ticket.contact_id)
    assignee = work.get(Member, ticket.assignee_id)
    channel = ticket.channel or SUPPORT
    lane = Lane(settled(work, "lane", channel))
    silent = settled(work, "threads", channel) == "alerts"
    voice = team_voice(work)
    return cards.ticket_card(voice, ticket, contact, assignee, work.now, lane, only_alerts=silent)


def refresh_card(work: Work, ticket: Ticket) -> None:
    """Bring the card at the head of the thread up to date, and the clocks that it shows."""
    keep_time(work, ticket)
    chat = channel_of(work, ticket.id)
    # Not in the thread's line: Slack takes fewer changes than words, and words must not wait.
    reply, line = show_card(work, ticket), f"{thread_of(ticket)}:shows"
    refresh(work, Subject.TICKET, ticket.id, reply, line=line, chat=chat)


def tell_thread(work: Work, ticket: Ticket, key: str, **values: object) -> None:
    """A line of Rapport's own in the thread."""
    words = team_voice(work).words(key, **values)
    post_in_thread(work, ticket.id, Reply((Text(words),)), key=f"ticket:{ticket.id}:{new_id()}")


def set_status(work: Work, ticket: Ticket, status: TicketStatus) -> None:
    """Move a ticket to another status and write it into its history."""
    if ticket.status == status:
        return
    note(work, ticket, "status", ticket.status, status)
    ticket.status = status
    keep_time(work, ticket)


def set_waiting(work: Work, ticket: Ticket, since: datetime | None) -> None:
    """Since when the customer waits for an answer; None: it is their turn."""
    ticket.customer_waits_since = since
    keep_time(work, ticket)


@action(Permission.SERVE, audited=True)
def open_for(
    work: Work, contact: Contact, text: str, priority: Priority = Priority.NORMAL
) -> Ticket:
    """Open a request on behalf of a customer; what staff wrote stays inside."""
    if not text.strip():
        raise Refused("ticket.no_text")
    current = work.get(Ticket, contact.ticket_id)
    ticket = open_ticket(work, contact, text, priority)
    if current is not None and current.is_open:
        # Their words go on where they are until somebody writes to them in the new thread.
        contact.ticket_id = current.id
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


def name_of(work: Work, member_id: int | None) -> str:
    """A member's name; a dash for nobody."""
    member = work.get(Member, member_id)
    return member.name if member else "–"


def must_be_open(ticket: Ticket) -> None:
    """Raises Refused when nothing is to be done about it any more."""
    if not ticket.is_open:
        raise Refused("ticket.not_open", number=ticket.number)


def tell_of_ticket(work: Work, ticket: Ticket, member: Member, key: str, **values: object) -> None:
    """Tell a member something about a ticket in a direct message, with a button to open it."""
    contact = work.sure(Contact, ticket.contact_id)
    voice = Voice(member.language, member.zone)
    line = cards.ticket_line(voice, ticket, contact, work.now)
    reply = Reply((Text(voice.words(key, **values)), line))
    told = f"ticket:{ticket.id}:told:{new_id()}"
    tell(work, member, reply, key=told, urgency=Urgency.SERVICE)


@action(Permission.SERVE, audited=True)
def resolve(work: Work, ticket: Ticket) -> Ticket:
    """It is done: both sides are told. Raises Refused when it was done already."""
    if not ticket.is_open:
        raise Refused("ticket.not_open", number=ticket.number)
    end(work, ticket, TicketStatus.RESOLVED)
    tell_thread(work, ticket, "ticket.resolved_by", name=me(work).name)
    contact = work.sure(Contact, ticket.contact_id)
    identity = contacts.telegram_of(work, contact, ticket.id)
    if identity is not None and identity.blocked_at is None:
        say_resolved(work, ticket, contact, identity)
    return ticket


def end(work: Work, ticket: Ticket, status: TicketStatus) -> None:
    """Nothing is to be done about it any more; what its customer says goes to another open one."""
    set_status(work, ticket, status)
    ticket.resolved_at = ticket.resolved_at or work.now
    ticket.snoozed_until = None
    ticket.customer_waits_since = None
    contact = work.sure(Contact, ticket.contact_id)
    if contact.ticket_id == ticket.id:
        liveliest = tickets.liveliest(work, contact)
        contact.ticket_id = ticket.id if liveliest is None else liveliest.id
    refresh_card(work, ticket)


@action(Permission.SERVE, audited=True)
def close(work: Work, ticket: Ticket) -> Ticket:
    """It is over for good: what the customer says next is a new request.

    Raises Refused when it is closed already. An open one is resolved first, so the customer is
    told.
    """
    if ticket.status is TicketStatus.CLOSED:
        raise Refused("ticket.is_closed", number=ticket.number)
    if ticket.is_open:
        resolve(work, ticket)
    end(work, ticket, TicketStatus.CLOSED)
    return ticket


@action(Permission.SYSTEM)
def close_old(work: Work, limit: int) -> int:
    """Close what has been resolved for some days; how many there were."""
    days = timedelta(days=policy(work, "close_days"))
    old = tickets.resolved_before(work, work.now - days, limit)
    for ticket in old:
        end(work, ticket, TicketStatus.CLOSED)
    return len(old)


@action(Permission.SERVE, audited=True)
def reopen(work: Work, ticket: Ticket) -> Ticket:
    """Open a resolved request again."""
    if ticket.is_open:
        raise Refused("ticket.is_open", number=ticket.number)
    into = work.get(Ticket, ticket.merged_into_id)
    if into is not None:
        raise Refused("ticket.went_into", number=ticket.number, into=into.number)
    open_again(work, ticket)
    tell_thread(work, ticket, "ticket.reopened_by", name=me(work).name)
    return ticket


def open_again(work: Work, ticket: Ticket) -> None:
    """The request is alive again, with whoever had it."""
    set_status(work, ticket, TicketStatus.OPEN)
    ticket.resolved_at = None
    work.sure(Contact, ticket.contact_id).ticket_id = ticket.id
    refresh_card(work, ticket)


@action(Permission.SERVE, audited=True)
def snooze(work: Work, ticket: Ticket, until: datetime | None) -> Ticket:
    """Put it aside until a moment, or until the customer writes; with None only until then."""
    must_be_open(ticket)
    if until is None:
        note(work, ticket, "held")
        ticket.snoozed_until = None
        set_status(work, ticket, TicketStatus.ON_HOLD)
        refresh_card(work, ticket)
        return ticket
    if not work.now < until <= work.now + LONGEST_SNOOZE:
        raise Refused("ticket.snooze_when")
    note(work, ticket, "snoozed", after=until.isoformat(timespec="minutes"))
    ticket.snoozed_until = until
    set_status(work, ticket, TicketStatus.ON_HOLD)
    refresh_card(work, ticket)
    return ticket


@action(Permission.SYSTEM)
def woken(work: Work, limit: int) -> list[Ticket]:
    """Tickets whose snooze is over."""
    return tickets.woken(work, limit)


@action(Permission.SYSTEM)
def wake(work: Work, ticket: Ticket) -> None:
    """A snooze is over: the thread is told, and whoever has it."""
    ticket.snoozed_until = None
    if not ticket.is_open:
        return
    set_status(work, ticket, TicketStatus.OPEN)
    refresh_card(work, ticket)
    tell_thread(work, ticket, "ticket.woken")
    member = work.get(Member, ticket.assignee_id)
    if member is not None and member.active:
        tell_of_ticket(work, ticket, member, "ticket.woken_yours")


@action(Permission.SERVE, audited=True)
def set_priority(work: Work, ticket: Ticket, priority: Priority) -> Ticket:
    """Say how pressing it is."""
    if ticket.priority is priority:
        return ticket
    note(work, ticket, "priority", ticket.priority, priority)
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


@action(Permission.ANYONE)
def receive(
    work: Work, contact: Contact, ticket: Ticket | None, subject: str
) -> tuple[Ticket, bool]:
    """The request that a customer's new message belongs to, and whether it is a new one.

    An open one takes it; one that was resolved a few days ago (a policy) opens again; else a new
    one is opened.
    """
    if ticket is not None and ticket.is_open:
        if ticket.watchers:
            tell_watchers_of_words(work, ticket, contact.name, subject)
        _customer_wrote(work, ticket)
        return ticket, False
    if ticket is not None and reopens(work, ticket):
        open_again(work, ticket)
        set_waiting(work, ticket, work.now)
        tell_thread(work, ticket, "ticket.reopened_by", name=contact.name)
        return ticket, False
    return open_ticket(work, contact, subject, Priority.NORMAL, waits=True), True


def reopens(work: Work, ticket: Ticket) -> bool:
    """Whether new words of its customer open it again."""
    within = timedelta(days=policy(work, "reopen_days"))
    return ticket.reopens_at(work.now, within)


@action(Permission.ANYONE)
def meant(work: Work, contact: Contact, last: Ticket | None, said: Interaction) -> Ticket | None:
    """The request that a message is about: the one of the words it replies to, else the last.

    A reply to words of a request that is over says nothing about where it belongs.
    """
    if said.ticket_id is None or said.contact_id != contact.id:
        return last
    ticket = survivor(work, work.sure(Ticket, said.ticket_id))
    if not ticket.is_open and not reopens(work, ticket):
        return last
    contact.ticket_id = ticket.id
    return ticket


def survivor(work: Work, ticket: Ticket) -> Ticket:
    """Where a request lives on: itself, or what it was merged into."""
    while ticket.merged_into_id is not None:
        ticket = work.sure(Ticket, ticket.merged_into_id)
    return ticket


def _customer_wrote(work: Work, ticket: Ticket) -> None:
    if ticket.customer_waits_since is None:
        set_waiting(work, ticket, work.now)
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
