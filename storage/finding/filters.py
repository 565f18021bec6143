"""Filters as people type them: `tag:vip owner:me city:berlin spent>1000 silent>30d`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from storage.errors import Refused


class Key(StrEnum):
    """What may be asked of a contact."""

    TAG = "tag"
    OWNER = "owner"
    CITY = "city"
    COMPANY = "company"
    LANG = "lang"
    STAGE = "stage"
    SOURCE = "source"
    HAS = "has"
    SPENT = "spent"
    SILENT = "silent"
    CREATED = "created"
    ORDERS = "orders"
    TICKETS = "tickets"
    DEALS = "deals"
    CSAT = "csat"
    AGE = "age"
    GENDER = "gender"
    SEGMENT = "segment"
    BOUGHT = "bought"
    RFM = "rfm"
    TIER = "tier"
    # A field of the team's own; which one says `Filter.name`.
    FIELD = "field"


Value = str | Decimal | timedelta | datetime

# The kinds of the team's own fields, by what they are kept as (see `storage.records.profiles`).
_COUNTED, _DATED = ("number", "money"), ("date",)

_ALSO = {
    "标签": Key.TAG, "负责人": Key.OWNER, "城市": Key.CITY, "公司": Key.COMPANY, "语言": Key.LANG,
    "阶段": Key.STAGE, "来源": Key.SOURCE, "有": Key.HAS, "消费": Key.SPENT, "沉默": Key.SILENT,
    "创建": Key.CREATED, "language": Key.LANG, "added": Key.CREATED, "订单": Key.ORDERS,
    "工单": Key.TICKETS, "商机": Key.DEALS, "满意度": Key.CSAT, "年龄": Key.AGE, "性别": Key.GENDER,
    "分组": Key.SEGMENT, "客户群": Key.SEGMENT,
    "买过": Key.BOUGHT, "分层": Key.RFM, "等级": Key.TIER,
}  # fmt: skip
_FILTER = re.compile(r'(?<!\S)(-?)(\w+)(:|：|>=|<=|>|<|=)("[^"]*"|[^\s"]+)')
_LENGTH = re.compile(r"(\d{1,5})([dwmy天周月年])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365, "天": 1, "周": 7, "月": 30, "年": 365}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_NUMBERS = (Key.SPENT, Key.ORDERS, Key.TICKETS, Key.DEALS, Key.CSAT, Key.AGE)
_ORDERED = (*_NUMBERS, Key.SILENT, Key.CREATED)
_NOT = re.compile(r"(?<!\S)(?:not|非|不是)\s+(?=-?\w+(?::|：|>=|<=|>|<|=))", re.IGNORECASE)
# What is none of these would find nobody, and nobody would see why.
_SHAPES = {
    Key.RFM: re.compile(r"[1-5x*]{3}"),
    Key.TIER: re.compile("gold|silver|bronze|none|[金银铜]牌?|无|-"),
}
MOST = 12


@dataclass(frozen=True)
class Filter:
    """One condition. `sign` is ":" for plain words, otherwise ">", ">=", "<", "<="."""

    key: Key
    sign: str
    value: Value
    negated: bool = False
    # For a field of the team's own: its key, and what kind of values it holds.
    name: str = ""
    kind: str = ""


def parse(line: str, own: Mapping[str, str] | None = None) -> tuple[str, tuple[Filter, ...]]:
    """The words to look for and the filters of a line, at most `MOST`.

    `own` are the team's own fields, each with its kind. What looks like a filter but has an unknown
    name stays among the words. Raises Refused("filter.wrong") for a value that cannot be meant.
    """
    found: list[Filter] = []
    words = []
    end = 0
    line = _NOT.sub("-", line).replace(" --", " ")
    for match in _FILTER.finditer(line):
        negated, name, sign, value = match.groups()
        name, value = name.lower(), value.strip('"')
        key = _key(name)
        is_own = key is None and own is not None and name in own
        if (key is None and not is_own) or len(found) == MOST:
            continue
        words.append(line[end : match.start()])
        end = match.end()
        if own is not None and is_own:
            found.append(_own(name, own[name], sign, value, bool(negated)))
        elif key is not None:
            found.append(_filter(key, sign, value, bool(negated)))
    words.append(line[end:])
    return " ".join(" ".join(words).split()), tuple(found)


def names_in(line: str) -> list[str]:
    """What looks like the name of a filter in a line, and is none of the usual ones."""
    return [match[2].lower() for match in _FILTER.finditer(line) if _key(match[2].lower()) is None]


def is_taken(name: str) -> bool:
    """Whether a name means something in filters already."""
    return _key(name) is not None


def _key(name: str) -> Key | None:
    if name == Key.FIELD:
        return None
    return Key(name) if name in set(Key) else _ALSO.get(name)


def _own(name: str, kind: str, sign: str, value: str, negated: bool) -> Filter:
    sign = ":" if sign in ("：", "=") else sign
    wrong = Refused("filter.wrong", filter=f"{name}{sign}{value}"[:60])
    if kind in _COUNTED:
        read: Value | None = _amount(value) if sign != ":" or value[:1].isdigit() else value.lower()
    elif kind in _DATED and sign != ":":
        read = _day(value)
    else:
        read = value.lower()[:64] if sign == ":" else None
    if read is None:
        raise wrong
    return Filter(Key.FIELD, sign, read, negated, name, kind)


def _filter(key: Key, sign: str, value: str, negated: bool) -> Filter:
    sign = ":" if sign in ("：", "=") else sign
    if key not in _ORDERED:
        shape = _SHAPES.get(key)
        if sign != ":" or (shape is not None and shape.fullmatch(value.lower()) is None):
            raise Refused("filter.wrong", filter=f"{key}{sign}{value}"[:60])
        return Filter(key, ":", value.lower()[:64], negated)
    read = _amount(value) if key in _NUMBERS else _length(value)
    if read is None and key is Key.CREATED:
        read = _day(value)
    if read is None:
        raise Refused("filter.wrong", filter=f"{key}{sign}{value}"[:60])
    return Filter(key, ">=" if sign == ":" else sign, read, negated)


def _amount(value: str) -> Decimal | None:
    plain = value.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"\d{1,12}(\.\d{1,4})?", plain, re.ASCII) else None


def _length(value: str) -> Value | None:
    found = _LENGTH.fullmatch(value.lower())
    return timedelta(days=min(int(found[1]) * _DAYS[found[2]], 36500)) if found else None


def _day(value: str) -> datetime | None:
    found = _DAY.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
