"""A world for scenarios: started for each test, its clouds without limits, so that nothing waits.

The limits have tests of their own (`test_campaigns`, `test_doors`), in a world that keeps them.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playground.slack import Limits
from bot.playground.telegram.limits import Pace
from jobs import pace
from jobs.job import JOBS
from tests.world import World, world


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send as fast as the clouds of `unlimited` take it, and look often at what is due."""
    monkeypatch.setattr(pace, "A_WINDOW", 0.02)
    monkeypatch.setattr(pace.SlackPace, "BURST", 10_000.0)
    monkeypatch.setattr(pace.SlackPace, "CALLS_BURST", 10_000.0)
    for name, job in JOBS.items():
        often = min(job.every, timedelta(milliseconds=100))
        monkeypatch.setitem(JOBS, name, replace(job, every=often))


def unlimited(w: World) -> World:
    """Take the limits off both clouds."""
    w.telegram.pace = Pace(None)
    w.slack.limits = Limits.off()
    return w


@pytest.fixture
async def w(sqlite_url: str, no_limits: None) -> AsyncIterator[World]:
    """A started world on SQLite, for what does not depend on where it is remembered."""
    async with world(sqlite_url) as started:
        yield unlimited(started)


@pytest.fixture
async def both(database_url: str, no_limits: None) -> AsyncIterator[World]:
    """A started world, once on SQLite and once on PostgreSQL."""
    async with world(database_url) as started:
        yield unlimited(started)
