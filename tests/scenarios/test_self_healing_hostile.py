"""What heals must not hurt: repeated, reordered, pressed twice, and restarted in the middle."""

import asyncio

from bot.playground.slack import Fault
from tests.scenarios.test_routing import card_in, line_in, manager, opened, routed
from tests.scenarios.test_self_healing_slack import everywhere, in_newest
from tests.world import World


def cards(w: World) -> int:
    """How many cards of the ticket stand in any channel."""
    channels = [each for each in w.slack.workspace.channels.values() if not each.is_im]
    return sum("#1 ·" in m.plain for each in channels for m in each.messages)


async def test_two_who_press_move_move_it_once(w: World) -> None:
    """The second is told that it is there already."""
    billing = await routed(w)
    await opened(w)
    await w.says(w.ann, "/crm file 1 billing")
    offer = await w.in_thread("have their place in #billing")
    await asyncio.gather(
        w.ann.presses("Move it there", channel=w.support, ts=offer.ts),
        w.bo.presses("Move it there", channel=w.support, ts=offer.ts),
    )
    await line_in(w, billing, "my bill is wrong")
    w.bob.says("thank you")
    await line_in(w, billing, "thank you")

    assert cards(w) == 2
    assert len([m for m in billing.by_ts.values() if "moved here" in m.plain]) == 1


async def test_a_thread_that_goes_to_and_fro_is_one_thread_at_a_time(w: World) -> None:
    """Every line stands where the thread was when it was said, once."""
    billing = await routed(w)
    await opened(w, "line 0")
    for number in range(1, 5):
        place = "#billing" if number % 2 else "#support"
        await w.says(w.ann, f"/crm route 1 to {place}")
        w.bob.says(f"line {number}")
    await in_newest(w, "line 4")

    for number in range(1, 5):
        said = [m for m in everywhere(w, f"line {number}") if m.username]
        assert len(said) == 1
    assert billing.messages


async def test_a_deletion_that_slack_tells_twice_makes_one_new_card(w: World) -> None:
    """Late and repeated events change nothing."""
    card = await opened(w, "first words")
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": w.support.id,
        "channel_type": "channel",
        "deleted_ts": card.ts,
        "previous_message": card.as_slack(),
    }
    for number in range(3):
        w.slack.inject_event(event | {"ts": f"17.{number}", "event_ts": f"17.{number}"})
    await w.slack.quiet()
    w.bob.says("second words")
    await in_newest(w, "second words")

    assert cards(w) == 2


async def test_rubbish_about_channels_and_links_changes_nothing(w: World) -> None:
    """Unknown channels, unknown messages, links to nothing."""
    await opened(w, "first words")
    for event in (
        {"type": "channel_archive", "channel": "C404", "user": "U404"},
        {"type": "channel_deleted", "channel": ""},
        {"type": "member_left_channel", "user": "U404", "channel": "C404"},
        {"type": "message", "subtype": "message_deleted", "channel": "C4", "deleted_ts": "x"},
        {"type": "link_shared", "user": w.ann.id, "channel": "C4", "message_ts": "1", "links": []},
        {
            "type": "link_shared",
            "user": w.ann.id,
            "channel": w.support.id,
            "message_ts": "1",
            "links": [{"url": "https://crm.example.com/t/999999999"}],
        },
    ):
        w.slack.inject_event(event)
    await w.slack.quiet()
    w.bob.says("second words")
    await w.in_thread("second words")

    assert cards(w) == 1


async def test_a_restart_while_everything_waits_loses_and_doubles_nothing(w: World) -> None:
    """The channel is shut, Rapport stops, the channel is back, Rapport starts."""
    await manager(w)
    await opened(w, "first words")
    await w.bo.archives(w.support)
    for number in range(5):
        w.bob.says(f"line {number}")
    await w.sees(w.mia, "can no longer write")
    await w.stop_rapport()
    await w.bo.unarchives(w.support)
    w.passes(seconds=31)
    await w.start_rapport()
    await w.in_thread("line 4")

    card = await w.thread(1)
    thread = [m.plain[-6:] for m in w.support.thread(card.ts) if "line" in m.plain]
    assert thread == [f"line {number}" for number in range(5)]
    assert cards(w) == 1


async def test_a_new_card_whose_answer_broke_is_not_posted_twice(w: World) -> None:
    """The deleted thread's new card arrived and the answer did not: it is read back."""
    card = await opened(w, "first words")
    w.slack.faults.on("chat.postMessage", Fault.ACCEPT_THEN_RESET)
    await w.mia.deletes_of_the_app(card)
    w.bob.says("second words")
    w.passes(seconds=5)
    await in_newest(w, "second words")

    assert len(everywhere(w, "second words")) == 1
    assert cards(w) <= 2


async def test_a_thread_moves_while_the_platform_refuses_now_and_then(w: World) -> None:
    """Limits and breaks in the middle of a move lose nothing."""
    billing = await routed(w)
    await opened(w, "first words")
    w.slack.faults.on("chat.postMessage", Fault.TOO_MANY(1), every=3)
    await w.says(w.ann, "/crm route 1 to #billing")
    for number in range(6):
        w.bob.says(f"line {number}")
    await line_in(w, billing, "line 5")

    card = await card_in(w, billing)
    thread = [m.plain[-6:] for m in billing.thread(card.ts) if m.username]
    assert thread == [f"line {number}" for number in range(6)]
