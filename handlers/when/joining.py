"""Pieces side by side become one: a day and its time, a week and its day, a range's both ends."""

from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from handlers.when.said import (
    MORNING,
    SMALL_HOURS,
    WEEKDAYS,
    Clock,
    Part,
    Piece,
    Speaker,
    weekday_near,
)
from handlers.when.settling import best_day
from handlers.when.words import Words

_GAP = Words(
    r"(?:[\s,]|(?:at|on|by|in|of|the|from|starting|beginning|around|about|before|after|until|between"
    r"|for)(?![a-z])|[@的在从于起()])*"
)
_BESIDE = Words(r"before|after|until")
# "Before the 10th" may have its "before" itself.
_OWN_BEFORE = Words(r"before(?![a-z])")
_STARTING = Words(r"from|starting|beginning|从|起")
_TO = Words(
    r"\s{0,3},?\s{0,3}(?:[-~]{1,2}|(?:to|till|untill?|thru|through|up to)(?![a-z])|到|至|直到)"
    r"\s{0,3}(?:(?:the|on|at|about|around)\s{1,3})*"
)
_AND = Words(r"\s{0,3}(?:(?:and|but before)(?![a-z])|和|与|跟)\s{0,3}(?:the\s{1,3})?")
_BETWEEN = Words(r"(?:between|later than|介于|在)\s{0,3}(?:the\s{1,3})?\Z")
_OR = Words(
    r"\s{0,3},?\s{0,3}(?:or(?![a-z])|或者?|还是|要么)\s{0,3}(?:(?:on|at)\s{1,3})?(?:是|在)?"
)
_ALSO = Words(r"\s{0,3},?\s{0,3}(?:and(?![a-z])|&|和|及|、|跟)\s{0,3}(?:(?:on|the)\s{1,3})?")
# What a piece may have of the link itself: "until the 20th".
_OWN_LINK = Words(r"(?:until|till|to)?\s{0,3}(?:the|on)?\s{0,3}")
# "Moved from Monday to Friday" is no range.
_MOVES = Words(
    r"\b(?:mov|push|shift|reschedul|chang|postpon|bring|brought|switch|delay|swap)[a-z]*\b[^.;]{0,40}\Z"
)
_BARE_END = Words(
    r"(?:~?(?:[-\x7e]|(?:to|till|until|and|or)(?![a-z])|到|至)~?)([0-9]{1,2})(?::([0-5][0-9]))?"
    r"(?![0-9:/.%a-z月日号年天周个])".replace("~", r"\s{0,3}")
)


# No moment is said in more pieces than these; without a limit a text of nothing else is slow.
MOST_PIECES = 12


def joined(pieces: list[Piece], heard: str) -> tuple[Piece, int]:
    """The first piece with every neighbour that belongs to it, and how many pieces those are."""
    whole, used = pieces[0], 1
    while used < min(len(pieces), MOST_PIECES):
        piece, taken = pieces[used], 1
        gap = heard[whole.end : piece.start]
        if not _GAP.fullmatch(gap):
            break
        own = _OWN_BEFORE.match(heard, piece.start)
        both = _both(whole, piece, gap + own[0] if own else gap)
        if both is None and piece.shift and not piece.is_behind:
            # "At 10 two days after Saturday": the day is put together before the time joins it.
            piece, taken = joined(pieces[used:], heard)
            both = _both(whole, piece, gap)
        if both is None:
            break
        whole = replace(both, start=whole.start, end=piece.end, weak=False)
        used += taken
    return whole, used


def _both(left: Piece, right: Piece, gap: str) -> Piece | None:
    """What two neighbours say together; None when they speak of different things."""
    if left.moment or right.moment:
        return _moment_on_its_day(left, right)
    if left.part and not left.clock and right.days and _BESIDE.search(gap):
        # The evening before the first of December is not the evening of that day.
        return None
    if right.is_behind:
        return _counted_back(left, right)
    if right.offset or (left.offset and not (right.clock or right.part)):
        return None
    if (left.clock and right.clock) or _disagree(left, right) or (left.rule and right.rule):
        return None
    dated = _dated(left, right, gap)
    if dated is None:
        return None
    return replace(
        dated,
        clock=left.clock or right.clock,
        part=left.part or right.part,
        last=left.last or right.last,
        ends=left.ends or right.ends,
        lasting=left.lasting or right.lasting,
        offset=left.offset or right.offset,
    )


