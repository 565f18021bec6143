"""Recurrences as English says them: every Monday, monthly on the 15th, the first workday."""

import re

from handlers.when.english.words import (
    DAY,
    MONTH,
    NTH,
    NUMBERS,
    ORDINALS,
    PARTS,
    WORDS,
    english,
    month_of_name,
    number_of,
    weekday_of,
)
from handlers.when.said import (
    WEEKDAYS,
    WORKDAYS,
    Match,
    Piece,
    Rule,
    Speaker,
    calendar_day,
    last_of_month,
    month_of,
    nth_rule,
    nth_weekday,
)

RULES = english()

_EVERY = r"(?:every|each)"
_COUNT = rf"(?:([0-9]{{1,3}}|{'|'.join(WORDS)}|other|second|third|fourth) )?"
_AND = r"(?:~,?~and |~[,&/]~)"
_WORKDAY = r"(?:(?:business|working|work)~day|weekday)"
_FREQ = {
    "minute": ("MINUTELY", 1),
    "min": ("MINUTELY", 1),
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
_ADVERBS = {
    "hourly": ("HOURLY", 1),
    "daily": ("DAILY", 1),
    "weekly": ("WEEKLY", 1),
    "fortnightly": ("WEEKLY", 2),
    "biweekly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "quarterly": ("MONTHLY", 3),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
}


def _interval(word: str | None) -> int:
    if not word:
        return 1
    interval = ORDINALS.get(word) or (number_of(word) if word in NUMBERS or word.isdigit() else 0)
    if interval < 1:
        raise ValueError("Something repeated every nothing.")
    return interval


@RULES.says(rf"{_EVERY} {_COUNT}{DAY}(?:{_AND}{DAY})?(?:{_AND}{DAY})?(?:{_AND}{DAY})?")
def every_weekday_named(match: Match, _: Speaker) -> Piece | None:
    names = [name for name in match.groups()[1:] if name]
    # "Each sun is a star": a short name that is also a word has to stand last or before a time.
    if names == ["sun"] and re.match(r"\s[a-z]", match.string[match.end() :]):
        return None
    days = sorted({weekday_of(name) for name in names})
    by = "BYDAY=" + ",".join(WEEKDAYS[day] for day in days)
    return Piece(rule=Rule("WEEKLY", _interval(match[1]), by))


@RULES.says(rf"(on )?{DAY}s(?: and {DAY}s)?")
def weekdays_in_plural(match: Match, _: Speaker) -> Piece | None:
    names = [name for name in (match[2], match[3]) if name]
    if any(not name.endswith("day") for name in names):
        return None
    by = "BYDAY=" + ",".join(WEEKDAYS[day] for day in sorted(map(weekday_of, names)))
    return Piece(rule=Rule("WEEKLY", by=by), weak=not match[1])


@RULES.says(
    rf"{_EVERY} {_COUNT}(minute|min|hour|day|week|fortnight|month|quarter|year)s?"
    r"(?! (?:ago|before))"
)
def every_unit(match: Match, _: Speaker) -> Piece:
    freq, each = _FREQ[match[2]]
    return Piece(rule=Rule(freq, each * _interval(match[1])))


@RULES.says(
    rf"(?:{_EVERY} {_WORKDAY}|on (?:weekdays|workdays|work days|working days|business days))"
)
def every_workday(_: Match, __: Speaker) -> Piece:
    return Piece(rule=Rule("WEEKLY", by=WORKDAYS))


@RULES.says(rf"{_EVERY} (?:(weekend)|(morning|afternoon|evening|night))")
def every_part(match: Match, _: Speaker) -> Piece:
    if match[1]:
        return Piece(rule=Rule("WEEKLY", by="BYDAY=SA"))
    return Piece(rule=Rule("DAILY"), part=PARTS[match[2]])


@RULES.says(rf"({'|'.join(_ADVERBS)})")
def adverb(match: Match, _: Speaker) -> Piece:
    """ "Weekly" is also an adjective, so it counts at the end or beside a day or a time."""
    freq, interval = _ADVERBS[match[1]]
    return Piece(rule=Rule(freq, interval), weak=bool(match.string[match.end() :].strip(" .!,")))


_BY = r"(?P<by>(?:by|before|until|till) )?"


@RULES.says(
    rf"{_BY}(?:on )?(?:the |every )?{NTH} (?:{_WORKDAY}|{DAY})"
    r"(?: of (?:the|every|each|(?P<this>this)|(?P<next>next)) month| (?:every|each) month)",
    rf"(?:monthly|{_EVERY} month) on the {NTH} (?:{_WORKDAY}|{DAY})",
)
def nth_day_of_month(match: Match, speaker: Speaker) -> Piece:
    """The nth Friday or working day: of each month, unless a deadline or one month is meant."""
    names = match.groupdict()
    nth, name = match.group(*_unnamed(match))
    position, weekday = ORDINALS[nth], weekday_of(name) if name else None
    this, after = (nth_weekday(position, weekday, month_of(speaker.today, m)) for m in (0, 1))
    if names.get("next"):
        return after
    if names.get("this"):
        return this
    if names.get("by"):
        return this if this.days[0] >= speaker.today else after
    return Piece(rule=nth_rule(position, weekday))


def _unnamed(match: Match) -> list[int]:
    """The numbers of the groups without a name, in order."""
    named = set(match.re.groupindex.values())
    return [number for number in range(1, match.re.groups + 1) if number not in named]


@RULES.says(
    rf"{_BY}(?:the )?last day of (?:the|every|each) month",
    rf"(?:monthly|{_EVERY} month),?(?: on)? the last day",
    rf"(?:at )?(?:the )?end of {_EVERY} month",
)
def last_of_each_month(match: Match, speaker: Speaker) -> Piece:
    if match.groupdict().get("by"):
        return Piece(days=(last_of_month(speaker.today),))
    return Piece(rule=Rule("MONTHLY", by="BYMONTHDAY=-1"))


@RULES.says(
    rf"(?:on )?(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th) of {_EVERY} month",
    rf"{_EVERY} ([0-9]{{1,2}})(?:st|nd|rd|th)(?! [a-z]+day)",
)
def day_of_each_month(match: Match, _: Speaker) -> Piece | None:
    day = int(match[1])
    return Piece(rule=Rule("MONTHLY", by=f"BYMONTHDAY={day}")) if 1 <= day <= 31 else None


@RULES.says(
    rf"{_EVERY} ([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}",
    rf"{_EVERY} {MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?",
)
def day_of_each_year(match: Match, speaker: Speaker) -> Piece | None:
    day, month = match.groups() if match[1].isdigit() else (match[2], match[1])
    piece = calendar_day(month_of_name(month), int(day), speaker)
    return Piece(rule=Rule("YEARLY", by=piece.by)) if piece else None
