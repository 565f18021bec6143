"""Opening hours counted minute by minute: slow, and nothing of it is shared with what it checks.

`python -m tests.rules.hours_oracle` compares them around each clock change of each zone,
2026 to 2036.
"""

import sys
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

from handlers.hours import Block, Hours

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)

# Offices, a bakery, a bar, a night shift, edges inside the hour that comes twice, and always.
WEEKS: dict[str, tuple[tuple[Block, ...], ...]] = {
    "office": (((540, 750), (810, 1080)),) * 5 + ((), ()),
    "night": (((1320, 1800),),) * 7,
    "small hours": (((75, 105), (130, 165), (180, 200)),) * 7,
    "around midnight": (((0, 30), (1410, 1470)),) * 7,
    "always": (((0, 1440),),) * 7,
}


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The hours (UTC) in which a zone changes its clock, 2026 to 2036."""
    found = []
    # No zone changes there and back within four days.
    moment, step = FIRST, 4 * DAY
    while moment < LAST:
        low, high = moment, moment + step
        if _offset(name, low) != _offset(name, high):
            while high - low > HOUR:
                middle = low + (high - low) // (2 * HOUR) * HOUR
                same = _offset(name, middle) == _offset(name, low)
                low, high = (middle, high) if same else (low, middle)
            found.append(low)
        moment += step
    return tuple(found)


def zones() -> Iterator[str]:
    """The zones that change their clocks, one for each way to do it."""
    seen = set()
    for name in sorted(available_timezones()):
        if not changes(name):
            continue
        key = tuple(
            (each, _offset(name, each), _offset(name, each + HOUR)) for each in changes(name)
        )
        if key not in seen:
            seen.add(key)
            yield name


def _offset(name: str, moment: datetime) -> timedelta | None:
    return moment.astimezone(ZoneInfo(name)).utcoffset()


class Minutes:
    """Each minute of some days around a moment, and whether somebody is there."""

    def __init__(self, hours: Hours, around: datetime, days: int) -> None:
        # Some days earlier than what is asked for: shifts may reach into it.
        self.start = around.replace(second=0) - (days + 3) * DAY
        count = (2 * days + 6) * 1440
        self.shown = [
            (self.start + n * MINUTE).astimezone(hours.zone).replace(tzinfo=None)
            for n in range(count)
        ]
        # The latest time that the clock has shown so far.
        self.latest = list(accumulate(self.shown, max))
        self.open = [False] * count
        self.asked = range(3 * 1440, count - 3 * 1440)
        day = self.shown[0].date() + DAY
        while day < self.shown[-1].date() - DAY:
            self._mark(hours, day)
            day += DAY

    def _mark(self, hours: Hours, day: date) -> None:
        different = hours.special.get(day)
        if different is not None:
            for n in range(self._first(day, 0), self._first(day, 1440)):
                self.open[n] = False
        blocks = hours.week[day.weekday()] if different is None else different
        for start, end in blocks:
            for n in range(self._first(day, start), self._first(day, end)):
                self.open[n] = True

    def _first(self, day: date, minute: int) -> int:
        """The first minute in which the clock shows that time or a later one."""
        return bisect_left(self.latest, datetime.combine(day, time()) + minute * MINUTE)

    def at(self, number: int) -> datetime:
        """When a minute begins."""
        return self.start + number * MINUTE


def compare(hours: Hours, around: datetime, days: int, step: int = 1) -> None:
    """All four sums against the minutes; says which is wrong."""
    minutes = Minutes(hours, around, days)
    numbers = minutes.asked
    opened = [n for n in numbers if minutes.open[n]]
    begins, ends = minutes.at(numbers[0]), minutes.at(numbers[-1] + 1)
    what = f"{hours.zone.key} around {around:%Y-%m-%d}"
    counted = hours.between(begins, ends)
    assert counted == len(opened) * MINUTE, f"{what}: {counted}, not {len(opened)} minutes"
    for n in numbers[::step]:
        moment = minutes.at(n)
        assert hours.is_open(moment) is minutes.open[n], f"{what}: open at {moment}?"
    for count, n in list(enumerate(opened, 1))[::step]:
        # So many minutes have passed when the last of them ends.
        assert hours.add(begins, count * MINUTE) == minutes.at(n) + MINUTE, f"{what}: {count}"
    following = None
    for n in reversed(numbers):
        following = minutes.at(n) if minutes.open[n] else following
        if following is not None and n % step == 0:
            assert hours.next_opening(minutes.at(n)) == following, f"{what}: after {minutes.at(n)}"


def main() -> None:
    """Every zone, every change, every kind of week."""
    names = list(zones())
    compared = 0
    for name in names:
        for kind, week in WEEKS.items():
            for change in changes(name):
                closed = change.date() + DAY if kind != "always" else change.date() + 9 * DAY
                hours = Hours(ZoneInfo(name), week, {closed: ()})
                compare(hours, change, days=2, step=7)
                compared += 1
    sys.stdout.write(f"{len(names)} zones, {compared} comparisons: no difference\n")


if __name__ == "__main__":
    main()
