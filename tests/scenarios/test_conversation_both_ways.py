"""A long conversation, mixed and disturbed: same order, nothing missing, nothing twice, no leak.

`MESSAGES=500 pytest tests/scenarios/test_conversation_both_ways.py` makes it as long as one likes;
`SEED` repeats a certain one.
"""

import json
import os
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from bot.playground.slack import Message
from bot.playground.telegram.messages import Message as Sent
from storage.queries import outbox
from tests.scenarios.conftest import QUICK, unlimited
from tests.world import World, world

MESSAGES = int(os.environ.get("MESSAGES", "60"))
SEED = int(os.environ.get("SEED", "7"))
SECRET = "INSIDE-ONLY"


@dataclass
class Talk:
    """Who said what so far: the words that must stand on the other side at the end, in order."""

    w: World
    dice: random.Random
    card: Message
    heard: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    sent: list[tuple[Sent, int]] = field(default_factory=list)
    lines: list[tuple[Message, int]] = field(default_factory=list)
    count: int = 0

    def words(self, who: str) -> str:
        """Something that was never said before."""
        self.count += 1
        rubbish = self.dice.choice(
            ["", " <!channel>", " *b* & <i>", " 你好 🎉", " https://a.t/x_y"]
        )
        return f"{who} {self.count}{rubbish}"


async def customer_says(talk: Talk) -> None:
    """A text, sometimes as a reply to something of the team's."""
    ours = [each.id for each in talk.w.bob.chat if each.from_bot]
    reply_to = talk.dice.choice(ours) if ours and talk.dice.random() < 0.3 else None
    text = talk.words("bob")
    talk.sent.append((talk.w.bob.says(text, reply_to=reply_to), len(talk.heard)))
    talk.heard.append(text)


async def customer_sends_picture(talk: Talk) -> None:
    """A picture with words under it."""
    text = talk.words("bob")
    talk.sent.append((talk.w.bob.sends_photo(caption=text), len(talk.heard)))
    talk.heard.append(text)


async def customer_edits(talk: Talk) -> None:
    """Other words in the place of earlier ones."""
    if talk.sent:
        message, place = talk.dice.choice(talk.sent)
        talk.heard[place] = talk.words("bob")
        talk.w.bob.edits(message.id, talk.heard[place])


async def customer_reacts(talk: Talk) -> None:
    """An emoji on something of the team's."""
    ours = [each.id for each in talk.w.bob.chat if each.from_bot]
    if ours:
        talk.w.bob.reacts(talk.dice.choice(ours), talk.dice.choice(["👍", "❤", None]))


async def staff_answers(talk: Talk) -> None:
    """Words for the customer, by one of two colleagues."""
    who = talk.dice.choice([talk.w.ann, talk.w.bo])
    text = talk.words(who.name)
    line = await who.says(talk.w.support, text, thread_ts=talk.card.ts)
    talk.lines.append((line, len(talk.told)))
    talk.told.append(text)


async def staff_notes(talk: Talk) -> None:
    """Words that must never leave."""
    mark = talk.dice.choice(["//", "// ", "note: ", "private:", "*//"])
    text = f"{mark}{SECRET} {talk.words('note')}"
    await talk.w.ann.says(talk.w.support, text, thread_ts=talk.card.ts)


async def staff_edits(talk: Talk) -> None:
    """Other words in the place of earlier ones, gone already or not."""
    if talk.lines:
        line, place = talk.dice.choice(talk.lines)
        talk.told[place] = talk.words("changed")
        who = talk.w.ann if line.user == talk.w.ann.id else talk.w.bo
        await who.edits(line, talk.told[place])


async def restart(talk: Talk) -> None:
    """Rapport ends and begins again, with answers held and things on their way.

    What Slack was told of nobody acknowledging comes again after a minute, out of its order; that
    is Slack's matter, so it may first hear that everything was received.
    """
    await talk.w.slack.quiet()
    await talk.w.stop_rapport()
    await talk.w.start_rapport()


async def time_passes(talk: Talk) -> None:
    """Holds end."""
    talk.w.passes(seconds=3)


DEEDS: list[tuple[Callable[[Talk], Awaitable[None]], int]] = [
    (customer_says, 30),
    (customer_sends_picture, 6),
    (customer_edits, 6),
    (customer_reacts, 4),
    (staff_answers, 30),
    (staff_notes, 10),
    (staff_edits, 6),
    (restart, 3),
    (time_passes, 5),
]


@pytest.fixture
async def talk(sqlite_url: str) -> AsyncIterator[Talk]:
    """A conversation that has begun, with a hold that nobody has to confirm."""
    async with world(sqlite_url, hold=2, tempo=QUICK) as w:
        unlimited(w)
        w.decides("overtaken", "send")
        w.bob.says("bob 0")
        await w.in_thread("bob 0")
        yield Talk(w, random.Random(SEED), await w.thread(1), heard=["bob 0"])


def all_is_quiet(w: World) -> bool:
    """Nothing is on its way any more."""
    counts = w.look(outbox.counts)
    waiting = counts.get("queued", 0) + counts.get("sending", 0) + counts.get("asked", 0)
    return w.rapport.inbox.busy == 0 and waiting == 0


def shown(talk: Talk) -> list[str]:
    """Which of the customer's words the thread shows, in its order, as they read now.

    What was said in a rush stands together in one post; a change to a part of it has a line of its
    own behind it.
    """
    found: list[str] = []
    for message in talk.w.support.thread(talk.card.ts):
        numbers = _SAID.findall(message.plain)
        if message.username == "Bob Bell":
            found += numbers
        elif "(edited)" in message.plain and numbers:
            before = _BEFORE.findall(message.plain)
            found = [numbers[0] if each in before else each for each in found]
    return [f"bob {number}" for number in found]


# Every text of the customer's has a number of its own.
_SAID = re.compile(r"(?<!before: )bob (\d+)")
_BEFORE = re.compile(r"before: bob (\d+)")


def said(talk: Talk) -> list[str]:
    """What the customer reads of the team, in order, without our own receipts."""
    texts = [m.text for m in talk.w.bob.chat if m.from_bot and _TOLD.match(m.text)]
    return [_bare(text) for text in texts]


_TOLD = re.compile(r"(ann|bo|changed) \d+")


async def arrives(w: World, holds: Callable[[], bool]) -> None:
    """Wait for something, and leave it to the assertion to show what is missing."""
    with suppress(AssertionError):
        await w.until(holds, seconds=30)


async def test_a_long_mixed_conversation_with_restarts(talk: Talk) -> None:
    """Each side has all words of the other in the order in which they were said, once."""
    w = talk.w
    deeds = [deed for deed, _ in DEEDS]
    for _ in range(MESSAGES):
        (deed,) = talk.dice.choices(deeds, [weight for _, weight in DEEDS])
        await deed(talk)
    w.passes(seconds=10)
    heard = [" ".join(each.split()[:2]) for each in talk.heard]
    await arrives(w, lambda: shown(talk) == heard)
    await arrives(w, lambda: said(talk) == [_bare(each) for each in talk.told])
    await arrives(w, lambda: all_is_quiet(w))

    assert shown(talk) == heard
    assert said(talk) == [_bare(each) for each in talk.told]
    assert SECRET not in json.dumps(w.telegram.ledger.as_json(0), ensure_ascii=False)
    assert all(not m.live_mentions for m in w.support.thread(talk.card.ts) if m.bot)


def _bare(text: str) -> str:
    return " ".join(text.split())
