"""Orders that a file tells of: placed, given back, and taken back again with the import.

An order is written whole or not at all. A number that is there already with the same customer and
amount is the same order, told again; with anything else it is named as a problem.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from handlers.actions import orders
from handlers.actions.orders import Bought, Item, exact
from handlers.actions.policies import policy
from handlers.importing import buying
from handlers.importing.buying import Buying
from handlers.importing.persons import Person
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import imports
from storage.queries import orders as kept
from storage.records import Contact, ImportRow, Order, OrderKind, Product
from storage.work import Work

Problem = tuple[str, str, str]
Window = tuple[int, int]


@dataclass
class Ordered:
    """The orders that a file speaks of: what there was before it, and what came with it."""

    known: dict[str, Order] = field(default_factory=dict)
    # Number → contact, of this file.
    told: dict[str, int] = field(default_factory=dict)

    def owner_of(self, said: Buying) -> int:
        """Whose order a row names; 0 for nobody's."""
        number = said.number if said.is_purchase else said.of or said.number
        order = self.known.get(number)
        return order.contact_id if order is not None else self.told.get(number, 0)

    def is_told(self, said: Buying, contact_id: int) -> bool:
        """Whether this very order was there before the file."""
        order = self.known.get(said.number) if said.is_purchase else None
        if order is None or said.number in self.told or order.contact_id != contact_id:
            return False
        _, total = buying.lines_of(said)
        return total is None or exact(total, order.currency) == order.amount

    def objection(self, said: Buying, contact_id: int) -> Problem | None:
        """What stands against an order, as far as it can be said before it is written."""
        pieces, total = buying.lines_of(said)
        if not said.is_purchase:
            number = said.of or said.number
            if number not in self.known and number not in self.told:
                return ("import.no_order", "", number)
            return None
        if not pieces and total is None:
            return ("import.empty_order", "", said.number)
        too_much = any(each.quantity * (each.price or 0) > buying.LARGEST for each in pieces)
        if too_much or (total or 0) > buying.LARGEST or len(pieces) > buying.MOST_LINES:
            return ("import.bad_amount", "order_amount", said.number)
        if said.number in self.told or (
            said.number in self.known and not self.is_told(said, contact_id)
        ):
            return ("import.order_taken", "", said.number)
        return None


def look_up(work: Work, people: list[Person], since: int = 0) -> Ordered:
    """The orders that rows name. What is younger than `since` came with the same file."""
    names = {each.order.number for each in people if each.order}
    names |= {each.order.of for each in people if each.order}
    found = imports.orders_numbered(work, names - {""}) if names - {""} else {}
    told = {number: each.contact_id for number, each in found.items() if since and each.id > since}
    return Ordered(found, told)


