"""Times of the day as Chinese says them."""

import re
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from handlers.when.chinese.words import NO_NUMBER, PART, PART_OF_CLOCK, PARTS, SHORT, number_of
from handlers.when.said import (
    CLOSE,
    MORNING,
    NOON,
    SMALL_HOURS,
    Clock,
    Grammar,
    Match,
    Piece,
    Speaker,
    to_the_minute,
)

TIMES = Grammar("", "")

_THINGS = (
    r"(?!建议|意见|要求|问题|原因|理由|说明|内容|想法|看法|体会|希望|好处|缺点|优点|不同|区别|注意"
    r"|[事儿点都也小钱心没不]|改进|感受|总结|启示|共识|方案|措施|结论|疑问|反馈|进展|变化|[0-9])"
)
# A single character counts minutes only with its 分: 十二点一起吃饭 has none.
_FIGURES = (
    r"([0-9]{1,2}(?=分)|[0-9]{2}|[〇零一二两三四五六七八九十廿]{1,3}(?=分)"
    r"|[〇零一二三四五][一二三四五六七八九十]{1,2}|十[一二三四五六七八九]?)"
)
_MINUTES = rf"(?:(半)|([一三13])刻|{_FIGURES}(?![〇零一二两三四五六七八九十]?点)分?|整|钟)"
_CLEAR = re.compile(
    r"\s*(?:[之以]?前(?![提天])|\Z|[,.;!?、)]|开始|提醒|叫我|打给|打电话|开会|见面?|出发|结束|左右|联系|回电|过来"
    r"|[-\x7e到至]\s?[0-9一二两三四五六七八九十]{1,3}点)"
)
_BEFORE = re.compile(r"[在到于]\s?\Z")


@TIMES.says(
    rf"{PART_OF_CLOCK}\s?{SHORT}(?:点钟?|时)(?:过?{_MINUTES})?",
    rf"(?<![第有差好几]){NO_NUMBER}(){SHORT}(?:点过?|时(?=[0-9一二三四五]|半(?![会刻晌]))){_MINUTES}",
)
def clock(match: Match, _: Speaker) -> Piece:
    return _clock(match[1], match[2], match.groups()[2:])


def _clock(part: str | None, hour: str, minutes: tuple[str | None, ...]) -> Piece:
    half, quarters, figures = minutes
    minute = 30 if half else 15 * number_of(quarters) if quarters else number_of(figures or "0")
    number = number_of(hour)
    if number > 24 or minute > 59:
        raise ValueError("No such time.")
    said = Clock(number, minute, sure=number > 12 or number == 0)
    if part == "上午" and number == NOON.hour:
        return Piece(clock=said, part=NOON)
    return Piece(clock=said, part=PARTS[part] if part else None)


@TIMES.says(rf"(?<![第有差好几快慢多少大提讲列]){NO_NUMBER}{SHORT}点(?!钟|半|[一三]刻|整){_THINGS}")
def bare_hour(match: Match, _: Speaker) -> Piece:
    """三点 may also count three points, so in characters it needs a day, a 在 or the end."""
    string = match.string
    clear = _CLEAR.match(string, match.end()) or _BEFORE.search(string[: match.start()])
    alone = match[0] == string.strip()
    weak = not (match[1].isdigit() or (clear and (match[1] != "一" or alone)))
    return replace(_clock(None, match[1], (None, None, None)), weak=weak)


@TIMES.says(rf"{PART_OF_CLOCK}\s?([0-9]{{1,2}}):([0-5][0-9])(?![0-9:])")
def colon(match: Match, _: Speaker) -> Piece:
    return _clock(match[1], match[2], (None, None, match[3]))


@TIMES.says(rf"{NO_NUMBER}{SHORT}时(?![间候代常而刻段机光长效尚差]|[0-9一二三四五])")
def hour_beside_a_day(match: Match, _: Speaker) -> Piece:
    """15日18时 as notices write it; 时 has too many other meanings to stand alone."""
    return replace(_clock(None, match[1], (None, None, None)), weak=True)


