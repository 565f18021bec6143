"""Days as Chinese says them: beside today, by weekday, by date, by week and month."""

from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from handlers.when.chinese.words import (
    MONTH,
    NO_NUMBER,
    PART,
    PARTS,
    SHORT,
    WEEK,
    WEEKDAY,
    month_said,
    number_of,
    weekday_of,
)
from handlers.when.digits import full_year
from handlers.when.said import (
    FRIDAY,
    SATURDAY,
    Grammar,
    Match,
    Piece,
    Speaker,
    day_of_month,
    end_of_month,
    last_of_month,
    month_of,
    named_weekday,
    nth_weekday,
    spoken_day,
    week_of,
    working_days_after,
)

DAYS = Grammar("", "")

_BESIDE = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨": -1,
    "前日": -2,
    "后日": 2,
    "今儿": 0,
    "明儿": 1,
    "后儿": 2,
    "今天": 0,
    "今日": 0,
    "今": 0,
    "明天": 1,
    "明日": 1,
    "明": 1,
    "后天": 2,
    "大后天": 3,
    "大大后天": 4,
    "大大大后天": 5,
}


@DAYS.says(
    r"大前天|大{1,3}后天|(?<![以之])前[天日]|昨[天日]|今[天日]|明[天日]|(?<!明)后天(?!性)|[今明后]儿(?![子女童])|(?<![之以今])后日"
)
def beside_today(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(speaker.today + timedelta(days=_BESIDE[match[0]]),))


@DAYS.says(r"([昨今明])([早晨晚])上?(?![年报])")
def part_beside_today(match: Match, speaker: Speaker) -> Piece:
    day = speaker.today + timedelta(days=_BESIDE[match[1]])
    return Piece(days=(day,), part=PARTS[match[2]])


@DAYS.says(
    rf"(?:(?<![0-9一二两三四五六七八九十几半每个])|(?<=[0-9]{{3}})|(?<=[周期拜][一二三四五六日天]))"
    rf"((?:下{{1,3}}|上{{1,2}}|[这本今])个?)?{WEEK}{WEEKDAY}"
    # 周一三五 are three days, but 周三三点 is one with its time.
    r"(?!次|[二三四五六日](?:\Z|[^点时半刻十号月个天周日位人家名]))"
    r"(?:([早晚])(?!上|间|晨|一?点[^0-9钟半]))?"
)
def weekday(match: Match, speaker: Speaker) -> Piece | None:
    if match[1] and match.string.endswith("大", 0, match.start()):
        # 大下周三 is another Wednesday to each region.
        return None
    number = weekday_of(match[2])
    part = PARTS[match[3]] if match[3] else None
    if not match[1]:
        return replace(named_weekday(number, speaker), part=part)
    day = week_of(speaker.today, _weeks_away(match[1])) + timedelta(days=number)
    return replace(named_weekday(number, speaker, day), part=part)


def _weeks_away(said: str) -> int:
    return said.count("下") - said.count("上")


@DAYS.says(rf"((?:下{{1,3}}|上{{1,2}})一?个?){WEEK}(?![一二三四五六日天几末初]|中(?!午))")
def whole_week(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(week_of(speaker.today, _weeks_away(match[1])),), is_week=True)


@DAYS.says(rf"((?:下{{1,3}}|[这本])一?个?){WEEK}(初|中)(?!午)")
def part_of_week(match: Match, speaker: Speaker) -> Piece:
    """Its Monday or its Wednesday."""
    monday = week_of(speaker.today, _weeks_away(match[1]))
    return Piece(days=(monday + timedelta(days=2 if match[2] == "中" else 0),))


@DAYS.says(
    r"(?<![0-9一二两三四五六七八九十几半每个])((?:下{1,3}|上|[这本])个?)?周末(?!愉快|快乐|好)"
    r"([之以]?前)?"
)
def weekend(match: Match, speaker: Speaker) -> Piece | None:
    """Its Saturday; before it is its Friday, and on a weekend nobody knows which one is meant."""
    weeks = _weeks_away(match[1] or "")
    if match[2]:
        if not weeks and speaker.today.weekday() >= SATURDAY:
            return None
        return Piece(days=(week_of(speaker.today, weeks) + timedelta(days=FRIDAY),))
    return Piece(days=(week_of(speaker.today, weeks) + timedelta(days=SATURDAY),))


@DAYS.says(rf"{MONTH}(?:的)?{SHORT}[号日](?:[当那]天)?")
def day_of_said_month(match: Match, speaker: Speaker) -> Piece:
    month = month_said(match[1], speaker)
    return Piece(days=(month.replace(day=number_of(match[2])),))


@DAYS.says(rf"((?:下{{1,3}}|上)个?)(月|{WEEK})的?今[天日]")
def today_in_a_month(match: Match, speaker: Speaker) -> Piece:
    count = match[1].count("下") - match[1].count("上")
    months = match[2] == "月"
    span = relativedelta(months=count) if months else relativedelta(weeks=count)
    return Piece(days=(speaker.today + span,))


