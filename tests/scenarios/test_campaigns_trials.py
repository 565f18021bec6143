"""Several texts, a hold-out, links that are told, and what a campaign has brought."""

from decimal import Decimal

from aiohttp import ClientSession
from sqlmodel import col, select

from bot.playground.slack import Message
from bot.playground.telegram import Person
from handlers.actions import trials
from storage.columns import new_id
from storage.records import (
    Campaign,
    CampaignState,
    Identity,
    Order,
    PersonalLink,
    Recipient,
    RecipientState,
    Trial,
)
from storage.work import Work
from tests.scenarios.conftest import QUICK, unlimited
from tests.scenarios.test_campaigns import audience, campaign, drafted, finished, manager
from tests.world import World, world


async def planned(w: World, card: Message, **fields: str) -> None:
    """Fill in what is to be tried."""
    await w.bo.presses("A/B, hold-out", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits(fields)
    await w.until(lambda: w.look(lambda work: work.all(select(Trial))))


def recipients(w: World) -> list[Recipient]:
    """Everybody of the campaigns."""
    return w.look(lambda work: work.all(select(Recipient)))


def contact_of(work: Work, person: Person) -> int:
    """Their record."""
    found = work.first(select(Identity).where(col(Identity.value) == str(person.id)))
    assert found is not None
    return found.contact_id


def parted(w: World) -> bool:
    """Whether everybody has it already, or waits for the better text."""
    states = {each.state for each in recipients(w)}
    return states == {RecipientState.SENT, RecipientState.HELD}


def buys(w: World, people: list[Person]) -> None:
    """Each of these orders something now."""

    def order(work: Work) -> None:
        for person in people:
            work.add(
                Order(
                    number=f"A-{new_id()}",
                    contact_id=contact_of(work, person),
                    amount=Decimal(20),
                    currency="EUR",
                    at=work.now,
                )
            )

    w.store.write(order)


async def test_each_gets_one_of_the_texts_and_the_hold_out_gets_none(both: World) -> None:
    """By chance that stays the same; who is held out is counted and hears nothing."""
    w = both
    await manager(w)
    people = audience(w, 60)
    card = await drafted(w)
    await planned(w, card, text_B="Summer is near, {first_name|friend}", hold_out="20")
    await w.until(lambda: "20 % get nothing" in card.plain)
    assert "Summer is near" in card.plain and "by chance" in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w, 60)
    await w.until(lambda: "Held out" in card.plain)

    found = recipients(w)
    heard = {letter: sum(each.variant == letter for each in found) for letter in ("A", "B", "-")}
    assert sum("spring" in said for each in people for said in each.heard) == heard["A"] > 10
    assert sum("Summer" in said for each in people for said in each.heard) == heard["B"] > 10
    assert sum(not each.heard for each in people) == heard["-"] > 3
    assert sum(heard.values()) == 60 == sum(len(each.heard) for each in people) + heard["-"]
    control = [each for each in found if each.state is RecipientState.CONTROL]
    (trial,) = w.look(lambda work: work.all(select(Trial)))
    assert {each.contact_id for each in control} == {
        each.contact_id for each in found if trials.is_control(trial, each.contact_id)
    }


async def test_the_rest_gets_the_better_text_after_one_look(w: World) -> None:
    """Half get one of both at once; B is answered, so the others get B; the card says why."""
    await manager(w)
    people = audience(w, 120)
    card = await drafted(w)
    await planned(w, card, text_B="Summer is near", first="50", hours="4", metric="reply")
    await w.until(lambda: "After 4 hours, in one look" in card.plain)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: parted(w))
    first = [each for each in people if each.heard]
    assert 35 < len(first) < 85
    w.passes(minutes=1)
    keen = [each for each in first if any("Summer" in said for said in each.heard)]
    for person in keen:
        person.says("yes please")
    await w.until(lambda: len(w.cards()) >= len(keen), 60)
    assert len([each for each in people if each.heard]) == len(first)
    w.passes(hours=4)
    await w.until(lambda: "has won by replies" in card.plain)
    await finished(w, 60)
    rest = [each for each in people if each not in first]

    assert all(each.heard == ["Summer is near"] for each in rest)
    assert "Text B" in await w.sees(w.bo, "has won by replies")


async def test_without_a_difference_the_first_text_goes_to_the_rest(w: World) -> None:
    """A tie is told as one."""
    await manager(w)
    people = audience(w, 40)
    card = await drafted(w)
    await planned(w, card, text_B="Summer is near", first="30", hours="2")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: parted(w))
    first = [each for each in people if each.heard]
    w.passes(hours=2, minutes=1)
    await finished(w, 60)
    await w.until(lambda: "No winner by replies" in card.plain)

    for each in people:
        assert len(each.heard) == 1
        assert each in first or each.heard == [f"Hello {each.first_name}, spring is here"]


