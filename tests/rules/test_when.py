"""Dates as people say them: what is read, what is left of the sentence, and what is left alone."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.when import When, find

# A Wednesday.
NOW = datetime(2026, 11, 18, 10, 20)


def said(text: str, now: datetime = NOW, day_first: bool = True) -> When:
    when = find(text, now, day_first)
    assert when is not None, text
    return when


def rest(text: str, when: When) -> str:
    return f"{text[: when.start].strip()} {text[when.end :].strip()}".strip()


def wall(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"


WHOLE = {
    "tomorrow 3pm": "11-19 15:00",
    "tomorrow at 15:00": "11-19 15:00",
    "today 5pm": "11-18 17:00",
    "tonight": "11-18 20:00",
    "this evening": "11-18 18:00",
    "tomorrow morning": "11-19 09:00",
    "noon": "11-18 12:00",
    "midnight": "11-19 00:00",
    "in an hour": "11-18 11:20",
    "in half an hour": "11-18 10:50",
    "in 45 min": "11-18 11:05",
    "in 1h30": "11-18 11:50",
    "in 1.5 hours": "11-18 11:50",
    "in an hour and a half": "11-18 11:50",
    "in two and a half hours": "11-18 12:50",
    "2h": "11-18 12:20",
    "the day after tomorrow at noon": "11-20 12:00",
    "end of month": "11-30 17:00",
    "eom": "11-30 17:00",
    "end of the week": "11-20 17:00",
    "eow": "11-20 17:00",
    "eod": "11-18 17:00",
    "end of day": "11-18 17:00",
    "cob friday": "11-20 17:00",
    "end of the year": "12-31 17:00",
    "Nov 30th at 9": "11-30 09:00",
    "30 November 2026 14:00": "11-30 14:00",
    "2026-12-01 14:30": "12-01 14:30",
    "half past two": "11-18 14:30",
    "quarter to five pm": "11-18 16:45",
    "twenty past three": "11-18 15:20",
    "3 o'clock": "11-18 15:00",
    "at 3": "11-18 15:00",
    "at 3 pm": "11-18 15:00",
    "at 3:30 p.m.": "11-18 15:30",
    "at 3 in the afternoon": "11-18 15:00",
    "at five past three": "11-18 15:05",
    "at 12.30 tomorrow": "11-19 12:30",
    "by 3 tomorrow": "11-19 15:00",
    "Friday, Nov 20th, 2026 at 3:30 p.m.": "11-20 15:30",
    "first thing tomorrow": "11-19 09:00",
    "after lunch": "11-18 14:00",
    "8 in the evening": "11-18 20:00",
    "tonight at 2": "11-19 02:00",
    "tomorrow morning at 6": "11-19 06:00",
    "9:00-10:30 tomorrow": "11-19 09:00",
    "11-1pm tomorrow": "11-19 11:00",
    "next week friday 10am": "11-27 10:00",
    "明天下午三点": "11-19 15:00",
    "下周三下午三点": "11-25 15:00",
    "下週三下午三點": "11-25 15:00",
    "后天上午": "11-20 09:00",
    "月底": "11-30 17:00",
    "年底": "12-31 17:00",
    "两个小时后": "11-18 12:20",
    "半小时后": "11-18 10:50",
    "一个半小时后": "11-18 11:50",
    "两小时": "11-18 12:20",
    "今晚8点": "11-18 20:00",
    "明早": "11-19 09:00",
    "周五晚8点": "11-20 20:00",
    "12月1日14:30": "12-01 14:30",
    "11月30号上午十点半": "11-30 10:30",
    "三点一刻": "11-18 15:15",
    "明天15:30": "11-19 15:30",
    "明天下午３：３０": "11-19 15:30",
    "大后天早上九点一刻": "11-21 09:15",
    "明天一点": "11-19 13:00",
}

DAYS = {
    "tue": "11-24",
    "on tuesday": "11-24",
    "next tue": "11-24",
    "this friday": "11-20",
    "by friday": "11-20",
    "friday next week": "11-27",
    "next week": "11-23",
    "next month": "12-01",
    "in 2 weeks": "12-02",
    "in two weeks": "12-02",
    "in a fortnight": "12-02",
    "in a couple of days": "11-20",
    "in 3 business days": "11-23",
    "2 days from now": "11-20",
    "a week from tomorrow": "11-26",
    "30 Nov": "11-30",
    "monday the 30th": "11-30",
    "next month on the 5th": "12-05",
    "the 25th": "11-25",
    "the 31st": "12-31",
    "2026-12-01": "12-01",
    "1.12.": "12-01",
    "12/25": "12-25",
    "大后天": "11-21",
    "三天后": "11-21",
    "三个工作日后": "11-23",
    "周五": "11-20",
    "这周五": "11-20",
    "下下周一": "11-30",
    "下个月3号": "12-03",
    "25号": "11-25",
    "下周": "11-23",
    "二〇二六年十二月一日": "12-01",
}

REPEATED = {
    "every monday 9am": ("FREQ=WEEKLY;BYDAY=MO", "11-23 09:00"),
    "every second monday 9am": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "11-23 09:00"),
    "every other monday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "11-23 09:00"),
    "every 2 weeks on monday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "11-23 09:00"),
    "every mon, wed and fri at 10": ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "11-20 10:00"),
    "mondays at 9": ("FREQ=WEEKLY;BYDAY=MO", "11-23 09:00"),
    "every day at 8": ("FREQ=DAILY", "11-19 08:00"),
    "every weekday 9:30": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "11-19 09:30"),
    "monthly on the 15th": ("FREQ=MONTHLY;BYMONTHDAY=15", "12-15 09:00"),
    # November has no 31st: the first time is its last day, not the 31st of December.
    "monthly on the 31st": ("FREQ=MONTHLY;BYMONTHDAY=31", "11-30 09:00"),
    "on the 31st of every month at 10": ("FREQ=MONTHLY;BYMONTHDAY=31", "11-30 10:00"),
    "yearly on 29 Feb": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "02-28 09:00"),
    "每月31号": ("FREQ=MONTHLY;BYMONTHDAY=31", "11-30 09:00"),
    "last day of the month": ("FREQ=MONTHLY;BYMONTHDAY=-1", "11-30 09:00"),
    "first workday of the month": (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "12-01 09:00",
    ),
    "last friday of the month": ("FREQ=MONTHLY;BYDAY=-1FR", "11-27 09:00"),
    "every 3 months": ("FREQ=MONTHLY;INTERVAL=3", "02-18 09:00"),
    "quarterly": ("FREQ=MONTHLY;INTERVAL=3", "02-18 09:00"),
    "yearly on 5 May": ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", "05-05 09:00"),
    "every hour": ("FREQ=HOURLY", "11-18 11:20"),
    "每周一早上9点": ("FREQ=WEEKLY;BYDAY=MO", "11-23 09:00"),
    "每周一、三、五上午十点": ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "11-20 10:00"),
    "每天早上八点": ("FREQ=DAILY", "11-19 08:00"),
    "每天9点": ("FREQ=DAILY", "11-19 09:00"),
    "每月15号": ("FREQ=MONTHLY;BYMONTHDAY=15", "12-15 09:00"),
    "每月底": ("FREQ=MONTHLY;BYMONTHDAY=-1", "11-30 09:00"),
    "每月最后一个周五": ("FREQ=MONTHLY;BYDAY=-1FR", "11-27 09:00"),
    "隔周周一": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "11-23 09:00"),
    "每个工作日上午九点": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "11-19 09:00"),
    "每3个月": ("FREQ=MONTHLY;INTERVAL=3", "02-18 09:00"),
    "每年5月5日": ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", "05-05 09:00"),
}

SENTENCES = {
    "call Ann on Friday at 3pm, about the offer": ("11-20 15:00", "call Ann about the offer"),
    "tomorrow 3pm, call Ann": ("11-19 15:00", "call Ann"),
    "tomorrow 3pm: call Ann": ("11-19 15:00", "call Ann"),
    "call Ann - tomorrow": ("11-19 09:00", "call Ann"),
    "remind me tomorrow to send 24000 widgets": ("11-19 09:00", "remind me to send 24000 widgets"),
    "send the weekly report by Monday": ("11-23 09:00", "send the weekly report"),
    "Nov 30th at 9 call Bob": ("11-30 09:00", "call Bob"),
    "move it to friday": ("11-20 09:00", "move it"),
    "call sat 10am at the office": ("11-21 10:00", "call at the office"),
    "周五之前把报价发给王总": ("11-20 09:00", "把报价发给王总"),
    "在明天下午三点开会": ("11-19 15:00", "开会"),
    "明天三点开会": ("11-19 15:00", "开会"),
    "明天15:30,开会": ("11-19 15:30", "开会"),
    "明天１５：３０，开会": ("11-19 15:30", "开会"),
}

NOT_DATES = """
+44 20 7946 0958|555 1234|call +1 (555) 123-4567|order 1001|24000 widgets|version 2.3
ship version 2.3.|may I call you|5 may call later|you may 5 people|march on
second|sat down|sun is up|he sat|mark 3
the first one|on the 25th floor|price £3.50|$3.30|3/4 of them|1 3/4 inches|ratio 3:40|100%
24/7 support|at 3 locations|sell at 3.50|by 3|looked at 2 of them|2026-02-31|31 Feb|31/2/2026
good morning|weekly report|tomorrow's
2026-12-01T14:30Z|mon ami|in 99999999 years|at 25|once in a while|
一点问题|有点|三点建议|星期|天天|有一点|快一点|早一点|晚一点|一周一次|国庆节|春节|下午好|早上好|15号楼
订单15号|第三点|每周报告|2月31日|一月三十二日
"""


@pytest.mark.parametrize("text", WHOLE)
def test_a_moment_is_read_whole(text: str) -> None:
    """A day with a time, or a time alone, covers all its words and is sure."""
    when = said(text)

    assert (wall(when.wall), when.has_time, when.rule) == (WHOLE[text], True, None)
    assert (when.start, when.end) == (0, len(text))
    assert when.alternatives == ()
    assert not when.is_past


@pytest.mark.parametrize("text", DAYS)
def test_a_day_alone_gets_the_default_hour(text: str) -> None:
    """When only a day was said the wall is nine o'clock and says that no time was given."""
    when = said(text)

    assert (wall(when.wall), when.has_time) == (f"{DAYS[text]} 09:00", False)
    assert (when.start, when.end) == (0, len(text))
    assert when.alternatives == ()


