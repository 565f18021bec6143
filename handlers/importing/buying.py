"""What a row says about an order: its columns, and the rows that are one order together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from handlers import amounts
from handlers.importing.persons import Person
from storage.records import OrderKind

LONGEST_NUMBER = 48
MOST_LINES = 100
LARGEST = amounts.LARGEST
PAID, REFUNDED = "paid", "refunded"

_KINDS = {
    **dict.fromkeys(
        "purchase sale sold order charge buy bought 购买 销售 订单".split(), "purchase"
    ),
    **dict.fromkeys("refund refunded chargeback credit 退款 已退款".split(), "refund"),
    **dict.fromkeys("return returned rma 退货 已退货".split(), "return"),
}
_STATUSES = {
    **dict.fromkeys(
        "placed pending open new processing unpaid authorized unfulfilled on-hold 待付款 新订单 "
        "处理中".split(),
        "placed",
    ),
    **dict.fromkeys("paid completed complete closed 已付款 已支付 完成".split(), PAID),
    **dict.fromkeys("packed ready 已打包".split(), "packed"),
    **dict.fromkeys("shipped sent in-transit 已发货".split(), "shipped"),
    **dict.fromkeys("delivered fulfilled received 已完成 已签收 已收货".split(), "delivered"),
    **dict.fromkeys("cancelled canceled voided void failed 已取消 取消".split(), "cancelled"),
    **dict.fromkeys("refunded 已退款".split(), REFUNDED),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One position: what, how many, and what one of them costs, when that is said."""

    what: str = ""
    sku: str = ""
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    # What the row says all of it comes to; the whole order, where there is a price.
    amount: Decimal | None = None


@dataclass(slots=True)
class Buying:
    """An order, a refund or a return as a file tells it."""

    number: str = ""
    # The order that this gives back.
    of: str = ""
    at: datetime | None = None
    kind: OrderKind | None = None
    status: str = ""
    payment: str = ""
    currency: str = ""
    pieces: list[Piece] = field(default_factory=list)
    # A value that cannot be read makes the whole order wrong: it is left out and told.
    is_broken: bool = False

    @property
    def is_purchase(self) -> bool:
        """Whether goods went out."""
        return self.kind in (None, OrderKind.PURCHASE)


def take(person: Person, target: str, text: str) -> None:
    """What a cell says of an order; `order_at` is read with the other dates."""
    said = person.order = person.order or Buying()
    take_one = _TAKERS.get(target)
    if take_one is not None and not take_one(said, text):
        refuse(person, target, text)


def refuse(person: Person, target: str, text: str) -> None:
    """A value that cannot be: the order is left out, and it is told."""
    said = person.order = person.order or Buying()
    said.is_broken = True
    key = "import.bad_amount" if target in _MONEY else "import.bad_word"
    person.problems.append((key, target, text[:80]))


def number_of(text: str) -> Decimal | None:
    """A figure however it is written, negative ones too."""
    bare = text.strip()
    is_negative = bare[:1] in "-−" or (bare[:1] == "(" and bare[-1:] == ")")
    found = amounts.whole(bare.strip("()-− "))
    if found is None:
        try:
            value = Decimal(bare.strip("()-− "))
        except InvalidOperation:
            return None
        if not value.is_finite() or value > LARGEST:
            return None
        return -value if is_negative else value
    return -found.value if is_negative else found.value


def _number(said: Buying, text: str) -> bool:
    said.number = " ".join(text.split())
    return 0 < len(said.number) <= LONGEST_NUMBER


def _of(said: Buying, text: str) -> bool:
    said.of = " ".join(text.split())
    return 0 < len(said.of) <= LONGEST_NUMBER


def _kind(said: Buying, text: str) -> bool:
    word = _KINDS.get(_word(text))
    said.kind = OrderKind(word) if word else None
    return word is not None


def _status(said: Buying, text: str) -> bool:
    said.status = _STATUSES.get(_word(text), "")
    return bool(said.status)


def _payment(said: Buying, text: str) -> bool:
    said.payment = " ".join(text.split())[:32]
    return True


def _currency(said: Buying, text: str) -> bool:
    said.currency = text.strip().upper()
    return amounts.is_currency(said.currency)


def _amount(said: Buying, text: str) -> bool:
    value = number_of(text)
    if value is None:
        return False
    named = amounts.whole(text.strip().lstrip("-−"))
    if named is not None and named.currency:
        said.currency = said.currency or named.currency
    if value < 0:
        if said.kind is OrderKind.PURCHASE:
            return False
        said.kind = said.kind or OrderKind.REFUND
    _piece(said, amount=abs(value))
    return True


