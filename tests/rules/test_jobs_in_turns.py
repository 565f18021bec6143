"""The clock's turns: neither a job that has much to do nor a failing one keeps others waiting."""

import asyncio
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select

from jobs.job import Body, Job
from jobs.reminders import remind
from jobs.scheduler import Scheduler
from storage.engine import Store
from storage.records import FollowUp, Member, OutboxRow, Subject
from storage.work import Work

only_shared = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def table(**bodies: Body) -> dict[str, Job]:
    return {name: Job(name, timedelta(0), body) for name, body in bodies.items()}


async def test_a_job_with_much_to_do_lets_the_others_have_their_turn(sqlite_url: str) -> None:
    """It goes on until all is done, and between its parts whatever is due is called."""
    turns: list[str] = []

    def much(_: Work) -> bool:
        time.sleep(0.01)
        turns.append("much")
        return turns.count("much") < 12

    both = table(much=much, little=lambda _: turns.append("little"))
    store = Store(sqlite_url)
    await Scheduler(store, table=both, seconds_in_a_row=0.02).tick()
    store.close()

    assert turns.count("much") == 12
    assert turns.count("little") >= 4
    assert turns.index("little") <= 3


async def test_a_job_that_fails_is_left_alone_for_a_while(sqlite_url: str) -> None:
    """The others are called as if nothing were, and it is tried again later."""
    turns: list[str] = []

    def broken(_: Work) -> bool:
        turns.append("broken")
        raise ZeroDivisionError

    store = Store(sqlite_url)
    both = Scheduler(store, table=table(broken=broken, little=lambda _: turns.append("little")))
    await both.tick()
    await both.tick()
    store.close()

    assert turns == ["broken", "little", "little"]


@only_shared
async def test_a_job_is_done_by_one_process_at_a_time(database_url: str) -> None:
    """Whoever comes to it while another is at it has nothing to do; afterwards it is free."""
    inside, met, done = [0], [0], [0]

    def alone(_: Work) -> None:
        inside[0] += 1
        met[0] = max(met[0], inside[0])
        time.sleep(0.05)
        inside[0] -= 1
        done[0] += 1

    stores = [Store(database_url), Store(database_url)]
    both = [Scheduler(store, table=table(alone=alone)) for store in stores]
    for _ in range(3):
        await asyncio.gather(*(each.tick() for each in both))
        await both[0].tick()
    for store in stores:
        store.close()

    assert met == [1]
    assert 6 <= done[0] <= 9


@only_shared
async def test_a_burst_that_two_processes_find_is_said_once(database_url: str) -> None:
    """Both look at the same moment, again and again: one message for each reminder."""
    stores = [Store(database_url), Store(database_url)]

    def due(work: Work) -> None:
        ann = work.first(select(Member)) or work.add(
            Member(slack_team="T", slack_user="U", name="Ann", created_at=work.now)
        )
        for number in range(4):
            work.add(
                FollowUp(
                    owner_id=ann.id,
                    text=f"call {number}",
                    wall="2026-11-18T10:00",
                    zone="UTC",
                    due_at=work.now,
                    created_at=work.now,
                )
            )

    both = [
        Scheduler(store, table={"remind": Job("remind", timedelta(0), remind)}) for store in stores
    ]
    for _ in range(25):
        stores[0].write(due)
        await asyncio.gather(*(each.tick() for each in both))
    about = stores[0].read(
        lambda work: work.all(select(OutboxRow).where(col(OutboxRow.subject) == Subject.FOLLOW_UP))
    )
    for store in stores:
        store.close()

    said = Counter(row.subject_id for row in about)
    assert len(said) == 100
    assert set(said.values()) == {1}
