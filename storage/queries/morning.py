"""Questions about the lists that members get in the morning instead of many reminders."""

from collections.abc import Collection

from sqlmodel import col, select

from storage.records import Schedule
from storage.work import Work

MORNING = "morning list"


def of_members(work: Work, members: Collection[int]) -> list[Schedule]:
    """The schedules of those of the members who have a list."""
    return work.all(
        select(Schedule).where(col(Schedule.job) == MORNING, col(Schedule.member_id).in_(members))
    )


def due(work: Work) -> list[Schedule]:
    """Lists whose moment has come."""
    return work.all(
        select(Schedule).where(col(Schedule.job) == MORNING, col(Schedule.next_due_at) <= work.now)
    )
