"""An emoji on a line of which Rapport does not know yet that it stands in Slack."""

from bot.playground.slack.faults import Fault
from tests.scenarios.test_both_ways import opened
from tests.world import World


async def test_an_emoji_on_a_line_whose_answer_was_lost_still_reaches_the_customer(
    w: World,
) -> None:
    """It waits until the line is found, and then goes where it was meant."""
    await opened(w)
    w.slack.faults.on("chat.postMessage", Fault.ACCEPT_THEN_RESET)
    sent = w.bob.says("thank you!")
    line = await w.in_thread("thank you!")
    await w.ann.reacts(line, "heart")

    await w.until(lambda: sent.bot_reactions == ["❤"])


async def test_such_an_emoji_outlives_a_restart(w: World) -> None:
    """It is handled by the process that comes after, once that one has found the line."""
    await opened(w)
    w.slack.faults.on("chat.postMessage", Fault.HANG(after=True))
    sent = w.bob.says("thank you!")
    line = await w.in_thread("thank you!")
    await w.ann.reacts(line, "heart")
    await w.stop_rapport()
    w.slack.faults.clear()
    await w.start_rapport()

    await w.until(lambda: sent.bot_reactions == ["❤"], seconds=60)
    assert len([m for m in w.support.thread((await w.thread(1)).ts) if "thank" in m.plain]) == 1
