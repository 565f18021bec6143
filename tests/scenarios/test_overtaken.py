"""Slack brings again what failed at first: a line's change may come before the line itself."""

from typing import Any

import pytest

from bot.playground.slack import Message
from tests.world import World


class Late:
    """A line of ann's that Slack cannot bring yet."""

    def __init__(self, w: World) -> None:
        self.w = w
        self.events: list[Any] = []

    async def said(self, text: str, *, broadcast: bool = False) -> Message:
        """Say it; nobody hears it."""
        self.w.bob.says("Is it open on Sunday?")
        card = await self.w.thread(1)
        await self.w.in_thread("Sunday")
        workspace = self.w.slack.workspace
        deliver, workspace.deliver = workspace.deliver, self.events.append
        line = await self.w.ann.says(self.w.support, text, thread_ts=card.ts, broadcast=broadcast)
        workspace.deliver = deliver
        return line

    async def comes(self) -> None:
        """Slack brings it now, and everything behind it has been handled as well."""
        for event in self.events:
            self.w.slack.workspace.deliver(event)
        await self.w.slack.quiet()
        card = await self.w.thread(1)
        await self.w.ann.says(self.w.support, "See you", thread_ts=card.ts)
        await self.w.hears(self.w.bob, "See you")


@pytest.fixture
def late(w: World) -> Late:
    """A line that comes late."""
    return Late(w)


def ours(w: World) -> list[str]:
    """What the customer reads of the team."""
    return [heard for heard in w.bob.heard if "unday" in heard or heard == "See you"]


async def test_a_change_that_comes_before_its_line_stands_for_it(w: World, late: Late) -> None:
    """The customer gets the words as they read now, and once."""
    line = await late.said("Not on Sundai")
    await w.ann.edits(line, "Not on Sunday")
    await w.hears(w.bob, "Not on Sunday")
    await late.comes()

    assert ours(w) == ["Not on Sunday", "See you"]


async def test_a_line_that_was_deleted_before_we_heard_of_it_never_goes_out(
    w: World, late: Late
) -> None:
    """Staff have taken it back; Slack brings it all the same."""
    line = await late.said("Never on a Sunday")
    await w.ann.deletes(line)
    await w.slack.quiet()
    await late.comes()

    assert ours(w) == ["See you"]


async def test_a_line_made_internal_before_we_heard_of_it_stays_inside(
    w: World, late: Late
) -> None:
    """The `//` came with the change."""
    line = await late.said("He asks about Sunday again")
    await w.ann.edits(line, "// He asks about Sunday again")
    await w.until(lambda: "lock" in line.reactions)
    await late.comes()

    assert ours(w) == ["See you"]


async def test_an_old_line_of_which_we_know_nothing_does_not_go_out_by_a_change(
    w: World, late: Late
) -> None:
    """What was said before we were there, or long ago, is not said to anybody now."""
    line = await late.said("Not on Sundai")
    w.passes(minutes=30)
    await w.ann.edits(line, "Not on Sunday")
    await w.slack.quiet()
    card = await w.thread(1)
    await w.ann.says(w.support, "See you", thread_ts=card.ts)
    await w.hears(w.bob, "See you")

    assert ours(w) == ["See you"]


async def test_an_answer_also_sent_to_the_channel_goes_out_once(w: World) -> None:
    """Slack tells twice of a mention that was also sent to the channel."""
    late = Late(w)
    await late.said("@rapport reply On Sunday too", broadcast=True)
    await late.comes()

    assert len(late.events) == 2
    assert ours(w) == ["On Sunday too", "See you"]
