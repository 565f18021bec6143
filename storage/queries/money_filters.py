"""Conditions on contacts by what they bought: money and orders from the totals, cells, tiers.

Money is compared in the house's currency only: nothing is converted. What was cancelled or given
back does not count.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlmodel import col, func, select

from storage.finding.filters import Filter
from storage.queries import rfm, spending
from storage.records import Contact, CustomerTotal, Order, OrderKind, OrderLine, Product
from storage.work import Work

Condition = ColumnElement[bool]


def _among(*where: Any) -> Condition:
    """Who has a total of which that holds; by an index, not contact by contact."""
    return col(Contact.id).in_(select(CustomerTotal.contact_id).where(*where))


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
    del work
    said = str(each.value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    held = f"%{said}%"
    products = select(Product.id).where(
        or_(
            func.lower(col(Product.name)).like(held, escape="\\"),
            func.lower(col(Product.sku)) == str(each.value),
        )
    )
    return exists().where(
        col(Order.contact_id) == col(Contact.id),
        col(Order.kind) == OrderKind.PURCHASE,
        col(Order.status) != spending.CANCELLED,
        col(OrderLine.order_id) == col(Order.id),
        or_(
            func.lower(col(OrderLine.description)).like(held, escape="\\"),
            col(OrderLine.product_id).in_(products),
        ),
    )


def in_cell(work: Work, each: Filter) -> Condition:
    """`rfm:555`, `rfm:5xx`: by the cuts that hold; nobody before there are any."""
    cuts = rfm.holding(work, spending.house_currency(work))
    if cuts is None:
        return false()
    return _among(*rfm.in_cell(cuts, str(each.value).replace("*", "x")))


def tier(work: Work, each: Filter) -> Condition:
    """`tier:gold`: exactly that tier; `tier:none` for those who have none."""
    by, least = spending.tier_least(work)
    name = spending.TIER_WORDS.get(str(each.value), str(each.value))
    if name == "none":
        return and_(*(not_(_reaches(work, by, amount)) for amount in least.values()))
    higher = [amount for amount in least.values() if amount > least[name]]
    return and_(
        _reaches(work, by, least[name]), *(not_(_reaches(work, by, amount)) for amount in higher)
    )


def _reaches(work: Work, by: str, amount: int) -> Condition:
    currency = spending.house_currency(work)
    own = col(CustomerTotal.currency) == currency
    if by == "orders":
        return _among(own, col(CustomerTotal.orders) >= max(amount, 1))
    units = amount * 10 ** spending.digits_of(currency)
    return _among(own, col(CustomerTotal.spent) >= max(units, 1))
