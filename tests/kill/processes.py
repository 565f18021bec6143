"""The two clouds and Rapport, each in a process of its own, and how they are reached."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

HOME = Path(__file__).parents[2]
SECONDS_TO_APPEAR = 90.0


@dataclass
class Cloud:
    """One playground cloud, reached over its control routes."""

    said: dict[str, Any]
    session: aiohttp.ClientSession

    async def does(self, what: str, **facts: Any) -> Any:
        """Have something done in it, or somebody in it do something."""
        async with self.session.post(f"{self.said['url']}/control/{what}", json=facts) as answer:
            found = await answer.json()
            if answer.status != 200:
                raise LookupError(f"{what}: {found}")
            return found

    async def ledger(self, since: int = 0) -> dict[str, Any]:
        """What truly reached people; `since` skips what was seen before."""
        place = f"{self.said['url']}/control/ledger?since={since}"
        async with self.session.get(place) as answer:
            return dict(await answer.json())

    async def calls(self, method: str) -> int:
        """How often a method was called."""
        return int((await self.ledger(1_000_000_000))["calls"].get(method, 0))


@dataclass
class Clouds:
    """Telegram and Slack, and the Rapports that were started on them."""

    telegram: Cloud
    slack: Cloud
    folder: Path
    rate: float
    log: Path = field(init=False)
    started: list["House"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = self.folder / "rapport.log"

    async def house(self, database_url: str, **more: str) -> "House":
        """Start a Rapport; it returns at once."""
        given = {
            "TELEGRAM_BOT_TOKEN": self.telegram.said["token"],
            "TELEGRAM_API_URL": self.telegram.said["url"],
            "TELEGRAM_RATE": str(self.rate),
            "SLACK_BOT_TOKEN": self.slack.said["bot_token"],
            "SLACK_APP_TOKEN": self.slack.said["app_token"],
            "SLACK_API_URL": self.slack.said["api_url"],
            "DATABASE_URL": database_url,
            "WEB_PORT": "0",
        }
        polls = await self.telegram.calls("getUpdates")
        sockets = await self.slack.calls("apps.connections.open")
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.kill.rapport",
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(HOME)} | given | more,
                stdout=log,
                stderr=log,
            )
        house = House(self, process, polls, sockets)
        self.started.append(house)
        return house


@dataclass
class House:
    """One Rapport process."""

    clouds: Clouds
    process: Process
    polls: int
    sockets: int

    async def listens(self, *, polls: bool = True) -> None:
        """Wait until it has asked Telegram for updates and has opened its socket to Slack."""
        try:
            async with asyncio.timeout(SECONDS_TO_APPEAR):
                while not await self._is_listening(polls):
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise AssertionError(f"it does not listen: {self.words()}") from None

    async def _is_listening(self, polls: bool) -> bool:
        if self.process.returncode is not None:
            raise AssertionError(f"it ended with {self.process.returncode}: {self.words()}")
        polling = await self.clouds.telegram.calls("getUpdates") > self.polls
        socket = await self.clouds.slack.calls("apps.connections.open") > self.sockets
        return socket and (polling or not polls)

    async def killed(self) -> None:
        """End it as a power cut does."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def stopped(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()

    async def ended(self, within: float) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        try:
            async with asyncio.timeout(within):
                return await self.process.wait()
        except TimeoutError:
            raise AssertionError(f"still there after {within} s: {self.words()}") from None

    def words(self) -> str:
        """The end of what it has said."""
        return self.clouds.log.read_text("utf-8", "replace")[-3000:]


async def _start(module: str, *more: str) -> tuple[Process, dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *more, cwd=HOME, stdout=PIPE
    )
    assert process.stdout is not None
    return process, json.loads(await process.stdout.readline())


@asynccontextmanager
async def clouds(folder: Path, rate: float, latency: float = 0.02) -> AsyncIterator[Clouds]:
    """Both clouds; Telegram keeps `rate` messages a second, Slack has no limits."""
    slow = ("--latency", str(latency))
    telegram, there = await _start("bot.playground.telegram", *slow, "--per-second", str(int(rate)))
    slack, here = await _start("bot.playground.slack", *slow, "--unlimited")
    session = aiohttp.ClientSession()
    both = Clouds(Cloud(there, session), Cloud(here, session), folder, rate)
    try:
        yield both
    finally:
        for house in both.started:
            await house.killed()
        await session.close()
        for process in (telegram, slack):
            process.kill()
            await process.wait()
