"""Orders that come in a file: their lines, what is given back, and totals that are right."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import importing
from handlers.actions import imports, totals
from handlers.actions import orders as placed
from storage.engine import Store
from storage.records import (
    Contact,
    CustomerTotal,
    Import,
    ImportState,
    OnKnown,
    Order,
    OrderLine,
    Stage,
)
from storage.work import Work
from tests.rules.test_import_laws import bring, everything, quiet

HEADER = "Order Number,Customer,Email,Date,Product,Quantity,Price,Total,Currency,Status,Type\n"
ORDERS = f"""{HEADER}\
A-1,Anna Lee,anna@example.org,2026-01-03,Desk,2,100.50,,EUR,paid,
A-1,Anna Lee,anna@example.org,2026-01-03,Lamp,1,20,,EUR,paid,
A-2,Bob Bell,bob@example.org,2026-01-04,,,,"1,234.50",USD,shipped,
A-1,,,2026-02-01,,,,20.50,EUR,,refund
A-3,Anna Lee,anna@example.org,2026-01-05,,,,ten,EUR,,
A-9,,,2026-02-01,,,,5,EUR,,refund
A-4,Anna Lee,anna@example.org,2026-01-06,Chair,3,,100,EUR,refunded,
"""


def told(store: Store, file: Path, text: str, **told: Any) -> Import:
    """Import a table with that text."""
    file.write_text(text, encoding="utf-8")
    wish = importing.Wish(file, told=told)
    return importing.carried_out(store, wish, importing.looked(store, wish, quiet), quiet)


def sums(store: Store) -> dict[tuple[str, str], tuple[int, int, int]]:
    """What customers' orders come to: orders, spent, refunded."""

    def read(work: Work) -> dict[tuple[str, str], tuple[int, int, int]]:
        names = {each.id: each.name for each in work.all(select(Contact))}
        return {
            (names[each.contact_id], each.currency): (each.orders, each.spent, each.refunded)
            for each in work.all(select(CustomerTotal))
        }

    return store.read(read)