@pytest.mark.parametrize("text", REPEATED)
def test_a_recurrence_has_its_rule_and_its_first_time(text: str) -> None:
    """What repeats carries an RRULE, and its wall is the first time to come."""
    when = said(text)

    assert (when.rule, wall(when.wall)) == REPEATED[text]
    assert (when.start, when.end) == (0, len(text))
    assert when.wall > NOW


@pytest.mark.parametrize("text", SENTENCES)
def test_the_rest_of_a_sentence_keeps_the_other_words(text: str) -> None:
    """Connecting words and the comma go with the date, the message's own words stay."""
    when = said(text)

    assert (wall(when.wall), rest(text, when)) == SENTENCES[text]


@pytest.mark.parametrize("text", NOT_DATES.replace("\n", "|").split("|"))
def test_what_is_no_date_is_left_alone(text: str) -> None:
    """Numbers, versions, prices, phones and ordinary words are not dates."""
    assert find(text, NOW) is None


@pytest.mark.parametrize(
    "text",
    ["yesterday 3pm", "last tuesday", "2 hours ago", "today 9am", "昨天", "上周三", "三天前"],
)
def test_a_moment_that_is_over_says_so(text: str) -> None:
    """The caller asks when somebody says a time that has passed."""
    when = said(text)

    assert when.is_past
    assert when.wall < NOW


