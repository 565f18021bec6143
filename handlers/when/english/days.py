"""Days as English says them: beside today, by weekday, by date, by week and month."""

from dataclasses import replace
from datetime import date, timedelta

from handlers.when.digits import YEAR
from handlers.when.english.words import (
    CLEAR,
    CLEAR_AFTER,
    DAY,
    MONTH,
    NAMED,
    NTH,
    ORDINALS,
    PARTS,
    english,
    month_of_name,
    weekday_of,
    words_before,
)
from handlers.when.said import (
    CLOSE,
    FRIDAY,
    NIGHT,
    SATURDAY,
    Match,
    Piece,
    Speaker,
    coming,
    day_of_month,
    end_of_month,
    end_of_week,
    last_of_month,
    month_of,
    named_weekday,
    spoken_day,
    week_of,
)
from handlers.when.words import Words

DAYS = english()

_TOMORROW = r"(?:tom+[oa]r+[oa]+w?|tomm?o?r?rw|tmrrw|tmrw?|tmw|tmo?rw|2morr?ow?|2mrw|2moz|tomoz)"


@DAYS.says(
    rf"(?P<two>(?:the )?day after {_TOMORROW})|(?P<one>{_TOMORROW})|(?P<zero>today)"
    r"|(?P<minus_one>yesterday)|(?P<minus_two>(?:the )?day before yesterday)"
)
def beside_today(match: Match, speaker: Speaker) -> Piece:
    away = {"two": 2, "one": 1, "zero": 0, "minus_one": -1, "minus_two": -2}[match.lastgroup or ""]
    return Piece(days=(speaker.today + timedelta(days=away),))


@DAYS.says(r"tonight|tonite|this (morning|afternoon|arvo|evening|eve)|(last night)")
def part_of_today(match: Match, speaker: Speaker) -> Piece:
    if match[2]:
        return Piece(days=(speaker.today - timedelta(days=1),), part=NIGHT)
    return Piece(days=(speaker.today,), part=PARTS[match[1] or "night"])


@DAYS.says(rf"not (today|{_TOMORROW}),? (?:but )?the day after(?: that)?(?! tom)")
def the_day_after_that(match: Match, speaker: Speaker) -> Piece:
    """ "Not tomorrow, the day after"."""
    return Piece(days=(speaker.today + timedelta(days=1 if match[1] == "today" else 2),))


# Weekdays, weeks, months.

_NOT_A_DAY = Words(r"(?:\b(?:the|a|an|in|he|she|it|we|they|i|you|who|had|has|have|just)\s)\Z")

_NO_WEEKDAY = Words(
    r"(?:black|good|cyber|easter|ash|shrove|palm|happy|whit|maundy|fat|super|giving)\s\Z"
)
_AT_END = Words(
    r"[\s.!?,]*(?:(?:at the )?latest|please|pls|thanks|thx|thank you|ok|okay|fine|good|possible"
    r"|works)?[\s.!?,]*\Z"
)


@DAYS.says(rf"{DAY}\.?")
def weekday(match: Match, speaker: Speaker) -> Piece | None:
    """A day by its name; "sat", "sun", "wed" and "mon" are also words, so they need company."""
    named = NAMED.search(words_before(match))
    if _NO_WEEKDAY.search(words_before(match)):
        return None
    at_end = _AT_END.match(match.string, match.end()) and not _NOT_A_DAY.search(words_before(match))
    weak = match[1] in ("sat", "sun", "wed", "mon") and not (named or at_end)
    return replace(named_weekday(weekday_of(match[1]), speaker), weak=weak)


@DAYS.says(rf"(this|this coming|coming|next|nxt|last|past) {DAY}", rf"(?:the )?{DAY} (after next)")
def weekday_of_a_week(match: Match, speaker: Speaker) -> Piece:
    if match[2] == "after next":
        day = week_of(speaker.today, 2) + timedelta(days=weekday_of(match[1]))
        return named_weekday(weekday_of(match[1]), speaker, day)
    number = weekday_of(match[2])
    soon = coming(number, speaker.today)
    if match[1] in ("last", "past"):
        last = soon - timedelta(weeks=2 if speaker.today.weekday() == number else 1)
        return named_weekday(number, speaker, last)
    if match[1] in ("next", "nxt"):
        # Some say next Friday and mean the coming one; the echo can offer it.
        next_week = week_of(speaker.today, 1) + timedelta(days=number)
        return named_weekday(number, speaker, *dict.fromkeys((next_week, soon)))
    if match[1] == "this" and speaker.today.weekday() == number:
        return named_weekday(number, speaker, speaker.today)
    return named_weekday(number, speaker, soon)


