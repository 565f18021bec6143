"""Delivery from the durable outbox, beside a bare send loop over the same transport."""

import asyncio
import time
from typing import Any

from sqlalchemy import text
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from benchmarks import clouds, house
from benchmarks.pairs import paired
from bot.crossing import write
from bot.telegram.send import TelegramSender
from bot.telegram.transport import AiohttpTransport
from handlers.actions.outgoing import send
from handlers.message import Media, Reply, Text, pack, plain
from jobs.delivery import Delivery
from jobs.pace import TelegramPace
from storage.engine import Store
from storage.work import Work

MESSAGES = 1_500
IN_FLIGHT = 128
LATENCY = "0.05"
PAIRS = 5
TEXT = "Hello, the winter sale starts today!"


async def measure() -> dict[str, Any]:
    """`ratio` beside the bare loop, `stock_ratio` beside the library's own transport."""
    async with clouds.telegram("--per-second", "0", "--latency", LATENCY) as cloud:
        people = await someone_to_write_to(cloud, MESSAGES)
        async with bot_of(cloud, AiohttpTransport()) as ours, bot_of(cloud, stock()) as stock_bot:
            with house.store() as store:

                async def outbox() -> float:
                    return await delivered(store, ours, people)

                async def bare() -> float:
                    return await looped(ours, people)

                async def stock_loop() -> float:
                    return await looped(stock_bot, people[:400])

                await bare()
                ratio, mine, theirs = await paired(outbox, bare, PAIRS)
                stock_ratio, _, stocks = await paired(outbox, stock_loop, 3)
    return {
        "ratio": ratio,
        "stock_ratio": stock_ratio,
        "messages_per_s": mine,
        "bare_per_s": theirs,
        "stock_per_s": stocks,
        "in_flight": TelegramPace(1_000).window,
        "bare_in_flight": IN_FLIGHT,
        "latency_s": float(LATENCY),
    }


async def someone_to_write_to(cloud: clouds.Cloud, count: int) -> list[int]:
    """People who have started the bot."""
    found = await cloud.ask("bulk", people=count, messages=1)
    return list(found["people"])


class bot_of:  # noqa: N801 (reads as what it gives)
    """A bot on that cloud, with that transport."""

    def __init__(self, cloud: clouds.Cloud, transport: BaseRequest) -> None:
        url = f"{cloud.facts['url']}/bot"
        self._bot = Bot(cloud.facts["token"], base_url=url, request=transport)

    async def __aenter__(self) -> Bot:
        await self._bot.initialize()
        return self._bot

    async def __aexit__(self, *_: object) -> None:
        await self._bot.shutdown()


def stock() -> HTTPXRequest:
    """What the library takes by itself, with a pool for all that is in flight."""
    return HTTPXRequest(connection_pool_size=IN_FLIGHT, pool_timeout=60.0, read_timeout=60.0)


async def looped(bot: Bot, people: list[int]) -> float:
    """Messages a second of a loop that only sends."""
    places = asyncio.Semaphore(IN_FLIGHT)

    async def one(person: int) -> None:
        async with places:
            await bot.send_message(person, TEXT, parse_mode="HTML")

    started = time.perf_counter()
    await asyncio.gather(*(one(person) for person in people))
    return len(people) / (time.perf_counter() - started)


class AsFastAsItGoes(TelegramPace):
    """A platform that allows anything, with as many in flight as at 1,000 a second."""

    def __init__(self) -> None:
        super().__init__(5_000)
        self.window = TelegramPace(1_000).window


async def fetch(_: Media) -> bytes:
    """No file is sent here."""
    raise FileNotFoundError


async def delivered(store: Store, bot: Bot, people: list[int]) -> float:
    """Messages a second from the outbox: claimed, sent, settled, every step committed."""
    await write(store, lambda work: queue(work, people))
    pace = AsFastAsItGoes()
    delivery = Delivery(store, "telegram", "benchmark", TelegramSender(bot, fetch), pace)
    # The pace assumes that the second before it began was full.
    await asyncio.sleep(1.05)
    started = time.perf_counter()
    delivery.start()
    while await left(store):
        await asyncio.sleep(0.02)
    taken = time.perf_counter() - started
    await delivery.stop()
    return len(people) / taken


def queue(work: Work, people: list[int]) -> None:
    """One message to each."""
    parts = pack(Reply((Text(plain(TEXT)),)))
    for person in people:
        key = f"benchmark:{work.now.timestamp()}:{person}"
        send(work, "telegram", str(person), "say", {"parts": parts}, key=key)


# As the index of what is open has it: the question must not cost what it measures.
_OPEN = text("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') LIMIT 1")


async def left(store: Store) -> bool:
    """Whether something is not settled yet."""
    return await asyncio.to_thread(store.read, lambda work: work.scalar(_OPEN)) is not None
