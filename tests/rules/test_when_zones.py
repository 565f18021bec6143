"""A time that is said by the clock of another place is the speaker's own time that it is."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.when import find

# A Wednesday, in the weeks in which America has summer time and Europe not yet.
NOW = datetime(2026, 3, 11, 10)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("3pm London time tomorrow", "03-12 16:00", "3pm London time tomorrow"),
        ("call Bob at 3pm tomorrow (London time)", "03-12 16:00", "at 3pm tomorrow (London time)"),
        ("9am New York time on Monday: demo", "03-16 14:00", "9am New York time on Monday:"),
        ("tomorrow noon Tokyo time", "03-12 04:00", "tomorrow noon Tokyo time"),
        ("Monday at 9 in the Paris time zone", "03-16 09:00", None),
        ("Friday 5pm PT", "03-14 01:00", "Friday 5pm PT"),
        ("Friday 5pm EDT", "03-13 22:00", "Friday 5pm EDT"),
        ("tomorrow 14:30 UTC", "03-12 15:30", "tomorrow 14:30 UTC"),
        ("北京时间后天下午三点开会", "03-13 08:00", "北京时间后天下午三点"),
        ("下周一纽约时间九点", "03-16 14:00", "下周一纽约时间九点"),
        ("明早九点（东京时间）", "03-12 01:00", "明早九点（东京时间）"),
        ("every Monday 9am Berlin time", "03-16 09:00", "every Monday 9am Berlin time"),
    ],
)
def test_a_time_by_another_clock(text: str, wanted: str, said: str | None) -> None:
    """The moment is the same, and the place's name is a part of what was said."""
    found = find(text, NOW, zone=BERLIN)

    assert found is not None
    assert (f"{found.wall:%m-%d %H:%M}", found.alternatives) == (wanted, ())
    assert said is None or text[found.start : found.end] == said


@pytest.mark.parametrize(
    "text",
    [
        # Neither a day nor what repeats is the same by two clocks.
        "tomorrow London time",
        "every Monday 9am London time",
        # In March it is not winter in New York any more.
        "Friday 5pm EST",
        # Of several zones, and none that is known.
        "tomorrow 9am IST",
        "9am London time, 4pm Singapore time",
        "tomorrow 3pm Gotham time",
        "Friday 10am UTC+2",
    ],
)
def test_a_zone_that_is_not_clear_is_asked_about(text: str) -> None:
    """Better no answer than one by the wrong clock."""
    assert find(text, NOW, zone=BERLIN) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("for the first time tomorrow at 9am", "03-12 09:00"),
        ("next time call at 3pm tomorrow", "03-12 15:00"),
        ("明天下午三点找个时间", "03-12 15:00"),
    ],
)
def test_other_times_are_no_zones(text: str, wanted: str) -> None:
    """Not every word before "time" is a place."""
    found = find(text, NOW, zone=BERLIN)

    assert found is not None
    assert f"{found.wall:%m-%d %H:%M}" == wanted
