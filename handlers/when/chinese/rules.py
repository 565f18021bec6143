"""Recurrences as Chinese says them: 每周一, 隔天, 每月最后一个周五."""

import re

from handlers.when.chinese.words import (
    NUMBER,
    PART,
    PARTS,
    SHORT,
    WEEK,
    WEEKDAY,
    month_said,
    number_of,
    weekday_of,
)
from handlers.when.said import (
    WEEKDAYS,
    WORKDAYS,
    Grammar,
    Match,
    Piece,
    Rule,
    Speaker,
    calendar_day,
    nth_rule,
    nth_weekday,
)

RULES = Grammar("", "")

_FREQ = {
    "分钟": "MINUTELY",
    "小时": "HOURLY",
    "天": "DAILY",
    "日": "DAILY",
    "周": "WEEKLY",
    "星期": "WEEKLY",
    "礼拜": "WEEKLY",
    "月": "MONTHLY",
    "季度": "MONTHLY",
    "年": "YEARLY",
}
_DAY = "(?:[0-9]{1,2}|[一二两三四五六七八九十廿]{1,3})"
_NOUN = r"(?!报|例|会|销|数|统|总|汇|计|新|活|成|额|均)"


@RULES.says(
    rf"(?:(?:每逢?|(?<![每相重恰又])逢)(?:隔?(?:个|{SHORT}个?))?{WEEK}的?)(?:{WEEK})?([一二三四五六日天](?!次)(?:[和、,及]?(?:{WEEK})?[一二三四五六日天](?![点次]))*)",
    rf"(隔|双)(?:一?个?{WEEK}的?)(?:{WEEK})?([一二三四五六日天])",
    rf"每?(隔)一?个?{WEEK}的?(?:{WEEK})?([一二三四五六日天])",
)
def every_weekday_named(match: Match, _: Speaker) -> Piece:
    interval = 1
    if match[1]:
        interval = 2 if match[1] in "隔双" else number_of(match[1])
        if match[0].startswith("每隔"):
            # 每隔两周 is every second week to some and every third to others.
            interval = 2 if interval == 1 else 0
    if interval < 1:
        raise ValueError("Something repeated every nothing.")
    days = sorted({weekday_of(figure) for figure in match[2] if figure in "一二三四五六日天"})
    by = "BYDAY=" + ",".join(WEEKDAYS[day] for day in days)
    return Piece(rule=Rule("WEEKLY", interval, by))


@RULES.says(
    r"每一?个?工作日(?:每天)?|工作日每天",
    rf"每{WEEK}(?:的)?(?:{WEEK})?一[到至-](?:{WEEK})?五(?:每天)?",
    rf"{WEEK}一[到至-](?:{WEEK})?五的?每[天日早晚](?=.)",
    rf"(?<![下上这本]){WEEK}一[到至-](?:{WEEK})?五的?(?=(?:{PART[1:-1]}|早|晚)?[0-9一二三四五六七八九十]{{1,3}}[点:])",
)
def every_workday(_: Match, __: Speaker) -> Piece:
    return Piece(rule=Rule("WEEKLY", by=WORKDAYS))


@RULES.says(r"(?<![个两三四五六七八九十0-9])工作日的?(?=[早上中下晚0-9])")
def on_workdays(_: Match, __: Speaker) -> Piece:
    """工作日早上八点: with a time it is said of each of them."""
    return Piece(rule=Rule("WEEKLY", by=WORKDAYS), weak=True)


@RULES.says(r"每半个?(小时|钟头|年)")
def every_half(match: Match, _: Speaker) -> Piece:
    return Piece(rule=Rule("MONTHLY", 6) if match[1] == "年" else Rule("MINUTELY", 30))


@RULES.says(r"每个?周末")
def every_weekend(_: Match, __: Speaker) -> Piece:
    return Piece(rule=Rule("WEEKLY", by="BYDAY=SA"))


@RULES.says(
    rf"每个?(天|日|季度|年|小时)(?![末底初]){_NOUN}",
    rf"每个?(周|星期|礼拜)(?![一二三四五六日天末]){_NOUN}",
    rf"每个?(月)(?![底末初中上下0-9〇零一二两三四五六七八九十廿]){_NOUN}",
)
def every_unit(match: Match, _: Speaker) -> Piece:
    return Piece(rule=Rule(_FREQ[match[1]], 3 if match[1] == "季度" else 1))


@RULES.says(r"每([早晚])上?(?![早晚各])|每天([早晚])(?![上早晚各])")
def every_part(match: Match, _: Speaker) -> Piece:
    return Piece(rule=Rule("DAILY"), part=PARTS[match[1] or match[2]])


@RULES.says(
    r"每?(隔)()一?(天|日|周|个?星期|个?月|年)",
    rf"每(){NUMBER}个?(分钟|小时|天|日|周|星期|礼拜|月|季度|年)",
    r"每()隔?([一1])个?(分钟|小时|季度)",
    rf"每?()隔{NUMBER}个?(分钟|小时)",
)
def every_few_units(match: Match, _: Speaker) -> Piece | None:
    interval = 2 if match[1] else number_of(match[2])
    if interval < 1:
        return None
    unit = match[3].removeprefix("个")
    return Piece(rule=Rule(_FREQ[unit], interval * (3 if unit == "季度" else 1)))


@RULES.says(rf"每个?月的?{SHORT}[号日]?((?:[和、,及]{_DAY}[号日]?){{0,5}})(?<=[号日])")
def day_of_each_month(match: Match, _: Speaker) -> Piece | None:
    others = [
        number_of(figures) for figures in re.findall(r"[0-9一二三四五六七八九十廿]+", match[2])
    ]
    days = sorted({number_of(match[1]), *others})
    if not all(1 <= day <= 31 for day in days):
        return None
    return Piece(rule=Rule("MONTHLY", by="BYMONTHDAY=" + ",".join(map(str, days))))


@RULES.says(r"每逢?个?月(底|末|的?最后一天|初|的?第一天)")
def edge_of_each_month(match: Match, _: Speaker) -> Piece:
    is_start = match[1].endswith(("初", "第一天"))
    return Piece(rule=Rule("MONTHLY", by=f"BYMONTHDAY={1 if is_start else -1}"))


@RULES.says(
    rf"(每个?月|[这本]个?月|下个?月)的?(?:第([一二三四五])|(最后一))个?(?:(?:{WEEK}){WEEKDAY}|工作日)"
)
def nth_day_of_month(match: Match, speaker: Speaker) -> Piece:
    position = -1 if match[3] else number_of(match[2])
    number = weekday_of(match[4]) if match[4] else None
    if match[1].startswith("每"):
        return Piece(rule=nth_rule(position, number))
    return nth_weekday(position, number, month_said(match[1], speaker))


@RULES.says(rf"每年的?{SHORT}月{SHORT}[日号]")
def day_of_each_year(match: Match, speaker: Speaker) -> Piece | None:
    piece = calendar_day(number_of(match[1]), number_of(match[2]), speaker)
    return Piece(rule=Rule("YEARLY", by=piece.by)) if piece else None
