"""Questions about what is to go out."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, update
from sqlmodel import col, func, select

from storage.records import (
    LEFT,
    SENT_AGAIN,
    Direction,
    Interaction,
    OutboxRow,
    OutboxState,
    Subject,
    Urgency,
)
from storage.work import Work, table_of

# Written out, not bound: only so can the partial indexes serve.
_QUEUED: Any = literal_column("'queued'")
_SENDING: Any = literal_column("'sending'")
_UNSURE: Any = literal_column("'unsure'")
_FAILED: Any = literal_column("'failed'")
_IN_TROUBLE = col(OutboxRow.state).in_((_UNSURE, _FAILED))

_earlier = table_of(OutboxRow).alias().c
_CLAIMABLE = (
    select(OutboxRow)
    .where(
        col(OutboxRow.state) == _QUEUED,
        col(OutboxRow.door) == bindparam("door"),
        col(OutboxRow.not_before) <= bindparam("now"),
        # The line moves only from its head.
        ~select(_earlier.id)
        .where(
            col(_earlier.line) == col(OutboxRow.line),
            col(_earlier.state).in_((_QUEUED, _SENDING)),
            col(_earlier.id) < col(OutboxRow.id),
        )
        .exists(),
    )
    .order_by(col(OutboxRow.urgency), col(OutboxRow.id))
    .limit(bindparam("limit"))
)
_CLAIMABLE_SHARED = _CLAIMABLE.with_for_update(skip_locked=True, of=OutboxRow)


def claimable(work: Work, door: str, limit: int) -> list[OutboxRow]:
    """Rows that may go out now, most urgent first; on PostgreSQL locked against other processes."""
    statement: Any = _CLAIMABLE if work.dialect == "sqlite" else _CLAIMABLE_SHARED
    return work.all(statement, {"door": door, "now": work.now, "limit": limit})


def claimable_elsewhere(
    work: Work, door: str, chats: Collection[str], limit: int
) -> list[OutboxRow]:
    """The same, for every chat but these."""
    statement: Any = _CLAIMABLE if work.dialect == "sqlite" else _CLAIMABLE_SHARED
    others = statement.where(col(OutboxRow.chat).not_in(chats))
    return work.all(others, {"door": door, "now": work.now, "limit": limit})


def sending(work: Work) -> list[OutboxRow]:
    """Rows that some process has put on its socket and not settled."""
    return work.all(select(OutboxRow).where(col(OutboxRow.state) == _SENDING))


def on_socket(work: Work, door: str) -> bool:
    """Whether anything was put on a door's socket of which nobody knows yet how it went."""
    tried = select(OutboxRow.id).where(
        col(OutboxRow.door) == door,
        (col(OutboxRow.state) == _SENDING)
        | ((col(OutboxRow.state) == _QUEUED) & (col(OutboxRow.attempts) > 0)),
        # Once more, so that the partial index can serve.
        col(OutboxRow.state).in_((_QUEUED, _SENDING)),
        col(OutboxRow.verb).in_(("say", "upload")),
    )
    return work.scalar(tried.limit(1)) is not None


def rest_chat(work: Work, door: str, chat: str, until: Any) -> None:
    """Let nothing more go to a chat before a moment."""
    work.execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.door) == door,
            col(OutboxRow.chat) == chat,
            col(OutboxRow.state) == _QUEUED,
            col(OutboxRow.not_before) < until,
        )
        .values(not_before=until, version=col(OutboxRow.version) + 1)
    )


def queued_for(work: Work, door: str, chat: str) -> list[OutboxRow]:
    """What waits to go to one chat."""
    return work.all(
        select(OutboxRow).where(
            col(OutboxRow.state) == _QUEUED,
            col(OutboxRow.door) == door,
            col(OutboxRow.chat) == chat,
        )
    )


_QUEUED_COUNT = select(func.count()).where(
    col(OutboxRow.state) == _QUEUED,
    # Those of people who sleep must not keep the others from being fed.
    col(OutboxRow.not_before) <= bindparam("now"),
    col(OutboxRow.door) == bindparam("door"),
    col(OutboxRow.urgency) == bindparam("urgency"),
)


def queued_count(work: Work, door: str, urgency: Urgency) -> int:
    """How many rows of one urgency wait at a door and may go now."""
    return int(work.scalar(_QUEUED_COUNT, {"now": work.now, "door": door, "urgency": urgency}) or 0)


