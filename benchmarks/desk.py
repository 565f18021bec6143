"""How soon a customer's words are on disk, and how soon they stand in the Slack thread."""

import asyncio
import json
import re
import time
from datetime import datetime
from typing import Any

import aiohttp

from benchmarks import clouds
from benchmarks.pairs import percentile
from benchmarks.said import Crowd
from benchmarks.webhook import HEADERS, rapport

CUSTOMERS = 300
RATE = 50
SECONDS = 30
# The first messages open a ticket each: they are let through before it counts.
NUMBERED = re.compile(r"message number (\d+)")


async def measure() -> dict[str, Any]:
    """`in_thread_p99_ms` and `ack_p999_ms` at 50 messages a second, clouds and all on one machine.

    Slack answers at once and limits nothing, so what remains is ours.
    """
    async with (
        clouds.telegram() as telegram,
        clouds.slack() as slack,
        rapport(telegram, slack) as url,
        aiohttp.ClientSession() as session,
    ):
        crowd = Crowd(CUSTOMERS)
        # Telegram knows everybody who writes: what they are sent arrives.
        first = crowd.known[0]
        await telegram.ask("bulk", people=2 * CUSTOMERS, first_id=first, messages=0, started=True)
        for update in crowd.first_messages():
            await posted(session, url, update)
        await shown(slack, lambda posts: posts >= 2 * CUSTOMERS)
        said: dict[int, float] = {}
        acked = await said_steadily(session, url, crowd, said)
        await shown_all(slack, len(said))
        arrived = arrivals(await slack.ledger())
    waits = [(arrived[number] - at) * 1000 for number, at in said.items()]
    return {
        "in_thread_p99_ms": round(percentile(waits, 0.99), 1),
        "in_thread_p50_ms": round(percentile(waits, 0.5), 1),
        "ack_p999_ms": round(percentile(acked, 0.999), 1),
        "ack_p50_ms": round(percentile(acked, 0.5), 1),
        "messages": len(waits),
        "messages_per_s": RATE,
    }


async def posted(session: aiohttp.ClientSession, url: str, update: dict[str, Any]) -> float:
    """Milliseconds until Telegram hears that we have it: until it is on disk."""
    body = json.dumps(update).encode()
    started = time.perf_counter()
    async with session.post(url, data=body, headers=HEADERS) as answer:
        assert answer.status == 200, answer.status
    return (time.perf_counter() - started) * 1000


async def said_steadily(
    session: aiohttp.ClientSession, url: str, crowd: Crowd, said: dict[int, float]
) -> list[float]:
    """So many messages a second whether or not the earlier ones are through."""
    sends = []
    begins = time.monotonic()
    for number, update in enumerate(crowd.says(RATE * SECONDS)):
        update["message"]["text"] = f"message number {number}"
        await asyncio.sleep(max(0.0, begins + number / RATE - time.monotonic()))
        said[number] = time.time()
        sends.append(asyncio.create_task(posted(session, url, update)))
    return list(await asyncio.gather(*sends))


async def shown(slack: clouds.Cloud, enough: Any) -> None:
    """Wait until Slack has so many posts."""
    while not enough((await slack.ledger())["calls"].get("chat.postMessage", 0)):
        await asyncio.sleep(0.5)


async def shown_all(slack: clouds.Cloud, count: int) -> None:
    """Wait until every message stands in its thread."""
    while len(arrivals(await slack.ledger())) < count:
        await asyncio.sleep(0.5)


def arrivals(ledger: dict[str, Any]) -> dict[int, float]:
    """When each message came to Slack, by its number."""
    arrived: dict[int, float] = {}
    for entry in ledger["entries"]:
        # The head of a new thread quotes the message; its thread is what counts.
        if entry["method"] == "chat.postMessage" and entry["thread_ts"]:
            at = datetime.fromisoformat(entry["at"]).timestamp()
            for number in NUMBERED.findall(f"{entry['text']} {entry['blocks']}"):
                arrived.setdefault(int(number), at)
    return arrived
