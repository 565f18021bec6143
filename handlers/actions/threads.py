"""Where a ticket's thread stands: begun again elsewhere when it was lost, or belongs there."""

from itertools import chain

from handlers import cards
from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import (
    SLACK,
    SUPPORT,
    channel_of,
    post_in_thread,
    post_note,
    send,
)
from handlers.actions.policies import team_voice
from handlers.actions.routing import channel_for, channel_name
from handlers.actions.ticket_history import note
from handlers.message import Button, Buttons, Hint, Incoming, Part, Reply, Text, Words, pack, plain
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import conversation, routing
from storage.records import (
    Contact,
    Direction,
    Interaction,
    Lane,
    OutboxRow,
    OutboxState,
    Post,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Work

# So many of the last lines are shown again where a thread goes on.
LINES_AGAIN = 5
# What a card's row may say of what follows when it stands.
FOLLOWED = ("moves_on", "retell", "moved_from")


@action(Permission.SERVE, audited=True)
def move(work: Work, ticket: Ticket, channel: str, shown: str) -> Ticket:
    """Have a ticket's thread in another channel. Raises Refused when it stands there already."""
    ticket = tickets.survivor(work, ticket)
    if channel == channel_of(work, ticket.id):
        raise Refused("thread.is_there", number=ticket.number, channel=shown)
    note(work, ticket, "thread_moved", channel_name(work, channel_of(work, ticket.id)), shown)
    begin_again(work, ticket, channel, "thread.moved_here", old_stands=True)
    return ticket


@action(Permission.SERVE)
def offer(work: Work, ticket: Ticket) -> None:
    """Ask in the thread whether it is to move to the channel of the ticket's category."""
    wanted = channel_for(work, ticket.category)
    if not ticket.is_open or wanted == channel_of(work, ticket.id):
        return
    voice = team_voice(work)
    words = voice.words(
        "thread.offer", category=ticket.category or "", channel=channel_name(work, wanted)
    )
    buttons = (
        Button(voice.say("button.move_thread"), "thread.move", str(ticket.id)),
        Button(voice.say("button.stay"), "thread.stay", str(ticket.id)),
    )
    reply = Reply((Text(words), Buttons(buttons)))
    post_in_thread(work, ticket.id, reply, key=f"ticket:{ticket.id}:offer:{new_id()}")


@action(Permission.SERVE)
def move_to_its_channel(work: Work, ticket: Ticket) -> str:
    """Move a thread to the channel of the ticket's category; how people call that."""
    wanted = channel_for(work, ticket.category)
    shown = channel_name(work, wanted)
    move(work, ticket, wanted, shown)
    return shown


def begin_again(
    work: Work, ticket: Ticket, channel: str, why: str, *, old_stands: bool = False
) -> None:
    """Begin a new thread for a ticket with its last lines; what waits goes there.

    With `old_stands` the old thread says where it went.
    """
    posts = routing.live_posts_of(work, Subject.TICKET, ticket.id)
    ticket.channel = channel
    waiting = (routing.waiting_in(work, line) for line in tickets.lines_of(ticket))
    for row in chain.from_iterable(waiting):
        if row.state is OutboxState.SENDING and row.verb == "say" and _is_card(row):
            # A card that is just arriving in the old place: then it is begun again from there.
            row.payload = row.payload | {"moves_on": why}
        row.chat = channel
    if not posts:
        # Its card has yet to go, and goes there.
        return
    for each in posts:
        each.gone_at = work.now
    line = f"{tickets.thread_of(ticket)}:card"
    card = tickets.post_card(work, ticket, line, key=f"ticket:{ticket.id}:card:{new_id()}")
    card.payload = card.payload | {"retell": why}
    if old_stands:
        newest = max(posts, key=lambda post: post.id)
        card.payload = card.payload | {"moved_from": [newest.chat, newest.message]}


def _is_card(row: OutboxRow) -> bool:
    return row.subject == Subject.TICKET and "thread" not in row.payload


def card_arrived(work: Work, row: OutboxRow, chat: str, link: str) -> None:
    """A card stands: what is to follow a thread that was begun again."""
    ticket = work.sure(Ticket, row.subject_id or 0)
    if "moves_on" in row.payload and chat != ticket.channel:
        # It was on its way when its thread was moved.
        begin_again(work, ticket, ticket.channel or SUPPORT, str(row.payload["moves_on"]))
        return
    if "retell" in row.payload:
        _retell(work, ticket, str(row.payload["retell"]))
    if "moved_from" in row.payload:
        _tell_where(work, row, ticket, link)


def _retell(work: Work, ticket: Ticket, why: str) -> None:
    """The last lines once more, so that nobody has to look for them in what is gone."""
    waiting = routing.waiting_in(work, tickets.thread_of(ticket))
    to_come = {row.subject_id for row in waiting if row.subject == Subject.INTERACTION}
    said = conversation.last_of(work, ticket, LINES_AGAIN + len(to_come))
    lines = [each for each in said if each.id not in to_come][-LINES_AGAIN:]
    parts: list[Part] = [Text(team_voice(work).words(why))]
    parts += [Hint(_line(work, each)) for each in lines]
    send(
        work,
        SLACK,
        channel_of(work, ticket.id),
        "say",
        {"parts": pack(Reply(tuple(parts))), "thread": [Subject.TICKET, ticket.id]},
        key=f"ticket:{ticket.id}:retold:{new_id()}",
        # Before what waits for the card.
        line=f"{tickets.thread_of(ticket)}:retold",
        urgency=Urgency.REPLY,
        subject=Subject.RETOLD,
        subject_id=ticket.id,
        when_unsure=Unsure.READBACK,
    )


def _line(work: Work, said: Interaction) -> Words:
    if said.direction is Direction.IN:
        name = work.sure(Contact, said.contact_id).name
    else:
        name = tickets.name_of(work, said.member_id)
    mark = "🔒 " if said.lane is Lane.INTERNAL else ""
    files = team_voice(work).say("media.some", count=len(said.media)) if said.media else ""
    return ((f"{mark}{name}: ", "b"), *plain(cards.shortened(said.text or files, 300)))


def _tell_where(work: Work, row: OutboxRow, ticket: Ticket, link: str) -> None:
    """The old thread says where to read on."""
    chat, message = row.payload["moved_from"]
    channel = channel_name(work, channel_of(work, ticket.id))
    words = team_voice(work).words(
        "thread.went", channel=_spoken(work, channel), number=ticket.number, link=link
    )
    reply = Reply((Text(words),))
    line = f"slack:old:{chat}:{message}"
    post_note(work, chat, reply, key=f"outbox:{row.id}:went", thread=message, line=line)


def _spoken(work: Work, channel: str) -> str:
    return team_voice(work).say("channel.support") if channel == SUPPORT else channel


def left_behind(work: Work, incoming: Incoming) -> Post | None:
    """Where a thread that somebody writes in goes on; None when it has not moved."""
    post = conversation.post_at(work, SLACK, incoming.chat, incoming.thread)
    if post is None or post.gone_at is None or post.subject is not Subject.TICKET:
        return None
    return conversation.post_of(work, SLACK, Subject.TICKET, post.subject_id)


@action(Permission.SERVE)
def follow(work: Work, ticket: Ticket, incoming: Incoming) -> Reply | None:
    """Somebody wrote in a thread that has moved: it counts, and the new thread shows it too.

    Returns what their author is told. None when the thread has not moved.
    """
    if left_behind(work, incoming) is None:
        return None
    voice = team_voice(work)
    name = tickets.name_of(work, work.actor.member.id if work.actor.member else None)
    head = voice.words("thread.written_there", name=name)
    words = Text((*head, *plain("\n" + incoming.text)))
    post_in_thread(work, ticket.id, Reply((words,)), key=f"moved:{incoming.origin}")
    channel = _spoken(work, channel_name(work, channel_of(work, ticket.id)))
    return voice.reply("thread.goes_on", number=ticket.number, channel=channel)
