"""Recency, frequency, money: where the fifths of the customers begin, and who is in which cell.

The cuts (see `RfmCuts`) are made once a day, in steps that hold nobody up, and hold until the next
ones. How many are in which cell is kept in the transaction of each order, so that the question
reads 125 rows, whatever the number of orders. A house with few customers has its cuts made anew
whenever somebody asks. Each currency is compared for itself: nothing is ever converted.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from handlers.actions.access import Permission, action
from handlers.cards.rfm import Grid, Standing
from storage.errors import Refused
from storage.queries import rfm, spending
from storage.records import Contact, CustomerTotal, CutState, RfmCuts
from storage.work import Work

FIFTHS = 5
# So many customers are measured at once, within some 40 ms; up to so many it is done when asked.
AT_A_TIME = 5_000
FEW = 2_000
CUTS_HOLD = timedelta(hours=24)
DAY, ORDERS, SPENT = "day", "orders", "spent"

Row = tuple[int, datetime, int, int]
Value = TypeVar("Value", date, int)


# Asking


@action(Permission.READ)
def grid(work: Work, currency: str = "") -> Grid:
    """How many customers are in which cell; in the house's currency unless another is named."""
    named = currency or spending.house_currency(work)
    known = tuple(spending.currencies(work))
    if named not in known and not currency and known:
        named = known[0]
    others = tuple(each for each in known if each != named)
    cuts = _cuts(work, named)
    return Grid(named, cuts, tuple(rfm.cells(work, cuts)) if cuts else (), others)


def _cuts(work: Work, currency: str) -> RfmCuts | None:
    """The cuts that hold; of few customers they are as new as the orders."""
    if 0 < spending.customers(work, currency, FEW + 1) <= FEW:
        make_now(work, currency)
    return rfm.holding(work, currency)


@action(Permission.READ)
def standing(work: Work, contact: Contact, currency: str = "") -> Standing | None:
    """Where a customer stands in a currency; None without an order or before the first cuts."""
    named = currency or spending.house_currency(work)
    total = spending.total(work, contact, named)
    cuts = rfm.holding(work, named)
    if total is None or not total.orders or cuts is None:
        return None
    recency, frequency, money = map(
        int, str(cuts.cell_of(total.last_at, total.orders, total.spent))
    )
    days = max((work.now - total.last_at).days, 0)
    return Standing(total, recency, frequency, money, days, cuts.customers)


@action(Permission.READ)
def listed(
    work: Work, pattern: str, currency: str = "", limit: int = 20
) -> tuple[str, int, list[tuple[Contact, CustomerTotal]]]:
    """Who is in the cells of a pattern ("555", "5xx"): currency, how many, the best of them."""
    pattern = pattern.lower().replace("*", "x")
    if not is_pattern(pattern):
        raise Refused("rfm.wrong", text=pattern[:16])
    found = grid(work, currency)
    if found.cuts is None:
        raise Refused("rfm.not_yet")
    count = sum(n for cell, n, _ in found.cells if _fits(str(cell), pattern))
    return found.currency, count, rfm.people_in(work, found.cuts, pattern, limit)


def is_pattern(text: str) -> bool:
    """Whether a text names cells: three scores, each 1 to 5 or x."""
    return len(text) == len("555") and set(text) <= set("12345x")


def _fits(cell: str, pattern: str) -> bool:
    return all(b in ("x", a) for a, b in zip(cell, pattern, strict=True))


# Making the cuts


def make_now(work: Work, currency: str) -> None:
    """Make the cuts of few customers at once; nothing is written when they are as they were."""
    rows = spending.page(work, currency, 0, FEW + 1)
    seen: dict[str, Counter[str]] = {DAY: Counter(), ORDERS: Counter(), SPENT: Counter()}
    _see(seen, rows)
    recency, frequency, money = _cut(seen)
    for each in rfm.cuts_of(work, currency):
        if each.state is CutState.HOLDS and (each.recency, each.frequency, each.money) == (
            recency,
            frequency,
            money,
        ):
            each.customers = len(rows)
            return
    cuts = work.add(RfmCuts(currency=currency, at=work.now))
    cuts.recency, cuts.frequency, cuts.money = recency, frequency, money
    work.flush()
    _count(work, cuts, rows)
    _hold(work, cuts)


