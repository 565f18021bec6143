"""Times of the day as English says them."""

import re
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from handlers.when.digits import clock_of
from handlers.when.english.words import (
    CLEAR,
    CLEAR_AFTER,
    HALF,
    HOUR,
    NUMBER,
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
    to_the_minute,
)
from handlers.when.words import Words

TIMES = english()

_BEFORE = Words(r"(?:@|\b(?:at|by|from|to|until|around))\s{0,3}\Z")
_FROM = Words(r"(?:from|between)\s{1,3}\Z")
_BETWEEN = Words(r"between\s{1,3}\Z")
_OPEN = Words(r"(?:\A|,|@|\b(?:at|from|until|till))\s*\Z")
_OPEN_TO_FIGURES = Words(
    r"(?:@|\b(?:by|before|after|from|until|till|about|[a-z]*day|mon|tues?|wed|thur?s?|fri|sat|sun"
    r"|tomorrow|tmrw?|[0-9](?:st|nd|rd|th))),?\s{1,3}\Z"
)
_BEHIND_A_DAY = Words(
    r"\b(?:[a-z]*day|mon|tues?|wed|thur?s?|fri|sat|sun|tomorrow|tmrw?|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9](?:st|nd|rd|th)),?\s{1,3}\Z"
)
_BY_OR_SO = Words(r"(?:around|about|by|before|after|from)\s\Z")
_FIGURES = r"(?<![/+#£$€¥-])(?<![0-9][.:,])"


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


@TIMES.says(
    rf"{_FIGURES}([0-9]{{1,2}})(?:[:.]([0-5][0-9]))?(?::[0-5][0-9])?{HALF}",
    rf"{_FIGURES}([0-9]{{1,2}})([0-5][0-9])~(?P<half>a\.m\.|p\.m\.|[ap]m)(?P<part>)",
    rf"(?<=\bat\s)([0-9]{{1,2}})([0-5][0-9]){HALF}",
)
def figures_with_half(match: Match, _: Speaker) -> Piece:
    """ "12A" may be a seat: with the bare letter the full hour needs a day or an "at"."""
    piece = _with_half(clock_of(match[1], match[2]), match)
    seat = match["half"] in ("a", "p") and not match[2] and not _BEFORE.search(words_before(match))
    return replace(piece, weak=seat)


@TIMES.says(
    rf"{_FIGURES}([0-9]{{1,2}})(?:[:.]([0-5][0-9]))?~(?P<own>[ap])?\.?m?\.?"
    r"~(?:-|to|till|until|and)~([0-9]{1,2})(?:[:.]([0-5][0-9]))?~(?:in the )?(?P<half>[ap])\.?m?\.?"
)
def from_one_to_another(match: Match, _: Speaker) -> Piece | None:
    """A range in one half of the day, or over noon: "11-1pm" begins before it."""
    if " and " in match[0] and not _BETWEEN.search(words_before(match)):
        return None
    begins, ends = int(match[1]), int(match[4])
    if not (1 <= begins <= 12 and 1 <= ends <= 12):
        raise ValueError("No such hour in this half of the day.")
    half = (match["own"] or match["half"])[0]
    if not match["own"] and begins % 12 > ends % 12:
        half = "a" if half == "p" else "p"
    late = 12 if match["half"] == "p" else 0
    return Piece(
        clock=Clock(begins % 12 + (12 if half == "p" else 0), int(match[2] or 0)),
        ends=Clock(ends % 12 + late, int(match[5] or 0)),
    )


@TIMES.says(rf"(?:from|between) {HOUR} (?:to|till|until|and) {HOUR}(?:{HALF}|{CLEAR})")
def from_word_to_word(match: Match, _: Speaker) -> Piece | None:
    """Between three and four; in figures it may count anything, so it needs a day."""
    weak = match[1].isdigit() and not match["half"] and not match["part"]
    ends = _with_half(Clock(number_of(match[2]), sure=False), match)
    if ends.clock and ends.clock.sure:
        in_order = number_of(match[1]) % 12 < number_of(match[2]) % 12
        late = 12 if ends.clock.hour >= 12 and in_order else 0
        return Piece(clock=Clock(number_of(match[1]) % 12 + late), ends=ends.clock)
    begins = Clock(number_of(match[1]), sure=number_of(match[1]) > 12)
    return Piece(clock=begins, ends=ends.clock, part=ends.part, weak=weak)


