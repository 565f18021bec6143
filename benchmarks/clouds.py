"""The playground's clouds in processes of their own, so that their work is not counted as ours."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass
class Cloud:
    """A cloud that runs elsewhere; `facts` is what it says of itself: url, tokens."""

    facts: dict[str, str]
    session: aiohttp.ClientSession
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.base = f"{self.facts['url'].rstrip('/')}/control"

    async def ask(self, what: str, **body: Any) -> Any:
        """Have it do something."""
        async with self.session.post(f"{self.base}/{what}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def ledger(self, since: int = 0) -> Any:
        """What has truly arrived there."""
        async with self.session.get(f"{self.base}/ledger", params={"since": since}) as answer:
            return await answer.json()


@asynccontextmanager
async def cloud(module: str, *options: str) -> AsyncIterator[Cloud]:
    """Start `python -m module` and talk to it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        facts = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as session:
            yield Cloud(facts, session)
    finally:
        process.terminate()
        await process.wait()


def telegram(*options: str) -> Any:
    """A Telegram without limits, unless `options` name some."""
    return cloud("bot.playground.telegram", *(options or ("--per-second", "0")))


def slack(*options: str) -> Any:
    """A Slack without limits."""
    return cloud("bot.playground.slack", "--unlimited", *options)


def environment(**given: str) -> dict[str, str]:
    """The environment of a Rapport in a process of its own."""
    return {**os.environ, **given}
