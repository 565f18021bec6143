"""Orders: written down in a line or a form, given back, returned, changed, listed."""

from decimal import Decimal
from functools import partial

from sqlmodel import select

from handlers.actions import orders
from handlers.actions.orders import Bought, Item
from storage.records import (
    Contact,
    CustomerTotal,
    Order,
    OrderEvent,
    OrderKind,
    OrderLine,
    Product,
    Stage,
)
from storage.work import Work
from tests.world import World


def order(w: World, number: str = "1001") -> Order:
    """An order as it stands."""
    found = w.look(lambda work: work.first(select(Order).where(Order.number == number)))
    assert found is not None
    return found


def total(w: World, currency: str = "EUR") -> tuple[int, int, int]:
    """Orders, spent and refunded of the only customer."""

    def look(work: Work) -> tuple[int, int, int]:
        found = work.first(select(CustomerTotal).where(CustomerTotal.currency == currency))
        return (found.orders, found.spent, found.refunded) if found else (0, 0, 0)

    return w.look(look)


async def anna(w: World, name: str = "Anna Lee") -> None:
    """A customer whom the team knows."""
    w.store.write(lambda work: work.add(Contact(name=name, created_at=work.now)))


def bought(work: Work, name: str, price: int) -> None:
    """Somebody buys one mug."""
    contact = work.first(select(Contact).where(Contact.name == name))
    assert contact is not None
    orders.place(work, contact, Bought((Item("mug", Decimal(1), Decimal(price)),)))


async def form(w: World, label: str) -> None:
    """Ann presses a button that opens a form, and has it before her."""
    await w.ann.presses(label, channel=w.support)
    await w.until(lambda: w.ann.modal)


async def test_a_line_becomes_an_order_with_its_card(both: World) -> None:
    """Pieces, product, price, currency and the way it was paid are read from one line."""
    w = both
    await anna(w)
    said = await w.says(w.ann, "/crm order anna 3 x widget 19.90 EUR paid card")
    assert "Order 1001 of Anna Lee" in said
    assert "3 × widget · €19.90 = €59.70" in said and "card" in said and "paid" in said

    made = order(w)
    assert (made.amount, made.currency, made.status) == (Decimal("59.70"), "EUR", "paid")
    assert total(w) == (1, 5970, 0)
    shown = await w.says(w.ann, "/crm order 1001")
    assert "€59.70" in shown and "placed: 3 × widget" in shown
    listed = await w.says(w.ann, "/crm orders anna")
    assert "1 order · €59.70" in listed and "3 × widget" in listed
    contact = w.look(lambda work: work.first(select(Contact)))
    assert contact is not None and contact.stage is Stage.CUSTOMER


async def test_several_lines_days_and_numbers_are_read(w: World) -> None:
    """Lines apart by commas, a number of the shop's own, yesterday; Chinese as well."""
    await anna(w)
    said = await w.says(
        w.ann, "/crm order anna 2 x mug 5 EUR, 1 x Kettle, blue 49 EUR paid cash on 3 Nov #A-77"
    )
    assert "Order A-77" in said and "Kettle, blue" in said and "€59" in said
    assert order(w, "A-77").at.date().isoformat() == "2026-11-03"
    assert "A-77" in await w.says(w.ann, "/crm order A-77")
    said = await w.says(w.ann, "/crm 订单 anna 3个水壶 199元，2个杯子 10元 已付款 card")
    assert "3 × 水壶" in said and "CN¥617" in said
    assert total(w, "CNY") == (1, 61700, 0)
    assert total(w) == (1, 5900, 0)