@TIMES.says(rf"(?:from|between) {HOUR} (?:to|till|until|and) (noon|midday|midnight)")
def from_word_to_noon(match: Match, _: Speaker) -> Piece:
    late = match[2] == "midnight"
    return Piece(clock=Clock(number_of(match[1]), sure=not late), ends=Clock(24 if late else 12))


@TIMES.says(rf"{HOUR}(?:(?: |-)(?:oh )?({NUMBER}))?{HALF}")
def words_with_half(match: Match, _: Speaker) -> Piece | None:
    if match[1].isdigit():
        return None
    minute = number_of(match[2]) if match[2] else 0
    if minute > 59 or (minute < 10 and minute and " oh " not in match[0]):
        return None
    return _with_half(Clock(number_of(match[1]), minute, sure=False), match)


@TIMES.says(rf"{HOUR}(?: |-)(fifteen|thirty|forty(?: |-)five){CLEAR}")
def words_beside_a_day(match: Match, _: Speaker) -> Piece | None:
    """ "Twelve thirty tomorrow"."""
    if match[1].isdigit():
        return None
    return Piece(clock=Clock(number_of(match[1]), number_of(match[2]), sure=False), weak=True)


@TIMES.says(rf"{_FIGURES}{HOUR}~o['-]?~clock{HALF}?")
def full_hour(match: Match, _: Speaker) -> Piece:
    hour = number_of(match[1])
    return _with_half(Clock(hour, sure=hour > 12 or hour == 0), match)


@TIMES.says(
    rf"(half|(?:a )?quarter|five|ten|twenty|twenty(?: |-)five) (?:minutes )?past {HOUR}{HALF}?",
    rf"([0-9]{{1,2}}) (?:min(?:ute)?s? )?past {HOUR}{HALF}?",
    rf"((?:a )?quarter) (?:after|to|of) {HOUR}{HALF}?",
    rf"(five|ten|twenty|twenty(?: |-)five|[0-9]{{1,2}}) (?:minutes )?to {HOUR}(?:{HALF}|{CLEAR})",
    rf"(five|ten|twenty|twenty(?: |-)five) (?:minutes )?after {HOUR}(?:{HALF}|{CLEAR})",
)
def past_or_to_the_hour(match: Match, _: Speaker) -> Piece | None:
    hour = number_of(match[2])
    minutes = _minutes(match[1].removeprefix("a "))
    if not 0 < minutes < 60 or not 1 <= hour <= 12:
        return None
    # "9 to 5" is when a shop is open.
    is_span = re.match(r"[0-9]+\s+to\s", match[0]) and not _BEFORE.search(words_before(match))
    if is_span:
        return None
    if re.search(r"\s(?:to|of)\s", match[0][len(match[1]) :]):
        hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
    return _with_half(Clock(hour, minutes, sure=False), match)


@TIMES.says(r"((?:a )?quarter|five|ten|twenty|[0-9]{1,2})(?: minutes)? (to|past) (noon|midnight)")
def beside_noon(match: Match, _: Speaker) -> Piece | None:
    minutes = _minutes(match[1].removeprefix("a "))
    if not 0 < minutes < 60 or _FROM.search(words_before(match)):
        return None
    hour = 12 if match[3] == "noon" else 24
    if match[2] == "to":
        return Piece(clock=Clock(hour - 1, 60 - minutes))
    return Piece(clock=Clock(hour % 24, minutes))


