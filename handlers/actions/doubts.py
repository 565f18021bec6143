"""What the thread asks about an answer of which nobody can know whether it arrived."""

from handlers.actions.outgoing import SLACK, send
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Reply, Text, pack
from storage.columns import new_id
from storage.queries import outbox
from storage.records import Contact, Interaction, OutboxRow, OutboxState, Unsure, Urgency
from storage.work import Work


def told_of(row: OutboxRow, key: str) -> str:
    """The key of what the thread is told, in these words, of what became of a row."""
    return f"outbox:{row.id}:{row.token}:{key}"


def resolve(work: Work, said: Interaction, row: OutboxRow, key: str) -> None:
    """In the place of the question about a row stand these words."""
    asked = outbox.keyed(work, told_of(row, "answer.unsure"))
    if asked is None:
        return
    name = work.sure(Contact, said.contact_id).name
    words = team_voice(work).words(key, name=name, text=shortened(said.text, 80))
    parts = pack(Reply((Text(words),)))
    if asked.state is OutboxState.QUEUED and not asked.attempts:
        # It has not been asked yet.
        asked.payload = asked.payload | {"parts": parts}
        return
    send(
        work,
        SLACK,
        asked.chat,
        "update",
        {"parts": parts, "of": asked.id},
        key=f"outbox:{row.id}:{key}:{new_id()}",
        line=asked.line,
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )
