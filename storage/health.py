"""What the database knows about how the house is doing."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import literal_column
from sqlmodel import col, func, select

from storage.backup import is_held
from storage.queries import inbox
from storage.records import OutboxRow, Process
from storage.work import Work

# A process that fell silent longer ago than this is history.
SILENCE_MATTERS_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Health:
    """What waits for somebody to look at it, and who is at work."""

    dead: int
    unsure: int
    failed: int
    alive: int
    silent: int
    held: bool


def health(work: Work, silent_for: timedelta) -> Health:
    """How the house is doing; a process that said nothing for `silent_for` counts as silent."""
    running = (
        select(func.count()).select_from(Process).where(col(Process.stopped_at).is_(None))
    )
    spoke_at, since = col(Process.alive_at), work.now - silent_for
    return Health(
        dead=inbox.dead_count(work),
        unsure=_outbox(work, "'unsure'"),
        failed=_outbox(work, "'failed'"),
        alive=work.scalar(running.where(spoke_at > since)),
        silent=work.scalar(
            running.where(spoke_at <= since, spoke_at > work.now - SILENCE_MATTERS_FOR)
        ),
        held=is_held(work),
    )


def _outbox(work: Work, state: str) -> int:
    # Written out, not bound: only so can the partial index of what is in trouble serve.
    troubled = col(OutboxRow.state).in_(
        (literal_column("'unsure'"), literal_column("'failed'"))
    )
    counted = (
        select(func.count())
        .select_from(OutboxRow)
        .where(troubled, col(OutboxRow.state) == literal_column(state))
    )
    return int(work.scalar(counted) or 0)
