"""What words can say about time: pieces of a date, the grammar that spots them, calendar sums."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self

from dateutil.relativedelta import relativedelta

from handlers.when.words import Words

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = "BYDAY=MO,TU,WE,TH,FR"
FRIDAY, SATURDAY = 4, 5
# So many days back a day without a year is more likely that one than the one of next year.
JUST_GONE = 21


@dataclass(frozen=True)
class When:
    """A moment that was said, where it was said, and how sure we are of it."""

    start: int
    end: int
    wall: datetime
    rule: str | None = None
    alternatives: tuple[datetime, ...] = ()
    is_past: bool = False
    # Without a time the wall has the default hour; it may already be over when the day is today.
    has_time: bool = True
    # When it ends, if an end was said; without a time the last minute of the last day.
    until: datetime | None = None


@dataclass(frozen=True)
class Speaker:
    """When somebody speaks, and whether 3/4 is the third of April to them."""

    now: datetime
    day_first: bool = True

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True)
class Clock:
    """A time of day; not sure when the hour could be of either half. Hour 24 ends the day.

    Behind a whole date, and in Chinese, 8:30 is formal, and most likely of the morning.
    """

    hour: int
    minute: int = 0
    sure: bool = True
    formal: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the day: the hour it stands for when no clock is said, and when it is over."""

    name: str
    hour: int
    until: int


MORNING = Part("morning", 9, 12)
NOON = Part("noon", 12, 13)
AFTERNOON = Part("afternoon", 14, 18)
EVENING = Part("evening", 18, 23)
NIGHT = Part("night", 20, 24)
DEEP_NIGHT = Part("deep night", 23, 24)
SMALL_HOURS = Part("small hours", 1, 5)
CLOSE = Part("close of business", 17, 17)


@dataclass(frozen=True)
class Rule:
    """A recurrence in the words of RFC 5545."""

    freq: str
    interval: int = 1
    by: str = ""

    def __str__(self) -> str:
        interval = f"INTERVAL={self.interval}" if self.interval > 1 else ""
        return ";".join(filter(None, (f"FREQ={self.freq}", interval, self.by)))


@dataclass(frozen=True)
class Piece:
    """One run of words and what it says; joined with its neighbours it becomes a moment."""

    start: int = 0
    end: int = 0
    # Readings of the day, likeliest first.
    days: tuple[date, ...] = ()
    # How a recurrence would say this day: "BYDAY=MO", "BYMONTHDAY=15", "BYMONTH=5;BYMONTHDAY=5".
    by: str = ""
    # The days are a whole week's Monday: a weekday beside it picks the day.
    is_week: bool = False
    # "a week from": moves the day that is said next; "an hour before": moves the moment.
    shift: relativedelta | None = None
    # "The 1st, two weeks before": 前两周 counts from the day that was said before it.
    is_behind: bool = False
    offset: relativedelta | None = None
    moment: datetime | None = None
    clock: Clock | None = None
    part: Part | None = None
    rule: Rule | None = None
    since: date | None = None
    # The end of a range: its last day, the clock at which it ends, or how long it lasts.
    last: date | None = None
    ends: Clock | None = None
    lasting: relativedelta | None = None
    # Means nothing alone, only beside another piece ("morning", "weekly").
    weak: bool = False

    @property
    def is_weekday(self) -> bool:
        return self.by.startswith("BYDAY=") and not self.rule


@dataclass(frozen=True)
class Length:
    """How long: a span on the calendar, or so many working days; fine when it counts minutes."""

    span: relativedelta = field(default_factory=relativedelta)
    workdays: int = 0
    fine: bool = False

    def __add__(self, other: Self) -> "Length":
        # relativedelta has no useful type for the sum of two of its own kind.
        span: relativedelta = self.span + other.span
        return Length(span, self.workdays + other.workdays, self.fine or other.fine)

    def after(self, now: datetime) -> Piece:
        if self.fine:
            return Piece(moment=to_the_minute(now + self.span))
        return Piece(days=(working_days_after(now.date() + self.span, self.workdays),))

    def before(self, now: datetime) -> Piece:
        if self.fine:
            return Piece(moment=to_the_minute(now - self.span))
        return Piece(days=(now.date() - self.span,))


Match = re.Match[str]
Reader = Callable[[Match, Speaker], Piece | None]


class Grammar:
    """Phrases of one language and what each of them says.

    In a phrase one blank stands for white space and ~ for white space or nothing, both bounded, so
    that no text can make the search slow.
    """

    def __init__(self, before: str, after: str, needs: str | None = None) -> None:
        self._before = before
        self._after = after
        # What has to occur in a text for any of the phrases to be in it.
        self._needs = Words(needs, re.ASCII) if needs else None
        self._phrases: list[tuple[str, Reader]] = []

    def says(self, *phrases: str) -> Callable[[Reader], Reader]:
        def keep(reader: Reader) -> Reader:
            for phrase in phrases:
                self._phrases.append((phrase, reader))
            return reader

        return keep

    def pieces(self, text: str, speaker: Speaker) -> Iterator[Piece]:
        if self._needs is not None and not self._needs.search(text):
            return
        for pattern, reader in self._patterns:
            for match in pattern.finditer(text):
                piece = read(reader, match, speaker)
                if piece:
                    yield piece

    def get_ready(self) -> None:
        """Compile all phrases, so that nobody has to wait for it."""
        _ = self._patterns

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Reader]]:
        # Compiling is most of the cost of these modules, so it waits until a date is looked for.
        return [(self._compiled(phrase), reader) for phrase, reader in self._phrases]

    def _compiled(self, phrase: str) -> re.Pattern[str]:
        spaced = phrase.replace(" ", r"\s{1,3}").replace("~", r"\s{0,3}")
        return re.compile(f"{self._before}(?:{spaced}){self._after}", re.ASCII)


