"""When things are due: wall time, zone and rule become an instant, clock changes included.

The rules: in a gap (the clock jumps over that wall time) the first instant after it, or the last
before it when the one after would be another date; in an overlap the first pass; a 31st in a
shorter month is its last day.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrule, rrulestr

from handlers.when.month_ends import fitting
from storage.errors import Refused

A_SECOND = timedelta(seconds=1)
# Rules whose days do not depend on the day on which they began.
_BEGINS_ANYWHERE = re.compile(
    r"FREQ=DAILY|FREQ=(?:WEEKLY;BYDAY|MONTHLY;BY|YEARLY;BYMONTH=[0-9]+;BYMONTHDAY)(?!.*INTERVAL).*"
    r"(?<!,)"
)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises Refused("zone.unknown")."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("zone.unknown", zone=name[:48]) from None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which clocks in `zone` show `wall` (naive) for the first time."""
    before = wall.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    after = wall.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    # Both offsets differ only near a clock change: in an overlap the one before it is the larger.
    if before >= after:
        return (wall - before).replace(tzinfo=UTC)
    # In a gap: before it the clock still ran by the offset of fold 0, so the jump lies between.
    jump = _jump(wall, zone)
    if jump.astimezone(zone).date() == wall.date():
        return jump
    return jump - A_SECOND


def _jump(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the gap that swallows `wall`, to the second."""
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    low, high = min(early, late) - timedelta(seconds=1), max(early, late) + timedelta(seconds=1)
    offset = low.astimezone(zone).utcoffset()
    while high - low > A_SECOND:
        middle = low + timedelta(seconds=(high - low) // A_SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def next_daily(wall: time, zone: ZoneInfo, rule: str, after: datetime) -> datetime:
    """The first instant later than `after` of a rule (RRULE) at a wall time."""
    today = after.astimezone(zone).date()
    # Two days back: a moment that was moved over midnight belongs to the day before.
    start = datetime.combine(today - timedelta(days=2), wall)
    for local in _walls(start, rule, start):
        moment = instant(local, zone)
        if moment > after:
            return moment
    raise ValueError(f"the rule {rule!r} has an end")


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The date on that zone's calendars."""
    return moment.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a local day begins and when the next one does."""
    begins = instant(datetime.combine(day, time()), zone)
    ends = instant(datetime.combine(day + timedelta(days=1), time()), zone)
    return begins, ends


def next_of(wall: datetime, zone: ZoneInfo, rule: str, after: datetime) -> datetime:
    """The first instant later than `after` of a rule that began at `wall` (naive)."""
    # A wall time is never moved by more than a day, so what lies further back is not looked at.
    soon = after.astimezone(zone).replace(tzinfo=None) - timedelta(days=2)
    for local in _walls(wall, rule, soon):
        if local < soon:
            continue
        moment = instant(local, zone)
        if moment > after:
            return moment
    raise ValueError(f"the rule {rule!r} has an end")


def fires(wall: datetime, zone: ZoneInfo, rule: str) -> Iterator[datetime]:
    """Every instant of a rule that began at `wall` (naive), each once, in order."""
    last = None
    for local in _walls(wall, rule, wall):
        moment = instant(local, zone)
        # An hourly rule meets the same instant twice where an hour is skipped.
        if last is None or moment > last:
            yield moment
            last = moment


def _walls(wall: datetime, rule: str, soon: datetime) -> Iterable[datetime]:
    """The wall times of the rule; from about `soon` on where the rule may begin on any day."""
    kept = _read(rule)
    if _BEGINS_ANYWHERE.fullmatch(rule) and soon > wall:
        wall = datetime.combine(soon.date(), wall.time())
    # An rrule has no useful type for what it yields.
    walls: Iterable[datetime] = kept.replace(dtstart=wall)
    return walls


@lru_cache(512)
def _read(rule: str) -> rrule:
    read = rrulestr(fitting(rule))
    if not isinstance(read, rrule):
        raise TypeError(f"{rule!r} is more than one rule")
    return read