async def test_what_is_wrong_is_said_and_nothing_is_done(w: World) -> None:
    """Rubbish, no price, two currencies, a future day, a taken number, an unknown way to pay."""
    await anna(w)
    lines = {
        "anna 3 x widget": "cost?",
        "anna 1 x a 5 EUR, 1 x b 5 USD": "several",
        "anna mug 5 EUR on 3 December": "no day",
        "anna mug 5 EUR paid shells": "no way to pay",
        "anna 0 x mug 5 EUR": "not possible",
        "nobody at all mug 5 EUR": "nobody",
    }
    for line, wanted in lines.items():
        said = await w.says(w.ann, f"/crm order {line}")
        assert wanted in said or "find" in said, (line, said)
    assert w.look(lambda work: work.all(select(Order))) == []
    await w.says(w.ann, "/crm order anna mug 5 EUR #7777")
    assert "already" in await w.says(w.ann, "/crm order anna mug 5 EUR #7777")
    assert "no order 4711" in await w.says(w.ann, "/crm order 4711")


async def test_a_refund_is_never_more_than_what_is_left(both: World) -> None:
    """In parts, in the order's currency, until nothing is left; totals follow."""
    w = both
    await anna(w)
    await w.says(w.ann, "/crm order anna 3 x widget 20 EUR")
    said = await w.says(w.ann, "/crm refund 1001 20 broken in transit")
    assert "€20 of order 1001" in said and "broken in transit" in said
    assert total(w) == (1, 4000, 2000)
    assert "Only €40 is left" in await w.says(w.ann, "/crm refund 1001 40.01 EUR")
    assert "is in EUR" in await w.says(w.ann, "/crm refund 1001 5 USD")
    assert "€40" in await w.says(w.ann, "/crm refund 1001 all")
    assert "Nothing is left" in await w.says(w.ann, "/crm refund 1001 all")
    assert "purchase only" in await w.says(w.ann, "/crm refund 1001-R1 1")
    assert "given back" in await w.says(w.ann, "/crm order 1001 cancelled")
    assert total(w) == (1, 0, 6000)


async def test_a_refund_form_sent_twice_gives_back_once(w: World) -> None:
    """The second one was opened before the first was sent, and is refused."""
    await anna(w)
    await w.says(w.ann, "/crm order anna 3 x widget 20 EUR")
    await form(w, "Refund…")
    await w.says(w.bo, "/crm refund 1001 10")
    answer = await w.ann.submits({"amount": "10 EUR"})
    assert "changed order 1001" in answer.errors["amount"]
    assert total(w) == (1, 5000, 1000)


async def test_goods_come_back_by_line_and_by_form(w: World) -> None:
    """No more pieces than were bought, and worth no more than is left."""
    await anna(w)
    await w.says(w.ann, "/crm order anna 3 x widget 20 EUR, 1 x lamp 5 EUR")
    said = await w.says(w.ann, "/crm return 1001 2 x widget")
    assert "worth €40" in said
    assert "Only 1 of “widget”" in await w.says(w.ann, "/crm return 1001 2 x widget")
    assert "no “sofa”" in await w.says(w.ann, "/crm return 1001 1 x sofa")
    await w.ann.command("/crm return 1001", channel=w.support)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits()
    await w.sees(w.ann, "worth €25")

    assert total(w) == (1, 0, 6500)
    back = w.look(lambda work: work.all(select(Order).where(Order.kind == OrderKind.RETURN)))
    assert [each.amount for each in back] == [Decimal(40), Decimal(25)]


async def test_an_edit_keeps_what_it_was(w: World) -> None:
    """Another content in the form; the old one stands in the history, the totals follow."""
    await anna(w)
    await w.says(w.ann, "/crm order anna 3 x widget 20 EUR")
    await w.says(w.ann, "/crm refund 1001 15")
    await w.says(w.ann, "/crm order 1001")
    await form(w, "Edit")
    answer = await w.ann.submits({"lines": "1 x widget 10 EUR"})
    assert "€15 of order 1001" in answer.errors["lines"]
    await w.ann.submits({"lines": "2 x widget 25 EUR\n1 x lamp 5 EUR", "method": "cash"})
    said = await w.sees(w.ann, "is changed")

    assert "3 × widget" in said and "2 × widget" in said and "lamp" in said
    assert total(w) == (1, 4000, 1500)
    lines = w.look(lambda work: work.all(select(OrderLine)))
    assert sorted(each.description for each in lines) == ["lamp", "widget"]
    events = w.look(lambda work: [each.what for each in work.all(select(OrderEvent))])
    assert events == ["placed", "refund", "changed"]