def _counted_back(left: Piece, right: Piece) -> Piece | None:
    """12月1号前两周: the length behind the day moves it."""
    if right.offset:
        return replace(left, offset=right.offset) if left.clock or left.part else None
    if not left.days or left.rule or not right.shift:
        return None
    return replace(left, days=tuple(day + right.shift for day in left.days), by="")


def _disagree(left: Piece, right: Piece) -> bool:
    """Whether each names another part of the day; "Monday morning first thing" says one twice."""
    return bool(left.part and right.part and left.part != right.part)


def _moment_on_its_day(left: Piece, right: Piece) -> Piece | None:
    moment = left.moment or right.moment
    days = left.days or right.days
    if moment and right.lasting and not days:
        return replace(left, lasting=right.lasting)
    return Piece(moment=moment) if moment and moment.date() in days else None


def _dated(left: Piece, right: Piece, gap: str) -> Piece | None:
    """The day, or the recurrence, that both say."""
    if left.shift and not left.days:
        if not right.days or right.rule:
            return None
        # A weekday said on that very day: two weeks from Monday count from the coming one.
        days = right.days[:1] if right.is_weekday else right.days
        return replace(right, days=tuple(day + left.shift for day in days), by="")
    if right.shift and not right.days:
        return None
    if left.rule or right.rule:
        return _recurring(left, right, gap)
    if left.days and right.days:
        beside = _BESIDE.search(gap)
        if beside:
            return _weekday_beside(left, right, beside[0])
        return _same_day(left, right)
    return left if left.days else right


def _recurring(left: Piece, right: Piece, gap: str) -> Piece | None:
    repeats, other = (left, right) if left.rule else (right, left)
    if not other.days:
        return repeats
    if _STARTING.search(gap):
        return replace(repeats, since=other.days[0])
    if repeats.rule and not repeats.rule.by and _fits(repeats.rule.freq, other.by):
        return replace(repeats, rule=replace(repeats.rule, by=other.by))
    return None


def _fits(freq: str, by: str) -> bool:
    kinds = {"WEEKLY": "BYDAY=", "MONTHLY": "BYMONTHDAY=", "YEARLY": "BYMONTH="}
    return freq in kinds and by.startswith(kinds[freq])


def _weekday_beside(left: Piece, right: Piece, how: str) -> Piece | None:
    """ "The Friday before the 20th": another day than either of the two."""
    if how == "until" or not left.is_weekday or right.is_weekday or right.is_week:
        return None
    weekday = left.days[0].weekday()
    return replace(right, days=(weekday_near(weekday, how == "before", right.days[0]),), by="")


def _same_day(left: Piece, right: Piece) -> Piece | None:
    """A weekday beside its week, or beside the date that it belongs to."""
    if left.is_weekday == right.is_weekday:
        return None
    weekday, other = (left, right) if left.is_weekday else (right, left)
    number = weekday.days[0].weekday()
    if other.is_week:
        return Piece(days=(other.days[0] + timedelta(days=number),), by=weekday.by)
    agreeing = tuple(day for day in other.days if day.weekday() == number)
    if agreeing:
        return replace(other, days=agreeing)
    # "Friday 30 November" of a year where that is a Monday: one of the two is a slip.
    if max(other.days) < weekday.days[0] - timedelta(weeks=1):
        raise ValueError("A weekday to come and a day that is over.")
    return replace(other, days=(*other.days, weekday.days[0]))


# Ranges and choices.


def ranged(whole: Piece, rest: list[Piece], heard: str, speaker: Speaker) -> Piece:
    """The piece with the end that follows it: "to 4pm", "until Friday", "到周日"."""
    if whole.ends and is_moving(heard, whole.start):
        return _goes_to(whole, heard)
    if whole.last or whole.ends or whole.lasting or whole.moment:
        return whole
    if is_moving(heard, whole.start):
        return whole
    link = _link(whole, heard)
    if link is None:
        return whole
    if rest and rest[0].start <= link and _OWN_LINK.fullmatch(heard, rest[0].start, link):
        end, used = joined(rest, heard)
        both = _with_end(whole, end, speaker)
        if both is not None:
            both = replace(both, start=whole.start, end=end.end)
            return joined([both, *rest[used:]], heard)[0]
    bare = _BARE_END.match(heard, whole.end)
    if bare and whole.clock:
        hour, minute = int(bare[1]), int(bare[2] or 0)
        if hour <= 24:
            ends = Clock(hour, minute, sure=hour > 12 or hour == 0)
            both = replace(whole, ends=ends, end=bare.end())
            return joined([both, *(piece for piece in rest if piece.start >= both.end)], heard)[0]
    return whole


