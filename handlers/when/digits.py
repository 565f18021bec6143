"""Dates and times written in figures, the same in every language: 2026-12-01, 3/4, 1.12., 14:30."""

import re
from dataclasses import replace
from datetime import date

from handlers.when.said import Clock, Grammar, Match, Piece, Speaker, calendar_day
from handlers.when.words import Words

# A figure inside a longer number, a price, a version or a word is not ours.
DIGITS = Grammar(
    r"(?<![0-9a-z_/+#£$€¥%\u00c0-\u052f-])(?<![0-9][.:,])", r"(?![0-9a-z_%€£\u00c0-\u052f])"
)

_RATIO = Words(
    r"(?:(?<![a-z])(?:ratio|score|odds|aspect|flat|apt|unit|room|verse|version|ver|v"
    r"|release)(?: of| was| is)?"
    r"|比例|比分|版本)\s*\Z"
)
# What bears a number of its own, so that 12/30 behind it is a part of that.
_NUMBERED = Words(
    r"(?<![a-z])(?:order|ticket|invoice|quote|case|item|part|model|sku|ref|reference|po|lot|batch"
    r"|serial|page|chapter|section|aisle|gate|platform|size|number|num|nr|no)"
    r"(?:\.| (?:number|no\.?|nr\.?|is))?:?\s*\Z"
    r"|(?:订单|单号|编号|工单|发票|合同|型号|批号|房间?|单|号码?|第)(?:号|是|为)?[::]?\s*\Z"
)
_COUNTED = Words(
    r"(?: of(?![a-z])| an? | the | full| done| empty| cup| inch| mile| hour| price| size| stars?"
    r"|[的个])"
)
_IN = Words(r"\bin\s\Z")
# "1 October, 8:30", "10月1日8:30", "2026-10-01 8:30".
_MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_FORMAL = Words(
    rf"(?:(?<![0-9])[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS}|{_MONTHS}\s[0-9]{{1,2}}(?:st|nd|rd|th)?"
    r"|[-/.][0-9]{1,2}[-/.](?:[0-9]{2,4})?|[日号])(?:,?\s(?:19|20)[0-9]{2})?,?(?:\s(?:at|@|on))?\s{0,2}\Z"
)
# With two figures and a dot it is as often a version, a price or an amount as a date.
_DATE_AHEAD = Words(
    r"(?:\A\s*|(?<![a-z])(?:on|by|until|till|from|before|after|due|date|call|meet|meeting)\s+)\Z"
)

YEAR = r"(?:19|20|21)[0-9]{2}"


def is_ratio(match: Match) -> bool:
    before = match.string[max(0, match.start() - 24) : match.start()]
    return bool(_RATIO.search(before))


def is_number_of_a_thing(match: Match) -> bool:
    """ "Order 12/30" and 订单12/30 name a thing."""
    return bool(_NUMBERED.search(match.string, max(0, match.start() - 24), match.start()))


@DIGITS.says(
    rf"({YEAR})(?:[-/.]| (?=[01]))([0-9]{{1,2}})(?:[-/.]| (?=[0-3]))([0-9]{{1,2}})"
    r"(?:t([01][0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?)?(?!-[0-9]|/[0-9]|[:+.][0-9])"
)
def year_first(match: Match, speaker: Speaker) -> Piece | None:
    if is_ratio(match) or is_number_of_a_thing(match):
        return None
    year, month, day, hour, minute = match.groups()
    clock = Clock(int(hour), int(minute)) if hour else None
    return Piece(days=(date(int(year), int(month), int(day)),), clock=clock)


