"""Several messages to one person, one after the other, with waits between."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class JourneyState(StrEnum):
    """Draft until started; `late` asks first: steps came due while nothing ran."""

    DRAFT = "draft"
    RUNNING = "running"
    LATE = "late"
    PAUSED = "paused"
    ENDED = "ended"


class Journey(Record, table=True):
    """A way that people go step by step, each of them once."""

    __tablename__ = "journeys"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=64)
    # The lines as they were typed, and what they were read as.
    lines: str = Field(sa_type=Text)
    steps: list[dict[str, Any]] = Field(sa_type=Json)
    # Who begins it: {"kind": "filter", "filter": …}, {"kind": "contact" | "order" | "tag", …}.
    begins: dict[str, Any] = Field(sa_type=Json)
    topic: str = Field(default="", max_length=64)
    # Those go on too who have an open request, or wrote lately.
    regardless: bool = False
    # Whoever replies or orders leaves it, at whatever step.
    until: list[str] = Field(default_factory=list, sa_type=Json)
    state: JourneyState = Field(default=JourneyState.DRAFT, sa_type=Choice(JourneyState))
    channel: str = Field(max_length=32)
    created_by: int = Field(foreign_key="members.id", sa_type=Id)
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    # With whom it begins at once, counted as a campaign's audience; who has asked to start it while
    # a second person has to agree.
    tally: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    asked_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    # Up to which id it has been looked who begins; None once a filter has been gone through.
    looked_to: int | None = Field(default=None, sa_type=Id)
    # What was said before this id has been looked at for replies.
    heard_to: int | None = Field(default=None, sa_type=Id)
    # When its numbers were counted last, and what they were.
    shown_at: datetime | None = None
    counts: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)


class JourneyMessage(Record, table=True):
    """The campaign that sends the message of one step: to each person when they have come to it."""

    __tablename__ = "journey_messages"
    __table_args__ = (UniqueConstraint("journey_id", "position"), UniqueConstraint("campaign_id"))

    journey_id: int = Field(foreign_key="journeys.id", sa_type=Id)
    position: int
    campaign_id: int = Field(foreign_key="campaigns.id", sa_type=Id)


class TravellerState(StrEnum):
    """Waits for the moment of a step, or until a message is settled; or is through, or has left."""

    WAITING = "waiting"
    SENDING = "sending"
    THROUGH = "through"
    LEFT = "left"


class TravellerTally(Record, table=True):
    """How many on a journey stand at the same place, counted whenever one of them moves."""

    __tablename__ = "traveller_tallies"
    __table_args__ = (UniqueConstraint("journey_id", "state", "position", "reason"),)
    kinds: ClassVar[tuple[str, ...]] = ("journey_id", "state", "position", "reason")

    journey_id: int = Field(foreign_key="journeys.id", sa_type=Id)
    # `waiting` is everybody who is on the way.
    state: TravellerState = Field(sa_type=Choice(TravellerState))
    # The step of those on the way, and why the others have left.
    position: int = 0
    reason: str = Field(default="", max_length=64)
    many: int


class Traveller(Record, table=True):
    """One person on a journey."""

    counted_in: ClassVar[type[Record] | None] = TravellerTally

    __tablename__ = "travellers"
    __table_args__ = (
        UniqueConstraint("journey_id", "contact_id"),
        Index("ix_travellers_journey_id_state_due_at", "journey_id", "state", "due_at"),
    )

    journey_id: int = Field(foreign_key="journeys.id", sa_type=Id)
    contact_id: int = Field(foreign_key="contacts.id", index=True, sa_type=Id)
    state: TravellerState = Field(default=TravellerState.WAITING, sa_type=Choice(TravellerState))
    # The step that comes next, or that is being done.
    position: int = 0
    entered_at: datetime
    # When the step is looked at.
    due_at: datetime
    # From when a wait counts that has begun or may come next; of a message, when it was queued.
    waiting_since: datetime | None = None
    # The message on its way, and when the last one was settled.
    recipient_id: int | None = Field(default=None, sa_type=Id)
    said_at: datetime | None = None
    # Why they have left; in the middle of several conditions in a row, what they had done before.
    reason: str | None = Field(default=None, max_length=64)
    ended_at: datetime | None = None

    @staticmethod
    def kind_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Among which of its journey's people it is counted."""
        match row["state"]:
            case TravellerState.LEFT:
                return row["journey_id"], TravellerState.LEFT, 0, row["reason"] or ""
            case TravellerState.THROUGH:
                return row["journey_id"], TravellerState.THROUGH, 0, ""
            case _:
                return row["journey_id"], TravellerState.WAITING, row["position"], ""
