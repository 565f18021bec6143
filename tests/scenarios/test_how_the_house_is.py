"""What does not move is said: by /health, in the log by number, to admins by the other door."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.endless import Endless
from bot.playground.slack import Fault as SlackFault
from bot.playground.telegram.faults import Fault
from tests.scenarios.conftest import QUICK, unlimited
from tests.world import World, world


async def health(w: World) -> tuple[int, dict[str, Any]]:
    """What /health answers."""
    url = f"http://127.0.0.1:{w.rapport.web.port}/health"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


async def until_status(w: World, status: str) -> dict[str, Any]:
    """What /health answers once it says so."""
    async with asyncio.timeout(10):
        while (found := (await health(w))[1])["status"] != status:
            await asyncio.sleep(0.05)
    return found


async def test_a_clock_that_stands_still_is_a_reason_to_start_anew(w: World) -> None:
    """After half a minute without a tick it answers 503, and 200 as soon as the tick goes."""
    scheduler = w.rapport.scheduler
    assert (await health(w))[0] == 200
    async with scheduler._busy:
        scheduler._ticked_at -= 31
        status, said = await health(w)
        assert (status, said["status"], said["ok"]) == (503, "stalled", False)

    await until_status(w, "ok")


async def test_a_token_that_telegram_takes_back_is_told_to_admins_in_slack(w: World) -> None:
    """The poll meets it first; /health says it until the token is good again."""
    await w.says(w.mia, "/crm")
    assert (await health(w))[1]["status"] == "ok"
    w.telegram.faults.on("getUpdates", do=Fault.UNAUTHORIZED, times=3)
    w.bob.says("hello")
    found = await until_status(w, "degraded")

    assert not found["ok"]
    assert "telegram: the token is refused" in found["troubles"][0]
    assert w.telegram.token not in str(found)
    await w.sees(w.mia, "refuses our token")
    await w.in_thread("hello")
    await until_status(w, "ok")


async def test_a_token_that_slack_takes_back_is_said_by_health(sqlite_url: str) -> None:
    """Nobody need say anything for that: we ask now and then."""
    tempo = replace(QUICK, token_every=timedelta(seconds=0.1))
    async with world(sqlite_url, tempo=tempo) as started:
        w = unlimited(started)
        await w.says(w.mia, "/crm")
        w.slack.faults.on("auth.test", SlackFault.ERROR("account_inactive"), times=5)
        found = await until_status(w, "degraded")

        assert "account_inactive" in found["troubles"][0]
        assert (await health(w))[0] == 200
        await until_status(w, "ok")


async def test_what_breaks_is_logged_once_and_begins_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With a number that /health shows; it ends well at the fourth beginning."""
    begun = 0

    async def body() -> None:
        nonlocal begun
        begun += 1
        if begun < 4:
            raise ZeroDivisionError

    each = Endless("the way in", body, seconds_at_first=0.01)
    each.begin()
    troubles = set()
    async with asyncio.timeout(5):
        while begun < 4 or each.trouble:
            troubles.add(each.trouble)
            await asyncio.sleep(0.001)
    await each.end()

    (trouble,) = troubles - {""}
    assert "the way in broke (ZeroDivisionError, number" in trouble
    assert [record.exc_info is not None for record in caplog.records] == [True, False, False]
