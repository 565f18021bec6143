"""Who begins a journey, who leaves it, and who gets which step: the clock's part of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from handlers.actions import claiming, consents, delivery, feeding, journeys, orders, travelling
from handlers.actions.orders import Bought
from handlers.actions.outcomes import Sent
from handlers.actions.outgoing import TELEGRAM
from storage.engine import Store
from storage.records import Contact, Direction, Interaction, Member, Topic, Traveller
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, member


@dataclass
class House:
    """A manager, customers by name, and what has arrived at each."""

    store: Store
    clock: Clock
    mia: Member
    got: dict[str, list[str]] = field(default_factory=dict)
    _chats: int = 5000

    def person(self, name: str, source: str = "") -> int:
        """Somebody new."""
        self._chats += 1
        chat = str(self._chats)

        def make(work: Work) -> int:
            contact = customer(work, name, chat)
            contact.source = source or None
            return contact.id

        return self.store.write(make)

    def begins(self, *lines: str) -> None:
        """A journey of these lines, started."""

        def begin(work: Work) -> None:
            mine = acting(work, self.mia)
            journeys.start(mine, journeys.write(mine, "way", "\n".join(lines), "C1"))

        self.store.write(begin)

    def orders(self, id: int) -> None:
        """They buy something."""
        bought = Bought(currency="EUR", amount=Decimal(5))
        self.store.write(
            lambda work: orders.place(acting(work, self.mia), work.sure(Contact, id), bought)
        )

    def writes(self, id: int, text: str = "hello") -> None:
        """They say something."""

        def write(work: Work) -> None:
            contact = work.sure(Contact, id)
            contact.last_heard_at = work.now
            work.add(
                Interaction(
                    contact_id=id,
                    channel=TELEGRAM,
                    direction=Direction.IN,
                    text=text,
                    at=work.now,
                )
            )

        self.store.write(write)

    def passes(self, **length: float) -> None:
        """Time passes, and all that is due by then is done."""
        self.clock.push(timedelta(**length))
        for _ in range(6):
            self.store.write(travelling.let_begin)
            self.store.write(travelling.go_on)
            for campaign in self.store.read(feeding.running):
                self.store.write(lambda work, each=campaign: feeding.feed(work, each, 50))  # type: ignore[misc]
            self._deliver()
            self.clock.push(timedelta(seconds=2))

    def _deliver(self) -> None:
        claimed = self.store.write(
            lambda work: claiming.claim(work, TELEGRAM, "a", 50, lambda _: True)
        )
        for each in claimed:
            name = self.store.read(
                lambda work, each=each: work.sure(Contact, each.row.payload["contact"]).name  # type: ignore[misc]
            )
            assert each.words is not None
            text = each.words.summary
            self.got.setdefault(name, []).append(text)
            self.store.write(
                lambda work, each=each: delivery.settle(work, each, Sent("1", "7"))  # type: ignore[misc]
            )

    def left(self) -> dict[str, str | None]:
        """Why each has left."""
        found: dict[str, str | None] = self.store.read(
            lambda work: {
                work.sure(Contact, each.contact_id).name: each.reason
                for each in work.all(select(Traveller))
            }
        )
        return found


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """With nobody in it yet."""
    clock = Clock(START)
    store = Store(database_url, clock)

    def make(work: Work) -> Member:
        work.add(Topic(name="news", created_at=work.now))
        return member(work, "Mia")

    yield House(store, clock, store.write(make))
    store.close()


def test_only_whoever_comes_after_the_start_begins_and_by_that_source(house: House) -> None:
    """Not those who were there, nor those who came in another way; each once."""
    house.person("Early", "fair")
    house.begins("start: new contact fair", "day 0: Hello")
    fair = house.person("Fair", "Fair")
    house.person("Else", "shop")
    house.passes(minutes=5)
    house.passes(days=3)

    assert house.got == {"Fair": ["Hello"]}
    assert set(house.left()) == {"Fair"} and fair


def test_a_first_order_begins_and_a_second_one_does_not(house: House) -> None:
    """Who had bought before the start has no first order any more."""
    old, new = house.person("Old"), house.person("New")
    house.orders(old)
    house.begins("start: first order", "day 0: Thank you")
    house.orders(old)
    house.orders(new)
    house.passes(minutes=5)
    house.orders(new)
    house.passes(minutes=5)

    assert house.got == {"New": ["Thank you"]}


@pytest.mark.parametrize("event", ["reply", "order"])
def test_whoever_does_what_it_stops_on_leaves_wherever_they_are(house: House, event: str) -> None:
    """The others go on."""
    does, other = house.person("Does"), house.person("Other")
    house.begins("for: tag:vip", f"stop on {event}", "day 0: One", "day 5: Two")
    house.passes(minutes=5)
    assert house.got == {"Does": ["One"], "Other": ["One"]}
    house.passes(days=1)
    (house.writes if event == "reply" else house.orders)(does)
    house.passes(days=5)

    assert house.got == {"Does": ["One"], "Other": ["One", "Two"]}
    assert house.left()["Does"] == event and other


def test_a_condition_is_about_what_they_did_since_the_last_message(house: House) -> None:
    """One who ordered gets one text, one who did not the other."""
    buys, waits = house.person("Buys"), house.person("Waits")
    house.orders(buys)
    house.orders(waits)
    house.begins(
        "for: tag:vip",
        "day 0: One",
        "wait for order or 2 days",
        "if ordered: Thanks",
        "if not ordered: Well?",
    )
    house.passes(minutes=5)
    house.orders(buys)
    house.passes(hours=1)
    assert house.got == {"Buys": ["One", "Thanks"], "Waits": ["One"]}
    house.passes(days=2)

    assert house.got == {"Buys": ["One", "Thanks"], "Waits": ["One", "Well?"]}


def test_conditions_in_a_row_are_about_what_was_done_before_the_first(house: House) -> None:
    """Each gets all that is for them, and the message that one brings does not answer the next."""
    people = {name: house.person(name) for name in ("Neither", "Replies", "Buys", "Both")}
    house.begins(
        "for: tag:vip",
        "even when busy",
        "day 0: One",
        "wait 2 days",
        "if replied: Thanks for writing",
        "if ordered: Thanks for buying",
        "if not replied: Are you there?",
        "if not ordered: Have a look",
    )
    house.passes(minutes=5)
    for name in ("Replies", "Both"):
        house.writes(people[name])
    for name in ("Buys", "Both"):
        house.orders(people[name])
    house.passes(days=2)
    for _ in range(4):
        house.passes(minutes=1)

    assert house.got == {
        "Neither": ["One", "Are you there?", "Have a look"],
        "Replies": ["One", "Thanks for writing", "Have a look"],
        "Buys": ["One", "Thanks for buying", "Are you there?"],
        "Both": ["One", "Thanks for writing", "Thanks for buying"],
    }
    assert set(house.left().values()) == {None}


def test_behind_conditions_a_new_question_is_about_what_came_after_them(house: House) -> None:
    """Who answered before the message that they got has not answered that."""
    keen = house.person("Keen")
    house.begins(
        "for: tag:vip",
        "even when busy",
        "day 0: One",
        "wait 1 day or reply",
        "if replied: Thanks",
        "if replied: tag keen",
        "wait 1 day",
        "if replied: Again",
        "if not replied: Silence",
    )
    house.passes(minutes=5)
    house.writes(keen)
    house.passes(minutes=5)
    house.passes(days=1, minutes=5)

    assert house.got == {"Keen": ["One", "Thanks", "Silence"]}


def test_a_condition_with_a_day_of_its_own_asks_on_that_day(house: House) -> None:
    """Who has bought by then is not told to buy; who was asked for no reply gets nothing else."""
    buys, late = house.person("Buys"), house.person("Late")
    house.begins(
        "for: tag:vip",
        "even when busy",
        "day 0: One",
        "wait 1 day",
        "if not replied: Are you there?",
        "if replied: Good to hear",
        "if not ordered: day 5: Have a look",
    )
    house.passes(minutes=5)
    house.passes(days=1)
    house.orders(buys)
    house.writes(late)
    house.passes(days=5)

    assert house.got == {
        "Buys": ["One", "Are you there?"],
        "Late": ["One", "Are you there?", "Have a look"],
    }


def test_who_does_not_want_the_topic_gets_none_of_it(house: House) -> None:
    """Nor the rest, once they have said so."""
    never, leaves = house.person("Never"), house.person("Leaves")
    house.person("Stays")

    def refuse(id: int) -> None:
        def say(work: Work) -> None:
            contact = work.sure(Contact, id)
            consents.stop_marketing(acting(work, contact), contact, "no", "news")

        house.store.write(say)

    refuse(never)
    house.begins("for: tag:vip", "topic: #news", "day 0: One", "day 2: Two")
    house.passes(minutes=5)
    refuse(leaves)
    house.passes(days=3)

    assert house.got == {"Leaves": ["One"], "Stays": ["One", "Two"]}


@pytest.mark.parametrize("line", ["even when busy", ""])
def test_who_just_wrote_waits_unless_it_goes_even_to_the_busy(house: House, line: str) -> None:
    """Then it comes when the time has passed."""
    busy = house.person("Busy")
    house.begins("for: tag:vip", *filter(None, [line]), "day 0: One")
    house.writes(busy)
    house.passes(minutes=5)
    assert house.got == ({"Busy": ["One"]} if line else {})
    house.passes(hours=3)

    assert house.got == {"Busy": ["One"]}
