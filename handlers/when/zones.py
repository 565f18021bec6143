"""A zone said with a time: "3pm London time", "17:00 CET", 北京时间下午三点."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from handlers.when.said import When
from handlers.when.words import Words

# Whole countries with one clock, and places that the standard's list calls by another name.
_PLACES = {
    "Europe/London": "uk british britain england 伦敦 倫敦 英国",
    "Europe/Paris": "french france 巴黎 法国",
    "Europe/Berlin": "german germany munich frankfurt hamburg cologne central|european 柏林 慕尼黑"
    " 法兰克福 德国 中欧",
    "Europe/Zurich": "swiss switzerland geneva basel bern 苏黎世 日内瓦 瑞士",
    "Europe/Rome": "italian italy milan 罗马 米兰 意大利",
    "Europe/Madrid": "barcelona 马德里",
    "Europe/Amsterdam": "dutch netherlands 阿姆斯特丹 荷兰",
    "Europe/Vienna": "austrian austria 维也纳",
    "Europe/Moscow": "莫斯科",
    "Asia/Shanghai": "beijing china chinese shenzhen guangzhou hangzhou 北京 上海 深圳 广州 中国",
    "Asia/Hong_Kong": "hk 香港",
    "Asia/Taipei": "taiwan 台北 臺北 台湾 台灣",
    "Asia/Tokyo": "japan japanese osaka 东京 東京 日本",
    "Asia/Seoul": "korea korean 首尔 首爾 韩国",
    "Asia/Singapore": "新加坡",
    "Asia/Bangkok": "thai thailand 曼谷 泰国",
    "Asia/Kuala_Lumpur": "吉隆坡",
    "Asia/Dubai": "迪拜 杜拜",
    "Asia/Kolkata": "india indian mumbai delhi new|delhi bangalore 印度 孟买",
    "Australia/Sydney": "悉尼",
    "Australia/Melbourne": "墨尔本",
    "Pacific/Auckland": "奥克兰",
    "America/New_York": "boston washington miami atlanta nyc eastern eastern|standard us|eastern"
    " east|coast 纽约 紐约 华盛顿 波士顿 美东 美国东部",
    "America/Chicago": "dallas houston austin us|central 芝加哥 休斯顿",
    "America/Denver": "us|mountain 丹佛",
    "America/Los_Angeles": "san|francisco seattle la sf california pacific pacific|standard"
    " us|pacific west|coast 洛杉矶 洛杉磯 旧金山 西雅图 硅谷 美西 美国西部 太平洋",
    "America/Toronto": "多伦多",
    "America/Vancouver": "温哥华",
    "America/Sao_Paulo": "圣保罗",
    "America/Argentina/Buenos_Aires": "buenos|aires",
    "UTC": "utc gmt greenwich 格林尼治 格林威治 世界 世界协调",
}
# Behind a time of the day. IST and CST are each the name of several zones, so they are asked.
_SHORT = {
    "utc": "UTC",
    "gmt": "UTC",
    "bst": "Europe/London",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "eet": "Europe/Athens",
    "eest": "Europe/Athens",
    "msk": "Europe/Moscow",
    "est": "America/New_York",
    "edt": "America/New_York",
    "et": "America/New_York",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "jst": "Asia/Tokyo",
    "hkt": "Asia/Hong_Kong",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
}
# These hold in winter as in summer.
_ALL_YEAR = ("utc", "gmt", "et", "pt")
_CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_ALSO_WORDS = ("christmas", "easter", "wake", "north", "south", "west", "act", "midway", "center")

_MAY_NAME_ONE = Words(rf"time|时间|(?<![a-z])(?:{'|'.join(_SHORT)})(?![a-z])")
_TIME = Words(
    r"[\s,]{0,3}\(?\s?(?<![a-z])([a-z]{2,12}(?:[ -][a-z]{2,12}){0,2})"
    r"(?:[ -]|'s )time(?: ?zone)?(?![a-z])\)?"
)
_ABBREVIATED = Words(
    rf"(?:(?<=[0-9])|(?<=[ap]m)|(?<=noon)|(?<=clock))\s?\(?({'|'.join(_SHORT)})(?![a-z0-9+-])\)?"
)
# "At 3pm in the Paris time zone".
_BEFORE_A_PLACE = re.compile(r"(?:(?<![a-z])(?:in|by|the) ?){1,2}\Z")
_IN_CHINESE = Words(r"[(]?([\u4e00-\u9fff]{2,5})(?:的?当地)?的?时间(?:的|是|为)?[:,，]?\s?[)]?")


@dataclass(frozen=True)
class Named:
    """A zone, where it was named, and the abbreviation that it was named by."""

    start: int
    end: int
    zone: ZoneInfo
    short: str = ""


@cache
def known_zones() -> dict[str, str]:
    """The zone of each city of the standard's list, and of the places above."""
    cities = {}
    for name in sorted(available_timezones()):
        continent, _, city = name.partition("/")
        plain = city.replace("_", " ").lower()
        if continent in _CONTINENTS and "/" not in city and plain not in _ALSO_WORDS:
            cities[plain] = name
    for name, places in _PLACES.items():
        cities |= {place.replace("|", " "): name for place in places.split()}
    return cities


