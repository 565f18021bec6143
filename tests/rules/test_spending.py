"""What customers have spent is equal to a recount, whatever is done, in whatever order."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from handlers.actions import orders, rfm, totals
from handlers.actions.orders import Bought, Item
from handlers.amounts import in_units
from storage.engine import Store
from storage.errors import Refused
from storage.queries import rfm as cells_of
from storage.records import Contact, CustomerTotal, Order, OrderKind, RfmCuts
from storage.work import Work

PEOPLE = 8
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("place", "place", "many", "refund", "return", "edit", "status", "move", "cut", "cut")
        ),
        st.integers(0, 10**6),
        st.integers(1, 99_999),
    ),
    min_size=5,
    max_size=25,
)


def counted(work: Work) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Every contact's orders added up, one by one."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(lambda: [0, 0, 0, [], []])
    for order in work.all(select(Order)):
        if order.status == "cancelled":
            continue
        sums = found[order.contact_id, order.currency]
        units = in_units(order.amount, order.currency)
        if order.kind is OrderKind.PURCHASE:
            sums[0] += 1
            sums[1] += units
            sums[3].append(order.at)
        else:
            sums[1] -= units
            sums[2] += units
    return {
        key: (number, spent, back, min(at), max(at))
        for key, (number, spent, back, at, _) in found.items()
        if number
    }


def kept(work: Work) -> dict[tuple[int, str], tuple[Any, ...]]:
    """What the totals say."""
    return {
        (each.contact_id, each.currency): (
            each.orders,
            each.spent,
            each.refunded,
            each.first_at,
            each.last_at,
        )
        for each in work.all(select(CustomerTotal))
    }


def everything_agrees(work: Work) -> None:
    """Totals are the orders added up, and cells are the totals put where the cuts say."""
    found = kept(work)
    assert found == counted(work)
    for cuts in work.all(select(RfmCuts)):
        if cuts.state != "holds":
            continue
        wanted = Counter(
            cuts.cell_of(last, number, spent)
            for (_, currency), (number, spent, _, _, last) in found.items()
            if currency == cuts.currency
        )
        worth: Counter[int] = Counter()
        for (_, currency), (number, spent, _, _, last) in found.items():
            if currency == cuts.currency:
                worth[cuts.cell_of(last, number, spent)] += spent
        assert cells_of.cells(work, cuts) == [(c, wanted[c], worth[c]) for c in sorted(wanted)]


def do(work: Work, what: str, dice: int, amount: int, at: datetime) -> None:
    """One random step; a rule's no is no step."""
    people = work.all(select(Contact).order_by(Contact.id))  # type: ignore[arg-type]
    placed = work.all(select(Order).order_by(Order.id))  # type: ignore[arg-type]
    contact = people[dice % len(people)]
    currency = ("EUR", "JPY", "USD")[dice % 3]
    price = Decimal(amount) / 100
    bought = Bought((Item("thing", Decimal(1 + dice % 3), price),), currency, at)
    if what == "place":
        orders.place(work, contact, bought)
    elif what == "many":
        some = [(each, bought) for each in people[: 1 + dice % 4]]
        orders.place_many(work, [*some, (contact, Bought((), "EUR", at, amount=price))])
    elif what == "cut":
        rfm.make_more(work, at_a_time=3)
    elif placed:
        change(work, what, placed[dice % len(placed)], dice, price, people)


def change(
    work: Work, what: str, order: Order, dice: int, price: Decimal, people: list[Contact]
) -> None:
    """Something is done with an order that there is."""
    if what == "refund":
        orders.refund(work, order, None if dice % 4 == 0 else price)
    elif what == "return":
        lines = orders.pictured(work, order).lines
        orders.return_goods(work, order, [(each, Decimal(1)) for each in lines[:1]])
    elif what == "edit":
        orders.change(work, order, Bought((Item("other", Decimal(2), price),)))
    elif what == "status":
        orders.set_status(work, order, orders.STATUSES[dice % len(orders.STATUSES)])
    elif what == "move":
        # As a merge does it: all orders of one become another's.
        survivor, other = people[dice % len(people)], work.sure(Contact, order.contact_id)
        for each in work.all(select(Order).where(Order.contact_id == other.id)):
            each.contact_id = survivor.id
        totals.recount(work, survivor, other)


@pytest.fixture
def people(store: Store) -> Store:
    """A few contacts."""

    def meet(work: Work) -> None:
        for number in range(PEOPLE):
            work.add(Contact(name=f"Person {number}", created_at=work.now))

    store.write(meet)
    return store


@given(STEPS)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_totals_and_cells_equal_a_full_recount(
    people: Store, steps: list[tuple[str, int, int]]
) -> None:
    """Orders, refunds, returns, edits, cancellations, merges and new cuts, in any order."""
    for what, dice, amount in steps:
        at = people.clock.now() - timedelta(days=dice % 700, seconds=amount)

        def step(
            work: Work, what: str = what, dice: int = dice, amount: int = amount, at: datetime = at
        ) -> None:
            do(work, what, dice, amount, at)

        try:
            people.write(step)
        except Refused:
            continue
    people.read(everything_agrees)


def test_cuts_are_percentiles_of_all_customers(people: Store) -> None:
    """Made in steps or at once they are the same, and equals are in the same fifth."""

    def fill(work: Work) -> None:
        for number, contact in enumerate(work.all(select(Contact))):
            for _ in range(1 + number // 2):
                at = work.now - timedelta(days=number)
                item = Item("x", Decimal(1), Decimal(10 + number))
                orders.place(work, contact, Bought((item,), "EUR", at))

    people.write(fill)
    while people.write(lambda work: rfm.make_more(work, at_a_time=3)):
        pass

    def look(work: Work) -> tuple[list[str], list[int], list[int]]:
        cuts = cells_of.holding(work, "EUR")
        assert cuts is not None
        return cuts.recency, cuts.frequency, cuts.money

    stepwise = people.read(look)
    people.write(lambda work: rfm.make_now(work, "EUR"))

    assert people.read(look) == stepwise
    assert stepwise[1] == [1, 2, 3, 4]
    people.read(everything_agrees)


def test_money_is_compared_by_three_digits() -> None:
    """12,345 and 12,399 are one amount; what is smaller than a thousand is itself."""
    assert [rfm.up_to(each) for each in (-5, 0, 999, 1000, 12_345, 12_399)] == [
        *(0, 0, 999),
        *(1009, 12_399, 12_399),
    ]
    assert rfm.percentiles({1: 8, 2: 2}) == [1, 1, 1, 1]
    assert rfm.percentiles({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}) == [1, 2, 3, 4]
