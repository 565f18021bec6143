"""A run: customers write, a campaign goes out, and the process is killed again and again."""

import asyncio
import random
import time
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from storage.engine import Store
from tests.kill.audit import Report, audit, open_ends
from tests.kill.people import People, tag_recipients
from tests.kill.processes import Clouds, House, clouds

SECONDS_TO_SETTLE = 150.0


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    kills: int
    updates: int
    recipients: int
    rate: float = 60.0
    writers: int = 40
    updates_a_second: float = 25.0
    most_seconds_alive: float = 1.0
    seed: int = 1


async def killed_often(plan: Plan, database_url: str, folder: Path) -> Report:
    """Do it and count up; the database must be at its schema already."""
    dice = random.Random(plan.seed)
    store = Store(database_url)
    try:
        tag_recipients(store, plan.recipients)
        async with clouds(folder, plan.rate) as both:
            support = (await both.slack.does("channel", name="support"))["id"]
            people = People(both, support, plan.writers)
            await people.arrive(plan.recipients)
            seconds = await _lives(plan, both, people, database_url, dice)
            await settled(store)
            # What the clouds still hold back for a moment: an ack, a last edit of a card.
            telegram, slack = await both.telegram.ledger(), await both.slack.ledger()
            report = audit(store, people.said, telegram, slack)
            report.counts = {"kills": plan.kills, "seed": plan.seed, **report.counts}
            report.counts["seconds_until_listening"] = seconds
            report.counts["log"] = _complaints(both.log)
            return report
    finally:
        store.close()


async def _lives(
    plan: Plan, both: Clouds, people: People, database_url: str, dice: random.Random
) -> dict[str, float]:
    house = await both.house(database_url)
    await house.listens()
    ended = asyncio.Event()
    writing = asyncio.create_task(people.write(plan.updates, plan.updates_a_second))
    answering = asyncio.create_task(people.answer(ended, 0.4))
    await people.start_campaign()
    listening: list[float] = []
    for _ in range(plan.kills):
        await asyncio.sleep(dice.uniform(0.02, plan.most_seconds_alive))
        await house.killed()
        house = await _again(both, database_url, dice, listening)
    await house.listens()
    await writing
    ended.set()
    await answering
    listening.sort()
    if not listening:
        return {}
    return {"median": round(listening[len(listening) // 2], 2), "most": round(listening[-1], 2)}


async def _again(
    both: Clouds, database_url: str, dice: random.Random, listening: list[float]
) -> House:
    """Start it again; one time in five the next kill comes while it is still starting."""
    began = asyncio.get_running_loop().time()
    house = await both.house(database_url)
    if dice.random() < 0.2:
        return house
    await house.listens()
    listening.append(asyncio.get_running_loop().time() - began)
    return house


async def settled(store: Store, seconds: float = SECONDS_TO_SETTLE) -> None:
    """Wait until nothing waits any more; fails when for so long nothing has become less."""
    least, since, quiet = inf, time.monotonic(), 0
    while quiet < 3:
        found = await asyncio.to_thread(store.read, open_ends)
        left = sum(found.values())
        if left < least:
            least, since = left, time.monotonic()
        assert time.monotonic() - since < seconds, f"{seconds} s without a step: {found}"
        quiet = 0 if left else quiet + 1
        await asyncio.sleep(0.2)


def _complaints(log: Path) -> dict[str, Any]:
    """How many errors and tracebacks the processes have written."""
    text = log.read_text("utf-8", "replace")
    return {
        "tracebacks": text.count("Traceback (most recent call last)"),
        "errors": sum(" ERROR " in line or "ERROR:" in line for line in text.splitlines()),
    }