def _price(said: Buying, text: str) -> bool:
    value = number_of(text)
    _piece(said, price=value)
    return value is not None and value >= 0


def _quantity(said: Buying, text: str) -> bool:
    value = number_of(text)
    if value is None or not 0 < abs(value) <= 1_000_000:
        return False
    _piece(said, quantity=abs(value))
    return True


def _sku(said: Buying, text: str) -> bool:
    _piece(said, sku=" ".join(text.split())[:64])
    return True


def _product(said: Buying, text: str) -> bool:
    _piece(said, what=" ".join(text.split())[:256])
    return True


def _piece(said: Buying, **said_of_it: object) -> None:
    if not said.pieces:
        said.pieces.append(Piece())
    said.pieces[0] = replace(said.pieces[0], **said_of_it)  # type: ignore[arg-type]


def _word(text: str) -> str:
    return "-".join(text.casefold().replace("_", " ").split())


_MONEY = ("order_amount", "price", "quantity")
_TAKERS = {
    "order_number": _number,
    "order_of": _of,
    "order_kind": _kind,
    "order_status": _status,
    "payment": _payment,
    "currency": _currency,
    "order_amount": _amount,
    "price": _price,
    "quantity": _quantity,
    "sku": _sku,
    "product": _product,
}
ORDERED = frozenset((*_TAKERS, "order_at"))


# Rows that are one order


def grouped(people: Iterable[Person]) -> Iterator[Person]:
    """Neighbours with one order number become one, with the lines of all."""
    held: Person | None = None
    for person in people:
        if held is not None and _belongs(held, person):
            _join(held, person)
            continue
        if held is not None:
            yield held
        held = person
    if held is not None:
        yield held


def _belongs(held: Person, person: Person) -> bool:
    mine, theirs = held.order, person.order
    if mine is None or theirs is None or not mine.number or mine.number != theirs.number:
        return False
    if (theirs.kind or mine.kind) is not mine.kind or len(mine.pieces) >= MOST_LINES:
        return False
    # Whoever else it speaks of, it is not their order.
    named = [(held.emails, person.emails), (held.phones, person.phones)]
    named += [(held.externals, person.externals)]  # type: ignore[list-item]
    return all(not new or not old or set(new) <= set(old) for old, new in named)


def _join(held: Person, person: Person) -> None:
    mine, theirs = held.order, person.order
    assert mine is not None
    assert theirs is not None
    mine.pieces += theirs.pieces
    mine.at = mine.at or theirs.at
    mine.status, mine.payment = mine.status or theirs.status, mine.payment or theirs.payment
    if mine.currency and theirs.currency and mine.currency != theirs.currency:
        refuse(held, "currency", theirs.currency)
    mine.currency = mine.currency or theirs.currency
    mine.is_broken = mine.is_broken or theirs.is_broken
    nobody = "import.nobody"
    held.problems += [each for each in person.problems if each[0] != nobody]
    held.ends = person.ends


# What it comes to


def lines_of(said: Buying) -> tuple[list[Piece], Decimal | None]:
    """The lines with a price each, and what the order comes to as far as that is told."""
    named = [each for each in said.pieces if each.what or each.sku]
    told = [each.amount for each in said.pieces if each.amount is not None]
    if not named:
        return [], sum(told, Decimal(0)) if told else None
    if any(each.price is None for each in named):
        if all(each.amount is not None for each in named):
            # Every row says what it comes to, and together they are the order.
            return [_priced(each) for each in named], sum(told, Decimal(0))
        total = told[0] if told else None
        if len(named) == 1 and total is not None:
            return [_priced(replace(named[0], amount=total))], total
        return [], total
    of_lines = sum((each.price * each.quantity for each in named if each.price), Decimal(0))
    if not told or sum(told, Decimal(0)) == of_lines:
        return named, of_lines
    return named, told[0]


def _priced(piece: Piece) -> Piece:
    if piece.price is not None or piece.amount is None:
        return piece
    price = piece.amount / piece.quantity
    if price == round(price, 4):
        return replace(piece, price=price)
    # What does not divide is one of a kind.
    what = f"{piece.quantity.normalize():f} × {piece.what or piece.sku}"
    return replace(piece, what=what, quantity=Decimal(1), price=piece.amount)
