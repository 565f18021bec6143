"""Questions about the house itself: policies, numbers, duties, processes, schedules."""

import zlib
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, func, select

from storage.records import Counter, JobRun, Lease, Policy, Process, Schedule
from storage.work import Work


def next_number(work: Work, name: str) -> int:
    """The next number of what people call by number; no number is given twice."""
    counter = work.by_key(Counter, name)
    if counter is None:
        work.add(Counter(name=name, last=1))
        work.flush()
        return 1
    counter.last += 1
    return counter.last


def policy(work: Work, key: str) -> Policy | None:
    """The row of a policy, if somebody has ever changed it."""
    return work.by_key(Policy, key)


def take_lease(work: Work, duty: str, owner: str, length: timedelta, living: set[str]) -> bool:
    """Whether `owner` has the duty now, for `length` more.

    A lease that ran out may be taken, and one whose process is no more.
    """
    lease = work.first(select(Lease).where(col(Lease.duty) == duty))
    if lease is None:
        work.add(Lease(duty=duty, owner=owner, until=work.now + length))
        work.flush()
        return True
    if lease.owner != owner and lease.owner in living and lease.until > work.now:
        return False
    lease.owner = owner
    lease.until = work.now + length
    return True


def drop_leases(work: Work, owner: str) -> None:
    """Let go of every duty, so that another process need not wait for the end of the lease."""
    for lease in work.all(select(Lease).where(col(Lease.owner) == owner)):
        lease.until = work.now - timedelta(seconds=1)


def process(work: Work, name: str) -> Process | None:
    """The row of a running process."""
    return work.first(select(Process).where(col(Process.name) == name))


# Each process holds a lock of the PostgreSQL server's for as long as its connection lives.
PRESENCE = 0x52505254


def presence_of(name: str) -> int:
    """The number of a process's lock."""
    return _number_of(name)


def _number_of(name: str) -> int:
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def living(work: Work) -> set[str]:
    """The names of the processes that are there: the server knows at once when one is killed.

    Empty on SQLite, where there can be only one, which asks.
    """
    if work.dialect == "sqlite":
        return set()
    held = text(
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = :class"
    )
    locks = {number for (number,) in work.execute(held, {"class": PRESENCE})}
    names = select(Process.name).where(col(Process.stopped_at).is_(None))
    return {name for (name,) in work.rows(names) if presence_of(name) in locks}


# While a job is being done its name is locked until the transaction ends.
AT_WORK = 0x5250574B


def begin_alone(work: Work, job: str) -> bool:
    """Whether a job may be done now: until the end of the transaction nobody else may.

    A job asks what is due and writes what follows of it. Two at a time would find the same: who
    is reminded by statements over many rows, which no version guards, would be reminded twice.
    """
    if work.dialect == "sqlite":
        return True
    lock = text("SELECT pg_try_advisory_xact_lock(:class, :name)")
    return bool(work.scalar(lock, {"class": AT_WORK, "name": _number_of(job)}))


def last_sign_of_life(work: Work) -> datetime | None:
    """When any process was last alive."""
    moment: datetime | None = work.scalar(select(func.max(Process.alive_at)))
    return moment


def due_schedules(work: Work) -> list[Schedule]:
    """Schedules whose moment has come, the longest overdue first."""
    return work.all(
        select(Schedule)
        .where(col(Schedule.next_due_at) <= work.now)
        .order_by(col(Schedule.next_due_at))
    )


def schedules(work: Work) -> list[Schedule]:
    """Every schedule."""
    return work.all(select(Schedule).order_by(col(Schedule.id)))


def schedule_of(work: Work, job: str, member_id: int) -> Schedule | None:
    """A member's schedule for one job."""
    return work.first(
        select(Schedule).where(col(Schedule.job) == job, col(Schedule.member_id) == member_id)
    )


def has_run(work: Work, job: str, due: datetime) -> bool:
    """Whether that moment of that job was taken by some process."""
    run = select(JobRun.id).where(col(JobRun.job) == job, col(JobRun.due) == due)
    return work.scalar(run) is not None
