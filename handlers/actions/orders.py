"""Orders: placed, given back, changed, and looked at; what they come to follows at once.

`place` is for one order, `place_many` for an import. Both end in `totals.recount`, so that what a
customer has spent is right in the same transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from handlers.actions import totals
from handlers.actions.access import Permission, action
from handlers.actions.policies import policy, team_voice
from handlers.amounts import LARGEST, digits_of, is_currency
from handlers.cards.lines import shortened
from handlers.cards.orders import (
    OrderPicture,
    line_words,
    money,
    number_words,
    payment_words,
)
from handlers.message import clean_name, flat
from storage.errors import Refused
from storage.queries import house, orders, spending
from storage.records import (
    Contact,
    CustomerTotal,
    Member,
    Order,
    OrderEvent,
    OrderKind,
    OrderLine,
    Product,
    Stage,
)
from storage.work import Work

LONGEST_NUMBER = 48
MOST_LINES = 100
PLACED, PAID, CANCELLED = "placed", "paid", spending.CANCELLED
STATUSES = (PLACED, PAID, "packed", "shipped", "delivered", CANCELLED)
# Numbers of our own begin behind this: nobody's order is number 1.
FIRST_NUMBER = 1000


@dataclass(frozen=True)
class Item:
    """One position: what, how many, and what one of them costs."""

    what: str
    quantity: Decimal
    price: Decimal
    product: Product | None = None


@dataclass(frozen=True)
class Bought:
    """All that may be said about an order. Without items `amount` says what it comes to."""

    items: tuple[Item, ...] = ()
    currency: str = ""
    at: datetime | None = None
    number: str = ""
    payment_method: str = ""
    status: str = PLACED
    amount: Decimal | None = None


# Finding


@action(Permission.READ)
def numbered(work: Work, number: str) -> Order:
    """The order of that number. Raises Refused("order.unknown")."""
    order = orders.numbered(work, number)
    if order is None:
        raise Refused("order.unknown", number=number[:LONGEST_NUMBER])
    return order


@action(Permission.READ)
def of(
    work: Work, contact: Contact, limit: int = 10
) -> tuple[list[CustomerTotal], list[tuple[Order, list[OrderLine]]]]:
    """What a contact's orders come to, and the newest of them with their lines."""
    return spending.totals(work, contact), orders.newest_of(work, contact, limit)


@action(Permission.READ)
def pictured(work: Work, order: Order) -> OrderPicture:
    """An order with everything that its card shows."""
    events = orders.events_of(work, order)
    by = {each.member_id: work.get(Member, each.member_id) for each in events}
    return OrderPicture(
        order=order,
        contact=work.sure(Contact, order.contact_id),
        lines=tuple(orders.lines_of(work, order)),
        given_back=tuple(orders.given_back(work, order)),
        of=work.get(Order, order.refunds_id),
        events=tuple(events),
        people={id: member.name for id, member in by.items() if id and member},
        left=left_of(work, order),
    )


@action(Permission.READ)
def left_of(work: Work, order: Order) -> Decimal:
    """What of an order's amount has not been given back."""
    back = sum((each.amount for each in orders.given_back(work, order)), Decimal(0))
    return order.amount - back


# Placing


@action(Permission.SERVE, audited=True)
def place(work: Work, contact: Contact, bought: Bought) -> Order:
    """Write down an order.

    Raises Refused when it says nothing, nobody knows its currency, or its number is taken.
    """
    number = clean_name(bought.number) or _next_number(work)
    if orders.numbered(work, number) is not None:
        raise Refused("order.number_taken", number=number)
    order = _placed(work, contact.id, bought, number)
    if contact.stage is Stage.LEAD:
        contact.stage = Stage.CUSTOMER
    step(work, order, "placed", after=_shown(work, order))
    totals.recount(work, contact)
    return order


@action(Permission.SERVE)
def place_many(work: Work, many: Iterable[tuple[Contact, Bought]]) -> list[Order | None]:
    """Write down many orders at once; None for each whose number is there already.

    The caller chooses how many make one transaction; a few thousand are fine. No history and no
    audit line for each: the import says whose they are. Raises Refused as `place` does.
    """
    given = list(many)
    numbers = [clean_name(bought.number) for _, bought in given]
    taken = orders.taken(work, numbers)
    made: list[Order | None] = []
    for (contact, bought), number in zip(given, numbers, strict=True):
        if number in taken:
            made.append(None)
            continue
        named = number or _next_number(work)
        taken.add(named)
        made.append(_placed(work, contact.id, bought, named))
        if contact.stage is Stage.LEAD:
            contact.stage = Stage.CUSTOMER
    totals.recount_many(work, {each.contact_id for each in made if each is not None})
    return made


