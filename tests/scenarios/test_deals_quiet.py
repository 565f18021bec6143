"""Deals with which nothing happens: told once in each silence, and put off or followed up."""

from storage.queries import deals
from storage.records import Deal
from tests.world import World


def deal(w: World) -> Deal:
    """The deal as it stands."""
    found = w.look(lambda work: deals.numbered(work, 1))
    assert found is not None
    return found


def alerts(w: World) -> list[str]:
    """What Ann was told of silence."""
    return [each for each in w.ann.heard if "Nothing has happened" in each]


async def bob_may_buy(w: World) -> None:
    """Bob has written, and Ann has a deal with him."""
    w.bob.says("hello")
    await w.in_thread("hello")
    await w.says(w.ann, "/crm deal bob 5000 EUR website relaunch")


async def settled(w: World) -> None:
    """Something that is surely answered after the jobs have had their turn."""
    w.passes(minutes=6)
    await w.says(w.ann, "/crm team")
    w.passes(minutes=6)
    await w.says(w.ann, "/crm team")


async def test_a_quiet_deal_is_told_once_in_each_silence(both: World) -> None:
    """After two weeks, once; a word from the customer ends the silence, and the next is new."""
    w = both
    await bob_may_buy(w)
    w.passes(days=13)
    await settled(w)
    assert alerts(w) == []
    w.passes(days=1)
    told = await w.sees(w.ann, "Nothing has happened with website relaunch")
    assert "Bob Bell" in told and "14 days" in told
    w.passes(days=20)
    await settled(w)
    assert len(alerts(w)) == 1
    w.bob.says("still interested")
    await w.in_thread("still interested")
    w.passes(days=13)
    await settled(w)
    assert len(alerts(w)) == 1
    w.passes(days=2)
    await w.until(lambda: len(alerts(w)) == 2)


async def test_what_is_planned_is_not_quiet(w: World) -> None:
    """With a follow-up to come nobody is told; a change begins a new silence."""
    await bob_may_buy(w)
    await w.says(w.ann, "/crm remind bob in 30 days call him")
    w.passes(days=20)
    await settled(w)
    assert alerts(w) == []
    assert "no such deal" in await w.says(w.ann, "/crm deals quiet")


async def test_a_silence_is_put_off_from_the_message(w: World) -> None:
    """Snoozed for a week it is told again after that week, if it is still quiet."""
    await bob_may_buy(w)
    w.passes(days=14)
    await w.sees(w.ann, "Nothing has happened")
    assert "website relaunch" in await w.says(w.ann, "/crm deals quiet")
    await w.ann.presses("Snooze", channel=w.ann.dm)
    await w.until(lambda: any("Until when" in m.plain for m in w.ann.sees(w.ann.dm)))
    await w.ann.presses("In a week", channel=w.ann.dm)
    await w.until(lambda: deal(w).told_quiet_at is None)
    w.passes(days=6)
    await settled(w)
    before = len(alerts(w))
    w.passes(days=2)
    await w.until(lambda: len(alerts(w)) > before)


async def test_nobody_is_told_at_night_or_after_it_is_over(w: World) -> None:
    """A lost deal is not quiet, and zero days is never."""
    await bob_may_buy(w)
    await w.says(w.mia, "/crm policy quiet_deal_days 3")
    w.passes(days=3, hours=12)
    await settled(w)
    assert alerts(w) == []
    w.passes(hours=12)
    await w.until(lambda: alerts(w))
    await w.ann.presses("Lost", channel=w.ann.dm)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"reason": "no answer"})
    await w.until(lambda: deal(w).lost_reason == "no answer")
    w.passes(days=30)
    await settled(w)
    assert len(alerts(w)) == 1


async def test_many_at_once_are_one_list(both: World) -> None:
    """More than three quiet deals come in one message, and none of them a second time."""
    w = both
    await w.says(w.ann, "/crm add Anna Lee")
    for number in range(6):
        await w.says(w.ann, f"/crm deal anna {number + 1}k site{number}")
    w.passes(days=15)
    told = await w.sees(w.ann, "Nothing has happened with 6 deals")
    assert all(f"site{number}" in told for number in range(6))
    await settled(w)

    assert len(alerts(w)) == 1
