"""What else one can do with a ticket, behind the card's *More* button."""

from handlers.actions import handover, members, owners
from handlers.actions.policies import voice_of
from handlers.command import button
from handlers.message import Button, Buttons, Reply, Text
from handlers.team import filing
from handlers.team.tickets import close, ticket_form
from storage.records import Contact, Member, Ticket
from storage.work import Work

MOST_COLLEAGUES = 15


@button("ticket.more")
def more_pressed(work: Work, ticket: Ticket) -> Reply:
    """The rest of what can be done."""
    voice, value = voice_of(work), str(ticket.id)
    names = ("assign", "file", "watch", "history", "close")
    buttons = tuple(Button(voice.say(f"button.{n}"), f"ticket.{n}", value) for n in names)
    new = Button(voice.say("button.open_ticket"), "ticket.another", value)
    words = Text(voice.words("ticket.more", number=ticket.number))
    return Reply((words, Buttons((*buttons, new))))


@button("ticket.assign")
def assign_pressed(work: Work, ticket: Ticket) -> Reply:
    """Ask who is to have it."""
    voice = voice_of(work)
    me = members.me(work)
    choices = [me, *handover.colleagues(work, me)][:MOST_COLLEAGUES]
    buttons = tuple(Button(m.name, "ticket.assign_to", f"{ticket.id}:{m.id}") for m in choices)
    words = Text(voice.words("ticket.assign_whom", number=ticket.number))
    return Reply((words, Buttons(buttons)), instead=True)


@button("ticket.assign_to")
def assign_to_pressed(work: Work, ticket: Ticket, value: str) -> Reply:
    """Give it to the colleague of the button."""
    member: Member = handover.member_of_id(work, value.partition(":")[2])
    owners.assign(work, ticket, member)
    words = voice_of(work).words("ticket.assigned", number=ticket.number, name=member.name)
    return Reply((Text(words),), instead=True)


@button("ticket.file")
def file_pressed(work: Work, ticket: Ticket) -> Reply:
    """Ask under what to file it."""
    return Reply(filing.file(work, ticket, None).parts, instead=True)


@button("ticket.watch")
def watch_pressed(work: Work, ticket: Ticket) -> Reply:
    """Be told what happens to it."""
    return Reply(filing.watch(work, ticket, None).parts, instead=True)


@button("ticket.history")
def history_pressed(work: Work, ticket: Ticket) -> Reply:
    """What happened to it."""
    return filing.history(work, ticket)


@button("ticket.close")
def close_pressed(work: Work, ticket: Ticket) -> Reply:
    """It is over for good."""
    return Reply(close(work, ticket).parts, instead=True)


@button("ticket.another")
def another_pressed(work: Work, ticket: Ticket) -> Reply:
    """Ask what another ticket of the same customer is about."""
    name = work.sure(Contact, ticket.contact_id).name
    return Reply(form=ticket_form(voice_of(work), name, ""))
