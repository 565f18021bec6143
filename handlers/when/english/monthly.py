"""Recurrences by the month and the year: the 1st and 15th of every month, month ends, yearly."""

import re

from handlers.when.english.rules import AND, COUNT, EVERY, interval_of
from handlers.when.english.words import (
    DAY,
    DAYS_IN_WORDS,
    MONTH,
    NTH,
    ORDINALS,
    day_in_words,
    english,
    month_of_name,
    weekday_of,
)
from handlers.when.said import WEEKDAYS, Match, Piece, Rule, Speaker

MONTHLY = english(r"every|each|monthly|once|yearly|annually")

_NUMBERED = r"[0-9]{1,2}(?:st|nd|rd|th)"
_IN_WORDS = "|".join(sorted(DAYS_IN_WORDS, key=len, reverse=True)).replace(" ", "(?: |-)")
_A_DAY = rf"(?:{_NUMBERED}|last|{_IN_WORDS})"
_DAYS = rf"({_A_DAY}(?: day)?(?:{AND}{_A_DAY}){{0,5}})"
_MONTHS = rf"{EVERY} {COUNT}months?"
_ONE = re.compile(_A_DAY.replace("(?: |-)", r"[\s-]"))


def _by_days(said: str) -> str:
    days = []
    for name in _ONE.findall(said):
        figures = name.rstrip("stndrh")
        day = int(figures) if figures.isdigit() else -1 if name == "last" else day_in_words(name)
        if not -1 <= day <= 31 or day == 0:
            raise ValueError("No month has such a day.")
        days.append(day)
    return "BYMONTHDAY=" + ",".join(str(day) for day in sorted(days, key=lambda day: day % 32))


@MONTHLY.says(rf"(?:on )?(?:the )?{_DAYS}(?: day)? of {_MONTHS}")
def days_of_each_month(match: Match, _: Speaker) -> Piece:
    return Piece(rule=Rule("MONTHLY", interval_of(match[2]), _by_days(match[1])))


@MONTHLY.says(
    rf"(?:{_MONTHS}|monthly|once a month),?(?: on)?(?: the)? {_DAYS}(?: day)?"
    rf"(?! (?:{DAY[1:-1]}|(?:work|business)))"
)
def each_month_on_days(match: Match, _: Speaker) -> Piece:
    return Piece(rule=Rule("MONTHLY", interval_of(match[1]), _by_days(match[2])))


@MONTHLY.says(
    rf"{EVERY} ({_NUMBERED}(?:{AND}{_NUMBERED}){{0,5}})(?: of the month| day of the month)?"
    r"(?! (?:[a-z]+day|day|week|month|year|hour|minute|of|time|mon|tue|wed|thu|fri|sat|sun))"
)
def every_numbered_day(match: Match, _: Speaker) -> Piece:
    return Piece(rule=Rule("MONTHLY", by=_by_days(match[1])))


@MONTHLY.says(
    rf"(?:at |on )?(?:the )?(beginning|begin|start|first|end|last) of {EVERY} month",
    rf"{EVERY} month(?:'s)? (end|start)",
    rf"(?:{EVERY} month|monthly),? (?:at|on) the (beginning|start|end)",
)
def edge_of_each_month(match: Match, _: Speaker) -> Piece:
    is_end = match[1] in ("end", "last")
    return Piece(rule=Rule("MONTHLY", by=f"BYMONTHDAY={-1 if is_end else 1}"))


@MONTHLY.says(
    rf"(?:on )?(?:the )?{NTH}{AND}{NTH}(?:{AND}{NTH})? {DAY}s?(?: of)? {_MONTHS}",
    rf"(?:on )?(?:the |every )?{NTH}()() {DAY} of {EVERY} (?:([0-9]{{1,2}}|other|second|third|"
    r"three|two|six) )months?",
)
def nth_weekdays_of_each_month(match: Match, _: Speaker) -> Piece:
    """The first and third Friday of each month; the first Friday of every other month."""
    name = WEEKDAYS[weekday_of(match[4])]
    days = ",".join(f"{ORDINALS[nth]}{name}" for nth in match.groups()[:3] if nth)
    return Piece(rule=Rule("MONTHLY", interval_of(match[5]), f"BYDAY={days}"))


@MONTHLY.says(
    rf"(?:{EVERY} {COUNT}years?|yearly|annually|once a year),?(?: on)?(?: the)? {NTH} {DAY}"
    rf" (?:of|in) {MONTH}",
    rf"{EVERY}() {NTH} {DAY} (?:of|in) {MONTH}",
)
def nth_weekday_of_each_year(match: Match, _: Speaker) -> Piece:
    day = f"{ORDINALS[match[2]]}{WEEKDAYS[weekday_of(match[3])]}"
    by = f"BYDAY={day};BYMONTH={month_of_name(match[4])}"
    return Piece(rule=Rule("YEARLY", interval_of(match[1]), by))
