"""Proof that an answer arrived of which nobody could know: the customer replies to it.

With a reply Telegram shows the message that it is about. Where that one is ours, stands at a place
that we do not know, and reads as an answer whose connection broke, it is that answer.
"""

from handlers.actions import conversations, corrections, doubts, holding
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM
from handlers.message import (
    Files,
    Incoming,
    Media,
    Ours,
    Part,
    Quote,
    Text,
    flat,
    plain,
    unpack,
)
from storage.queries import outbox
from storage.records import (
    LEFT,
    SENT_AGAIN,
    Contact,
    Interaction,
    OutboxRow,
    OutboxState,
    Post,
    Subject,
)
from storage.work import Work

# So many answers back it is looked for: behind a broken one dozens may be waiting.
ANSWERS_BACK = 500
# While a piece of an answer is one of these, nobody can say that all of it has arrived.
_OPEN = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNSURE, OutboxState.FAILED)


@action(Permission.ANYONE)
def answer_shown(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    """The unsure answer that a customer replies to: from now on we know where it stands."""
    if incoming.replied is None:
        return None
    rows = outbox.in_doubt(work, contact.id, ANSWERS_BACK)
    shown = [each for each in rows if _is_shown(each, incoming.chat, incoming.replied)]
    if not shown:
        return None
    return _stands_at(work.as_system(), shown[0], incoming)


def _is_shown(row: OutboxRow, chat: str, shown: Ours) -> bool:
    if row.door != TELEGRAM or row.verb != "say" or row.chat != chat or row.message is not None:
        return False
    parts = unpack(row.payload["parts"]).parts
    words = "".join(_words_of(part) for part in parts)
    files = [file for part in parts if isinstance(part, Files) for file in part.files]
    return _bare(words) == _bare(shown.text) and _are_files(files, shown.media)


def _words_of(part: Part) -> str:
    if isinstance(part, Text):
        return flat(part.words)
    return part.text if isinstance(part, Quote) else ""


def _bare(text: str) -> str:
    """What is left of a text whatever a platform makes of its spaces and invisible signs."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def _are_files(sent: list[Media], shown: tuple[Media, ...]) -> bool:
    """An album is shown by any one of its files; a picture has no name any more."""
    if not sent or not shown:
        return not sent and not shown
    return not shown[0].name or any(each.name == shown[0].name for each in sent)


def _stands_at(work: Work, row: OutboxRow, incoming: Incoming) -> Interaction:
    said = work.sure(Interaction, row.subject_id or 0)
    row.message = incoming.reply_to
    work.add(
        Post(
            door=TELEGRAM,
            chat=row.chat,
            message=incoming.reply_to,
            subject=Subject.INTERACTION,
            subject_id=said.id,
            at=row.settled_at or work.now,
        )
    )
    if row.state is OutboxState.UNSURE:
        row.end(OutboxState.SENT, work.now, None)
        doubts.resolve(work, said, row, "answer.shown")
        _settle_rest(work, said, row)
        _catch_up(work, said, row)
    # One that is still on the socket is settled by whoever learns that it broke (see `delivery`).
    return said


def _settle_rest(work: Work, said: Interaction, row: OutboxRow) -> None:
    """It need not go again; when nothing of the answer is in doubt any more, its line shows it."""
    rows = holding.rows_of(work, said)
    for each in rows:
        if each.payload["parts"] != row.payload["parts"]:
            continue
        if each.state is OutboxState.QUEUED:
            each.end(OutboxState.CANCELLED, work.now, "it had arrived")
        elif each.state is OutboxState.UNSURE and each.error != SENT_AGAIN:
            each.error = SENT_AGAIN
            doubts.resolve(work, said, each, "answer.shown")
    if not any(_is_open(each) for each in rows):
        holding.mark(work, said, "white_check_mark", instead_of="question")


def _is_open(row: OutboxRow) -> bool:
    return row.state in _OPEN and row.error not in (SENT_AGAIN, LEFT)


def _catch_up(work: Work, said: Interaction, row: OutboxRow) -> None:
    """What its author did to it meanwhile, and could not reach the customer, is done now."""
    identity = conversations.customer_of(work, said)
    if identity is None:
        return
    if said.deleted_at is not None:
        corrections.take_back(work, said, identity)
    elif said.edited_at is not None and said.edited_at >= row.created_at:
        media = tuple(Media(**each) for each in said.media)
        parts: list[Part] = [Text(plain(said.text))] if said.text else []
        parts += [Files(media)] if media else []
        corrections.correct(work, said, identity, tuple(parts))
