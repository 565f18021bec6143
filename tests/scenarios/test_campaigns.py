"""A message to many: right counts, the platform's pace, stop at once, and what nobody can know."""

import re

from sqlmodel import select

from bot.playground.slack import Member, Message
from bot.playground.telegram import Person
from bot.playground.telegram.faults import Fault
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Recipient,
    RecipientState,
)
from storage.work import Work
from tests.world import World, world

SPRING = "/crm campaign vip Hello {first_name|friend}, spring is here"


def audience(w: World, count: int, tag: str = "vip") -> list[Person]:
    """People tagged so, who have written to the bot before."""
    people = [
        w.telegram.person(f"Guest{n}", language_code="en", started=True) for n in range(count)
    ]

    def write_down(work: Work) -> None:
        for person in people:
            contact = work.add(
                Contact(name=person.first_name, first_name=person.first_name, created_at=work.now)
            )
            value = str(person.id)
            work.add(
                Identity(
                    contact_id=contact.id,
                    kind=IdentityKind.TELEGRAM,
                    value=value,
                    shown=value,
                    created_at=work.now,
                )
            )
            work.add(ContactTag(contact_id=contact.id, tag=tag))

    w.store.write(write_down)
    return people


async def manager(w: World) -> Member:
    """Bo, who may campaign."""
    await w.says(w.bo, "/crm")
    await w.says(w.mia, "/crm role @bo manager")
    return w.bo


async def drafted(w: World, line: str = SPRING) -> Message:
    """The card of a campaign that has been prepared."""
    said = await w.says(w.bo, line)
    assert "Nothing goes out before" in said, said
    return await w.until(
        lambda: next((m for m in w.support.messages if "Campaign #" in m.plain and m.bot), None)
    )


def campaign(w: World) -> Campaign:
    """The only campaign."""
    (found,) = w.look(lambda work: work.all(select(Campaign)))
    return found


def states(w: World) -> list[RecipientState]:
    """What became of each."""
    return [each.state for each in w.look(lambda work: work.all(select(Recipient)))]


async def finished(w: World, seconds: float = 15) -> None:
    """Wait until everybody's message is settled."""
    await w.until(lambda: campaign(w).state is CampaignState.FINISHED, seconds)


async def test_everybody_gets_it_once_by_name_and_the_card_counts(both: World) -> None:
    """The audience on the draft is right: who said stop and who never wrote are left out."""
    w = both
    await manager(w)
    people = audience(w, 5)
    stopped = people[0]
    stopped.says("/stop")
    await w.hears(stopped, "won't get any more news")
    await w.says(w.bo, "/crm add Carl Phone, +44 20 7946 0958 #vip")
    card = await drafted(w)
    assert (
        "4 people" in card.plain and "1 said stop" in card.plain and "1 never wrote" in card.plain
    )
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    await w.until(lambda: "finished" in card.plain)

    for person in people[1:]:
        assert person.heard == [f"Hello {person.first_name}, spring is here"]
    assert not any("spring" in heard for heard in stopped.heard)
    assert "4" in card.plain.split("Sent")[1][:6]
    assert sorted(states(w)).count(RecipientState.SENT) == 4


async def test_the_pace_of_the_platform_is_kept(sqlite_url: str) -> None:
    """Ninety messages to a cloud that takes thirty a second: not one 429, everybody once."""
    async with world(sqlite_url) as w:
        await manager(w)
        people = audience(w, 90)
        card = await drafted(w)
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await finished(w)

        assert w.telegram.ledger.avoidable_429 == 0
        assert all(len(person.heard) == 1 for person in people)


async def test_the_card_counts_while_it_goes_out(sqlite_url: str) -> None:
    """Numbers grow from look to look, long before the end, and the last one is everybody."""
    async with world(sqlite_url) as w:
        await manager(w)
        audience(w, 240)
        card = await drafted(w)
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        seen: list[int] = []

        def count() -> bool:
            number = re.search(r"Sent\D*(\d+)", card.plain)
            if number and (not seen or seen[-1] != int(number[1])):
                seen.append(int(number[1]))
            return "finished" in card.plain

        await w.until(count, seconds=30)
        assert seen == sorted(seen)
        assert len([each for each in seen if 0 < each < 240]) >= 1, seen
        assert seen[-1] == 240


async def test_stop_works_mid_run_and_in_every_usual_word(sqlite_url: str) -> None:
    """Who says stop while it goes out does not get it any more."""
    async with world(sqlite_url) as w:
        await manager(w)
        people = audience(w, 75)
        last = people[-4:]
        card = await drafted(w)
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: w.telegram.ledger.deliveries)
        for person, words in zip(last, ("/stop", "unsubscribe", "退订", "STOP!"), strict=True):
            person.says(words)
        await finished(w)
        await w.until(lambda: "finished" in card.plain)

        assert not any("spring" in heard for person in last for heard in person.heard)
        assert states(w).count(RecipientState.STOPPED) == 4
        assert states(w).count(RecipientState.SENT) == 71
        assert w.telegram.ledger.avoidable_429 == 0
        assert "4" in card.plain.split("Stopped")[1][:6]


