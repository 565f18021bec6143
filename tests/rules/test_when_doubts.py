"""Where a sentence says no, moves something, tells of the past or says more than was read."""

from datetime import datetime

import pytest

from handlers.when import When, find

# A Wednesday.
NOW = datetime(2026, 5, 20, 8, 30)


def said(text: str) -> When | None:
    return find(text, NOW)


def wall(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"


@pytest.mark.parametrize(
    "text",
    [
        "can't make Friday",
        "any time but Monday",
        "Tuesday won't work, Thursday either",
        "Friday is too late",
        "周四不行",
        "周二周四都不行",
        "下周三之前不行",
    ],
)
def test_a_day_that_does_not_suit_is_no_answer(text: str) -> None:
    """What somebody cannot is not taken for what they want."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Friday doesn't work for me, what about Tuesday at 4pm", "05-26 16:00"),
        ("can we swap Monday's slot for Tuesday 9am", "05-26 09:00"),
        ("the meeting moved from Thursday to Friday 10am", "05-22 10:00"),
        ("周四不行，周五十点可以吗", "05-22 10:00"),
        ("周四满了，周五两点到三点之间", "05-22 14:00"),
        ("the 10am is cancelled, Friday 2pm instead", "05-22 14:00"),
        ("周五改成周二下午四点", "05-26 16:00"),
        ("I tried calling yesterday, please phone me today at 3pm", "05-20 15:00"),
        ("thanks for the call today, please ring me tomorrow at 10", "05-21 10:00"),
    ],
)
def test_the_day_that_is_meant_comes_after_one_that_is_not(text: str, wanted: str) -> None:
    """Refused, moved away or over: the other one in the sentence is the answer."""
    found = said(text)

    assert found is not None
    assert (wall(found.wall), found.alternatives, found.is_past) == (wanted, (), False)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("did she call on Monday?", "05-18"),
        ("Monday she left a message", "05-18"),
        ("周一没收到你的邮件", "05-18"),
        ("本来周一要来的", "05-18"),
        ("the visit on Friday went well", "05-15"),
        ("周一的会开得很好", "05-18"),
        ("周日我见过他们", "05-17"),
        ("I ordered it on Monday", "05-18"),
        ("my order from May 12 has not come", "05-12"),
        ("5月12号买的还没到", "05-12"),
        ("我周日下的单", "05-17"),
    ],
)
def test_what_was_done_was_done_before(text: str, wanted: str) -> None:
    """A day without a year that somebody tells of is the one that has been, and is asked about."""
    found = said(text)

    assert found is not None
    assert found.is_past
    assert f"{found.wall:%m-%d}" == wanted


@pytest.mark.parametrize("text", ["friday, not monday", "on Monday and then on Tuesday at 10"])
def test_two_days_in_one_sentence_are_a_choice(text: str) -> None:
    """Each of them is offered; which one is meant nobody has to guess."""
    found = said(text)

    assert found is None or len(found.alternatives) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("call me Monday, no, on Tuesday at 10", "05-26 10:00"),
        ("tomorrow at 3, sorry, Friday at 4pm", "05-22 16:00"),
        ("周二，不对，周四下午三点", "05-21 15:00"),
        ("not on Friday but on Monday", "05-25 09:00"),
        ("not this Friday but the one after", "05-29 09:00"),
        ("不是这周五，是下周五", "05-29 09:00"),
        ("tomorrow is a holiday, so call Greg on Monday at 9.30", "05-25 09:30"),
        ("明天放假，周一上午九点半再打", "05-25 09:30"),
        ("I am away on Friday, call Monday at 2", "05-25 14:00"),
        ("if they don't call by Friday, ring them", "05-22 09:00"),
        ("call Tom on Friday at 5pm", "05-22 17:00"),
        ("no calls on Friday; Monday 2 pm works", "05-25 14:00"),
        ("The fair is on Friday. Remind me on Thursday at 5", "05-21 17:00"),
        ("展会在周五。周四下午五点提醒我", "05-21 17:00"),
    ],
)
def test_what_was_taken_back_is_not_meant(text: str, wanted: str) -> None:
    """A correction, a no, or a day when nobody works leaves the other day."""
    found = said(text)

    assert found is not None
    assert (f"{found.wall:%m-%d %H:%M}", found.alternatives) == (wanted, ())


@pytest.mark.parametrize(
    "text",
    [
        "please don't call on Monday",
        "please dont ring us on Monday",
        "周一请别打电话",
        "tomorrow at 2, no, 8",
        "3pm London time",
        "Friday 5pm PT",
        "Friday 17:00 (UTC+1)",
        "call Tom 5pm",
        "tomorrow at 10 or 11",
        "make it 4 on Friday instead of 3",
        "every hour until 5pm",
        "open Mon-Fri 9-5",
        "下周内",
        "明天晚点",
        "腊月初八",
        "下周打两次",
        "一年零两个月后",
        "every Friday at 8 and 3",
        "T/Th 2pm",
        "semi-monthly",
        "every year at Easter",
        "every month before the board meets",
        "for the next three weeks, every day at 9",
        "within 30 days of delivery",
        "the shop opens at 10 on Sundays",
        "on 4, 6 and 8 June",
        "Tuesday's visit: is 3pm all right",
        "what time is the call tomorrow",
        "I was told Friday",
        "the Tuesday after",
        "at some point next week",
        "7, 8 or 9 on Tuesday",
        "move Monday 4pm to the same time on Friday",
        "周五八点九点都行",
        "25号产品",
        "it should have come on Friday",
        "we fixed it in 3 days",
        "Tue 3pm's no problem",
        "8号航站楼",
        "下周某天",
        "春节到元宵之间",
        "今天稍早",
        "ticket 3/11",
        "工单3/11",
        "十二路26号",
        "每年中秋节",
        "每月倒数第三天",
        "接下来三周每天早上九点",
        "营业时间周一至周五9:00至17:00",
        "每周二，法定假日除外",
        "每天上午九点直到周五",
        "验收后10天内付款",
        "三到五分钟后",
        "2、4、6号",
        "周四的会几点",
        "你们答应周五之前发货",
        "大下周五",
        "between 4 and half past on Wednesday",
        "after the bank holiday on Monday",
        "we spoke on the 3rd, call again two weeks later",
        "some day next month",
        "一三五早上八点",
        "9am CET tomorrow",
        "Friday, 3",
        "Sunday brunch, 11.30",
        "this Friday or next",
        "every Monday and every Thursday",
        "every Monday for six weeks",
        "at the end of each quarter",
        "下午两三点",
        "周一三五",
        "每周一，连续六周",
        "伦敦时间周一上午九点",
    ],
)
def test_words_about_time_that_were_not_understood_are_asked_about(text: str) -> None:
    """A part of what was said is not taken for the whole."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tomorrow at 3, sorry, 4pm", "05-21 16:00"),
        ("Friday at 11, no, make that 10:30", "05-22 10:30"),
        ("周五两点，抱歉，两点半", "05-22 14:30"),
        ("change the demo from 1pm to 2pm", "05-20 14:00"),
        ("Friday suits me, maybe quarter to ten", "05-22 09:45"),
        ("后天没问题，那就十点", "05-22 10:00"),
        ("周五的会十一点", "05-22 11:00"),
        ("tomorrow at eleven suits us", "05-21 11:00"),
        ("tomorrow evening 7", "05-21 19:00"),
    ],
)
def test_a_time_said_later_is_that_day_s(text: str, wanted: str) -> None:
    """Corrected, changed or only said further on, it belongs to the day that was named."""
    found = said(text)

    assert found is not None
    assert (wall(found.wall), found.alternatives) == (wanted, ())


