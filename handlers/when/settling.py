"""From what was said to a moment: the likeliest day and time, the other readings, the end."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from handlers.when.month_ends import fitting
from handlers.when.said import (
    DEEP_NIGHT,
    EVENING,
    MORNING,
    NIGHT,
    NOON,
    SMALL_HOURS,
    WORKDAYS,
    Clock,
    Part,
    Piece,
    Rule,
    Speaker,
    When,
    to_the_minute,
)

DEFAULT_HOUR = 9
HOUR = 60
HALF_A_DAY = 12 * HOUR
DAY = 24 * HOUR
_MORNINGS = (7, 8)


def settled(piece: Piece, speaker: Speaker) -> When:
    """The moment that the piece says. Raises ValueError or OverflowError beyond the calendar."""
    when = _moment(piece, speaker)
    if piece.offset is not None:
        wall = when.wall + piece.offset
        # An hour before the noon that has just gone by is not the one of tomorrow.
        others = tuple(other + piece.offset for other in when.alternatives)
        when = replace(when, wall=wall, alternatives=others, is_past=wall < speaker.now)
    until = end_of(piece, when.wall)
    return replace(when, until=until if until and until > when.wall else None)


def _moment(piece: Piece, speaker: Speaker) -> When:
    if piece.moment:
        is_past = piece.moment < to_the_minute(speaker.now)
        return When(piece.start, piece.end, piece.moment, is_past=is_past)
    likely, spare = _times(piece.clock, piece.part)
    if piece.rule:
        return _repeated(piece, piece.rule, likely, speaker)
    if piece.days:
        return _on_a_day(piece, likely, spare, speaker)
    return _at_a_time(piece, likely, spare, speaker.now)


def end_of(piece: Piece, wall: datetime) -> datetime | None:
    """When the range ends that begins at `wall`; None when no end was said."""
    if piece.lasting is not None:
        return wall + piece.lasting
    if piece.last is not None:
        minutes = _end_in_minutes(piece.ends, piece.part) if piece.ends else DAY - 1
        return _at(piece.last, minutes)
    if piece.ends is None:
        return None
    begins = wall.hour * HOUR + wall.minute
    said = piece.ends.hour * HOUR + piece.ends.minute
    readings = [said] if piece.ends.sure else [said % HALF_A_DAY, said % HALF_A_DAY + HALF_A_DAY]
    # An end before the beginning belongs to the next day.
    minutes = next((each for each in readings if each > begins), readings[0] + DAY)
    return _at(wall.date(), minutes)


def _end_in_minutes(clock: Clock, part: Part | None) -> int:
    likely, _ = _times(clock, None if clock.sure else part)
    return likely[0]


def _times(clock: Clock | None, part: Part | None) -> tuple[tuple[int, ...], int | None]:
    """Likely readings in minutes of the day, best first, and one for when those are over today."""
    if clock is None:
        return ((part.hour if part else DEFAULT_HOUR) * HOUR,), None
    said = clock.hour * HOUR + clock.minute
    if part in (MORNING, NOON, EVENING, NIGHT, DEEP_NIGHT, SMALL_HOURS) or (
        part and not clock.sure
    ):
        return (_within(clock, part),), None
    if clock.sure:
        # Friday midnight may be the one that begins the Friday.
        return ((said, 0), None) if clock.hour == 24 else ((said,), None)
    early, late = said % HALF_A_DAY, said % HALF_A_DAY + HALF_A_DAY
    if early < HOUR:
        return (late,), DAY + early
    # Work is done at five and at nine by day, but at six or seven it could be either.
    if early < 6 * HOUR:
        return (late,), early
    if early < 7 * HOUR:
        return (late, early), None
    is_either = early < 9 * HOUR and not clock.formal
    return ((early, late), None) if is_either else ((early,), late)


def _within(clock: Clock, part: Part) -> int:
    """Minutes of the day of that clock in that part; a night goes on after midnight."""
    hour = clock.hour
    if part in (EVENING, NIGHT, DEEP_NIGHT):
        if clock.sure:
            hour += 24 if hour < 5 else 0
        else:
            hour = hour % 12 + (24 if hour % 12 < 5 else 12)
    elif not clock.sure:
        if part in (MORNING, SMALL_HOURS):
            hour = hour % 12
        elif part is not NOON or hour < 4:
            hour = hour % 12 + 12
    return hour * HOUR + clock.minute


def _at(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)


def _on_a_day(piece: Piece, likely: tuple[int, ...], spare: int | None, speaker: Speaker) -> When:
    has_time = bool(piece.clock or piece.part)
    day = best_day(piece.days, speaker.today)
    wall = _at(day, likely[0])
    if day == speaker.today and wall <= speaker.now:
        # "Today at 12" in the afternoon is not the midnight that ends the day.
        spares = [spare] if spare and spare < DAY else []
        later = [_at(day, m) for m in (*likely[1:], *spares)]
        # "Today 8-12" in the afternoon is over, and so is "today at ten".
        hour = piece.clock.hour if piece.clock else 0
        if piece.ends is None and not (9 <= hour < 12 and speaker.now.hour < EVENING.hour):
            wall = next((other for other in later if other > speaker.now), wall)
        if piece.part and not piece.clock:
            wall = _rest_of_part(wall, piece.part, speaker.now)
    others = [_at(day, m) for m in likely[1:]] + [_at(d, likely[0]) for d in piece.days]
    moment = to_the_minute(speaker.now)
    is_past = wall < moment if has_time else wall.date() < speaker.today
    alternatives = () if is_past else _alternatives(others, wall, speaker.now)
    return When(piece.start, piece.end, wall, None, alternatives, is_past, has_time)


def best_day(days: tuple[date, ...], today: date) -> date:
    """The likeliest day that is not over; the likeliest when all are."""
    return next((day for day in days if day >= today), days[0])


def _rest_of_part(wall: datetime, part: Part, now: datetime) -> datetime:
    """The next full hour when "this evening" is said in the evening."""
    hour = now.hour + 1
    return wall.replace(hour=hour) if hour < part.until else wall


def _at_a_time(piece: Piece, likely: tuple[int, ...], spare: int | None, now: datetime) -> When:
    # Seven o'clock without a day is the seven that comes first.
    wall, *others = sorted(_next(minutes, now) for minutes in likely)
    if spare is not None and wall.date() > now.date() and _at(now.date(), spare) > now:
        others.append(_at(now.date(), spare))
    if piece.clock and piece.clock.hour == 24:
        others = []
    return When(piece.start, piece.end, wall, None, _alternatives(others, wall, now))


def _next(minutes: int, now: datetime) -> datetime:
    today = _at(now.date(), minutes)
    return today if today > now else today + timedelta(days=1)


def _repeated(piece: Piece, rule: Rule, likely: tuple[int, ...], speaker: Speaker) -> When:
    has_time = bool(piece.clock or piece.part) or rule.freq in ("HOURLY", "MINUTELY")
    times = [minutes % DAY for minutes in likely]
    if rule.by == WORKDAYS and times[0] // HOUR in _MORNINGS:
        # What is done on every working day at seven or eight is done in the morning.
        times = times[:1]
    walls = [_first(rule, minutes, piece.since, speaker.now, has_time) for minutes in times]
    wall, *others = walls
    alternatives = _alternatives(others, wall, speaker.now) if rule.freq != "HOURLY" else ()
    return When(piece.start, piece.end, wall, str(rule), alternatives, False, has_time)


def _first(rule: Rule, minutes: int, since: date | None, now: datetime, has_time: bool) -> datetime:
    """The first time: the coming such day when the rule names days, else one interval from now."""
    if rule.by or (rule.freq == "DAILY" and (rule.interval == 1 or has_time)):
        start = _at(since or now.date(), minutes)
        # Every second Monday begins with the coming Monday, not with the one after it.
        each = rrulestr(fitting(str(replace(rule, interval=1))), dtstart=start)
        first = each.after(max(now, start - timedelta(minutes=1)))
        if first is None:
            raise OverflowError("The calendar ends before it.")
        return datetime(first.year, first.month, first.day, first.hour, first.minute)
    if since:
        return _at(since, minutes)
    steps = {
        "MINUTELY": relativedelta(minutes=rule.interval),
        "HOURLY": relativedelta(hours=rule.interval),
        "DAILY": relativedelta(days=rule.interval),
        "WEEKLY": relativedelta(weeks=rule.interval),
        "MONTHLY": relativedelta(months=rule.interval),
        "YEARLY": relativedelta(years=rule.interval),
    }
    later = to_the_minute(now + steps[rule.freq])
    return later if rule.freq in ("MINUTELY", "HOURLY") else _at(later.date(), minutes)


def _alternatives(others: list[datetime], wall: datetime, now: datetime) -> tuple[datetime, ...]:
    return tuple(dict.fromkeys(other for other in others if other != wall and other > now))
