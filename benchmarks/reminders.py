"""Reminders: a million stored, a tenth of them due at one instant, beside APScheduler's store."""

import asyncio
import gc
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import event, func, insert, literal, true
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from benchmarks import house
from bot.crossing import read, write
from handlers.actions.follow_ups import LATE_AFTER
from jobs.reminders import remind
from jobs.scheduler import Scheduler
from storage.columns import new_id
from storage.engine import Store
from storage.queries import reminders
from storage.records import Contact, FollowUp, FollowUpState, Member, Touch
from storage.work import Work, table_of

STORED = 1_000_000
DUE = 100_000
MEMBERS = 500
# The stock store goes through so many, and its speed is taken from them.
STOCK = 2_000
# So often the loop is asked to wake.
EVERY = 0.001


async def measure(stored: int = STORED, due: int = DUE) -> dict[str, Any]:
    """`stall_ms` of the event loop, `drain_ratio` beside the stock store, `first_out_s`.

    The stock is APScheduler's `SQLAlchemyJobStore` as it comes, on the same disk: SQLite with its
    defaults, 2,000 one-time jobs that are due, which do nothing; `favoured_ratio` is beside the
    same with a write-ahead log and no fsync a job. `idle_stall_ms` is how long the loop of this
    machine stands still while nothing is done.
    """
    with house.store() as store:
        moment = await fill(store, stored, due)
        gc.collect()
        found = await drained(store, due, moment)
    for name, favoured in (("drain", False), ("favoured", True)):
        stock = await asyncio.to_thread(stock_drain, favoured)
        found[f"{name}_ratio"] = round(found["drained_per_s"] / stock, 1)
        found[f"{name}_stock_per_s"] = round(stock)
    found["stored"] = stored
    return found


