"""A world for scenarios: started for each test, its clouds without limits, so that nothing waits.

The limits have tests of their own (`test_campaigns`, `test_doors`), in a world that keeps them.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.playground.slack import Limits
from bot.playground.telegram.limits import Pace
from handlers.when import find
from jobs.pace import Tempo
from tests.world import START, World, world

# As fast as the clouds of `unlimited` take it, with frequent looks at what is due. Not at every
# tick: looking at forty jobs in vain is a good part of what a waiting test costs.
QUICK = Tempo(
    window=0.02,
    eager=10_000.0,
    burst=10_000.0,
    calls_burst=10_000.0,
    jobs_every=timedelta(seconds=1),
)


def unlimited(w: World) -> World:
    """Take the limits off both clouds."""
    w.telegram.pace = Pace(None)
    w.slack.limits = Limits.off()
    return w


@pytest.fixture(scope="session", autouse=True)
def _grammars() -> None:
    """Made before the first scenario, as `bot.app.run` makes them once it is ready.

    Made in the middle of one they take so much of a busy machine that a form with a date in it is
    not acknowledged within Slack's three seconds.
    """
    find("tomorrow 明天 3", START)


@pytest.fixture
async def w(sqlite_url: str) -> AsyncIterator[World]:
    """A started world on SQLite, for what does not depend on where it is remembered."""
    async with world(sqlite_url, tempo=QUICK) as started:
        yield unlimited(started)


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[World]:
    """A started world, once on SQLite and once on PostgreSQL."""
    async with world(database_url, tempo=QUICK) as started:
        yield unlimited(started)
