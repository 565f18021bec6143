"""When the owner of a deal with which nothing happens hears of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.actions import deals, quiet_deals
from handlers.actions.deals import Terms
from storage.engine import Store
from storage.records import Deal, Member
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, member


@pytest.fixture
def clock() -> Clock:
    """A clock that is moved by hand, from a morning on."""
    return Clock(START)


@pytest.fixture
def store(sqlite_url: str, clock: Clock) -> Iterator[Store]:
    """Ann has a deal with Bob."""
    store = Store(sqlite_url, clock)

    def begin(work: Work) -> None:
        ann = member(work, "ann")
        deals.open_deal(acting(work, ann), customer(work, "Bob"), Terms(title="a desk"))

    store.write(begin)
    yield store
    store.close()


def told(store: Store) -> bool:
    """Whether Ann has been told, after a look at what is quiet."""
    store.write(lambda work: quiet_deals.alert(work.as_system()))

    def look(work: Work) -> bool:
        (deal,) = work.all(select(Deal))
        return deal.told_quiet_at is not None

    return store.read(look)


def test_it_is_told_after_fourteen_days_and_by_day(store: Store, clock: Clock) -> None:
    """What was quiet for so long can wait for the morning."""
    clock.push(timedelta(days=13, hours=23))
    assert not told(store)
    clock.push(timedelta(hours=13))
    assert not told(store)
    clock.push(timedelta(hours=12))

    assert told(store)


def test_who_is_away_is_told_when_they_are_back(store: Store, clock: Clock) -> None:
    """It is not lost on somebody who does not look."""

    def leave(work: Work) -> None:
        (ann,) = work.all(select(Member))
        ann.away_since, ann.away_until = work.now, work.now + timedelta(days=20)

    store.write(leave)
    clock.push(timedelta(days=15))
    assert not told(store)
    clock.push(timedelta(days=6))

    assert told(store)