@action(Permission.SERVE, audited=True)
def take_back(work: Work, placed: Sequence[Order]) -> int:
    """Do away with orders as if they had never been: for the undo of an import. How many."""
    ids = {each.contact_id for each in placed}
    for order in placed:
        for each in (*orders.given_back(work, order, cancelled=True), order):
            _forget(work, each)
    totals.recount_many(work, ids)
    return len(placed)


def _forget(work: Work, order: Order) -> None:
    for record in (*orders.lines_of(work, order), *orders.events_of(work, order)):
        work.delete(record)
    work.delete(order)


def _next_number(work: Work) -> str:
    while True:
        number = str(FIRST_NUMBER + house.next_number(work, "order"))
        if orders.numbered(work, number) is None:
            return number


def _placed(work: Work, contact_id: int, bought: Bought, number: str) -> Order:
    currency = bought.currency or str(policy(work, "currency"))
    lines = _lines(bought, currency)
    order = work.add(
        Order(
            number=number[:LONGEST_NUMBER],
            contact_id=contact_id,
            status=(bought.status or PLACED)[:24],
            payment_method=clean_name(bought.payment_method)[:32] or None,
            amount=_sum(lines) if lines else exact(bought.amount or Decimal(0), currency),
            currency=currency,
            at=min(bought.at or work.now, work.now),
        )
    )
    for line in lines:
        line.order_id = order.id
        work.add(line)
    return order


def _lines(bought: Bought, currency: str) -> list[OrderLine]:
    if not is_currency(currency):
        raise Refused("deal.no_currency", text=currency[:16])
    if not bought.items and bought.amount is None:
        raise Refused("order.empty")
    if len(bought.items) > MOST_LINES:
        raise Refused("order.too_many_lines", most=MOST_LINES)
    lines = [_line(each, currency) for each in bought.items]
    amount = _sum(lines) if lines else bought.amount or Decimal(0)
    if not 0 <= amount <= LARGEST:
        raise Refused("order.wrong_amount")
    return lines


def _line(item: Item, currency: str) -> OrderLine:
    if item.quantity <= 0 or item.price < 0 or item.quantity * item.price > LARGEST:
        raise Refused("order.wrong_amount")
    what = item.what or (item.product.name if item.product else "")
    if not what.strip():
        raise Refused("order.empty")
    return OrderLine(
        order_id=0,
        product_id=item.product.id if item.product else None,
        description=shortened(what, 256),
        quantity=item.quantity,
        unit_price=item.price,
        amount=exact(item.quantity * item.price, currency),
    )