def test_a_slashed_date_follows_the_habit_and_offers_the_other() -> None:
    """3/4 is the third of April to some and the fourth of March to others."""
    european, american = said("3/4"), said("3/4", day_first=False)

    assert (european.wall, european.alternatives) == (
        datetime(2027, 4, 3, 9),
        (datetime(2027, 3, 4, 9),),
    )
    assert (american.wall, american.alternatives) == (
        datetime(2027, 3, 4, 9),
        (datetime(2027, 4, 3, 9),),
    )


def test_a_slashed_date_that_is_over_one_way_is_read_the_other_way() -> None:
    """With its year, only the reading that is still to come is meant."""
    when = said("12/4/2026")

    assert (when.wall, when.alternatives) == (datetime(2026, 12, 4, 9), ())


def test_an_hour_of_either_half_offers_the_other() -> None:
    """Eight o'clock tomorrow is likelier the morning, but may be the evening."""
    when = said("tomorrow at 8")

    assert (when.wall, when.alternatives) == (
        datetime(2026, 11, 19, 8),
        (datetime(2026, 11, 19, 20),),
    )


def test_an_hour_that_has_passed_today_is_tomorrow() -> None:
    """A bare time is the next such time; tonight's reading is offered."""
    when = said("at 9")

    assert (when.wall, when.alternatives) == (
        datetime(2026, 11, 19, 9),
        (datetime(2026, 11, 18, 21),),
    )
    assert said("eod", datetime(2026, 11, 18, 17, 30)).wall == datetime(2026, 11, 19, 17)


