"""What the database knows about how the house is doing."""

from dataclasses import dataclass

from sqlalchemy import literal_column
from sqlmodel import col, func, select

from storage.queries import house, inbox
from storage.records import LEFT, SENT_AGAIN, OutboxRow
from storage.work import Work


@dataclass(frozen=True)
class Health:
    """What waits for somebody to look at it, and how many processes the server sees at work."""

    dead: int
    unsure: int
    failed: int
    alive: int


def health(work: Work) -> Health:
    """How the house is doing. On SQLite `alive` is 0: there the lock of the file tells."""
    return Health(
        dead=inbox.dead_count(work),
        unsure=_outbox(work, "'unsure'"),
        failed=_outbox(work, "'failed'"),
        alive=len(house.living(work)),
    )


def _outbox(work: Work, state: str) -> int:
    # Written out, not bound: only so can the partial index of what is in trouble serve.
    troubled = col(OutboxRow.state).in_((literal_column("'unsure'"), literal_column("'failed'")))
    counted = (
        select(func.count())
        .select_from(OutboxRow)
        .where(
            troubled,
            col(OutboxRow.state) == literal_column(state),
            func.coalesce(OutboxRow.error, "").not_in((SENT_AGAIN, LEFT)),
        )
    )
    return int(work.scalar(counted) or 0)