def shown(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All but what is reckoned from the orders, whose own rows are made anew."""
    found = everything(store)
    del found["customer_totals"]
    return found


def test_rows_of_one_number_are_one_order_and_totals_are_right(
    store: Store, tmp_path: Path
) -> None:
    """What cannot be read is named; nothing is there by half, and all of it goes again."""
    was = everything(store)
    record = told(store, tmp_path / "o.csv", ORDERS)

    assert sums(store) == {
        ("Anna Lee", "EUR"): (2, 20050, 12050),
        ("Bob Bell", "USD"): (1, 123450, 0),
    }
    found = {each.number: each for each in store.read(lambda w: w.all(select(Order)))}
    assert set(found) == {"A-1", "A-1-R1", "A-2", "A-4", "A-4-R1"}
    assert found["A-1"].amount == Decimal("221.00") and found["A-1"].status == "paid"
    lines = store.read(lambda w: w.all(select(OrderLine)))
    assert {each.description for each in lines} == {"Desk", "Lamp", "3 × Chair"}
    people = store.read(lambda w: w.all(select(Contact)))
    assert {each.name: each.stage for each in people} == dict.fromkeys(
        ("Anna Lee", "Bob Bell"), Stage.CUSTOMER
    )
    assert record.counts["orders"] == 4
    problems = store.read(lambda w: imports.problems_of(w, record.id)).decode()
    assert "“ten” is no amount" in problems and "no order A-9" in problems

    before = sums(store)
    store.write(totals.add_up_everything)
    assert sums(store) == before

    undone = importing.undone(store, record.number, quiet)
    assert undone.state is ImportState.UNDONE and "kept" not in undone.counts
    assert everything(store) == was


def test_the_same_orders_again_change_nothing(store: Store, tmp_path: Path) -> None:
    """Neither an order nor a refund is there twice; another order of a number is named."""
    text = ORDERS.split("A-3", maxsplit=1)[0]
    told(store, tmp_path / "o.csv", text)
    was = everything(store)
    record = told(store, tmp_path / "again.csv", text + "\n")
    assert shown(store) == {n: rows for n, rows in was.items() if n != "customer_totals"}
    assert "orders" not in record.counts

    other = f"{HEADER}A-1,Cleo,cleo@example.org,2026-01-03,,,,7,EUR,,\n"
    record = told(store, tmp_path / "other.csv", other)
    assert record.counts["flawed"] == 1 and len(sums(store)) == 2


@pytest.mark.parametrize("on_known", list(OnKnown))
def test_orders_of_known_people_go_again_and_leave_them_as_they_were(
    store: Store, tmp_path: Path, on_known: OnKnown
) -> None:
    """Also the step from lead to customer, and orders that were there before stay."""
    people = tmp_path / "p.csv"
    people.write_text("Name,Email\nAnna Lee,anna@example.org\nBob Bell,b@x.example\n", "utf-8")
    bring(store, people)
    first = f"{HEADER}Z-1,,anna@example.org,2025-01-03,,,,9,EUR,,\n"
    told(store, tmp_path / "first.csv", first)
    was, sum_was = shown(store), sums(store)
    file = tmp_path / "o.csv"
    file.write_text(
        f"{HEADER}B-1,Bob Bell,,2026-01-03,,,,5,EUR,,\nZ-1,,,2026-01-03,,,,-4,EUR,,\n", "utf-8"
    )
    record = bring(store, file, on_known)
    assert record.counts["orders"] == 2 and sums(store) != sum_was

    undone = importing.undone(store, record.number, quiet)
    assert "kept" not in undone.counts
    assert sums(store) == sum_was
    now = shown(store)
    assert {n: now[n] for n in now if now[n] != was[n]} == {}


def test_people_who_are_not_known_may_be_reported_instead(store: Store, tmp_path: Path) -> None:
    """Nobody is made, and their rows are named."""
    record = told(
        store, tmp_path / "o.csv", ORDERS.split("A-1,,,", maxsplit=1)[0], unknown="report"
    )

    assert record.counts == {"bad": 2} and not store.read(lambda w: w.all(select(Contact)))


def test_an_order_that_was_given_back_since_stays(store: Store, tmp_path: Path) -> None:
    """With its customer, and it is told."""
    record = told(store, tmp_path / "o.csv", ORDERS.split("A-1,,,", maxsplit=1)[0])

    def give_back(work: Work) -> None:
        placed.refund(work, placed.numbered(work, "A-2"), Decimal(1))

    store.write(give_back)
    undone = importing.undone(store, record.number, quiet)

    assert (undone.counts["kept"], undone.counts["taken_back"]) == (1, 1)
    assert set(sums(store)) == {("Bob Bell", "USD")}


def test_a_shops_own_export_is_read_as_it_is(store: Store, tmp_path: Path) -> None:
    """Shipping is a line of its own; further lines of an order name nobody."""
    text = (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Total,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Payment Method\n"
        "#1001,anna@example.org,paid,2026-01-03 10:00:00 +0100,EUR,50.00,4.90,54.90,"
        "2,Mug,20.00,MUG-1,Anna Lee,Card\n"
        "#1001,anna@example.org,,,,,,,1,Spoon,10.00,SP-1,,\n"
    )
    told(store, tmp_path / "shop.csv", text)
    (order,) = store.read(lambda w: w.all(select(Order)))

    assert (order.number, order.amount, order.payment_method) == ("#1001", Decimal("54.90"), "Card")
    assert order.at.isoformat() == "2026-01-03T09:00:00+00:00"
    lines = store.read(lambda w: w.all(select(OrderLine).order_by(OrderLine.id)))  # type: ignore[arg-type]
    assert [each.description for each in lines] == ["Mug", "Spoon", "+"]
