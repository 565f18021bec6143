"""What customers look for and think, how well we know each other, and finding them by it."""

from datetime import timedelta
from decimal import Decimal

from sqlmodel import select

from handlers.actions import orders, relation, rfm
from handlers.actions.orders import Bought, Item
from handlers.cards.relation import Relation
from storage.queries import segments
from storage.records import (
    Contact,
    Direction,
    Feedback,
    FeedbackKind,
    Interaction,
    Member,
    Need,
    NpsQuestion,
)
from storage.work import Work
from tests.world import World


def known(w: World, name: str = "Anna Lee", owner_id: int | None = None) -> None:
    """A customer whom the team knows."""

    def add(work: Work) -> None:
        work.add(Contact(name=name, created_at=work.now - timedelta(days=200), owner_id=owner_id))

    w.store.write(add)


def buys(w: World, name: str, price: str, days: int = 0, what: str = "mug") -> None:
    """Somebody bought one thing so many days ago."""

    def place(work: Work) -> None:
        contact = work.first(select(Contact).where(Contact.name == name))
        assert contact is not None
        at = work.now - timedelta(days=days)
        orders.place(work, contact, Bought((Item(what, Decimal(1), Decimal(price)),), "EUR", at))

    w.store.write(place)


def found(w: World, line: str) -> set[str]:
    """Who is found by filters."""

    def look(work: Work) -> set[str]:
        return {each.name for each in segments.some(work, line, 20)}

    return w.look(look)


async def test_a_need_is_noted_offered_and_met(w: World) -> None:
    """What, how much at most, in which currency; a new product is proposed to the owner."""
    await w.says(w.bo, "/crm team")
    bo = w.look(lambda work: work.first(select(Member).where(Member.name == "Bo Berg")))
    assert bo is not None
    known(w, owner_id=bo.id)
    said = await w.says(w.ann, "/crm need anna looking for 3 standing desks under 500 EUR")
    assert "3 standing desks" in said and "up to €500" in said and "open" in said
    assert "Anna Lee" in await w.says(w.ann, "/crm needs")
    await w.says(w.ann, "/crm product add Standing desk, oak 900 EUR")
    await w.says(w.ann, "/crm product add Standing desk, pine 450 EUR")
    told = await w.sees(w.bo, "is new on sale")
    assert "pine" in told and "3 standing desks" in told
    assert not any("oak" in each for each in w.bo.heard)
    await w.says(w.ann, "/crm needs")
    await w.ann.presses("Open", channel=w.support)
    await w.sees(w.ann, "Met")
    await w.ann.presses("Met", channel=w.support)
    await w.until(lambda: w.look(lambda work: work.all(select(Need)))[0].state == "met")
    assert "no such needs" in await w.says(w.ann, "/crm needs")


async def test_a_customer_says_how_likely_they_would_recommend_us(both: World) -> None:
    """Asked once a quarter; a number, thought better of, and why; the figures follow."""
    w = both
    w.bob.says("hello")
    await w.thread()
    assert "is asked" in await w.says(w.ann, "/crm nps bob")
    await w.hears(w.bob, "How likely")
    assert "less than a quarter" in await w.says(w.ann, "/crm nps bob")
    w.bob.presses("9")
    await w.hears(w.bob, "9 – thank you")
    w.bob.says("you were quick")
    await w.hears(w.bob, "passed")

    def look(work: Work) -> tuple[int | None, str]:
        kept = work.first(select(Feedback).where(Feedback.kind == FeedbackKind.NPS))
        return (kept.score, kept.text) if kept is not None else (None, "")

    await w.until(lambda: w.look(look) == (9, "you were quick"))
    said = await w.says(w.ann, "/crm feedback")
    assert "+100" in said and "you were quick" in said and "9/10 Bob Bell" in said
    await w.says(w.ann, "/crm review bob 2 broke at once")
    await w.says(w.ann, "/crm suggestion bob open on Sundays")
    said = await w.says(w.ann, "/crm feedback 30")
    assert "broke at once" in said and "open on Sundays" in said
    assert "begins with 1 to 5" in await w.says(w.ann, "/crm review bob great")