def named_zone(heard: str) -> Named | None:
    """The one zone that the text names; None when it names none or several."""
    if not _MAY_NAME_ONE.search(heard):
        return None
    named = [*_abbreviated(heard), *_in_english(heard), *_in_chinese(heard)]
    return named[0] if len(named) == 1 else None


def _abbreviated(heard: str) -> list[Named]:
    return [
        Named(found.start(), found.end(), ZoneInfo(_SHORT[found[1]]), found[1])
        for found in _ABBREVIATED.finditer(heard)
        if not heard.startswith(" time", found.end())
    ]


def _in_english(heard: str) -> list[Named]:
    named = []
    for found in _TIME.finditer(heard):
        words = found[1].split()
        # "9am new york time": the longest name counts.
        for count in range(len(words)):
            place = " ".join(words[count:])
            if place in known_zones():
                own = len(_BEFORE_A_PLACE.sub("", " ".join(words[:count])))
                start = found.start(1) + own if own else found.start()
                named.append(Named(start, found.end(), ZoneInfo(known_zones()[place])))
                break
    return named


def _in_chinese(heard: str) -> list[Named]:
    named = []
    for found in _IN_CHINESE.finditer(heard):
        for count in range(len(found[1]) - 1):
            if found[1][count:] in known_zones():
                start = found.start(1) + count if count else found.start()
                named.append(Named(start, found.end(), ZoneInfo(known_zones()[found[1][count:]])))
                break
    return named


def there(now: datetime, named: Named, zone: ZoneInfo) -> datetime:
    """What clocks in that zone show now."""
    return now.replace(tzinfo=zone).astimezone(named.zone).replace(tzinfo=None)


def by_own_clock(when: When, named: Named, zone: ZoneInfo) -> When | None:
    """The moment by the speaker's clock; None for whole days and what repeats in another zone.

    "3pm EST" in July is named after the winter's clock: nobody knows which of the two is meant.
    """
    if not when.has_time or (when.rule and named.zone.key != zone.key):
        return None
    if named.short and named.short not in _ALL_YEAR:
        name = when.wall.replace(tzinfo=named.zone).tzname() or ""
        if name.lower() != named.short:
            return None

    def own(wall: datetime) -> datetime:
        moment = wall.replace(tzinfo=named.zone).astimezone(UTC)
        return moment.astimezone(zone).replace(tzinfo=None)

    others = tuple(own(wall) for wall in when.alternatives)
    return replace(
        when, wall=own(when.wall), alternatives=others, until=when.until and own(when.until)
    )


def in_the_whole(when: When, named: Named, heard: str) -> When:
    """The moment that was read without the zone's name, placed in the text that has it."""
    gone = named.end - named.start - 1
    start = when.start + gone if when.start > named.start else when.start
    end = when.end + gone if when.end > named.start else when.end
    if not heard[end : named.start].strip(" ,"):
        end = max(end, named.end)
    if not heard[named.end : start].strip(" ,"):
        start = min(start, named.start)
    return replace(when, start=start, end=end)
