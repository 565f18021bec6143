"""Holidays by their Chinese names: those of a date, those by the moon, and days beside them."""

from datetime import date, timedelta

from handlers.when.chinese.days import year_said
from handlers.when.chinese.words import NUMBER, WEEK, WEEKDAY, number_of, weekday_of
from handlers.when.said import Grammar, Match, Piece, Speaker, calendar_day, weekday_near

HOLIDAYS = Grammar("", "")

_BY_DATE = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "愚人节": (4, 1),
    "劳动节": (5, 1),
    "五一": (5, 1),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "万圣节": (10, 31),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "三八节": (3, 8),
    "平安夜": (12, 24),
    "圣诞前夜": (12, 24),
    "圣诞夜": (12, 24),
    "跨年夜": (12, 31),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
}
# The days by the moon, month and day of each year from 2025 on.
_FIRST_YEAR = 2025
_BY_MOON = {
    "春节": "0129 0217 0206 0126 0213 0203 0123 0211 0131 0219 0208 0128 0215 0204 0124 0212",
    "元宵": "0212 0303 0220 0209 0227 0217 0206 0225 0214 0305 0222 0211 0301 0218 0207 0226",
    "端午": "0531 0619 0609 0528 0616 0605 0624 0612 0601 0620 0610 0530 0618 0607 0527 0614",
    "七夕": "0829 0819 0808 0826 0816 0805 0824 0812 0801 0820 0810 0828 0817 0807 0826 0814",
    "中秋": "1006 0925 0915 1003 0922 0912 1001 0919 0908 0927 0916 1004 0924 0913 1002 0920",
    "重阳": "1029 1018 1008 1026 1016 1005 1024 1012 1001 1020 1009 1027 1017 1007 1026 1014",
}
# Of a holiday of a week only its first day, and days counted from it, are days to be sure of.
_OF_A_WEEK = ("国庆", "春节")
_EVES = ("除夕", "大年三十", "年三十")
_EVERY = sorted((*_BY_DATE, *_BY_MOON, "清明", *_EVES), key=len, reverse=True)
_NAMES = "|".join(_EVERY)
_OF_A_DAY = "|".join(name for name in _EVERY if name not in _OF_A_WEEK)
_SURE = "|".join(name for name in _EVERY if name in _BY_DATE and name not in _OF_A_WEEK)
_COUNTED = rf"{NUMBER}(?:天|周|个?星期|个?礼拜)"


def _day(name: str, year: int) -> date:
    """The day of that holiday. Raises ValueError for a year that the table does not hold."""
    if name in _BY_DATE:
        return date(year, *_BY_DATE[name])
    if name == "清明":
        # The sun reaches 15° on the 4th or 5th of April; the formula holds for this century.
        short = year % 100
        return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)
    if name in _EVES:
        return _day("春节", year) - timedelta(days=1)
    days = _BY_MOON[name].split()
    if not 0 <= year - _FIRST_YEAR < len(days):
        raise ValueError("The table ends before that year.")
    said = days[year - _FIRST_YEAR]
    return date(year, int(said[:2]), int(said[2:]))


def _to_come(name: str, speaker: Speaker) -> date:
    day = _day(name, speaker.today.year)
    return day if day >= speaker.today else _day(name, speaker.today.year + 1)


@HOLIDAYS.says(
    rf"(?<!.)([今明后来]年)?({_SURE})节?[当那]?天?(?=\s*\Z|(?!前{_COUNTED})[前上下早晚中到至])",
    rf"(?<!.)([今明后来]年)?({_OF_A_DAY})节?(?=[上下早晚中到至])",
    rf"([今明后来]年)?({_NAMES})节?(?:[当那]天)",
    rf"([今明后来]年)?({_OF_A_DAY})节?(?=之?前(?!{_COUNTED}|[一两]?天))",
)
def holiday(match: Match, speaker: Speaker) -> Piece | None:
    name = match[2]
    if match[1]:
        return Piece(days=(_day(name, year_said(match[1][0], speaker)),))
    if name in _BY_DATE:
        return calendar_day(*_BY_DATE[name], speaker)
    return Piece(days=(_to_come(name, speaker),))


@HOLIDAYS.says(r"(?:(?:大年|正月)初|正月)(十[一二三四五]|[一二三四五六七八九十])")
def day_of_the_new_year(match: Match, speaker: Speaker) -> Piece:
    """大年初三 is the third day of the year by the moon."""
    away = timedelta(days=number_of(match[1]) - 1)
    first = _day("春节", speaker.today.year)
    if first + away < speaker.today:
        first = _day("春节", speaker.today.year + 1)
    return Piece(days=(first + away,))


@HOLIDAYS.says(rf"({_NAMES})节?的?(前|后){NUMBER}(天|周|个?星期|个?礼拜)")
def beside_a_holiday(match: Match, speaker: Speaker) -> Piece:
    """So many days before it, or after its first day."""
    days = number_of(match[3]) * (1 if match[4] == "天" else 7)
    away = timedelta(days=days if match[2] == "后" else -days)
    return Piece(days=(_to_come(match[1], speaker) + away,))


@HOLIDAYS.says(
    rf"(?P<name>{_NAMES})节?(?:之?|以)(?P<side>前)的?(?:最后一?个|那个)?{WEEK}(?P<day>{WEEKDAY[1:-1]})",
    rf"(?P<name>{_OF_A_DAY})节?(?:之?|以)(?P<side>后)的?(?:第一个|头一个|那个)?{WEEK}"
    rf"(?P<day>{WEEKDAY[1:-1]})",
)
def weekday_beside(match: Match, speaker: Speaker) -> Piece:
    """圣诞节前的周一; after a holiday of a week nobody knows how long it is this year."""
    day = _to_come(match["name"], speaker)
    beside = weekday_near(weekday_of(match["day"]), match["side"] == "前", day)
    if beside < speaker.today:
        day = _day(match["name"], day.year + 1)
        beside = weekday_near(weekday_of(match["day"]), match["side"] == "前", day)
    return Piece(days=(beside,))
