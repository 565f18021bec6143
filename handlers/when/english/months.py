"""Months, quarters and their parts as English says them: mid March, the last Monday of May, Q4."""

from dataclasses import replace
from datetime import date, timedelta

from handlers.when.digits import YEAR, full_year
from handlers.when.english.words import (
    A_MONTH,
    CLEAR,
    DAY,
    DAY_IN_WORDS,
    MONTH,
    NAMED,
    NTH,
    ORDINALS,
    day_in_words,
    english,
    month_of_name,
    weekday_of,
    words_before,
)
from handlers.when.said import (
    CLOSE,
    Match,
    Piece,
    Speaker,
    coming,
    day_of_month,
    end_of_month,
    last_of_month,
    month_of,
    named_weekday,
    nth_weekday,
    spoken_day,
    week_of,
)

MONTHS = english(
    rf"{A_MONTH}|quarter|qtr|q[1-4]|eoq|month|year|week|work|business"
    r"|first|second|third|last|thirt|twent|th(?![a-z])|(?:st|nd|rd)(?![a-z])"
)

SHORT_YEARS = english(r"'[0-9]")

_AS_WORDS = ("may", "march", "mar", "jan", "dec", "sept", "sep", "oct", "nov", "jun", "jul", "aug")


@MONTHS.says(rf"{MONTH},? (?:of )?({YEAR})")
def month_of_year(match: Match, _: Speaker) -> Piece:
    return Piece(days=(date(int(match[2]), month_of_name(match[1]), 1),))


@MONTHS.says(
    rf"(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}(),? (?:of )?(next|this) year",
    rf"(){MONTH}(?: (?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?)?,? (?:of )?(next|this) year",
    rf"(?:in )?()()()(?P<first>next|this) year,? in {MONTH}",
)
def of_next_year(match: Match, speaker: Speaker) -> Piece:
    """2 March next year; March next year; next year in March."""
    names = match.groupdict()
    later, name = (names["first"], match[5]) if "first" in names else (match[4], match[2])
    day = int(match[1] or match[3] or 1)
    year = speaker.today.year + (later == "next")
    return Piece(days=(date(year, month_of_name(name), day),))


@MONTHS.says(
    rf"([0-9]{{1,2}})-{MONTH}(?:-({YEAR}|[0-9]{{2}}))?",
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?~{MONTH},? '([0-9]{{2}})",
    rf"([0-9]{{1,2}}){MONTH}(?: ({YEAR}))?",
)
def written_close(match: Match, speaker: Speaker) -> Piece | None:
    """5-Dec, 05-Dec-2026, 14april."""
    return _dated(match[2], int(match[1]), match[3], speaker)


@MONTHS.says(rf"{MONTH}~([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? ({YEAR}))?(?![:.][0-9]|~[ap]m|[0-9])")
def glued(match: Match, speaker: Speaker) -> Piece | None:
    """Feb13, Oct.23; "may3" and "mar2" are no dates without a word that names them."""
    if " " in match[0][:5] or (
        match[1] in ("may", "mar") and not NAMED.search(words_before(match))
    ):
        return None
    return _dated(match[1], int(match[2]), match[3], speaker)


@SHORT_YEARS.says(rf"{MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?,? '([0-9]{{2}})")
def month_first_with_a_short_year(match: Match, speaker: Speaker) -> Piece | None:
    """Jan 15 '27."""
    return _dated(match[1], int(match[2]), match[3], speaker)


@MONTHS.says(
    rf"(?:the )?{DAY_IN_WORDS} (?:day )?(?:of|in) {MONTH}(?: ({YEAR}))?",
    rf"(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th) day (?:of|in) {MONTH}(?: ({YEAR}))?",
)
def day_in_words_of_month(match: Match, speaker: Speaker) -> Piece | None:
    return _dated(match[2], _day(match[1]), match[3], speaker)


@MONTHS.says(rf"{MONTH} (?:the )?{DAY_IN_WORDS}(?:,? ({YEAR}))?(?! (?:week|time|half|quarter))")
def month_and_day_in_words(match: Match, speaker: Speaker) -> Piece | None:
    return _dated(match[1], _day(match[2]), match[3], speaker)


@MONTHS.says(
    rf"(?<!every\s)(?:on |by |before )?(?:the ){DAY_IN_WORDS} of the month",
    r"(?<!every\s)(?:on |by |before )?(?:the )([0-9]{1,2})(?:st|nd|rd|th) of the month",
)
def day_of_the_month(match: Match, speaker: Speaker) -> Piece | None:
    return day_of_month(_day(match[1]), speaker)


