"""Days as Chinese says them: beside today, by weekday, by date, by week and month."""

from dataclasses import replace
from datetime import date, timedelta

from handlers.when.chinese.words import (
    MONTH,
    NO_NUMBER,
    PARTS,
    SHORT,
    WEEK,
    WEEKDAY,
    month_said,
    number_of,
    weekday_of,
)
from handlers.when.said import (
    SATURDAY,
    Grammar,
    Match,
    Piece,
    Speaker,
    calendar_day,
    day_of_month,
    end_of_month,
    last_of_month,
    month_of,
    named_weekday,
    week_of,
)

DAYS = Grammar("", "")

_BESIDE = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨": -1,
    "今天": 0,
    "今日": 0,
    "今": 0,
    "明天": 1,
    "明日": 1,
    "明": 1,
    "后天": 2,
    "大后天": 3,
}


@DAYS.says(r"大前天|大后天|(?<![以之])前天|昨[天日]|今[天日]|明[天日]|后天(?!性)")
def beside_today(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(speaker.today + timedelta(days=_BESIDE[match[0]]),))


@DAYS.says(r"([昨今明])([早晨晚])上?(?![年报])")
def part_beside_today(match: Match, speaker: Speaker) -> Piece:
    day = speaker.today + timedelta(days=_BESIDE[match[1]])
    return Piece(days=(day,), part=PARTS[match[2]])


@DAYS.says(
    rf"(?<![0-9一二两三四五六七八九十几半每个])((?:下{{1,2}}|上{{1,2}}|[这本])个?)?{WEEK}{WEEKDAY}"
    r"(?:([早晚])(?!一?点[^0-9钟半]))?"
)
def weekday(match: Match, speaker: Speaker) -> Piece:
    number = weekday_of(match[2])
    part = PARTS[match[3]] if match[3] else None
    if not match[1]:
        return replace(named_weekday(number, speaker), part=part)
    day = week_of(speaker.today, _weeks_away(match[1])) + timedelta(days=number)
    return replace(named_weekday(number, speaker, day), part=part)


def _weeks_away(said: str) -> int:
    return said.count("下") - said.count("上")


@DAYS.says(rf"((?:下{{1,2}}|上{{1,2}})个?){WEEK}(?![一二三四五六日天几末])")
def whole_week(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(week_of(speaker.today, _weeks_away(match[1])),), is_week=True)


@DAYS.says(r"(?<![0-9一二两三四五六七八九十几半每个])((?:下{1,2}|上|[这本])个?)?周末")
def weekend(match: Match, speaker: Speaker) -> Piece:
    weeks = _weeks_away(match[1] or "")
    return Piece(days=(week_of(speaker.today, weeks) + timedelta(days=SATURDAY),))


@DAYS.says(rf"{MONTH}(?:的)?{SHORT}[号日]")
def day_of_said_month(match: Match, speaker: Speaker) -> Piece:
    month = month_said(match[1], speaker)
    return Piece(days=(month.replace(day=number_of(match[2])),))


@DAYS.says(r"((?:下{1,2}|上)个?月)(?![0-9一二三四五六七八九十底初中末份])", r"(下个?月)份")
def whole_month(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(month_said(match[1], speaker),))


@DAYS.says(
    rf"(?<![每个]){MONTH}?([底末初])(?<=月.)",
    r"(?<![每个0-9一二两三四五六七八九十])()月([底末初])",
)
def edge_of_month(match: Match, speaker: Speaker) -> Piece:
    month = month_said(match[1] or "", speaker)
    if match[2] != "初":
        return end_of_month(month)
    return Piece(days=(month if match[1] else month_of(speaker.today, 1),))


@DAYS.says(r"([今明]?)年(?:底|末)")
def end_of_year(match: Match, speaker: Speaker) -> Piece:
    year = speaker.today.year + (match[1] == "明")
    return replace(end_of_month(date(year, 12, 1)), by="")


@DAYS.says(rf"{NO_NUMBER}{SHORT}月([底末])")
def end_of_named_month(match: Match, speaker: Speaker) -> Piece:
    last = last_of_month(date(speaker.today.year, number_of(match[1]), 1))
    if last < speaker.today:
        last = last_of_month(last.replace(year=last.year + 1, day=1))
    return replace(end_of_month(last), by="")


@DAYS.says(
    rf"{NO_NUMBER}(?:((?:19|20|21)[0-9]{{2}}|[二〇零一三四五六七八九]{{4}}|今|明|后|去)年)?{SHORT}月{SHORT}[日号]"
)
def day_and_month(match: Match, speaker: Speaker) -> Piece | None:
    year = _year(match[1], speaker) if match[1] else None
    return calendar_day(number_of(match[2]), number_of(match[3]), speaker, year)


def _year(said: str, speaker: Speaker) -> int:
    away = {"去": -1, "今": 0, "明": 1, "后": 2}
    return speaker.today.year + away[said] if said in away else number_of(said)


@DAYS.says(
    rf"{NO_NUMBER}(?<![月楼单编座房]){SHORT}号(?![0-9楼线院房桌店门电库仓工订单码机位车台柜窗员客染文])",
    rf"{NO_NUMBER}(?<![月生节假]){SHORT}日(?![内后前游之均元常报程本子期记])",
)
def day_alone(match: Match, speaker: Speaker) -> Piece | None:
    # A single character with 日 counts days more often than it names one.
    if match[0].endswith("日") and not match[1].isdigit() and len(match[1]) == 1:
        return None
    return day_of_month(number_of(match[1]), speaker)
