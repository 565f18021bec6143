"""When things are due: one fire a period, whatever the clocks of the zone do."""

from datetime import UTC, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.actions import moments
from tests.rules import every_fire

# Half an hour, a quarter of one, midnight, the date line's far side, and a change each Ramadan.
ODD = (
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Nuuk",
    "Asia/Beirut",
    "America/Santiago",
)


@pytest.mark.parametrize("name", ODD)
def test_a_rule_fires_once_a_period(name: str) -> None:
    """Across every clock change of eleven years, at the half hours around midnight and two."""
    zone = ZoneInfo(name)
    for at in (time(0, 0), time(2, 30), time(23, 30)):
        for rule in every_fire.PERIODS:
            every_fire.walked(zone, at, rule)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(ODD),
    st.sampled_from([*every_fire.PERIODS, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "FREQ=HOURLY"]),
    st.sampled_from(every_fire.HALF_HOURS),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)),
)
def test_the_next_is_the_first_of_all_that_is_later(
    name: str, rule: str, at: time, after: datetime
) -> None:
    """Asking for the next instant gives what walking from the beginning gives."""
    zone, wall = ZoneInfo(name), datetime.combine(datetime(2026, 1, 1), at)
    if rule == "FREQ=HOURLY":
        after = after.replace(year=2026, month=1 + after.month % 4, day=min(after.day, 28))
    instant = after.replace(tzinfo=UTC)

    walked = next(each for each in moments.fires(wall, zone, rule) if each > instant)

    assert moments.next_of(wall, zone, rule, instant) == walked


def test_an_hourly_rule_goes_on_through_a_skipped_hour() -> None:
    """London has no 01:00 on the last Sunday of March: that hour's instant is fired once."""
    begun = moments.fires(datetime(2026, 3, 28, 23), ZoneInfo("Europe/London"), "FREQ=HOURLY")

    hours = [moment.hour for moment in islice(begun, 5)]

    assert hours == [23, 0, 1, 2, 3]
