"""Campaigns at their time: at each one's hour, held while they are busy, late ones asked about."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlmodel import select

from storage.records import (
    CampaignState,
    CampaignText,
    Contact,
    Recipient,
    RecipientState,
)
from storage.work import Work
from tests.scenarios.test_campaigns import audience, campaign, finished, manager, states
from tests.scenarios.test_campaigns_composed import card_of, composed, contact_of, drafted_line
from tests.world import World


def recipient_of(w: World, name: str) -> Recipient:
    """What became of one person's message."""

    def look(work: Work) -> Recipient:
        contact = contact_of(work, name)
        (found,) = work.all(select(Recipient).where(Recipient.contact_id == contact.id))
        return found

    return w.look(look)


async def test_at_a_time_it_begins_by_itself(both: World) -> None:
    """Not before; and it can be cancelled until then."""
    w = both
    await manager(w)
    people = audience(w, 2)
    card = await composed(w, whom="vip", text="Spring is here", when="tomorrow 9am")
    assert "Thu 19 Nov 09:00" in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: "scheduled" in card.plain)
    assert campaign(w).state is CampaignState.SCHEDULED and people[0].heard == []
    w.passes(hours=23, minutes=1)
    await finished(w, 45)

    assert all(person.heard == ["Spring is here"] for person in people)


def _greeted(person: Any) -> bool:
    return "Good morning" in person.heard


async def test_at_each_ones_own_hour(both: World) -> None:
    """Tokyo first, then the house, New York last; the card says who still waits for it."""
    w = both
    await manager(w)
    tokyo, london, new_york = audience(w, 3)

    def live(work: Work) -> None:
        contact_of(work, "Guest0").zone = "Asia/Tokyo"
        contact_of(work, "Guest2").zone = "America/New_York"

    w.store.write(live)
    card = await composed(
        w, whom="vip", text="Good morning", when="tomorrow 9am", clock="Each person's own clock"
    )
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: campaign(w).state is CampaignState.SCHEDULED)
    # 9:00 in Tokyo is midnight in UTC, in New York 14:00.
    for hours, person in ((14, tokyo), (9, london), (5, new_york)):
        assert person.heard == []
        # A little more: a machine's own clock may be set back by seconds meanwhile.
        w.passes(hours=hours, minutes=1)
        await w.until(partial(_greeted, person), 45)
        if person is tokyo:
            await w.until(lambda: "2 whose hour has not come" in card.plain)
    await finished(w)

    assert states(w) == [RecipientState.SENT] * 3


async def test_it_waits_for_who_has_an_open_request_and_goes_when_it_is_done(both: World) -> None:
    """Held with the reason, sent after it was resolved and a while has passed."""
    w = both
    await manager(w)
    people = audience(w, 2)
    people[0].says("my parcel is late")
    thread = await w.thread(1)
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.hears(people[1], "Spring is here")
    await w.until(lambda: "1 person waits: 1 with an open request" in card.plain)
    await w.ann.presses("Resolve", channel=w.support, ts=thread.ts)
    await w.until(lambda: "esolved" in thread.plain)
    w.passes(hours=3)
    await w.hears(people[0], "Spring is here")
    await finished(w)

    assert states(w) == [RecipientState.SENT] * 2


async def test_who_is_held_to_the_end_is_skipped_with_the_reason(w: World) -> None:
    """The campaign ends; who did not get it is listed."""
    await manager(w)
    people = audience(w, 2)
    people[0].says("my parcel is late")
    await w.thread(1)
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.hears(people[1], "Spring is here")
    await w.until(lambda: RecipientState.HELD in states(w))
    w.passes(days=8)
    await finished(w)
    await w.until(lambda: "Skipped" in card.plain and "finished" in card.plain)
    await w.bo.presses("Who did not?", channel=w.support, ts=card.ts)
    told = await w.sees(w.bo, "with an open request")

    assert "Guest0" in told
    assert recipient_of(w, "Guest0").state is RecipientState.SKIPPED


async def test_who_writes_after_it_was_queued_is_held_at_the_last_moment(sqlite_url: str) -> None:
    """What stands in the outbox is looked at again in the claim."""
    from tests.world import world

    async with world(sqlite_url) as w:
        await manager(w)
        people = audience(w, 75)
        card = await drafted_line(w, "/crm campaign vip Spring is here")
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: w.telegram.ledger.deliveries)
        people[-1].says("where is my parcel?")
        await w.until(lambda: "1 person waits" in card.plain)

        assert not any("Spring" in each for each in people[-1].heard)
        held = recipient_of(w, "Guest74")
        assert held.state is RecipientState.HELD and held.reason in ("ticket", "wrote")


async def test_no_more_than_so_many_in_so_many_days(w: World) -> None:
    """Across campaigns; when the days have passed it comes."""
    await manager(w)
    (guest,) = audience(w, 1)
    w.decides("campaign_cap", 1)
    for number in (1, 2):
        said = await w.says(w.bo, f"/crm campaign vip News {number}")
        assert "ready below" in said
        card = await card_of(w, number)
        await w.until(lambda card=card: "Start" in str(card.all_blocks))  # type: ignore[misc]
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        if number == 1:
            await w.hears(guest, "News 1")
    await w.until(lambda: "had enough" in card.plain)
    assert guest.heard == ["News 1"]
    w.passes(days=7, hours=2)
    await w.hears(guest, "News 2")


