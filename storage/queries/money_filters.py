"""Conditions on contacts by what they bought: money and orders from the totals, cells, tiers.

Money is compared in the house's currency only: nothing is converted. What was cancelled or given
back does not count.
"""

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlmodel import col, func, select

from storage.finding.filters import Filter
from storage.queries import rfm, spending
from storage.queries.written import has_inside
from storage.records import Contact, CustomerTotal, Order, OrderKind, OrderLine, Product
from storage.work import Work

Condition = ColumnElement[bool]


def _among(*where: Any) -> Condition:
    """Who has a total of which that holds."""
    return exists().where(col(CustomerTotal.contact_id) == col(Contact.id), *where)


def _whose(*where: Any) -> Any:
    """The ids of those who have such a total."""
    return select(CustomerTotal.contact_id).where(*where)


def least(each: Filter) -> int:
    """The smallest whole number of which a condition holds; nothing where small ones fulfil it."""
    assert isinstance(each.value, Decimal)
    if each.sign == ">":
        return int(each.value.to_integral_value(ROUND_FLOOR)) + 1
    return int(each.value.to_integral_value(ROUND_CEILING)) if each.sign == ">=" else 0


def spenders(work: Work, each: Filter) -> Any:
    """The ids of those who spent so much, when it is much that is asked for."""
    currency = spending.house_currency(work)
    assert isinstance(each.value, Decimal)
    units = least(replace(each, value=each.value.scaleb(spending.digits_of(currency))))
    if units < 1:
        return None
    return _whose(col(CustomerTotal.currency) == currency, col(CustomerTotal.spent) >= units)


def orderers(work: Work, each: Filter) -> Any:
    """The ids of those who may have ordered so often."""
    many = least(each)
    if many < 1:
        return None
    # Whoever has bought in two currencies has at least half of it in one of them.
    currencies = max(len(spending.currencies(work)), 1)
    return _whose(col(CustomerTotal.orders) * currencies >= many)


def spent(work: Work, each: Filter) -> Condition:
    """`spent>1000`: net of refunds."""
    assert isinstance(each.value, Decimal)
    currency = spending.house_currency(work)
    units = each.value.scaleb(spending.digits_of(currency))
    above = int(units.to_integral_value(ROUND_FLOOR))
    least = int(units.to_integral_value(ROUND_CEILING))
    own = col(CustomerTotal.currency) == currency
    more = _among(own, col(CustomerTotal.spent) > above)
    enough = _among(own, col(CustomerTotal.spent) >= least) if least > 0 else true()
    return {">": more, ">=": enough, "<": not_(enough), "<=": not_(more)}[each.sign]


def spent_figure(work: Work) -> Any:
    """What somebody has spent, for the explanation of that condition."""
    currency = spending.house_currency(work)
    own = (
        select(func.sum(CustomerTotal.spent) / float(10 ** spending.digits_of(currency)))
        .where(
            col(CustomerTotal.contact_id) == col(Contact.id),
            col(CustomerTotal.currency) == currency,
        )
        .scalar_subquery()
    )
    return func.coalesce(own, 0.0)


def orders_figure(work: Work) -> Any:
    """How many orders somebody has placed, in whichever currency."""
    del work
    return (
        select(func.coalesce(func.sum(CustomerTotal.orders), 0))
        .where(col(CustomerTotal.contact_id) == col(Contact.id))
        .scalar_subquery()
    )


def bought(work: Work, each: Filter) -> Condition:
    """`bought:widget`: a line of an order, or its product's name or number, holds these words."""
    return exists().where(col(Order.contact_id) == col(Contact.id), *_bought(work, each))


def buyers(work: Work, each: Filter) -> Any:
    """The ids of those who bought it."""
    return select(Order.contact_id).where(*_bought(work, each))


def _bought(work: Work, each: Filter) -> tuple[Any, ...]:
    words = str(each.value)
    products = select(Product.id).where(
        or_(
            has_inside(work, col(Product.name), words),
            func.lower(col(Product.sku)) == words,
        )
    )
    return (
        col(Order.kind) == OrderKind.PURCHASE,
        col(Order.status) != spending.CANCELLED,
        col(OrderLine.order_id) == col(Order.id),
        or_(
            has_inside(work, col(OrderLine.description), words),
            col(OrderLine.product_id).in_(products),
        ),
    )


def in_cell(work: Work, each: Filter) -> Condition:
    """`rfm:555`, `rfm:5xx`: by the cuts that hold; nobody before there are any."""
    held = _cell(work, each)
    return false() if held is None else _among(*held)


def cell_mates(work: Work, each: Filter) -> Any:
    """The ids of those in that cell."""
    held = _cell(work, each)
    return None if held is None else _whose(*held)


def _cell(work: Work, each: Filter) -> list[Condition] | None:
    cuts = rfm.holding(work, spending.house_currency(work))
    return None if cuts is None else rfm.in_cell(cuts, str(each.value).replace("*", "x"))


def tier(work: Work, each: Filter) -> Condition:
    """`tier:gold`: exactly that tier; `tier:none` for those who have none."""
    by, least = spending.tier_least(work)
    name = _tier_of(each)
    if name == "none":
        return and_(*(not_(_reaches(work, by, amount)) for amount in least.values()))
    higher = [amount for amount in least.values() if amount > least[name]]
    return and_(
        _reaches(work, by, least[name]), *(not_(_reaches(work, by, amount)) for amount in higher)
    )


def of_tier(work: Work, each: Filter) -> Any:
    """The ids of those of that tier."""
    by, least = spending.tier_least(work)
    name = _tier_of(each)
    if name == "none":
        return None
    higher = [amount for amount in least.values() if amount > least[name]]
    currency, enough = _reaching(work, by, least[name])
    return _whose(currency, enough, *(not_(_reaching(work, by, amount)[1]) for amount in higher))


def _tier_of(each: Filter) -> str:
    return spending.TIER_WORDS.get(str(each.value), str(each.value))


def _reaches(work: Work, by: str, amount: int) -> Condition:
    return _among(*_reaching(work, by, amount))


def _reaching(work: Work, by: str, amount: int) -> tuple[Condition, Condition]:
    currency = spending.house_currency(work)
    own = col(CustomerTotal.currency) == currency
    if by == "orders":
        return own, col(CustomerTotal.orders) >= max(amount, 1)
    units = amount * 10 ** spending.digits_of(currency)
    return own, col(CustomerTotal.spent) >= max(units, 1)
