"""Killed at any moment: nothing is lost, nothing is done twice, and what nobody knows is named."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from storage.engine import Store
from storage.records import OutboxRow, OutboxState, Recipient, RecipientState
from storage.work import Work
from tests.kill.people import OFFER, People, tag_recipients
from tests.kill.processes import SECONDS_TO_APPEAR, Clouds, clouds
from tests.kill.run import Plan, killed_often, settled

SHORT = Plan(kills=8, updates=300, recipients=150, rate=40)


@pytest.mark.timeout(240)
async def test_kills_at_random_lose_and_double_nothing(database_url: str, tmp_path: Path) -> None:
    """Row by row, what the clouds have seen is what the tables say, after eight kills."""
    report = await killed_often(SHORT, database_url, tmp_path)

    assert report.wrong == [], report.counts
    assert report.counts["avoidable_429"] == 0
    assert report.counts["log"]["tracebacks"] == 0


async def _campaign_on(
    both: Clouds, store: Store, database_url: str, recipients: int
) -> tuple[People, object]:
    tag_recipients(store, recipients)
    support = (await both.slack.does("channel", name="support"))["id"]
    people = People(both, support, 1)
    await people.arrive(recipients)
    house = await both.house(database_url)
    await house.listens()
    await people.start_campaign()
    return people, house


async def _offers(both: Clouds) -> list[int]:
    deliveries = (await both.telegram.ledger())["deliveries"]
    return [each["chat_id"] for each in deliveries if each["text"].startswith(OFFER)]


async def _until_offered(both: Clouds, count: int) -> None:
    # It may have to start first.
    async with asyncio.timeout(SECONDS_TO_APPEAR):
        while len(await _offers(both)) < count:
            await asyncio.sleep(0.02)


def _unsure(work: Work) -> int:
    unsure = select(func.count()).where(col(Recipient.state) == RecipientState.UNSURE)
    open_rows = select(func.count()).where(col(OutboxRow.state) == OutboxState.SENDING)
    return int(work.scalar(unsure) + work.scalar(open_rows))


@pytest.mark.timeout(240)
async def test_asked_to_stop_it_knows_of_every_message(database_url: str, tmp_path: Path) -> None:
    """SIGTERM during a campaign, four times: exit 0 within ten seconds, and nothing unsure."""
    store = Store(database_url)
    try:
        async with clouds(tmp_path, rate=30, latency=0.1) as both:
            await _campaign_on(both, store, database_url, 120)
            for stop in range(4):
                await _until_offered(both, stop * 20 + 10)
                began = time.monotonic()
                code = await both.started[-1].stopped()
                assert code == 0, both.started[-1].words()
                assert time.monotonic() - began < 40
                assert store.read(_unsure) == 0
                await both.house(database_url)
            await settled(store)
            got = await _offers(both)
    finally:
        store.close()

    assert len(got) == len(set(got)) == 120


@pytest.mark.timeout(120)
async def test_after_a_kill_sending_goes_on(database_url: str, tmp_path: Path) -> None:
    """The next process takes up where the last one was killed, though nobody asks it to."""
    store = Store(database_url)
    try:
        async with clouds(tmp_path, rate=20) as both:
            await _campaign_on(both, store, database_url, 200)
            for _ in range(2):
                await _until_offered(both, len(await _offers(both)) + 5)
                await both.started[-1].killed()
                before = len(await _offers(both))
                await both.house(database_url)
                await _until_offered(both, before + 1)
            got = await _offers(both)
    finally:
        store.close()

    assert len(got) == len(set(got))
