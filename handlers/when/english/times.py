"""Times of the day as English says them."""

import re

from handlers.when.digits import clock_of
from handlers.when.english.words import (
    CLEAR,
    CLEAR_AFTER,
    HALF,
    HOUR,
    PARTS,
    THINGS,
    english,
    number_of,
    words_before,
)
from handlers.when.said import (
    AFTERNOON,
    CLOSE,
    EVENING,
    MORNING,
    Clock,
    Match,
    Part,
    Piece,
    Speaker,
)

TIMES = english()

_BY_OR_SO = re.compile(r"(?:around|about|by|before|after)\s\Z")
_FIGURES = r"(?<![.:,/+#£$€¥-])"


def _with_half(clock: Clock, match: Match) -> Piece:
    """The clock in the half of the day that was said with it, if any."""
    half, part = match["half"], match["part"]
    if part:
        return Piece(clock=clock, part=PARTS[part])
    if not half:
        return Piece(clock=clock)
    # "15:00 pm" is said by some; "15 am" is a slip of which we cannot know the right half.
    if not 1 <= clock.hour <= (23 if half.startswith("p") else 12):
        raise ValueError("No such hour in this half of the day.")
    hour = clock.hour % 12 + (12 if half.startswith("p") else 0)
    return Piece(clock=Clock(hour, clock.minute))


@TIMES.says(rf"{_FIGURES}([0-9]{{1,2}})(?:[:.]([0-5][0-9]))?{HALF}")
def figures_with_half(match: Match, _: Speaker) -> Piece:
    return _with_half(clock_of(match[1], match[2]), match)


@TIMES.says(
    rf"{_FIGURES}([0-9]{{1,2}})(?:[:.]([0-5][0-9]))?~(?P<own>[ap]m)?~(?:-|to|till|until)"
    r"~([0-9]{1,2})(?:[:.][0-5][0-9])?~(?P<half>[ap])\.?m\.?"
)
def from_one_to_another(match: Match, _: Speaker) -> Piece:
    """Of a range its beginning; "11-1pm" begins before noon."""
    begins, ends = int(match[1]), int(match[4])
    if not (1 <= begins <= 12 and 1 <= ends <= 12):
        raise ValueError("No such hour in this half of the day.")
    half = (match["own"] or match["half"])[0]
    if not match["own"] and begins % 12 > ends % 12:
        half = "a" if half == "p" else "p"
    return Piece(clock=Clock(begins % 12 + (12 if half == "p" else 0), int(match[2] or 0)))


@TIMES.says(rf"{HOUR}(?:(?: |-)(fifteen|twenty|thirty|forty|fifty))?{HALF}")
def words_with_half(match: Match, _: Speaker) -> Piece | None:
    if match[1].isdigit():
        return None
    minute = number_of(match[2]) if match[2] else 0
    return _with_half(Clock(number_of(match[1]), minute, sure=False), match)


@TIMES.says(rf"{_FIGURES}{HOUR}~o'?clock{HALF}?")
def full_hour(match: Match, _: Speaker) -> Piece:
    hour = number_of(match[1])
    return _with_half(Clock(hour, sure=hour > 12 or hour == 0), match)


@TIMES.says(
    rf"(half|(?:a )?quarter|five|ten|twenty|twenty(?: |-)five) (?:minutes )?past {HOUR}{HALF}?",
    rf"([0-9]{{1,2}}) (?:minutes )?past {HOUR}{HALF}?",
    rf"((?:a )?quarter) (?:after|to) {HOUR}{HALF}?",
    rf"(five|ten|twenty|twenty(?: |-)five) (?:minutes )?to {HOUR}(?:{HALF}|{CLEAR})",
)
def past_or_to_the_hour(match: Match, _: Speaker) -> Piece | None:
    hour = number_of(match[2])
    minutes = _minutes(match[1].removeprefix("a "))
    if not 0 < minutes < 60 or not 1 <= hour <= 12:
        return None
    if " to " in match[0][len(match[1]) :]:
        hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
    return _with_half(Clock(hour, minutes, sure=False), match)


_SURE = r"(?:(?<=\bat\s)|(?<=@)|(?<=@\s))"
_BESIDE_A_DAY = r"(?:(?<=\baround\s)|(?<=\babout\s)|(?<=\bby\s)|(?<=\bbefore\s)|(?<=\bafter\s))"


@TIMES.says(
    rf"(?:{_SURE}|{_BESIDE_A_DAY}){HOUR}(?:(?:h|:)([0-5][0-9])|h)?",
    rf"(?:{_SURE}|{_BESIDE_A_DAY}){HOUR} (fifteen|thirty|forty(?: |-)five)",
)
def bare_hour(match: Match, _: Speaker) -> Piece | None:
    """ "At 3" with nothing that could be three of; beside a day also "by 3" and "at 9 call"."""
    follows = match.string[match.end() :]
    clear = CLEAR_AFTER.match(match.string, match.end())
    if follows[:1] in ("/", "-", ":", "%") or _goes_on(follows):
        return None
    if not clear and THINGS.match(follows):
        return None
    minutes = _minutes(match[2]) if match[2] else 0
    clock = clock_of(match[1] if match[1].isdigit() else str(number_of(match[1])), str(minutes))
    weak = not clear or bool(_BY_OR_SO.search(words_before(match)))
    return Piece(clock=clock, weak=weak)


@TIMES.says(rf"{_SURE}([01]?[0-9]|2[0-3])\.([0-5][0-9])(?![.,]?[0-9])")
def dotted_beside_a_day(match: Match, _: Speaker) -> Piece:
    """ "At 9.50" is a price as often as a time, so it counts only beside a day."""
    return Piece(clock=clock_of(match[1], match[2]), weak=True)


def _goes_on(follows: str) -> bool:
    """Whether the figure is only the beginning of a longer one, as in 9.50 or 3,000."""
    return follows[:1] in (".", ",") and follows[1:2].isdigit()


def _minutes(words: str) -> int:
    return sum(number_of(word) for word in words.replace("-", " ").split())


@TIMES.says(r"(noon|midday|(?:at )?lunch ?time|at lunch)|(midnight)|(after lunch)")
def named_time(match: Match, _: Speaker) -> Piece:
    if match[2]:
        return Piece(clock=Clock(24))
    return Piece(clock=Clock(14 if match[3] else 12))


@TIMES.says(r"first thing(?: in the morning)?")
def first_thing(_: Match, __: Speaker) -> Piece:
    return Piece(part=MORNING)


@TIMES.says(
    r"(?:the )?end of (?:the |this )?(?:business |working |work)?day|eod|(?:end|close) of business"
    r"|cob|eob"
)
def close_of_day(_: Match, __: Speaker) -> Piece:
    return Piece(part=CLOSE)


_EARLY = Part("early morning", 7, 9)
_LATE = {"afternoon": Part("late afternoon", 17, 18), "evening": Part("late evening", 21, 23)}


@TIMES.says(r"(in the )?(early |late )?(morning|afternoon|evening|night)")
def part_of_day(match: Match, _: Speaker) -> Piece:
    """A part of the day needs its day; "in the morning" alone is the coming one."""
    part = PARTS[match[3]]
    if match[2] == "early " and part is MORNING:
        part = _EARLY
    elif match[2] == "late ":
        part = _LATE.get(match[3], part)
    alone = bool(match[1]) and part in (MORNING, AFTERNOON, EVENING)
    return Piece(part=part, weak=not alone)