@action(Permission.SYSTEM)
def make_more(work: Work, at_a_time: int = AT_A_TIME) -> bool:
    """Go on with the cuts of some currency, or begin new ones; whether there is more to do."""
    cuts = rfm.unfinished(work) or _begun(work)
    if cuts is None:
        return False
    rows = spending.page(work, cuts.currency, cuts.counted_to, at_a_time)
    if cuts.state is CutState.MEASURING:
        seen = {name: Counter(cuts.seen.get(name, {})) for name in (DAY, ORDERS, SPENT)}
        _see(seen, rows)
        cuts.seen = {name: dict(counter) for name, counter in seen.items()}
        cuts.counted_to = rows[-1][0] if rows else cuts.counted_to
        if len(rows) < at_a_time:
            cuts.recency, cuts.frequency, cuts.money = _cut(seen)
            cuts.state, cuts.counted_to, cuts.seen = CutState.COUNTING, 0, {}
        return True
    _count(work, cuts, rows)
    if len(rows) < at_a_time:
        _hold(work, cuts)
    return True


def _begun(work: Work) -> RfmCuts | None:
    """The cuts of a currency that has none, or whose are too old."""
    for currency in spending.currencies(work):
        held = rfm.holding(work, currency)
        if held is None or work.now - held.at >= CUTS_HOLD:
            return work.add(RfmCuts(currency=currency, at=work.now))
    return None


def _see(seen: dict[str, Counter[str]], rows: list[Row]) -> None:
    """Note how often each value is there; in JSON the names of things are texts."""
    seen[DAY].update(last_at.date().isoformat() for _, last_at, _, _ in rows)
    seen[ORDERS].update(str(orders) for _, _, orders, _ in rows)
    seen[SPENT].update(str(up_to(spent)) for _, _, _, spent in rows)


def up_to(spent: int) -> int:
    """The largest amount that begins with the same three digits: 12,345 and 12,399 are one."""
    if spent < 1000:
        return max(spent, 0)
    step: int = 10 ** (len(str(spent)) - 3)
    return spent // step * step + step - 1


def _cut(seen: dict[str, Counter[str]]) -> tuple[list[str], list[int], list[int]]:
    days = percentiles({date.fromisoformat(k): n for k, n in seen[DAY].items()})
    orders = percentiles({int(k): n for k, n in seen[ORDERS].items()})
    spent = percentiles({int(k): n for k, n in seen[SPENT].items()})
    return [day.isoformat() for day in days], orders, spent


def percentiles(seen: Mapping[Value, int]) -> list[Value]:
    """The 20th, 40th, 60th and 80th percentile: the least value that so many are not above."""
    size, passed = sum(seen.values()), 0
    found: list[Value] = []
    for value in sorted(seen):
        passed += seen[value]
        while len(found) < FIFTHS - 1 and passed * FIFTHS >= size * (len(found) + 1):
            found.append(value)
    return found


def _count(work: Work, cuts: RfmCuts, rows: list[Row]) -> None:
    """Put these customers into their cells."""
    changes: dict[int, tuple[int, int]] = {}
    for _, last_at, orders, spent in rows:
        cell = cuts.cell_of(last_at, orders, spent)
        customers, worth = changes.get(cell, (0, 0))
        changes[cell] = (customers + 1, worth + spent)
    rfm.add_to_cells(work, cuts, changes)
    cuts.customers += len(rows)
    cuts.counted_to = rows[-1][0] if rows else cuts.counted_to


def _hold(work: Work, cuts: RfmCuts) -> None:
    """These hold from now on, and those before are gone."""
    for former in rfm.cuts_of(work, cuts.currency):
        if former.id != cuts.id and former.state is CutState.HOLDS:
            rfm.drop(work, former)
    cuts.state, cuts.at = CutState.HOLDS, work.now
