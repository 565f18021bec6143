"""Messages to many: who is meant, what they get, and what became of each one."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, Text, UniqueConstraint, text
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
    """Draft until started; `late` asks first: its window passed while nothing ran."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LATE = "late"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Timing(StrEnum):
    """Once it is started, at a moment, or at an hour on each recipient's own clock."""

    NOW = "now"
    AT = "at"
    LOCAL = "local"


class Campaign(Record, table=True):
    """One text to everybody in an audience, once."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("number"),)

    number: int
    # {language: template}; "" is the one for every language that has none of its own.
    texts: dict[str, Any] = Field(sa_type=Json)
    # {"filter": "tag:vip", "except": "tag:staff"}: who is meant, frozen into recipients when it
    # starts; `frozen_to` is how far that has come.
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
    # A picture, as `Media` describes it; [{"label": …, "url": …}], without `url` it is an answer.
    picture: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    buttons: list[dict[str, str]] | None = Field(default=None, sa_type=Json, nullable=True)
    timing: Timing | None = Field(default=None, sa_type=Choice(Timing))
    # The local date and time that was meant, and by which clock; empty when it goes at once.
    wall: str | None = Field(default=None, max_length=32)
    zone: str | None = Field(default=None, max_length=48)
    # When it begins by itself, and when it stops to wait for those who are held.
    due_at: datetime | None = None
    ends_at: datetime | None = None
    # Messages a second at the most; empty: as fast as the platform allows.
    speed: int | None = None
    # Those get it too who have an open request, wrote lately, were not content or wait for a call.
    regardless: bool | None = None
    # How often its text was changed on the way.
    edits: int | None = None
    # Who wants it to go, while a second person has to agree.
    asked_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    # Whom it would reach and why not the others, counted bit by bit: see `audiences`.
    tally: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    # People have to be gone through since it was cancelled or its end has come.
    winding_up: bool | None = None
    # When the last messages were handed on, and how much of the next one had been earned.
    fed_at: datetime | None = None
    # When it was recalled, and how far its recipients have been gone through for that.
    recalled_at: datetime | None = None
    recalled_to: int | None = Field(default=None, sa_type=Id)
    # What customers said before this id has been looked at for answers.
    heard_to: int | None = Field(default=None, sa_type=Id)


class CampaignText(Record, table=True):
    """What a campaign said before its text was changed: recipients keep which one they got."""

    __tablename__ = "campaign_texts"
    __table_args__ = (UniqueConstraint("campaign_id", "edit"),)

    campaign_id: int = Field(foreign_key="campaigns.id", sa_type=Id)
    edit: int
    texts: dict[str, Any] = Field(sa_type=Json)
    until: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class RecipientState(StrEnum):
    """What became of one person's message.

    `held` may not have it now and is looked at again; `skipped` could not until the end; `stopped`
    said stop or blocked us before it went; `recalled` had it until it was deleted; `control` could
    have had it and gets nothing, to see what it brings.
    """

    WAITING = "waiting"
    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    RECALLED = "recalled"
    CONTROL = "control"
    CANCELLED = "cancelled"


# Whose message was tried; whether it arrived must not matter, since of those who get none nobody
# knows whether it would have.
TRIED = (
    RecipientState.SENT,
    RecipientState.UNSURE,
    RecipientState.FAILED,
    RecipientState.RECALLED,
)
# Days begin with one of these in every zone.
SECONDS_IN_A_QUARTER = 900


class RecipientTally(Record, table=True):
    """How many of a campaign's recipients are alike, counted whenever one of them changes."""

    __tablename__ = "recipient_tallies"
    __table_args__ = (
        UniqueConstraint(
            *("campaign_id", "state", "reason", "variant", "compared", "quarter"),
            # All of them would make a name that is too long.
            name="uq_recipient_tallies_kind",
        ),
    )
    kinds: ClassVar[tuple[str, ...]] = (
        *("campaign_id", "state", "reason", "variant", "compared", "quarter"),
    )

    campaign_id: int = Field(foreign_key="campaigns.id", sa_type=Id)
    state: RecipientState = Field(sa_type=Choice(RecipientState))
    # Why, of those who are held; of all others it is empty.
    reason: str = Field(default="", max_length=128)
    variant: str = Field(default="", max_length=8)
    # Those whose doings tell what the campaign has brought.
    compared: bool = False
    # The quarter of an hour, counted from 1970, in which they were settled; 0 when they are not.
    quarter: int = Field(default=0, index=True)
    many: int
    # When the last of them was settled.
    last_at: datetime | None = None


class Recipient(Record, table=True):
    """One person of a campaign, frozen when it started."""

    counted_in: ClassVar[type[Record] | None] = RecipientTally
    # Written again within seconds, twice: when the message goes, and when it has gone.
    remembered = True

    __tablename__ = "recipients"
    __table_args__ = (
        UniqueConstraint("campaign_id", "contact_id"),
        Index("ix_recipients_campaign_id_state", "campaign_id", "state"),
        Index(
            "ix_recipients_held",
            "campaign_id",
            "due_at",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )

    campaign_id: int = Field(foreign_key="campaigns.id", sa_type=Id)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    state: RecipientState = Field(default=RecipientState.WAITING, sa_type=Choice(RecipientState))
    # Why it is held, skipped or failed.
    reason: str | None = Field(default=None, max_length=128)
    settled_at: datetime | None = None
    # Not before this moment: their own hour, or when what stands in the way is looked at again.
    due_at: datetime | None = None
    # Which of several texts they get or got, by its letter, and after how many changes.
    variant: str | None = Field(default=None, max_length=8)
    edit: int | None = None
    # When they first answered it, and with which words.
    answered_at: datetime | None = None
    answer_id: int | None = Field(default=None, sa_type=Id)

    @staticmethod
    def kind_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Among which of its campaign's recipients it is counted."""
        state, at = row["state"], row["settled_at"]
        # Blocked us: that came to light only because we wrote to them.
        tried = state in TRIED or (state == RecipientState.STOPPED and row["edit"] is not None)
        return (
            row["campaign_id"],
            state,
            (row["reason"] or "") if state == RecipientState.HELD else "",
            row["variant"] or "",
            at is not None and (tried or state == RecipientState.CONTROL),
            0 if at is None else quarter_of(at),
        )

    @staticmethod
    def moment_of(row: Mapping[str, Any]) -> datetime | None:
        """When it was settled."""
        at: datetime | None = row["settled_at"]
        return at


def quarter_of(moment: datetime) -> int:
    """The quarter of an hour in which a moment lies."""
    return int(moment.timestamp() // SECONDS_IN_A_QUARTER)


class Template(Record, table=True):
    """A text kept for use again."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("name", "language"),)

    name: str = Field(max_length=64)
    language: str = Field(default="en", max_length=8)
    text: str = Field(sa_type=Text)
    created_at: datetime
