"""Lengths of time as Chinese says them: 三天后, 一个半小时后."""

from dateutil.relativedelta import relativedelta

from handlers.when.chinese.words import NO_NUMBER, NUMBER, SHORT, WEEK, number_of
from handlers.when.said import Grammar, Length, Match, Piece, Speaker, week_of

LENGTHS = Grammar("", "")
# Figures with a point or with English units: 1.5小时后, 30min后.
MIXED = Grammar("", "", r"[0-9]\s{0,3}[a-z]|[.点][5五]")

_WEEKDAY = f"{WEEK}[一二三四五六日天]"
_UNITS = r"(分钟|小时|钟头|(?<=个)钟|个?工作日|天|日|周|星期|礼拜|月|年|季度)"
_LENGTH = (
    rf"(?<![第每]){NO_NUMBER}(?:(半)个?(小时|钟头|钟|月|年)|{NUMBER}(个)?(半)?{_UNITS}(半)?"
    rf"(?:[又零加]?{SHORT}分钟?)?|([一三])刻钟)"
)

_HOURS = ("小时", "钟头", "钟")


def _length(match: Match, skipped: int = 0) -> Length:
    """The length in the groups of _LENGTH, which begin after those that are skipped."""
    said = match.groups()[skipped : skipped + 9]
    half, half_unit, count, _, middle, unit, end, minutes, quarters = said
    if half:
        return _half(half_unit)
    if quarters:
        return Length(relativedelta(minutes=15 * number_of(quarters)), fine=True)
    number = number_of(count)
    # 一年零两个月 is one length, and not two months.
    if not number or count[0] in "零〇":
        raise ValueError("No time at all is not a length.")
    length = _of(number, unit) + _half(unit) if middle or end else _of(number, unit)
    if minutes and unit not in _HOURS:
        raise ValueError("Only hours go on in minutes.")
    return length + _of(number_of(minutes), "分钟") if minutes else length


def _half(unit: str) -> Length:
    if unit in _HOURS:
        return Length(relativedelta(minutes=30), fine=True)
    halves = {"月": relativedelta(days=15), "年": relativedelta(months=6)}
    if unit not in halves:
        raise ValueError("Half of it has no agreed hour.")
    return Length(halves[unit])


def _of(number: int, unit: str) -> Length:
    if unit.endswith("工作日"):
        return Length(workdays=number)
    spans = {
        "分钟": relativedelta(minutes=number),
        "小时": relativedelta(hours=number),
        "钟头": relativedelta(hours=number),
        "钟": relativedelta(hours=number),
        "月": relativedelta(months=number),
        "年": relativedelta(years=number),
        "季度": relativedelta(months=3 * number),
        "天": relativedelta(days=number),
        "日": relativedelta(days=number),
    }
    span = spans.get(unit, relativedelta(weeks=number))
    return Length(span, fine=unit in ("分钟", *_HOURS))


@LENGTHS.says(
    rf"(?:从(?:今天|今日|现在)(?:起|开始)?[,，]?)?(?:再?过|等)?{_LENGTH}(?:之后|以后|后(?![天日])|过后)(?:的今[天日]|的(?=[上下早晚中]))?",
    rf"(?<!超)(?<!不)再?过{_LENGTH}(?![前多])",
    rf"{_LENGTH}(?:之内|以内|内)",
)
def ahead(match: Match, speaker: Speaker) -> Piece | None:
    # 过两天 by itself is "in a few days"; with 后 or 内 it counts.
    vague = match[0].endswith(("过两天", "过两个月", "过两周"))
    in_days = match[3] is not None and match[6] == "日" and len(match[3]) < 4
    if vague or (_is_date(match) and not in_days):
        return None
    return _length(match).after(speaker.now)


@MIXED.says(
    rf"{NO_NUMBER}([0-9]{{1,4}})()~(mins?|minutes?|h|hrs?|hours?|days?|weeks?)~(?:之后|以后|后|[之以]?内)",
    rf"{NO_NUMBER}{SHORT}(\.5|点五|点5)~个?(小时|钟头)(?:之后|以后|后|[之以]?内)",
)
def in_mixed_words(match: Match, speaker: Speaker) -> Piece:
    """30min后, 1.5小时后."""
    unit = {"m": "分钟", "h": "小时", "d": "天", "w": "周"}.get(match[3][0], "小时")
    length = _of(number_of(match[1]), unit)
    return (length + _half("小时") if match[2] else length).after(speaker.now)


@LENGTHS.says(rf"{_LENGTH}(?:之?后|以后)的(?={_WEEKDAY})")
def counted_from(match: Match, speaker: Speaker) -> Piece | None:
    """两周后的周一 is a Monday two weeks on: the one of that week."""
    length = _length(match)
    if length.fine or length.workdays:
        return None
    return Piece(days=(week_of(speaker.today + length.span),), is_week=True)


@LENGTHS.says(rf"{_LENGTH}(?:之前|以前|前(?!天))")
def ago(match: Match, speaker: Speaker) -> Piece | None:
    return None if _is_date(match) else _length(match).before(speaker.now)


# What takes place on a day or at a time, and so may stand between it and 前两天.
_EVENT = (
    r"(?:(?:演示会|视频会|电话会|客户会)议?|会议?|开会|会面|演示|面试|航班|飞机|火车|约会|预约|活动|课|培训|发布会?"
    r"|拜访|交货|发货|上线|到期日?|截止日?期?|展会|婚礼|考试|手术|会谈|评审|签约|聚餐)"
)


@LENGTHS.says(
    rf"的?之?([前后]){_LENGTH}(?![前后内])",
    rf"{_EVENT}的?之?([前后]){_LENGTH}(?![前后内])",
)
def behind_a_day(match: Match, _: Speaker) -> Piece | None:
    """12月1号前两周, 中午前半小时; by itself 前两天 is only some days ago."""
    length = _length(match, 1)
    if length.workdays or _is_date(match, 1):
        return None
    span = -length.span if match[1] == "前" else length.span
    if length.fine:
        return Piece(offset=span, is_behind=True, weak=True)
    return Piece(shift=span, is_behind=True, weak=True)


@LENGTHS.says(rf"提前{_LENGTH}(?![前后内左])", r"(?:第二|次)(?:天|日)()(?![上下早晚中])")
def from_there(match: Match, _: Speaker) -> Piece | None:
    """2月28号到期，提前一周提醒我: counted from what was said first."""
    if not match[0].startswith("提前"):
        return Piece(shift=relativedelta(days=1), is_behind=True, weak=True)
    length = _length(match)
    if length.workdays or _is_date(match):
        return None
    if length.fine:
        return Piece(offset=-length.span, is_behind=True, weak=True)
    return Piece(shift=-length.span, is_behind=True, weak=True)


@LENGTHS.says(rf"\A{_LENGTH}\Z")
def length_alone(match: Match, speaker: Speaker) -> Piece | None:
    """A text that is only a length, such as the 两小时 of a snooze."""
    return None if _is_date(match) else _length(match).after(speaker.now)


def _is_date(match: Match, skipped: int = 0) -> bool:
    """12月 and 15日 are dates; a length says 12个月 and 15天."""
    count, counted, _, unit = match.groups()[skipped + 2 : skipped + 6]
    return count is not None and ((unit == "月" and not counted) or unit == "日" or len(count) == 4)
