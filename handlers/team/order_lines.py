"""What is typed about an order, with products and prices looked up, and what is answered."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from handlers import amounts, positions
from handlers.actions import moments, orders, products
from handlers.actions.orders import Bought, Item
from handlers.actions.policies import policy, voice_of
from handlers.amounts import Amount
from handlers.cards.orders import order_card
from handlers.message import Reply, Text
from handlers.positions import Position, Typed
from handlers.texts import Voice
from handlers.when import find
from storage.errors import Refused
from storage.records import Contact, Order
from storage.work import Work


def methods(work: Work) -> tuple[str, ...]:
    """The ways to pay that the house knows."""
    named = str(policy(work, "payment_methods")).replace("，", ",").replace("、", ",").split(",")
    return tuple(dict.fromkeys(each.strip()[:32] for each in named if each.strip()))


def bought(work: Work, typed: Typed, currency: str = "") -> Bought:
    """What a line says, with products and prices looked up. Raises Refused for what is missing."""
    items, code = items_of(work, typed.positions, currency)
    method = typed.method
    if method and not positions.method_in(method, methods(work)):
        raise Refused("order.no_method", text=method[:40], words=", ".join(methods(work)))
    return Bought(
        items=items,
        currency=code,
        at=day_said(work, typed.day) if typed.day else None,
        number=typed.number,
        payment_method=method,
        status=orders.PAID if typed.paid else orders.PLACED,
    )


def items_of(
    work: Work, typed: Sequence[Position], currency: str = ""
) -> tuple[tuple[Item, ...], str]:
    """The positions with their prices, and the one currency that all of them are in."""
    found = [_item(work, each) for each in typed]
    named = {price.currency for _, price in found if price.currency} | ({currency} - {""})
    if len(named) > 1:
        raise Refused("order.two_currencies", words=", ".join(sorted(filter(None, named))))
    return tuple(item for item, _ in found), next(iter(named), "") or str(policy(work, "currency"))


def _item(work: Work, typed: Position) -> tuple[Item, Amount]:
    product = products.meant(work, typed.what)
    price = typed.price
    if price is None and product is not None and product.price is not None:
        price = Amount(product.price, product.currency)
    if price is None:
        raise Refused("order.no_price", what=typed.what[:64])
    if price.currency is None and product is not None and product.currency:
        price = Amount(price.value, product.currency)
    what = product.name if product is not None else typed.what
    return Item(what, typed.quantity, price.value, product), price


def day_said(work: Work, text: str) -> datetime:
    """The moment of a day that lies behind us. Raises Refused("order.no_date")."""
    zone = moments.zone_named(work.actor.zone)
    now = work.now.astimezone(zone).replace(tzinfo=None)
    day = _past_day(text, now)
    if day is None:
        raise Refused("order.no_date", text=text[:40])
    if day == now.date():
        return work.now
    return moments.instant(datetime.combine(day, time(12)), zone)


HALF_A_YEAR = 183
_YEAR = re.compile(r"\d{4}")
_DAYS_AGO = {
    "today": 0, "yesterday": 1, "the day before yesterday": 2, "今天": 0, "昨天": 1, "前天": 2,
}  # fmt: skip


def _past_day(text: str, now: datetime) -> date | None:
    """The last day of that name: dates are read as of a week or a year ago."""
    said = text.strip(" .,。，").casefold()
    if said in _DAYS_AGO:
        return now.date() - timedelta(days=_DAYS_AGO[said])
    shifted = [find(text, now - timedelta(days=days)) for days in (7, 6)]
    if shifted[0] and shifted[1]:
        moved = shifted[1].wall.date() - shifted[0].wall.date()
        if moved == timedelta(days=1):
            # "Tomorrow", "in 3 days": it goes with the day on which it is said.
            return None
    for days in (7, 364):
        when = find(text, now - timedelta(days=days))
        if when is not None and when.wall.date() <= now.date():
            # What is nearer in the future is meant there, unless the year is named.
            is_near = (now.date() - when.wall.date()).days <= HALF_A_YEAR
            return when.wall.date() if is_near or _YEAR.search(text) else None
    return None


# What is answered


def placed(work: Work, made: Order, contact: Contact) -> Reply:
    """That it is written down, and its card."""
    words = voice_of(work).words("order.placed", number=made.number, name=contact.name)
    return Reply((Text(words), *card_of(work, made).parts))


def card_of(work: Work, shown: Order) -> Reply:
    """An order's card as it stands."""
    return order_card(voice_of(work), orders.pictured(work, shown))


def refunded(work: Work, order: Order, amount: Amount | None, reason: str = "") -> Reply:
    """That it was given back, and the card."""
    value = amount.value if amount is not None else None
    made = orders.refund(work, order, value, (amount and amount.currency) or "", reason)
    return _gave_back(work, order, made, "order.is_refunded")


def _gave_back(work: Work, order: Order, made: Order, key: str) -> Reply:
    voice = voice_of(work)
    amount = _money(voice, made)
    words = Text(voice.words(key, number=order.number, amount=amount))
    return Reply((words, *card_of(work, order).parts))


def _money(voice: Voice, made: Order) -> str:
    return voice.money(amounts.in_units(made.amount, made.currency), made.currency)


def returned(work: Work, order: Order, text: str) -> Reply:
    """What came back, by a line such as "2 x widget"."""
    kept = orders.kept_of(work, order)
    lines = {line.id: line for line in orders.pictured(work, order).lines}
    if text.strip().casefold() in ("all", "everything", "全部"):
        goods = [(lines[id], left) for id, left in kept.items() if left > 0]
    else:
        typed = positions.read(text, lambda what: False, ())
        goods = [
            (lines[_line_meant(work, order, each.what)], each.quantity) for each in typed.positions
        ]
    made = orders.return_goods(work, order, goods)
    return _gave_back(work, order, made, "order.is_returned")


def _line_meant(work: Work, order: Order, text: str) -> int:
    said = text.casefold().strip()
    picture = orders.pictured(work, order)
    kept = orders.kept_of(work, order)
    alike = [
        each
        for each in picture.lines
        if said in each.description.casefold() or each.description.casefold() in said
    ]
    # Of the same thing bought twice, first what is still there.
    alike.sort(key=lambda each: kept.get(each.id, Decimal(0)) <= 0)
    if not alike:
        raise Refused("order.no_such_line", text=text[:64], number=order.number)
    return alike[0].id
