"""Dates as tables and cards hold them; what 3/4 means is decided over a whole column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache


class Order(StrEnum):
    """Whether the day or the month comes first."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass
class Evidence:
    """What the values of a column have told of their order so far."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0

    def hear(self, text: str) -> None:
        """Take a value into account."""
        found = _SHORT.match(text.strip()) or _DAY_AND_MONTH.match(text.strip())
        if found is None or found[2] == ".":
            return
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            self.day_first += 1
        elif second > 12 >= first:
            self.month_first += 1
        elif first != second:
            self.either += 1

    @property
    def order(self) -> Order | None:
        """The order of the whole column; None when nothing decides, or its values disagree."""
        if self.day_first and not self.month_first:
            return Order.DAY_FIRST
        if self.month_first and not self.day_first:
            return Order.MONTH_FIRST
        return None

    @property
    def is_silent(self) -> bool:
        """Whether its values may be either, and do not disagree."""
        return self.either > 0 and not self.day_first and not self.month_first

    @property
    def is_open(self) -> bool:
        """Whether somebody must say what is meant."""
        return self.order is None and self.either > 0


def order_of(values: Iterable[str]) -> Evidence:
    """What a column tells."""
    evidence = Evidence()
    for value in values:
        evidence.hear(value)
    return evidence


_LONG = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:$|[T ].*)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*)?$")
_SHORT = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:$|[T ,].*)")
_WORDY = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.\-]+([A-Za-zé]+)\.?,?[\s\-]+(\d{4}|\d{2})(?:$|[ ,].*)"
)
_WORDY_US = re.compile(r"([A-Za-zé]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:$|[ ,].*)")
_NO_YEAR = re.compile(r"--?-?(\d{2})-?(\d{2})$|(\d{1,2})月(\d{1,2})[日号]$")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\.?$")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january januar|feb february februar|mar march märz|apr april|may mai|jun june juni|"
        "jul july juli|aug august|sep sept september|oct october okt oktober|nov november|"
        "dec december dez dezember".split("|"),
        start=1,
    )
    for name in names.split()
}
# In such years somebody may have been born who is our customer.
EARLIEST = 1900


class Ambiguous(Exception):
    """It may be either of two dates."""


@lru_cache(maxsize=8192)
def read(text: str, order: Order | None, today: date) -> date | None:
    """The date; None for what is none. Raises Ambiguous."""
    text = text.strip()
    for pattern in (_LONG, _COMPACT):
        found = pattern.match(text)
        if found:
            return _made(int(found[1]), int(found[2]), int(found[3]))
    found = _SHORT.match(text)
    if found:
        return _short(int(found[1]), found[2], int(found[3]), found[4], order, today)
    found = _WORDY.match(text)
    if found:
        return _made(_year(found[3], today), _month(found[2]), int(found[1]))
    found = _WORDY_US.match(text)
    if found:
        return _made(_year(found[3], today), _month(found[1]), int(found[2]))
    found = _SERIAL.match(text)
    if found:
        # A day as Excel counts them, in a cell that was not called a date; its hours do not count.
        return date(1899, 12, 30) + timedelta(days=int(found[1]))
    return None


def without_year(text: str, order: Order | None = None) -> str:
    """A birthday whose year is not told, as "--05-12"; "" for anything else. Raises Ambiguous."""
    short = _DAY_AND_MONTH.match(text.strip())
    if short:
        # The year of a leap day, so that each day of any year is one.
        whole = _short(int(short[1]), short[2], int(short[3]), "2000", order, date(2000, 1, 1))
        return f"--{whole.month:02}-{whole.day:02}" if whole else ""
    found = _NO_YEAR.match(text.strip())
    if found is None and text.strip().startswith("1604-"):
        # Apple's year for a birthday without one.
        found = _NO_YEAR.match("--" + text.strip()[5:10])
    if found is None:
        return ""
    month, day = int(found[1] or found[3]), int(found[2] or found[4])
    return f"--{month:02}-{day:02}" if _made(2000, month, day) else ""


def _short(
    first: int, mark: str, second: int, year: str, order: Order | None, today: date
) -> date | None:
    whole = _year(year, today)
    if mark == "." and second <= 12:
        # With points the day comes first wherever such dates are written.
        return _made(whole, second, first)
    if first > 12 or first == second:
        return _made(whole, second, first)
    if second > 12:
        return _made(whole, first, second)
    if order is None:
        raise Ambiguous
    day, month = (first, second) if order is Order.DAY_FIRST else (second, first)
    return _made(whole, month, day)


def _year(text: str, today: date) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return 2000 + year if 2000 + year <= today.year else 1900 + year


def _month(name: str) -> int:
    return _MONTHS.get(name.lower(), 0)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