def of_subject(work: Work, subject: str, subject_id: int) -> list[OutboxRow]:
    """Everything that was to be sent for one record, oldest first."""
    return work.all(
        select(OutboxRow)
        .where(col(OutboxRow.subject) == subject, col(OutboxRow.subject_id) == subject_id)
        .order_by(col(OutboxRow.id))
    )


def in_doubt(work: Work, contact_id: int, answers: int) -> list[OutboxRow]:
    """Of the newest answers to a customer, the rows whose fate nobody knows (yet); oldest first."""
    newest = (
        select(Interaction.id)
        .where(
            col(Interaction.contact_id) == contact_id, col(Interaction.direction) == Direction.OUT
        )
        .order_by(col(Interaction.at).desc())
        .limit(answers)
    )
    return work.all(
        select(OutboxRow)
        .where(
            col(OutboxRow.subject) == Subject.INTERACTION,
            col(OutboxRow.subject_id).in_(newest),
            # Bound, so that it is looked for by the answers and not among all that is in trouble.
            col(OutboxRow.state).in_((OutboxState.UNSURE, OutboxState.SENDING)),
        )
        .order_by(col(OutboxRow.id))
    )


def keyed(work: Work, idem_key: str) -> OutboxRow | None:
    """The row of that key."""
    return work.first(select(OutboxRow).where(col(OutboxRow.idem_key) == idem_key))


def in_trouble(work: Work, states: Collection[OutboxState], limit: int = 20) -> list[OutboxRow]:
    """Rows in one of these states (unsure, failed) that nobody has dealt with, newest first."""
    return work.all(
        select(OutboxRow)
        .where(
            # Written out too, so that the partial index of what is in trouble serves.
            _IN_TROUBLE,
            col(OutboxRow.state).in_(states),
            func.coalesce(OutboxRow.error, "").not_in((SENT_AGAIN, LEFT)),
        )
        .order_by(col(OutboxRow.id).desc())
        .limit(limit)
    )


def counts(work: Work) -> dict[str, int]:
    """How many rows are in each state."""
    return dict(work.rows(select(OutboxRow.state, func.count()).group_by(col(OutboxRow.state))))


def waiting_update(work: Work, subject: str, subject_id: int) -> OutboxRow | None:
    """The queued update of a record's post, if there is one."""
    return work.first(
        select(OutboxRow)
        .where(
            col(OutboxRow.state) == _QUEUED,
            col(OutboxRow.verb) == "update",
            col(OutboxRow.subject) == subject,
            col(OutboxRow.subject_id) == subject_id,
        )
        .limit(1)
    )


def cancel_campaign(work: Work, campaign_id: int) -> None:
    """Take back what is queued of a campaign."""
    work.execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.state) == _QUEUED,
            col(OutboxRow.door) == "telegram",
            # By the index of what waits in lines, not by looking through all that ever went.
            col(OutboxRow.line).startswith(f"campaign:{campaign_id}:"),
        )
        .values(
            state=OutboxState.CANCELLED,
            settled_at=work.now,
            version=col(OutboxRow.version) + 1,
        )
    )


_LAST_OF_LINE = (
    select(OutboxRow)
    .where(col(OutboxRow.line) == bindparam("line"), col(OutboxRow.state).in_((_QUEUED, _SENDING)))
    .order_by(col(OutboxRow.id).desc())
    .limit(1)
)


def last_of_line(work: Work, line: str) -> OutboxRow | None:
    """What waits or is being sent last in a line."""
    return work.first(_LAST_OF_LINE, {"line": line})


def refused_card(work: Work, ticket_id: int, since: datetime) -> bool:
    """Whether Slack has refused the head of a ticket's thread since a moment."""
    refused = select(OutboxRow.id).where(
        col(OutboxRow.subject) == Subject.TICKET,
        col(OutboxRow.subject_id) == ticket_id,
        col(OutboxRow.verb) == "say",
        col(OutboxRow.state) == _FAILED,
        col(OutboxRow.settled_at) > since,
    )
    return work.scalar(refused.limit(1)) is not None


def slow_answers(work: Work, before: datetime, limit: int = 200) -> list[OutboxRow]:
    """Answers to customers that were written before a moment and have not gone."""
    return work.all(
        select(OutboxRow)
        .where(
            col(OutboxRow.state).in_((_QUEUED, _SENDING)),
            col(OutboxRow.door) == "telegram",
            col(OutboxRow.urgency) == int(Urgency.REPLY),
            col(OutboxRow.subject) == Subject.INTERACTION,
            col(OutboxRow.verb) == "say",
            col(OutboxRow.created_at) < before,
        )
        .order_by(col(OutboxRow.id))
        .limit(limit)
    )