def test_next_friday_offers_the_coming_one() -> None:
    """Next Friday is next week's, though some mean the Friday that comes first."""
    when = said("next friday")

    assert when.wall == datetime(2026, 11, 27, 9)
    assert when.alternatives == (datetime(2026, 11, 20, 9),)


def test_todays_weekday_is_next_weeks_unless_its_time_is_still_ahead() -> None:
    """Wednesday said on a Wednesday offers today as long as that moment is to come."""
    assert said("wed").alternatives == ()
    assert said("wed 3pm").wall == datetime(2026, 11, 25, 15)
    assert said("wed 3pm").alternatives == (datetime(2026, 11, 18, 15),)


def test_a_weekday_that_does_not_fit_its_date_offers_both() -> None:
    """The 30th of November 2026 is a Monday, so Friday or the 30th is a slip."""
    when = said("Friday 30 Nov at 9")

    assert (when.wall, when.alternatives) == (
        datetime(2026, 11, 30, 9),
        (datetime(2026, 11, 20, 9),),
    )


def test_only_the_first_five_hundred_characters_are_read() -> None:
    """A date far down a long letter is not looked for."""
    assert find("x " * 245 + "tomorrow", NOW) is not None
    assert find("x " * 250 + "tomorrow", NOW) is None


_WORDS = st.lists(
    st.sampled_from(
        "at on every 3 31 12 30 : / . - , am pm next last mon sat may of the in end month week day"
        " first tomorrow today midnight noon 2 hours ago from 0 99 half past to 每 周 一 点 半"
        " 月 号 下 后 天 个 小时 前 底 早 晚 第 隔 年 日 十 2026 9999".split()
    ),
    max_size=14,
)


@given(st.one_of(st.text(max_size=700), _WORDS.map(" ".join), _WORDS.map("".join)))
def test_any_text_is_read_or_left_alone(text: str) -> None:
    """Whatever is typed gives None or a moment with a span inside the text."""
    when = find(text, NOW)

    assert when is None or 0 <= when.start < when.end <= len(text)
    assert when is None or when.is_past or not when.has_time or when.wall >= NOW
    assert when is None or when.until is None or when.until > when.wall


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)).map(
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    st.booleans(),
)
def test_an_iso_date_is_read_as_written(moment: datetime, day_first: bool) -> None:
    """Formatting a moment and reading it gives the same moment, whatever the habit."""
    assert said(f"{moment:%Y-%m-%d %H:%M}", day_first=day_first).wall == moment
    assert said(f"{moment:%Y-%m-%dT%H:%M}", day_first=day_first).wall == moment
    assert said(f"{moment:%Y-%m-%d}", day_first=day_first).wall.date() == moment.date()