@MONTHS.says(r"(?:the )?last day of (?:the|this) (quarter|year)")
def last_day_of_period(match: Match, speaker: Speaker) -> Piece:
    months = (
        2 - (speaker.today.month - 1) % 3 if match[1] == "quarter" else 12 - speaker.today.month
    )
    return Piece(days=(last_of_month(month_of(speaker.today, months)),))


@MONTHS.says(rf"(?:on )?(?:the )?{DAY_IN_WORDS} of (next|this) month")
def day_in_words_of_this_or_next_month(match: Match, speaker: Speaker) -> Piece:
    month = month_of(speaker.today, 1 if match[2] == "next" else 0)
    return Piece(days=(month.replace(day=_day(match[1])),))


@MONTHS.says(rf"(?:on|by|until|till|before|from|starting) the {DAY_IN_WORDS}(?! [a-z]*day){CLEAR}")
def day_in_words_alone(match: Match, speaker: Speaker) -> Piece | None:
    return day_of_month(_day(match[1]), speaker)


def _day(said: str) -> int:
    return int(said) if said.isdigit() else day_in_words(said)


def _dated(month: str, day: int, year: str | None, speaker: Speaker) -> Piece | None:
    full = None
    if year:
        full = int(year) if len(year) == 4 else full_year(int(year), speaker)
    return spoken_day(month_of_name(month), day, speaker, full)


# Weekdays, weeks and edges of a month.


@MONTHS.says(
    rf"(?:the )?{NTH} (?:{DAY}|(?:business|working|work) ?day) (?:of|in) {MONTH}(?:,? ({YEAR}))?"
)
def nth_weekday_of_month(match: Match, speaker: Speaker) -> Piece:
    position, weekday = ORDINALS[match[1]], weekday_of(match[2]) if match[2] else None
    first = _month(match[3], match[4], speaker)
    piece = nth_weekday(position, weekday, first)
    if not match[4] and piece.days[0] < speaker.today:
        piece = nth_weekday(position, weekday, first.replace(year=first.year + 1))
    return piece


@MONTHS.says(rf"(?:the )?last day (?:of|in) {MONTH}(?:,? ({YEAR}))?")
def last_day_of_month(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(last_of_month(_month(match[1], match[2], speaker)),))


@MONTHS.says(r"(?:the )?(last|first) day of (this|next) month")
def edge_day_of_month(match: Match, speaker: Speaker) -> Piece:
    month = month_of(speaker.today, 1 if match[2] == "next" else 0)
    return Piece(days=(last_of_month(month) if match[1] == "last" else month,))


@MONTHS.says(
    rf"(?:the )?(first|second|third|fourth|last) week (?:of|in) {MONTH}(?:,? ({YEAR}))?",
    r"(?:the )?(first|second|third|fourth|last) week (?:of|in) (next) month()",
)
def week_of_month(match: Match, speaker: Speaker) -> Piece:
    """The Monday of that week; the first week is the one with the month's first Monday."""
    if match[2] == "next":
        month = month_of(speaker.today, 1)
    else:
        month = _month(match[2], match[3], speaker)
    return replace(nth_weekday(ORDINALS[match[1]], 0, month), is_week=True)


@MONTHS.says(
    rf"(?:the )?week (?:of|commencing|starting|beginning)(?: on)?(?: the)? {MONTH} ([0-9]{{1,2}})"
    r"(?:st|nd|rd|th)?",
    rf"(?:the )?week (?:of|commencing|starting|beginning)(?: on)?(?: the)? ([0-9]{{1,2}})"
    rf"(?:st|nd|rd|th)?(?: of)? {MONTH}",
)
def week_of_a_date(match: Match, speaker: Speaker) -> Piece | None:
    day, month = match.groups() if match[1].isdigit() else (match[2], match[1])
    piece = _dated(month, int(day), None, speaker)
    return piece and Piece(days=(week_of(piece.days[0]),), is_week=True)


@MONTHS.says(
    rf"(?:the )?(early|start of|beginning of|mid|middle of|late)(?: in|-)? {MONTH}(?: ({YEAR}))?",
    rf"(?:the )?(mid|middle of)-{MONTH}(?: ({YEAR}))?",
)
def part_of_named_month(match: Match, speaker: Speaker) -> Piece | None:
    """The first, the 15th; late in a month is too wide to be a day."""
    if match[1] == "late":
        return None
    day = 15 if match[1].startswith("mid") else 1
    return _dated(match[2], day, match[3], speaker)


