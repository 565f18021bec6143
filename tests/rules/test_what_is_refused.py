"""What a rule says no to, noun by noun, and that a no changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlmodel import select

from handlers.actions import (
    changes,
    consents,
    custom_fields,
    fields,
    journeys,
    later,
    nps,
    orders,
    profiles,
    segments,
    tags,
)
from handlers.actions.orders import Bought, Item
from storage.engine import Store
from storage.errors import Refused
from storage.queries import orders as kept
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    Feedback,
    FeedbackKind,
    Identity,
    LaterMessage,
    Member,
    Order,
    Role,
    Segment,
)
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, member
from tests.rules.test_import_laws import everything

Act = Callable[[Work], object]


@dataclass
class House:
    """An admin, a colleague and a customer."""

    store: Store
    clock: Clock
    mia: Member
    ann: Member
    anna: int

    def of(self, work: Work) -> Contact:
        """The customer."""
        return work.sure(Contact, self.anna)

    def does(self, act: Act, who: Member | None = None) -> object:
        """Mia does something, or somebody else."""
        return self.store.write(lambda work: act(acting(work, who or self.mia)))

    def refuses(self, act: Act, who: Member | None = None) -> str:
        """The key of the sentence with which it is refused; nothing has changed then."""
        before = everything(self.store)
        with pytest.raises(Refused) as refused:
            self.does(act, who)
        assert everything(self.store) == before
        return refused.value.key


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """As it is on a morning."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)
    mia, ann, anna = store.write(
        lambda work: (
            member(work, "Mia", Role.ADMIN),
            member(work, "Ann", Role.AGENT),
            customer(work, "Anna Lee", "5001").id,
        )
    )
    yield House(store, clock, mia, ann, anna)
    store.close()


# Money


def _ordered(house: House, number: str = "A-1") -> Callable[[Work], Order]:
    bought = Bought(
        items=(Item("lamp", Decimal(3), Decimal("19.90")),), currency="EUR", number=number
    )
    house.does(lambda work: orders.place(work, house.of(work), bought))
    return lambda work: orders.numbered(work, number)


def test_never_more_is_given_back_than_is_left(house: House) -> None:
    """However it is given back, in whatever currency and as often as it is tried."""
    order = _ordered(house)

    def back(amount: str, currency: str = "EUR") -> Act:
        return lambda work: orders.refund(work, order(work), Decimal(amount), currency)

    assert house.refuses(back("59.71")) == "order.too_much"
    assert house.refuses(back("5", "USD")) == "order.other_currency"
    assert house.refuses(back("-1")) == "order.wrong_amount"
    house.does(back("59.00"))
    assert house.refuses(back("0.71")) == "order.too_much"
    assert house.refuses(lambda work: orders.set_status(work, order(work), "cancelled")) == (
        "order.has_refunds"
    )
    less = Bought(items=(Item("lamp", Decimal(1), Decimal("19.90")),))
    assert house.refuses(lambda work: orders.change(work, order(work), less)) == (
        "order.below_refunds"
    )
    other = Bought(items=(Item("lamp", Decimal(9), Decimal("19.90")),), currency="USD")
    assert house.refuses(lambda work: orders.change(work, order(work), other)) == (
        "order.below_refunds"
    )
    house.does(back("0.70"))
    assert house.refuses(back("0.01")) == "order.too_much"
    assert house.refuses(lambda work: orders.refund(work, order(work))) == "order.nothing_left"
    refund = house.store.read(lambda work: kept.given_back(work, order(work))[0].number)
    of_refund: Act = lambda work: orders.refund(work, orders.numbered(work, refund))  # noqa: E731
    assert house.refuses(of_refund) == "order.no_purchase"


