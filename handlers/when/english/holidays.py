"""Holidays whose day everybody agrees on, by their English names."""

from datetime import date, timedelta

from dateutil.easter import easter

from handlers.when.digits import YEAR
from handlers.when.english.words import DAY, english, weekday_of
from handlers.when.said import FRIDAY, Match, Piece, Speaker, nth_weekday, weekday_near
from handlers.when.words import Words

HOLIDAYS = english(r"christ|xmas|box|new year|nye|val|hallow|easter|friday|thanks")

_FIXED = {
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing": (12, 26),
    "new year's eve": (12, 31),
    "nye": (12, 31),
    "new years eve": (12, 31),
    "new year's": (1, 1),
    "new years": (1, 1),
    "valentine's": (2, 14),
    "valentines": (2, 14),
    "valentine": (2, 14),
    "halloween": (10, 31),
}
_MOVING = (
    "easter sunday",
    "easter monday",
    "easter",
    "good friday",
    "thanksgiving",
    "black friday",
)
_THURSDAY = 3
_NAMES = "|".join(sorted((*_FIXED, *_MOVING), key=len, reverse=True))


@HOLIDAYS.says(
    rf"(?:the )?(?:(?:last|first) )?{DAY} (before|after) ({_NAMES})(?: day)?(?:,? ({YEAR}))?"
)
def weekday_beside(match: Match, speaker: Speaker) -> Piece:
    """ "The Monday before Christmas", "Tuesday after Easter"."""
    day = _day(match[3], int(match[4])) if match[4] else _to_come(match[3], speaker)
    beside = weekday_near(weekday_of(match[1]), match[2] == "before", day)
    if beside < speaker.today and not match[4]:
        day = _day(match[3], day.year + 1)
        beside = weekday_near(weekday_of(match[1]), match[2] == "before", day)
    return Piece(days=(beside,))


_AFTER = Words(r"((?:day|week|fortnight|month|morning|evening|night)s?\s)?after\s\Z")


@HOLIDAYS.says(
    rf"(?:(?:on|by|before|until|till|this|next|for) )({_NAMES})(?: day)?(?:,? ({YEAR}))?",
    rf"(?<!.)({_NAMES})(?: day)?(?:,? ({YEAR}))?"
    r"(?=\s*\Z|,?~(?:at|around|about|noon|midday|midnight|in the"
    r"|morning|afternoon|evening|@|[0-9]))",
    rf"(?<!after\s)(?<!happy\s)(?<!merry\s)({_NAMES})(?: day)?,? ({YEAR})",
    rf"(?:(?<=before\s)|(?<=from\s))({_NAMES})(?: day)?()",
    rf"(?<=after\s)({_NAMES})(?: day)?()",
    rf"(?<!happy\s)(?<!merry\s)(?<!after\s)(?<!since\s)({_NAMES}) day()",
    r"(nye)()",
)
def holiday(match: Match, speaker: Speaker) -> Piece | None:
    """With a word that makes it a date: "Merry Christmas" is none, and after it is not on it."""
    name, year = match[1], match[2]
    counted = _AFTER.search(match.string, 0, match.start())
    if counted and not counted[1]:
        return None
    if year:
        return Piece(days=(_day(name, int(year)),))
    return Piece(days=(_to_come(name, speaker),))


def _to_come(name: str, speaker: Speaker) -> date:
    day = _day(name, speaker.today.year)
    return day if day >= speaker.today else _day(name, day.year + 1)


def _day(name: str, year: int) -> date:
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in ("thanksgiving", "black friday"):
        thursday = nth_weekday(4, _THURSDAY, date(year, 11, 1)).days[0]
        return thursday + timedelta(days=FRIDAY - _THURSDAY if name == "black friday" else 0)
    return easter(year) + timedelta(days={"good friday": -2, "easter monday": 1}.get(name, 0))