@pytest.mark.parametrize("text", ["tomorrow at 9, no, 6", "move it from 3 to 4", "Happy Monday!"])
def test_a_correction_that_is_not_clear_is_no_answer(text: str) -> None:
    """Six may be of either half of the day, and figures without more may count things."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("send the daily report tomorrow", "05-21"),
        ("prepare the slides for Monday's meeting by tomorrow", "05-21"),
        ("the Q3 report is due on Friday", "05-22"),
        ("call Ann tomorrow about the delivery on Friday", "05-21"),
    ],
)
def test_what_a_thing_is_called_by_is_no_second_day(text: str, wanted: str) -> None:
    """Monday's meeting and the daily report only name a thing."""
    found = said(text)

    assert found is not None
    assert (f"{found.wall:%m-%d}", found.alternatives) == (wanted, ())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("28号审计，前一天要导出来", "05-27"),
        ("the lease runs out on 20 June, warn me ten days before", "06-10"),
        ("I land on the 12th, ring me the day after", "06-13"),
        ("7月1号到期，提前五天提醒我", "06-26"),
        ("three days before Tuesday's launch", "05-23"),
        ("a week before my trip on 10 June", "06-03"),
        ("周二签约前两天", "05-24"),
        ("not tomorrow but the day after", "05-22"),
        ("the start of next quarter", "07-01"),
        ("next month's second Tuesday", "06-09"),
        ("last Friday this month", "05-29"),
        ("如30日前未付款", "05-30"),
        ("正月十五", "02-20"),
        ("中秋节前三天", "09-22"),
        ("清明节前两天", "04-03"),
        ("除夕晚上八点", "02-05"),
        ("大年初三", "02-08"),
        ("12月1号前两周", "11-17"),
        ("中午前半小时", "05-20"),
        ("the day after Thanksgiving", "11-27"),
        ("NYE 9pm", "12-31"),
        ("before the weekend", "05-22"),
        ("the evening before 1 June", "05-31"),
        ("Tuesday after Easter", "03-30"),
        ("the Monday before Christmas", "12-21"),
        ("圣诞节前的周一", "12-21"),
        ("the Friday before the 10th", "06-05"),
        ("ten minutes before my 2pm", "05-20"),
        ("the first of the month, 9 o'clock", "06-01"),
        ("last day of the quarter", "06-30"),
        ("Q3 end", "09-30"),
        ("if it isn't paid by the 25th", "05-25"),
        ("好的。6月16号15:00", "06-16"),
        ("下周3下午", "05-27"),
        ("大大后天", "05-24"),
        ("4个小时又20分钟后", "05-20"),
        ("周末之前", "05-22"),
        ("二月的最后一天", "02-28"),
        ("6号9点半", "06-06"),
    ],
)
def test_days_are_counted_from_a_holiday_or_a_day(text: str, wanted: str) -> None:
    """Those by the moon, too, as far as their table goes."""
    found = said(text)

    assert found is not None
    assert f"{found.wall:%m-%d}" == wanted
