"""The lines of an order as people type them: "3 x widget 19.90 EUR, 2 mugs paid card on Monday"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from handlers import amounts
from handlers.amounts import Amount

_PIECES = "个|件|台|只|套|盒|本|张|瓶|把|条|双|份"
# A comma parts two lines when a number comes behind it: "Kettle, blue" is one product.
_BETWEEN = re.compile(
    rf"\s*[;；\n]\s*|\s+\+\s+|[,，、]\s*(?=\d+(?:[.,]\d+)?\s*(?:[x×*](?![a-z])|{_PIECES}))|[,，]\s+(?=\d+\s)"
)
_FIRST = re.compile(
    rf"(\d{{1,7}}(?:[.,]\d{{1,3}})?)(?:\s*[x×*]\s+|\s*[×*]|\s*(?:{_PIECES})\s*|\s+)(?=\S)"
)
_LAST = re.compile(r"\s+[x×*]\s?(\d{1,7})$")
_NUMBER = re.compile(r"(?:^|\s)[#＃]([\w./-]{1,48})")
_PAID = re.compile(
    r"(?:^|[\s,，;；])(?:(?P<paid>paid)(?:\s+(?:by|with|via|in))?|(?:by|via)(?=\s)|(?P<done>已付款?|已支付)|付款方式)"
    r"\s*[:：]?\s*(?P<how>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_DATED = re.compile(r"(?:^|\s)(?:on|dated|from|日期)\s*[:：]?\s*(?P<day>.+)$", re.IGNORECASE)
# What makes a day of what stands behind "on": "book on chess 9 EUR" names none.
_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)"
    r"|today|yesterday|tomorrow|\d{1,4}[./-]\d{1,2}|\d月|昨天|前天|今天|周|星期",
    re.IGNORECASE,
)
LONGEST_DAY = 30
_EACH = re.compile(r"\s*(?:@|each|at|à|a piece|apiece|每个|单价)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Position:
    """So many of a thing, and what one of it costs when that was said."""

    quantity: Decimal
    what: str
    price: Amount | None = None


@dataclass(frozen=True)
class Typed:
    """Everything that a line says about an order."""

    positions: tuple[Position, ...]
    number: str = ""
    paid: bool = False
    # How it was paid and when it was placed, as it was said.
    method: str = ""
    day: str = ""


def read(line: str, is_product: Callable[[str], bool], methods: tuple[str, ...]) -> Typed:
    """What a line says; `is_product` knows names that end with a number, "iPhone 15"."""
    number = _NUMBER.search(line)
    if number is not None:
        line = f"{line[: number.start()]} {line[number.end() :]}".strip()
    line, paid, method, day = _ending(line, methods)
    pieces = [each.strip(" ,，;；") for each in _BETWEEN.split(line)]
    found = tuple(position(each, is_product) for each in pieces if each)
    return Typed(found, number[1] if number else "", paid, method, day)


def _ending(line: str, methods: tuple[str, ...]) -> tuple[str, bool, str, str]:
    """The line without its end, whether it is paid, how, and the day that it names."""
    day = ""
    dated = _DATED.search(line)
    if dated is not None and _DAY.search(dated["day"][:LONGEST_DAY]):
        line, day = line[: dated.start()], dated["day"].strip()
    found = _PAID.search(line)
    if found is not None:
        said = bool(found["paid"] or found["done"])
        method = method_in(found["how"], methods)
        if method or said:
            return line[: found.start()], said, method or found["how"].strip(" ,.，。"), day
    # The last word alone may be the way it is paid: "mug 5 EUR card".
    for each in sorted(methods, key=len, reverse=True):
        if line.casefold().endswith(f" {each.casefold()}"):
            return line[: -len(each)], False, each, day
    return line, False, "", day


def method_in(text: str, methods: tuple[str, ...]) -> str:
    """The way to pay that a text names; empty for none of those that there are."""
    said = text.strip(" ,.，。").casefold()
    return next((each for each in methods if each.casefold() == said), "")


def position(text: str, is_product: Callable[[str], bool]) -> Position:
    """One line: number of pieces, thing, price of one."""
    quantity, rest = Decimal(1), text.strip()
    first = _FIRST.match(rest)
    price_first = amounts.find(rest)
    starts_with_price = (
        price_first is not None and price_first.start == 0 and price_first.currency is not None
    )
    if first is not None and not starts_with_price and not is_product(rest):
        quantity, rest = Decimal(first[1].replace(",", ".")), rest[first.end() :]
    last = _LAST.search(rest)
    if last is not None and first is None and not is_product(rest):
        quantity, rest = Decimal(last[1]), rest[: last.start()]
    if is_product(rest):
        return Position(quantity, rest)
    price = amounts.find(rest)
    if price is None:
        return Position(quantity, rest)
    name = f"{_EACH.sub('', rest[: price.start])} {rest[price.end :]}"
    name = re.sub(r"\s+(?:each|apiece|每个)\s*$", "", name, flags=re.IGNORECASE)
    return Position(quantity, " ".join(name.split()).strip(" ,，:：@"), price)
