"""Amounts of money as people write them: "5k", "€5,000", "1.5m USD", "5万", "5000元".

An amount is counted in the currency's smallest unit, so that sums are exact.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# Beyond this it is a slip of the finger, and no sum of so many would fit its column.
LARGEST = Decimal(10) ** 12

# A bare $ or ¥ is whatever most people mean by it; the longer ones are looked for first.
_SIGNS = {
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "CA$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "R$": "BRL",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "￥": "CNY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₴": "UAH",
    "₫": "VND",
    "₪": "ILS",
    "zł": "PLN",
}
# In small letters these are no other word; every other code must stand in capitals.
_WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "pounds": "GBP",
    "yuan": "CNY",
    "rmb": "CNY",
    "yen": "JPY",
    "人民币": "CNY",
    "元": "CNY",
    "块": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港币": "HKD",
    "港元": "HKD",
    "新台币": "TWD",
    "台币": "TWD",
    "新币": "SGD",
    "卢布": "RUB",
    "韩元": "KRW",
} | {code.lower(): code for code in "EUR USD GBP CNY CHF JPY HKD AUD CAD SGD INR PLN SEK".split()}

_SCALES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "bn": 9,
    "billion": 9,
    "千": 3,
    "万": 4,
    "萬": 4,
    "w": 4,
    "百万": 6,
    "千万": 7,
    "亿": 8,
}

_NUMBER = r"\d{1,3}(?:[,.'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_SIGN = "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))
_CJK = "|".join(sorted((word for word in _WORDS if not word.isascii()), key=len, reverse=True))
_LATIN = "|".join(sorted((word for word in _WORDS if word.isascii()), key=len, reverse=True))
_NAMED = rf"(?:[A-Z]{{3}}|(?i:{_LATIN}))(?![A-Za-z])"
_SCALE_ASCII = "thousand|million|billion|mio|mn|bn|k|m|w"
_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGN})\s*|(?<![A-Za-z])(?P<before>{_NAMED})\s*|(?<![\w.,/:+-]))"
    rf"(?P<number>{_NUMBER})"
    rf"(?:\s?(?P<scale>百万|千万|亿|万|萬|千|(?i:{_SCALE_ASCII})(?![A-Za-z])))?"
    rf"(?:\s?(?P<behind>{_SIGN}|{_CJK}|{_NAMED}))?"
    r"(?![\w%/:-]|[.,]\d)"
)
# What Chinese writes without a space goes on at once: 5万网站改版.
_AMOUNT_CJK = re.compile(_AMOUNT.pattern.removesuffix(r"(?![\w%/:-]|[.,]\d)"))
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A figure without a currency behind one of these is part of a date.
_OF_A_DATE = re.compile(
    r"(?<![a-z])(?:close|closes|closing|by|due|until|expected)(?![a-z])|截止|预计|成交",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Amount:
    """A sum of money and where it was said; without a currency the house's own is meant."""

    value: Decimal
    currency: str | None = None
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.value:f} {self.currency or ''}".strip()


@lru_cache(maxsize=512)
def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows a code."""
    from babel.numbers import is_currency as known

    return len(code) == 3 and code.isascii() and code.isupper() and known(code)


@lru_cache(maxsize=512)
def digits_of(currency: str) -> int:
    """How many digits a currency has behind the point."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def in_units(value: Decimal, currency: str) -> int:
    """How many of the currency's smallest unit that is, rounded half up."""
    return int(
        (value.scaleb(digits_of(currency)) + Decimal("0.5")).to_integral_value("ROUND_FLOOR")
    )


def of_units(units: int, currency: str) -> Decimal:
    """The amount that so many of the smallest unit are."""
    return Decimal(units).scaleb(-digits_of(currency))


def find(text: str) -> Amount | None:
    """The amount that a text names: one with a currency before any other number.

    A bare number counts when it is large or the last word; "24 laptops" is no amount.
    """
    text = text[:4000]
    dated = _OF_A_DATE.search(text)
    date_from = dated.start() if dated is not None else len(text)
    text_ends = len(text.rstrip())
    large: Amount | None = None
    for found in _matches(text):
        amount = _read(found)
        if amount is None:
            continue
        if amount.currency is not None or found["scale"]:
            return amount
        if amount.start < date_from and (amount.value >= 100 or amount.end >= text_ends):
            large = large or amount
    return large


def whole(text: str) -> Amount | None:
    """The amount that a text is, with nothing beside it."""
    found = _AMOUNT.fullmatch(text.strip())
    return _read(found) if found is not None else None


def _matches(text: str) -> list[re.Match[str]]:
    return list(_AMOUNT.finditer(text)) or [
        found
        for found in _AMOUNT_CJK.finditer(text)
        if (found["scale"] or found["behind"])
        and _HAN.match(found[0][-1])
        and _HAN.match(text[found.end() :])
    ]


def _read(found: re.Match[str]) -> Amount | None:
    number, scale = found["number"], (found["scale"] or "").lower()
    value = Decimal(_plain(number, bool(scale)))
    if scale:
        value = value.scaleb(_SCALES[scale])
    named = found["behind"] or found["before"] or found["sign"]
    currency = _currency(named) if named else None
    start, end = found.span()
    if named and currency is None:
        # Three capitals that are no currency are a word of the text: "5000 CRM licences".
        if found["behind"] is None:
            start = found.start("number")
        else:
            end = found.start("behind")
    return Amount(value, currency, start, end) if value <= LARGEST else None


def _currency(named: str) -> str | None:
    code = _SIGNS.get(named) or _WORDS.get(named.lower()) or named
    return code if is_currency(code) else None


def _plain(number: str, scaled: bool) -> str:
    """The number as Decimal reads it.

    The last of two kinds of marks is the point, and so is a mark before other than three digits.
    """
    number = re.sub(r"['’\u00a0\u202f ]", "", number)
    marks = [char for char in number if char in ",."]
    if not marks:
        return number
    last = max(number.rfind(","), number.rfind("."))
    behind = len(number) - last - 1
    is_point = len(set(marks)) == 2 or (len(marks) == 1 and (behind != 3 or scaled))
    if not is_point:
        return number.replace(",", "").replace(".", "")
    return number[:last].replace(",", "").replace(".", "") + "." + number[last + 1 :]
