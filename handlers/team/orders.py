"""Commands and buttons about orders: written down, given back, shown."""

from handlers import amounts, positions
from handlers.actions import orders, products
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.amounts import Amount
from handlers.cards.orders import orders_list
from handlers.command import button, command
from handlers.message import Button, Buttons, Part, Reply, Text
from handlers.team.order_forms import new_form, refund_form, return_form
from handlers.team.order_lines import bought, card_of, methods, placed, refunded, returned
from handlers.texts import LANGUAGES
from storage.errors import Refused
from storage.records import Contact, Order
from storage.work import Work


@command("order <number> [status]", also=("订单",))
def order_shown(work: Work, order: Order, text: str | None) -> Reply:
    """An order's card; with a state behind it the order is in that state."""
    if not text:
        return card_of(work, order)
    return _put(work, order, status_said(text))


@command(
    "order <contact> <what> [paid <how>] [on <when>] [#number]",
    also=("订单",),
    needs=Permission.SERVE,
)
def order(work: Work, contact: Contact | None, text: str | None) -> Reply:
    """Write down an order: 3 x widget 19.90 EUR paid card; without more it asks in a form."""
    if contact is None or not text:
        return Reply(form=new_form(work, contact.name if contact else ""))
    typed = positions.read(text, lambda what: products.meant(work, what) is not None, methods(work))
    return placed(work, orders.place(work, contact, bought(work, typed)), contact)


# How it stands


def status_said(text: str) -> str:
    """The state that a word means, in any language that we speak."""
    word = text.strip().casefold()
    for status in orders.STATUSES:
        if word == status or any(word == each[f"order.status.{status}"] for each in _WORDS):
            return status
    return word


_WORDS = tuple(LANGUAGES.values())


def _put(work: Work, order: Order, status: str, *, instead: bool = False) -> Reply:
    changed = orders.set_status(work, order, status)
    key = "order.is_now" if changed else "order.was_so"
    voice = voice_of(work)
    words = voice.words(key, number=order.number, status=voice.say(f"order.status.{status}"))
    return Reply((Text(words), *card_of(work, order).parts), instead=instead)


@button("order.show")
def show_pressed(work: Work, order: Order) -> Reply:
    """Open an order's card."""
    return card_of(work, order)


@button("order.status")
def status_pressed(work: Work, order: Order) -> Reply:
    """Ask how it stands."""
    voice = voice_of(work)
    choices = tuple(
        Button(voice.say(f"order.status.{each}"), "order.put", f"{order.id}:{each}")
        for each in orders.STATUSES
        if each != order.status
    )
    words = voice.words("order.which_status", number=order.number)
    return Reply((Text(words), Buttons(choices)), instead=True)


@button("order.put")
def put_pressed(work: Work, order: Order, value: str) -> Reply:
    """Into the state of the button; pressing twice is once."""
    return _put(work, order, value.partition(":")[2], instead=True)


# Giving back


@command("refund <number> [amount] [reason]", also=("退款",), needs=Permission.SERVE)
def refund(work: Work, order: Order, text: str | None) -> Reply:
    """Give money back, no more than is left of the order; without an amount it asks."""
    if not text:
        return Reply(form=refund_form(voice_of(work), orders.pictured(work, order)))
    amount, reason = _amount_first(text)
    return refunded(work, order, amount, reason)


def _amount_first(text: str) -> tuple[Amount | None, str]:
    """The amount that a text begins with, and the words behind it; None for all of it."""
    words = text.split()
    for length in (2, 1):
        found = amounts.whole(" ".join(words[:length]))
        if found is not None:
            return found, " ".join(words[length:])
    if words[0].casefold() in ("all", "everything", "全部", "全额"):
        return None, " ".join(words[1:])
    raise Refused("deal.no_amount", text=text[:40])


@command("return <number> [what]", also=("退货",), needs=Permission.SERVE)
def goods_back(work: Work, order: Order, text: str | None) -> Reply:
    """Goods come back, and what they cost: 2 x widget, or all; without them it asks."""
    if not text:
        picture = orders.pictured(work, order)
        return Reply(form=return_form(voice_of(work), picture, orders.kept_of(work, order)))
    return returned(work, order, text)


# Lists


@command("orders <contact>", also=("订单列表",))
def orders_of(work: Work, contact: Contact) -> Reply:
    """A customer's orders, and what they come to."""
    return listed(work, contact)


def listed(work: Work, contact: Contact) -> Reply:
    """The same for whoever knows the customer already."""
    totals, found = orders.of(work, contact)
    if not found:
        voice = voice_of(work)
        new = Button(voice.say("button.new_order"), "order.form", str(contact.id))
        parts: tuple[Part, ...] = (
            Text(voice.words("order.none_of", name=contact.name)),
            Buttons((new,)),
        )
        return Reply(parts)
    return orders_list(voice_of(work), contact, totals, found)


@button("orders.of")
def orders_pressed(work: Work, contact: Contact) -> Reply:
    """A customer's orders."""
    return listed(work, contact)
