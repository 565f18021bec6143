"""How the house is run: policies, schedules, what ran, who is alive, and who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Json
from storage.records.record import Record


class Policy(Record, table=True):
    """Something a manager may decide, changed in chat."""

    __tablename__ = "policies"
    natural_key = ("key",)
    __table_args__ = (UniqueConstraint("key"),)

    key: str = Field(max_length=64)
    value: Any = Field(default=None, sa_type=Json, nullable=True)
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class Schedule(Record, table=True):
    """A thing that is due again and again at a wall time: a member's digest."""

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("job", "member_id"),
        Index("ix_schedules_next_due_at", "next_due_at"),
    )

    job: str = Field(max_length=48)
    member_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    # The local time of day, "09:00", the IANA zone, and the days it holds for (RRULE).
    wall: str = Field(max_length=5)
    zone: str = Field(max_length=48)
    rule: str = Field(default="FREQ=DAILY", max_length=256)
    next_due_at: datetime


class JobRun(Record, table=True):
    """One moment of one job; that there can be only one decides which process runs it."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "due"),)

    job: str = Field(max_length=96)
    due: datetime
    taken_at: datetime


class AuditEntry(Record, table=True):
    """Who did what to which record, in the order in which it happened."""

    __tablename__ = "audit"

    at: datetime = Field(index=True)
    actor: str = Field(max_length=64)
    action: str = Field(max_length=64)
    subject: str | None = Field(default=None, max_length=24)
    subject_id: int | None = Field(default=None, index=True, sa_type=Id)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Process(Record, table=True):
    """A running Rapport: known by a name made at its start, alive while it says so."""

    __tablename__ = "processes"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=36)
    started_at: datetime
    alive_at: datetime
    stopped_at: datetime | None = None


class Lease(Record, table=True):
    """A duty that only one process may have at a time, until a moment."""

    __tablename__ = "leases"
    __table_args__ = (UniqueConstraint("duty"),)

    duty: str = Field(max_length=48)
    owner: str = Field(max_length=36)
    until: datetime


class Counter(Record, table=True):
    """The last number given, for what people call by number: tickets, campaigns."""

    __tablename__ = "counters"
    natural_key = ("name",)
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=24)
    last: int
