"""How tickets look in a chat."""

from datetime import datetime

from handlers.cards.lines import shortened
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Line,
    Look,
    Part,
    Quote,
    Reply,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Contact,
    Member,
    Priority,
    Ticket,
    TicketStatus,
)


def ticket_card(
    voice: Voice, ticket: Ticket, contact: Contact, assignee: Member | None, now: datetime
) -> Reply:
    """The card at the head of a ticket's thread."""
    parts: list[Part] = [
        Heading(f"#{ticket.number} · {contact.name}"),
        Quote(shortened(ticket.subject, 256)),
        Facts(tuple(_ticket_facts(voice, ticket, contact, assignee))),
        Buttons(tuple(_ticket_buttons(voice, ticket, assignee))),
    ]
    return Reply(tuple(parts), for_all=True)


def _ticket_facts(
    voice: Voice, ticket: Ticket, contact: Contact, assignee: Member | None
) -> list[tuple[str, Words]]:
    status = voice.say(f"status.{ticket.status}")
    if ticket.snoozed_until is not None and ticket.is_open:
        status = voice.say("ticket.snoozed_until", until=ticket.snoozed_until)
    facts = [
        (voice.say("label.status"), plain(f"{_MARK[ticket.status]} {status}")),
        (
            voice.say("label.assignee"),
            plain(assignee.name if assignee else voice.say("ticket.nobody")),
        ),
        (voice.say("label.language"), plain(voice.say(f"language.{contact.language}"))),
        (voice.say("label.opened"), plain(voice.moment(ticket.opened_at))),
    ]
    if ticket.priority is not Priority.NORMAL:
        facts.append((voice.say("label.priority"), plain(voice.say(f"priority.{ticket.priority}"))))
    if contact.company:
        facts.append((voice.say("label.company"), plain(contact.company)))
    return facts


_MARK = {
    TicketStatus.NEW: "🆕",
    TicketStatus.OPEN: "🟢",
    TicketStatus.WAITING: "💬",
    TicketStatus.ON_HOLD: "⏸️",
    TicketStatus.RESOLVED: "✅",
    TicketStatus.CLOSED: "✅",
}


def _ticket_buttons(voice: Voice, ticket: Ticket, assignee: Member | None) -> list[Button]:
    value = str(ticket.id)
    customer = Button(voice.say("button.customer"), "contact.show", str(ticket.contact_id))
    if not ticket.is_open:
        return [Button(voice.say("button.reopen"), "ticket.reopen", value), customer]
    buttons = [
        Button(voice.say("button.resolve"), "ticket.resolve", value),
        Button(voice.say("button.snooze"), "ticket.snooze", value),
        customer,
    ]
    if assignee is None:
        buttons.insert(0, Button(voice.say("button.take"), "ticket.take", value, Look.PRIMARY))
    return buttons


def ticket_line(voice: Voice, ticket: Ticket, contact: Contact, now: datetime) -> Line:
    """A ticket in a list."""
    waits = ticket.customer_waits_since
    state = (
        voice.say("ticket.waits_for", length=now - waits)
        if waits is not None
        else voice.say(f"status.{ticket.status}")
    )
    urgent = (
        f" · {voice.say(f'priority.{ticket.priority}')}" if ticket.priority in _PRESSING else ""
    )
    words: Words = (
        (f"#{ticket.number} {contact.name}", BOLD),
        (f" — {shortened(ticket.subject, 80)}\n{_MARK[ticket.status]} {state}{urgent}", ""),
    )
    return Line(words, Button(voice.say("button.open"), "ticket.show", str(ticket.id)))


_PRESSING = (Priority.HIGH, Priority.URGENT)