async def test_the_button_under_the_message_stops_the_next_campaign(w: World) -> None:
    """One press, an answer at once, and the next campaign leaves them out."""
    await manager(w)
    (guest, _) = audience(w, 2)
    card = await drafted(w)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    guest.presses("Stop these messages")
    await w.until(lambda: w.telegram.ledger.calls["answerCallbackQuery"])
    second = await w.says(w.bo, "/crm campaign vip Once more")
    await w.until(lambda: any("1 person tagged" in m.plain for m in w.support.messages))

    assert "ready below" in second


async def test_pause_holds_resume_goes_on_and_cancel_ends(sqlite_url: str) -> None:
    """What had gone is not sent again; who waited gets nothing after a cancel."""
    async with world(sqlite_url) as w:
        await manager(w)
        people = audience(w, 60)
        card = await drafted(w)
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: len(w.telegram.ledger) >= 5)
        await w.bo.presses("Pause", channel=w.support, ts=card.ts)
        await w.until(lambda: "paused" in card.plain)
        await w.until(lambda: RecipientState.QUEUED not in states(w))
        held = len(w.telegram.ledger)
        assert held < 60
        await w.bo.presses("Resume", channel=w.support, ts=card.ts)
        await w.until(lambda: len(w.telegram.ledger) > held + 3)
        await w.bo.presses("Cancel", channel=w.support, ts=card.ts)
        await w.until(lambda: "cancelled" in card.plain)
        await w.until(lambda: not {RecipientState.QUEUED, RecipientState.WAITING} & set(states(w)))

        sent = len(w.telegram.ledger)
        assert sent < 60 and all(len(person.heard) <= 1 for person in people)
        assert states(w).count(RecipientState.SENT) == sent
        assert states(w).count(RecipientState.CANCELLED) == 60 - sent


async def test_a_broken_connection_is_unsure_and_listed_by_name(both: World) -> None:
    """Nobody can know whether it arrived, so it is told and not sent again."""
    w = both
    await manager(w)
    people = audience(w, 4)
    w.telegram.faults.on("sendMessage", do=Fault.ACCEPT_THEN_RESET, nth=2)
    card = await drafted(w)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    await w.until(lambda: "Who is unsure?" in str(card.all_blocks))
    await w.bo.presses("Who is unsure?", channel=w.support, ts=card.ts)
    told = await w.sees(w.bo, "probably arrived")

    assert states(w).count(RecipientState.UNSURE) == 1
    assert sum(person.first_name in told for person in people) == 1
    assert all(len(person.heard) == 1 for person in people)


async def test_blocked_people_and_failures_are_counted_apart(w: World) -> None:
    """Who blocked the bot counts as stopped; what Telegram refuses as failed."""
    await manager(w)
    people = audience(w, 4)
    people[0].blocked = True
    w.telegram.faults.on("sendMessage", do=Fault.BAD_ENTITIES, chat=people[1].id)
    card = await drafted(w)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)

    found = states(w)
    assert found.count(RecipientState.STOPPED) == 1
    assert found.count(RecipientState.FAILED) == 1
    assert found.count(RecipientState.SENT) == 2


async def test_agents_may_not_campaign(w: World) -> None:
    """Neither prepare nor press Start."""
    await manager(w)
    audience(w, 2)
    assert "another role" in await w.says(w.ann, SPRING)
    card = await drafted(w)
    await w.ann.presses("Start", channel=w.support, ts=card.ts)
    await w.sees(w.ann, "another role")

    assert campaign(w).state is CampaignState.DRAFT


async def test_pressing_start_twice_is_once(w: World) -> None:
    """The second press is told so, and nobody hears it twice."""
    await manager(w)
    people = audience(w, 3)
    card = await drafted(w)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.says(w.bo, "/crm campaigns")
    await finished(w)

    assert all(len(person.heard) == 1 for person in people)


async def test_a_wrong_field_and_an_unknown_tag_are_told_before_anything(w: World) -> None:
    """With the place of the mistake, and the tags that are in use."""
    await manager(w)
    audience(w, 1)

    assert "no field nickname" in await w.says(w.bo, "/crm campaign vip Hello {nickname}")
    said = await w.says(w.bo, "/crm campaign nosuch Hello")
    assert "Nobody has the tag #nosuch" in said and "#vip" in said
    assert w.look(lambda work: work.all(select(Campaign))) == []


async def test_an_answer_overtakes_a_campaign(sqlite_url: str) -> None:
    """A customer who waits does not wait for six hundred others."""
    async with world(sqlite_url) as w:
        await manager(w)
        audience(w, 200)
        w.bob.says("my order")
        thread = await w.thread(1)
        await w.hears(w.bob, "#1")
        card = await drafted(w)
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: len(w.telegram.ledger) > 10)
        await w.ann.says(w.support, "It is on its way", thread_ts=thread.ts)
        await w.hears(w.bob, "It is on its way")

        assert len(w.telegram.ledger) < 150
        assert w.telegram.ledger.avoidable_429 == 0


async def test_a_restart_mid_run_sends_nothing_twice(sqlite_url: str) -> None:
    """It goes on where it was."""
    async with world(sqlite_url) as w:
        await manager(w)
        people = audience(w, 60)
        card = await drafted(w)
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await w.until(lambda: len(w.telegram.ledger) > 10)
        await w.stop_rapport()
        await w.start_rapport()
        await finished(w)

        assert all(len(person.heard) == 1 for person in people)
        assert w.telegram.ledger.avoidable_429 == 0
