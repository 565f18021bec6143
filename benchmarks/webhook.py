"""A webhook that keeps every update before its 200, beside the library's own, which keeps none.

Both servers run in processes of their own and get the same updates over HTTP. Run as a module
with a port and two addresses this file is the library's server.
"""

import asyncio
import json
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import clouds
from benchmarks.pairs import paired
from benchmarks.said import Crowd

UPDATES = 2_000
# As many connections as Telegram may be allowed to open.
CONNECTIONS = 64
PAIRS = 5
SECRET = "benchmark"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


async def measure() -> dict[str, Any]:
    """`ratio`: updates a second answered with 200, on disk, beside `Application.run_webhook`."""
    handled: list[float] = []
    async with (
        clouds.telegram() as telegram,
        clouds.telegram() as other,
        clouds.slack() as slack,
        rapport(telegram, slack) as ours,
        stock(other) as theirs,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session,
    ):
        crowd = Crowd(400)
        await posted(session, ours, crowd.first_messages())
        await idle(session, ours)

        async def kept() -> float:
            started = time.perf_counter()
            rate = await posted(session, ours, crowd.says(UPDATES))
            await idle(session, ours)
            handled.append(UPDATES / (time.perf_counter() - started))
            return rate

        async def forgotten() -> float:
            return await posted(session, theirs, crowd.says(UPDATES))

        await forgotten()
        ratio, mine, stock_rate = await paired(kept, forgotten, PAIRS)
    return {
        "ratio": ratio,
        "updates_per_s": mine,
        "stock_per_s": stock_rate,
        "handled_per_s": round(sorted(handled)[len(handled) // 2], 1),
        "connections": CONNECTIONS,
    }


async def posted(session: aiohttp.ClientSession, url: str, updates: list[Any]) -> float:
    """Updates a second that a server answers, `CONNECTIONS` at a time."""
    bodies = iter([json.dumps(each).encode() for each in updates])

    async def connection() -> None:
        for body in bodies:
            async with session.post(url, data=body, headers=HEADERS) as answer:
                assert answer.status == 200, answer.status

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return len(updates) / (time.perf_counter() - started)


async def idle(session: aiohttp.ClientSession, url: str) -> None:
    """Wait until a Rapport has handled all that it was given."""
    health = url.rpartition("/")[0] + "/health"
    while True:
        async with session.get(health) as answer:
            if not (await answer.json())["inbox"]:
                return
        await asyncio.sleep(0.01)


@asynccontextmanager
async def rapport(telegram: clouds.Cloud, slack: clouds.Cloud) -> AsyncIterator[str]:
    """A whole Rapport; the address of its webhook."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        given = clouds.environment(
            TELEGRAM_BOT_TOKEN=telegram.facts["token"],
            TELEGRAM_API_URL=telegram.facts["url"],
            TELEGRAM_WEBHOOK_URL=f"http://127.0.0.1:{port}",
            TELEGRAM_WEBHOOK_SECRET=SECRET,
            SLACK_BOT_TOKEN=slack.facts["bot_token"],
            SLACK_APP_TOKEN=slack.facts["app_token"],
            SLACK_API_URL=slack.facts["api_url"],
            DATABASE_URL=f"sqlite:///{Path(folder) / 'rapport.db'}",
            WEB_PORT=str(port),
            LOG_LEVEL="ERROR",
        )
        async with served(f"http://127.0.0.1:{port}/telegram", "bot", "run", env=given) as url:
            yield url


@asynccontextmanager
async def stock(telegram: clouds.Cloud) -> AsyncIterator[str]:
    """python-telegram-bot's own server; its address."""
    port = free_port()
    facts = telegram.facts
    arguments = ("benchmarks.webhook", str(port), facts["url"], facts["token"])
    async with served(f"http://127.0.0.1:{port}/telegram", *arguments) as url:
        yield url


@asynccontextmanager
async def served(url: str, *arguments: str, env: Any = None) -> AsyncIterator[str]:
    """A server in a process of its own, once it answers an update with 200."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, env=env)
    try:
        async with aiohttp.ClientSession() as session:
            while not await answers(session, url):
                await asyncio.sleep(0.1)
        yield url
    finally:
        child.terminate()
        await child.wait()


async def answers(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether the server is there."""
    try:
        async with session.post(url, data=b'{"update_id":1}', headers=HEADERS) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int, cloud: str, token: str) -> None:
    """Run the library's webhook server with a handler that does nothing."""
    from telegram import Update
    from telegram.ext import ApplicationBuilder, TypeHandler

    async def nothing(*_: object) -> None:
        return

    application = ApplicationBuilder().token(token).base_url(f"{cloud}/bot").build()
    application.add_handler(TypeHandler(Update, nothing))
    application.run_webhook(
        "127.0.0.1",
        port,
        "telegram",
        secret_token=SECRET,
        webhook_url=f"http://127.0.0.1:{port}/telegram",
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3])
