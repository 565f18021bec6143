"""The team speaks: what staff write in a thread goes to the customer, or stays inside."""

import re
from datetime import datetime, timedelta

from handlers.actions import (
    alerts,
    conversations,
    corrections,
    holding,
    lanes,
    overtaken,
    tickets,
    turns,
)
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import (
    SLACK,
    TELEGRAM,
    in_messages,
    react,
    say_to_customer,
)
from handlers.actions.policies import voice_of
from handlers.cards import shortened
from handlers.message import Files, Incoming, Media, Part, Quote, Reply, Text, pack, plain
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import contacts, conversation, outbox
from storage.records import (
    SENT_AGAIN,
    Contact,
    Direction,
    Identity,
    Interaction,
    Lane,
    OutboxRow,
    OutboxState,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Work

# What Telegram takes from a bot.
LARGEST_TO_CUSTOMER = 50 * 1024 * 1024
# So many lines back a quote is looked for.
LINES_BACK = 100
_SHORTEST_QUOTE = 4

_PERMALINK = re.compile(r"\s*https?://[^\s/]+/archives/(\w+)/p(\d{10})(\d{6})\S*\s*")
_QUOTED = re.compile(r"(?:[ \t]*[>＞][^\n]*(?:\n|$))+")


# What is written in a thread


@action(Permission.SERVE)
def answer(work: Work, ticket: Ticket, incoming: Incoming) -> Reply | None:
    """A line in a ticket's thread takes the lane that it is marked for, or the thread's own.

    Returns what only its author is to be told.
    """
    lane, words = lanes.read_line(incoming.text, lanes.lane_of(work, incoming.chat))
    if alerts.only_alerts(work, ticket, incoming.chat):
        keep_inside(work, ticket, incoming, words)
        return None
    if lane is Lane.INTERNAL:
        keep_inside(work, ticket, incoming, words)
        return None
    return send_out(work, ticket, incoming, words)


def keep_inside(work: Work, ticket: Ticket, incoming: Incoming, words: str) -> Interaction:
    """A note: kept with the customer, seen by nobody outside, marked with a lock."""
    note = _keep(work, ticket, words, incoming.media, Lane.INTERNAL, incoming.origin, incoming.at)
    react(work, incoming.chat, incoming.message, "lock", key=f"interaction:{note.id}:inside")
    return note


def send_out(work: Work, ticket: Ticket, incoming: Incoming, words: str) -> Reply | None:
    """A line for the customer; its author learns when a colleague is answering too."""
    voice = voice_of(work)
    too_large = [each for each in incoming.media if each.size > LARGEST_TO_CUSTOMER]
    if too_large:
        note = keep_inside(work, ticket, incoming, words)
        holding.mark(work, note, "warning")
        return voice.reply("answer.too_large", name=too_large[0].name, megabytes=50)
    if not words.strip() and not incoming.media:
        return voice.reply("answer.empty")
    other = holding.somebody_else(work, ticket)
    say(
        work,
        ticket,
        words,
        incoming.media,
        origin=incoming.origin,
        at=incoming.at,
        about=_shared(work, incoming),
    )
    if other is None:
        return None
    member, last = other
    return voice.reply("answer.other", name=member.name, text=shortened(last.text, 80))


def _shared(work: Work, incoming: Incoming) -> Interaction | None:
    """The line that staff have shared into the thread together with their answer."""
    if not incoming.reply_to:
        return None
    return conversations.said_at(work, SLACK, incoming.account, incoming.chat, incoming.reply_to)


@action(Permission.SERVE)
def reply(work: Work, incoming: Incoming) -> Reply | None:
    """`@Rapport reply …` in a thread goes to the customer, whichever lane plain text takes."""
    ticket = conversations.ticket_at(work, incoming.chat, incoming.thread)
    if ticket is None:
        raise Refused("answer.no_thread")
    if overtaken.is_heard(work, incoming):
        return None
    ticket = tickets.survivor(work, ticket)
    lane, words = lanes.read_line(without_verb(incoming.value), Lane.CUSTOMER)
    if lane is Lane.INTERNAL:
        keep_inside(work, ticket, incoming, words)
        return None
    return send_out(work, ticket, incoming, words)


def without_verb(text: str) -> str:
    """What stands behind the first word of a line, as it was written."""
    return re.sub(r"^\s*\S+[^\S\n]*", "", text, count=1)


@action(Permission.SERVE)
def say(
    work: Work,
    ticket: Ticket,
    text: str,
    media: tuple[Media, ...] = (),
    *,
    origin: str | None = None,
    at: datetime | None = None,
    about: Interaction | None = None,
) -> Interaction:
    """Say something to a ticket's customer: held for as long as the policy says, then sent."""
    alerts.must_go_out(work, ticket)
    contact = work.sure(Contact, ticket.contact_id)
    identity = contacts.telegram_of(work, contact, ticket.id)
    if identity is None:
        note = _keep(work, ticket, text, media, Lane.INTERNAL, origin, at)
        holding.mark(work, note, "lock")
        tickets.tell_thread(work, ticket, "answer.no_telegram", name=contact.name)
        return note
    quote, words, found = _quote_in(work, ticket, text)
    about = about or found
    said = _keep(work, ticket, words, media, Lane.CUSTOMER, origin, at)
    said.reply_to_id = about.id if about is not None else None
    # Whoever has blocked us will not get it: the author learns that at once.
    length = timedelta() if identity.blocked_at is not None else holding.seconds(work)
    parts = _parts(words, media, "" if about is not None else quote)
    _to_customer(work, said, identity, parts, about=about, held=length)
    turns.let_go_first(work, said, identity.value)
    if lanes.is_doubtful(words):
        holding.ask(work, said, "hold.doubtful")
    elif length:
        holding.begin(work, said, length)
    else:
        conversations.note_answer(work, ticket, me(work))
    return said


def _keep(
    work: Work,
    ticket: Ticket,
    text: str,
    media: tuple[Media, ...],
    lane: Lane,
    origin: str | None,
    at: datetime | None,
) -> Interaction:
    return work.add(
        Interaction(
            contact_id=ticket.contact_id,
            ticket_id=ticket.id,
            member_id=me(work).id,
            channel=TELEGRAM if lane is Lane.CUSTOMER else SLACK,
            direction=Direction.OUT if lane is Lane.CUSTOMER else Direction.NOTE,
            lane=lane,
            text=text,
            media=[vars(each) for each in media],
            origin=origin,
            at=at or work.now,
        )
    )


def _parts(words: str, media: tuple[Media, ...], quote: str = "") -> tuple[Part, ...]:
    parts: list[Part] = [Quote(quote)] if quote else []
    parts += [Text(plain(words))] if words else []
    parts += [Files(media)] if media else []
    return tuple(parts)


def _to_customer(
    work: Work,
    said: Interaction,
    identity: Identity,
    parts: tuple[Part, ...],
    *,
    about: Interaction | None = None,
    held: timedelta = timedelta(),
    again: str = "",
    mark: str = "",
) -> OutboxRow:
    return say_to_customer(
        work,
        identity,
        Reply(parts),
        key=f"interaction:{said.id}:customer{again}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.ASK,
        interaction=said,
        reply_to=conversations.message_at_customer(work, about) if about is not None else "",
        held=held,
        mark=mark,
    )


# Quotes


def _quote_in(work: Work, ticket: Ticket, text: str) -> tuple[str, str, Interaction | None]:
    """What an answer quotes at its head, its own words, and whose line that is.

    A quote is a block of `> …` or the link to a message of the thread. When nothing but a quote
    was written, that is what was to be said.
    """
    link = _PERMALINK.match(text)
    if link is not None and text[link.end() :].strip():
        said = conversations.said_at(work, SLACK, "", link[1], f"{link[2]}.{link[3]}")
        if said is not None and said.contact_id == ticket.contact_id:
            return "", text[link.end() :].strip(), said
    block = _QUOTED.match(text)
    if block is None:
        return "", text, None
    quote = "\n".join(line.strip(" \t>＞") for line in block[0].strip().split("\n")).strip()
    words = text[block.end() :].strip()
    if not words or not quote:
        return "", words or quote, None
    return quote, words, _line_of(work, ticket, quote)


def _line_of(work: Work, ticket: Ticket, quote: str) -> Interaction | None:
    """The newest line of the conversation that reads so, or begins so."""
    wanted = " ".join(quote.split()).rstrip("…").casefold()
    if len(wanted) < _SHORTEST_QUOTE:
        return None
    for said in reversed(conversation.last_of(work, ticket, LINES_BACK)):
        if said.lane is Lane.CUSTOMER and " ".join(said.text.split()).casefold().startswith(wanted):
            return said
    return None


# Once more


@action(Permission.SERVE, audited=True)
def send_again(work: Work, said: Interaction) -> Interaction:
    """Send a line once more that failed or may not have arrived."""
    identity = conversations.customer_of(work, said)
    if identity is None or said.lane is not Lane.CUSTOMER:
        raise Refused("answer.cannot_resend")
    rows = outbox.of_subject(work, Subject.INTERACTION, said.id)
    troubled = [row for row in rows if _may_go_again(row)]
    if not troubled:
        # Somebody else has pressed the button too.
        raise Refused("dead.not_dead")
    failed = any(row.state is OutboxState.FAILED for row in troubled)
    for row in troubled:
        row.error = SENT_AGAIN
    media = tuple(Media(**each) for each in said.media)
    _to_customer(
        work,
        said,
        identity,
        _parts(said.text, media),
        about=work.get(Interaction, said.reply_to_id),
        again=f":{new_id()}",
        mark="warning" if failed else "question",
    )
    return said


def _may_go_again(row: OutboxRow) -> bool:
    in_trouble = row.state in (OutboxState.UNSURE, OutboxState.FAILED)
    return in_trouble and row.door == TELEGRAM and row.verb == "say" and row.error != SENT_AGAIN


# Changed and taken back


@action(Permission.SERVE)
def answer_edited(work: Work, incoming: Incoming) -> Interaction | None:
    """Staff changed a line: what is held goes out changed, what has gone is changed there.

    Raises Refused when a line that the customer has is marked to stay inside: too late for that.
    """
    said = conversation.by_origin(work, incoming.origin)
    if said is None:
        return None
    text = without_verb(incoming.text) if incoming.does == "mention" else incoming.text
    lane, words = lanes.read_line(text, said.lane)
    if said.direction is not Direction.OUT:
        # What has stayed inside stays there, whatever is written into it later.
        if words != said.text:
            conversations.change_text(work, said, words)
        return said
    rows = holding.rows_of(work, said)
    held = holding.still_here(rows)
    if lane is Lane.INTERNAL:
        if not held:
            raise Refused("answer.edited_inside")
        conversations.change_text(work, said, words)
        return holding.make_note(work, said)
    ticket = work.get(Ticket, said.ticket_id)
    if ticket is not None:
        alerts.must_go_out(work, ticket)
    quote, words, about = _quote_in(work, ticket, words) if ticket else ("", words, None)
    if words == said.text:
        return said
    conversations.change_text(work, said, words)
    parts = _parts(words, tuple(Media(**each) for each in said.media), "" if about else quote)
    if held:
        _rewrite(work, said, rows, parts)
    else:
        identity = conversations.customer_of(work, said)
        if identity is not None:
            corrections.correct(work, said, identity, parts)
    return said


def _rewrite(work: Work, said: Interaction, rows: list[OutboxRow], parts: tuple[Part, ...]) -> None:
    """Other words for an answer that has not gone, at its place among the others."""
    living = [row for row in rows if row.state in (OutboxState.QUEUED, OutboxState.ASKED)]
    messages = in_messages(Reply(parts))
    for number, (row, message) in enumerate(zip(living, messages, strict=False)):
        last = number == len(messages) - 1
        row.payload = row.payload | {"parts": pack(message), "last": last}
    for row in living[len(messages) :]:
        row.state, row.settled_at = OutboxState.CANCELLED, work.now
    for number, message in enumerate(messages[len(living) :], len(living)):
        last = number == len(messages) - 1
        id = new_id()
        differs = {
            "id": id,
            "version": 1,
            "idem_key": f"interaction:{said.id}:customer:{id}",
            "payload": {"parts": pack(message), "reply_to": "", "last": last},
        }
        work.add(OutboxRow(**living[0].content() | differs))


@action(Permission.SERVE)
def answer_deleted(work: Work, incoming: Incoming) -> Interaction | None:
    """Staff took a line back: it goes from the customer's chat too, and stays in the timeline."""
    said = conversation.by_origin(work, incoming.origin)
    if said is None or said.deleted_at is not None:
        return None
    said.deleted_at = work.now
    if said.direction is not Direction.OUT:
        return said
    rows = holding.rows_of(work, said)
    if holding.still_here(rows):
        holding.withdraw(work, said, rows)
    else:
        identity = conversations.customer_of(work, said)
        if identity is not None:
            corrections.take_back(work, said, identity)
    return said
