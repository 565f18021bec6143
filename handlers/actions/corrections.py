"""An answer that has gone is changed, or taken back, in every message that it became."""

from handlers.actions import doubts, holding
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, in_messages, post_in_thread, send
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Button, Buttons, Files, Part, Reply, Text, pack, unpack
from storage.columns import new_id
from storage.records import (
    LEFT,
    SENT_AGAIN,
    Contact,
    Identity,
    Interaction,
    OutboxRow,
    OutboxState,
    Subject,
    Unsure,
    Urgency,
)
from storage.work import Work

_WAITS = (OutboxState.QUEUED, OutboxState.ASKED)
# On its way counts as gone: what follows stands behind it in the line.
_GONE = (OutboxState.SENDING, OutboxState.SENT)


@action(Permission.SERVE)
def correct(work: Work, said: Interaction, identity: Identity, parts: tuple[Part, ...]) -> None:
    """Other words for an answer of which something has gone.

    Its pieces are edited in order; what there is too much of is deleted, what is missing is sent.
    Its files stay as they are.
    """
    pieces = [each for each in in_messages(Reply(parts)) if not _has_files(each)]
    rows = holding.rows_of(work, said)
    if any(row.state is OutboxState.UNSURE and row.error != SENT_AGAIN for row in rows):
        # It may stand there: other words beside it would be said twice.
        _offer(work, said)
        return
    rows = [row for row in rows if row.state in _WAITS + _GONE]
    rows = [row for row in rows if not _has_files(unpack(row.payload["parts"]))]
    for row, piece in zip(rows, pieces, strict=False):
        if row.state in _WAITS:
            row.payload = row.payload | {"parts": pack(piece)}
        else:
            _of_row(work, identity, "edit", row, {"parts": pack(piece)})
    for row in rows[len(pieces) :]:
        if row.state in _WAITS:
            _cancel(work, row)
        else:
            _of_row(work, identity, "delete", row, {})
    for piece in pieces[len(rows) :]:
        send(
            work,
            TELEGRAM,
            identity.value,
            "say",
            {"parts": pack(piece), "reply_to": "", "last": piece is pieces[-1]},
            key=f"interaction:{said.id}:customer:{new_id()}",
            urgency=Urgency.REPLY,
            subject=Subject.INTERACTION,
            subject_id=said.id,
            when_unsure=Unsure.ASK,
        )


def _offer(work: Work, said: Interaction) -> None:
    """A line may or may not be there: its author decides whether it goes as it reads now."""
    if said.ticket_id is None:
        return
    contact = work.sure(Contact, said.contact_id)
    voice = team_voice(work)
    words = voice.words("answer.edit_unsure", name=contact.name, text=shortened(said.text, 80))
    again = Button(voice.say("button.send_again"), "answer.send_again", str(said.id))
    reply = Reply((Text(words), Buttons((again,))))
    post_in_thread(work, said.ticket_id, reply, key=f"interaction:{said.id}:unsure:{new_id()}")


@action(Permission.SERVE)
def take_back(work: Work, said: Interaction, identity: Identity) -> None:
    """Delete every message that an answer became; what has not gone does not go."""
    for row in holding.rows_of(work, said):
        if row.state in _WAITS:
            _cancel(work, row)
        elif row.state is OutboxState.UNSURE and row.error != SENT_AGAIN:
            # It may stand there all the same; only its reader can show us where (see `proof`).
            row.error = LEFT
            doubts.resolve(work, said, row, "answer.deleted_unsure")
    send(
        work,
        TELEGRAM,
        identity.value,
        "delete",
        {"at": [Subject.INTERACTION, said.id]},
        key=f"interaction:{said.id}:delete:{new_id()}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )


def _has_files(reply: Reply) -> bool:
    return any(isinstance(part, Files) for part in reply.parts)


def _cancel(work: Work, row: OutboxRow) -> None:
    row.state, row.settled_at = OutboxState.CANCELLED, work.now


def _of_row(
    work: Work, identity: Identity, verb: str, row: OutboxRow, payload: dict[str, object]
) -> None:
    """Do something to the message of another row, which may still be on its way."""
    send(
        work,
        TELEGRAM,
        identity.value,
        verb,
        payload | {"of": row.id},
        key=f"outbox:{row.id}:{verb}:{new_id()}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )
