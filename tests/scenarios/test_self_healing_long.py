"""A long conversation while both platforms break: every line once, in order, and none outside.

`MESSAGES=300 pytest tests/scenarios/test_self_healing_long.py` makes it as long as one likes;
`SEED` repeats a certain one.
"""

import os
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.slack import Fault, Message
from bot.playground.telegram.faults import Fault as TelegramFault
from tests.scenarios.test_routing import manager
from tests.world import World

MESSAGES = int(os.environ.get("MESSAGES", "30"))
SEED = int(os.environ.get("SEED", "11"))
SECRET = "INSIDE-ONLY"


def heads(w: World) -> list[Message]:
    """The cards of the ticket wherever they stand, oldest first."""
    channels = [each for each in w.slack.workspace.channels.values() if not each.is_im]
    found = [m for each in channels for m in each.messages if "#1 ·" in m.plain]
    return sorted(found, key=lambda m: m.ts)


def brought(w: World) -> list[str]:
    """The customer's lines in all threads, in the order in which they were posted."""
    channels = [each for each in w.slack.workspace.channels.values() if not each.is_im]
    lines = [m for each in channels for m in each.by_ts.values() if m.username and m.is_reply]
    # Somebody who writes fast has several lines in one post.
    return [
        line for m in sorted(lines, key=lambda m: m.ts) for line in re.findall(r"line \d+", m.plain)
    ]


@dataclass
class Talk:
    """How far both sides have come."""

    w: World
    lines: int = 0
    answers: int = 0

    def customer_says(self) -> None:
        """The next line of the customer's."""
        self.w.bob.says(f"line {self.lines}")
        self.lines += 1

    async def ann_answers(self) -> None:
        """A note and an answer in the newest thread, if the app can hear them there."""
        found, support = heads(self.w), self.w.support
        if not found or self.w.slack.bot.id not in support.members:
            return
        thread = found[-1].ts
        await self.w.ann.says(support, f"// {SECRET} {self.answers}", thread_ts=thread)
        await self.w.ann.says(support, f"answer {self.answers}", thread_ts=thread)
        await self.w.hears(self.w.bob, f"answer {self.answers}")
        self.answers += 1


async def card_is_deleted(talk: Talk) -> None:
    """An admin takes the newest card away; its thread stays as a torso."""
    found = heads(talk.w)
    if found:
        await talk.w.mia.deletes_of_the_app(found[-1])


async def app_is_put_out(talk: Talk) -> None:
    """Somebody removes the app from the channel."""
    await talk.w.bo.removes(talk.w.slack.bot, talk.w.support)


async def channel_is_archived(talk: Talk) -> None:
    """It is archived for a moment, in which the customer writes."""
    await talk.w.bo.archives(talk.w.support)
    talk.customer_says()
    await talk.w.slack.quiet(60)
    await talk.w.bo.unarchives(talk.w.support)


async def rapport_restarts(talk: Talk) -> None:
    """We are started anew in the middle of it all."""
    await talk.w.stop_rapport()
    await talk.w.start_rapport()


BREAKS: list[Callable[[Talk], Awaitable[None]]] = [
    card_is_deleted,
    app_is_put_out,
    channel_is_archived,
    rapport_restarts,
]


async def test_a_long_conversation_survives_everything_that_breaks(w: World) -> None:
    """Both sides have every line once and in order; a marker of the inside is nowhere outside."""
    dice, talk = random.Random(SEED), Talk(w)
    await manager(w)
    w.bob.says("hello")
    await w.in_thread("hello")
    w.slack.faults.on("chat.postMessage", Fault.ACCEPT_THEN_RESET, chance=0.08)
    w.slack.faults.on("chat.postMessage", Fault.TOO_MANY(1), chance=0.08)
    w.slack.faults.on("chat.update", Fault.STATUS(502), chance=0.2)
    w.telegram.faults.on("sendMessage", do=TelegramFault.TOO_MANY, chance=0.1, seed=SEED)
    for _ in range(MESSAGES):
        throw = dice.random()
        if throw < 0.2:
            await dice.choice(BREAKS)(talk)
        elif throw < 0.65:
            talk.customer_says()
        else:
            await talk.ann_answers()
    w.slack.faults.clear()
    w.telegram.faults.rules.clear()
    w.passes(seconds=31)
    wanted = [f"line {number}" for number in range(talk.lines)]
    await w.until(lambda: set(wanted) <= set(brought(w)), seconds=60)

    assert brought(w) == wanted
    told = [each for each in w.bob.heard if each.startswith("answer")]
    assert told == [f"answer {number}" for number in range(talk.answers)]
    assert not any(SECRET in each for each in w.bob.heard)
