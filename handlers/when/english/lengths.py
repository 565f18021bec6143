"""Lengths of time as English says them: in two weeks, an hour ago, a week from tomorrow."""

from dateutil.relativedelta import relativedelta

from handlers.when.english.words import NUMBERS, WORDS, english, number_of
from handlers.when.said import Length, Match, Piece, Speaker

LENGTHS = english()

_UNITS = (
    r"(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w|fortnights?|months?|mos?|quarters?"
    r"|years?|yrs?|y|(?:business |working |work)days?)"
)
_COUNT = rf"([0-9]{{1,4}}(?:\.5)?|a couple(?: of)?|couple of|{'|'.join(sorted(NUMBERS)[::-1])})"
_PLAIN = rf"{_COUNT}~{_UNITS}(?:(?:~,?~and |~,?~|~)([0-9]{{1,2}}|{'|'.join(WORDS)})~{_UNITS})?"
_HOURS_MINUTES = r"([0-9]{1,2})~h~([0-5][0-9])(?:~m(?:in(?:utes)?)?)?"
_AND_A_HALF = rf"(?:{_COUNT} and a half {_UNITS}|{_COUNT} {_UNITS} and a half)"
_FRACTION = r"(half|a quarter of|three quarters of)(?: an?)? (hour|year)"
LENGTH = rf"(?:{_FRACTION}|{_AND_A_HALF}|{_HOURS_MINUTES}|{_PLAIN})"
_GROUPS = 12


def _length(match: Match, first: int = 1) -> Length:
    """The length said in the groups of LENGTH, which begin at `first`."""
    said = match.groups()[first - 1 : first - 1 + _GROUPS]
    if said[0]:
        minutes = {"half": 30, "a quarter of": 15, "three quarters of": 45}[said[0]]
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
    number = number_of(count.removeprefix("a ").removesuffix(" of").removesuffix(".5"))
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


@LENGTHS.says(rf"(?:with)?in (?:about )?{LENGTH}(?:'? time)?", rf"{LENGTH} from (?:now|today)")
def ahead(match: Match, speaker: Speaker) -> Piece:
    return _length(match).after(speaker.now)


@LENGTHS.says(rf"(?<!.){LENGTH}(?!.)")
def length_alone(match: Match, speaker: Speaker) -> Piece:
    """A text that is only a length, such as the "2h" of a snooze."""
    return _length(match).after(speaker.now)


@LENGTHS.says(rf"{LENGTH} ago")
def ago(match: Match, speaker: Speaker) -> Piece:
    return _length(match).before(speaker.now)


@LENGTHS.says(rf"{LENGTH} (?:from|after)(?= [a-z0-9])")
def counted_from(match: Match, speaker: Speaker) -> Piece | None:
    length = _length(match)
    return None if length.fine or length.workdays else Piece(shift=length.span)
