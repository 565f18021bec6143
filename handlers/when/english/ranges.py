"""Ranges of days that English says with one month: July 13-15, from 13th to 15th July."""

from dataclasses import replace

from handlers.when.digits import YEAR
from handlers.when.english.words import A_MONTH, MONTH, english, month_of_name
from handlers.when.said import Match, Piece, Speaker, calendar_day

RANGES = english(A_MONTH)

_TO = r"~(?:-|to|till|until|thru|through|and)~(?:the )?"
_TH = r"(?:st|nd|rd|th)?"


@RANGES.says(
    rf"{MONTH} (?:the )?([0-9]{{1,2}}){_TH}{_TO}([0-9]{{1,2}}){_TH}(?![:.0-9]|~[ap]m)"
    rf"(?:,? ({YEAR}))?"
)
def month_and_days(match: Match, speaker: Speaker) -> Piece | None:
    return _days(match[1], match[2], match[3], match[4], speaker)


@RANGES.says(
    rf"(?:from |between )?(?:the )?([0-9]{{1,2}}){_TH}{_TO}([0-9]{{1,2}}){_TH}(?: of)? {MONTH}"
    rf"(?:,? ({YEAR}))?"
)
def days_and_month(match: Match, speaker: Speaker) -> Piece | None:
    return _days(match[3], match[1], match[2], match[4], speaker)


def _days(month: str, first: str, last: str, year: str | None, speaker: Speaker) -> Piece | None:
    if not 1 <= int(first) < int(last) <= 31:
        return None
    piece = calendar_day(month_of_name(month), int(first), speaker, int(year) if year else None)
    return piece and replace(piece, last=piece.days[0].replace(day=int(last)))
