"""Recurrences as English says them: every Monday, daily, the first workday of the month."""

import re

from handlers.when.english.words import (
    CLEAR_AFTER,
    DAY,
    MONTH,
    NTH,
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

RULES = english(r"every|each|ly(?![a-z])|once|one time|days(?![a-z])|weekends|month|mon.{0,12}fri")

EVERY = r"(?:every|each)(?: single)?"
COUNT = (
    rf"(?:([0-9]{{1,3}}(?:st|nd|rd|th)?|{'|'.join(WORDS)}|other|alternate|second|third|fourth) )?"
)
AND = r"(?:~,?~and (?:the |on )?|~[,&/]~(?:the )?)"
WORKDAY = r"(?:(?:business|working|work)~day|weekday)"
_A_DAY = f"(?:{DAY[1:-1]})"
_TO = r"~(?:-|to|thru|through)~"
_DAYS = rf"({_A_DAY}s?\.?(?:(?:{AND}|{_TO}){_A_DAY}s?\.?){{0,6}})"
_NAMES = re.compile(rf"(\s*(?:-|\bto\b|\bthru\b|\bthrough\b)\s*)?({_A_DAY})")
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
    "bi-weekly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "quarterly": ("MONTHLY", 3),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
}
_EVERY_HALF = {
    "half hour": Rule("MINUTELY", 30),
    "half an hour": Rule("MINUTELY", 30),
    "quarter hour": Rule("MINUTELY", 15),
    "quarter of an hour": Rule("MINUTELY", 15),
    "half year": Rule("MONTHLY", 6),
    "half a year": Rule("MONTHLY", 6),
}


def interval_of(word: str | None) -> int:
    """The number in "every third week". Raises ValueError for something every nothing."""
    if not word:
        return 1
    if word == "alternate":
        return 2
    figures = word.rstrip("stndrh")
    interval = ORDINALS.get(word) or number_of(figures if figures.isdigit() else word)
    if interval < 1:
        raise ValueError("Something repeated every nothing.")
    return interval


def _by_weekdays(said: str) -> str:
    days: list[int] = []
    for to, name in _NAMES.findall(said):
        day = weekday_of(name)
        days += [(days[-1] + step) % 7 for step in range(1, (day - days[-1]) % 7)] if to else []
        days.append(day)
    days = sorted(set(days))
    return "BYDAY=" + ",".join(WEEKDAYS[day] for day in days)


# Every so many days, weeks, months.


@RULES.says(rf"{EVERY} (first|last) {DAY}(?! of)")
def every_first_or_last(match: Match, _: Speaker) -> Piece:
    """ "Every last Friday", which can only be the month's."""
    return Piece(rule=nth_rule(ORDINALS[match[1]], weekday_of(match[2])))


@RULES.says(rf"{EVERY} {COUNT}{_DAYS}")
def every_weekday_named(match: Match, _: Speaker) -> Piece | None:
    # "Each sun is a star": a short name that is also a word has to stand last or before a time.
    if match[2] == "sun" and re.match(r"\s[a-z]", match.string[match.end() :]):
        return None
    return Piece(rule=Rule("WEEKLY", interval_of(match[1]), _by_weekdays(match[2])))


@RULES.says(
    rf"(?:weekly|once a week|one time a week|(biweekly|bi-weekly|fortnightly)),? on {_DAYS}",
    rf"{EVERY} (?:{COUNT})weeks?,? on (?:an? )?{_DAYS}",
    rf"{EVERY} (fortnight),? on (?:an? )?{_DAYS}",
)
def weekly_on_days(match: Match, _: Speaker) -> Piece:
    said = match[1]
    every_second = bool(said) and said.startswith(("bi", "fort"))
    interval = 2 if every_second else interval_of(said)
    return Piece(rule=Rule("WEEKLY", interval, _by_weekdays(match[2])))


@RULES.says(
    rf"(on )?({_A_DAY}s\b(?:{AND}{_A_DAY}s\b){{0,6}})",
    r"(on )?(weekdays|workdays|work days|working days|business days|weekends)",
)
def in_plural(match: Match, _: Speaker) -> Piece | None:
    """ "Mondays": by themselves they may be any; with "on", a time or alone they repeat."""
    said = match[2]
    names = re.findall(r"[a-z]+s\b", said)
    if said != "weekends" and any(not name.endswith("days") for name in names):
        return None
    alone = match.start() == 0 and CLEAR_AFTER.match(match.string, match.end())
    if said == "weekends":
        by = "BYDAY=SA"
    else:
        by = _by_weekdays(said) if said.startswith(_PLURALS) else WORKDAYS
    return Piece(rule=Rule("WEEKLY", by=by), weak=not (match[1] or alone))


