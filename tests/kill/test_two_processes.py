"""Two Rapports on one PostgreSQL: they share the work, and one takes over from the other."""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from storage.engine import Store
from storage.records import (
    Direction,
    FollowUp,
    Interaction,
    Member,
    OutboxRow,
    OutboxState,
    Schedule,
)
from storage.work import Work
from tests.kill.audit import audit
from tests.kill.people import People, key_of, tag_recipients
from tests.kill.processes import Clouds, House, clouds
from tests.kill.run import settled

only_shared = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
RECIPIENTS = 120
# So few at a time that each of the two owners gets them one by one, and not as a list.
REMINDERS, A_BURST = 36, 6


async def _both_houses(both: Clouds, database_url: str) -> tuple[House, House]:
    first = await both.house(database_url)
    await first.listens()
    second = await both.house(database_url)
    # Only one of them has the duty to poll.
    await second.listens(polls=False)
    return first, second


def _heard(work: Work) -> int:
    said = select(func.count()).where(col(Interaction.direction) == Direction.IN)
    return int(work.scalar(said))


def _owners(work: Work) -> dict[str, int]:
    sent = select(OutboxRow.owner, func.count()).where(col(OutboxRow.state) == OutboxState.SENT)
    return {str(owner): int(count) for owner, count in work.rows(sent.group_by(OutboxRow.owner))}


@only_shared
@pytest.mark.timeout(240)
async def test_the_one_that_is_left_takes_over(database_url: str, tmp_path: Path) -> None:
    """The poller is killed in the middle: nothing lost or doubled, and heard again in seconds."""
    store = Store(database_url)
    tag_recipients(store, RECIPIENTS)
    try:
        async with clouds(tmp_path, rate=30) as both:
            support = (await both.slack.does("channel", name="support"))["id"]
            people = People(both, support, 20)
            await people.arrive(RECIPIENTS)
            first, _ = await _both_houses(both, database_url)
            ended = asyncio.Event()
            answering = asyncio.create_task(people.answer(ended, 0.5))
            await people.start_campaign()
            await people.write(100, 30)
            await first.killed()
            killed_at = time.monotonic()
            await people.write(20, 40)
            async with asyncio.timeout(30):
                while await asyncio.to_thread(store.read, _heard) < 120:
                    await asyncio.sleep(0.1)
            heard_after = time.monotonic() - killed_at
            await people.write(60, 40)
            ended.set()
            await answering
            await settled(store)
            await asyncio.sleep(0.5)
            report = audit(
                store, people.said, await both.telegram.ledger(), await both.slack.ledger()
            )
            owners = store.read(_owners)
            words = both.log.read_text("utf-8", "replace")
    finally:
        store.close()

    assert report.wrong == [], report.counts
    assert heard_after < 10
    assert len(owners) == 2
    assert "Traceback" not in words


@only_shared
@pytest.mark.timeout(120)
async def test_what_is_due_fires_once_with_two_alive(database_url: str, tmp_path: Path) -> None:
    """Reminders in bursts and a digest are due while both are alive: each is said once."""
    store = Store(database_url)
    try:
        async with clouds(tmp_path, rate=30) as both:
            support = (await both.slack.does("channel", name="support"))["id"]
            await People(both, support, 1).arrive(0)
            await _both_houses(both, database_url)
            # Whoever turns up becomes a member; an admin gets a digest.
            for name in ("ann", "mia"):
                await both.slack.does("command", member=name, text="/crm help", channel=support)
            async with asyncio.timeout(20):
                while await asyncio.to_thread(store.read, _members) < 2:
                    await asyncio.sleep(0.1)
            await asyncio.to_thread(store.write, _make_due)
            async with asyncio.timeout(60):
                while len(await _told(both)) < REMINDERS + 1:
                    await asyncio.sleep(0.2)
            await asyncio.sleep(4)
            told = await _told(both)
            words = both.log.read_text("utf-8", "replace")
    finally:
        store.close()

    assert Counter(told).most_common(1)[0][1] == 1
    assert len([key for key in told if key.startswith("follow_up:")]) == REMINDERS
    assert len([key for key in told if key.startswith("digest:")]) == 1
    assert "Traceback" not in words


async def _told(both: Clouds) -> list[str]:
    entries = (await both.slack.ledger())["entries"]
    keys = [key_of(entry) for entry in entries if entry["method"] == "chat.postMessage"]
    return [key for key in keys if key.startswith(("follow_up:", "digest:"))]


def _members(work: Work) -> int:
    return int(work.scalar(select(func.count()).select_from(Member)))


def _make_due(work: Work) -> None:
    soon = work.now + timedelta(seconds=1)
    owners = work.all(select(Member))
    for number in range(REMINDERS):
        due_at = soon + number // A_BURST * timedelta(seconds=4)
        work.add(
            FollowUp(
                owner_id=owners[number % 2].id,
                text=f"call {number}",
                wall=due_at.strftime("%Y-%m-%dT%H:%M"),
                zone="UTC",
                due_at=due_at,
                created_at=work.now,
            )
        )
    for schedule in work.all(select(Schedule)):
        schedule.next_due_at = soon
