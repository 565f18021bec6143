"""When things are due: wall time, zone and rule become an instant, clock changes included.

The rules: in a gap (the clock jumps over that wall time) the first instant after it, or the last
before it when the one after would be another date; in an overlap the first pass; a 31st in a
shorter month is its last day.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from handlers.when.month_ends import fitting
from storage.errors import Refused

A_SECOND = timedelta(seconds=1)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises Refused("zone.unknown")."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("zone.unknown", zone=name[:48]) from None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which clocks in `zone` show `wall` (naive) for the first time."""
    local = wall.replace(tzinfo=zone, fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
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
    for local in rrulestr(fitting(rule), dtstart=start):
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
    for local in rrulestr(fitting(rule), dtstart=wall):
        moment = instant(local, zone)
        if moment > after:
            return moment
    raise ValueError(f"the rule {rule!r} has an end")