def test_no_more_pieces_come_back_than_were_bought_and_kept(house: House) -> None:
    """Counted over all that has come back before."""
    order = _ordered(house)

    def pieces(many: int) -> Act:
        def back(work: Work) -> object:
            (line,) = kept.lines_of(work, order(work))
            return orders.return_goods(work, order(work), [(line, Decimal(many))])

        return back

    assert house.refuses(pieces(4)) == "order.return_too_many"
    assert house.refuses(pieces(0)) == "order.return_too_many"
    house.does(pieces(2))
    assert house.refuses(pieces(2)) == "order.return_too_many"
    house.does(pieces(1))
    assert house.refuses(pieces(1)) in ("order.return_too_many", "order.nothing_left")


def test_what_is_cancelled_gives_nothing_back_and_lines_are_bounded(house: House) -> None:
    """An order is a hundred lines at the most, of pieces and prices that can be."""
    order = _ordered(house)
    house.does(lambda work: orders.set_status(work, order(work), "cancelled"))
    assert house.refuses(lambda work: orders.refund(work, order(work))) == "order.is_cancelled"

    def place(*items: Item, number: str = "") -> Act:
        bought = Bought(items=items, currency="EUR", number=number)
        return lambda work: orders.place(work, house.of(work), bought)

    one = Item("lamp", Decimal(1), Decimal(1))
    assert house.refuses(place(*[one] * 101)) == "order.too_many_lines"
    assert house.refuses(place(Item("lamp", Decimal(0), Decimal(1)))) == "order.wrong_amount"
    assert house.refuses(place(Item("lamp", Decimal(1), Decimal(-1)))) == "order.wrong_amount"
    assert house.refuses(place()) == "order.empty"


# A record and its past


def _have(work: Work, id: int, name: str, value: str) -> object:
    return profiles.set_field(work, work.sure(Contact, id), fields.named(work, name), value)


def test_an_own_change_is_taken_back_for_seven_days_and_once(house: House) -> None:
    """Anybody's with the customer's name; a colleague's not without it."""

    def city(value: str) -> Act:
        return lambda work: _have(work, house.anna, "company", value)

    def undone(work: Work) -> object:
        return changes.undo_last(work)

    house.does(city("Acme"))
    assert house.refuses(undone, house.ann) == "change.nothing"
    house.clock.push(timedelta(days=7, minutes=1))
    assert house.refuses(undone) == "change.nothing"
    house.does(lambda work: changes.undo_last(work, house.of(work)), house.ann)
    assert house.store.read(lambda work: house.of(work).company) is None
    house.does(city("Other"))
    house.does(undone)
    assert house.refuses(undone) == "change.nothing"


def test_a_phone_belongs_to_one_customer_and_an_address_to_a_household(house: House) -> None:
    """Also when it is typed in another way."""
    other = house.store.write(lambda work: customer(work, "Tom Baker").id)

    def have(id: int, field: str, value: str) -> Act:
        return lambda work: _have(work, id, field, value)

    house.does(have(house.anna, "phone", "+44 20 7946 0958"))
    house.does(have(house.anna, "email", "Anna@Acme.example"))
    house.does(have(house.anna, "address", "Main 1, Berlin"))
    assert house.refuses(have(other, "phone", "+442079460958")) == "contact.address_taken"
    assert house.refuses(have(other, "email", "anna@acme.EXAMPLE")) == "contact.address_taken"
    house.does(have(other, "address", "main 1, berlin"))
    lives = house.store.read(lambda work: work.all(select(Identity)))

    assert sum("ain 1" in each.shown for each in lives) == 2


def test_a_field_keeps_its_bounds_and_what_was_in_it(house: House) -> None:
    """Retired and added again it has what it had."""
    house.does(lambda work: custom_fields.add(work, "seats", "number", "1..500"))

    def seats(value: str) -> Act:
        return lambda work: _have(work, house.anna, "seats", value)

    def field(work: Work) -> object:
        return custom_fields.known(work, "seats")

    for wrong in ("0", "501"):
        assert house.refuses(seats(wrong)) == "field.not_within"
    house.does(seats("500"))
    assert house.refuses(lambda work: custom_fields.add(work, "seats", "text")) == "field.is_there"
    narrow: Act = lambda work: custom_fields.set_choices(work, field(work), "1..9")  # type: ignore[arg-type]  # noqa: E731
    assert house.refuses(narrow) == "field.does_not_fit"
    house.does(lambda work: custom_fields.retire(work, field(work)))  # type: ignore[arg-type]
    assert house.refuses(seats("7")) == "field.unknown"
    house.does(lambda work: custom_fields.add(work, "seats", "number", "1..500"))

    assert house.store.read(lambda work: house.of(work).custom) == {"seats": 500}


