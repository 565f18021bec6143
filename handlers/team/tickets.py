"""Commands and buttons about requests: open, list, take, resolve, put aside."""

from datetime import datetime, timedelta

from handlers import cards
from handlers.actions import moments, tickets
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.message import Button, Buttons, Part, Reply, Text
from handlers.texts import Voice
from handlers.when import When
from storage.records import Contact, Member, Priority, Ticket
from storage.work import Work


@command("ticket <contact> <text> [!high]", also=("工单",), needs=Permission.SERVE)
def ticket(work: Work, contact: Contact, text: str, priority: Priority | None) -> Reply:
    """Open a ticket for a customer; what you write stays inside."""
    opened = tickets.open_for(work, contact, text, priority or Priority.NORMAL)
    return voice_of(work).reply("ticket.opened", number=opened.number, name=contact.name)


@command("ticket <number>")
def ticket_shown(work: Work, ticket: Ticket) -> Reply:
    """A ticket's card."""
    return Reply(tickets.card(work, ticket).parts)


@button("ticket.show")
def show_pressed(work: Work, ticket: Ticket) -> Reply:
    """Open a ticket's card."""
    return ticket_shown(work, ticket)


@command("tickets", also=("工单列表",))
def open_tickets(work: Work) -> Reply:
    """All open tickets, who has waited longest first."""
    voice = voice_of(work)
    found, total = tickets.open_list(work)
    if not found:
        return voice.reply("tickets.none")
    parts: list[Part] = [Text(voice.words("tickets.title", count=total))]
    parts += [cards.ticket_line(voice, each, contact, work.now) for each, contact in found]
    return Reply(tuple(parts))


@command("take <number>", also=("接手",), needs=Permission.SERVE)
def take(work: Work, ticket: Ticket) -> Reply:
    """Make a ticket yours."""
    taken = tickets.take(work, ticket)
    return voice_of(work).reply("ticket.yours", number=taken.number)


@button("ticket.take")
def take_pressed(work: Work, ticket: Ticket) -> None:
    """The card and the thread show who has it."""
    tickets.take(work, ticket)


@command("assign <number> <member>", also=("分配",), needs=Permission.SERVE)
def assign(work: Work, ticket: Ticket, member: Member) -> Reply:
    """Give a ticket to a colleague."""
    tickets.assign(work, ticket, member)
    return voice_of(work).reply("ticket.assigned", number=ticket.number, name=member.name)


@command("resolve <number>", also=("close", "done", "解决", "关闭"), needs=Permission.SERVE)
def resolve(work: Work, ticket: Ticket) -> Reply:
    """It is done; the customer is told."""
    tickets.resolve(work, ticket)
    return voice_of(work).reply("ticket.resolved", number=ticket.number)


@button("ticket.resolve")
def resolve_pressed(work: Work, ticket: Ticket) -> None:
    """The card, the thread and the customer show it."""
    tickets.resolve(work, ticket)


@command("reopen <number>", also=("重开",), needs=Permission.SERVE)
def reopen(work: Work, ticket: Ticket) -> Reply:
    """Open a resolved ticket again."""
    tickets.reopen(work, ticket)
    return voice_of(work).reply("ticket.reopened", number=ticket.number)


@button("ticket.reopen")
def reopen_pressed(work: Work, ticket: Ticket) -> None:
    """The card and the thread show it."""
    tickets.reopen(work, ticket)


@command("priority <number> <!high>", also=("优先级",), needs=Permission.SERVE)
def priority(work: Work, ticket: Ticket, priority: Priority) -> Reply:
    """Say how pressing a ticket is: !low, !normal, !high, !urgent."""
    tickets.set_priority(work, ticket, priority or Priority.HIGH)
    return voice_of(work).reply("ticket.priority_set", number=ticket.number)


@command("snooze <number> <when>", also=("暂停",), needs=Permission.SERVE)
def snooze(work: Work, ticket: Ticket, when: When) -> Reply:
    """Put a ticket aside until then, or until its customer writes."""
    zone = moments.zone_named(work.actor.zone)
    tickets.snooze(work, ticket, moments.instant(when.wall, zone))
    voice = voice_of(work)
    return voice.reply("ticket.snoozed", number=ticket.number, until=ticket.snoozed_until)


@button("ticket.snooze")
def snooze_pressed(work: Work, ticket: Ticket) -> Reply:
    """Ask until when."""
    voice = voice_of(work)
    words = Text(voice.words("ticket.snooze_how_long", number=ticket.number))
    return Reply((words, snooze_choices(voice, "ticket.snooze_for", str(ticket.id))))


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
    until = moments.instant(snooze_wall(work, value.partition(":")[2]), zone)
    tickets.snooze(work, ticket, until)
    words = voice_of(work).words("ticket.snoozed", number=ticket.number, until=until)
    return Reply((Text(words),), instead=True)
