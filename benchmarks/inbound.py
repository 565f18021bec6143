"""A customer's message with everything that it does on disk, beside the bare library."""

import asyncio
import gc
import json
import time
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, TypeHandler

from benchmarks import clouds, house
from benchmarks.pairs import paired
from benchmarks.said import Crowd
from bot.app import collect_seldom
from bot.inbox import Inbox
from bot.telegram.app import TelegramDoor

MESSAGES = 2_000
# As many as one poll brings.
A_POLL = 100
PAIRS = 7

Updates = list[dict[str, Any]]


async def measure() -> dict[str, Any]:
    """`ratio`: messages a second, all effects committed, beside parse and dispatch alone."""
    async with clouds.telegram() as telegram:
        with house.store() as store:
            inbox = Inbox(store, "benchmark")
            door = TelegramDoor(house.settings_for(store, telegram.facts), store, inbox)
            inbox.open(door)
            await door.introduce()
            bare = ApplicationBuilder().token(telegram.facts["token"]).updater(None)
            bare.base_url(f"{telegram.facts['url']}/bot")
            application = bare.build()
            application.add_handler(TypeHandler(Update, nothing))
            await application.initialize()
            # So many that nobody writes faster than people do: floods have a way of their own.
            crowd = Crowd(2_000)
            await kept_and_handled(door, inbox, crowd.first_messages())

            async def ours() -> float:
                updates = crowd.says(MESSAGES)
                return await rate(kept_and_handled(door, inbox, updates))

            async def bare_library() -> float:
                bodies = [json.dumps(each).encode() for each in crowd.says(MESSAGES)]
                return await rate(parsed_and_dispatched(application, bodies))

            await bare_library()
            # As `bot.app.run` does it once everything is there.
            collect_seldom()
            ratio, mine, theirs = await paired(ours, bare_library, PAIRS)
            await application.shutdown()
            await door.stop()
    return {"ratio": ratio, "messages_per_s": mine, "bare_per_s": theirs, "messages": MESSAGES}


async def nothing(*_: object) -> None:
    """A handler that does nothing."""


async def rate(work: Any) -> float:
    """Messages a second."""
    gc.collect()
    started = time.perf_counter()
    await work
    return MESSAGES / (time.perf_counter() - started)


async def kept_and_handled(door: TelegramDoor, inbox: Inbox, updates: Updates) -> None:
    """As polls bring them; over when all of it is committed."""
    for at in range(0, len(updates), A_POLL):
        await door.keep(updates[at : at + A_POLL])
    while inbox.busy:
        await asyncio.sleep(0.001)


async def parsed_and_dispatched(application: Any, bodies: list[bytes]) -> None:
    """What python-telegram-bot does by itself."""
    for body in bodies:
        await application.process_update(Update.de_json(json.loads(body), application.bot))
