"""Finds the first moment said in a text: spots pieces, joins neighbours, settles on one."""

import re
from dataclasses import replace
from datetime import datetime

from handlers.when.chinese import CHINESE
from handlers.when.digits import DIGITS
from handlers.when.english import ENGLISH
from handlers.when.joining import another_choice, chosen, joined, ranged
from handlers.when.said import Piece, Speaker, When
from handlers.when.settling import settled

# What has to occur in a text for a grammar to find anything: most messages name no time at all.
_GATES = (
    (
        ENGLISH,
        re.compile(
            r"[0-9]|day|week|month|year|quarter|hour|min|noon|night|morn|even|wknd|morrow|time|every"
            r"|each|o.?clock|lunch|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep"
            r"|oct|nov|dec|eod|eom|eow|eoy|eoq|cob|eob|business|first thing|now|tom|tm|2mo|tonite"
            r"|half|past|hence|first|second|third|th\b|ly\b|q[1-4]|end|christmas|xmas|easter|hallow|valentine|thanks"
            r"|at [a-z]|@|ish|to [a-z]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
            r"|twelve)\b|(?:\A|for )(?:an?|[a-z]+) [dhmwy]"
        ),
    ),
    (CHINESE, re.compile(r"[\u4e00-\u9fff]")),
    ((DIGITS,), re.compile(r"[0-9]")),
)

LONGEST_TEXT = 500

_TRADITIONAL = str.maketrans(
    "週點個後鐘兩號禮這時間開隔過幾從於當現內節聖誕國慶勞動與還歲農陽曆陰會",
    "周点个后钟两号礼这时间开隔过几从于当现内节圣诞国庆劳动与还岁农阳历阴会",
)
_PUNCTUATION = str.maketrans(
    {
        "\u3000": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2019": "'",
        "\u2013": "-",
        "\u2014": "-",
        "\u301c": "~",
        "。": ".",
    }
)
_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})

_LEAD = re.compile(
    r"(?:(?<![0-9a-z\u00c0-\u052f])(?:on|at|by|this|for|until|till|to|before|after|from|starting"
    r"|beginning|around|about|between|no later than)\s{1,3}|@\s{0,3}"
    r"|(?<![现存正实])[在于到从]\s{0,3})+\Z"
)
_TRAIL = re.compile(
    r"(?:\s{1,3}(?:sharp|(?:at the )?latest|or so|approximately|ish|hrs)(?![a-z])|-?ish(?![a-z])"
    r"|之前|以前|前(?![天台面])|开始|之间|左右|期间)?"
    r"(?:\s{0,3}[,:;、]|\s{1,3}-(?=\s))?"
)
_LEFT_OVER = re.compile(r"(?:\s{0,3}[,:;、-])\s{0,3}\Z")

# Words beside the moment that change it in a way not understood: better to ask than to guess.
_CHANGED_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:(?:first|second|third|fourth|fifth|last|middle|rest|most|half|quarter|ides)"
    r" (?:of|in|to|past)|(?:few|couple|several|some|[0-9]+|two|three|four|five|six) (?:more )?"
    r"(?:minutes|hours|days|weeks|months) (?:of|before|after|from|on|to|past)"
    r"|(?:days?|weeks?|months?|hours?) (?:before|after|from)|later|not(?: on| before| until)?"
    r"|except(?: for| on| in)?|any(?: ?[a-z]+)?(?: on| after| before| in)?|some ?time|unless"
    r"|other than|(?:morning|afternoon|evening|night|week|weekend) (?:before|after)|early|late"
    r"|(?:from|between) \S{1,8} (?:to|till|until|and))(?: the| a| an)?\s*"
    r"|(?<![a-z])since\s*|(?:农历|阴历|[几多]个?|不是|除了|别在|不在|非))\Z"
)
_CHANGED_AFTER = re.compile(
    r"\s{0,3}(?:(?:or|to) (?:two|three|four|five|later|earlier|sooner|after|before|[0-9]{1,2}"
    r" (?:days|weeks|months|hours|minutes))|week(?![a-z])|fortnight(?![a-z])"
    r"|and a half|except|at the earliest|excluded)"
    r"|\s{0,3}(?:或者?|还是)?(?:[几多]天|除外|不行|半夜)|[前后][0-9一两二三四五六七]天|晚些|随便"
    r"|(?:之后|以后)(?!的)| of [0-9]{1,2}|两次|[2-9二三四五]次"
)

# "Early tomorrow morning", "late on Friday afternoon": the hour that these stand for.
_SHADE = re.compile(r"(?<![a-z])(early|late)(?: on| in)?\s{1,3}\Z")
_SHADED = {("early", "morning"): 7, ("late", "afternoon"): 17, ("late", "evening"): 21}

# Between a day and its time that are said apart: a few English words of the same sentence.
_ONE_THING = re.compile(r"[\sa-z0-9@'-]{1,60}")
_AT = re.compile(r"(?:\bat|@)\s{0,3}\Z")
_ABOUT = re.compile(
    r"\b(?:the|about|for|of|re|regarding|a|an|to|from|until|by|before|after)\s{1,3}\Z"
)