@DAYS.says(r"((?:下{1,3}|上)个?月)(?![0-9一二三四五六七八九十底初中末份])", r"(下个?月)份")
def whole_month(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(month_said(match[1], speaker),))


@DAYS.says(
    rf"(?<!每){MONTH}(底|末|结束|初|中旬?|上旬)(?:的?最后一天)?",
    r"(?<![每个0-9一二两三四五六七八九十腊正冬])()月(底|末|初|中旬?|上旬)(?!国)(?:的?最后一天)?",
)
def edge_of_month(match: Match, speaker: Speaker) -> Piece:
    month = month_said(match[1] or "", speaker)
    if match[2] in ("底", "末", "结束"):
        return end_of_month(month)
    day = month.replace(day=15 if match[2].startswith("中") else 1)
    if not match[1] and day < speaker.today:
        day = month_of(speaker.today, 1).replace(day=day.day)
    return Piece(days=(day,))


# Years and dates with a month.

_YEAR = r"((?:19|20|21)[0-9]{2}|[二〇零一三四五六七八九]{4}|今|明|后|去|来|次)年"
_NOT_LUNAR = r"(?<!农历)(?<!阴历)(?<!旧历)"
# 四月十五 without a 号, as long as it does not go on to count something.
_IN_WORDS = (
    r"([十廿][一二三四五六七八九]?|[二三]十[一二三四五六七八九]?)"
    r"(?![〇零一二三四五六七八九十个万千百元块斤件天人份分点%名位台只次条张米公里本种家年岁多几])"
)


@DAYS.says(r"([去今明后来]?)年(?:底|末|尾)", r"([去今明后来])年年(?:底|末|尾)")
def end_of_year(match: Match, speaker: Speaker) -> Piece:
    year = year_said(match[1] or "今", speaker)
    return replace(end_of_month(date(year, 12, 1)), by="")


@DAYS.says(
    r"([今明后来])年年?(?:初|头)",
    r"(?<![0-9今明后来去每大])()年初(?![一二三四五六七八九十])",
)
def start_of_year(match: Match, speaker: Speaker) -> Piece:
    year = year_said(match[1] or "今", speaker)
    first = date(year, 1, 1)
    if not match[1] and first < speaker.today:
        first = date(year + 1, 1, 1)
    return Piece(days=(first,))


@DAYS.says(r"(?<!大)([明后来])年(?![0-9〇零一二三四五六七八九十初头底末尾年内间春夏秋冬上下])")
def whole_year(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(date(year_said(match[1], speaker), 1, 1),))


@DAYS.says(rf"{NO_NUMBER}{_YEAR}的?{SHORT}月份?(?![0-9〇零一二三四五六七八九十底末初中上下])")
def month_of_year(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(date(year_said(match[1], speaker), number_of(match[2]), 1),))


@DAYS.says(
    rf"{NO_NUMBER}(?:{_YEAR}的?)?{SHORT}月(?:份的?)?(底|末|尾|的?最后一天|初|头|中旬?|上旬)(?!国)"
)
def edge_of_named_month(match: Match, speaker: Speaker) -> Piece | None:
    year = year_said(match[1], speaker) if match[1] else speaker.today.year
    first = date(year, number_of(match[2]), 1)
    if not match[1] and last_of_month(first) < speaker.today:
        first = first.replace(year=year + 1)
    if match[3].endswith("天"):
        return Piece(days=(last_of_month(first),))
    if match[3] in "底末尾":
        return replace(end_of_month(first), by="")
    day = first.replace(day=15 if match[3].startswith("中") else 1)
    if not match[1]:
        return spoken_day(day.month, day.day, speaker)
    return Piece(days=(day,))


@DAYS.says(
    rf"{_NOT_LUNAR}{NO_NUMBER}(?:{_YEAR}的?)?{SHORT}月(?:份的?)?{SHORT}[日号](?:[当那]天)?",
    rf"{_NOT_LUNAR}{NO_NUMBER}(?:{_YEAR}的?)?{SHORT}月{_IN_WORDS}",
    rf"{_NOT_LUNAR}{NO_NUMBER}(?:{_YEAR}的?)?{SHORT}月{SHORT}(?=[上下中]午|早上|[晚早]|凌晨|傍晚)",
    rf"{NO_NUMBER}([0-9]{{2}})年{SHORT}月{SHORT}[日号]",
)
def day_and_month(match: Match, speaker: Speaker) -> Piece | None:
    year = year_said(match[1], speaker) if match[1] else None
    return spoken_day(number_of(match[2]), number_of(match[3]), speaker, year)