async def test_what_it_has_brought_is_told_beside_the_hold_out(w: World) -> None:
    """Too early while people have their time; then how many more, and between what."""
    await manager(w)
    people = audience(w, 120)
    card = await drafted(w)
    await planned(w, card, hold_out="50")
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await finished(w, 60)
    await w.until(lambda: "Results" in str(card.all_blocks))
    w.passes(minutes=1)
    treated = [each for each in people if each.heard]
    control = [each for each in people if not each.heard]
    buys(w, treated[: len(treated) * 2 // 3])
    buys(w, control[:3])
    await w.bo.presses("Results", channel=w.support, ts=card.ts)
    told = await w.sees(w.bo, "too early to tell")
    assert f"Held out, {len(control)} people" in told and "3 ordered" in told
    w.passes(days=8)
    buys(w, control)
    await w.bo.presses("Results", channel=w.support, ts=card.ts)
    told = await w.sees(w.bo, "more ordered than would have without it")

    assert "ordered than would have without it" in await w.says(w.bo, "/crm digest")
    assert "Replies: too early to tell" in told
    assert "between" in told and "3 ordered" in told


async def test_a_link_is_told_leads_only_where_it_should_and_names_nobody(sqlite_url: str) -> None:
    """Our own door notes that it was opened; nothing in the address says who or where to."""
    async with world(sqlite_url, tempo=QUICK, public_url="https://crm.example.org") as w:
        unlimited(w)
        await manager(w)
        (guest, _) = audience(w, 2)
        await drafted(w)
        set_buttons(w)
        card = await w.until(lambda: next(m for m in w.support.messages if "Campaign" in m.plain))
        await w.bo.presses("Start", channel=w.support, ts=card.ts)
        await finished(w, 60)
        links = w.look(lambda work: work.all(select(PersonalLink)))
        assert len(links) == 2
        (identity,) = w.look(
            lambda work: work.all(select(Identity).where(col(Identity.value) == str(guest.id)))
        )
        mine = w.look(
            lambda work: next(
                each
                for each in links
                if work.sure(Recipient, each.recipient_id).contact_id == identity.contact_id
            )
        )
        assert str(guest.id) not in mine.token and str(identity.contact_id) not in mine.token
        url = f"http://127.0.0.1:{w.rapport.web.port}/c/"
        async with ClientSession() as browser:
            for path, status in (
                (f"{mine.token}-0", 302),
                (f"{mine.token}-1", 404),
                ("nonsense1234-0", 404),
                (f"{mine.token}-0?to=https://evil.example", 302),
            ):
                async with browser.get(url + path, allow_redirects=False) as answer:
                    assert answer.status == status, path
                    if status == 302:
                        assert answer.headers["Location"] == "https://shop.example/spring"
            async with browser.head(f"{url}{links[0].token}-0", allow_redirects=False) as answer:
                assert answer.status == 405
        (opened,) = [
            each for each in w.look(lambda work: work.all(select(PersonalLink))) if each.clicked_at
        ]
        assert opened.token == mine.token and opened.opened == [0]
        await w.bo.presses("Results", channel=w.support, ts=card.ts)
        assert "1 clicked (50 %)" in await w.sees(w.bo, "Results of campaign")


def set_buttons(w: World) -> None:
    """The draft has a link and an answer under it."""

    def put(work: Work) -> None:
        (found,) = work.all(select(Campaign))
        found.buttons = [
            {"label": "Shop", "url": "https://shop.example/spring"},
            {"label": "Call me"},
        ]

    w.store.write(put)


async def test_what_cannot_be_tried_is_said_by_its_field(w: World) -> None:
    """Half of the people at the most, a second text where one is to win, hours, fallbacks."""
    await manager(w)
    audience(w, 3)
    card = await drafted(w)
    for fields, beside in (
        ({"hold_out": "80"}, "50 at the most"),
        ({"hold_out": "some"}, "50 at the most"),
        ({"first": "20", "hours": "3"}, "no second text"),
        ({"text_B": "Hi", "first": "20"}, "how many hours"),
        ({"text_B": "Hi", "first": "99", "hours": "3"}, "from 5 to 95"),
        ({"text_B": "Hi {company}"}, "{company|friend}"),
        ({"text_B": "Hi {nickname}"}, "no field nickname"),
    ):
        await w.bo.presses("A/B, hold-out", channel=w.support, ts=card.ts)
        await w.until(lambda: w.bo.modal)
        answer = await w.bo.submits(fields)
        assert beside in str(answer.errors), (fields, answer)
        await w.bo.closes()
    assert w.look(lambda work: work.all(select(Trial))) == []
    assert campaign(w).state is CampaignState.DRAFT


def test_chance_divides_evenly_and_always_the_same() -> None:
    """Each part gets its share, whatever the ids look like; one says nothing of another."""
    trial = Trial(campaign_id=77, texts={"B": {}, "C": {}}, hold_out=10, first=20, hours=1)
    ids = range(4_000_000_000, 4_000_030_000)
    held = [each for each in ids if trials.is_control(trial, each)]
    first = [each for each in ids if trials.is_first(trial, each)]
    letters = [trials.letter_for(trial, each) for each in ids]

    assert abs(len(held) / 30_000 - 0.10) < 0.01
    assert abs(len(first) / 30_000 - 0.20) < 0.01
    assert all(abs(letters.count(each) / 30_000 - 1 / 3) < 0.015 for each in "ABC")
    assert abs(len(set(held) & set(first)) / 30_000 - 0.02) < 0.005
    assert letters == [trials.letter_for(trial, each) for each in ids]
