"""What breaks in Slack while we are not looking: seen, said in words, and mended where it can be.

A card is deleted: a new one is posted with the last lines, and what waits goes there. A channel is
archived, deleted, or we are removed from it: its tickets go on in the default channel, and an
admin is told once; what belongs in the default channel itself waits until it is back.
"""

from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, SUPPORT, tell
from handlers.actions.routing import channel_name, default_channel
from handlers.actions.threads import begin_again
from handlers.message import Incoming, Reply, Text
from handlers.texts import Voice
from storage.queries import conversation, members, routing
from storage.records import (
    Interaction,
    OutboxRow,
    OutboxState,
    Post,
    Role,
    ShutChannel,
    Subject,
    Ticket,
    Urgency,
)
from storage.work import Work

# What Slack calls a channel in which we cannot write.
SHUT = ("is_archived", "not_in_channel", "channel_not_found")
# So often it is tried again, when nothing tells us that the channel is back.
AGAIN = timedelta(seconds=30)
# What means nothing any more once its place is gone.
_MOOT = frozenset({"react", "delete", "unfurl"})

# Which channels are shut, as it was a moment ago: asked at each thing that arrived.
_KEEPS = timedelta(seconds=5)
_kept: WeakKeyDictionary[Any, tuple[datetime, frozenset[str]]] = WeakKeyDictionary()


# Slack tells of it


@action(Permission.SYSTEM)
def message_gone(work: Work, chat: str, message: str) -> None:
    """Somebody deleted a message of ours: a card is posted anew while its ticket is open."""
    post = conversation.post_at(work, SLACK, chat, message)
    if post is None or post.gone_at is not None:
        return
    if post.subject in (Subject.INTERACTION, Subject.JOINED):
        post.gone_at = work.now
    elif post.subject is Subject.TICKET:
        _lost(work, post, needed=False)


@action(Permission.SYSTEM)
def channel_shut(work: Work, chat: str, why: str) -> None:
    """A channel is shut to us: the threads of its open tickets go on in the default one."""
    home = default_channel(work)
    in_it = routing.open_in(work, chat)
    if chat == home or not in_it:
        if chat in (home, *(each.channel for each in routing.routes(work))):
            _note_shut(work, chat, chat, why)
        return
    _note_shut(work, chat, chat, why)
    for ticket in in_it:
        begin_again(work, ticket, home, f"thread.{why}")


@action(Permission.SYSTEM)
def channel_open(work: Work, chat: str) -> None:
    """A channel is there again: what waits for it is tried at once."""
    routing.wake(work, {chat, SUPPORT}, AGAIN)


@action(Permission.SYSTEM)
def heard(work: Work, incoming: Incoming) -> None:
    """An event about our messages or channels."""
    if incoming.does == "deleted":
        message_gone(work, incoming.chat, incoming.message)
    elif incoming.does == "open":
        channel_open(work, incoming.chat)
    else:
        channel_shut(work, incoming.chat, incoming.does)


# A row finds it out


@action(Permission.SYSTEM)
def row_shut_out(work: Work, row: OutboxRow, chat: str, why: str, support: str) -> None:
    """Slack does not let us write where a row goes: it goes elsewhere, or waits.

    `chat` is the channel by Slack's name, `support` the support channel as it was found just now,
    empty when that cannot be had.
    """
    home = default_channel(work)
    place = support if home == SUPPORT else home
    ticket = _ticket_of(work, row)
    _note_shut(work, chat, row.chat if ticket is None else ticket.channel or SUPPORT, why)
    if place in ("", chat):
        _try_again(work, row, why, AGAIN)
    elif row.verb in _MOOT or "under" in row.payload:
        _cancel(work, row, why)
    elif ticket is None:
        _say_at_home(work, row, home, why)
    elif row.subject == Subject.TICKET and row.verb == "say":
        # The card itself: its thread begins in the other channel.
        row.chat, ticket.channel = home, home
        _try_again(work, row, why)
    else:
        _move_with(work, row, ticket, chat, home, why)


def _say_at_home(work: Work, row: OutboxRow, home: str, why: str) -> None:
    if row.chat == home:
        _try_again(work, row, why)
    else:
        # What somebody wanted in that channel and nowhere else; they are told that it is shut.
        row.state, row.settled_at, row.error = OutboxState.FAILED, work.now, why


def _move_with(work: Work, row: OutboxRow, ticket: Ticket, chat: str, home: str, why: str) -> None:
    post = conversation.post_of(work, SLACK, Subject.TICKET, ticket.id)
    if post is not None and post.chat == chat:
        begin_again(work, ticket, home, f"thread.{why}")
    if row.verb == "update" and row.subject == Subject.TICKET:
        # The new card shows it.
        _cancel(work, row, why)
        return
    if row.verb == "update":
        _forget_place(work, row)
    row.chat = home
    _try_again(work, row, why)


