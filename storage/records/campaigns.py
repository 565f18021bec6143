"""Messages to many: who is meant, what they get, and what became of each one."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class Segment(Record, table=True):
    """A saved filter over contacts, as it was typed."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=64)
    filter: str = Field(max_length=1024)
    created_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    created_at: datetime


class CampaignState(StrEnum):
    """Draft until started; asks first when its window passed while we were down."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Campaign(Record, table=True):
    """One text to everybody in an audience, once."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("number"),)

    number: int
    # {language: template}; "" is the one for every language that has none of its own.
    texts: dict[str, Any] = Field(sa_type=Json)
    # {"tag": "vip"}: who is meant, frozen into recipients when it starts.
    audience: dict[str, Any] = Field(sa_type=Json)
    topic: str = Field(default="", max_length=64)
    state: CampaignState = Field(
        default=CampaignState.DRAFT, sa_type=Choice(CampaignState), index=True
    )
    # Where its live card is shown.
    channel: str | None = Field(default=None, max_length=32)
    created_by: int = Field(foreign_key="members.id", sa_type=Id)
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    # When the numbers on its card were last brought up to date.
    shown_at: datetime | None = None


class RecipientState(StrEnum):
    """What became of one person's message. `stopped` said stop or blocked us before it went."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class Recipient(Record, table=True):
    """One person of a campaign, frozen when it started."""

    __tablename__ = "recipients"
    __table_args__ = (
        UniqueConstraint("campaign_id", "contact_id"),
        Index("ix_recipients_campaign_id_state", "campaign_id", "state"),
    )

    campaign_id: int = Field(foreign_key="campaigns.id", sa_type=Id)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    state: RecipientState = Field(default=RecipientState.WAITING, sa_type=Choice(RecipientState))
    reason: str | None = Field(default=None, max_length=128)
    settled_at: datetime | None = None


class Template(Record, table=True):
    """A text kept for use again."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("name", "language"),)

    name: str = Field(max_length=64)
    language: str = Field(default="en", max_length=8)
    text: str = Field(sa_type=Text)
    created_at: datetime
