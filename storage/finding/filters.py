"""Filters as people type them: `tag:vip owner:me city:berlin spent>1000 silent>30d`."""

import re
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


Value = str | Decimal | timedelta | datetime

_ALSO = {
    "标签": Key.TAG, "负责人": Key.OWNER, "城市": Key.CITY, "公司": Key.COMPANY, "语言": Key.LANG,
    "阶段": Key.STAGE, "来源": Key.SOURCE, "有": Key.HAS, "消费": Key.SPENT, "沉默": Key.SILENT,
    "创建": Key.CREATED, "language": Key.LANG, "added": Key.CREATED,
}  # fmt: skip
_FILTER = re.compile(r'(?<!\S)(-?)(\w+)(:|：|>=|<=|>|<|=)("[^"]*"|[^\s"]+)')
_LENGTH = re.compile(r"(\d{1,5})([dwmy天周月年])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365, "天": 1, "周": 7, "月": 30, "年": 365}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_ORDERED = (Key.SPENT, Key.SILENT, Key.CREATED)
MOST = 12


@dataclass(frozen=True)
class Filter:
    """One condition. `sign` is ":" for plain words, otherwise ">", ">=", "<", "<="."""

    key: Key
    sign: str
    value: Value
    negated: bool = False


def parse(line: str) -> tuple[str, tuple[Filter, ...]]:
    """The words to look for and the filters of a line, at most `MOST`.

    What looks like a filter but has an unknown name stays among the words. Raises
    Refused("filter.wrong") for a value that cannot be meant.
    """
    found: list[Filter] = []
    words = []
    end = 0
    for match in _FILTER.finditer(line):
        negated, name, sign, value = match.groups()
        key = _key(name.lower())
        if key is None or len(found) == MOST:
            continue
        words.append(line[end : match.start()])
        end = match.end()
        found.append(_filter(key, sign, value.strip('"'), bool(negated)))
    words.append(line[end:])
    return " ".join(" ".join(words).split()), tuple(found)


def _key(name: str) -> Key | None:
    return Key(name) if name in set(Key) else _ALSO.get(name)


def _filter(key: Key, sign: str, value: str, negated: bool) -> Filter:
    sign = ":" if sign in ("：", "=") else sign
    if key not in _ORDERED:
        if sign != ":":
            raise Refused("filter.wrong", filter=f"{key}{sign}{value}"[:60])
        return Filter(key, ":", value.lower()[:64], negated)
    read = _amount(value) if key is Key.SPENT else _length(value)
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