@TIMES.says(rf"{PART}?\s?{NO_NUMBER}{SHORT}点?~[-\x7e到至]~{SHORT}点(?:(半)|整|钟)?(?![0-9])")
def from_one_to_another(match: Match, _: Speaker) -> Piece | None:
    """晚上9~11点: one 点 for both."""
    if "点" in match[0][: match[0].index(match[3], len(match[1] or "") + len(match[2]))]:
        return None
    begins = _clock(match[1], match[2], (None, None, None))
    return replace(begins, ends=_clock(None, match[3], (match[4], None, None)).clock)


@TIMES.says(rf"差(?:(一刻)|{SHORT}分){SHORT}点")
def before_the_hour(match: Match, _: Speaker) -> Piece:
    hour = (number_of(match[3]) - 2) % 12 + 1
    minutes = 15 if match[1] else number_of(match[2])
    return _clock(None, str(hour), (None, None, str(60 - minutes)))


@TIMES.says(rf"{PART}?{NO_NUMBER}{SHORT}点差(?:(一刻)|{SHORT}分)")
def before_that_hour(match: Match, _: Speaker) -> Piece:
    """三点差五分 is five to three."""
    hour = (number_of(match[2]) - 2) % 12 + 1
    minutes = 15 if match[3] else number_of(match[4])
    return _clock(match[1], str(hour), (None, None, str(60 - minutes)))


@TIMES.says(rf"{PART}(?![好茶])")
def part_of_day(match: Match, speaker: Speaker) -> Piece:
    """A part of the day without its day is today's, but only while that is still to come."""
    part = PARTS[match[1]]
    weak = part in (MORNING, SMALL_HOURS) or speaker.now.hour >= part.hour
    return Piece(part=part, weak=weak)


@TIMES.says(
    r"(?:(?<=[天日周一二三四五六号])|(?<![\u4e00-\u9fff]))[早晚](?=[0-9一二三四五六七八九十]|\s*(?:\Z|[,.;!?、]))(?!一点)"
)
def short_part(match: Match, _: Speaker) -> Piece:
    return Piece(part=PARTS[match[0]], weak=True)


@TIMES.says(r"(?<!快)下班(?:之?前|以前|时|的时候)")
def close_of_business(_: Match, __: Speaker) -> Piece:
    return Piece(part=CLOSE)


@TIMES.says(r"一大?早(?=[,.;!?、]|\s*\Z|[^上些点])")
def early(_: Match, __: Speaker) -> Piece:
    return Piece(part=MORNING, weak=True)


@TIMES.says(r"的?(?:这个?|同一个?|相同|同样的?)(?:时候|时间|时刻|点儿?)")
def this_time(_: Match, speaker: Speaker) -> Piece:
    return Piece(clock=Clock(speaker.now.hour, speaker.now.minute), weak=True)


@TIMES.says(r"(下{1,2})个?(周|星期|礼拜|月)(?:的)?(?:这个?|同一个?|相同|同样的?)(?:时候|时间|时刻)")
def this_time_later(match: Match, speaker: Speaker) -> Piece:
    count = len(match[1])
    span = relativedelta(months=count) if match[2] == "月" else relativedelta(weeks=count)
    return Piece(moment=to_the_minute(speaker.now + span))


@TIMES.says(r"(?<!.)(?:就是?)?(?:现在|此刻|此时|马上|立刻)(?!.)")
def now(_: Match, speaker: Speaker) -> Piece:
    return Piece(moment=to_the_minute(speaker.now))


@TIMES.says(r"午[饭餐休](?:时间?|的时候)")
def lunch(_: Match, __: Speaker) -> Piece:
    return Piece(part=NOON, weak=True)


@TIMES.says(r"午夜|半夜十二点")
def midnight(_: Match, __: Speaker) -> Piece:
    return Piece(clock=Clock(24))
