"""What a stranger's sentences were once taken for, and what they are."""

from datetime import datetime

import pytest

from handlers.when import find

# A Wednesday.
NOW = datetime(2026, 3, 11, 10)


@pytest.mark.parametrize(
    "text", ["after Friday", "call her after Friday", "周五以后", "周五后联系"]
)
def test_after_a_day_offers_that_day_and_the_next_working_one(text: str) -> None:
    """Whether the day itself still counts nobody knows, so both are offered."""
    found = find(text, NOW)

    assert found is not None
    assert found.wall == datetime(2026, 3, 13, 9)
    assert found.alternatives == (datetime(2026, 3, 16, 9),)


@pytest.mark.parametrize(
    "text",
    [
        "The Sunday Times wrote about them",
        "it costs 5 pm and user",
        "the 5 o'clock train",
        "ticket 2026-06-12 is a duplicate",
        "every day this week at 9am",
        "本周每天下午三点",
        "She said she may be free in the morning",
        "Whit Monday",
        "remind me at 9 and 17 tomorrow",
        "the 3pm slot is taken",
        "提醒我下周三开会前半小时准备资料",
    ],
)
def test_what_only_looks_like_a_moment_is_none(text: str) -> None:
    """A paper, a price, a train and a number are no moments, and a week's end no rule."""
    assert find(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 October, 8:30", "10-01 08:30"),
        ("10月1日8:30", "10-01 08:30"),
        ("10月1日晚上8:30", "10-01 20:30"),
        ("Jan 15 '27 3:30pm", "01-15 15:30"),
        ("3月15下午2点", "03-15 14:00"),
        ("1.5小时后", "03-11 11:30"),
        ("一点五小时后", "03-11 11:30"),
        ("30min后", "03-11 10:30"),
        ("every last Friday 4pm", "03-27 16:00"),
        ("周二九点的没了，我们约周三上午十点吧", "03-18 10:00"),
    ],
)
def test_families_of_phrases(text: str, wanted: str) -> None:
    """A whole date with its time, short years, mixed lengths, the month's last Friday."""
    found = find(text, NOW)

    assert found is not None
    assert (f"{found.wall:%m-%d %H:%M}", found.alternatives) == (wanted, ())


@pytest.mark.parametrize(
    "text",
    [
        "the printer stopped at 11 this morning",
        "at 1 this afternoon",
        "he was to come today at 10",
        "today 8-12",
        "our call at 9am was great, thanks",
    ],
)
def test_a_time_of_today_that_is_over_is_not_moved(text: str) -> None:
    """In the afternoon, eleven this morning is over: neither tomorrow nor late at night."""
    found = find(text, NOW.replace(hour=15))

    assert found is not None
    assert found.is_past
    assert found.wall.date() == NOW.date()
