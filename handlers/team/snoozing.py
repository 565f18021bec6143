"""Putting something aside: until a moment, or a ticket until its customer writes."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.actions import moments, tickets
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.message import Button, Buttons, Field, Form, Incoming, Reply, Text
from handlers.team.dates import from_field
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from handlers.when import When
from storage.errors import Refused
from storage.records import Ticket
from storage.work import Work

_UNTIL_REPLY = re.compile(r"repl|answer|write|客户|回复|答复|来信", re.IGNORECASE)
MONDAY = 0


@command("snooze <number> <when|until reply>", also=("暂停", "搁置"), needs=Permission.SERVE)
def snooze(work: Work, ticket: Ticket, when: When | None, text: str | None) -> Reply:
    """Put a ticket aside until then, or until its customer writes."""
    if when is not None:
        return _put_aside(work, ticket, _instant(work, when))
    if text and not _UNTIL_REPLY.search(text):
        raise Refused("command.no_when", usage="/crm snooze 12 tomorrow 9:00")
    return _put_aside(work, ticket, None) if text else _asked(work, ticket)


@command("hold <number>", also=("挂起",), needs=Permission.SERVE)
def hold(work: Work, ticket: Ticket) -> Reply:
    """Put a ticket on hold until its customer writes."""
    return _put_aside(work, ticket, None)


def _instant(work: Work, when: When) -> datetime:
    return moments.instant(when.wall, moments.zone_named(work.actor.zone))


def _put_aside(work: Work, ticket: Ticket, until: datetime | None) -> Reply:
    tickets.snooze(work, ticket, until)
    voice = voice_of(work)
    if until is None:
        return voice.reply("ticket.held", number=ticket.number)
    return voice.reply("ticket.snoozed", number=ticket.number, until=until)


@button("ticket.snooze")
def snooze_pressed(work: Work, ticket: Ticket) -> Reply:
    """Ask until when."""
    return _asked(work, ticket)


def _asked(work: Work, ticket: Ticket) -> Reply:
    voice = voice_of(work)
    words = Text(voice.words("ticket.snooze_how_long", number=ticket.number))
    return Reply((words, ticket_choices(voice, str(ticket.id))))


def ticket_choices(voice: Voice, value: str) -> Buttons:
    """The usual moments, until the customer writes, and another one."""
    chosen = tuple(
        Button(voice.say(f"snooze.{name}"), "ticket.snooze_for", f"{value}:{name}")
        for name in ("hour", "tomorrow", "monday", "reply")
    )
    return Buttons((*chosen, Button(voice.say("snooze.other"), "ticket.snooze_other", value)))


def snooze_instant(now: datetime, zone: ZoneInfo, name: str) -> datetime | None:
    """The moment that one of the usual choices means; None is until the customer writes."""
    local = now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    morning = local.replace(hour=9, minute=0)
    match name:
        case "reply":
            return None
        case "tomorrow":
            return moments.instant(morning + timedelta(days=1), zone)
        case "monday":
            days = (MONDAY - local.weekday()) % 7 or 7
            return moments.instant(morning + timedelta(days=days), zone)
    return now.replace(second=0, microsecond=0) + timedelta(hours=1)


def snooze_choices(voice: Voice, does: str, value: str) -> Buttons:
    """The usual lengths to put something aside for."""
    return Buttons(
        tuple(
            Button(voice.say(f"snooze.{name}"), does, f"{value}:{name}")
            for name in ("hour", "evening", "tomorrow", "week")
        )
    )


def snooze_wall(work: Work, name: str) -> datetime:
    """The wall time (naive, of whoever acts) that one of the usual lengths means."""
    local = work.now.astimezone(moments.zone_named(work.actor.zone)).replace(tzinfo=None)
    whole = local.replace(second=0, microsecond=0)
    morning = whole.replace(hour=9, minute=0)
    match name:
        case "evening" if whole.hour < 17:
            return whole.replace(hour=17, minute=0)
        case "tomorrow" | "evening":
            return morning + timedelta(days=1)
        case "week":
            return morning + timedelta(days=7)
    return whole + timedelta(hours=1)


@button("ticket.snooze_for")
def snooze_chosen(work: Work, ticket: Ticket, value: str) -> Reply:
    """Put it aside for one of the usual lengths."""
    zone = moments.zone_named(work.actor.zone)
    until = snooze_instant(work.now, zone, value.partition(":")[2])
    return Reply(_put_aside(work, ticket, until).parts, instead=True)


@button("ticket.snooze_other")
def other_pressed(work: Work, ticket: Ticket) -> Reply:
    """Ask for another moment."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="ticket.snooze",
            title=voice.say("form.snooze"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(Field("when", voice.say("label.when"), hint=voice.say("hint.when")),),
            value=str(ticket.id),
        )
    )


@form("ticket.snooze")
def snooze_from_form(work: Work, incoming: Incoming, ticket: Ticket) -> Reply:
    """Another moment is filled in."""
    try:
        when = from_field(work, incoming.fields.get("when", ""))
    except Refused as refused:
        return wrong_beside(work, "when", refused)
    return _put_aside(work, ticket, _instant(work, when))
