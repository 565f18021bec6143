"""Commands and buttons about requests: open, list, take, resolve, put aside."""

from handlers.actions import owners, tickets
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.handover import away_words
from handlers.command import button, command, form
from handlers.grammar import numbers_in
from handlers.message import Button, Buttons, Field, Form, Hint, Incoming, Reply, Text
from handlers.team.filling import Filled, contact_field
from handlers.team.ticket_lists import resolved_all
from handlers.texts import Voice
from storage.records import Contact, Member, Priority, Ticket
from storage.work import Work


@command("ticket <contact> <text> [!high]", also=("工单",), needs=Permission.SERVE)
def ticket(
    work: Work, contact: Contact | None, text: str | None, priority: Priority | None
) -> Reply:
    """Open a ticket for a customer; what you write stays inside. Alone it opens a form."""
    if contact is None:
        return Reply(form=ticket_form(voice_of(work), "", text or ""))
    if not text:
        return Reply(form=ticket_form(voice_of(work), contact.name, ""))
    opened = tickets.open_for(work, contact, text, priority or Priority.NORMAL)
    return voice_of(work).reply("ticket.opened", number=opened.number, name=contact.name)


def ticket_form(voice: Voice, name: str, text: str, source: str = "") -> Form:
    """The form of a new ticket: whose, and what it is about; `source` is where it was said."""
    return Form(
        does="ticket.open",
        title=voice.say("form.ticket"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(
            contact_field(voice, name),
            Field("text", voice.say("label.what"), text, long=True),
        ),
        value=source,
    )


@form("ticket.open")
def open_from_form(work: Work, incoming: Incoming) -> Reply:
    """The form of a new ticket is filled in."""
    filled = Filled(work, incoming)
    contact = filled.contact()
    if contact is None:
        return Reply(wrong=filled.wrong)
    return ticket(work, contact, filled.said.get("text") or "–", None)


@button("ticket.form")
def form_pressed(work: Work, contact: Contact) -> Reply:
    """Ask what a new ticket of a contact is about."""
    return Reply(form=ticket_form(voice_of(work), contact.name, ""))


@command("ticket <number>", also=("工单",))
def ticket_shown(work: Work, ticket: Ticket) -> Reply:
    """A ticket's card."""
    return Reply(tickets.card(work, ticket).parts)


@button("ticket.show")
def show_pressed(work: Work, ticket: Ticket) -> Reply:
    """Open a ticket's card."""
    return ticket_shown(work, ticket)


@command("take <number>", also=("接手",), needs=Permission.SERVE)
def take(work: Work, ticket: Ticket) -> Reply:
    """Make a ticket yours."""
    holder = owners.holder(work, ticket)
    if holder is not None:
        return _has_it(work, ticket, holder)
    taken = owners.take(work, ticket)
    return voice_of(work).reply("ticket.yours", number=taken.number)


def _has_it(work: Work, ticket: Ticket, holder: Member) -> Reply:
    """Somebody was quicker: taking it over is a step of its own."""
    voice = voice_of(work)
    words = Text(voice.words("ticket.has_it", number=ticket.number, name=holder.name))
    over = Button(voice.say("button.take_over"), "ticket.take_over", str(ticket.id))
    return Reply((words, Buttons((over,))))


@button("ticket.take")
def take_pressed(work: Work, ticket: Ticket) -> Reply | None:
    """The card and the thread show who has it."""
    holder = owners.holder(work, ticket)
    if holder is not None:
        return _has_it(work, ticket, holder)
    owners.take(work, ticket)
    return None


@button("ticket.take_over")
def take_over_pressed(work: Work, ticket: Ticket) -> Reply:
    """Take it from whoever has it."""
    owners.take(work, ticket, over=True)
    words = voice_of(work).words("ticket.yours", number=ticket.number)
    return Reply((Text(words),), instead=True)


@command("assign <number> <member>", also=("分配",), needs=Permission.SERVE)
def assign(work: Work, ticket: Ticket, member: Member) -> Reply:
    """Give a ticket to a colleague."""
    owners.assign(work, ticket, member)
    voice = voice_of(work)
    reply = voice.reply("ticket.assigned", number=ticket.number, name=member.name)
    if not member.is_away(work.now):
        return reply
    away = voice.words("away.theirs", name=member.name, away=away_words(voice, member))
    return Reply((*reply.parts, Hint(away)))


@command("resolve <number…>", also=("done", "解决"), needs=Permission.SERVE)
def resolve(work: Work, ticket: Ticket, text: str | None) -> Reply:
    """It is done; the customer is told. Several numbers are several tickets."""
    others = numbers_in(text or "")
    if others:
        return resolved_all(work, [ticket.number, *others])
    tickets.resolve(work, ticket)
    return voice_of(work).reply("ticket.resolved", number=ticket.number)


@command("close <number>", also=("关闭",), needs=Permission.SERVE)
def close(work: Work, ticket: Ticket) -> Reply:
    """It is over for good: what the customer writes next is a new ticket."""
    tickets.close(work, ticket)
    return voice_of(work).reply("ticket.closed", number=ticket.number)


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
