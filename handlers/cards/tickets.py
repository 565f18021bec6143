"""How tickets look in a chat."""

from datetime import datetime

from handlers.cards.dues import due_in, due_words
from handlers.cards.lines import shortened
from handlers.cards.satisfaction import face
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Contact,
    Lane,
    Member,
    Priority,
    Ticket,
    TicketStatus,
)


def ticket_card(
    voice: Voice,
    ticket: Ticket,
    contact: Contact,
    assignee: Member | None,
    now: datetime,
    lane: Lane = Lane.CUSTOMER,
    *,
    only_alerts: bool = False,
) -> Reply:
    """The card at the head of a ticket's thread; it says which lane plain text takes there."""
    shown = "alerts" if only_alerts else lane
    parts: list[Part] = [
        Heading(f"#{ticket.number} · {contact.name}"),
        Quote(shortened(ticket.subject, 256)),
        Facts(tuple(_ticket_facts(voice, ticket, contact, assignee, now))),
        Buttons(tuple(_ticket_buttons(voice, ticket, assignee))),
        Hint(voice.words(f"lane.shown_{shown}", name=contact.name)),
    ]
    return Reply(tuple(parts), for_all=True)


def _ticket_facts(
    voice: Voice, ticket: Ticket, contact: Contact, assignee: Member | None, now: datetime
) -> list[tuple[str, Words]]:
    status = voice.say(f"status.{ticket.status}")
    if ticket.snoozed_until is not None and ticket.is_open:
        status = voice.say("ticket.snoozed_until", until=ticket.snoozed_until)
    elif ticket.status is TicketStatus.ON_HOLD:
        status = voice.say("ticket.until_reply")
    elif ticket.merged_into_id is not None:
        status = voice.say("ticket.merged_into")
    facts = [
        (voice.say("label.status"), plain(f"{_MARK[ticket.status]} {status}")),
        (
            voice.say("label.assignee"),
            plain(assignee.name if assignee else voice.say("ticket.nobody")),
        ),
        (voice.say("label.language"), plain(voice.tongue(contact.language))),
        (voice.say("label.opened"), plain(voice.moment(ticket.opened_at))),
    ]
    due = due_words(voice, ticket, now) if ticket.is_open else None
    if due is not None:
        facts.append((voice.say("label.due"), plain(due)))
    if ticket.csat is not None:
        facts.append((voice.say("label.csat"), plain(f"{face(ticket.csat)} {ticket.csat}")))
    if ticket.priority is not Priority.NORMAL:
        facts.append((voice.say("label.priority"), plain(voice.say(f"priority.{ticket.priority}"))))
    if ticket.category:
        facts.append((voice.say("label.category"), plain(ticket.category)))
    if contact.unreachable_at is not None:
        facts.append((voice.say("label.telegram"), plain(voice.say("customer.blocks_us"))))
    if contact.source:
        key = f"identity.{contact.source}"
        source = voice.say(key) if voice.knows(key) else contact.source
        facts.append((voice.say("label.source"), plain(source)))
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
    if ticket.merged_into_id is not None:
        into = str(ticket.merged_into_id)
        return [Button(voice.say("button.open"), "ticket.show", into), customer]
    if not ticket.is_open:
        return [Button(voice.say("button.reopen"), "ticket.reopen", value), customer]
    buttons = [
        Button(voice.say("button.resolve"), "ticket.resolve", value),
        Button(voice.say("button.snooze"), "ticket.snooze", value),
        customer,
        Button(voice.say("button.more"), "ticket.more", value),
    ]
    if assignee is None:
        buttons.insert(0, Button(voice.say("button.take"), "ticket.take", value, Look.PRIMARY))
    return buttons


def linked_ticket(voice: Voice, ticket: Ticket, contact: Contact, assignee: Member | None) -> Reply:
    """What a link to a ticket shows: how it stands, whose it is, and two things to do."""
    status = f"{_MARK[ticket.status]} {voice.say(f'status.{ticket.status}')}"
    owner = assignee.name if assignee else voice.say("ticket.nobody")
    words: Words = (
        (f"#{ticket.number} · {contact.name}", BOLD),
        (f" — {shortened(ticket.subject, 120)}\n{status} · {voice.say('label.assignee')}: ", ""),
        (owner, ""),
    )
    value = str(ticket.id)
    buttons = [Button(voice.say("button.open"), "ticket.show", value)]
    if ticket.is_open and assignee is None:
        buttons.append(Button(voice.say("button.take"), "ticket.take", value, Look.PRIMARY))
    elif ticket.is_open:
        buttons.append(Button(voice.say("button.resolve"), "ticket.resolve", value))
    else:
        buttons.append(Button(voice.say("button.reopen"), "ticket.reopen", value))
    return Reply((Text(words), Buttons(tuple(buttons))))


def ticket_line(voice: Voice, ticket: Ticket, contact: Contact, now: datetime) -> Line:
    """A ticket in a list."""
    waits = ticket.customer_waits_since
    state = (
        voice.say("ticket.waits_for", length=now - waits)
        if waits is not None
        else voice.say(f"status.{ticket.status}")
    )
    due = due_in(voice, ticket, now)
    if due is not None and ticket.is_open:
        state += f" · {due}"
    urgent = (
        f" · {voice.say(f'priority.{ticket.priority}')}" if ticket.priority in _PRESSING else ""
    )
    words: Words = (
        (f"#{ticket.number} {contact.name}", BOLD),
        (f" — {shortened(ticket.subject, 80)}\n{_MARK[ticket.status]} {state}{urgent}", ""),
    )
    return Line(words, Button(voice.say("button.open"), "ticket.show", str(ticket.id)))


_PRESSING = (Priority.HIGH, Priority.URGENT)