async def test_new_buyers_are_asked_when_the_house_wants_it(w: World) -> None:
    """So many days after the first order, once, by day; by default nobody is."""
    w.bob.says("hello")
    await w.thread()
    buys(w, "Bob Bell", "20")
    w.passes(days=7, hours=2)
    w.decides("nps_days", 7)
    w.passes(minutes=20)
    await w.hears(w.bob, "How likely")
    w.passes(hours=1)
    assert len(w.look(lambda work: work.all(select(NpsQuestion)))) == 1


async def test_the_relation_explains_itself(both: World) -> None:
    """Touches, medians both ways, who knows them, value, tier, and an unusual silence."""
    w = both
    await w.says(w.ann, "/crm team")
    known(w)

    def talk(work: Work) -> None:
        contact, member = work.first(select(Contact)), work.first(select(Member))
        assert contact is not None and member is not None
        for days in (100, 95, 90, 85, 80):
            at = work.now - timedelta(days=days)
            lines = (
                (0, Direction.IN, None),
                (10, Direction.OUT, member.id),
                (30, Direction.IN, None),
            )
            for minutes, direction, by in lines:
                work.add(
                    Interaction(
                        contact_id=contact.id,
                        member_id=by,
                        channel="telegram",
                        direction=direction,
                        text="three words here",
                        at=at + timedelta(minutes=minutes),
                    )
                )

    w.store.write(talk)
    buys(w, "Anna Lee", "700", 100)

    def look(work: Work) -> Relation:
        contact = work.first(select(Contact))
        assert contact is not None
        return relation.of(work, contact)

    it = w.look(look)
    assert it.ours is not None and it.theirs is not None
    assert (it.ours.median, it.ours.count) == (timedelta(minutes=10), 5)
    assert (it.theirs.median, it.theirs.count) == (timedelta(minutes=20), 5)
    assert it.writing is not None and it.writing.usual == timedelta(days=5)
    assert it.may_leave and it.known_by[0].name == "Ann Archer"
    said = await w.says(w.ann, "/crm relation anna")
    assert "10 minutes, half of 5 answers sooner" in said and "silver" in said
    assert "€1,300 more for 🥇 gold" in said and "usually not longer than" in said
    assert "€700 in 1 order" in said


async def test_people_are_found_by_what_they_bought(both: World) -> None:
    """Money net of refunds in the house's currency, orders, things, cells and tiers."""
    w = both
    prices = {"Ben": "10", "Cleo": "600", "Di": "1500", "Ed": "2500", "Flo": "30"}
    for name, price in prices.items():
        known(w, name)
        buys(w, name, price, int(Decimal(price)) // 100, "Blue kettle" if name == "Di" else "mug")
    known(w, "Gus")
    buys(w, "Flo", "40")
    w.store.write(lambda work: rfm.make_now(work, "EUR"))
    number = w.look(lambda work: orders.of(work, work.all(select(Contact))[2])[1][0][0].number)
    await w.says(w.ann, f"/crm refund {number} 1000")

    assert found(w, "spent>500") == {"Cleo", "Ed"}
    assert found(w, "spent>=500") == {"Cleo", "Di", "Ed"}
    assert found(w, "spent<70.01") == {"Ben", "Flo", "Gus"}
    assert found(w, "orders>1") == {"Flo"}
    assert found(w, "bought:kettle") == {"Di"}
    assert found(w, "tier:gold") == {"Ed"} and found(w, "tier:none") == {"Gus"}
    assert found(w, "tier:silver") == {"Cleo", "Di"}
    assert found(w, "rfm:xx5") == {"Ed"} and found(w, "-rfm:xxx") == {"Gus"}
    assert "Ed" in await w.says(w.ann, "/crm find spent>2000")
    assert "rfm:999" in await w.says(w.ann, "/crm find rfm:999")