@TIMES.says(rf"half {HOUR}{CLEAR}")
def half_an_hour(match: Match, _: Speaker) -> Piece | None:
    """ "Half three" is half past three; "half 4" may be half of four, so it needs an "at"."""
    hour = number_of(match[1])
    if not 1 <= hour <= 12:
        return None
    weak = match[1].isdigit() and not _BEFORE.search(words_before(match))
    return Piece(clock=Clock(hour, 30, sure=False), weak=weak)


_SURE = r"(?:(?<=\bat\s)|(?<=@)|(?<=@\s))"
_BESIDE_A_DAY = (
    r"(?:(?<=\baround\s)|(?<=\babout\s)|(?<=\bby\s)|(?<=\bbefore\s)|(?<=\bafter\s)"
    r"|(?<=\bfrom\s))"
)


@TIMES.says(
    rf"(?:{_SURE}|{_BESIDE_A_DAY}){HOUR}(?:h([0-5][0-9])?)?(?!:)",
    rf"(?:{_SURE}|{_BESIDE_A_DAY}){HOUR} (fifteen|[0-9]{{2}}(?=\s*\Z)|(?:twenty|thirty|forty|fifty)"
    r"(?:(?: |-)(?:one|two|three|four|five|six|seven|eight|nine))?)",
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
    if minutes > 59:
        return None
    clock = clock_of(match[1] if match[1].isdigit() else str(number_of(match[1])), str(minutes))
    weak = not clear or bool(_BY_OR_SO.search(words_before(match)))
    return Piece(clock=clock, weak=weak)


@TIMES.says(
    rf"{_FIGURES}([01]?[0-9]|2[0-3])\.([0-5][0-9])(?![.,]?[0-9])"
    r"(?! (?:each|per|a|an|eur|euros?|usd|dollars?|gbp|chf|francs?|km|kg|off)(?![a-z]))"
)
def dotted_beside_a_day(match: Match, _: Speaker) -> Piece | None:
    """ "At 9.50" is a price as often as a time, so it counts only beside a day, or alone."""
    clock = clock_of(match[1], match[2])
    if clock.sure and match[0] == match.string.strip():
        return Piece(clock=clock)
    before = match.string[: match.start()]
    if not (_OPEN.search(before) or _BEHIND_A_DAY.search(before)):
        return None
    return Piece(clock=clock, weak=True)


@TIMES.says(r"([01][0-9]|2[0-3])([0-5][0-9])(?![-.,:/][0-9]| [a-z]*s(?![a-z]))")
def four_figures_beside_a_day(match: Match, _: Speaker) -> Piece | None:
    """ "Friday 1500", "by 1730 tomorrow"; by themselves they are a time unless they are a year."""
    alone = match[0] == match.string.strip()
    if not (alone or _OPEN_TO_FIGURES.search(match.string, 0, match.start())):
        return None
    clock = Clock(int(match[1]), int(match[2]))
    return Piece(clock=clock, weak=not alone or match[1] in ("19", "20", "21"))


def _goes_on(follows: str) -> bool:
    """Whether the figure is only the beginning of a longer one, as in 9.50 or 3,000."""
    return follows[:1] in (".", ",") and follows[1:2].isdigit()


# "At 350 km", "at 1200 Main Street".
_A_MEASURE = (
    r"| (?:[a-z]+ )?(?:street|st|road|rd|avenue|ave|drive|lane|blvd|way)(?![a-z])"
    r"|~(?:k?g|[kcm]?m|eur|euro|usd|gbp|chf|percent|people|per|each|rpm|mph|k)(?![a-z])"
)


@TIMES.says(
    r"(?:(?<=\bat\s)|(?<=\baround\s)|(?<=@)|(?<=@\s))([01]?[0-9]|2[0-3])([0-5][0-9])"
    rf"(?![-.,/][0-9]| [a-z]*s(?![a-z])|~[%€£$°]{_A_MEASURE})",
    r"(0[0-9])([0-5][0-9])(?= (?:on|tomorrow|today|next|this|mon|tue|wed|thu|fri|sat|sun))",
    r"(?<!.)([01][0-9]|2[0-3])([0-5][0-9])(?= (?:on|tomorrow|today|next|this|mon|tue|wed|thu))",
    r"([01]?[0-9]|2[0-3])~([0-5][0-9])~(?:hrs|hours|h)",
    r"(?<=\bat\s)([01][0-9]|2[0-3]) ([0-5][0-9])(?=\s*\Z| on )",
    r"([01]?[0-9]|2[0-3])h([0-5][0-9])?",
)
def four_figures(match: Match, _: Speaker) -> Piece:
    """1730 as on a timetable, and 17h30; "at 2026" may be a year, so it needs a day."""
    clock = clock_of(match[1], match[2])
    sure = clock.sure or len(match[1]) == 2
    weak = match[0].endswith("h") or (match[1] in ("19", "20", "21") and "h" not in match[0])
    return Piece(clock=replace(clock, sure=sure), weak=weak)


@TIMES.says(
    rf"{_FIGURES}{HOUR}(?:[:.]([0-5][0-9]))?,?(?= (?:tonight|this (?:morning|afternoon|evening)"
    r"|tomorrow (?:morning|afternoon|evening|night)))"
)
def hour_before_a_part(match: Match, _: Speaker) -> Piece:
    """ "8 tonight", "10, this morning"."""
    hour = match[1] if match[1].isdigit() else str(number_of(match[1]))
    return Piece(clock=clock_of(hour, match[2]), weak=True)


@TIMES.says(
    rf"(?:(?<=\btonight\s)|(?<=morning\s)|(?<=evening\s)|(?<=afternoon\s)){HOUR}"
    rf"(?:[:.]([0-5][0-9]))?{CLEAR}",
)
def hour_behind_a_part(match: Match, _: Speaker) -> Piece:
    """ "Tonight 10", "tomorrow morning 9"."""
    hour = match[1] if match[1].isdigit() else str(number_of(match[1]))
    return Piece(clock=clock_of(hour, match[2]), weak=True)


@TIMES.says(rf"{HOUR}(?:[:.]([0-5][0-9]))?-?ish")
def about_an_hour(match: Match, _: Speaker) -> Piece:
    """ "Thursday 4ish"."""
    hour = match[1] if match[1].isdigit() else str(number_of(match[1]))
    return Piece(clock=clock_of(hour, match[2]), weak=":" not in match[0])


@TIMES.says(
    r"([0-9]{1,2})(?:-|~to~|~till~)([0-9]{1,2})(?= (?:on |this |next )?(?:today|tomorrow|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?![a-z]))"
)
def from_figure_to_figure(match: Match, _: Speaker) -> Piece | None:
    """ "10-12 on Monday"."""
    begins, ends = int(match[1]), int(match[2])
    if not (1 <= begins <= 24 and 1 <= ends <= 24):
        return None
    return Piece(clock=clock_of(match[1], None), ends=Clock(ends, sure=ends > 12), weak=True)


@TIMES.says(rf"([0-9]{{1,2}})(?:-|~to~)([0-9]{{1,2}})(?![0-9:./-]|~[ap]m?(?![a-z])){CLEAR}")
def from_figure_to_figure_behind(match: Match, _: Speaker) -> Piece | None:
    """ "Fri 2-4"."""
    begins, ends = int(match[1]), int(match[2])
    if not _BEHIND_A_DAY.search(match.string, 0, match.start()):
        return None
    if not (1 <= begins <= 24 and 1 <= ends <= 24):
        return None
    return Piece(clock=clock_of(match[1], None), ends=Clock(ends, sure=ends > 12), weak=True)


@TIMES.says(r"(?:at )?(?:about )?(?:this|the same|same) time")
def this_time(_: Match, speaker: Speaker) -> Piece:
    return Piece(clock=Clock(speaker.now.hour, speaker.now.minute), weak=True)


@TIMES.says(r"(?:at )?(?:about )?(?:this|the same|same) time next (week|month|year)")
def this_time_later(match: Match, speaker: Speaker) -> Piece:
    ahead = {"week": relativedelta(weeks=1), "month": relativedelta(months=1)}
    return Piece(moment=to_the_minute(speaker.now + ahead.get(match[1], relativedelta(years=1))))


@TIMES.says(r"(?<!\bi\s)(?<![0-9]\s)(?:in the )?([ap])(?:m|\.m\.)")
def half_of_a_day(match: Match, _: Speaker) -> Piece:
    """ "Friday am": beside a day it is its morning or afternoon."""
    return Piece(part=MORNING if match[1] == "a" else AFTERNOON, weak=True)


def _minutes(words: str) -> int:
    return sum(number_of(word) for word in words.replace("-", " ").split())


@TIMES.says(
    r"(12 noon|noon(?:ish)?|midday|(?:at )?lunch~time|at lunch)|(12 midnight|midnight)"
    r"|(after lunch)"
)
def named_time(match: Match, _: Speaker) -> Piece:
    if match[2]:
        return Piece(clock=Clock(24))
    return Piece(clock=Clock(14 if match[3] else 12))


@TIMES.says(r"(?:before|by) lunch(?=\s*\Z)")
def before_lunch(_: Match, __: Speaker) -> Piece:
    return Piece(clock=Clock(12))


@TIMES.says(
    r"(?:during|over|at|around|by|before) lunch(?= on| tomorrow| today)",
    r"(?:during|over|at|around) lunch(?=\s*\Z)",
    r"lunch(?=\s*\Z)",
)
def lunch(_: Match, __: Speaker) -> Piece:
    return Piece(clock=Clock(12), weak=True)


@TIMES.says(r"first thing(?: in the morning)?")
def first_thing(_: Match, __: Speaker) -> Piece:
    return Piece(part=MORNING)


@TIMES.says(r"last thing")
def last_thing(_: Match, __: Speaker) -> Piece:
    return Piece(part=CLOSE, weak=True)


@TIMES.says(
    r"(?:the )?end of (?:the |this )?(?:business |working |work)?day|eod"
    r"|(?:end|close) of (?:business|play)|cob|eob|cop|eop"
)
def close_of_day(_: Match, __: Speaker) -> Piece:
    return Piece(part=CLOSE)


@TIMES.says(
    r"(?:the )?(?:very )?end of(?= (?:today|tomorrow|this|next|mon|tue|wed|thu|fri|sat|sun))"
)
def end_of_a_day(_: Match, __: Speaker) -> Piece:
    return Piece(part=CLOSE, weak=True)


@TIMES.says(r"(?<!.)(?:right |just )?now(?!.)")
def now(_: Match, speaker: Speaker) -> Piece:
    """Only by itself: in a sentence it says little more than "please"."""
    return Piece(moment=to_the_minute(speaker.now))


_EARLY = Part("early morning", 7, 9)
_LATE = {"afternoon": Part("late afternoon", 17, 18), "evening": Part("late evening", 21, 23)}


@TIMES.says(r"eve(?:(?<=day\seve)|(?<=tomorrow\seve)|(?<=tmrw\seve)|(?<=this\seve))")
def short_evening(_: Match, __: Speaker) -> Piece:
    return Piece(part=EVENING, weak=True)


@TIMES.says(
    r"(in (?:the )?)?(early |late )?(morning|afternoon|arvo|aft|evening|night)",
    r"()(early )in the (morning)",
)
def part_of_day(match: Match, _: Speaker) -> Piece:
    """A part of the day needs its day; "in the morning" alone is the coming one."""
    part = PARTS[match[3]]
    if match[2] == "early " and part is MORNING:
        part = _EARLY
    elif match[2] == "late ":
        part = _LATE.get(match[3], part)
    alone = bool(match[1]) and part in (MORNING, AFTERNOON, EVENING)
    return Piece(part=part, weak=not alone)
