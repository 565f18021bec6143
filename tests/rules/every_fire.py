"""Every zone, every half hour, daily, weekly, monthly, yearly: exactly one fire a period.

`python -m tests.rules.every_fire` walks 2026 to 2036 whole and prints what it saw.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo, available_timezones

from handlers.actions import moments

FIRST, LAST = datetime(2026, 1, 1), datetime(2037, 1, 1)
HALF_HOURS = tuple(time(half // 2, half % 2 * 30) for half in range(48))

# What each rule may fire in once: its period, as a number that grows by one from each to the next.
PERIODS: dict[str, Callable[[date], int]] = {
    "FREQ=DAILY": date.toordinal,
    "FREQ=WEEKLY;BYDAY=SU": lambda day: (day.toordinal() - 1) // 7,
    "FREQ=MONTHLY;BYMONTHDAY=31": lambda day: day.year * 12 + day.month,
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1": lambda day: day.year * 12 + day.month,
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29": lambda day: day.year,
    "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=25": lambda day: day.year,
}


def histories() -> dict[tuple[tuple[int, int], ...], list[str]]:
    """The zones by what their clocks do from 2026 to 2036: alike in that is alike in all."""
    alike: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for name in sorted(available_timezones()):
        alike.setdefault(tuple(_changes(ZoneInfo(name))), []).append(name)
    return alike


def _changes(zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The first offset and every change of it: (when in seconds, offset in seconds)."""
    moment, last = datetime(2025, 12, 25, tzinfo=UTC), datetime(2037, 1, 10, tzinfo=UTC)
    offset = _offset(zone, moment)
    yield 0, offset
    # No zone changes there and back within four days.
    while moment < last:
        following = moment + timedelta(days=4)
        if _offset(zone, following) != offset:
            low, high = int(moment.timestamp()), int(following.timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                same = _offset(zone, datetime.fromtimestamp(middle, UTC)) == offset
                low, high = (middle, high) if same else (low, middle)
            offset = _offset(zone, following)
            yield high, offset
        moment = following


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    return int((moment.astimezone(zone).utcoffset() or timedelta()).total_seconds())


def walked(zone: ZoneInfo, at: time, rule: str) -> int:
    """How often the rule fires; AssertionError where a period has no fire or more than one."""
    period = PERIODS[rule]
    seen = []
    for moment in moments.fires(datetime.combine(FIRST, at), zone, rule):
        local = moment.astimezone(zone)
        if local.replace(tzinfo=None) >= LAST:
            break
        seen.append((moment, period(local.date())))
    assert seen, (zone.key, at, rule)
    assert seen[0][1] == period(FIRST.date()) or rule.startswith("FREQ=WEEKLY")
    for (before, one), (after, other) in pairwise(seen):
        assert before < after, (zone.key, at, rule, after)
        assert other == one + 1, (zone.key, at, rule, before, after)
    return len(seen)


def main() -> int:
    """Walks them all; the figures go to standard output."""
    began, fired, alike = perf_counter(), 0, histories()
    for names in alike.values():
        zone = ZoneInfo(names[0])
        for rule in PERIODS:
            fired += sum(walked(zone, at, rule) for at in HALF_HOURS) * len(names)
    zones = sum(len(names) for names in alike.values())
    sys.stdout.write(
        f"{zones} zones ({len(alike)} ways to change the clock) × {len(HALF_HOURS)} half hours"
        f" × {len(PERIODS)} rules, 2026 to 2036: {fired:,} fires, one a period,"
        f" in {perf_counter() - began:.0f} s\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
