"""Everything that leaves the house: written to the outbox in the transaction of its cause.

These are what the other actions say things with; who may say what is decided there.
"""

from datetime import datetime, timedelta
from typing import Any

from handlers.actions.policies import settled
from handlers.message import (
    AskWords,
    Buttons,
    Files,
    KeyboardAway,
    Media,
    Part,
    Quote,
    Reply,
    ShareContact,
    Text,
    pack,
)
from storage.columns import new_id
from storage.queries import outbox
from storage.records import (
    Identity,
    Interaction,
    Member,
    OutboxRow,
    OutboxState,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Work

TELEGRAM, SLACK = "telegram", "slack"

# Below Telegram's 4,096, so that what is put before a text still fits.
LONGEST_MESSAGE = 3900

# Kinds of files that Telegram shows as one album, so many at the most.
_ALBUM = {"photo": "seen", "video": "seen", "document": "document", "audio": "audio"}
MOST_IN_ALBUM = 10
# What one call may carry.
LARGEST_ALBUM = 50 * 1024 * 1024

# In the chats of somebody's own account there are no buttons of ours.
_OURS = (Buttons, ShareContact, AskWords, KeyboardAway)

# Where the support channel stands is the Slack door's matter; here it has a name.
SUPPORT = "#support"


def send(
    work: Work,
    door: str,
    chat: str,
    verb: str,
    payload: dict[str, Any],
    *,
    key: str,
    line: str | None = None,
    urgency: Urgency = Urgency.SERVICE,
    subject: Subject | None = None,
    subject_id: int | None = None,
    when_unsure: Unsure = Unsure.HOLD,
    expires_in: timedelta | None = None,
    not_before: datetime | None = None,
) -> OutboxRow:
    """Queue one thing for a door. The same `key` a second time fails: nothing is said twice."""
    return work.add(
        OutboxRow(
            idem_key=key,
            door=door,
            chat=chat,
            line=line or f"{door}:{chat}",
            urgency=int(urgency),
            verb=verb,
            payload=payload,
            subject=subject,
            subject_id=subject_id,
            when_unsure=when_unsure,
            not_before=not_before or work.now,
            expires_at=None if expires_in is None else work.now + expires_in,
            created_at=work.now,
        )
    )


def is_personal(chat: str) -> bool:
    """Whether a chat in Telegram is one of somebody's own account, and not the bot's."""
    return "@" in chat


def say_to_customer(
    work: Work,
    identity: Identity,
    reply: Reply,
    *,
    key: str,
    urgency: Urgency = Urgency.SERVICE,
    when_unsure: Unsure = Unsure.RESEND,
    interaction: Interaction | None = None,
    reply_to: str = "",
    language: str = "en",
    held: timedelta = timedelta(),
    mark: str = "",
) -> OutboxRow:
    """Say something to a customer in Telegram; the last row of it.

    A row is one call: a long text and several files are several rows, in order in one line, so
    that each has a fate of its own and no tail is lost. `held` is how long it can be taken back;
    `mark` the emoji that stands on the line of staff now.
    """
    if is_personal(identity.value):
        reply = Reply(tuple(part for part in reply.parts if not isinstance(part, _OURS)))
        unasked = urgency is not Urgency.REPLY and settled(work, "personal_notices") == "off"
        if unasked or not reply.parts:
            row = send(work, TELEGRAM, identity.value, "say", {"parts": []}, key=key)
            row.end(OutboxState.CANCELLED, work.now, "nothing goes there by itself")
            return row
    messages = in_messages(reply)
    for number, part in enumerate(messages):
        more: dict[str, Any] = {"mark": mark} if mark else {}
        if held and number == 0:
            more["held"] = True
        row = send(
            work,
            TELEGRAM,
            identity.value,
            "say",
            {
                "parts": pack(part),
                "language": language,
                "reply_to": reply_to if number == 0 else "",
                "last": number == len(messages) - 1,
            }
            | more,
            key=key if number == 0 else f"{key}:{number}",
            urgency=urgency,
            subject=None if interaction is None else Subject.INTERACTION,
            subject_id=None if interaction is None else interaction.id,
            when_unsure=when_unsure,
            not_before=work.now + held,
        )
    return row


def in_messages(reply: Reply) -> list[Reply]:
    """A reply cut into what one Telegram call takes each: 4,096 UTF-16 units, a file, an album."""
    texts: list[Part] = []
    files: list[Media] = []
    for part in reply.parts:
        if isinstance(part, Files):
            files += part.files
        elif isinstance(part, Text) and len(part.words) == 1:
            text, style = part.words[0]
            pieces = cut(text, LONGEST_MESSAGE)
            texts += [Text(((piece, style),)) for piece in pieces[:-1]]
            texts.append(Text(((pieces[-1], style),)))
        elif isinstance(part, Quote):
            texts += [Quote(piece) for piece in cut(part.text, LONGEST_MESSAGE)]
        else:
            texts.append(part)
    messages: list[list[Part]] = []
    filled = 0
    for part in texts:
        length = _units(Reply((part,)).summary)
        if messages and filled + length < LONGEST_MESSAGE:
            messages[-1].append(part)
        else:
            messages.append([part])
            filled = 0
        filled += length
    together = [Reply((Files(tuple(group)),)) for group in _albums(files)]
    return [Reply(tuple(parts)) for parts in messages] + together or [reply]


def _albums(files: list[Media]) -> list[list[Media]]:
    """Neighbours that Telegram shows together: pictures and films, documents, music."""
    groups: list[list[Media]] = []
    for file in files:
        last = groups[-1] if groups else []
        fits = (
            last
            and _ALBUM.get(file.kind) == _ALBUM.get(last[0].kind) is not None
            and len(last) < MOST_IN_ALBUM
            and sum(each.size for each in last) + file.size <= LARGEST_ALBUM
        )
        if fits:
            last.append(file)
        else:
            groups.append([file])
    return groups


def cut(text: str, longest: int) -> list[str]:
    """A text in pieces of at most `longest` UTF-16 units, cut between paragraphs, lines, words."""
    pieces = []
    while _units(text) > longest:
        # A character takes two units at the most, so half as many always fit.
        room = len(text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore"))
        at = max(text.rfind(mark, room // 2, room) for mark in ("\n", "。", ". ", " "))
        at = at + 1 if at > 0 else room
        pieces.append(text[:at].rstrip() or text[:at])
        text = text[at:].lstrip()
    return [*pieces, text]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def post_in_thread(
    work: Work,
    ticket_id: int,
    reply: Reply,
    *,
    key: str,
    as_name: str = "",
    interaction: Interaction | None = None,
    files: tuple[Media, ...] = (),
) -> None:
    """Say something in a ticket's thread; `as_name` is whose words they are."""
    payload: dict[str, Any] = {
        "parts": pack(reply),
        "thread": [Subject.TICKET, ticket_id],
    }
    if as_name:
        payload["as"] = as_name
    about = None if interaction is None else interaction.id
    if reply.parts:
        _in_thread(work, ticket_id, "say", payload, key, about)
    for number, media in enumerate(files):
        _in_thread(
            work,
            ticket_id,
            "upload",
            payload | {"file": vars(media)},
            f"{key}:file:{number}",
            about,
        )


def channel_of(work: Work, ticket_id: int | None) -> str:
    """The Slack channel in which a ticket's thread stands."""
    ticket = work.get(Ticket, ticket_id)
    return (ticket.channel if ticket is not None else None) or SUPPORT


def _in_thread(
    work: Work, ticket_id: int, verb: str, payload: dict[str, Any], key: str, about: int | None
) -> None:
    send(
        work,
        SLACK,
        channel_of(work, ticket_id),
        verb,
        payload,
        key=key,
        line=f"slack:ticket:{ticket_id}",
        urgency=Urgency.REPLY,
        subject=None if about is None else Subject.INTERACTION,
        subject_id=about,
        when_unsure=Unsure.READBACK,
    )


def post(
    work: Work,
    chat: str,
    reply: Reply,
    *,
    key: str,
    subject: Subject,
    subject_id: int,
    line: str | None = None,
    urgency: Urgency = Urgency.SERVICE,
) -> OutboxRow:
    """Post something of its own in a Slack channel, remembered as the place of its subject."""
    return send(
        work,
        SLACK,
        chat,
        "say",
        {"parts": pack(reply)},
        key=key,
        line=line,
        urgency=urgency,
        subject=subject,
        subject_id=subject_id,
        when_unsure=Unsure.READBACK,
    )


def post_note(
    work: Work, chat: str, reply: Reply, *, key: str, thread: str = "", line: str | None = None
) -> OutboxRow:
    """Say something in a Slack channel, or under a message there, that nothing refers to later."""
    return send(
        work,
        SLACK,
        chat,
        "say",
        {"parts": pack(reply)} | ({"under": thread} if thread else {}),
        key=key,
        line=line,
        when_unsure=Unsure.READBACK,
    )


def refresh(
    work: Work, subject: Subject, subject_id: int, reply: Reply, *, line: str, chat: str = SUPPORT
) -> None:
    """Bring the post of a record up to date. What waits already is brought up to date instead."""
    waiting = outbox.waiting_update(work, subject, subject_id)
    payload = {"parts": pack(reply), "at": [subject, subject_id]}
    if waiting is not None:
        waiting.payload = payload
        return
    send(
        work,
        SLACK,
        chat,
        "update",
        payload,
        key=f"{subject}:{subject_id}:update:{new_id()}",
        line=line,
        subject=subject,
        subject_id=subject_id,
        when_unsure=Unsure.RESEND,
    )


def tell(work: Work, member: Member, reply: Reply, *, key: str, urgency: Urgency) -> OutboxRow:
    """Say something to a member, in their direct messages."""
    return send(
        work,
        SLACK,
        member.slack_user,
        "say",
        {"parts": pack(reply)},
        key=key,
        urgency=urgency,
        when_unsure=Unsure.READBACK,
    )


def react(
    work: Work, chat: str, message: str, emoji: str, *, key: str, instead_of: str = ""
) -> None:
    """Put an emoji on a message in Slack, in the place of another one."""
    send(
        work,
        SLACK,
        chat,
        "react",
        {"message": message, "emoji": emoji, "instead_of": instead_of},
        key=key,
        line=f"slack:react:{chat}:{message}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )


def rewrite(work: Work, identity: Identity, message: str, reply: Reply | None) -> None:
    """Put other words and buttons into a message of ours in Telegram; None takes its buttons away.

    It is for what a customer has pressed: the old choices must not stand there as if they held.
    """
    send(
        work,
        TELEGRAM,
        identity.value,
        "rewrite",
        {"message": message} | ({"parts": pack(reply)} if reply is not None else {}),
        key=f"rewrite:{identity.id}:{message}:{new_id()}",
        line=f"telegram:rewrite:{identity.value}:{message}",
        when_unsure=Unsure.RESEND,
    )
