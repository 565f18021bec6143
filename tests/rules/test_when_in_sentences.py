"""Dates in the sentences of an office: ranges, recurrences, choices, and what is left to ask."""

from datetime import datetime
from time import perf_counter

import pytest

from handlers.when import When, find

# A Tuesday.
NOW = datetime(2027, 3, 9, 10, 40)


def said(text: str, now: datetime = NOW, day_first: bool = True) -> When:
    when = find(text, now, day_first)
    assert when is not None, text
    return when


def wall(moment: datetime | None) -> str:
    return f"{moment:%m-%d %H:%M}" if moment else ""


MOMENTS = {
    "ring Marta back at a quarter past two tomorrow": "03-10 14:15",
    "the invoice is due on the twenty-sixth": "03-26 09:00",
    "I will be there in three-quarters of an hour": "03-09 11:25",
    "another call in 2 more hours": "03-09 12:40",
    "ask again in thirty-six hours": "03-10 22:40",
    "remind me half an hour before the 2pm demo": "03-09 13:30",
    "send it two days before 20 March": "03-18 09:00",
    "write to them the day after 20 March": "03-21 09:00",
    "a fortnight on Monday works": "03-29 09:00",
    "Thursday week at 9.30am": "03-18 09:30",
    "two weeks tomorrow": "03-24 09:00",
    "same time tomorrow": "03-10 10:40",
    "board dinner on the second Friday of April": "04-09 09:00",
    "audit on the last Monday of May": "05-31 09:00",
    "the price holds until the end of Q2": "06-30 17:00",
    "the week of 12 April suits us": "04-12 09:00",
    "decide by mid April": "04-15 09:00",
    "early next month": "04-01 09:00",
    "the next working day at ten": "03-10 10:00",
    "18:30 hrs on Friday": "03-12 18:30",
    "at 0730 on Friday": "03-12 07:30",
    "half eight tomorrow evening": "03-10 20:30",
    "weds at noonish": "03-10 12:00",
    "Friday 4ish": "03-12 16:00",
    "05-Apr-2027": "04-05 09:00",
    "5 Apr '27 at 11": "04-05 11:00",
    "early tomorrow morning": "03-10 07:00",
    "end of tomorrow": "03-10 17:00",
    "remind me tomorrow to phone the bank at 11am": "03-10 11:00",
    "call at 3pm with Jo on Thursday": "03-11 15:00",
    "three days after tomorrow": "03-13 09:00",
    "at 10am two days after Saturday": "03-15 10:00",
    "before Christmas": "12-25 09:00",
    "陈总说下周四下午两点半再打": "03-18 14:30",
    "三天内给客户答复": "03-12 09:00",
    "过二十分钟提醒我": "03-09 11:00",
    "三個鐘後再聯絡": "03-09 13:40",
    "明天下班前发合同": "03-10 17:00",
    "四月中旬签约": "04-15 09:00",
    "月中对账": "03-15 09:00",
    "季度末之前付清": "03-31 17:00",
    "下个季度": "04-01 09:00",
    "明年三月续约": "03-01 09:00",
    "四月的第二个星期五": "04-09 09:00",
    "下个工作日上午十点": "03-10 10:00",
    "两周后的周三": "03-24 09:00",
    "明天这个时候": "03-10 10:40",
    "四月十五交货": "04-15 09:00",
    "27年4月2日15时30分": "04-02 15:30",
    "4月8日(周四)下午3点": "04-08 15:00",
    "礼拜五晚上七点半": "03-12 19:30",
    "周四10点开会": "03-11 10:00",
    "下下下周一": "03-29 09:00",
    "下个月的今天": "04-09 09:00",
    "三个季度后": "12-09 09:00",
    "元旦当天上午十点": "01-01 10:00",
}

RANGES = {
    "from 2 to 4pm": ("03-09 14:00", "03-09 16:00"),
    "tomorrow between 2 and 4": ("03-10 14:00", "03-10 16:00"),
    "on Thursday from nine to five": ("03-11 09:00", "03-11 17:00"),
    "11:30-1:30 tomorrow": ("03-10 11:30", "03-10 13:30"),
    "9am until 6 on Monday": ("03-15 09:00", "03-15 18:00"),
    "this afternoon between 3 and 4": ("03-09 15:00", "03-09 16:00"),
    "tomorrow at 3pm for 45 minutes": ("03-10 15:00", "03-10 15:45"),
    "between Thursday and Saturday": ("03-11 09:00", "03-13 23:59"),
    "closed from 30 April to 3 May": ("04-30 09:00", "05-03 23:59"),
    "April 12-16": ("04-12 09:00", "04-16 23:59"),
    "from 28th to 30th June": ("06-28 09:00", "06-30 23:59"),
    "from 27 Dec to 4 Jan": ("12-27 09:00", "01-04 23:59"),
    "Mon-Wed": ("03-15 09:00", "03-17 23:59"),
    "这周五到周日": ("03-12 09:00", "03-14 23:59"),
    "下周一至周三": ("03-15 09:00", "03-17 23:59"),
    "明天下午两点到四点半": ("03-10 14:00", "03-10 16:30"),
    "明天上午十点到十二点": ("03-10 10:00", "03-10 12:00"),
    "今晚8点到明天上午10点": ("03-09 20:00", "03-10 10:00"),
    "4月12-16日": ("04-12 09:00", "04-16 23:59"),
    "12月28日至1月3日": ("12-28 09:00", "01-03 23:59"),
    "晚上9~11点": ("03-09 21:00", "03-09 23:00"),
}