def exact(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole smallest units of its currency, rounded half up."""
    return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), ROUND_HALF_UP)


def _sum(lines: Iterable[OrderLine]) -> Decimal:
    return sum((each.amount for each in lines), Decimal(0))


# Giving back


@action(Permission.SERVE, audited=True)
def refund(
    work: Work, order: Order, amount: Decimal | None = None, currency: str = "", reason: str = ""
) -> Order:
    """Give money back, all that is left unless less is said.

    Raises Refused for more than is left, for another currency, and for what is no purchase.
    """
    left = _may_give_back(work, order, currency)
    wanted = left if amount is None else exact(amount, order.currency)
    return _give_back(work, order, OrderKind.REFUND, wanted, left, reason)


@action(Permission.SERVE, audited=True)
def return_goods(
    work: Work,
    order: Order,
    goods: Sequence[tuple[OrderLine, Decimal]],
    amount: Decimal | None = None,
    reason: str = "",
) -> Order:
    """Goods come back, and what they cost with them: no more than is left of it.

    Raises Refused for more pieces than were bought and kept.
    """
    left = _may_give_back(work, order, "")
    kept = kept_of(work, order)
    if not goods:
        raise Refused("order.nothing_to_return")
    for line, quantity in goods:
        if not 0 < quantity <= kept.get(line.id, Decimal(0)):
            left_over = number_words(kept.get(line.id, Decimal(0)))
            raise Refused("order.return_too_many", what=line.description, left=left_over)
    worth = sum((each.unit_price * n for each, n in goods), Decimal(0))
    wanted = min(exact(worth, order.currency), left) if amount is None else amount
    made = _give_back(work, order, OrderKind.RETURN, wanted, left, reason, may_be_free=True)
    for line, quantity in goods:
        work.add(
            OrderLine(
                order_id=made.id,
                product_id=line.product_id,
                description=line.description,
                quantity=quantity,
                unit_price=line.unit_price,
                amount=exact(line.unit_price * quantity, order.currency),
            )
        )
    return made


@action(Permission.READ)
def kept_of(work: Work, order: Order) -> dict[int, Decimal]:
    """How many of each line have not come back, by the line's id."""
    back: dict[tuple[int | None, str, Decimal], Decimal] = {}
    for each in orders.given_back(work, order):
        for line in orders.lines_of(work, each):
            key = (line.product_id, line.description, line.unit_price)
            back[key] = back.get(key, Decimal(0)) + line.quantity
    kept = {}
    for line in orders.lines_of(work, order):
        key = (line.product_id, line.description, line.unit_price)
        gone = min(back.get(key, Decimal(0)), line.quantity)
        back[key] = back.get(key, Decimal(0)) - gone
        kept[line.id] = line.quantity - gone
    return kept


def _may_give_back(work: Work, order: Order, currency: str) -> Decimal:
    """What is left to give back of an order that may be given back."""
    if order.kind is not OrderKind.PURCHASE:
        raise Refused("order.no_purchase", number=order.number)
    if order.status == CANCELLED:
        raise Refused("order.is_cancelled", number=order.number)
    if currency and currency != order.currency:
        raise Refused("order.other_currency", number=order.number, currency=order.currency)
    return left_of(work, order)


def _give_back(
    work: Work,
    order: Order,
    kind: OrderKind,
    amount: Decimal,
    left: Decimal,
    reason: str,
    *,
    may_be_free: bool = False,
) -> Order:
    if amount < 0 or (amount == 0 and not may_be_free):
        raise Refused("order.nothing_left" if left <= 0 else "order.wrong_amount")
    if amount > left:
        shown = money(team_voice(work), left, order.currency)
        raise Refused("order.too_much", left=shown, number=order.number)
    before = orders.given_back(work, order, cancelled=True)
    made = work.add(
        Order(
            number=f"{order.number}-R{len(before) + 1}",
            contact_id=order.contact_id,
            kind=kind,
            status="refunded" if kind is OrderKind.REFUND else "returned",
            payment_method=order.payment_method,
            amount=amount,
            currency=order.currency,
            refunds_id=order.id,
            at=work.now,
        )
    )
    back = money(team_voice(work), amount, order.currency)
    step(work, order, str(kind), after=" · ".join(filter(None, (back, shortened(reason, 200)))))
    totals.recount_many(work, [order.contact_id])
    return made


# Changing


@action(Permission.SERVE, audited=True)
def set_status(work: Work, order: Order, status: str) -> bool:
    """Say how an order stands; False when it stood so already. What is cancelled counts nowhere."""
    if status not in STATUSES:
        raise Refused("order.no_status", words=", ".join(STATUSES))
    if order.kind is not OrderKind.PURCHASE:
        raise Refused("order.no_purchase", number=order.number)
    if order.status == status:
        return False
    if status == CANCELLED and orders.given_back(work, order):
        # It would take back twice what has been given back once.
        raise Refused("order.has_refunds", number=order.number)
    step(work, order, "status", order.status, status)
    order.status = status
    totals.recount_many(work, [order.contact_id])
    return True


@action(Permission.SERVE, audited=True)
def change(work: Work, order: Order, bought: Bought) -> bool:
    """Have an order be as said, with what it was kept in its history; False when it is the same.

    Raises Refused when it would be less than what has been given back of it.
    """
    if order.kind is not OrderKind.PURCHASE:
        raise Refused("order.no_purchase", number=order.number)
    lines = _lines(bought, bought.currency or order.currency)
    back = order.amount - left_of(work, order)
    amount = _sum(lines) if lines else order.amount
    if amount < back or (back and (bought.currency or order.currency) != order.currency):
        shown = money(team_voice(work), back, order.currency)
        raise Refused("order.below_refunds", back=shown, number=order.number)
    before = _shown(work, order)
    old = orders.lines_of(work, order)
    if lines:
        for each in old:
            work.delete(each)
        for line in lines:
            line.order_id = order.id
            work.add(line)
        order.amount, order.currency = amount, bought.currency or order.currency
    if bought.payment_method:
        order.payment_method = clean_name(bought.payment_method)[:32]
    if bought.at is not None:
        order.at = min(bought.at, work.now)
    after = _shown(work, order)
    if before == after:
        return False
    step(work, order, "changed", before, after)
    totals.recount_many(work, [order.contact_id])
    return True


def step(work: Work, order: Order, what: str, before: str = "", after: str = "") -> None:
    """Write a step into an order's history; `what` has words under `order.step_<what>`."""
    work.add(
        OrderEvent(
            order_id=order.id,
            at=work.now,
            member_id=work.actor.member.id if work.actor.member else None,
            what=what,
            before=before,
            after=after,
        )
    )


def _shown(work: Work, order: Order) -> str:
    """An order in one line, as its history keeps it."""
    voice = team_voice(work)
    lines = [flat(line_words(voice, each, order)) for each in orders.lines_of(work, order)]
    parts = [", ".join(lines), money(voice, order.amount, order.currency)]
    parts += [payment_words(voice, order.payment_method or ""), voice.day(order.at)]
    return " · ".join(filter(None, parts))
