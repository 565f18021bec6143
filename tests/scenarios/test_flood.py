"""One person's thousand messages delay nobody else's, and none of them is lost."""

import asyncio
import re

from bot.playground.slack import Limits, Message
from bot.playground.telegram.limits import Pace
from storage.queries import outbox
from storage.records import OutboxState
from tests.world import World, world

FLOOD = 1000
NUMBERED = re.compile(r"flood (\d+)")


def numbers(messages: list[Message]) -> list[int]:
    """The numbers of the flood's messages, in the order in which the thread shows them."""
    return [int(number) for m in messages for number in NUMBERED.findall(m.plain)]


async def test_a_thousand_messages_of_one_person_delay_nobody(sqlite_url: str) -> None:
    """Slack takes one a second: theirs come joined, in order, once; the others' come between."""
    async with world(sqlite_url) as w:
        # That Slack allows no more than it promises; Telegram brings what it has.
        w.telegram.pace = Pace(None)
        w.bob.says("hello")
        flooded = await w.thread(1)
        w.li.says("你好")
        card = await w.thread(2)
        for number in range(FLOOD):
            w.bob.says(f"flood {number}")
        await w.until(lambda: numbers(w.support.thread(flooded.ts)), seconds=20)
        started = asyncio.get_running_loop().time()
        for count in range(3):
            w.li.says(f"请问 {count}")
            await w.until(
                lambda text=f"请问 {count}": any(  # type: ignore[misc]
                    text in m.plain for m in w.support.thread(card.ts)
                ),
                seconds=20,
            )
        took = asyncio.get_running_loop().time() - started
        await w.until(lambda: len(numbers(w.support.thread(flooded.ts))) == FLOOD, seconds=100)
        thread = w.support.thread(flooded.ts)

    assert numbers(thread) == list(range(FLOOD))
    assert len(thread) < 60
    # Each of the other's three waited for its turn and no longer.
    assert took < 15


async def test_what_was_joined_can_still_be_edited(w: World) -> None:
    """The thread shows the new words as a line of their own; the others stay."""
    w.bob.says("hello")
    card = await w.thread(1)
    await w.in_thread("hello")
    w.slack.limits.per_channel_second, w.slack.limits.burst = 1, 1
    said = [w.bob.says(f"flood {number}") for number in range(40)]
    await w.until(lambda: len(numbers(w.support.thread(card.ts))) == 40, seconds=60)
    joined = next(m for m in w.support.thread(card.ts) if len(numbers([m])) > 1)
    number = numbers([joined])[1]
    w.bob.edits(said[number].id, f"calm {number}")
    await w.until(
        lambda: any(f"calm {number}" in m.plain for m in w.support.thread(card.ts)), seconds=30
    )

    assert len(numbers(w.support.thread(card.ts))) >= 40
    assert w.look(outbox.counts).get(OutboxState.FAILED, 0) == 0


async def test_an_emoji_on_what_was_joined_reaches_the_newest_line_of_it(w: World) -> None:
    """The post is nobody's alone, but staff's emoji must not go nowhere."""
    w.bob.says("hello")
    card = await w.thread(1)
    await w.in_thread("hello")
    w.slack.limits.per_channel_second, w.slack.limits.burst = 1, 1
    said = [w.bob.says(f"flood {number}") for number in range(40)]
    await w.until(lambda: len(numbers(w.support.thread(card.ts))) == 40, seconds=60)
    joined = next(m for m in w.support.thread(card.ts) if len(numbers([m])) > 1)
    newest = said[numbers([joined])[-1]]
    await w.ann.reacts(joined, "heart")

    await w.until(lambda: newest.bot_reactions == ["❤"])
    assert [each for each in said if each.bot_reactions] == [newest]


async def test_what_was_joined_goes_when_its_customer_is_forgotten(w: World) -> None:
    """The post holds their words like any other."""
    w.bob.says("hello")
    card = await w.thread(1)
    await w.in_thread("hello")
    w.slack.limits.per_channel_second, w.slack.limits.burst = 1, 1
    for number in range(30):
        w.bob.says(f"flood {number}")
    await w.until(lambda: len(numbers(w.support.thread(card.ts))) == 30, seconds=60)
    w.slack.limits = Limits.off()
    w.bob.says("/forget")
    await w.hears(w.bob, "erase")
    w.bob.presses("Yes, erase everything")
    await w.hears(w.bob, "has been erased")

    await w.until(lambda: not numbers(w.support.thread(card.ts)))
