"""Recency, frequency and money of a million customers with ten million orders.

`ms` is the question itself: how many customers are in which of the 125 cells, and what they have
spent. `equal` says that totals, cuts and cells are what a recount of every order by SQL finds,
after orders, refunds and cancellations were added in the ordinary way to those that were made.
"""

import os
import random
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from benchmarks.pairs import percentile
from handlers.actions import orders, rfm, totals
from handlers.actions.orders import Bought, Item
from handlers.cards.rfm import Grid
from storage import schema
from storage.engine import Store, connect
from storage.records import Contact, Order
from storage.work import Work

ORDERS = 10_000_000
A_CUSTOMER = 10
LIVE = 300
ASKED = 21


async def measure(orders: int = ORDERS) -> dict[str, Any]:
    """`ms`, `equal`, and what making and keeping it costs; PostgreSQL when its URL is given."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        url = os.environ.get("RFM_DATABASE_URL") or f"sqlite:///{Path(folder) / 'rfm.db'}"
        schema.upgrade(connect(url, "BEGIN IMMEDIATE"))
        store = Store(url)
        try:
            return _measured(store, orders)
        finally:
            store.close()


def _measured(store: Store, count: int) -> dict[str, Any]:
    customers = max(count // A_CUSTOMER, 1)
    began = time.perf_counter()
    _made(store, customers, count)
    made = time.perf_counter()
    store.write(_add_up)
    steps = _cut(store)
    cut = time.perf_counter()
    equal = _equal(store, exact=True)
    each = _live(store, customers)
    taken = [_asked(store)[0] for _ in range(ASKED)]
    return {
        "ms": round(percentile(taken, 0.5), 2),
        "p99_ms": round(percentile(taken, 0.99), 2),
        "equal": equal and _equal(store, exact=False),
        "orders": count,
        "customers": customers,
        "cells": len(_asked(store)[1].cells),
        "order_ms": round(percentile(each, 0.5), 2),
        "longest_step_ms": round(max(steps), 1),
        "cut_s": round(cut - made, 1),
        "made_s": round(made - began, 1),
    }


def _made(store: Store, customers: int, count: int) -> None:
    """Customers and their purchases: some buy often and much, most seldom and little.

    The database makes them up itself, and the indexes are made afterwards: ten million rows one by
    one would be the longest part of it.
    """
    now = store.clock.now()
    days = [{"day": day, "at": _at(store, now - timedelta(days=day))} for day in range(DAYS)]
    series, moment = _SERIES[store.dialect], _MOMENT[store.dialect]
    # A plain connection looks for no foreign keys while it is filled.
    engine = create_engine(store.engine.url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TEMP TABLE days (day integer primary key, at {moment})"))
        connection.execute(text("INSERT INTO days VALUES (:day, :at)"), days)
        connection.execute(text(_CONTACTS.format(series=series)), {"count": customers})
        indexes = _without_indexes(store, connection)
        given = {"count": count, "customers": customers}
        connection.execute(text(_ORDERS.format(series=series)), given)
        for index in indexes:
            connection.execute(text(index))
        connection.execute(text("DROP TABLE days"))
        connection.execute(text("ANALYZE"))
    engine.dispose()


DAYS = 1095
_MOMENT = {"sqlite": "text", "postgresql": "timestamptz"}
# The numbers from one to :count.
_SERIES = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    "postgresql": "WITH n (i) AS (SELECT generate_series(1, CAST(:count AS bigint)))",
}
_CONTACTS = """
INSERT INTO contacts
(id, version, name, language, language_chosen, stage, custom, rush, created_at)
{series}
SELECT i, 1, 'C ' || i, 'en', false, 'customer', '{{}}', 0, at FROM n JOIN days ON day = 0
"""
# One order each for a start, and the others as often as somebody buys. Both `u` and `v` are below
# a prime, a million and three, and look drawn by lot.
_ORDERS = """
INSERT INTO orders
(id, version, number, contact_id, kind, status, amount, currency, at)
{series},
drawn AS (
    SELECT i, i * 2654435761 % 4294967296 % 1000003 AS u, i * 40503 % 1000003 AS v FROM n
),
mixed AS (
    SELECT i, u * u % 1000003 * u % 1000003 AS u, v * v % 1000003 * v % 1000003 AS v FROM drawn
),
bought AS (
    SELECT i, v, 1 + CASE WHEN i <= :customers THEN i - 1
        ELSE u * (u + 100000) / 1100004 * :customers / 1000003 END AS whose
    FROM mixed
)
SELECT i, 1, 'M' || i, whose, 'purchase', 'paid',
    (500 + whose * 7919 % 20000) * (50 + v % 150) / 100 / 100.0, 'EUR', at
