"""The lines of an order: what people type is read, and rubbish is read as something or nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import positions

METHODS = ("card", "bank transfer", "微信")


def read(line: str) -> positions.Typed:
    """A line in a shop that sells one thing whose name ends with a number."""
    return positions.read(line, lambda what: what.casefold() == "iphone 15", METHODS)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("3 x widget 19.90 EUR", [("3", "widget", "19.90", "EUR")]),
        ("3x widget @ 19,90 €", [("3", "widget", "19.90", "EUR")]),
        ("widget x3 19.90", [("1", "widget x3", "19.90", None)]),
        (
            "widget 5 EUR each, 2 x lamp €7",
            [("1", "widget", "5", "EUR"), ("2", "lamp", "7", "EUR")],
        ),
        ("Kettle, blue 49 EUR", [("1", "Kettle, blue", "49", "EUR")]),
        ("2 iPhone 15", [("2", "iPhone 15", None, None)]),
        ("iPhone 15", [("1", "iPhone 15", None, None)]),
        (
            "3个水壶 199元，2台打印机 5万元",
            [("3", "水壶", "199", "CNY"), ("2", "打印机", "50000", "CNY")],
        ),
        (
            "0.5 x consulting 100 EUR; mug 3 EUR",
            [("0.5", "consulting", "100", "EUR"), ("1", "mug", "3", "EUR")],
        ),
    ],
)
def test_lines_are_read_as_people_write_them(
    line: str, wanted: list[tuple[str, str, str | None, str | None]]
) -> None:
    """Pieces, thing, price of one and currency, in English and Chinese."""
    found = [
        (
            each.quantity,
            each.what,
            each.price.value if each.price else None,
            each.price.currency if each.price else None,
        )
        for each in read(line).positions
    ]

    assert found == [
        (Decimal(quantity), what, Decimal(price) if price else None, currency)
        for quantity, what, price, currency in wanted
    ]


def test_the_end_of_a_line_says_how_and_when() -> None:
    """Paid and by what, the day, the shop's own number; nothing of it stays in the thing."""
    typed = read("mug 5 EUR paid bank transfer on 3 Nov #A-7")
    assert (typed.paid, typed.method, typed.day, typed.number) == (
        *(True, "bank transfer"),
        *("3 Nov", "A-7"),
    )
    assert typed.positions[0].what == "mug"
    assert read("mug 5 EUR card").method == "card"
    assert not read("mug 5 EUR card").paid
    assert read("杯子 5元 已付款 微信").method == "微信"
    assert read("mug 5 EUR paid shells").method == "shells"
    assert read("book on chess 9 EUR").positions[0].what == "book on chess"


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(line: str) -> None:
    """No line is too odd: there are pieces of something, or nothing at all."""
    for each in read(line).positions:
        assert each.quantity >= 0
        assert each.price is None or each.price.value >= 0