# What is made of something


@pytest.mark.parametrize(
    "state", [each for each in CampaignState if each not in ("finished", "cancelled")]
)
def test_a_segment_is_kept_while_a_campaign_is_not_over(house: House, state: CampaignState) -> None:
    """Whom it means is asked again when it begins, also when that is next week."""
    house.does(lambda work: segments.add(work, "quiet vips", "tag:vip"))

    def campaign(work: Work) -> None:
        work.add(
            Campaign(
                number=7,
                texts={"": "hi"},
                audience={"filter": "segment:quiet-vips tag:vip"},
                state=state,
                created_by=house.mia.id,
                created_at=work.now,
            )
        )

    house.does(campaign)
    for act in (_segment(segments.delete), _segment(partial(segments.rename, name="other"))):
        assert house.refuses(act) == "segment.used_by"
    over: Act = lambda work: setattr(  # noqa: E731
        work.all(select(Campaign))[0], "state", CampaignState.FINISHED
    )
    house.does(over)
    house.does(_segment(segments.delete))


def _segment(act: Callable[[Work, Segment], object]) -> Act:
    return lambda work: act(work, segments.called(work, "quiet vips"))


JOURNEY = "for: segment:quiet-vips tag:vip\nday 0: Hello\nwait 3 days\nday 5: Still there?"


def test_a_segment_is_kept_for_a_journey_that_has_still_to_begin(house: House) -> None:
    """Else the clock would look for it in vain, for all journeys."""
    house.does(lambda work: segments.add(work, "quiet vips", "tag:vip"))
    house.does(lambda work: journeys.write(work, "welcome", JOURNEY, "C1"))
    assert house.refuses(_segment(segments.delete)) == "segment.used_by_journey"

    def end(work: Work) -> None:
        journey = journeys.named(work, "welcome")
        journeys.start(work, journey)
        journeys.end(work, journey)

    house.does(end)
    house.does(_segment(segments.delete))


def test_a_tag_is_kept_while_a_segment_is_made_of_it(house: House) -> None:
    """Renamed, the segment follows; also one that means everybody without it."""
    house.does(lambda work: segments.add(work, "others", "-tag:vip stage:lead"))
    assert house.refuses(lambda work: tags.delete(work, "vip")) == "tag.used_in"
    house.does(lambda work: tags.rename(work, "vip", "gold"))
    filters = house.store.read(lambda work: [each.filter for each in work.all(select(Segment))])

    assert filters == ["-tag:gold stage:lead"]
    assert house.refuses(lambda work: tags.rename(work, "gold", "gold")) == "tag.same"


# Journeys


def test_a_journey_is_not_written_anew_once_it_was_started(house: House) -> None:
    """It is ended, and another one written; thirty steps are enough for anybody."""
    lines = "start: new contact\nday 0: Hello"
    house.does(lambda work: journeys.write(work, "welcome", lines, "C1"))
    house.does(lambda work: journeys.write(work, "welcome", lines + " again", "C1"))
    house.does(lambda work: journeys.start(work, journeys.named(work, "welcome")))
    start: Act = lambda work: journeys.start(work, journeys.named(work, "welcome"))  # noqa: E731
    assert house.refuses(start) == "journey.started_already"
    anew: Act = lambda work: journeys.write(work, "Welcome", lines, "C1")  # noqa: E731
    assert house.refuses(anew) == "journey.taken"

    def steps(many: int) -> Act:
        text = "\n".join(["start: new contact", *[f"day {n}: Hi" for n in range(many)]])
        return lambda work: journeys.write(work, f"long {many}", text, "C1")

    assert house.refuses(steps(31)) == "journey.too_long"
    house.does(steps(30))
    needs: Act = lambda work: journeys.write(  # noqa: E731
        work, "x", "start: new contact\nday 0: Hi {first_name}", "C1"
    )
    assert house.refuses(needs) == "trial.fallback"


