"""Who is asked by itself how likely they would recommend us, and who is left alone."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from handlers.actions import consents, nps, orders
from handlers.actions.orders import Bought, Item
from storage.engine import Store
from storage.records import Contact, Identity, NpsQuestion
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, decide, member

A_WEEK = timedelta(days=7, hours=2)


@pytest.fixture
def clock() -> Clock:
    """A clock that is moved by hand, from a morning on."""
    return Clock(START)


@pytest.fixture
def store(sqlite_url: str, clock: Clock) -> Iterator[Store]:
    """A house that asks a week after the first order, and Anna, who has just bought something."""
    store = Store(sqlite_url, clock)

    def begin(work: Work) -> None:
        decide(work, nps_days=7)
        ann = member(work, "ann")
        anna = customer(work, "Anna", "1")
        bought = Bought((Item("Kettle", Decimal(1), Decimal(20)),), "EUR")
        orders.place(acting(work, ann), anna, bought)

    store.write(begin)
    yield store
    store.close()


def anna_of(work: Work) -> Contact:
    """The only customer."""
    (found,) = work.all(select(Contact))
    return found


def asked(store: Store) -> int:
    """How many are asked now."""
    return store.write(lambda work: nps.ask_new_buyers(work.as_system()))


def test_a_new_buyer_is_asked_once(store: Store, clock: Clock) -> None:
    """Not before the week is over, and by whichever round comes first."""
    clock.push(timedelta(days=6))
    assert asked(store) == 0
    clock.push(timedelta(days=1, hours=2))
    assert asked(store) == 1
    clock.push(timedelta(hours=1))

    assert asked(store) == 0


def test_nobody_is_asked_by_night(store: Store, clock: Clock) -> None:
    """By their own clock; they are asked in the morning."""
    clock.push(A_WEEK + timedelta(hours=12))
    assert asked(store) == 0
    clock.push(timedelta(hours=11))

    assert asked(store) == 1


def test_who_was_asked_by_hand_is_not_asked_again(store: Store, clock: Clock) -> None:
    """Once a quarter counts both."""

    def ask(work: Work) -> NpsQuestion:
        return nps.ask(acting(work, member(work, "bo")), anna_of(work))

    store.write(ask)
    clock.push(A_WEEK)

    assert asked(store) == 0


@pytest.mark.parametrize("refuses", ["surveys", "us", "the bot", "to be known"])
def test_who_does_not_want_it_is_left_alone(store: Store, clock: Clock, refuses: str) -> None:
    """No such questions, heard no more, the bot blocked, erased: each of them is enough."""

    def refuse(work: Work) -> None:
        anna = anna_of(work)
        match refuses:
            case "surveys":
                consents.choose_surveys(acting(work, anna), anna, "no", wanted=False)
            case "us":
                anna.blocked_at = work.now
            case "the bot":
                (identity,) = work.all(select(Identity))
                identity.blocked_at = work.now
            case _:
                anna.erased_at = work.now

    store.write(refuse)
    clock.push(A_WEEK)

    assert asked(store) == 0
