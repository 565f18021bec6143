"""How the desk is run: the drawers that requests are filed in, and what was handed over."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.conversation import Subject
from storage.records.record import Record


class Category(Record, table=True):
    """A drawer for requests: "billing". Who serves it is a list of members; empty is everybody."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("name"),)

    # Lower case, as it is written on the tickets.
    name: str = Field(max_length=64)
    members: list[int] = Field(default_factory=list, sa_type=Json)
    created_at: datetime


class HandOver(Record, table=True):
    """A member's open work given to colleagues, so that it can come back."""

    __tablename__ = "hand_overs"

    from_id: int = Field(foreign_key="members.id", index=True, sa_type=Id)
    by_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    at: datetime
    # When it was taken back, or it was said that it need not be.
    ended_at: datetime | None = None


class HandedItem(Record, table=True):
    """One request or follow-up of a hand-over, and who has it since."""

    __tablename__ = "handed_items"
    __table_args__ = (Index("ix_handed_items_hand_over_id", "hand_over_id"),)

    hand_over_id: int = Field(foreign_key="hand_overs.id", sa_type=Id)
    to_id: int = Field(foreign_key="members.id", sa_type=Id)
    subject: Subject = Field(sa_type=Choice(Subject))
    subject_id: int = Field(sa_type=Id)