RULES = {
    "every Mon thru Wed at 9": ("FREQ=WEEKLY;BYDAY=MO,TU,WE", "03-10 09:00"),
    "Tuesdays and Fridays at noon": ("FREQ=WEEKLY;BYDAY=TU,FR", "03-09 12:00"),
    "weekdays at 9": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "03-10 09:00"),
    "every day except weekends": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "03-10 09:00"),
    "once a week on Sunday": ("FREQ=WEEKLY;BYDAY=SU", "03-14 09:00"),
    "every 3 weeks on mon and fri": ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,FR", "03-12 09:00"),
    "every fortnight on a Thursday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "03-11 09:00"),
    "on the 1st and 15th of every month": ("FREQ=MONTHLY;BYMONTHDAY=1,15", "03-15 09:00"),
    "the 4th of every other month": ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=4", "04-04 09:00"),
    "every month end": ("FREQ=MONTHLY;BYMONTHDAY=-1", "03-31 09:00"),
    "first and third Friday of each month": ("FREQ=MONTHLY;BYDAY=1FR,3FR", "03-19 09:00"),
    "every fourth thursday in november": ("FREQ=YEARLY;BYDAY=4TH;BYMONTH=11", "11-25 09:00"),
    "once a year on 2 May": ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=2", "05-02 09:00"),
    "every half hour": ("FREQ=MINUTELY;INTERVAL=30", "03-09 11:10"),
    "every Monday starting 22 March": ("FREQ=WEEKLY;BYDAY=MO", "03-22 09:00"),
    "每周一到周五早上九点": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "03-10 09:00"),
    "工作日早上八点半": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "03-10 08:30"),
    "每月1号和15号": ("FREQ=MONTHLY;BYMONTHDAY=1,15", "03-15 09:00"),
    "每月初": ("FREQ=MONTHLY;BYMONTHDAY=1", "04-01 09:00"),
    "每半年": ("FREQ=MONTHLY;INTERVAL=6", "09-09 09:00"),
    "每隔一周的周三": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "03-10 09:00"),
    "双周周五": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "03-12 09:00"),
    "每两周一次": ("FREQ=WEEKLY;INTERVAL=2", "03-23 09:00"),
}

CHOICES = {
    "Wednesday or Thursday": ["03-10 09:00", "03-11 09:00"],
    "Wed or Thu at 2pm": ["03-10 14:00", "03-11 14:00"],
    "tomorrow or Friday": ["03-10 09:00", "03-12 09:00"],
    "Monday and Wednesday": ["03-15 09:00", "03-10 09:00"],
    "3/4": ["04-03 09:00", "03-04 09:00"],
    "next thursday": ["03-18 09:00", "03-11 09:00"],
    "Thu 18th or Fri 19th": ["03-18 09:00", "03-19 09:00"],
    "明天或后天下午": ["03-10 14:00", "03-11 14:00"],
    "周五或者周六": ["03-12 09:00", "03-13 09:00"],
}

# What changes a date in a way that is not understood, and what never was a date.
ASKED = """
in a week or two|in a few days|not before Friday|any evening next week|later today|last of the month
every Monday until Easter|every day for 5 times|every Friday except holidays|late March|some day
after Christmas|Merry Christmas|happy new year
24 hours a day|flat 3/2|the fourth quarter of the game|on second thought|he may be late
mar the paint|in 3 steps|it took 3 days|two minutes of silence|weekly newsletter
page 12 to 14|call 0161 496 0123
I had it for 3 users|room 1130|score was 3-4|a 2:1 degree ratio|at 650-650-6500|Friday's report
过两天再说|三四天后|几天后|过会儿|农历八月十五|每隔两天|一周一次|第二天|半天没回|订单号20270322001|一号店|七天无理由退货
三点要求|一天到晚|三心二意|二月兰|周到的服务|日本客户|等了两个小时|明白了|今后请多关照|春节前
"""


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_understood_in_its_sentence(text: str) -> None:
    """What an office says of a moment is that moment, and nothing has to be asked."""
    when = said(text)

    assert (wall(when.wall), when.alternatives, when.is_past) == (MOMENTS[text], (), False)


@pytest.mark.parametrize("text", RANGES)
def test_a_range_has_its_end(text: str) -> None:
    """Both ends of a range are read; days without a time end with the last day's last minute."""
    when = said(text)

    assert (wall(when.wall), wall(when.until)) == RANGES[text]


@pytest.mark.parametrize("text", RULES)
def test_a_recurrence_is_understood(text: str) -> None:
    """Lists, spans and edges of weeks, months and years become one rule with its first time."""
    when = said(text)

    assert (when.rule, wall(when.wall)) == RULES[text]


@pytest.mark.parametrize("text", CHOICES)
def test_a_choice_is_left_to_the_speaker(text: str) -> None:
    """Where two moments are said, or may be meant, both are offered, the likelier first."""
    when = said(text)

    walls = [wall(each) for each in (when.wall, *when.alternatives)]
    assert walls == CHOICES[text]


@pytest.mark.parametrize("text", ASKED.strip().replace("\n", "|").split("|"))
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    """No moment rather than a wrong one: the caller asks."""
    assert find(text, NOW) is None


@pytest.mark.parametrize(
    "scrap",
    ["3/4 ", "every ", "一二三", "in 3 days or ", "9:00-", "from 2 to ", "每周一、", "st of "],
)
def test_forty_thousand_characters_take_no_longer_than_a_page(scrap: str) -> None:
    """No text makes the search slow: a long one costs hardly more than its first page."""
    find("tomorrow 三点", NOW)
    page, book = scrap * (500 // len(scrap)), scrap * (40_000 // len(scrap))
    quickest = min(_seconds(page) for _ in range(3))

    assert min(_seconds(book) for _ in range(3)) < 5 * quickest + 0.05


def _seconds(text: str) -> float:
    began = perf_counter()
    find(text, NOW)
    return perf_counter() - began
