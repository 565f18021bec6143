"""Slack refuses the head of a thread: its words go without blocks, or the thread's go beside it."""

from sqlmodel import select

from bot.playground.slack import Fault
from storage.records import OutboxRow, OutboxState
from tests.world import World


def failed(w: World) -> list[OutboxRow]:
    """What was refused for good."""
    rows = select(OutboxRow).where(OutboxRow.state == OutboxState.FAILED)
    return w.look(lambda work: work.all(rows))


async def test_a_card_whose_blocks_are_refused_goes_as_plain_text(both: World) -> None:
    """The thread begins all the same, and what the customer says stands in it."""
    w = both
    w.slack.faults.on("chat.postMessage", Fault.ERROR("invalid_blocks"), nth=1)
    w.bob.says("my order 1001")
    said = await w.in_thread("my order 1001")
    card = await w.thread(1)

    assert said.thread_ts == card.ts
    assert "Bob Bell" in card.plain
    assert not card.blocks
    assert failed(w) == []


async def test_a_card_refused_for_good_is_listed_once_and_nothing_waits_for_it(both: World) -> None:
    """What the customer says stands in the channel; the card is not tried again every second."""
    w = both
    await w.says(w.mia, "/crm")
    w.slack.faults.on("chat.postMessage", Fault.ERROR("msg_too_long"), times=2)
    w.bob.says("my order 1001")
    words = await w.until(
        lambda: next((m for m in w.support.messages if "my order 1001" in m.plain), None)
    )
    w.bob.says("are you there?")
    await w.until(lambda: any("are you there?" in m.plain for m in w.support.messages))

    assert words.thread_ts is None
    assert len(failed(w)) == 1
    assert (await w.says(w.mia, "/crm troubles")).count("msg_too_long") == 1
    w.passes(hours=2)
    w.bob.says("hello again")
    again = await w.in_thread("hello again")
    assert again.thread_ts == (await w.thread(1)).ts
