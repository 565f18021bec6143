"""Splitting, moving and merging: by command, by a message's shortcut, and by the form behind it."""

import re

from handlers.actions import ticket_moves, tickets
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.message import Button, Buttons, Field, Form, Incoming, Reply, Text
from handlers.team.filling import wrong_beside
from handlers.team.tickets import ticket_form
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Direction, Interaction, Ticket
from storage.work import Work

_INTO = re.compile(r"(?:into|to|with|到|入|进|并入|合并到)?\s*#?(\d{1,9})", re.IGNORECASE)


@command("merge <number> into <number>", also=("合并",), needs=Permission.SERVE)
def merge(work: Work, ticket: Ticket, text: str | None) -> Reply:
    """Make one ticket of two; the second number goes on with what was said in both."""
    found = _INTO.fullmatch((text or "").strip())
    if found is None:
        raise Refused("merge.how")
    into = ticket_moves.merge(work, ticket, tickets.numbered(work, int(found[1])))
    return voice_of(work).reply("merge.done", number=ticket.number, into=into.number)


@form("ticket.from_message")
def from_message(work: Work, incoming: Incoming) -> Reply:
    """The shortcut *Open ticket*: a customer's line gets one of its own, other words a form."""
    return open_from(work, incoming)


def open_from(work: Work, incoming: Incoming) -> Reply:
    """A ticket from any message: a customer's is split off, for others it is asked whose it is."""
    voice = voice_of(work)
    said = ticket_moves.said_at(work, incoming.account, incoming.chat, incoming.message)
    if said is not None and said.direction is Direction.IN:
        opened = ticket_moves.split(work, said)
        return voice.reply("move.split", number=opened.number)
    return Reply(form=ticket_form(voice, "", incoming.text))


@form("ticket.move")
def move_shortcut(work: Work, incoming: Incoming) -> Reply:
    """The shortcut *Move to a ticket*: ask which one."""
    said = ticket_moves.said_at(work, incoming.account, incoming.chat, incoming.message)
    if said is None:
        raise Refused("move.nothing")
    return Reply(form=_move_form(voice_of(work), said))


def _move_form(voice: Voice, said: Interaction) -> Form:
    return Form(
        does="ticket.moved",
        title=voice.say("form.move"),
        submit=voice.say("button.move"),
        cancel=voice.say("button.cancel"),
        fields=(Field("number", voice.say("label.ticket_number"), hint="12"),),
        value=str(said.id),
    )


@form("ticket.moved")
def move_from_form(work: Work, incoming: Incoming, said: Interaction) -> Reply:
    """It is said which one."""
    voice = voice_of(work)
    found = re.fullmatch(r"\s*#?(\d{1,9})\s*", incoming.fields.get("number", ""))
    if found is None:
        return Reply(wrong={"number": voice.say("move.number")})
    try:
        ticket = ticket_moves.move(work, said, tickets.numbered(work, int(found[1])))
    except Refused as refused:
        return wrong_beside(work, "number", refused)
    return voice.reply("move.moved", number=ticket.number)


@button("ticket.split")
def split_pressed(work: Work, said: Interaction) -> Reply:
    """Open a ticket of its own from a customer's line."""
    opened = ticket_moves.split(work, said)
    return voice_of(work).reply("move.split", number=opened.number)


@button("ticket.whose")
def whose_pressed(work: Work) -> Reply:
    """Ask whose ticket it is to be."""
    return Reply(form=ticket_form(voice_of(work), "", ""))


def ask_whose(voice: Voice) -> Reply:
    """An emoji cannot open a form: a button can."""
    words = Text(voice.words("move.whose"))
    return Reply((words, Buttons((Button(voice.say("button.open_ticket"), "ticket.whose"),))))