# A recurrence with an end or with exceptions is more than a rule can say here.
_ENDED = re.compile(
    r"\s{0,3},?\s{0,3}(?:(?:until|till|through|except|excluding|but not|for the next|ending)"
    r"(?![a-z])|for [0-9a-z]+ (?:days|weeks|months|times|years)|[0-9a-z]+ times(?![a-z])|[0-9]x"
    r"|twice(?![a-z])"
    r"|直到|到.{1,12}(?:为止|结束)|除了|[,，]?除)"
)


def find(text: str, now: datetime, day_first: bool = True) -> When | None:
    """The first date or time said in `text`, or None; never raises, whatever the text."""
    speaker = Speaker(now, day_first)
    heard = normalised(text[:LONGEST_TEXT])
    pieces = _spotted(heard, speaker)
    for first in range(len(pieces)):
        whole, used = joined(pieces[first:], heard)
        try:
            whole = ranged(whole, pieces[first + used :], heard, speaker)
            rest = [piece for piece in pieces[first + used :] if piece.start >= whole.end]
            choices = chosen(whole, rest, heard)
            weak = whole.weak and not whole.last and not (whole.days and choices)
            if weak or (whole.shift and not whole.days):
                continue
            if not choices:
                if another_choice(whole, rest, heard):
                    return None
                whole = _with_the_rest(whole, rest, heard)
            return _read(whole, choices, heard, speaker)
        except (ValueError, OverflowError):
            # Far beyond the calendar's end there is no such moment.
            continue
    return None


def _with_the_rest(whole: Piece, rest: list[Piece], heard: str) -> Piece:
    """The day with a time that is said further on: "tomorrow, to call mum, at 7am"."""
    if whole.rule or whole.moment or whole.last or whole.ends or not rest:
        return whole
    other, _ = joined(rest, heard)
    between = heard[whole.end : other.start]
    if other.weak or other.rule or other.moment or not _ONE_THING.fullmatch(between):
        return whole
    if whole.days and not (whole.clock or whole.part) and other.clock and not other.days:
        return replace(whole, clock=other.clock, part=other.part) if _AT.search(between) else whole
    if whole.clock and not whole.days and other.days and not (other.clock or other.part):
        return whole if _ABOUT.search(between) else replace(whole, days=other.days, by=other.by)
    return whole


def _read(whole: Piece, choices: list[Piece], heard: str, speaker: Speaker) -> When | None:
    when = settled(whole, speaker)
    for other in choices:
        when = _with_choice(when, whole, other, speaker)
    shaded = _SHADE.search(heard, max(0, when.start - 16), when.start)
    if shaded and whole.part and not whole.clock and (shaded[1], whole.part.name) in _SHADED:
        part = replace(whole.part, hour=_SHADED[shaded[1], whole.part.name])
        when = settled(replace(whole, part=part, start=shaded.start()), speaker)
    if _CHANGED_BEFORE.search(heard, max(0, when.start - 40), when.start):
        return None
    if _CHANGED_AFTER.match(heard, when.end) or (when.rule and _ENDED.match(heard, when.end)):
        return None
    return _with_connecting_words(when, heard)


def _with_choice(when: When, whole: Piece, other: Piece, speaker: Speaker) -> When:
    """The moment with one more reading; a time said once with the last choice is for both."""
    if when.rule or not (whole.days or whole.clock):
        return when
    if (other.clock or other.part) and not (whole.clock or whole.part) and other.days:
        when = settled(replace(whole, clock=other.clock, part=other.part), speaker)
    if not other.days:
        other = replace(other, days=whole.days, part=other.part or whole.part)
    elif not other.clock and not other.part:
        other = replace(other, clock=whole.clock, part=whole.part)
    second = settled(other, speaker)
    readings = (*when.alternatives, second.wall, *second.alternatives)
    others = tuple(dict.fromkeys(wall for wall in readings if wall != when.wall))
    return replace(when, end=other.end, alternatives=others)


def normalised(text: str) -> str:
    """The text in small, half-width, simplified characters; each character keeps its place."""
    plain = text.translate(_FULL_WIDTH).translate(_PUNCTUATION).translate(_TRADITIONAL)
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in plain)


def _spotted(heard: str, speaker: Speaker) -> list[Piece]:
    """Pieces from left to right; where two overlap the earlier, then the longer one stays."""
    open_to = [grammar for family, gate in _GATES if gate.search(heard) for grammar in family]
    every = [piece for grammar in open_to for piece in grammar.pieces(heard, speaker)]
    kept: list[Piece] = []
    for piece in sorted(every, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _with_connecting_words(when: When, heard: str) -> When:
    """The same moment over its connecting words too, so that the rest is the message's own."""
    trail = _TRAIL.match(heard, when.end)
    end = trail.end() if trail else when.end
    lead = _LEAD.search(heard, max(0, when.start - 40), when.start)
    start = lead.start() if lead else when.start
    if not heard[end:].strip():
        left_over = _LEFT_OVER.search(heard, max(0, start - 8), start)
        start = left_over.start() if left_over else start
    return replace(when, start=start, end=end)
