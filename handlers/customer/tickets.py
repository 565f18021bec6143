"""A customer's own requests: how they stand, and what they have to say about them."""

from handlers.actions import own_tickets
from handlers.customer.commands import (
    Pressed,
    customer_button,
    customer_command,
    number_in,
    say,
    stale,
)
from handlers.message import (
    BOLD,
    AskWords,
    Button,
    Buttons,
    Incoming,
    Part,
    Reply,
    Text,
    Words,
)
from handlers.texts import Voice
from storage.records import Contact, Identity, Ticket
from storage.work import Work


@customer_command("tickets", also=("requests", "status"))
def tickets(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Open requests and those resolved lately, each with what can be said about it."""
    say(work, incoming, identity, _page(work, contact))


def _page(work: Work, contact: Contact) -> Reply:
    voice = Voice(contact.language)
    found = own_tickets.mine(work, contact)
    if not found:
        return voice.reply("own.none")
    parts: list[Part] = [Text(voice.words("own.title"))]
    for ticket, title in found:
        parts += [Text(_line(voice, ticket, title)), Buttons(_buttons(voice, ticket))]
    return Reply(tuple(parts))


def _line(voice: Voice, ticket: Ticket, title: str) -> Words:
    return (
        (f"#{ticket.number} ", BOLD),
        (f"{title}\n", ""),
        (voice.say(f"own.status.{ticket.status}"), "i"),
    )


def _buttons(voice: Voice, ticket: Ticket) -> tuple[Button, ...]:
    value, number = str(ticket.id), ticket.number
    if not ticket.is_open:
        return (Button(voice.say("own.still_button", number=number), "own.still", value),)
    return (
        Button(voice.say("own.solved_button", number=number), "own.solved", value),
        Button(voice.say("own.add_button", number=number), "own.add", value),
    )


@customer_button("own.still")
def still_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """It is not solved: the team has it again, and asks what is the matter."""
    ticket = own_tickets.of(work, contact, number_in(incoming.value))
    if ticket is None:
        return stale(contact)
    voice = Voice(contact.language)
    own_tickets.still_a_problem(work, ticket, contact)
    asks = Reply(
        (
            Text(voice.words("own.what_is_left", number=ticket.number)),
            AskWords(voice.say("own.placeholder")),
        )
    )
    return Pressed(voice.say("own.reopened", number=ticket.number), also=asks)


@customer_button("own.solved")
def solved_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """It is solved; the team is told, and asks how it was."""
    ticket = own_tickets.of(work, contact, number_in(incoming.value))
    if ticket is None:
        return stale(contact)
    own_tickets.solved(work, ticket, contact)
    words = Voice(contact.language).say("own.is_solved", number=ticket.number)
    return Pressed(words, _page(work, contact))


@customer_button("own.add")
def add_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """What they write next belongs to that request."""
    ticket = own_tickets.of(work, contact, number_in(incoming.value))
    if ticket is None:
        return stale(contact)
    own_tickets.talk_about(work, ticket, contact)
    voice = Voice(contact.language)
    asks = Reply(
        (
            Text(voice.words("own.write_now", number=ticket.number)),
            AskWords(voice.say("own.placeholder")),
        )
    )
    return Pressed(voice.say("own.goes_to", number=ticket.number), keep=True, also=asks)