class Writer:
    """Writes the orders of a piece of rows: the purchases together, what is given back singly."""

    def __init__(self, work: Work, ordered: Ordered, since: int) -> None:
        self.work = work
        self._ordered = ordered
        self._since = since
        self.written = 0
        self._waiting: list[tuple[Contact, Bought]] = []
        self._rows: list[ImportRow] = []
        self._products: dict[str, Product] | None = None

    def take(self, contact: Contact, said: Buying) -> Problem | None:
        """Have an order be written with this piece; what stands against it, when it cannot be."""
        if not said.is_purchase:
            self.place()
            return self._give_back(said)
        self._waiting.append((contact, self._bought(said)))
        if said.number:
            self._ordered.told[said.number] = contact.id
        if said.status == buying.REFUNDED:
            made = self.place()[-1]
            if made is not None and made.amount:
                orders.refund(self.work, made)
        return None

    def follow(self, row: ImportRow) -> None:
        """The row's own window ends only behind its order."""
        if self._waiting:
            self._rows.append(row)

    def place(self) -> list[Order | None]:
        """Write the purchases that wait."""
        waiting, self._waiting = self._waiting, []
        made = orders.place_many(self.work, waiting) if waiting else []
        rows, self._rows = self._rows, []
        for row in rows:
            row.last_id = new_id()
        for each in made:
            if each is not None:
                self.written += 1
                self._ordered.known[each.number] = each
        return made

    def _bought(self, said: Buying) -> Bought:
        pieces, total = buying.lines_of(said)
        currency = said.currency or str(policy(self.work, "currency"))
        items = [
            Item(
                each.what or each.sku, each.quantity, each.price or Decimal(0), self._product(each)
            )
            for each in pieces
        ]
        return Bought(
            items=_adding_up(items, total, currency),
            currency=currency,
            at=said.at,
            number=said.number,
            payment_method=said.payment,
            status=buying.PAID if said.status == buying.REFUNDED else said.status or orders.PLACED,
            amount=total,
        )

    def _product(self, piece: buying.Piece) -> Product | None:
        if self._products is None:
            every = kept.products(self.work, 10_000, retired=True)
            self._products = {each.name.casefold(): each for each in every}
            self._products |= {each.sku.casefold(): each for each in every}
        named = piece.sku or piece.what
        return self._products.get(named.casefold())

    def _give_back(self, said: Buying) -> Problem | None:
        number = said.of or said.number
        order = kept.numbered(self.work, number)
        if order is None:
            return ("import.no_order", "", number)
        _, total = buying.lines_of(said)
        if self._is_known(order, said, total):
            return None
        try:
            made = self._given(order, said, total)
        except Refused:
            return ("import.bad_refund", "order_amount", number)
        self.written += 1
        if said.at is not None and order.at <= said.at <= self.work.now:
            made.at = said.at
        return None

    def _given(self, order: Order, said: Buying, total: Decimal | None) -> Order:
        lines = {line.description.casefold(): line for line in kept.lines_of(self.work, order)}
        goods = [
            (lines[each.what.casefold()], each.quantity)
            for each in said.pieces
            if each.what.casefold() in lines
        ]
        if said.kind is OrderKind.RETURN and goods and len(goods) == len(said.pieces):
            return orders.return_goods(self.work, order, goods, total)
        return orders.refund(self.work, order, total, said.currency)

    def _is_known(self, order: Order, said: Buying, total: Decimal | None) -> bool:
        """Whether the same was given back before this file: then it tells nothing new."""
        before = [each for each in kept.given_back(self.work, order) if each.id < self._since]
        wanted = order.amount if total is None else exact(total, order.currency)
        return any(each.amount == wanted and each.kind is said.kind for each in before)


def _adding_up(items: list[Item], total: Decimal | None, currency: str) -> tuple[Item, ...]:
    """Lines that come to what the whole is said to: shipping is a line, a discount makes one."""
    if not items:
        return ()
    come_to = sum((exact(each.quantity * each.price, currency) for each in items), Decimal(0))
    rest = exact(come_to if total is None else total, currency) - come_to
    if not rest:
        return tuple(items)
    if rest > 0:
        return (*items, Item("+", Decimal(1), rest))
    what = ", ".join(f"{each.quantity.normalize():f} × {each.what}" for each in items)
    return (Item(what, Decimal(1), exact(total or Decimal(0), currency)),)


# Back again


def changed_since(work: Work, windows: Mapping[int, Window]) -> set[int]:
    """Those of whose imported orders somebody has changed one or given one back since."""
    found = set()
    for contact_id, order in _within(work, windows):
        last = windows[contact_id][1]
        after = [*kept.given_back(work, order, cancelled=True), *kept.events_of(work, order)]
        if any(each.id > last for each in after):
            found.add(contact_id)
    return found


def take_back(work: Work, windows: Mapping[int, Window]) -> bool:
    """Do away with the orders that came with rows; whether one stays as it was changed since."""
    stays = changed_since(work, windows)
    gone = [order for contact_id, order in _within(work, windows) if contact_id not in stays]
    if not gone:
        return bool(stays)
    ids = {order.id for order in gone}
    for order in gone:
        if order.refunds_id and order.refunds_id not in ids:
            imports.forget_steps(work, order.refunds_id, windows[order.contact_id])
    orders.take_back(work, [order for order in gone if order.refunds_id not in ids])
    return bool(stays)


def _within(work: Work, windows: Mapping[int, Window]) -> list[tuple[int, Order]]:
    found = []
    for order in imports.orders_of(work, windows):
        first, last = windows[order.contact_id]
        if first <= order.id <= last:
            found.append((order.contact_id, order))
    return found
