"""Lengths of time as English says them: in two weeks, an hour ago, a week from tomorrow."""

import re

from dateutil.relativedelta import relativedelta

from handlers.when.english.words import A_MONTH, DAY, NUMBER, PARTS, english, number_of, weekday_of
from handlers.when.said import Length, Match, Piece, Speaker, coming, named_weekday

_UNITS = (
    r"(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w|fortnights?|months?|mths?|mos?|quarters?"
    r"|years?|yrs?|y|(?:business |working |work)days?)"
)
LENGTHS = english(rf"(?<![a-z])(?:{_UNITS[1:-1]})(?![a-z])|(?:day|night|ing|noon) (?:after|before)")
# Lengths that are counted from a day or a thing, and not from now.
COUNTED = english(r"before|after|prior|earlier|ahead|advance|from|ago")

_COUNT = rf"([0-9]{{1,4}}(?:\.5)?|a couple(?: of)?|couple of|a pair of|{NUMBER}|an?)"
_PLAIN = (
    rf"{_COUNT}(?: more)?~{_UNITS}"
    rf"(?:(?:~,?~and |~,?~|~)([0-9]{{1,2}}|{NUMBER}|(?<=and\s)an?)~{_UNITS})?"
)
_HOURS_MINUTES = r"([0-9]{1,2})~h~([0-5][0-9])(?:~m(?:in(?:utes)?)?)?"
_AND_A_HALF = rf"(?:{_COUNT} and an? half {_UNITS}|{_COUNT} {_UNITS} and a half)"
_FRACTION = (
    r"((?:an? )?half|(?:an? )?quarter(?: of)?|three(?: |-)quarters? of|1/2|1/4|3/4)(?: of)?"
    r"(?: an?)?~(hour|hr|year|h)(?![a-z])"
)
LENGTH = rf"(?:{_FRACTION}|{_AND_A_HALF}|{_HOURS_MINUTES}|{_PLAIN})"
_GROUPS = 12
_FIRST_HOUR = 7


