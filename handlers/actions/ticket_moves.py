"""What was said finds another request: a message split off or moved, two requests merged."""

from handlers.actions import conversations, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import post_in_thread
from handlers.actions.policies import team_voice
from handlers.actions.ticket_history import note
from handlers.cards import shortened
from handlers.message import Incoming, Media, Reply, Text, plain
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import conversation, follow_ups
from storage.records import (
    Contact,
    Direction,
    Interaction,
    Priority,
    Ticket,
    TicketStatus,
)
from storage.work import Work


@action(Permission.ANYONE)
def said_at(work: Work, account: str, chat: str, message: str) -> Interaction | None:
    """What a customer or a member said by that message of Slack's; None for every other one."""
    return conversations.said_at(work, "slack", account, chat, message)


@action(Permission.SERVE, audited=True)
def split(work: Work, said: Interaction) -> Ticket:
    """Open a request of its own from a customer's message.

    Raises Refused when they did not say it, or when it is all that its request consists of.
    """
    if said.direction is not Direction.IN:
        raise Refused("move.not_theirs")
    contact = work.sure(Contact, said.contact_id)
    before = work.get(Ticket, said.ticket_id)
    if before is not None and conversation.count_heard(work, before) == 1:
        raise Refused("move.is_all", number=before.number)
    subject = said.text or team_voice(work).say("media.some", count=len(said.media))
    ticket = tickets.open_ticket(work, contact, subject, Priority.NORMAL)
    tickets.set_waiting(work, ticket, said.at)
    _bring(work, said, before, ticket)
    return ticket


@action(Permission.SERVE, audited=True)
def move(work: Work, said: Interaction, ticket: Ticket) -> Ticket:
    """Put a message to the request that it is about; with it a request that was nothing else.

    Raises Refused when that is another customer's, or when it is there already.
    """
    ticket = tickets.survivor(work, ticket)
    if said.contact_id != ticket.contact_id:
        raise Refused("move.other_customer", number=ticket.number)
    if said.ticket_id == ticket.id:
        raise Refused("move.is_there", number=ticket.number)
    before = work.get(Ticket, said.ticket_id)
    heard = said.direction is Direction.IN
    if before is not None and heard and conversation.count_heard(work, before) == 1:
        return merge(work, before, ticket)
    if not ticket.is_open:
        tickets.open_again(work, ticket)
    if said.direction is Direction.IN:
        tickets.set_waiting(work, ticket, ticket.customer_waits_since or said.at)
    _bring(work, said, before, ticket)
    return ticket


def _bring(work: Work, said: Interaction, before: Ticket | None, ticket: Ticket) -> None:
    """Show a message in its new thread; the old one says where it went."""
    said.ticket_id = ticket.id
    contact = work.sure(Contact, said.contact_id)
    if said.direction is Direction.IN:
        contact.ticket_id = ticket.id
    _show(work, said, ticket)
    text = shortened(said.text, 120)
    note(work, ticket, "moved_in", f"#{before.number}" if before else None, text)
    if before is None:
        return
    note(work, before, "moved_out", text, f"#{ticket.number}")
    if before.is_open:
        tickets.set_waiting(work, before, conversation.waits_since(work, before))
    tickets.tell_thread(work, before, "move.went", text=text, number=ticket.number)


def _show(work: Work, said: Interaction, ticket: Ticket) -> None:
    files = tuple(media for each in said.media if (media := Media(**each)).file)
    text = said.text or team_voice(work).say("media.some", count=len(said.media))
    post_in_thread(
        work,
        ticket.id,
        Reply((Text(plain(text)),)),
        key=f"interaction:{said.id}:moved:{new_id()}",
        as_name=_who(work, said),
        interaction=said,
        files=files,
    )


@action(Permission.SERVE, audited=True)
def merge(work: Work, ticket: Ticket, into: Ticket) -> Ticket:
    """Make one request of two: `into` goes on with all that was said in both.

    Raises Refused when they are one already, or another customer's.
    """
    ticket, into = tickets.survivor(work, ticket), tickets.survivor(work, into)
    if ticket == into:
        raise Refused("merge.same", number=into.number)
    if ticket.contact_id != into.contact_id:
        raise Refused("merge.other_customer", number=ticket.number, into=into.number)
    waits = [
        each.customer_waits_since
        for each in (ticket, into)
        if each.is_open and each.customer_waits_since is not None
    ]
    was_open = ticket.is_open
    moved = conversation.all_of(work, ticket)
    for said in moved:
        said.ticket_id = into.id
    for follow_up in follow_ups.of_ticket(work, ticket):
        follow_up.ticket_id = into.id
    _end_of(work, ticket, into)
    if was_open and not into.is_open:
        tickets.open_again(work, into)
    if into.is_open:
        tickets.set_waiting(work, into, min(waits, default=None))
        into.assignee_id = into.assignee_id or ticket.assignee_id
        if into.assignee_id is not None and into.status is TicketStatus.NEW:
            tickets.set_status(work, into, TicketStatus.OPEN)
    into.watchers = list({*(into.watchers or ()), *(ticket.watchers or ())}) or None
    work.sure(Contact, into.contact_id).ticket_id = into.id
    _tell_of_merge(work, ticket, into, moved[-5:])
    return into


def _end_of(work: Work, ticket: Ticket, into: Ticket) -> None:
    note(work, ticket, "merged", after=f"#{into.number}")
    ticket.merged_into_id = into.id
    tickets.end(work, ticket, TicketStatus.CLOSED)


def _tell_of_merge(work: Work, ticket: Ticket, into: Ticket, lines: list[Interaction]) -> None:
    note(work, into, "took_in", after=f"#{ticket.number}")
    tickets.tell_thread(work, ticket, "merge.went", number=into.number)
    # The new thread's line, so that what was said there can be read where it goes on.
    voice = team_voice(work)
    parts = [Text(voice.words("merge.came", number=ticket.number, subject=ticket.subject))]
    parts += [Text(plain(f"{_who(work, each)}: {shortened(each.text)}")) for each in lines]
    key = f"ticket:{into.id}:merged:{ticket.id}"
    post_in_thread(work, into.id, Reply(tuple(parts)), key=key)
    tickets.refresh_card(work, into)


def _who(work: Work, said: Interaction) -> str:
    if said.direction is Direction.IN:
        return work.sure(Contact, said.contact_id).name
    return tickets.name_of(work, said.member_id)


@action(Permission.SERVE)
def follow(work: Work, ticket: Ticket, incoming: Incoming) -> Ticket:
    """Somebody wrote in the thread of a merged request: its survivor, whose thread shows it."""
    into = tickets.survivor(work, ticket)
    voice = team_voice(work)
    name = tickets.name_of(work, work.actor.member.id if work.actor.member else None)
    head = voice.words("merge.written_there", name=name, number=ticket.number)
    reply = Reply((Text((*head, *plain("\n" + incoming.text))),))
    post_in_thread(work, into.id, reply, key=f"merged:{incoming.origin}")
    return into
