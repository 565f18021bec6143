"""Questions about products and orders."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.queries.spending import CANCELLED
from storage.records import (
    Contact,
    Order,
    OrderEvent,
    OrderKind,
    OrderLine,
    Product,
)
from storage.work import Work

_BOUGHT_AT = (
    select(Order.at)
    .where(
        col(Order.contact_id) == bindparam("contact"),
        col(Order.kind) == OrderKind.PURCHASE,
        col(Order.status) != CANCELLED,
    )
    .order_by(col(Order.at).desc())
    .limit(bindparam("most"))
)


def numbered(work: Work, number: str) -> Order | None:
    """The order of that number."""
    return work.first(select(Order).where(col(Order.number) == number))


def taken(work: Work, numbers: Collection[str]) -> set[str]:
    """Which of these numbers an order has."""
    found: set[str] = set()
    wanted = sorted(filter(None, numbers))
    for at in range(0, len(wanted), 500):
        chosen = select(Order.number).where(col(Order.number).in_(wanted[at : at + 500]))
        found |= {number for (number,) in work.rows(chosen)}
    return found


def newest_of(work: Work, contact: Contact, limit: int) -> list[tuple[Order, list[OrderLine]]]:
    """A contact's newest orders with their lines; what was given back stands with its order."""
    found = work.all(
        select(Order)
        .where(col(Order.contact_id) == contact.id)
        .order_by(col(Order.at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    lines: dict[int, list[OrderLine]] = {}
    for line in work.all(
        select(OrderLine)
        .where(col(OrderLine.order_id).in_([each.id for each in found]))
        .order_by(col(OrderLine.id))
    ):
        lines.setdefault(line.order_id, []).append(line)
    return [(each, lines.get(each.id, [])) for each in found]


def lines_of(work: Work, order: Order) -> list[OrderLine]:
    """The lines of an order, as they were written down."""
    return work.all(
        select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by(col(OrderLine.id))
    )


def given_back(work: Work, order: Order, *, cancelled: bool = False) -> list[Order]:
    """The refunds and returns of an order, oldest first."""
    chosen = select(Order).where(
        # Through the contact's orders, which have an index.
        col(Order.contact_id) == order.contact_id,
        col(Order.refunds_id) == order.id,
    )
    if not cancelled:
        chosen = chosen.where(col(Order.status) != CANCELLED)
    return work.all(chosen.order_by(col(Order.id)))


def events_of(work: Work, order: Order) -> list[OrderEvent]:
    """The steps of an order, oldest first."""
    return work.all(
        select(OrderEvent).where(col(OrderEvent.order_id) == order.id).order_by(col(OrderEvent.id))
    )


def bought_at(work: Work, contact: Contact, limit: int = 50) -> list[datetime]:
    """When a contact bought, the newest first."""
    return [at for (at,) in work.rows(_BOUGHT_AT, {"contact": contact.id, "most": limit})]


# Products


def product_numbered(work: Work, sku: str) -> Product | None:
    """The product with that number of its own."""
    return work.first(select(Product).where(func.lower(col(Product.sku)) == sku.lower()))


def products(work: Work, limit: int = 500, *, retired: bool = False) -> list[Product]:
    """What is sold, by name; also what was, when that is wanted."""
    chosen = select(Product)
    if not retired:
        chosen = chosen.where(col(Product.active))
    return work.all(chosen.order_by(col(Product.name), col(Product.id)).limit(limit))
