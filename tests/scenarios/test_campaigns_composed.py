"""A message to many is composed, tried out, explained before it goes, and confirmed."""

from datetime import timedelta

from sqlmodel import select

from bot.playground.slack import Message
from storage.records import (
    Campaign,
    CampaignState,
    Consent,
    Contact,
    ContactTag,
    FollowUp,
    Member,
    Purpose,
    Recipient,
    RecipientState,
    Ticket,
)
from storage.work import Work
from tests.scenarios.test_campaigns import audience, campaign, finished, manager, states
from tests.world import World


async def card_of(w: World, number: int = 1) -> Message:
    """The card of a campaign, once it is there."""
    title = f"Campaign #{number}"
    return await w.until(
        lambda: next((m for m in w.support.messages if title in m.plain and m.bot), None)
    )


async def composed(w: World, **fields: str) -> Message:
    """What is filled into the form, and the card that comes of it."""
    await w.bo.command("/crm campaign", channel=w.support)
    await w.until(lambda: w.bo.modal)
    for name, value in fields.items():
        await w.bo.fills(name, value)
    done = await w.bo.submits()
    assert done.ok, done
    assert w.bo.modal is None, w.bo.modal.errors
    return await card_of(w)


def contact_of(work: Work, name: str) -> Contact:
    """The only contact of that name."""
    (found,) = work.all(select(Contact).where(Contact.name == name))
    return found


async def test_the_form_shows_who_would_get_it_and_how_it_reads_while_it_is_typed(
    both: World,
) -> None:
    """Numbers and a real rendering below the fields; then the same on the draft."""
    w = both
    await manager(w)
    audience(w, 3)
    await w.bo.command("/crm campaign", channel=w.support)
    await w.until(lambda: w.bo.modal)
    await w.bo.fills("whom", "tag:vip")
    await w.bo.fills("text", "Hello {first_name|friend}, it is spring")
    await w.until(lambda: "Hello Guest0, it is spring" in str(w.bo.modal and w.bo.modal.blocks))
    await w.until(lambda: "3 would get it now" in str(w.bo.modal and w.bo.modal.blocks))
    await w.bo.fills("text", "Hello {firstname}")
    await w.until(lambda: "Did you mean {first_name}" in str(w.bo.modal and w.bo.modal.blocks))
    await w.bo.fills("text", "Hello {first_name|friend}")
    assert (await w.bo.submits()).ok
    card = await card_of(w)

    assert "3 people" in card.plain and "Hello Guest0" in card.plain


async def test_what_is_wrong_is_said_beside_its_field(w: World) -> None:
    """A date that is none, a button without an address, an audience that is nobody."""
    await manager(w)
    audience(w, 1)
    wrong = {
        "when": "blue",
        "buttons": "Shop | nowhere",
        "whom": "tag:nosuch",
        "picture": "a picture",
        "speed": "fast",
        "text": "Hello {nickname}",
    }
    for name, value in wrong.items():
        await w.bo.command("/crm campaign", channel=w.support)
        await w.until(lambda: w.bo.modal)
        good = {"whom": "vip", "text": "Hello"} | {name: value}
        for each, typed in good.items():
            await w.bo.fills(each, typed)
        await w.bo.submits()
        assert w.bo.modal is not None and name in w.bo.modal.errors, name
        await w.bo.closes(clear=True)

    assert w.look(lambda work: work.all(select(Campaign))) == []


async def test_each_gets_their_language_the_link_and_the_button(w: World) -> None:
    """Li reads Chinese; the link opens; the answer comes into a thread as an answer to it."""
    await manager(w)
    people = audience(w, 2)
    w.store.write(lambda work: setattr(contact_of(work, "Guest1"), "language", "zh"))
    card = await composed(
        w,
        whom="vip",
        text="Spring is here",
        text_zh="春天来了",
        buttons="Shop now | https://example.com/shop\nCall me",
    )
    assert "Spring is here" in card.plain and "春天来了" in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    assert people[0].heard == ["Spring is here"] and people[1].heard == ["春天来了"]
    assert people[0].last.labels[:2] == ["Shop now", "Call me"]
    people[0].presses("Call me")
    people[0].presses("Call me")
    await w.in_thread("Call me")
    await w.in_thread("answer to campaign #1")
    await w.until(lambda: people[0].alerts)

    said = w.look(lambda work: work.all(select(Ticket)))
    assert len(said) == 1
    assert "Call me" in people[0].last.labels or len(people[0].heard) > 1


async def test_what_they_write_lands_with_the_owner_as_an_answer(both: World) -> None:
    """A new request within days after it is marked, and is given to the customer's owner."""
    w = both
    await manager(w)
    people = audience(w, 2)
    await w.says(w.ann, "/crm")

    def owned(work: Work) -> None:
        (ann,) = work.all(select(Member).where(Member.slack_user == w.ann.id))
        contact_of(work, "Guest0").owner_id = ann.id

    w.store.write(owned)
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)
    people[0].says("I want one")
    await w.in_thread("answer to campaign #1")
    await w.sees(w.ann, "answered campaign")

    (ticket,) = w.look(lambda work: work.all(select(Ticket)))
    assert ticket.assignee_id is not None
    noted = w.look(lambda work: work.all(select(Recipient)))
    assert sorted(each.answered_at is not None for each in noted) == [False, True]


