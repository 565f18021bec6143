"""Finds the first moment said in a text: spots pieces, joins neighbours, settles on one."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from handlers.when.chinese import CHINESE
from handlers.when.digits import DIGITS
from handlers.when.english import ENGLISH
from handlers.when.month_ends import fitting
from handlers.when.said import (
    EVENING,
    MORNING,
    NIGHT,
    NOON,
    SMALL_HOURS,
    Clock,
    Part,
    Piece,
    Rule,
    Speaker,
    When,
    to_the_minute,
)

_GRAMMARS = (*ENGLISH, *CHINESE, DIGITS)

LONGEST_TEXT = 500
DEFAULT_HOUR = 9
HOUR = 60
DAY = 24 * HOUR

_TRADITIONAL = str.maketrans(
    "週點個後鐘兩號禮這時間開隔過幾從於", "周点个后钟两号礼这时间开隔过几从于"
)
_PUNCTUATION = str.maketrans(
    {
        "\u3000": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2019": "'",
        "\u2013": "-",
        "\u2014": "-",
        "。": ".",
    }
)
_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})

_GAP = re.compile(
    r"(?:[\s,]|(?:at|on|by|in|of|the|from|starting|beginning|around|about|before|until)(?![a-z])"
    r"|[@的在从于起])*"
)
_STARTING = re.compile(r"from|starting|beginning|从|起")
_LEAD = re.compile(
    r"(?:(?<![0-9a-z\u00c0-\u052f])(?:on|at|by|this|for|until|till|to|before|after|from|starting"
    r"|beginning|around|about|no later than)\s{1,3}|@\s{0,3}|(?<![现存正实])[在于到从]\s{0,3})+\Z"
)
_TRAIL = re.compile(
    r"(?:\s{1,3}(?:sharp|(?:at the )?latest)(?![a-z])|之前|以前|前(?![天台面])|开始)?"
    r"(?:\s{0,3}[,:;、]|\s{1,3}-(?=\s))?"
)
_LEFT_OVER = re.compile(r"(?:\s{0,3}[,:;、-])\s{0,3}\Z")


def find(text: str, now: datetime, day_first: bool = True) -> When | None:
    """The first date or time said in `text`, or None; never raises, whatever the text."""
    speaker = Speaker(now, day_first)
    heard = normalised(text[:LONGEST_TEXT])
    pieces = _spotted(heard, speaker)
    for first in range(len(pieces)):
        piece = _joined(pieces[first:], heard)
        if piece.weak or (piece.shift and not piece.days):
            continue
        try:
            return _with_connecting_words(_settled(piece, speaker), heard)
        except (ValueError, OverflowError):
            # Far beyond the calendar's end there is no such moment.
            continue
    return None


def normalised(text: str) -> str:
    """The text in small, half-width, simplified characters; each character keeps its place."""
    plain = text.translate(_FULL_WIDTH).translate(_PUNCTUATION).translate(_TRADITIONAL)
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in plain)


def _spotted(heard: str, speaker: Speaker) -> list[Piece]:
    """Pieces from left to right; where two overlap the earlier, then the longer one stays."""
    every = [piece for grammar in _GRAMMARS for piece in grammar.pieces(heard, speaker)]
    kept: list[Piece] = []
    for piece in sorted(every, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _joined(pieces: list[Piece], heard: str) -> Piece:
    whole = pieces[0]
    for piece in pieces[1:]:
        gap = heard[whole.end : piece.start]
        if not _GAP.fullmatch(gap):
            break
        both = _both(whole, piece, gap)
        if both is None:
            break
        whole = replace(both, start=whole.start, end=piece.end, weak=False)
    return whole


def _both(left: Piece, right: Piece, gap: str) -> Piece | None:
    """What two neighbours say together; None when they speak of different things."""
    if left.moment or right.moment:
        return _moment_on_its_day(left, right)
    if (left.clock and right.clock) or (left.part and right.part) or (left.rule and right.rule):
        return None
    dated = _dated(left, right, gap)
    if dated is None:
        return None
    return replace(dated, clock=left.clock or right.clock, part=left.part or right.part)


def _moment_on_its_day(left: Piece, right: Piece) -> Piece | None:
    moment = left.moment or right.moment
    days = left.days or right.days
    return Piece(moment=moment) if moment and moment.date() in days else None


def _dated(left: Piece, right: Piece, gap: str) -> Piece | None:
    """The day, or the recurrence, that both say."""
    if left.shift and not left.days:
        if not right.days or right.rule:
            return None
        return replace(right, days=tuple(day + left.shift for day in right.days), by="")
    if right.shift and not right.days:
        return None
    if left.rule or right.rule:
        return _recurring(left, right, gap)
    if left.days and right.days:
        return _same_day(left, right)
    return left if left.days else right


def _recurring(left: Piece, right: Piece, gap: str) -> Piece | None:
    repeats, other = (left, right) if left.rule else (right, left)
    if not other.days:
        return repeats
    if repeats.rule and not repeats.rule.by and _fits(repeats.rule.freq, other.by):
        return replace(repeats, rule=replace(repeats.rule, by=other.by))
    if _STARTING.search(gap):
        return replace(repeats, since=other.days[0])
    return None


def _fits(freq: str, by: str) -> bool:
    kinds = {"WEEKLY": "BYDAY=", "MONTHLY": "BYMONTHDAY=", "YEARLY": "BYMONTH="}
    return freq in kinds and by.startswith(kinds[freq])


def _same_day(left: Piece, right: Piece) -> Piece | None:
    """A weekday beside its week, or beside the date that it belongs to."""
    if left.is_weekday == right.is_weekday:
        return None
    weekday, other = (left, right) if left.is_weekday else (right, left)
    number = weekday.days[0].weekday()
    if other.is_week:
        return Piece(days=(other.days[0] + timedelta(days=number),))
    agreeing = tuple(day for day in other.days if day.weekday() == number)
    if agreeing:
        return replace(other, days=agreeing)
    # "Friday 30 November" of a year where that is a Monday: one of the two is a slip.
    return replace(other, days=(*other.days, weekday.days[0]))


def _settled(piece: Piece, speaker: Speaker) -> When:
    if piece.moment:
        is_past = piece.moment < to_the_minute(speaker.now)
        return When(piece.start, piece.end, piece.moment, is_past=is_past)
    likely, spare = _times(piece.clock, piece.part)
    if piece.rule:
        return _repeated(piece, piece.rule, likely, speaker)
    if piece.days:
        return _on_a_day(piece, likely, spare, speaker)
    return _at_a_time(piece, likely, spare, speaker.now)


def _times(clock: Clock | None, part: Part | None) -> tuple[tuple[int, ...], int | None]:
    """Likely readings in minutes of the day, best first, and one for when those are over today."""
    if clock is None:
        return ((part.hour if part else DEFAULT_HOUR) * HOUR,), None
    said = clock.hour * HOUR + clock.minute
    if part in (MORNING, NOON, EVENING, NIGHT, SMALL_HOURS) or (part and not clock.sure):
        return (_within(clock, part),), None
    if clock.sure:
        # Friday midnight may be the one that begins the Friday.
        return ((said, 0), None) if clock.hour == 24 else ((said,), None)
    early, late = said % (DAY // 2), said % (DAY // 2) + DAY // 2
    if early < HOUR:
        return (late,), DAY + early
    # Work is done at four and at nine by day, but at six or seven it could be either.
    if early < 5 * HOUR:
        return (late,), early
    if early < 7 * HOUR:
        return (late, early), None
    return ((early, late), None) if early < 9 * HOUR else ((early,), late)


def _within(clock: Clock, part: Part) -> int:
    """Minutes of the day of that clock in that part; a night goes on after midnight."""
    hour = clock.hour
    if part in (EVENING, NIGHT):
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
    day = _best_day(piece.days, speaker.today)
    wall = _at(day, likely[0])
    if day == speaker.today and wall <= speaker.now:
        later = [_at(day, m) for m in (*likely[1:], *([spare] if spare else []))]
        wall = next((other for other in later if other > speaker.now), wall)
        if piece.part and not piece.clock:
            wall = _rest_of_part(wall, piece.part, speaker.now)
    others = [_at(day, m) for m in likely[1:]] + [_at(d, likely[0]) for d in piece.days]
    moment = to_the_minute(speaker.now)
    is_past = wall < moment if has_time else wall.date() < speaker.today
    alternatives = () if is_past else _alternatives(others, wall, speaker.now)
    return When(piece.start, piece.end, wall, None, alternatives, is_past, has_time)


def _best_day(days: tuple[date, ...], today: date) -> date:
    """The likeliest day that is not over; the likeliest when all are."""
    return next((day for day in days if day >= today), days[0])


def _rest_of_part(wall: datetime, part: Part, now: datetime) -> datetime:
    """The next full hour when "this evening" is said in the evening."""
    hour = now.hour + 1
    return wall.replace(hour=hour) if hour < part.until else wall


def _at_a_time(piece: Piece, likely: tuple[int, ...], spare: int | None, now: datetime) -> When:
    wall, *others = [_next(minutes, now) for minutes in likely]
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
    wall, *others = [_first(rule, minutes, piece.since, speaker.now) for minutes in times]
    alternatives = _alternatives(others, wall, speaker.now) if rule.freq != "HOURLY" else ()
    return When(piece.start, piece.end, wall, str(rule), alternatives, False, has_time)


def _first(rule: Rule, minutes: int, since: date | None, now: datetime) -> datetime:
    """The first time: the coming such day when the rule names days, else one interval from now."""
    if rule.by or (rule.freq, rule.interval) == ("DAILY", 1):
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


def _with_connecting_words(when: When, heard: str) -> When:
    """The same moment over its connecting words too, so that the rest is the message's own."""
    trail = _TRAIL.match(heard, when.end)
    end = trail.end() if trail else when.end
    lead = _LEAD.search(heard, max(0, when.start - 40), when.start)
    start = lead.start() if lead else when.start
    if not heard[end:].strip():
        left_over = _LEFT_OVER.search(heard, max(0, start - 8), start)
        start = left_over.start() if left_over else start
    return replace(when, start=start, end=end)