@DIGITS.says(
    rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2({YEAR}|(?<=[/.])[0-9]{{2}}|[0-9]{{2}}(?=\s*\Z))"
    r"(?![-/][0-9]|\.[0-9])"
)
def year_last(match: Match, speaker: Speaker) -> Piece | None:
    """Read by the speaker's habit; the other way round when only that is a day still to come."""
    if is_ratio(match):
        return None
    first, _, second, year = match.groups()
    full = int(year) if len(year) == 4 else full_year(int(year), speaker)
    either = _either_way(int(first), int(second), speaker, full)
    ahead = tuple(day for day in either if day >= speaker.today)
    return Piece(days=ahead or either[:1]) if either else None


def full_year(short: int, speaker: Speaker) -> int:
    """The year that '74 and '31 stand for: at most forty years ahead."""
    return 2000 + short - (100 if 2000 + short > speaker.today.year + 40 else 0)


@DIGITS.says(rf"(?<!.)({YEAR})(0[1-9]|1[0-2])([0-3][0-9])(?!.)")
def figures_only(match: Match, _: Speaker) -> Piece:
    """20261205 counts only by itself: anywhere else it may be an order's number."""
    return Piece(days=(date(int(match[1]), int(match[2]), int(match[3])),))


@DIGITS.says(r"(0?[1-9]|1[0-2])-([0-3][0-9])(?= [0-2]?[0-9]:[0-5][0-9])")
def month_and_day(match: Match, speaker: Speaker) -> Piece | None:
    """10-15 before a clock: as in 2026-10-15, without the year."""
    return calendar_day(int(match[1]), int(match[2]), speaker)


@DIGITS.says(r"([0-9]{1,2})/([0-9]{1,2})(?![/0-9]|[.,:-][0-9])")
def slashed(match: Match, speaker: Speaker) -> Piece | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    counted = _COUNTED.match(after) or re.search(r"[0-9]\s?\Z", before)
    if match[0] in ("24/7", "50/50") or counted or is_ratio(match) or is_number_of_a_thing(match):
        return None
    either = _either_way(int(match[1]), int(match[2]), speaker)
    return Piece(days=either) if either else None


@DIGITS.says(r"([0-9]{1,2})\.([0-9]{1,2})\.(?![0-9])")
def dotted(match: Match, speaker: Speaker) -> Piece | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    # The last dot of a text may only end the sentence.
    ends_sentence = not after.strip() or not after[:1].isspace()
    if (
        is_ratio(match)
        or is_number_of_a_thing(match)
        or (ends_sentence and not _DATE_AHEAD.search(before))
    ):
        return None
    return calendar_day(int(match[2]), int(match[1]), speaker)


def _either_way(
    first: int, second: int, speaker: Speaker, year: int | None = None
) -> tuple[date, ...]:
    """Both readings of two figures, the speaker's own first; those that exist."""
    pairs = [(second, first), (first, second)]
    found = []
    for month, day in pairs if speaker.day_first else reversed(pairs):
        try:
            piece = calendar_day(month, day, speaker, year)
        except ValueError:
            continue
        found += list(piece.days) if piece else []
    return tuple(dict.fromkeys(found))


@DIGITS.says(
    r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?(?![:][0-9]|\.[0-9])"
    r"(?:~[-\x7e]~([01]?[0-9]|2[0-4]):([0-5][0-9]))?(?: hrs| hours| h)?"
)
def colon(match: Match, speaker: Speaker) -> Piece | None:
    # "In 1:30" may be an hour and a half.
    if is_ratio(match) or _IN.search(match.string, 0, match.start()):
        return None
    if match.string[match.end() :].lstrip().startswith(("ratio", "split")):
        return None
    ends = clock_of(match[3], match[4]) if match[3] else None
    formal = bool(_FORMAL.search(match.string, max(0, match.start() - 40), match.start()))
    return Piece(clock=replace(clock_of(match[1], match[2]), formal=formal), ends=ends)


def clock_of(hour: str, minute: str | None) -> Clock:
    """A clock in figures: from 13, at 0 and with a leading zero it can only be of 24 hours."""
    number = int(hour)
    return Clock(number, int(minute or 0), sure=number > 12 or hour.startswith("0"))
