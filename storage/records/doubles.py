"""Contacts that may be one person, those that were made one, and how to take that back."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class DoubleState(StrEnum):
    """What somebody has said of two contacts that may be one; `different` holds for ever."""

    OPEN = "open"
    MERGED = "merged"
    DIFFERENT = "different"
    UNDONE = "undone"


class Double(Record, table=True):
    """Two contacts that may be one person, the one with the smaller id first.

    No foreign keys: one of them is gone when they were made one.
    """

    __tablename__ = "doubles"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_doubles_second_id", "second_id"),
        Index("ix_doubles_state_score", "state", "score"),
    )

    first_id: int = Field(sa_type=Id)
    second_id: int = Field(sa_type=Id)
    # 0 to 1: how likely it is.
    score: float
    # [[key, weight]]: what speaks for it and against, the strongest first.
    reasons: list[Any] = Field(default_factory=list, sa_type=Json)
    state: DoubleState = Field(default=DoubleState.OPEN, sa_type=Choice(DoubleState))
    found_at: datetime
    # Not to be shown before.
    later_until: datetime | None = None
    settled_at: datetime | None = None
    settled_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class Merge(Record, table=True):
    """A contact was made one with another; `gone_id` leads to `survivor_id` from then on."""

    __tablename__ = "merges"
    __table_args__ = (
        Index("ix_merges_gone_id", "gone_id"),
        Index("ix_merges_survivor_id", "survivor_id"),
    )

    survivor_id: int = Field(sa_type=Id)
    gone_id: int = Field(sa_type=Id)
    member_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    at: datetime
    undone_at: datetime | None = None
    undone_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    # What happened before this id happened before the merge.
    until_id: int = Field(sa_type=Id)


class StepKind(StrEnum):
    """What a merge has done to rows of a table."""

    # They point at the survivor now: `rows` are [id, version before].
    MOVED = "moved"
    # Some columns have other values: `rows` are [id, version before, {column: before}, {… after}].
    CHANGED = "changed"
    # They had to go: `rows` are {column: value}, the whole row.
    REMOVED = "removed"
    # Counted anew from other rows: `rows` are whole rows as they stood before.
    DERIVED = "derived"


class MergeStep(Record, table=True):
    """What a merge has done to some rows of one table, so that it can be taken back."""

    __tablename__ = "merge_steps"

    merge_id: int = Field(foreign_key="merges.id", index=True, sa_type=Id)
    position: int
    table_name: str = Field(max_length=64)
    column_name: str = Field(default="", max_length=64)
    kind: StepKind = Field(sa_type=Choice(StepKind))
    rows: list[Any] = Field(default_factory=list, sa_type=Json)


class DoublesPass(Record, table=True):
    """One look at all contacts for doubles: when, of how many, and how many were found."""

    __tablename__ = "doubles_passes"

    started_at: datetime
    finished_at: datetime | None = Field(default=None, index=True)
    # How many pairs have been compared, and what has been found; by which process.
    contacts: int = 0
    pairs: int = 0
    found: int = 0
    # The pair behind which a pass that was interrupted goes on.
    at_pair: int = Field(default=0, sa_type=Id)