@DAYS.says(
    rf"{NO_NUMBER}([0-9]{{1,2}})\.([0-9]{{1,2}})(?=\s?(?:{PART}|[(（]?(?:周|星期|礼拜)|[0-9]{{1,2}}[点:]))"
)
def dotted(match: Match, speaker: Speaker) -> Piece | None:
    """6.6下午: with what belongs to a day behind it, month and day and no amount."""
    return spoken_day(int(match[1]), int(match[2]), speaker)


@DAYS.says(
    rf"{NO_NUMBER}(?:{_YEAR}的?)?{SHORT}月{SHORT}[日号]?~[-\x7e到至]~{SHORT}[日号]",
    rf"{MONTH}的?(){SHORT}[日号]?~[-\x7e到至]~{SHORT}[日号]",
)
def days_of_a_month(match: Match, speaker: Speaker) -> Piece | None:
    """4月1-5日: with one month for both ends."""
    first, last = number_of(match[3]), number_of(match[4])
    if match[2]:
        year = year_said(match[1], speaker) if match[1] else None
        piece = spoken_day(number_of(match[2]), first, speaker, year)
    else:
        piece = Piece(days=(month_said(match[1], speaker).replace(day=first),))
    return piece and replace(piece, last=piece.days[0].replace(day=last)) if last > first else None


def year_said(said: str, speaker: Speaker) -> int:
    away = {"去": -1, "今": 0, "明": 1, "来": 1, "次": 1, "后": 2}
    if said in away:
        return speaker.today.year + away[said]
    return full_year(int(said), speaker) if len(said) == 2 else number_of(said)


@DAYS.says(
    rf"{NO_NUMBER}(?:{_YEAR}的?)?{SHORT}月(?:份?的)?(?:第([一二三四五1-5])|(最后一))个?{WEEK}{WEEKDAY}"
)
def nth_weekday_of_month(match: Match, speaker: Speaker) -> Piece:
    position = -1 if match[4] else number_of(match[3])
    weekday, year = weekday_of(match[5]), speaker.today.year
    first = date(year_said(match[1], speaker) if match[1] else year, number_of(match[2]), 1)
    piece = nth_weekday(position, weekday, first)
    if not match[1] and piece.days[0] < speaker.today:
        return nth_weekday(position, weekday, first.replace(year=year + 1))
    return piece


@DAYS.says(
    r"(?<![每个])([这本下]?)(?:一?个)?季度?(末|底|结束|的?最后一天)",
    r"(下)(?:一?个)?季度()",
    r"(下)(?:一?个)?季度(初)",
)
def quarter(match: Match, speaker: Speaker) -> Piece:
    months = -((speaker.today.month - 1) % 3) + (3 if match[1] == "下" else 0)
    first = month_of(speaker.today, months)
    if match[2].endswith("天"):
        return Piece(days=(last_of_month(month_of(first, 2)),))
    if match[2] and match[2] != "初":
        return replace(end_of_month(month_of(first, 2)), by="")
    return Piece(days=(first,))


@DAYS.says(r"(明年|今年)?第?([一二三四1-4])季度(初|末|底|结束)?(?![度数的以后来过])")
def numbered_quarter(match: Match, speaker: Speaker) -> Piece | None:
    """Its first day; its last one when its end is said. One that is over is next year's."""
    number, year = number_of(match[2]), speaker.today.year + (match[1] == "明年")
    first = date(year, 3 * number - 2, 1)
    if not match[1] and last_of_month(first.replace(month=3 * number)) < speaker.today:
        first = first.replace(year=year + 1)
    if match[3] in ("末", "底", "结束"):
        return replace(end_of_month(first.replace(month=3 * number)), by="")
    if not match[3] and first < speaker.today:
        # The quarter that is running has begun, and how much of it is meant was not said.
        return None
    return Piece(days=(first,))


@DAYS.says(r"下一?个工作日")
def next_working_day(_: Match, speaker: Speaker) -> Piece:
    return Piece(days=(working_days_after(speaker.today, 1),))


@DAYS.says(
    rf"{NO_NUMBER}(?<![月楼单编座房路街巷弄道村栋幢]){SHORT}号(?![0-9](?![0-9]?[点:时])|[楼线院房桌店门电库仓工订单码机位车台柜窗员客染文人馆厅]|航站|登机|[产商样]品|套餐|方案|车间|包装|包裹|[出入]口|展[位馆台]|会议室)",
    rf"(?<=[如若于在请]){SHORT}日(?=之?前)",
    rf"{NO_NUMBER}(?<![月生节假]){SHORT}日(?![内后前游之均元常报程本子期记])",
)
def day_alone(match: Match, speaker: Speaker) -> Piece | None:
    # A single character with 日 counts days more often than it names one.
    if match[0].endswith("日") and not match[1].isdigit() and len(match[1]) == 1:
        return None
    return day_of_month(number_of(match[1]), speaker)
