"""A message that no process survives: it is put aside, and everything else goes on."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.engine import Store
from storage.records import Direction, InboxRow, InboxState, Interaction
from storage.work import Work
from tests.kill.people import FIRST_WRITER, People
from tests.kill.processes import clouds

DEADLY = "this text ends the process"


def _states(work: Work) -> list[tuple[InboxState, int]]:
    rows = select(InboxRow).where(col(InboxRow.door) == "telegram").order_by(col(InboxRow.id))
    return [(row.state, row.tries) for row in work.all(rows)]


def _heard(work: Work) -> list[str]:
    said = select(Interaction).where(col(Interaction.direction) == Direction.IN)
    return [each.text for each in work.all(said.order_by(col(Interaction.id)))]


@pytest.mark.timeout(120)
async def test_a_message_that_kills_is_dead_after_three_tries(
    database_url: str, tmp_path: Path
) -> None:
    """Three processes end by it; the third has it down as dead, the next hears what came after."""
    store = Store(database_url)
    try:
        async with clouds(tmp_path, rate=30) as both:
            support = (await both.slack.does("channel", name="support"))["id"]
            await People(both, support, 2).arrive(0)
            say = f"{FIRST_WRITER}/say"
            await both.telegram.does(say, text="before")
            await both.telegram.does(say, text=DEADLY)
            await both.telegram.does(say, text="after")
            for _ in range(3):
                house = await both.house(database_url, DEADLY_TEXT=DEADLY)
                assert await house.ended(within=40) != 0
            assert (InboxState.DEAD, 3) in store.read(_states)
            house = await both.house(database_url, DEADLY_TEXT=DEADLY)
            await house.listens()
            async with asyncio.timeout(20):
                while store.read(_heard) != ["before", "after"]:
                    await asyncio.sleep(0.1)

            assert house.process.returncode is None
    finally:
        found = store.read(_states)
        store.close()

    states = [state for state, _ in found]
    assert states == [InboxState.DONE, InboxState.DEAD, InboxState.DONE], found
