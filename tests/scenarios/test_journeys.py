"""Journeys: several messages with waits between, each to each person once."""

from sqlmodel import select

from bot.playground.slack import Message
from bot.playground.telegram import Person
from storage.records import (
    Campaign,
    ContactTag,
    Journey,
    JourneyState,
    Recipient,
    Traveller,
    TravellerState,
)
from tests.scenarios.test_campaigns import audience, manager
from tests.world import World

WELCOME = """/crm journey add welcome
for: tag:vip
day 0: Hello {first_name|there}
wait 3 days or reply
if replied: stop
day 5: Still there?
tag reminded"""


async def written(w: World, line: str = WELCOME) -> Message:
    """The card of a journey that has been written."""
    said = await w.says(w.bo, line)
    assert "Nobody gets anything before" in said, said
    return await w.until(
        lambda: next((m for m in w.support.messages if "Journey “" in m.plain and m.bot), None)
    )


async def started(w: World, line: str = WELCOME) -> Message:
    """The card of a journey that people go on."""
    card = await written(w, line)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: journey(w).state is JourneyState.RUNNING)
    return card


def journey(w: World) -> Journey:
    """The only journey."""
    (found,) = w.look(lambda work: work.all(select(Journey)))
    return found


def travellers(w: World) -> list[Traveller]:
    """Everybody who is or was on it."""
    return w.look(lambda work: work.all(select(Traveller)))


async def heard(w: World, people: list[Person], text: str, times: int = 1) -> None:
    """Wait until each of these has heard it so often."""
    await w.until(
        lambda: all(sum(text in said for said in each.heard) == times for each in people), 30
    )


async def test_each_goes_step_by_step_and_a_reply_ends_it(both: World) -> None:
    """Two get the first message; one replies and hears no more, the other gets the second one."""
    w = both
    await manager(w)
    keen, quiet = audience(w, 2)
    card = await started(w)
    await heard(w, [keen, quiet], "Hello")
    await w.until(lambda: "2 sent" in card.plain)
    w.passes(minutes=5)
    keen.says("hi, thank you")
    await w.until(lambda: TravellerState.LEFT in [each.state for each in travellers(w)])
    w.passes(days=2)
    assert not any("Still" in said for said in quiet.heard)
    w.passes(days=1, hours=1)
    await w.until(lambda: any(each.position == 3 for each in travellers(w)))
    assert not any("Still" in said for said in quiet.heard)
    w.passes(days=2)
    await heard(w, [quiet], "Still there?")
    await w.until(lambda: TravellerState.THROUGH in [each.state for each in travellers(w)])
    await w.until(lambda: "1 through" in card.plain and "1 left: replied" in card.plain)

    assert not any("Still" in said for said in keen.heard)
    tagged = w.look(lambda work: [t.tag for t in work.all(select(ContactTag))])
    assert tagged.count("reminded") == 1


async def test_stop_ends_it_and_who_has_said_stop_never_begins(w: World) -> None:
    """The same consent as campaigns."""
    await manager(w)
    gone, leaves, stays = audience(w, 3)
    gone.says("/stop")
    await w.hears(gone, "won't get any more news")
    await started(w)
    await heard(w, [leaves, stays], "Hello")
    w.passes(minutes=2)
    leaves.says("/stop")
    await w.hears(leaves, "won't get any more news")
    w.passes(days=5, hours=1)
    await heard(w, [stays], "Still there?")
    await w.until(lambda: not {"waiting", "sending"} & {str(t.state) for t in travellers(w)})

    assert len(travellers(w)) == 2
    assert not any("Still" in said for each in (gone, leaves) for said in each.heard)
    assert not any("Hello" in said for said in gone.heard)