def read(reader: Reader, match: Match, speaker: Speaker) -> Piece | None:
    """What the reader makes of the match, placed in the text; None for days that do not exist."""
    try:
        piece = reader(match, speaker)
    except (ValueError, OverflowError):
        return None
    return piece and replace(piece, start=match.start(), end=match.end())


def to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def coming(weekday: int, today: date) -> date:
    """The next such day after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_near(weekday: int, before: bool, day: date) -> date:
    """The last such weekday before that day, or the first after it."""
    if before:
        return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
    return coming(weekday, day)


def week_of(today: date, weeks: int = 0) -> date:
    """The Monday of this week, or of the week that many weeks away."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def month_of(today: date, months: int = 0) -> date:
    """The first of this month, or of the month that many months away."""
    return today.replace(day=1) + relativedelta(months=months)


def last_of_month(day: date) -> date:
    return day + relativedelta(day=31)


def working_days_after(day: date, count: int) -> date:
    for _ in range(min(count, 1000)):
        day += timedelta(days=1 if day.weekday() < FRIDAY else 7 - day.weekday())
    return day


def named_weekday(weekday: int, speaker: Speaker, *days: date) -> Piece:
    """A weekday as a piece; without days it is the coming one, said on that very day also today."""
    if not days:
        days = (coming(weekday, speaker.today),)
        if speaker.today.weekday() == weekday:
            days = (*days, speaker.today)
    return Piece(days=days, by=f"BYDAY={WEEKDAYS[weekday]}")


def day_of_month(day: int, speaker: Speaker) -> Piece | None:
    """The next such day from today on; months that are too short for it are passed over."""
    if not 1 <= day <= 31:
        return None
    first = month_of(speaker.today)
    for months in range(4):
        month = first + relativedelta(months=months)
        if last_of_month(month).day >= day and month.replace(day=day) >= speaker.today:
            return Piece(days=(month.replace(day=day),), by=f"BYMONTHDAY={day}")
    return None


def calendar_day(month: int, day: int, speaker: Speaker, year: int | None = None) -> Piece | None:
    """A day with its month; without a year the next one. None when no year has such a day."""
    by = f"BYMONTH={month};BYMONTHDAY={day}"
    if year is not None:
        return Piece(days=(date(year, month, day),), by=by)
    # The 29th of February may be up to eight years away.
    date(2000, month, day)
    for candidate in range(speaker.today.year, speaker.today.year + 9):
        there_is_one = (month, day) != (2, 29) or last_of_month(date(candidate, 2, 1)).day == day
        if there_is_one and date(candidate, month, day) >= speaker.today:
            return Piece(days=(date(candidate, month, day),), by=by)
    return None


def spoken_day(month: int, day: int, speaker: Speaker, year: int | None = None) -> Piece | None:
    """A day with its month; of one that has just gone by nobody knows which year is meant."""
    piece = calendar_day(month, day, speaker, year)
    if piece is None or year is not None:
        return piece
    last = piece.days[0] - relativedelta(years=1)
    just_gone = last.day == day and speaker.today - last <= timedelta(days=JUST_GONE)
    return replace(piece, days=(last,)) if just_gone else piece


def end_of_week(speaker: Speaker, weeks: int = 0) -> Piece:
    """Friday at the close of business; the next one once this week's is over."""
    friday = week_of(speaker.today, weeks) + timedelta(days=FRIDAY)
    if datetime(friday.year, friday.month, friday.day, CLOSE.hour) <= speaker.now:
        friday += timedelta(weeks=1)
    return Piece(days=(friday,), part=CLOSE)


def end_of_month(month: date) -> Piece:
    return Piece(days=(last_of_month(month),), by="BYMONTHDAY=-1", part=CLOSE)


def nth_weekday(position: int, weekday: int | None, month: date) -> Piece:
    """The nth weekday (or, without one, working day) of that month; -1 is the last."""
    last = last_of_month(month).day
    days = [month.replace(day=day) for day in range(1, last + 1)]
    if weekday is None:
        chosen = [day for day in days if day.weekday() <= FRIDAY]
    else:
        chosen = [day for day in days if day.weekday() == weekday]
    if not -len(chosen) <= position <= len(chosen):
        raise ValueError("This month has no such day.")
    return Piece(days=(chosen[position - 1 if position > 0 else position],))


def nth_rule(position: int, weekday: int | None) -> Rule:
    if weekday is None:
        return Rule("MONTHLY", by=f"{WORKDAYS};BYSETPOS={position}")
    return Rule("MONTHLY", by=f"BYDAY={position}{WEEKDAYS[weekday]}")