@action(Permission.SYSTEM)
def row_without_place(work: Work, row: OutboxRow, chat: str, thread: str, why: str) -> bool:
    """The message that a row is about is gone; whether the row goes out in another place."""
    ticket = _ticket_of(work, row)
    if ticket is None or row.verb in _MOOT:
        _cancel(work, row, why)
        return False
    if "thread" in row.payload:
        post = conversation.post_at(work, SLACK, chat, thread)
        if post is not None and post.gone_at is None:
            _lost(work, post, needed=True)
    elif row.subject == Subject.TICKET:
        post = conversation.post_of(work, SLACK, Subject.TICKET, ticket.id)
        if post is not None:
            _lost(work, post, needed=False)
        _cancel(work, row, why)
        return False
    else:
        # What it says now is a line of its own (see `delivery`).
        _forget_place(work, row)
    _try_again(work, row, why)
    return True


def _lost(work: Work, post: Post, *, needed: bool) -> None:
    """The card of a ticket is gone. `needed`: something waits to be said in its thread."""
    ticket = work.get(Ticket, post.subject_id)
    newest = conversation.post_of(work, SLACK, Subject.TICKET, post.subject_id)
    if ticket is None or newest is None or newest.id != post.id or not (needed or ticket.is_open):
        post.gone_at = work.now
        return
    begin_again(work, ticket, ticket.channel or SUPPORT, "thread.deleted")


def _forget_place(work: Work, row: OutboxRow) -> None:
    subject, id = row.payload["at"]
    for post in routing.live_posts_of(work, Subject(subject), id):
        post.gone_at = work.now


def _ticket_of(work: Work, row: OutboxRow) -> Ticket | None:
    subject, id = row.payload.get("thread") or row.payload.get("at") or (row.subject, None)
    if subject == Subject.INTERACTION:
        said = work.get(Interaction, id)
        return None if said is None else work.get(Ticket, said.ticket_id)
    if subject == Subject.TICKET:
        return work.get(Ticket, id or row.subject_id)
    return None


def _cancel(work: Work, row: OutboxRow, why: str) -> None:
    row.state, row.settled_at, row.error = OutboxState.CANCELLED, work.now, why


def _try_again(work: Work, row: OutboxRow, why: str, after: timedelta = timedelta()) -> None:
    row.state, row.error, row.not_before = OutboxState.QUEUED, why, work.now + after
    if after:
        row.attempts -= 1


# Who is told


def _note_shut(work: Work, chat: str, called: str, why: str) -> None:
    """Tell the admins once that a channel is shut, and what becomes of what belongs there."""
    if chat in _shut(work):
        return
    found = next((each for each in routing.shut(work) if each.channel == chat), None)
    if found is not None:
        return
    known = why if why in SHUT else SHUT[0]
    note = work.add(ShutChannel(channel=chat, why=known, since=work.now))
    _kept.pop(work.engine, None)
    home = default_channel(work)
    then = "waits" if called == home else "home"
    for admin in _responsible(work):
        voice = Voice(admin.language, admin.zone)
        words = voice.words(
            "channel.shut",
            channel=_spoken(work, voice, called),
            why=voice.say(f"channel.why_{known}"),
            then=voice.words(f"channel.then_{then}", home=_spoken(work, voice, home)),
        )
        key = f"shut:{note.id}:{admin.id}"
        tell(work, admin, Reply((Text(words),)), key=key, urgency=Urgency.SERVICE)


def _responsible(work: Work) -> list[Any]:
    """The admins; where there is none yet, everybody who works here."""
    return members.with_role(work, Role.ADMIN) or members.active(work)


def _spoken(work: Work, voice: Voice, channel: str) -> str:
    return voice.say("channel.support") if channel == SUPPORT else channel_name(work, channel)


def note_written(work: Work, row: OutboxRow, chat: str) -> None:
    """Something arrived in a channel: if it was shut it is open again, and that is told."""
    shut = _shut(work)
    if not shut or not {chat, row.chat} & shut:
        return
    for note in routing.shut(work):
        if note.channel not in (chat, row.chat):
            continue
        for admin in _responsible(work):
            voice = Voice(admin.language, admin.zone)
            shown = _spoken(work, voice, row.chat)
            reply = voice.reply("channel.back", channel=shown)
            tell(work, admin, reply, key=f"open:{note.id}:{admin.id}", urgency=Urgency.SERVICE)
        work.delete(note)
    _kept.pop(work.engine, None)
    routing.wake(work, {chat, row.chat, SUPPORT}, AGAIN)


def _shut(work: Work) -> frozenset[str]:
    kept = _kept.get(work.engine)
    if kept is None or not work.now - _KEEPS < kept[0] <= work.now:
        found = frozenset(each.channel for each in routing.shut(work))
        kept = _kept[work.engine] = (work.now, found)
    return kept[1]
