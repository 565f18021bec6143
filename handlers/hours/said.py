"""Opening hours as people write them: "mon-fri 9:00-12:30 13:30-18:00", "周一至周五 9-18"."""

import re
from dataclasses import dataclass

from handlers.hours.week import DAY, Block

_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}
_GROUPS = {
    "daily": range(7),
    "everyday": range(7),
    "every day": range(7),
    "weekdays": range(5),
    "workdays": range(5),
    "weekends": range(5, 7),
    "weekend": range(5, 7),
    "每天": range(7),
    "每日": range(7),
    "工作日": range(5),
    "平日": range(5),
    "周末": range(5, 7),
    "週末": range(5, 7),
}
_CLOSED = ("closed", "close", "off", "none", "休息", "不上班", "关闭", "休", "关")
_ALWAYS = ("24/7", "always", "全天候")
_ALL_DAY = ("24h", "all day", "全天")

_DASHES = re.compile(r"\s*(?:[-–—−~～]|\bto\b|\btill\b|\buntil\b|至|到)\s*")
_COMMAS = re.compile(r"[,;，、；]|\band\b|和")
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|(?:星期|礼拜|周|週)[一二三四五六日天]"
_DAYS = re.compile(rf"({_DAY})(?:-({_DAY}|[一二三四五六日天]))?")
_CLOCK = r"(\d{1,2})(?:[:：.](\d{2})|[点點](半)?)?\s?(am|pm|a\.m\.|p\.m\.)?"
_TIMES = re.compile(rf"{_CLOCK}-{_CLOCK}(?![\d:])")


class Unclear(ValueError):
    """Something stands there that is no day and no time; `args[0]` is what."""


@dataclass(frozen=True)
class Said:
    """What was said about the days of the week: the blocks of each day that was named."""

    days: dict[int, tuple[Block, ...]]


def read(text: str) -> Said:
    """The hours that a text speaks of. Raises Unclear."""
    heard = _COMMAS.sub(" ", _DASHES.sub("-", text.strip().casefold()))
    if heard in _ALWAYS:
        return Said(dict.fromkeys(range(7), ((0, DAY),)))
    days: dict[int, tuple[Block, ...]] = {}
    named: list[int] = []
    blocks: list[Block] = []
    settled = True
    while heard := heard.strip():
        spoken, rest = _spoken_days(heard)
        if spoken:
            if settled and named:
                days |= dict.fromkeys(named, merged(blocks))
                named, blocks = [], []
            named, settled, heard = [*named, *spoken], False, rest
            continue
        found, heard = _spoken_times(heard)
        blocks, settled = [*blocks, *found], True
    if not named or not settled:
        raise Unclear(text[:40])
    return Said(days | dict.fromkeys(named, merged(blocks)))


def read_times(text: str) -> tuple[Block, ...]:
    """The hours of one day. Raises Unclear."""
    heard = _COMMAS.sub(" ", _DASHES.sub("-", text.strip().casefold()))
    blocks: list[Block] = []
    while heard := heard.strip():
        found, heard = _spoken_times(heard)
        blocks += found
    return merged(blocks)


def leading_times(text: str) -> tuple[tuple[Block, ...], str]:
    """The hours with which a text begins, and what follows: ((), text) when it does with none."""
    heard = text.strip()
    blocks: list[Block] = []
    # Only the dashes inside of times are evened out; the rest is somebody's words.
    while found := re.match(rf"{_CLOCK}\s*[-–—−~～至到]\s*{_CLOCK}(?![\d:])", heard, re.IGNORECASE):
        blocks += read_times(found[0])
        heard = heard[found.end() :].lstrip(" ,，、")
    return merged(blocks), heard


def merged(blocks: list[Block]) -> tuple[Block, ...]:
    """Blocks in order, those that meet or overlap as one."""
    joined: list[Block] = []
    for start, end in sorted(blocks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _spoken_days(heard: str) -> tuple[list[int], str]:
    for word, group in _GROUPS.items():
        if heard.startswith(word):
            return list(group), heard[len(word) :]
    found = _DAYS.match(heard)
    if found is None:
        return [], heard
    first = _number(found[1])
    last = first if found[2] is None else _number(found[2])
    # fri-mon goes over the weekend.
    count = (last - first) % 7 + 1
    return [(first + each) % 7 for each in range(count)], heard[found.end() :]


def _number(day: str) -> int:
    if day[:3] in _ENGLISH:
        return _ENGLISH.index(day[:3])
    return _CHINESE[day[-1]]


def _spoken_times(heard: str) -> tuple[list[Block], str]:
    for word in _CLOSED:
        if heard.startswith(word):
            return [], heard[len(word) :]
    for word in _ALL_DAY:
        if heard.startswith(word):
            return [(0, DAY)], heard[len(word) :]
    found = _TIMES.match(heard)
    if found is None:
        raise Unclear(heard.split(maxsplit=1)[0][:40])
    start = _minutes(found[1], found[2], found[3], found[4])
    end = _minutes(found[5], found[6], found[7], found[8])
    if start in (DAY, end):
        raise Unclear(found[0])
    return [(start, end if end > start else end + DAY)], heard[found.end() :]


def _minutes(hour: str, minute: str | None, half: str | None, part: str | None) -> int:
    hours, minutes = int(hour), int(minute or (30 if half else 0))
    if part is not None:
        if not 1 <= hours <= 12:
            raise Unclear(f"{hour} {part}")
        hours = hours % 12 + (12 if part.startswith("p") else 0)
    found = hours * 60 + minutes
    if minutes > 59 or found > DAY:
        raise Unclear(f"{hour}:{minutes:02}")
    return found
