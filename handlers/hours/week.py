"""A week of opening hours with its holidays, and the sums over it, exact to the clock change.

The edges of a block are wall times, and each becomes the first instant at which clocks show it or
a later time: in a gap (the clock jumps over it) the first instant after, in an overlap (the clock
shows it twice) the first pass. What lies between two edges counts by its real length.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 24 * 60
A_SECOND = timedelta(seconds=1)
A_DAY = timedelta(days=1)
NOTHING = timedelta()
# Who opens at all opens within so many days; longer closures are taken for "never".
FARTHEST = 800
# Who is there for longer than this without a break is there for ever.
LONGEST_DAY = timedelta(days=14)

# Minutes after the midnight with which the day begins; the end may lie in the next day.
Block = tuple[int, int]
# From when to when somebody is there, in UTC.
Opened = tuple[datetime, datetime]


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which clocks in `zone` show `wall` (naive) or later."""
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if before <= after:
        return before
    # A gap: read by the old offset it lies behind the jump, by the new one before it.
    return _jump(after, before, zone)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two at which the clock in `zone` is changed, to the second."""
    old = low.astimezone(zone).utcoffset()
    while high - low > A_SECOND:
        middle = low + timedelta(seconds=(high - low) // A_SECOND // 2)
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


# By identity: it is read anew when anything changes, and it is a key of the days worked out.
@dataclass(frozen=True, eq=False)
class Hours:
    """When somebody is there: blocks for each day of the week, and days that are different.

    A block belongs to the day on which it begins and may reach into the next (22:00–06:00). A
    day in `special` has those blocks and no others: none on a holiday. At its first midnight also
    ends what began the day before.
    """

    zone: ZoneInfo
    # Seven, Monday first.
    week: tuple[tuple[Block, ...], ...]
    special: Mapping[date, tuple[Block, ...]] = field(default_factory=dict)
    # Days that are different in each year, by month and day.
    yearly: Mapping[tuple[int, int], tuple[Block, ...]] = field(default_factory=dict)
    # From when to when the last answer holds, and what it was.
    _lately: list[tuple[datetime, datetime, bool]] = field(default_factory=list, repr=False)

    @property
    def is_always(self) -> bool:
        """Whether somebody is always there."""
        whole = all(day == ((0, DAY),) for day in self.week)
        return whole and not self.special and not self.yearly

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at that moment."""
        # Each message asks it, and the answer is mostly the one before.
        for since, until, is_open in self._lately:
            if since <= moment < until:
                return is_open
        opening = self.next_opening(moment)
        if opening is None:
            return False
        if opening > moment:
            self._lately[:] = [(moment, opening, False)]
            return False
        closes = next(closes for _, closes in self._from(moment) if closes > moment)
        self._lately[:] = [(moment, closes, True)]
        return True

    def next_opening(self, moment: datetime) -> datetime | None:
        """When somebody is there again: `moment` itself when it is now, None when it is never."""
        for opens, closes in self._from(moment):
            if closes > moment:
                return max(opens, moment)
        return None

    def closing(self, moment: datetime) -> datetime | None:
        """Until when somebody is there without a break; None when nobody is, or for ever."""
        until: datetime | None = None
        for opens, closes in self._from(moment):
            if closes <= moment:
                continue
            if opens > (until or moment) or opens > moment + LONGEST_DAY:
                break
            until = closes
        return until if until is None or until <= moment + LONGEST_DAY else None

    def add(self, moment: datetime, working: timedelta) -> datetime | None:
        """The first instant by which that much working time has passed since `moment`.

        None when it never does: nobody is ever there.
        """
        if working < NOTHING:
            raise ValueError("working time cannot run backwards")
        if working == NOTHING:
            return moment
        left = working
        for opens, closes in self._from(moment):
            begins = max(opens, moment)
            if closes - begins >= left:
                return begins + left
            left -= max(closes - begins, NOTHING)
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; none when the first is the later."""
        passed = NOTHING
        for opens, closes in self._from(start):
            if opens >= end:
                break
            passed += max(min(closes, end) - max(opens, start), NOTHING)
        return passed

    def _from(self, moment: datetime) -> Iterator[Opened]:
        """What is open from about that moment on, in order, nothing twice; it has an end."""
        day = moment.astimezone(self.zone).date() - A_DAY
        until = datetime.min.replace(tzinfo=UTC)
        idle = 0
        while idle < FARTHEST and day < date.max - 2 * A_DAY:
            opened = _opened(self, day)
            idle = 0 if opened else idle + 1
            for opens, closes in opened:
                if closes > until:
                    yield max(opens, until), closes
                    until = closes
            day += A_DAY

    def blocks(self, day: date) -> tuple[Block, ...]:
        """The blocks that begin on a day."""
        if (special := self._special(day)) is not None:
            return special
        return self.week[day.weekday()]

    def _special(self, day: date) -> tuple[Block, ...] | None:
        found = self.special.get(day)
        return self.yearly.get((day.month, day.day)) if found is None else found


@lru_cache(maxsize=4096)
def _opened(hours: Hours, day: date) -> tuple[Opened, ...]:
    """The blocks that begin on a day, as instants, in order."""
    tomorrow = day + A_DAY
    latest: datetime | None = None
    if hours._special(tomorrow) is not None:
        latest = _edge(tomorrow, 0, hours.zone)
    found = []
    for start, end in sorted(hours.blocks(day)):
        opens, closes = _edge(day, start, hours.zone), _edge(day, end, hours.zone)
        closes = closes if latest is None else min(closes, latest)
        if opens < closes:
            found.append((opens, closes))
    return tuple(found)


def _edge(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, minutes = divmod(minute, DAY)
    wall = datetime.combine(day + days * A_DAY, time(minutes // 60, minutes % 60))
    return first_instant(wall, zone)


# What holds until somebody says otherwise.
ALWAYS = Hours(ZoneInfo("UTC"), (((0, DAY),),) * 7)