@MONTHS.says(
    r"(?:the )?(early|mid|middle of|beginning of|start of)(?: |-)(?:the )?(next |this )?"
    r"(week|month|year)(?![a-z])",
    r"(mid)-?(next )?(week)(?! next)",
    r"(mid)-?week (next )(week)",
)
def part_of_period(match: Match, speaker: Speaker) -> Piece | None:
    """The first day of the period or its middle: Wednesday, the 15th, the first of July."""
    middle, unit = match[1].startswith("mid"), match[3]
    away = 1 if match[2] == "next " else 0
    for ahead in (away, 1):
        if unit == "week":
            day = week_of(speaker.today, ahead) + timedelta(days=2 * middle)
        elif unit == "month":
            day = month_of(speaker.today, ahead).replace(day=15 if middle else 1)
        else:
            day = date(speaker.today.year + ahead, 7 if middle else 1, 1)
        if day >= speaker.today:
            return Piece(days=(day,), is_week=unit == "week" and not middle)
    return None


def _month(name: str, year: str | None, speaker: Speaker) -> date:
    """The first of that month; without a year of the next one that is not over."""
    first = date(int(year) if year else speaker.today.year, month_of_name(name), 1)
    over = not year and last_of_month(first) < speaker.today
    return first.replace(year=first.year + 1) if over else first


# Quarters and working days.

# "The Q3 report" is no date.
_NO_NAME = (
    r"(?! (?:report|review|results?|numbers|figures|budget|plan|planning|forecast|targets?|sales"
    r"|invoices?|call|meeting|deck|slides|goals?|bonus|closing|accounts)(?![a-z]))"
)
_QUARTER = r"(first|second|third|fourth|1st|2nd|3rd|4th|last)"


@MONTHS.says(
    rf"(the end of |end of |by the end of |start of |beginning of )?(?:the )?{_QUARTER}"
    rf" (?:quarter|qtr)(?: (?:of )?({YEAR}|this year|next year))?(?! of)",
    rf"()q([1-4])(?: ({YEAR}))?(?: |-)(?P<end>end)",
    rf"(the end of |end of |end |start of |start |beginning of )?q([1-4])"
    rf"(?: (?:of )?({YEAR}|this year|next year))?{_NO_NAME}",
)
def numbered_quarter(match: Match, speaker: Speaker) -> Piece | None:
    number = int(match[2]) if match[2].isdigit() else ORDINALS[match[2]] % 5
    named = match[3]
    year = speaker.today.year + (named == "next year")
    year = int(named) if named and named.isdigit() else year
    first = date(year, 3 * number - 2, 1)
    ends = last_of_month(first.replace(month=3 * number))
    if not named and ends < speaker.today:
        first, ends = first.replace(year=year + 1), last_of_month(date(year + 1, 3 * number, 1))
    if (match[1] and "end" in match[1]) or match.groupdict().get("end"):
        return Piece(days=(ends,), part=CLOSE)
    if not (match[1] or named) and first < speaker.today:
        # Of the quarter that is running, a day still to come is meant, and which was not said.
        return None
    return Piece(days=(first,))


@MONTHS.says(
    r"(?:(?:the )?(?:start|beginning) of )?(next|the following) (?:quarter|qtr)"
    r"|early next (?:quarter|qtr)"
)
def next_quarter(_: Match, speaker: Speaker) -> Piece:
    return Piece(days=(month_of(speaker.today, 3 - (speaker.today.month - 1) % 3),))


@MONTHS.says(
    r"(?:the )?(?:end|close) of (?:the |this )?(next )?quarter|(eoq)"
    r"|(?<!each\s)(?<!every\s)quarter~end"
)
def end_of_quarter(match: Match, speaker: Speaker) -> Piece:
    months = 2 - (speaker.today.month - 1) % 3 + (3 if match[1] else 0)
    return replace(end_of_month(month_of(speaker.today, months)), by="")


@MONTHS.says(r"(?:the )?next (?:business|working|work) ?day|(?:the )?next weekday")
def next_working_day(_: Match, speaker: Speaker) -> Piece:
    day = speaker.today + timedelta(days=1)
    return Piece(days=(day if day.weekday() < 5 else coming(0, speaker.today),))


@MONTHS.says(
    rf"({DAY[1:-1]}),? (?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)(?! (?:of )?{MONTH})",
    rf"({DAY[1:-1]}),? the {DAY_IN_WORDS}(?! (?:of )?{MONTH}){CLEAR}",
)
def weekday_the_nth(match: Match, speaker: Speaker) -> Piece | None:
    """ "Tuesday the 19th"; when that is no Tuesday, the day and the weekday are both offered."""
    weekday = weekday_of(match[1])
    piece = day_of_month(_day(match[2]), speaker)
    if piece is None or piece.days[0].weekday() == weekday:
        return piece
    near = named_weekday(weekday, speaker).days[0]
    return Piece(days=(piece.days[0], near))