async def drafted_line(w: World, line: str) -> Message:
    """The card of what was typed."""
    said = await w.says(w.bo, line)
    assert "ready below" in said, said
    return await card_of(w)


async def test_the_dry_run_says_who_not_and_why_with_names(both: World) -> None:
    """Each reason with its number; the names behind a button."""
    w = both
    await manager(w)
    people = audience(w, 6)
    people[0].says("/stop")
    await w.hears(people[0], "won't get any more news")
    people[1].says("my parcel is late")
    await w.thread(1)

    def more(work: Work) -> None:
        blocked = contact_of(work, "Guest2")
        blocked.blocked_at = work.now
        promised = contact_of(work, "Guest3")
        (bo,) = work.all(select(Member).where(Member.slack_user == w.bo.id))
        work.add(
            FollowUp(
                contact_id=promised.id,
                owner_id=bo.id,
                text="call",
                wall="2026-11-18T15:00",
                zone="UTC",
                due_at=work.now + timedelta(hours=5),
                created_at=work.now,
            )
        )
        work.add(ContactTag(contact_id=contact_of(work, "Guest4").id, tag="staff"))

    w.store.write(more)
    card = await composed(w, whom="tag:vip", **{"except": "tag:staff"}, text="Spring is here")

    assert "1 person" in card.plain
    for reason in (
        "1 said stop",
        "1 blocked by the team",
        "1 excluded",
        "1 with an open request",
        "1 are to be called",
    ):
        assert reason in card.plain, card.plain
    assert "done by" in card.plain
    await w.bo.presses("Who?", channel=w.support, ts=card.ts)
    told = await w.sees(w.bo, "said stop")
    assert "Guest0" in told and "Guest4" in told and "Guest5" not in told


async def test_a_field_without_a_fallback_must_be_there(w: World) -> None:
    """How many lack it is said; with a fallback it may go."""
    await manager(w)
    audience(w, 3)

    said = await w.says(w.bo, "/crm campaign vip Hello {company}")
    assert "3 people have no company" in said and "{company|friend}" in said
    assert "ready below" in await w.says(w.bo, "/crm campaign vip Hello {company|friend}")


async def test_many_need_the_number_typed_and_very_many_a_second_person(w: World) -> None:
    """The number on the card, and then somebody else's word."""
    await manager(w)
    people = audience(w, 3)
    w.decides("campaign_typed_above", 1)
    w.decides("campaign_second_above", 2)
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits({"people": "4"})
    assert w.bo.modal is not None and "people" in w.bo.modal.errors
    await w.bo.submits({"people": "3"})
    await w.until(lambda: "somebody else has to agree" in card.plain)
    assert campaign(w).state is CampaignState.DRAFT
    await w.bo.presses("Agree and start", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits({"people": "3"})
    await w.sees(w.bo, "you have asked for it already")
    await w.mia.presses("Agree and start", channel=w.support, ts=card.ts)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits({"people": "3"})
    await finished(w)

    assert all(len(person.heard) == 1 for person in people)


async def test_a_test_to_me_shows_it_where_my_telegram_is_not_known(w: World) -> None:
    """And nobody else gets anything."""
    await manager(w)
    people = audience(w, 1)
    card = await drafted_line(w, "/crm campaign vip Hello {first_name|friend}")
    await w.bo.presses("Test to me", channel=w.support, ts=card.ts)
    told = await w.sees(w.bo, "Hello Bo")

    assert "I do not know your Telegram" in told
    assert people[0].heard == []


async def test_only_who_said_yes_where_consent_must_be_explicit(w: World) -> None:
    """By /subscribe, with its evidence; the others are told apart."""
    await manager(w)
    people = audience(w, 2)
    w.decides("campaign_consent", "explicit")
    people[0].says("/subscribe")
    await w.hears(people[0], "get our news again")
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    assert "1 person" in card.plain and "1 never said yes" in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)

    assert not any("Spring" in each for each in people[1].heard)
    (said,) = w.look(lambda work: work.all(select(Consent)))
    assert said.purpose is Purpose.MARKETING and "/subscribe" in said.evidence


async def test_news_comes_back_by_a_button_also_after_start(w: World) -> None:
    """Under the goodbye, and under the hello of who returns."""
    await manager(w)
    (guest,) = audience(w, 1)
    guest.says("/stop")
    await w.hears(guest, "won't get any more news")
    guest.says("/start")
    await w.hears(guest, "You get no news from us")
    guest.presses("Get news again")
    await w.until(lambda: any("get our news again" in each for each in guest.alerts))
    card = await drafted_line(w, "/crm campaign vip Spring is here")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w)

    assert states(w) == [RecipientState.SENT]