async def test_what_is_cancelled_counts_nowhere(w: World) -> None:
    """By a button; pressing twice is once; placed again it counts again."""
    await anna(w)
    await w.says(w.ann, "/crm order anna 3 x widget 20 EUR")
    await w.ann.presses("Status", channel=w.support)
    await w.sees(w.ann, "How does order 1001 stand?")
    await w.ann.presses("cancelled", channel=w.support)
    await w.until(lambda: order(w).status == "cancelled")
    assert total(w) == (0, 0, 0)
    assert "cancelled already" in await w.says(w.ann, "/crm order 1001 cancelled")
    assert "is cancelled" in await w.says(w.ann, "/crm refund 1001 5")
    assert "delivered now" in await w.says(w.ann, "/crm order 1001 delivered")
    assert total(w) == (1, 6000, 0)


async def test_products_have_prices_that_orders_keep(w: World) -> None:
    """Added, used by a name typed wrongly, made dearer, retired; the form offers them."""
    assert "no products yet" in await w.says(w.ann, "/crm product list")
    assert "on sale" in await w.says(w.ann, "/crm product add Kettle, blue 49 EUR sku K-1 #kitchen")
    assert "number K-1" in await w.says(w.ann, "/crm product add Other 5 EUR sku K-1")
    await anna(w)
    said = await w.says(w.ann, "/crm order anna 2 x ketle blue")
    assert "2 × Kettle, blue · €49 = €98" in said
    assert "€59" in await w.says(w.ann, "/crm product edit Kettle 59 EUR")
    assert order(w).amount == Decimal(98)
    await w.ann.command("/crm order anna", channel=w.support)
    await w.until(lambda: w.ann.modal)
    answer = await w.ann.submits({"lines": "", "product": "–"})
    assert "What was bought" in answer.errors["lines"]
    await w.ann.submits({"product": "Kettle, blue · €59", "quantity": "2", "method": "card"})
    await w.sees(w.ann, "Order 1002")
    assert order(w, "1002").amount == Decimal(118)
    assert "no longer" in await w.says(w.ann, "/crm product retire K-1")
    assert "cost?" in await w.says(w.ann, "/crm order anna 2 x Kettle")
    assert "on sale again" in await w.says(w.ann, "/crm product restore K-1")
    product = w.look(lambda work: work.first(select(Product)))
    assert product is not None and product.active


async def test_customers_are_compared_by_recency_frequency_and_money(both: World) -> None:
    """A grid with counts, a cell with its people, each currency for itself."""
    w = both
    assert "Nobody has bought" in await w.says(w.ann, "/crm rfm")
    for times, name in enumerate(("Ben Ode", "Cleo Fox", "Di Ray", "Ed Orr", "Anna Lee"), 1):
        await anna(w, name)
        for _ in range(times):
            w.store.write(partial(bought, name=name, price=10 * times))
    await w.says(w.ann, "/crm order anna kettle 50 USD")
    said = await w.says(w.ann, "/crm rfm")
    assert "5 customers, €550" in said and "only 5 customers to compare with" in said
    assert "R1 :   1   1   1   1   1" in said and "USD" in said
    cell = await w.says(w.ann, "/crm rfm x5x")
    assert "Anna Lee" in cell and "5 orders · €250" in cell and "Ben Ode" not in cell
    assert "no cell" in await w.says(w.ann, "/crm rfm 999")
    assert "$50" in await w.says(w.ann, "/crm rfm usd")
