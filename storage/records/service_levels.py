"""When the team is there, how soon it wants to answer, and what was said about being late."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.conversation import Priority
from storage.records.record import Record


class Calendar(Record, table=True):
    """Opening hours: one for everybody, and others by the channel that they hold for."""

    __tablename__ = "calendars"
    __table_args__ = (UniqueConstraint("name"),)

    # A channel's name or id without the #; empty for the hours of everybody else.
    name: str = Field(default="", max_length=80)
    # The IANA zone; without one the team's holds.
    zone: str | None = Field(default=None, max_length=48)
    # Seven lists, Monday first, of [start, end] in minutes after midnight.
    week: list[Any] = Field(default_factory=list, sa_type=Json)
    changed_at: datetime


class Holiday(Record, table=True):
    """A day with other hours than usual, or none; in every calendar, or in one."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("calendar", "day"),)

    calendar: str = Field(default="", max_length=80)
    day: date
    # On that day of every year.
    yearly: bool = False
    name: str = Field(default="", max_length=128)
    # [start, end] in minutes after midnight; nobody is there when there are none.
    blocks: list[Any] = Field(default_factory=list, sa_type=Json)


class ServiceLevel(Record, table=True):
    """Targets in seconds of working time for some requests; what is empty is not promised.

    The most particular one counts: category and priority, category, priority, all.
    """

    __tablename__ = "service_levels"
    __table_args__ = (UniqueConstraint("category", "priority"),)

    # Empty: all of them.
    category: str = Field(default="", max_length=64)
    priority: str = Field(default="", max_length=16)
    first_answer: int | None = None
    next_answer: int | None = None
    resolution: int | None = None

    def holds_for(self, category: str | None, priority: Priority) -> bool:
        """Whether a request of that category and priority falls under it."""
        return self.category in ("", category) and self.priority in ("", priority)


class Promise(StrEnum):
    """What a service level promises."""

    FIRST_ANSWER = "first_answer"
    NEXT_ANSWER = "next_answer"
    RESOLUTION = "resolution"


class Alarm(StrEnum):
    """How far it has come: soon due, or over."""

    WARNING = "warning"
    BREACH = "breach"


class ServiceAlarm(Record, table=True):
    """That something was soon due or over, noted once for each instant at which it was due."""

    __tablename__ = "service_alarms"
    __table_args__ = (
        UniqueConstraint("ticket_id", "promise", "alarm", "due_at"),
        Index("ix_service_alarms_alarm_due_at", "alarm", "due_at"),
    )

    ticket_id: int = Field(foreign_key="tickets.id", sa_type=Id)
    promise: Promise = Field(sa_type=Choice(Promise))
    alarm: Alarm = Field(sa_type=Choice(Alarm))
    due_at: datetime
    # Who had it then.
    assignee_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    at: datetime
