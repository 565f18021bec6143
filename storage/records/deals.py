"""What may be sold to whom: pipelines with their stages, deals, and what became of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class Pipeline(Record, table=True):
    """A way from the first word to the sale, with stages of its own."""

    __tablename__ = "pipelines"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=64)
    position: int
    created_at: datetime
    # Its deals are kept, but nothing new goes into it.
    removed_at: datetime | None = None


class DealStage(Record, table=True):
    """One step of a pipeline, and how likely a deal is won from there, in percent."""

    __tablename__ = "deal_stages"
    __table_args__ = (UniqueConstraint("pipeline_id", "name"),)

    pipeline_id: int = Field(foreign_key="pipelines.id", sa_type=Id)
    name: str = Field(max_length=64)
    probability: int
    position: int
    # What was in it before still says so.
    removed_at: datetime | None = None


class DealState(StrEnum):
    """Whether it may still be sold; a dropped one counts neither as won nor as lost."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"


class Deal(Record, table=True):
    """Something that may be sold to a contact."""

    __tablename__ = "deals"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_deals_state_stage_id", "state", "stage_id"),
        Index("ix_deals_state_attention_at", "state", "attention_at"),
    )

    number: int = Field(sa_type=Integer)
    contact_id: int = Field(foreign_key="contacts.id", index=True, sa_type=Id)
    owner_id: int = Field(foreign_key="members.id", index=True, sa_type=Id)
    pipeline_id: int = Field(foreign_key="pipelines.id", sa_type=Id)
    stage_id: int = Field(foreign_key="deal_stages.id", sa_type=Id)
    title: str = Field(max_length=256)
    # In the currency's smallest unit (cents, yen), so that sums are exact; empty is not known yet.
    amount: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(max_length=3)
    # When it differs from that of its stage, in percent.
    probability: int | None = None
    close_on: date | None = None
    next_step: str | None = Field(default=None, max_length=256)
    products: list[str] = Field(default_factory=list, sa_type=Json)
    state: DealState = Field(default=DealState.OPEN, sa_type=Choice(DealState))
    lost_reason: str | None = Field(default=None, max_length=256)
    opened_at: datetime = Field(index=True)
    stage_since: datetime
    closed_at: datetime | None = Field(default=None, index=True)
    # When somebody of the team last did something with it.
    touched_at: datetime
    # When its owner was last told that nothing happens with it, and when to look at that again.
    told_quiet_at: datetime | None = None
    attention_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may still be sold."""
        return self.state is DealState.OPEN

    def likely(self, stage: DealStage) -> int:
        """How likely it is won, in percent: as somebody said of it, or as its stage says."""
        return stage.probability if self.probability is None else self.probability


class DealEvent(Record, table=True):
    """One step in a deal's history."""

    __tablename__ = "deal_events"

    deal_id: int = Field(foreign_key="deals.id", index=True, sa_type=Id)
    at: datetime
    member_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    what: str = Field(max_length=24)
    before: str | None = Field(default=None, max_length=256)
    after: str | None = Field(default=None, max_length=256)
    # The stage that it left and the one in which it was afterwards, for steps that are moves.
    from_stage_id: int | None = Field(default=None, foreign_key="deal_stages.id", sa_type=Id)
    stage_id: int | None = Field(default=None, foreign_key="deal_stages.id", index=True, sa_type=Id)
    # When it was taken back: it stays to be read, and counts for nothing.
    undone_at: datetime | None = None
