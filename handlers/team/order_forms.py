"""The forms of orders: a new one, another content, money back, goods back."""

from datetime import datetime
from decimal import Decimal

from handlers import amounts, positions
from handlers.actions import orders, products
from handlers.actions.orders import Bought, Item
from handlers.actions.policies import policy, voice_of
from handlers.amounts import in_units
from handlers.cards.orders import OrderPicture, money, number_words, payment_words
from handlers.command import button, form
from handlers.message import Field, Form, Incoming, Reply
from handlers.positions import Position
from handlers.team.filling import Filled, contact_field, wrong_beside
from handlers.team.order_lines import (
    card_of,
    day_said,
    items_of,
    methods,
    placed,
    refunded,
    returned,
)
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact, Order, OrderLine, Product
from storage.work import Work

NOTHING = "-"
# Slack shows a hundred choices.
MOST_PRODUCTS = 99


def new_form(work: Work, name: str = "") -> Form:
    """Everything about a new order."""
    voice = voice_of(work)
    known = tuple((str(x.id), _label(voice, x)) for x in products.listed(work)[:MOST_PRODUCTS])
    product = (
        Field(
            "product", voice.say("label.product"), value=NOTHING, options=((NOTHING, "–"), *known)
        ),
    )
    return Form(
        does="order.new",
        title=voice.say("form.new_order"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(
            contact_field(voice, name),
            *(product if known else ()),
            Field("quantity", voice.say("label.quantity"), value="1", optional=True),
            Field(
                "lines",
                voice.say("label.lines"),
                hint=voice.say("hint.lines"),
                optional=True,
                long=True,
            ),
            _method_field(work, voice),
            Field(
                "currency",
                voice.say("label.currency"),
                value="",
                hint=str(policy(work, "currency")),
                optional=True,
            ),
            Field("day", voice.say("label.when"), hint=voice.say("hint.day"), optional=True),
        ),
    )


def _label(voice: Voice, product: Product) -> str:
    price = ""
    if product.price is not None and product.currency:
        price = f" · {money(voice, product.price, product.currency)}"
    return f"{product.name[:60]}{price}"[:75]


def _method_field(work: Work, voice: Voice, chosen: str = "") -> Field:
    known = methods(work)
    own = () if not chosen or chosen in known else (chosen,)
    named = ((x, payment_words(voice, x)) for x in (*own, *known)[:99])
    options = ((NOTHING, voice.say("order.not_paid")), *named)
    return Field("method", voice.say("label.payment"), value=chosen or NOTHING, options=options)


class _Filled(Filled):
    """What is bought, and how it is paid."""

    def bought(self, currency: str = "") -> Bought | None:
        """What is bought; None when something of it cannot be read."""
        typed = [*self._chosen(), *self._lines()]
        at: datetime | None = None
        items: tuple[Item, ...] = ()
        code = self.said.get("currency", "").upper() or currency
        day = self.said.get("day", "")
        try:
            at = day_said(self.work, day) if day else None
        except Refused as refused:
            self.note("day", refused)
        try:
            items, code = items_of(self.work, typed, code)
            if not items:
                raise Refused("order.empty")
        except Refused as refused:
            self.note("lines", refused)
        method = self.said.get("method", NOTHING)
        paid = method not in (NOTHING, "")
        return Bought(
            items=items,
            currency=code,
            at=at,
            payment_method=method if paid else "",
            status=orders.PAID if paid else orders.PLACED,
        )

    def _chosen(self) -> list[Position]:
        id = self.said.get("product", NOTHING)
        product = next((x for x in products.listed(self.work) if str(x.id) == id), None)
        if product is None:
            return []
        number = amounts.whole(self.said.get("quantity", "") or "1")
        if number is None or number.value <= 0:
            self.wrong["quantity"] = self.voice.say("order.wrong_quantity")
            return []
        return [Position(number.value, product.sku)]

    def _lines(self) -> list[Position]:
        def is_product(what: str) -> bool:
            return products.meant(self.work, what) is not None

        return list(positions.read(self.said.get("lines", ""), is_product, ()).positions)


@button("order.form")
def form_pressed(work: Work, incoming: Incoming) -> Reply:
    """Ask for a new order; of a customer when the button says of whom."""
    id = incoming.value
    known = work.get(Contact, int(id)) if id.isdecimal() and len(id) < 19 else None
    return Reply(form=new_form(work, known.name if known is not None else ""))


@form("order.new")
def new_from_form(work: Work, incoming: Incoming) -> Reply:
    """A new order is filled in; what is wrong is said beside its field."""
    filled = _Filled(work, incoming)
    contact, what = filled.contact(), filled.bought()
    if filled.wrong or contact is None or what is None:
        return Reply(wrong=filled.wrong)
    return placed(work, orders.place(work, contact, what), contact)


# Another content


@button("order.edit")
def edit_pressed(work: Work, order: Order) -> Reply:
    """Ask for what is to be different."""
    voice = voice_of(work)
    picture = orders.pictured(work, order)
    return Reply(
        form=Form(
            does="order.edit",
            title=voice.say("form.edit_order"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field(
                    "lines",
                    voice.say("label.lines"),
                    value="\n".join(_typed(each, order) for each in picture.lines),
                    hint=voice.say("hint.lines"),
                    long=True,
                ),
                _method_field(work, voice, order.payment_method or ""),
                Field("day", voice.say("label.when"), hint=voice.say("hint.day"), optional=True),
            ),
            value=f"{order.id}:{order.version}",
        )
    )


def _typed(line: OrderLine, order: Order) -> str:
    """A line as it would be typed."""
    price = number_words(line.unit_price)
    return f"{number_words(line.quantity)} x {line.description} {price} {order.currency}"


@form("order.edit")
def edit_from_form(work: Work, incoming: Incoming, order: Order) -> Reply:
    """What is different is filled in."""
    filled = _Filled(work, incoming)
    if incoming.value.partition(":")[2] != str(order.version):
        filled.wrong["lines"] = filled.voice.say("order.changed_meanwhile", number=order.number)
    what = filled.bought(order.currency)
    if filled.wrong or what is None:
        return Reply(wrong=filled.wrong)
    try:
        changed = orders.change(work, order, what)
    except Refused as refused:
        return wrong_beside(work, "lines", refused)
    key = "order.is_changed" if changed else "order.unchanged"
    said = filled.voice.reply(key, number=order.number)
    return Reply((*said.parts, *card_of(work, order).parts))


# Back


def refund_form(voice: Voice, picture: OrderPicture) -> Form:
    """How much is given back, and why."""
    currency = picture.order.currency
    left = money(voice, picture.left, currency)
    amount = Field(
        "amount",
        voice.say("label.amount"),
        value=f"{number_words(picture.left)} {currency}",
        hint=voice.say("hint.left", left=left),
    )
    return _back_form(voice, picture, "refund", amount, voice.say("button.give_back"))


def return_form(voice: Voice, picture: OrderPicture, kept: dict[int, Decimal]) -> Form:
    """What came back, and why."""
    lines = [
        f"{number_words(kept[each.id])} x {each.description}"
        for each in picture.lines
        if kept.get(each.id, Decimal(0)) > 0
    ]
    goods = Field(
        "lines",
        voice.say("label.came_back"),
        value="\n".join(lines),
        hint=voice.say("hint.came_back"),
        long=True,
    )
    return _back_form(voice, picture, "return", goods, voice.say("button.goods_back"))


def _back_form(voice: Voice, picture: OrderPicture, kind: str, what: Field, submit: str) -> Form:
    order = picture.order
    return Form(
        does=f"order.{kind}",
        title=voice.say(f"form.{kind}", number=order.number)[:24],
        submit=submit,
        cancel=voice.say("button.cancel"),
        fields=(what, Field("reason", voice.say("label.reason"), optional=True)),
        # What was left when it was opened; see `_as_seen`.
        value=f"{order.id}:{in_units(picture.left, order.currency)}",
    )


def _as_seen(work: Work, order: Order, value: str) -> None:
    """Raises Refused when something was given back since the form was opened."""
    left = in_units(orders.left_of(work, order), order.currency)
    if value.partition(":")[2] != str(left):
        raise Refused("order.changed_meanwhile", number=order.number)


@button("order.refund")
def refund_pressed(work: Work, order: Order) -> Reply:
    """Ask how much."""
    return Reply(form=refund_form(voice_of(work), orders.pictured(work, order)))


@form("order.refund")
def refund_from_form(work: Work, incoming: Incoming, order: Order) -> Reply:
    """So much is given back; sent twice it is once."""
    voice = voice_of(work)
    text = incoming.fields.get("amount", "").strip()
    amount = amounts.whole(text)
    if amount is None:
        return Reply(wrong={"amount": voice.say("deal.no_amount", text=text[:40])})
    try:
        _as_seen(work, order, incoming.value)
        return refunded(work, order, amount, incoming.fields.get("reason", ""))
    except Refused as refused:
        return wrong_beside(work, "amount", refused)


@button("order.return")
def return_pressed(work: Work, order: Order) -> Reply:
    """Ask what came back."""
    picture = orders.pictured(work, order)
    return Reply(form=return_form(voice_of(work), picture, orders.kept_of(work, order)))


@form("order.return")
def return_from_form(work: Work, incoming: Incoming, order: Order) -> Reply:
    """So much came back; sent twice it is once."""
    try:
        _as_seen(work, order, incoming.value)
        return returned(work, order, incoming.fields.get("lines", ""))
    except Refused as refused:
        return wrong_beside(work, "lines", refused)