async def fill(store: Store, stored: int, due: int) -> datetime:
    """A house full of follow-ups: each member has one about each customer."""
    people = await write(store, members)
    customers = await write(store, lambda work: contacts(work, stored // MEMBERS))
    # Long enough from now that all of them are stored, with the clock pushed there afterwards.
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    later = moment + timedelta(days=2)

    def two(work: Work) -> tuple[int, int]:
        first, second = (follow_up(work, at, people[0], customers[0]) for at in (moment, later))
        work.add(first)
        work.add(second)
        return first.id, second.id

    soon, afterwards = await write(store, two)
    half = due // MEMBERS
    await write(store, lambda work: multiply(work, soon, customers[:half]))
    for first in range(half, len(customers), half):
        some = customers[first : first + half]
        await write(store, partial(multiply, like=afterwards, customers=some))

    def without(work: Work) -> None:
        for id in (soon, afterwards):
            work.delete(work.sure(FollowUp, id))

    await write(store, without)
    return moment


def multiply(work: Work, like: int, customers: list[int]) -> None:
    """One like that for each member about each of the customers."""
    ids = {
        "id": literal(new_id())
        + func.row_number().over(order_by=[col(Contact.id), col(Member.id)]),
        "owner_id": col(Member.id),
        "contact_id": col(Contact.id),
    }
    table = table_of(FollowUp)
    chosen = [ids.get(name, column) for name, column in table.columns.items()]
    pairs = (
        sa_select(*chosen)
        .select_from(table)
        .join(Member, true())
        .join(Contact, col(Contact.id).in_(customers))
        .where(table.c.id == like)
    )
    work.execute(insert(FollowUp).from_select(list(table.columns.keys()), pairs))


def members(work: Work) -> list[int]:
    """Those who are to be reminded."""
    return [
        work.add(
            Member(slack_team="T", slack_user=f"U{number}", name=f"M{number}", created_at=work.now)
        ).id
        for number in range(MEMBERS)
    ]


def contacts(work: Work, count: int) -> list[int]:
    """Those whom they are to be reminded of."""
    return [
        work.add(Contact(name=f"Customer {number}", created_at=work.now)).id
        for number in range(count)
    ]


def follow_up(work: Work, at: datetime, member: int, customer: int) -> FollowUp:
    """One of them, which would clear itself if anything had been said."""
    return FollowUp(
        contact_id=customer,
        owner_id=member,
        text="call back",
        wall=at.replace(tzinfo=None).isoformat(timespec="minutes"),
        zone="UTC",
        due_at=at,
        on_touch=Touch.CLEAR,
        armed_at=work.now,
        created_at=work.now,
    )


async def drained(store: Store, due: int, moment: datetime) -> dict[str, Any]:
    """All that is due goes through the scheduler's own tick, while the loop is watched."""
    scheduler = Scheduler(store)
    stalls: list[float] = []
    watching = asyncio.create_task(watch(stalls))
    await asyncio.sleep(2.0)
    idle = max(stalls)
    stalls.clear()
    store.clock.push(moment - store.clock.now())
    began = time.perf_counter()
    first = None
    while await store.ask(remind):
        if first is None:
            first = time.perf_counter() - began
        await asyncio.sleep(0)
    seconds = time.perf_counter() - began
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await scheduler.stop()
    told = await read(store, lambda work: said(work, moment))
    assert told == due, f"{told} of {due}"
    return {
        "stall_ms": round(max(stalls) * 1000, 1),
        "idle_stall_ms": round(idle * 1000, 1),
        "first_out_s": round(first or seconds, 3),
        "drained_per_s": round(due / seconds),
        "due": due,
    }


async def watch(stalls: list[float]) -> None:
    """How much later than asked the loop wakes."""
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(EVERY)
        stalls.append(time.perf_counter() - asked - EVERY)


def said(work: Work, moment: datetime) -> int:
    """How many of those that were due are said, each in a message or on its owner's list."""
    total = 0
    end = work.now + LATE_AFTER
    for member in {each.id for each in work.all(select(Member))}:
        total += reminders.count_reminded_since(work, member, moment - LATE_AFTER, end)
    left = reminders.edge(work, 1)[0]
    assert left is None, FollowUpState.OPEN
    return total


# The stock


class Straight(BaseExecutor):  # type: ignore[misc]
    """Runs a job where it stands, which is the quickest there is."""

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        for _ in run_times:
            job.func()
        self._run_job_success(job.id, [])


class Bare(BaseScheduler):  # type: ignore[misc]
    """A scheduler that is asked by us to look, instead of waking by itself."""

    def wakeup(self) -> None:
        """Nobody sleeps."""

    def shutdown(self, wait: bool = True) -> None:
        """The same as the others, without a thread."""
        super().shutdown(wait)

    def look(self) -> None:
        """Run all that is due."""
        self._process_jobs()


def nothing() -> None:
    """The job: less than a reminder does."""


def in_its_favour(connection: Any, _: Any) -> None:
    """Without an fsync a job; ours has one for each chunk."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def stock_drain(favoured: bool) -> float:
    """Jobs a second that APScheduler gets through from its own SQLAlchemy store."""
    with tempfile.TemporaryDirectory(prefix="rapport-stock-") as folder:
        store = SQLAlchemyJobStore(f"sqlite:///{Path(folder) / 'jobs.db'}")
        if favoured:
            event.listen(store.engine, "connect", in_its_favour)
        scheduler = Bare(timezone="UTC")
        scheduler.add_jobstore(store)
        scheduler.add_executor(Straight(), "default")
        past = datetime.now(UTC) - timedelta(seconds=1)
        scheduler.start(paused=True)
        for number in range(STOCK):
            scheduler.add_job(
                nothing, "date", run_date=past, id=str(number), misfire_grace_time=None
            )
        scheduler.state = 1
        began = time.perf_counter()
        scheduler.look()
        seconds = time.perf_counter() - began
        left = len(store.get_all_jobs())
        assert left == 0, left
        scheduler.shutdown()
        store.shutdown()
    return STOCK / seconds