@DAYS.says(
    rf"not (?:this |the coming |this coming )?{DAY},? (?:but )?the "
    r"(?:one after(?: that)?|following(?: one)?|next(?: one)?|week after)"
)
def not_this_one(match: Match, speaker: Speaker) -> Piece:
    """ "Not this Friday but the one after"."""
    weekday = weekday_of(match[1])
    return named_weekday(weekday, speaker, coming(weekday, speaker.today) + timedelta(weeks=1))


@DAYS.says(
    r"(?<!over\s)(?<!over\sthe\s)(?:the )?(next|following|last) (week|month|year)"
    r"|(?:the )?(week|month) after next"
    r"|(?:the )?(?:start|beginning) of (next) (week|month|year)"
)
def whole_period(match: Match, speaker: Speaker) -> Piece | None:
    unit = match[2] or match[3] or match[5]
    away = 2 if match[3] else -1 if match[1] == "last" else 1
    if unit == "week":
        return Piece(days=(week_of(speaker.today, away),), is_week=True)
    if unit == "month":
        return Piece(days=(month_of(speaker.today, away),))
    if away < 0:
        return None
    return Piece(days=(date(speaker.today.year + away, 1, 1),))


@DAYS.says("this week")
def this_week(_: Match, speaker: Speaker) -> Piece:
    """Too wide to be a moment, but it may say which Friday."""
    return Piece(days=(week_of(speaker.today),), is_week=True, weak=True)


@DAYS.says(r"(this |next |(?:on |at |over )the )week-?end")
def weekend(match: Match, speaker: Speaker) -> Piece:
    saturday = coming(SATURDAY, speaker.today - timedelta(days=1))
    if match[1].startswith("next"):
        # Like next Friday: some mean the one that comes first.
        next_week = week_of(speaker.today, 1) + timedelta(days=SATURDAY)
        return Piece(days=tuple(dict.fromkeys((next_week, saturday))))
    if match[1].startswith("over"):
        return Piece(days=(saturday, saturday + timedelta(days=1)))
    return Piece(days=(saturday,))


@DAYS.says(r"(?:before|by) (?:the |this )(?:coming )?week-?end")
def before_the_weekend(_: Match, speaker: Speaker) -> Piece | None:
    """Its Friday; on a weekend nobody knows which one is meant."""
    if speaker.today.weekday() >= SATURDAY:
        return None
    return Piece(days=(week_of(speaker.today) + timedelta(days=FRIDAY),))


@DAYS.says(rf"(today|{_TOMORROW}) week")
def a_week_later(match: Match, speaker: Speaker) -> Piece:
    return Piece(days=(speaker.today + timedelta(days=7 if match[1] == "today" else 8),))


@DAYS.says(
    r"(?:the )?end of (?:the |this )?(month|year|week)|(?:the )?end of (next) (month|year|week)"
    r"|(eom|eow|eoy)|(?:this )?(month|year)(?: |-)end"
)
def end_of_period(match: Match, speaker: Speaker) -> Piece:
    short = {"eom": "month", "eow": "week", "eoy": "year"}
    unit = match[1] or match[3] or match[5] or short[match[4]]
    away = 1 if match[2] else 0
    if unit == "week":
        return end_of_week(speaker, away)
    if unit == "month":
        return end_of_month(month_of(speaker.today, away))
    return replace(end_of_month(date(speaker.today.year + away, 12, 1)), by="")


@DAYS.says(rf"(?:the )?end of {MONTH}(?: ({YEAR}))?")
def end_of_named_month(match: Match, speaker: Speaker) -> Piece:
    year = int(match[2]) if match[2] else speaker.today.year
    last = last_of_month(date(year, month_of_name(match[1]), 1))
    if not match[2] and last < speaker.today:
        last = last_of_month(last.replace(year=year + 1, day=1))
    return Piece(days=(last,), part=CLOSE)


# Dates with a month, and days of the month.


