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


@pytest.mark.parametrize("text", ["friday, not monday", "call me Monday, no, on Tuesday at 10"])
def test_two_days_in_one_sentence_are_a_choice(text: str) -> None:
    """Each of them is offered; which one is meant nobody has to guess."""
    found = said(text)

    assert found is None or len(found.alternatives) == 1


@pytest.mark.parametrize(
    "text",
    [
        "3pm London time",
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
        ("中秋节前三天", "09-22"),
        ("清明节前两天", "04-03"),
        ("除夕晚上八点", "02-05"),
        ("大年初三", "02-08"),
        ("12月1号前两周", "11-17"),
        ("中午前半小时", "05-20"),
        ("the day after Thanksgiving", "11-27"),
        ("NYE 9pm", "12-31"),
        ("before the weekend", "05-22"),
    ],
)
def test_days_are_counted_from_a_holiday_or_a_day(text: str, wanted: str) -> None:
    """Those by the moon, too, as far as their table goes."""
    found = said(text)

    assert found is not None
    assert f"{found.wall:%m-%d}" == wanted