_FROM = Words(r"(?<![a-z])from\s{1,3}(?:the\s)?\Z")


def _goes_to(whole: Piece, heard: str) -> Piece:
    """ "Change it from 3pm to 4pm" ends at the new time; "move it to 3-4pm" is a range."""
    at = heard.startswith("from", whole.start) or _FROM.search(heard, 0, whole.start)
    return replace(whole, clock=whole.ends, part=None, ends=None) if at else whole


def is_moving(heard: str, start: int) -> bool:
    """Whether "from Monday to Friday" would be a move rather than a range."""
    return bool(_MOVES.search(heard, max(0, start - 60), start))


def _link(whole: Piece, heard: str) -> int | None:
    """Where the other end of a range would begin."""
    link = _TO.match(heard, whole.end)
    if link is None and _BETWEEN.search(heard, max(0, whole.start - 16), whole.start):
        link = _AND.match(heard, whole.end)
    return link.end() if link else None


def _with_end(begin: Piece, end: Piece, speaker: Speaker) -> Piece | None:
    if end.rule or end.shift or end.moment or end.last or end.ends:
        return None
    ends = end.clock or _close(end)
    if end.part and end.clock and not end.clock.sure:
        ends = _in_its_half(end.clock, end.part)
    if end.days and begin.days and not begin.rule:
        day = _day_after(best_day(begin.days, speaker.today), end)
        return replace(begin, last=day, ends=ends) if day else None
    if end.days and begin.rule:
        return replace(begin, last=end.days[0])
    if ends is None or not (begin.clock or begin.part):
        return None
    begin = _in_the_half_of(begin, end)
    if end.days and not begin.days:
        return replace(begin, days=end.days, by=end.by, is_week=end.is_week, ends=ends)
    return None if end.days else replace(begin, ends=ends)


def _close(end: Piece) -> Clock | None:
    return Clock(end.part.until) if end.part else None


def _in_its_half(clock: Clock, part: Part) -> Clock:
    """The clock of "到下午四点", which says its half by itself."""
    late = part not in (MORNING, SMALL_HOURS)
    return Clock(clock.hour % 12 + (12 if late else 0), clock.minute)


def _in_the_half_of(begin: Piece, end: Piece) -> Piece:
    """ "From 2 to 4 in the afternoon": the part said with the end is the beginning's too."""
    if begin.part or not end.part or not begin.clock or begin.clock.sure:
        return begin
    return replace(begin, part=end.part)


def _day_after(first: date, end: Piece) -> date | None:
    """The last day of a range that begins on `first`."""
    kind, _, value = end.by.partition("=")
    if end.is_weekday and value in WEEKDAYS:
        return first + timedelta(days=(WEEKDAYS.index(value) - first.weekday() - 1) % 7 + 1)
    if kind == "BYMONTHDAY" and value.isdigit():
        for months in range(3):
            day = first + relativedelta(months=months, day=int(value))
            if day > first and day.day == int(value):
                return day
        return None
    if kind == "BYMONTH" and end.days[0] <= first:
        return first + relativedelta(
            years=1 if (end.days[0].month, end.days[0].day) <= (first.month, first.day) else 0,
            month=end.days[0].month,
            day=end.days[0].day,
        )
    return next((day for day in end.days if day > first), None)


def chosen(whole: Piece, rest: list[Piece], heard: str) -> list[Piece]:
    """The pieces that are said as other choices: "Tuesday or Wednesday at 3", "明天或后天"."""
    choices: list[Piece] = []
    last = whole
    while rest and not whole.rule:
        either = _OR.match(heard, last.end)
        link = either or _ALSO.match(heard, last.end)
        if link is None or rest[0].start != link.end():
            break
        other, used = joined(rest, heard)
        # Of "Monday and Thursday" one moment has to be picked, but not so of "9 and 10".
        also = either is None and not (whole.days and other.days)
        if other.rule or other.shift or also:
            break
        choices.append(replace(other, start=whole.start))
        last, rest = other, rest[used:]
    return choices


def another_choice(whole: Piece, rest: list[Piece], heard: str) -> bool:
    """Whether there is another choice that is not quite understood: "or 4 on Friday"."""
    link = _OR.match(heard, whole.end)
    if link is None or not rest or not (rest[0].days or rest[0].clock):
        return False
    return rest[0].start - link.end() <= _NEAR


# So far from the word "or" a date still belongs to it.
_NEAR = 16