async def test_a_tag_lets_somebody_begin_once(w: World) -> None:
    """Who had it before does not begin; who is given it does, and not twice."""
    await manager(w)
    before, after = audience(w, 2, tag="old")
    await w.says(w.bo, f"/crm tag {before.first_name} #hot")
    await started(w, "/crm journey add hot\nstart: tag hot\nday 0: You are hot")
    await w.says(w.bo, f"/crm tag {after.first_name} #hot")
    await heard(w, [after], "You are hot")
    await w.says(w.bo, f"/crm untag {after.first_name} #hot")
    await w.says(w.bo, f"/crm tag {after.first_name} #hot")
    w.passes(minutes=10)
    await w.until(lambda: [t.state for t in travellers(w)] == [TravellerState.THROUGH])

    assert before.heard == [] and len(after.heard) == 1


async def test_pause_holds_and_end_is_the_end(w: World) -> None:
    """What came due meanwhile goes after the pause; after the end nothing does."""
    await manager(w)
    (guest,) = audience(w, 1)
    line = "/crm journey add slow\nfor: tag:vip\nday 0: One\nday 1: Two\nday 2: Three"
    card = await started(w, line)
    await heard(w, [guest], "One")
    await w.bo.presses("Pause", channel=w.support, ts=card.ts)
    await w.until(lambda: journey(w).state is JourneyState.PAUSED)
    w.passes(days=1, hours=1)
    await w.says(w.bo, "/crm journeys")
    assert guest.heard == ["One"]
    await w.until(lambda: "Resume" in str(card.all_blocks))
    await w.bo.presses("Resume", channel=w.support, ts=card.ts)
    await heard(w, [guest], "Two")
    await w.until(lambda: "Pause" in str(card.all_blocks))
    await w.bo.presses("End", channel=w.support, ts=card.ts)
    await w.until(lambda: journey(w).state is JourneyState.ENDED)
    w.passes(days=3)
    await w.says(w.bo, "/crm journeys")

    assert guest.heard == ["One", "Two"]
    assert [each.state for each in travellers(w)] == [TravellerState.LEFT]


async def test_a_restart_does_each_step_once_and_asks_about_what_is_late(w: World) -> None:
    """Down for two days: the step that came due is asked about first, then goes once."""
    await manager(w)
    people = audience(w, 3)
    await started(w, "/crm journey add slow\nfor: tag:vip\nday 0: One\nday 1: Two")
    await heard(w, people, "One")
    await w.until(lambda: all(each.position == 1 for each in travellers(w)))
    await w.stop_rapport()
    w.passes(days=2)
    await w.start_rapport()
    await w.sees(w.bo, "came due while I was not running")
    assert all(each.heard == ["One"] for each in people)
    card = next(m for m in w.support.messages if "Journey “" in m.plain)
    await w.until(lambda: "Send now" in str(card.all_blocks))
    await w.bo.presses("Send now", channel=w.support, ts=card.ts)
    await heard(w, people, "Two")

    assert all(each.heard == ["One", "Two"] for each in people)


async def test_the_form_the_preview_and_what_is_refused(w: World) -> None:
    """Written in a form, shown for one person with its dates, refused line by line."""
    await manager(w)
    (guest,) = audience(w, 1)
    await w.bo.command("/crm journey add welcome", channel=w.support)
    await w.until(lambda: w.bo.modal)
    answer = await w.bo.submits({"lines": "for: tag:vip\nday 0: Hi\nwiat 3 days"})
    assert "Line 3" in str(answer.errors)
    answer = await w.bo.submits({"lines": "for: tag:vip\nday 0: Hi {first_name}"})
    assert "{first_name|friend}" in str(answer.errors)
    await w.bo.submits({"lines": WELCOME.partition("\n")[2]})
    await w.sees(w.bo, "Nobody gets anything before")
    told = await w.says(w.bo, f"/crm journey preview welcome {guest.first_name}")

    assert f"Hello {guest.first_name}" in told and "Wed 18 Nov" in told and "Mon 23 Nov" in told
    assert "no journey" in await w.says(w.bo, "/crm journey elsewhere")
    assert "welcome" in await w.says(w.bo, "/crm journeys")
    assert "another role" in await w.says(w.ann, "/crm journey add x")
    assert w.look(lambda work: work.all(select(Campaign))) == []
    assert w.look(lambda work: work.all(select(Recipient))) == []
