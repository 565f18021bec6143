"""A rule for the 31st holds in every month."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.actions import moments

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("rule", "start", "following"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31", "01-31 02-28 03-31 04-30 05-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=30", "2027-12-30", "01-30 02-29 03-30 04-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=29", "2026-12-29", "01-29 02-28 03-29"),
        ("FREQ=MONTHLY;BYMONTHDAY=28", "2026-12-28", "01-28 02-28 03-28"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31", "01-31 02-28 03-31"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", "2026-12-31", "02-28 04-30 06-30"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29", "02-28 02-28 02-28 02-29"),
    ],
)
def test_a_shorter_month_takes_its_last_day(rule: str, start: str, following: str) -> None:
    """What is meant for the 31st comes on the 30th, 29th or 28th where there is no 31st."""
    wall = datetime.fromisoformat(f"{start}T09:00")
    moment = moments.instant(wall, LONDON)
    found = []
    for _ in following.split():
        moment = moments.next_of(wall, LONDON, rule, moment)
        wall = moment.astimezone(LONDON).replace(tzinfo=None)
        found.append(f"{wall:%m-%d}")

    assert " ".join(found) == following
    assert wall.hour == 9
    assert moment.tzinfo is UTC