@DAYS.says(
    rf"([0-9]{{1,2}})(st|nd|rd|th)?(?: of)? {MONTH}(?:~,?~({YEAR}))?",
    rf"(?:the )?([0-9]{{1,2}})(st|nd|rd|th)(?: of)? {MONTH}(?:~,?~({YEAR}))?",
)
def day_and_month(match: Match, speaker: Speaker) -> Piece | None:
    day, ordinal, month, year = match.groups()
    return _dated(match, month, day, bool(ordinal), year, speaker)


@DAYS.says(
    rf"{MONTH}(?:,?) (?:the )?([0-9]{{1,2}})(st|nd|rd|th)?(?![:.][0-9]|~[ap]m)(?:~,?~({YEAR}))?"
)
def month_and_day(match: Match, speaker: Speaker) -> Piece | None:
    month, day, ordinal, year = match.groups()
    return _dated(match, month, day, bool(ordinal), year, speaker)


_A_DAY_BEFORE = Words(rf"(?<![a-z]){DAY},?\s{{1,3}}(?:the\s)?\Z")


def _dated(
    match: Match, month: str, day: str, sure: bool, year: str | None, speaker: Speaker
) -> Piece | None:
    # "5 may come" and "march 5 miles" are no dates.
    is_word = month in ("may", "march", "mar") and not sure and not year
    before = words_before(match)
    clear = NAMED.search(before) or _A_DAY_BEFORE.search(before)
    if is_word and not (clear or CLEAR_AFTER.match(match.string, match.end())):
        return None
    return spoken_day(month_of_name(month), int(day), speaker, int(year) if year else None)


@DAYS.says(rf"(?:the )?{NTH} of {MONTH}(?: ({YEAR}))?")
def ordinal_of_month(match: Match, speaker: Speaker) -> Piece | None:
    if match[1] == "last":
        return None
    year = int(match[3]) if match[3] else None
    return spoken_day(month_of_name(match[2]), ORDINALS[match[1]], speaker, year)


@DAYS.says(rf"(?:in|by|until|before|next) {MONTH}(?: ({YEAR}))?(?! [0-9])")
def month_alone(match: Match, speaker: Speaker) -> Piece | None:
    if match[1] in ("may", "march", "mar") and not CLEAR_AFTER.match(match.string, match.end()):
        return None
    return spoken_day(month_of_name(match[1]), 1, speaker, int(match[2]) if match[2] else None)


_COUNTED = (
    r"(?! (?:floor|time|one|anniversary|birthday|street|st|avenue|ave|place|century|attempt|page"
    r"|line|order|item|ticket|customer|client|issue|try|row|column|day|week|month|hour|minute"
    r"|edition|version|quarter|party|person|guy|row|half|year|call|email|message|visit|most|best"
    r"|option|step|point|reminder|invoice|class|grade|round|level|gate|lap|email)s?(?![a-z]))"
)


@DAYS.says(
    rf"(?:on|by|until|till|before|from|starting) (?:the )?([0-9]{{1,2}})(?:st|nd|rd|th){_COUNTED}"
    rf"(?! of (?!the month|every|each)| {MONTH}(?![a-z]))",
    rf"the ([0-9]{{1,2}})(?:st|nd|rd|th){CLEAR}",
)
def day_alone(match: Match, speaker: Speaker) -> Piece | None:
    return day_of_month(int(match[1]), speaker)


@DAYS.says(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th){CLEAR}",
    r"on (?:the )?([0-9]{1,2})(?=,? (?:at )?[0-9]{1,2}(?::[0-9]{2}|~[ap]m))",
    r"(?<=[ap]m\s)on (?:the )?([0-9]{1,2})(?=\s*\Z)",
)
def day_beside_a_time(match: Match, speaker: Speaker) -> Piece | None:
    """ "20th at noon" and "on 15 at 8:00": a day only because a time stands beside it."""
    piece = day_of_month(int(match[1]), speaker)
    return piece and replace(piece, weak=True)


@DAYS.says(
    r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th) of (?P<which>this|next) month",
    r"(?P<which>this|next) month,?(?: on)? the (?P<day>[0-9]{1,2})(?:st|nd|rd|th)",
)
def day_of_this_or_next_month(match: Match, speaker: Speaker) -> Piece:
    month = month_of(speaker.today, 1 if match["which"] == "next" else 0)
    return Piece(days=(month.replace(day=int(match["day"])),))
