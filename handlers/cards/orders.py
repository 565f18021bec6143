"""How orders look in a chat."""

from dataclasses import dataclass
from decimal import Decimal

from handlers.amounts import in_units
from handlers.message import (
    BOLD,
    ITALIC,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import LANGUAGES, Voice
from storage.records import (
    Contact,
    CustomerTotal,
    Order,
    OrderEvent,
    OrderKind,
    OrderLine,
    Product,
)

_MARK = {OrderKind.PURCHASE: "📦", OrderKind.REFUND: "💸", OrderKind.RETURN: "↩️"}
MOST_LINES = 12
MOST_EVENTS = 6


@dataclass(frozen=True)
class OrderPicture:
    """Everything about an order that its card shows."""

    order: Order
    contact: Contact
    lines: tuple[OrderLine, ...]
    # Its refunds and returns.
    given_back: tuple[Order, ...]
    # What a refund or a return gives back.
    of: Order | None
    events: tuple[OrderEvent, ...]
    # The names of those who did something with it, by id.
    people: dict[int, str]
    left: Decimal


def order_line(voice: Voice, order: Order) -> Line:
    """Number, how it stands, how much, when."""
    kind = "" if order.kind is OrderKind.PURCHASE else f"{voice.say(f'order.{order.kind}')} · "
    amount = money(voice, order.amount, order.currency)
    return Line(
        (
            (f"{_MARK.get(order.kind, '📦')} {order.number}", BOLD),
            (f" — {kind}{status_words(voice, order.status)}\n", ""),
            (f"{amount} · {voice.day(order.at)}", "i"),
        )
    )


def status_words(voice: Voice, status: str) -> str:
    """A state in plain words; one that we know nothing of as it stands."""
    key = f"order.status.{status.casefold()}"
    return voice.say(key) if key in LANGUAGES["en"] else status.replace("_", " ")


def payment_words(voice: Voice, method: str) -> str:
    """A way to pay in the reader's language; what the house calls its own stays as it is."""
    key = f"payment.{method.casefold()}"
    return voice.say(key) if voice.knows(key) else method


def money(voice: Voice, amount: Decimal, currency: str) -> str:
    """An amount of an order in words."""
    return voice.money(in_units(amount, currency), currency)


def number_words(value: Decimal) -> str:
    """A number of pieces: 3, 0.5."""
    return f"{value.normalize():f}"


def line_words(voice: Voice, line: OrderLine, order: Order) -> Words:
    """ "3 × widget · €19.90 = €59.70"."""
    one = money(voice, line.unit_price, order.currency)
    all_of_it = money(voice, line.amount, order.currency)
    tail = one if line.quantity == 1 else f"{one} = {all_of_it}"
    return (
        (f"{number_words(line.quantity)} × ", ""),
        (line.description, BOLD),
        (f" · {tail}", ""),
    )


# The card


def order_card(voice: Voice, picture: OrderPicture) -> Reply:
    """What was bought, what it came to, what was given back, and what can be done."""
    order = picture.order
    title = voice.say("order.card_title", number=order.number, name=picture.contact.name)
    parts: list[Part] = [Heading(f"{_MARK.get(order.kind, '📦')} {title}"[:150])]
    parts.append(Facts(tuple(_facts(voice, picture))))
    lines = [line_words(voice, each, order) for each in picture.lines[:MOST_LINES]]
    parts += [Text(words) for words in lines]
    if len(picture.lines) > MOST_LINES:
        parts.append(Hint(voice.words("order.more", count=len(picture.lines) - MOST_LINES)))
    for each in picture.given_back:
        shown = Button(voice.say("button.open"), "order.show", str(each.id))
        parts.append(Line(order_line(voice, each).words, shown))
    parts += [Hint(_event(voice, picture, each)) for each in picture.events[-MOST_EVENTS:]]
    parts.append(Buttons(tuple(_buttons(voice, picture))))
    return Reply(tuple(parts))


def _facts(voice: Voice, picture: OrderPicture) -> list[tuple[str, Words]]:
    order = picture.order
    facts = [
        (voice.say("label.status"), plain(status_words(voice, order.status))),
        (voice.say("label.total"), ((money(voice, order.amount, order.currency), BOLD),)),
    ]
    if order.kind is OrderKind.PURCHASE and picture.left != order.amount:
        facts.append((voice.say("label.left"), plain(money(voice, picture.left, order.currency))))
    if picture.of is not None:
        facts.append((voice.say("label.of_order"), plain(picture.of.number)))
    if order.payment_method:
        facts.append(
            (voice.say("label.payment"), plain(payment_words(voice, order.payment_method)))
        )
    facts.append((voice.say("label.when"), plain(voice.day(order.at))))
    return facts


def _event(voice: Voice, picture: OrderPicture, event: OrderEvent) -> Words:
    before, after = event.before, event.after
    if event.what == "status":
        before, after = status_words(voice, before), status_words(voice, after)
    by = picture.people.get(event.member_id or 0, "Rapport")
    words = voice.words(f"order.step_{event.what}", before=before, after=after)
    return (*words, (f" ({by}, {voice.moment(event.at)})", ITALIC))


def _buttons(voice: Voice, picture: OrderPicture) -> list[Button]:
    order, id = picture.order, str(picture.order.id)
    customer = Button(voice.say("button.orders_of"), "orders.of", str(picture.contact.id))
    if order.kind is not OrderKind.PURCHASE:
        return [customer]
    # What was left when the card was drawn: a second press of an old one gives nothing back twice.
    seen = f"{id}:{in_units(picture.left, order.currency)}"
    buttons = [
        Button(voice.say("button.status"), "order.status", id),
        Button(voice.say("button.edit"), "order.edit", id),
    ]
    if picture.left > 0 and order.status != "cancelled":
        buttons += [
            Button(voice.say("button.refund"), "order.refund", seen),
            Button(voice.say("button.return"), "order.return", seen),
        ]
    return [*buttons, customer]


# Lists


def totals_words(voice: Voice, totals: list[CustomerTotal]) -> Words:
    """ "3 orders · €180 (€20 given back)", a currency behind the other."""
    parts: list[str] = []
    for each in totals:
        said = voice.say(
            "order.total", count=each.orders, amount=voice.money(each.spent, each.currency)
        )
        if each.refunded:
            said += voice.say("order.given_back", amount=voice.money(each.refunded, each.currency))
        parts.append(said)
    return plain("; ".join(parts))


def orders_list(
    voice: Voice,
    contact: Contact,
    totals: list[CustomerTotal],
    found: list[tuple[Order, list[OrderLine]]],
) -> Reply:
    """What a customer's orders come to, and the newest of them."""
    parts: list[Part] = [Text(voice.words("order.list_title", name=contact.name))]
    if totals:
        parts.append(Text(totals_words(voice, totals)))
    for order, lines in found:
        what = ", ".join(f"{number_words(x.quantity)} × {x.description}" for x in lines[:3])
        more = "…" if len(lines) > 3 else ""
        words = order_line(voice, order).words
        shown = (*words, (f" · {what}{more}"[:200], "")) if what else words
        parts.append(Line(shown, Button(voice.say("button.open"), "order.show", str(order.id))))
    new = Button(voice.say("button.new_order"), "order.form", str(contact.id), Look.PRIMARY)
    parts.append(Buttons((new,)))
    return Reply(tuple(parts))


def product_line(voice: Voice, product: Product) -> Line:
    """Name, number, price."""
    price = ""
    if product.price is not None and product.currency:
        price = f" · {money(voice, product.price, product.currency)}"
    category = f" · #{product.category}" if product.category else ""
    retired = "" if product.active else f" · {voice.say('product.is_retired')}"
    return Line(
        ((product.name, BOLD), (f" · {product.sku}{price}{category}{retired}", "")),
        Button(voice.say("button.edit"), "product.edit", str(product.id)),
    )