# Later


def _later(house: House) -> Callable[[Work], LaterMessage]:
    wall = datetime(2026, 11, 19, 9)
    house.does(lambda work: later.say_later(work, house.of(work), wall, "Good morning"))
    return lambda work: work.all(select(LaterMessage))[-1]


def test_what_was_said_later_is_over(house: House) -> None:
    """It can be neither changed nor taken back nor said again."""
    one = _later(house)
    house.does(lambda work: later.send_now(work, one(work)))
    assert house.refuses(lambda work: later.cancel(work, one(work))) == "later.sent"
    assert house.refuses(lambda work: later.send_now(work, one(work))) == "later.over"
    assert house.refuses(lambda work: later.edit(work, one(work), "x", None)) == "later.over"
    other = _later(house)
    house.does(lambda work: later.cancel(work, other(work)))
    house.does(lambda work: later.cancel(work, other(work)))
    assert house.refuses(lambda work: later.send_now(work, other(work))) == "later.over"


def test_nothing_is_said_later_to_whom_nothing_can_be_said(house: House) -> None:
    """Nor about a moment that is over, nor at more length than a message has."""

    def say(at: datetime, text: str = "hi") -> Act:
        return lambda work: later.say_later(work, house.of(work), at, text)

    tomorrow = datetime(2026, 11, 19, 9)
    assert house.refuses(say(datetime(2026, 11, 18, 9))) == "follow_up.past"
    assert house.refuses(say(tomorrow, "x" * 3001)) == "later.too_long"
    assert house.refuses(say(tomorrow, "  ")) == "answer.empty"
    house.does(lambda work: setattr(house.of(work), "blocked_at", work.now))
    assert house.refuses(say(tomorrow)) == "later.blocked"


# Opinions


def test_nobody_is_asked_how_likely_more_than_once_a_quarter(house: House) -> None:
    """Nor who refuses such questions, nor who is blocked."""
    ask: Act = lambda work: nps.ask(work, house.of(work))  # noqa: E731
    house.does(ask)
    house.clock.push(timedelta(days=90))
    assert house.refuses(ask) == "nps.asked_lately"
    house.clock.push(timedelta(days=2))
    house.does(ask)
    house.clock.push(timedelta(days=92))

    def refuse(work: Work) -> None:
        contact = house.of(work)
        consents.choose_surveys(acting(work, contact), contact, "no", wanted=False)

    house.store.write(refuse)
    assert house.refuses(ask) == "nps.refused"


def test_an_answer_may_be_thought_better_of_for_a_day_and_counts_once(house: House) -> None:
    """By whom it was asked, and nobody else."""
    other = house.store.write(lambda work: customer(work, "Tom", "5002").id)
    house.does(lambda work: nps.ask(work, house.of(work)))

    def rate(work: Work, id: int, score: int) -> bool:
        from storage.records import NpsQuestion

        contact = work.sure(Contact, id)
        mine = acting(work, contact)
        (asked,) = work.all(select(NpsQuestion))
        question = nps.question_asked(mine, contact, asked.id)
        if question is None:
            return False
        nps.rate(mine, contact, question, score)
        return True

    def rated(id: int, score: int) -> bool:
        return house.store.write(lambda work: rate(work, id, score))

    assert not rated(other, 1)
    assert rated(house.anna, 3) and rated(house.anna, 9)
    house.clock.push(timedelta(hours=25))
    assert not rated(house.anna, 0)
    (kept_score,) = house.store.read(
        lambda work: work.all(select(Feedback).where(Feedback.kind == FeedbackKind.NPS))
    )

    assert kept_score.score == 9
