"""The words that Chinese phrases about time share: numbers, weekdays, parts of the day."""

from datetime import date

from handlers.when.said import (
    AFTERNOON,
    DEEP_NIGHT,
    EVENING,
    MORNING,
    NIGHT,
    NOON,
    SMALL_HOURS,
    Speaker,
    month_of,
)

_FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
NUMBER = r"([0-9]{1,4}|[〇零一二两三四五六七八九十廿]{1,3})"
SHORT = r"([0-9]{1,2}|[〇零一二两三四五六七八九十廿]{1,3})"
# A number that is not part of a longer one; the character of a weekday before it is none.
NO_NUMBER = (
    r"(?:(?<![0-9〇零一二两三四五六七八九十廿百千万第周期拜/])(?<![0-9][-.:])"
    r"|(?<=[周期拜][一二三四五六]))"
)
WEEK = r"(?:周|星期|礼拜)"
WEEKDAY = r"([一二三四五六日天])"
PARTS = {
    "凌晨": SMALL_HOURS,
    "清晨": MORNING,
    "早上": MORNING,
    "早晨": MORNING,
    "上午": MORNING,
    "早": MORNING,
    "晨": MORNING,
    "中午": NOON,
    "正午": NOON,
    "午": NOON,
    "下午": AFTERNOON,
    "午后": AFTERNOON,
    "傍晚": EVENING,
    "深夜": DEEP_NIGHT,
    "夜间": NIGHT,
    "晚上": NIGHT,
    "晚间": NIGHT,
    "夜里": NIGHT,
    "半夜": DEEP_NIGHT,
    "晚": NIGHT,
}
PART = r"(凌晨|清晨|早上|早晨|上午|中午|正午|下午|午后|傍晚|晚上|晚间|夜里|深夜|夜间)"


PART_OF_CLOCK = f"{PART[:-1]}|半夜)"


def number_of(said: str) -> int:
    """A number below a hundred in characters, or one in figures."""
    if said.isdigit():
        return int(said)
    tens, ten, ones = said.replace("廿", "二十").partition("十")
    if len(said) == 2 and not ten and said[0] not in "零〇":
        raise ValueError("三四 is three or four.")
    if not ten:
        # 零五 is the five of 八点零五; anything longer is read out digit by digit.
        return int("".join(str(_FIGURES[figure]) for figure in said))
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError("Not a number below a hundred.")
    return (_FIGURES[tens] if tens else 1) * 10 + (_FIGURES[ones] if ones else 0)


def weekday_of(said: str) -> int:
    return min("一二三四五六日天".index(said), 6)


MONTH = r"((?:下{1,3}|上{1,2})个?月|[这本]个?月)"


def month_said(said: str, speaker: Speaker) -> date:
    return month_of(speaker.today, said.count("下") - said.count("上"))
