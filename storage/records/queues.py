"""What came in and is to be handled, what is to go out and how that went."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Index, Integer, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class InboxState(StrEnum):
    """New until handled; dead after three tries, until somebody retries or discards it."""

    NEW = "new"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


MOST_TRIES = 3


class InboxRow(Record, table=True):
    """One update or event, as it was sent, stored before the platform hears that we have it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("event_key"),
        Index(
            "ix_inbox_unhandled",
            "chat_key",
            "id",
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
        Index(
            "ix_inbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index("ix_inbox_received_at", "received_at"),
    )

    door: str = Field(max_length=16)
    # The platform's own key for the event: "telegram:<bot>:<update_id>", "slack:<team>:<event_id>".
    event_key: str = Field(max_length=160)
    # Rows of one chat are handled in order, one at a time.
    chat_key: str = Field(max_length=96)
    raw: bytes = Field(sa_type=LargeBinary)
    state: InboxState = Field(default=InboxState.NEW, sa_type=Choice(InboxState))
    tries: int = 1
    # The process that takes care of it; another one takes over when that process is gone.
    owner: str = Field(max_length=36)
    error: str | None = Field(default=None, max_length=512)
    received_at: datetime
    done_at: datetime | None = None


class OutboxState(StrEnum):
    """Sent means accepted by the platform; unsure means that nobody can know.

    Asked: it goes when its author says so, since the customer has said something meanwhile.
    """

    QUEUED = "queued"
    ASKED = "asked"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Urgency(IntEnum):
    """Who goes first when the platform lets only so many through; small is first."""

    REPLY = 0
    SERVICE = 1
    REMINDER = 2
    DIGEST = 3
    CAMPAIGN = 4


class Unsure(StrEnum):
    """What to do when nobody can know whether it arrived."""

    HOLD = "hold"
    ASK = "ask"
    RESEND = "resend"
    READBACK = "readback"


# In place of an error when somebody has dealt with a row in trouble: it is no trouble any more.
SENT_AGAIN, LEFT = "sent again", "left as it is"


class OutboxRow(Record, table=True):
    """One thing to be said through a door, written in the transaction of its cause."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("idem_key"),
        Index(
            "ix_outbox_open",
            "door",
            "urgency",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outbox_line",
            "line",
            "id",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index(
            "ix_outbox_trouble",
            "id",
            sqlite_where=text("state IN ('unsure', 'failed')"),
            postgresql_where=text("state IN ('unsure', 'failed')"),
        ),
        Index("ix_outbox_subject_subject_id", "subject", "subject_id"),
    )

    # What makes "twice" impossible: "campaign:<id>:<contact>", "answer:<inbox row>".
    idem_key: str = Field(max_length=160)
    door: str = Field(max_length=16)
    # Where it goes, as the platform names it: a Telegram chat id, a Slack channel or user.
    chat: str = Field(max_length=64)
    # Rows of one line go out in order, one at a time.
    line: str = Field(max_length=96)
    urgency: int = Field(default=Urgency.SERVICE, sa_type=Integer)
    # What the door is to do ("say", "update", "react", …) and with what.
    verb: str = Field(max_length=24)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # What it stands for in our records, so that its fate can be told there.
    subject: str | None = Field(default=None, max_length=24)
    subject_id: int | None = Field(default=None, sa_type=Id)
    when_unsure: Unsure = Field(default=Unsure.HOLD, sa_type=Choice(Unsure))
    state: OutboxState = Field(default=OutboxState.QUEUED, sa_type=Choice(OutboxState))
    not_before: datetime
    expires_at: datetime | None = None
    attempts: int = 0
    # Grows with each claim; who settles must still hold the same one.
    token: int = 0
    owner: str | None = Field(default=None, max_length=36)
    lease_until: datetime | None = None
    # What the platform calls it, once it has it.
    message: str | None = Field(default=None, max_length=64)
    error: str | None = Field(default=None, max_length=512)
    created_at: datetime
    settled_at: datetime | None = None

    def end(self, state: OutboxState, moment: datetime, why: str | None) -> None:
        """It is over: nothing more is tried."""
        self.state, self.settled_at, self.error = state, moment, why and why[:512]