async def test_the_houses_quiet_hours_are_by_everybodys_own_clock(w: World) -> None:
    """Where it is night it waits for the morning."""
    await manager(w)
    day, night = audience(w, 2)
    assert "21-9" in await w.says(w.mia, "/crm policy campaign_quiet 21-9")
    assert "hours like" in await w.says(w.mia, "/crm policy campaign_quiet never")
    w.store.write(lambda work: setattr(contact_of(work, "Guest1"), "zone", "America/Los_Angeles"))
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.hears(day, "Spring")
    await w.until(lambda: "1 in their quiet hours" in card.plain)
    assert night.heard == []
    w.passes(hours=7)
    await w.hears(night, "Spring")


async def test_what_should_have_gone_while_nothing_ran_asks_first(both: World) -> None:
    """Once: a card with Send now and Cancel, and a word to who drafted it."""
    w = both
    await manager(w)
    people = audience(w, 2)
    card = await composed(w, whom="vip", text="Spring is here", when="tomorrow 9am")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: "scheduled" in card.plain)
    await w.stop_rapport()
    w.passes(days=2)
    await w.start_rapport()
    await w.sees(w.bo, "should have gone out")
    await w.until(lambda: "its time has passed" in card.plain)
    assert people[0].heard == []
    await w.bo.presses("Send now", channel=w.support, ts=card.ts)
    await finished(w)

    assert all(person.heard == ["Spring is here"] for person in people)
    assert sum("should have gone out" in each for each in w.bo.heard) == 1


async def test_the_text_is_changed_while_paused_and_we_know_who_got_which(sqlite_url: str) -> None:
    """Not while it goes; who has the former text keeps it."""
    from tests.world import world

    async with world(sqlite_url) as w:
        await manager(w)
        people = audience(w, 60)
        card = await drafted_line(w, "/crm campaign vip Old words")
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: len(w.telegram.ledger) >= 5)
        await w.bo.presses("Pause", channel=w.support, ts=card.ts)
        await w.until(lambda: "Change text" in str(card.all_blocks))
        await w.bo.presses("Change text", channel=w.support, ts=card.ts)
        await w.until(lambda: w.bo.modal)
        assert (await w.bo.submits({"text": "New words"})).ok
        await w.until(lambda: campaign(w).edits == 1)
        await w.bo.presses("Resume", channel=w.support, ts=card.ts)
        await finished(w)

        heard = [person.heard for person in people]
        assert all(len(each) == 1 for each in heard)
        new = sum(each == ["New words"] for each in heard)
        assert 0 < new < 60
        kept = w.look(lambda work: work.all(select(Recipient)))
        assert sum(each.edit == 1 for each in kept) == new
        (former,) = w.look(lambda work: work.all(select(CampaignText)))
        assert former.texts == {"": "Old words"}


async def test_a_speed_of_its_own(sqlite_url: str) -> None:
    """Five a second, and then as fast as it may."""
    from tests.world import world

    async with world(sqlite_url) as w:
        await manager(w)
        audience(w, 60)
        card = await composed(w, whom="vip", text="Spring is here", speed="5")
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: len(w.telegram.ledger) >= 3)
        begun = w.telegram.ledger.deliveries[0].at
        await w.until(lambda: len(w.telegram.ledger) >= 15)
        took = w.telegram.ledger.deliveries[14].at - begun
        assert took > timedelta(seconds=2)
        await w.bo.presses("Speed", channel=w.support, ts=card.ts)
        await w.until(lambda: w.bo.modal)
        await w.bo.submits({"speed": ""})
        await finished(w)

        assert states(w) == [RecipientState.SENT] * 60


async def test_it_is_recalled_as_far_as_telegram_allows(both: World) -> None:
    """Deleted from the chats, counted; nobody is in two states."""
    w = both
    await manager(w)
    people = audience(w, 4)
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    await w.until(lambda: "Recall" in str(card.all_blocks))
    await w.bo.presses("Recall", channel=w.support, ts=card.ts)
    await w.until(lambda: states(w) == [RecipientState.RECALLED] * 4)
    await w.until(lambda: "Recalled" in card.plain)

    assert all(person.heard == [] for person in people) or all(
        not person.messages for person in people
    )


async def test_what_is_too_old_stays_and_is_told(w: World) -> None:
    """After two days Telegram deletes nothing any more."""
    await manager(w)
    audience(w, 2)
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    w.passes(hours=49)
    await w.until(lambda: "Recall" in str(card.all_blocks))
    await w.bo.presses("Recall", channel=w.support, ts=card.ts)
    await w.until(lambda: recipient_of(w, "Guest0").reason == "too old to be deleted")

    assert states(w) == [RecipientState.SENT] * 2


async def test_a_saved_segment_and_whose_filter_it_is(w: World) -> None:
    """`owner:me` is about who drafted it, also when the clock writes down the people."""
    await manager(w)
    people = audience(w, 3)

    def own(work: Work) -> None:
        from storage.records import Member

        (bo,) = work.all(select(Member).where(Member.slack_user == w.bo.id))
        contacts = work.all(select(Contact).where(Contact.name == "Guest0"))
        contacts[0].owner_id = bo.id

    w.store.write(own)
    card = await drafted_line(w, "/crm campaign tag:vip owner:me Spring is here")
    assert "1 person" in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)

    assert [person.heard for person in people] == [["Spring is here"], [], []]
