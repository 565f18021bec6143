"""What customers have spent: their orders added up, and the totals that are kept beside them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, cast, delete, literal, type_coerce
from sqlmodel import col, func, select

from storage.queries import house
from storage.records import Contact, CustomerTotal, Order, OrderKind
from storage.records.commerce import Money
from storage.work import Work, table_of

# What is meant where nobody has decided: the currency of amounts that are said without one, and the
# least that somebody has spent in it to be a customer of that tier.
HOUSE_CURRENCY = "EUR"
TIERS = {"bronze": 1, "silver": 500, "gold": 2000}
TIER_BY = "spent"
TIER_WORDS = {
    "金": "gold", "金牌": "gold", "银": "silver", "银牌": "silver",
    "铜": "bronze", "铜牌": "bronze", "无": "none", "-": "none",
}  # fmt: skip
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Sum:
    """What the orders of a contact in one currency come to, as a recount finds it."""

    contact_id: int
    currency: str
    orders: int
    spent: Decimal
    refunded: Decimal
    first_at: datetime | None
    last_at: datetime | None


def _adding() -> Any:
    is_purchase = col(Order.kind) == OrderKind.PURCHASE
    amount: Any = col(Order.amount)
    bought_at = case((is_purchase, col(Order.at)))
    figures: list[Any] = [
        Order.contact_id,
        Order.currency,
        func.sum(case((is_purchase, 1), else_=0)),
        type_coerce(func.sum(case((is_purchase, amount), else_=-amount)), Money),
        type_coerce(func.sum(case((is_purchase, 0), else_=amount)), Money),
        func.min(bought_at),
        func.max(bought_at),
    ]
    return (
        select(*figures)
        .where(col(Order.status) != CANCELLED)
        .group_by(col(Order.contact_id), col(Order.currency))
    )


_OF_ONE = _adding().where(col(Order.contact_id) == bindparam("contact"))
_TOTALS_OF_ONE = select(CustomerTotal).where(col(CustomerTotal.contact_id) == bindparam("contact"))


_FEW = select(func.count()).select_from(
    select(CustomerTotal.id)
    .where(col(CustomerTotal.currency) == bindparam("currency"))
    .limit(bindparam("most"))
    .subquery()
)
_LEAST: Any = func.min(CustomerTotal.currency)
_NEXT_CURRENCY = select(_LEAST).where(col(CustomerTotal.currency) > bindparam("after"))


def sums_of(work: Work, ids: Collection[int]) -> list[Sum]:
    """What the orders of these contacts come to, from the orders themselves."""
    if len(ids) == 1:
        rows = work.rows(_OF_ONE, {"contact": next(iter(ids))})
    else:
        rows = work.rows(_adding().where(col(Order.contact_id).in_(ids)))
    return [Sum(*row) for row in rows]


def totals_of(work: Work, ids: Collection[int]) -> list[CustomerTotal]:
    """What is kept of it."""
    if len(ids) == 1:
        return work.all(_TOTALS_OF_ONE, {"contact": next(iter(ids))})
    return work.all(select(CustomerTotal).where(col(CustomerTotal.contact_id).in_(ids)))


def totals(work: Work, contact: Contact) -> list[CustomerTotal]:
    """A contact's totals, one a currency; the house's own first, then by name."""
    own = house_currency(work)
    return sorted(
        totals_of(work, [contact.id]), key=lambda each: (each.currency != own, each.currency)
    )


def total(work: Work, contact: Contact, currency: str) -> CustomerTotal | None:
    """A contact's total in one currency."""
    return work.by_key(CustomerTotal, contact.id, currency)


def page(work: Work, currency: str, after: int, limit: int) -> list[tuple[int, datetime, int, int]]:
    """The next totals with an order, by id: id, last order, number of orders, what was spent."""
    return list(work.rows(_page(), {"currency": currency, "after": after, "most": limit}))


@lru_cache(maxsize=1)
def _page() -> Any:
    return (
        select(CustomerTotal.id, CustomerTotal.last_at, CustomerTotal.orders, CustomerTotal.spent)
        .where(
            col(CustomerTotal.id) > bindparam("after"),
            col(CustomerTotal.currency) == bindparam("currency"),
            col(CustomerTotal.orders) > 0,
        )
        .order_by(col(CustomerTotal.id))
        .limit(bindparam("most"))
    )


def customers(work: Work, currency: str, most: int) -> int:
    """How many customers have bought in a currency, counted up to `most`."""
    return int(work.scalar(_FEW, {"currency": currency, "most": most}) or 0)


def currencies(work: Work) -> list[str]:
    """The currencies in which somebody has bought, a jump through the index for each."""
    found: list[str] = []
    while True:
        following = work.scalar(_NEXT_CURRENCY, {"after": found[-1] if found else ""})
        if following is None:
            return found
        found.append(str(following))


def house_currency(work: Work) -> str:
    """The currency of the house."""
    row = house.policy(work, "currency")
    return HOUSE_CURRENCY if row is None else str(row.value)


def tier_least(work: Work) -> tuple[str, dict[str, int]]:
    """What tiers go by ("spent" or "orders"), and how much of it each takes, lowest first."""
    by = house.policy(work, "tier_by")
    rows = {name: house.policy(work, f"tier_{name}") for name in TIERS}
    least = {name: TIERS[name] if row is None else int(row.value) for name, row in rows.items()}
    return TIER_BY if by is None else str(by.value), least


def in_chunks(ids: Iterable[int], size: int = 500) -> list[list[int]]:
    """So many at a time: a statement takes only so many parameters."""
    ordered = sorted(set(ids))
    return [ordered[at : at + size] for at in range(0, len(ordered), size)]


def write_all_totals(work: Work) -> None:
    """Make the totals of every contact anew from all orders, by one statement a currency.

    It takes seconds for millions of orders and nothing else is written meanwhile: for an upgrade or
    a database that was filled past us.
    """
    work.execute(delete(CustomerTotal))
    is_purchase = col(Order.kind) == OrderKind.PURCHASE
    amount: Any = col(Order.amount)
    bought_at = case((is_purchase, col(Order.at)))
    used = list(work.rows(select(Order.currency).distinct()))
    for (currency,) in used:
        # The id is that of the first order: nothing else makes as many that differ, in SQL.
        units: Any = 10 ** digits_of(currency)
        figures: list[Any] = [
            func.min(Order.id),
            literal(1),
            Order.contact_id,
            Order.currency,
            func.sum(case((is_purchase, 1), else_=0)),
            _whole(func.sum(case((is_purchase, amount), else_=-amount)) * units),
            _whole(func.sum(case((is_purchase, 0), else_=amount)) * units),
            func.min(bought_at),
            func.max(bought_at),
        ]
        added = (
            select(*figures)
            .where(col(Order.status) != CANCELLED, col(Order.currency) == currency)
            .group_by(col(Order.contact_id), col(Order.currency))
            .having(func.min(bought_at).is_not(None))
        )
        names = ["id", "version", "contact_id", "currency", "orders", "spent", "refunded"]
        table = table_of(CustomerTotal)
        work.execute(table.insert().from_select([*names, "first_at", "last_at"], added))


def _whole(value: Any) -> Any:
    return cast(func.round(value), BigInteger)


def digits_of(currency: str) -> int:
    """How many digits a currency has behind the point."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)
