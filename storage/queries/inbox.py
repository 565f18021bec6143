"""Questions about what came in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal_column
from sqlmodel import col, func, select

from storage.records import InboxRow, InboxState
from storage.work import Work

# Written out, not bound: only so can the partial indexes serve.
_NEW: Any = literal_column("'new'")
_DEAD: Any = literal_column("'dead'")


def keys_known(work: Work, keys: Collection[str]) -> set[str]:
    """Those of `keys` (at most a few hundred) that have come in before."""
    found = select(InboxRow.event_key).where(col(InboxRow.event_key).in_(keys))
    return {key for (key,) in work.rows(found)}


def unhandled(work: Work, by_others_than: Collection[str], limit: int = 1000) -> list[InboxRow]:
    """Rows that wait to be handled and belong to none of these processes, oldest first."""
    return work.all(
        select(InboxRow)
        .where(col(InboxRow.state) == _NEW, col(InboxRow.owner).not_in(by_others_than))
        .order_by(col(InboxRow.id))
        .limit(limit)
    )


def earlier_in_chat(work: Work, row: InboxRow) -> bool:
    """Whether an earlier row of the same chat still waits."""
    earlier = (
        select(InboxRow.id)
        .where(
            col(InboxRow.state) == _NEW,
            col(InboxRow.chat_key) == row.chat_key,
            col(InboxRow.id) < row.id,
        )
        .limit(1)
    )
    return work.scalar(earlier) is not None


def dead(work: Work, limit: int = 20) -> list[InboxRow]:
    """Rows that nobody could handle, newest first."""
    return work.all(
        select(InboxRow)
        .where(col(InboxRow.state) == _DEAD)
        .order_by(col(InboxRow.id).desc())
        .limit(limit)
    )


def dead_with_others(work: Work, others_than: Collection[str]) -> list[InboxRow]:
    """Dead rows that a process had in hand, none of these: nobody has been told of them yet."""
    return work.all(
        select(InboxRow)
        .where(
            col(InboxRow.state) == _DEAD,
            col(InboxRow.owner) != "",
            col(InboxRow.owner).not_in(others_than),
        )
        .order_by(col(InboxRow.id))
    )


def dead_count(work: Work) -> int:
    """How many rows nobody could handle."""
    counted = select(func.count()).select_from(InboxRow).where(col(InboxRow.state) == _DEAD)
    return int(work.scalar(counted) or 0)


def drop_handled(work: Work, before: datetime, limit: int) -> int:
    """Delete handled rows that came in before a moment; how many that were."""
    old = (
        select(InboxRow.id)
        .where(col(InboxRow.received_at) < before, col(InboxRow.state) == InboxState.DONE)
        .limit(limit)
    )
    return int(work.execute(delete(InboxRow).where(col(InboxRow.id).in_(old))).rowcount)