def _length(match: Match, first: int = 1) -> Length:
    """The length said in the groups of LENGTH, which begin at `first`."""
    said = match.groups()[first - 1 : first - 1 + _GROUPS]
    if said[0]:
        minutes = 30 if said[0].endswith(("half", "1/2")) else 45 if said[0][0] in "t3" else 15
        if said[1] == "year":
            return Length(relativedelta(months=minutes // 5))
        return Length(relativedelta(minutes=minutes), fine=True)
    if said[2] or said[4]:
        return _of(said[2] or said[4], said[3] or said[5], half=True)
    if said[6]:
        return Length(relativedelta(hours=int(said[6]), minutes=int(said[7])), fine=True)
    length = _of(said[8], said[9])
    return length + _of(said[10], said[11]) if said[10] else length


def _of(count: str, unit: str, half: bool = False) -> Length:
    half = half or count.endswith(".5")
    number = _count(count.removesuffix(".5"))
    if not number and not half:
        raise ValueError("No time at all is not a length.")
    if unit.startswith("mi") or unit == "m":
        return Length(relativedelta(minutes=number, seconds=30 * half), fine=True)
    if unit.startswith("h"):
        return Length(relativedelta(hours=number, minutes=30 * half), fine=True)
    if unit.startswith("y"):
        return Length(relativedelta(years=number, months=6 * half))
    if half:
        raise ValueError("Half a day or week has no agreed hour.")
    if unit.startswith(("b", "wo")):
        return Length(workdays=number)
    days = {"d": 1, "w": 7, "f": 14}.get(unit[0])
    if days:
        return Length(relativedelta(days=days * number))
    return Length(relativedelta(months=number * (3 if unit[0] == "q" else 1)))


def _count(said: str) -> int:
    if said.startswith(("a couple", "couple", "a pair")):
        return 2
    return 1 if said in ("a", "an") else number_of(said)


@LENGTHS.says(
    r"(?:with)?in (?:about |around |roughly |exactly |just |another |the next |like |say |maybe "
    r"|approx(?:imately|\.)? |\x7e)?"
    rf"{LENGTH}(?:'?s? time)?",
    rf"(?:for )?{LENGTH} (?:from (?:now|today|right now)|hence)",
    rf"after {LENGTH}(?! (?:of|at|on|in|we|i|he|she|they|it|without|with)(?![a-z]))",
    rf"{LENGTH} later(?! than)",
)
def ahead(match: Match, speaker: Speaker) -> Piece:
    return _length(match).after(speaker.now)


@LENGTHS.says(
    rf"(?<=\bsnooze\s)for {LENGTH}",
    rf"(?:(?:wait|hold(?: on)?|pause|mute|sleep|snooze|park)(?: it| this| them)?"
    rf"|give (?:me|us|it|him|her|them)(?: another)?)(?: for| about)? {LENGTH}",
)
def waiting(match: Match, speaker: Speaker) -> Piece:
    """ "Snooze for 3 hours", "give me 5 min"."""
    return _length(match).after(speaker.now)


@LENGTHS.says(r"within the (hour|day|week|month|year)")
def within_the(match: Match, speaker: Speaker) -> Piece:
    return _of("1", match[1]).after(speaker.now)


@LENGTHS.says(rf"(?<!.)(?:for )?(?:about )?{LENGTH}(?!.)")
def length_alone(match: Match, speaker: Speaker) -> Piece:
    """A text that is only a length, such as the "2h" of a snooze; 17h30 is a time of the day."""
    if (match[7] and int(match[7]) >= _FIRST_HOUR) or re.match(r"\d{4}\s*h", match[0]):
        raise ValueError("A time of the day.")
    return _length(match).after(speaker.now)


@LENGTHS.says(
    rf"for {LENGTH}(?! (?:from|after|before|ago|later|hence)(?![a-z]))",
    rf"for {LENGTH}(?= from (?:noon|[0-9]{{1,2}}(?:[:.][0-9]{{2}}|~[ap]m)))",
)
def lasting(match: Match, _: Speaker) -> Piece | None:
    """ "At 3pm for 45 minutes": beside a moment it says when that ends."""
    length = _length(match)
    return None if length.workdays else Piece(lasting=length.span, weak=True)


@COUNTED.says(rf"{LENGTH} ago")
def ago(match: Match, speaker: Speaker) -> Piece:
    return _length(match).before(speaker.now)


_A_TIME_AHEAD = r"(?= (?:at )?[0-9]{1,2}(?:[:.][0-9]{2}|~[ap]m?(?![a-z])))"


@COUNTED.says(
    rf"{LENGTH} (before|after) (?:my|our|the|your|his|her|their)(?: [a-z]{{3,12}}){{0,2}}"
    rf"{_A_TIME_AHEAD}"
)
def beside_a_thing(match: Match, _: Speaker) -> Piece | None:
    """ "Ten minutes before my 2pm", "two hours before the flight at 18:40"."""
    length = _length(match)
    span = -length.span if match[_GROUPS + 1] == "before" else length.span
    return Piece(offset=span, weak=True) if length.fine else None


_THING_ON = (
    r"(?:the|my|our|your|his|her|their)(?: [a-z]{3,12}){1,2}(?= on (?:[0-9]|the|mon|tue|wed|thu|fri"
    rf"|sat|sun|{A_MONTH}))"
)


@COUNTED.says(
    rf"(?:for )?{LENGTH} (from|after|before|prior to)(?= [a-z])",
    rf"(?<!for\s){LENGTH} (before|after|from)(?= [0-9])",
    # "A week before my flight on 12 June".
    rf"{LENGTH} (before|after) {_THING_ON}",
)
def counted_from(match: Match, _: Speaker) -> Piece | None:
    length = _length(match)
    span = -length.span if match[_GROUPS + 1] in ("before", "prior to") else length.span
    if length.workdays:
        return None
    if match[0].startswith("for ") and match[_GROUPS + 1] == "from":
        # "Away for two weeks from Monday" begins then, "set it for two weeks from Monday" does not.
        return None
    return Piece(offset=span, weak=True) if length.fine else Piece(shift=span)


@COUNTED.says(rf"{LENGTH} (before|after) (?:the )?{DAY}'s")
def beside_a_day_of_a_thing(match: Match, speaker: Speaker) -> Piece | None:
    """ "Two days before Friday's demo"; an hour before it would need the demo's time."""
    length = _length(match)
    if length.fine or length.workdays:
        return None
    span = -length.span if match[_GROUPS + 1] == "before" else length.span
    return Piece(days=(coming(weekday_of(match[_GROUPS + 2]), speaker.today) + span,))


_AT_ITS_END = r"(?: that| then| it)?(?=\s*(?:\Z|[.,;!?)]))"


@COUNTED.says(
    rf"{LENGTH} (?:before|earlier|ahead|prior|beforehand|in advance){_AT_ITS_END}",
    rf"the (?P<one>day|week) (?P<side>before|after){_AT_ITS_END}",
)
def from_there(match: Match, _: Speaker) -> Piece | None:
    """ "It ends on the 28th, remind me a week before", counted from what was said first."""
    one = match.groupdict()
    if "one" in one:
        days = (7 if one["one"] == "week" else 1) * (1 if one["side"] == "after" else -1)
        return Piece(shift=relativedelta(days=days), is_behind=True, weak=True)
    length = _length(match)
    if length.workdays:
        return None
    if length.fine:
        return Piece(offset=-length.span, is_behind=True, weak=True)
    return Piece(shift=-length.span, is_behind=True, weak=True)


@LENGTHS.says(
    rf"(?:in |for )?({NUMBER}|an?|[0-9]{{1,2}}) (week|fortnight|month)s?(?= (?:today|tomorrow))"
)
def weeks_from_a_day(match: Match, _: Speaker) -> Piece:
    """ "Two weeks tomorrow" is two weeks after tomorrow."""
    return Piece(shift=_of(match[1], match[2]).span)


@COUNTED.says(r"(?:the )?(night|evening|morning|afternoon) (after|before)(?= [a-z0-9])")
def part_of_the_day_beside(match: Match, _: Speaker) -> Piece:
    """ "The evening before the 5th"."""
    days = 1 if match[2] == "after" else -1
    return Piece(shift=relativedelta(days=days), part=PARTS[match[1]], weak=True)


@COUNTED.says(
    r"the day (after|before)(?= [a-z0-9])(?! tomorrow| yesterday)",
    rf"the day (after|before) {_THING_ON}",
)
def day_beside(match: Match, _: Speaker) -> Piece:
    return Piece(shift=relativedelta(days=1 if match[1] == "after" else -1))


@LENGTHS.says(
    rf"(?:(an?|one|two|three|[0-9]) (week|fortnight)s? on {DAY}|{DAY} (week|wk|fortnight))"
)
def weeks_on_a_day(match: Match, speaker: Speaker) -> Piece:
    """ "A week on Tuesday" and "Tuesday week" are a week after the coming Tuesday."""
    weekday = weekday_of(match[3] or match[4])
    weeks = _count(match[1] or "one") * (2 if "fortnight" in (match[2], match[5]) else 1)
    day = coming(weekday, speaker.today) + relativedelta(weeks=weeks)
    return named_weekday(weekday, speaker, day)