_PLURALS = tuple(f"{day}days" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun"))


@RULES.says(
    rf"{EVERY} {COUNT}(minute|min|hour|day|week|fortnight|month|quarter|year)s?"
    r"(?! (?:ago|before|end))"
)
def every_unit(match: Match, _: Speaker) -> Piece:
    freq, each = _FREQ[match[2]]
    return Piece(rule=Rule(freq, each * interval_of(match[1])))


@RULES.says(rf"{EVERY} ({'|'.join(_EVERY_HALF)})")
def every_half(match: Match, _: Speaker) -> Piece:
    return Piece(rule=_EVERY_HALF[" ".join(match[1].split())])


@RULES.says(r"everyday|once a (day|week|month|year)")
def once_a_unit(match: Match, _: Speaker) -> Piece:
    freq, interval = _FREQ[match[1] or "day"]
    return Piece(rule=Rule(freq, interval), weak=True)


@RULES.says(
    rf"{EVERY} {WORKDAY}",
    rf"(?:{EVERY} day|everyday|daily),? (?:except|excluding|but not)(?: for)?(?: on)?(?: the)?"
    r" weekends?",
    r"mon(?:day)?s?~(?:-|to|through|thru)~fri(?:day)?s?(?=,?~(?:at )?[0-9])",
)
def every_workday(_: Match, __: Speaker) -> Piece:
    return Piece(rule=Rule("WEEKLY", by=WORKDAYS))


@RULES.says(rf"{EVERY} {COUNT}(?:(weekend)|(morning|afternoon|evening|night))")
def every_part(match: Match, _: Speaker) -> Piece:
    if match[2]:
        return Piece(rule=Rule("WEEKLY", interval_of(match[1]), "BYDAY=SA"))
    return Piece(rule=Rule("DAILY", interval_of(match[1])), part=PARTS[match[3]])


@RULES.says(r"nightly")
def every_night(_: Match, __: Speaker) -> Piece:
    return Piece(rule=Rule("DAILY"), part=PARTS["night"])


@RULES.says(rf"(?<![a-z]-)(?<!semi\s)(?<!bi\s)(?<!half\s)({'|'.join(_ADVERBS)})")
def adverb(match: Match, _: Speaker) -> Piece:
    """ "Weekly" is also an adjective, so it counts at the end or beside a day or a time."""
    freq, interval = _ADVERBS[match[1]]
    return Piece(rule=Rule(freq, interval), weak=bool(match.string[match.end() :].strip(" .!,")))


# The nth day of a month, of each or of one.

_BY = r"(?P<by>(?:by|before|until|till) )?"


@RULES.says(
    rf"{_BY}(?:on )?(?:the |every )?{NTH} (?:{WORKDAY}|{DAY})"
    r"(?: of (?:the|every|each|(?P<this>this)|(?P<next>next)) month| (?:every|each) month)",
    rf"(?:monthly|once a month|{EVERY} month) on the {NTH} (?:{WORKDAY}|{DAY})",
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


@RULES.says(
    rf"(this|next) month'?s {NTH} (?:{WORKDAY}|{DAY})",
    rf"(?:on )?(?:the )?(?P<nth>{NTH[1:-1]}) (?:{WORKDAY}|{DAY}) (?P<which>this|next) month",
)
def nth_day_of_this_or_next_month(match: Match, speaker: Speaker) -> Piece:
    """ "This month's last Friday", "the first Monday next month"."""
    names = match.groupdict()
    if "nth" in names:
        nth, name, which = names["nth"], match[2], names["which"]
    else:
        which, nth, name = match.groups()
    month = month_of(speaker.today, 1 if which == "next" else 0)
    return nth_weekday(ORDINALS[nth], weekday_of(name) if name else None, month)


def _unnamed(match: Match) -> list[int]:
    """The numbers of the groups without a name, in order."""
    named = set(match.re.groupindex.values())
    return [number for number in range(1, match.re.groups + 1) if number not in named]


@RULES.says(rf"{_BY}(?:the )?last day of (?:the|every|each) month")
def last_of_each_month(match: Match, speaker: Speaker) -> Piece:
    if match["by"]:
        return Piece(days=(last_of_month(speaker.today),))
    return Piece(rule=Rule("MONTHLY", by="BYMONTHDAY=-1"))


@RULES.says(
    rf"{EVERY} ([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}",
    rf"{EVERY} {MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?",
)
def day_of_each_year(match: Match, speaker: Speaker) -> Piece | None:
    day, month = match.groups() if match[1].isdigit() else (match[2], match[1])
    piece = calendar_day(month_of_name(month), int(day), speaker)
    return Piece(rule=Rule("YEARLY", by=piece.by)) if piece else None