FROM bought JOIN days ON day = (v + 31 * i) % 1095
"""


def _without_indexes(store: Store, connection: Connection) -> list[str]:
    """Take the indexes of the orders away; how to make each of them again."""
    looked = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'orders'"
        " AND type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'orders'"
        " AND indexname LIKE 'ix%'",
    }[store.dialect]
    found = [(str(name), str(made)) for name, made in connection.execute(text(looked))]
    for name, _ in found:
        connection.execute(text(f"DROP INDEX {name}"))
    return [made for _, made in found]


def _at(store: Store, moment: datetime) -> Any:
    """A moment as the plain driver takes it."""
    if store.dialect == "sqlite":
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return moment


def _add_up(work: Work) -> None:
    """The totals of all that was made, by one statement, as after an upgrade."""
    totals.add_up_everything(work)


def _cut(store: Store) -> list[float]:
    """Make the cuts in steps, as the job does; milliseconds each."""
    taken = []
    more = True
    while more:
        began = time.perf_counter()
        more = store.write(rfm.make_more)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _live(store: Store, customers: int) -> list[float]:
    """Orders, refunds and cancellations in the ordinary way; milliseconds each."""
    dice = random.Random(5)
    taken = []
    for _ in range(LIVE):
        contact_id = dice.randint(1, customers)
        price = Decimal(dice.randint(100, 200_000)) / 100

        def one(work: Work, contact_id: int = contact_id, price: Decimal = price) -> None:
            contact = work.sure(Contact, contact_id)
            made = orders.place(work, contact, Bought((Item("thing", Decimal(1), price),), "EUR"))
            if made.id % 3 == 0:
                orders.refund(work, made, price / 2)
            elif made.id % 3 == 1:
                old = work.get(Order, contact_id)
                if old is not None:
                    orders.set_status(work, old, orders.CANCELLED)

        began = time.perf_counter()
        store.write(one)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _asked(store: Store) -> tuple[float, Grid]:
    began = time.perf_counter()
    found = store.read(lambda work: rfm.grid(work, "EUR"))
    return (time.perf_counter() - began) * 1000, found


# The recount


def _equal(store: Store, *, exact: bool) -> bool:
    """Whether cells are as a recount of all orders finds them; `exact`: the cuts as well."""
    grid = _asked(store)[1]
    cuts = grid.cuts
    if cuts is None:
        return False
    rows = _recounted(store)
    if exact:
        size = len(rows)
        for values, found in (
            (sorted(day for day, _, _ in rows), cuts.recency),
            (sorted(number for _, number, _ in rows), cuts.frequency),
            (sorted(rfm.up_to(spent) for _, _, spent in rows), cuts.money),
        ):
            if [values[-(-size * k // 5) - 1] for k in range(1, 5)] != found:
                return False
    customers: Counter[int] = Counter()
    worth: Counter[int] = Counter()
    for day, number, spent in rows:
        cell = cuts.cell_of(datetime.fromisoformat(day), number, spent)
        customers[cell] += 1
        worth[cell] += spent
    wanted = tuple((cell, customers[cell], worth[cell]) for cell in sorted(customers))
    return grid.cells == wanted


def _recounted(store: Store) -> list[tuple[str, int, int]]:
    """Day of the last order, number of orders, cents spent, of each customer, from the orders."""
    recount = text(
        "SELECT MAX(CASE WHEN kind = 'purchase' THEN at END) AS last_at,"
        " SUM(CASE WHEN kind = 'purchase' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN kind = 'purchase' THEN amount ELSE -amount END)"
        " FROM orders WHERE status <> 'cancelled' AND currency = 'EUR'"
        " GROUP BY contact_id HAVING MAX(CASE WHEN kind = 'purchase' THEN 1 ELSE 0 END) = 1"
    )
    with store.engine.connect() as connection:
        found = connection.execute(recount)
        return [
            (_day(last_at), int(number), round(float(spent) * 100))
            for last_at, number, spent in found
        ]


def _day(moment: Any) -> str:
    """The day of a moment (UTC), however the driver gives it."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).date().isoformat()
    return str(moment)[:10]
