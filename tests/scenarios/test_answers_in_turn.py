"""What Slack delivers late goes where it belongs among the answers that have not left."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.scenarios.conftest import QUICK, unlimited
from tests.scenarios.test_holds import HOLD, opened
from tests.world import World, world


@pytest.fixture
async def held(database_url: str) -> AsyncIterator[World]:
    """A world in which answers are held, on both databases."""
    async with world(database_url, hold=HOLD, tempo=QUICK) as started:
        yield unlimited(started)


async def test_an_answer_that_comes_late_is_heard_before_the_one_written_after_it(
    held: World,
) -> None:
    """While the newer one is held it lets the older one go first; neither is lost nor doubled."""
    card = await opened(held)
    events = held.slack.workspace.events
    kept: list[Any] = []
    deliver, events.deliver = events.deliver, kept.append
    await held.ann.says(held.support, "first this " * 900, thread_ts=card.ts)
    events.deliver = deliver
    await held.ann.says(held.support, "then that", thread_ts=card.ts)
    await held.in_thread("Goes to Bob Bell")
    for each in kept:
        deliver(each)
    await held.until(lambda: _holds(held, card.ts) == 2)
    held.passes(seconds=HOLD)
    await held.hears(held.bob, "then that")

    *long, last = [words for words in held.bob.heard if "first" in words or "then" in words]
    assert last == "then that"
    assert " ".join(long).split() == ["first", "this"] * 900


def _holds(w: World, ts: str) -> int:
    return sum("Goes to Bob Bell" in message.plain for message in w.support.thread(ts))
