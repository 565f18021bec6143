"""Finds the first moment said in a text: spots pieces, joins neighbours, settles on one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from handlers.when.been import has_been
from handlers.when.chinese import CHINESE
from handlers.when.digits import DIGITS
from handlers.when.doubts import (
    SOME_TIME_AFTER,
    is_another_instead,
    is_changed,
    is_left_unread,
    is_refused,
)
from handlers.when.english import ENGLISH
from handlers.when.joining import another_choice, chosen, is_moving, joined, ranged
from handlers.when.meant import Reading, is_moved_to, meant
from handlers.when.said import Piece, Rule, Speaker, When, to_the_minute, working_days_after
from handlers.when.settling import settled
from handlers.when.words import Words
from handlers.when.zones import by_own_clock, in_the_whole, known_zones, named_zone, there

# What has to occur in a text for a grammar to find anything: most messages name no time at all.
_GATES = (
    (
        ENGLISH,
        Words(
            r"[0-9]|day|week|month|year|quarter|hour|min|noon|night|morn|even|wknd|morrow|time|every"
            r"|each|o.?clock|lunch|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep"
            r"|oct|nov|dec|eod|eom|eow|eoy|eoq|cob|eob|business|close of|first thing|now|tom|tm|2mo"
            r"|tonite|arvo|half|past|hence|first|second|third|th\b|ly\b|q[1-4]|end|christmas|xmas|easter|hallow|valentine|thanks"
            r"|at [a-z]|@|ish|to [a-z]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
            r"|twelve)\b|(?:\A|for )(?:an?|[a-z]+) [dhmwy]"
        ),
    ),
    (CHINESE, Words(r"[\u4e00-\u9fff]")),
    ((DIGITS,), Words(r"[0-9]")),
)

LONGEST_TEXT = 500
# More moments than these in one text are none that could be asked about.
MOST_READINGS = 6

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
# Fingers write 周3 for 周三, but 3 of something is no day.
_WEEKDAY_FIGURE = re.compile(
    r"(?<![0-9一二两三四五六七八九十几半每])((?:[每下上这本]个?)?(?:周|星期|礼拜))([1-7])"
    r"(?=\s?(?:\Z|[,.;!?、，。！？早晚上中下凌]|[前后]))"
)
_PAIR = re.compile(r"俩(?=个|小时|钟头)")
_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})

_LEAD = Words(
    r"(?:(?<![0-9a-z\u00c0-\u052f])(?:on|at|by|this|for|until|till|to|before|after|from|starting"
    r"|beginning|around|about|between|no later than)\s{1,3}|@\s{0,3}"
    r"|(?<![现存正实])[在于到从]\s{0,3})+\Z"
)
_TRAIL = Words(
    r"(?:\s{1,3}(?:sharp|(?:at the )?latest|or so|approximately|ish|hrs)(?![a-z])|-?ish(?![a-z])"
    r"|[之以]后|之前|以前|前(?![天台面后])|开始|之间|左右|前后|期间)?"
    r"(?:\s{0,3}[,:;、]|\s{1,3}-(?=\s))?"
)
_LEFT_OVER = Words(r"(?:\s{0,3}[,:;、-])\s{0,3}\Z")

_AFTER = Words(r"(?<![a-z])after\s{1,3}(?:the\s{1,3})?\Z")
# "Early tomorrow morning", "late on Friday afternoon": the hour that these stand for.
_SHADE = Words(r"(?<![a-z])(early|late)(?: on| in)?\s{1,3}\Z")
_SHADED = {("early", "morning"): 7, ("late", "afternoon"): 17, ("late", "evening"): 21}

# Between a day and its time that are said apart: a few English words of the same sentence.
_ONE_THING = Words(r"[\sa-z0-9@',-]{1,60}")
_ABOUT_A_TIME = Words(
    r"\b(?:around|about|ideally|preferably|say|maybe|perhaps|make it|like|best)\s\Z"
)
# "明天可以，那就九点半".
_THEN = Words(
    r"(?:可以|行|没问题|方便|有空|有时间|好|吧|的话|ok|okay)?[,，\s]?"
    r"(?:那就?|就|要不|大概|大约|最好|比如)(?:在|是|约|定|安排)?"
    # 明天的会三点开始.
    r"|的(?:会议?|例会|演示|电话|视频|课|面试|活动|约|航班|飞机|火车|饭局|培训|拜访)(?:是|在|从|定在)?"
)
_ONE_CLAUSE = Words(r"[^.;!?\n]{0,60}")
_AT = Words(r"(?:\bat|@)\s{0,3}\Z")
_ABOUT = Words(r"\b(?:the|about|for|of|re|regarding|a|an|to|from|until|by|before|after)\s{1,3}\Z")


def find(
    text: str, now: datetime, day_first: bool = True, *, zone: ZoneInfo | None = None
) -> When | None:
    """The first date or time said in `text`, or None; never raises, whatever the text.

    When the speaker's zone is known, a time may be said by another one's clock: "3pm London time".
    """
    heard = normalised(text[:LONGEST_TEXT])
    named = named_zone(heard) if zone is not None else None
    if named is None or zone is None:
        return _found(heard, Speaker(now, day_first))
    rest = f"{heard[: named.start]} {heard[named.end :]}"
    found = _found(rest, Speaker(there(now, named, zone), day_first))
    own = by_own_clock(found, named, zone) if found is not None else None
    return in_the_whole(own, named, heard) if own is not None else None


def _found(heard: str, speaker: Speaker) -> When | None:
    readings = list(islice(_readings(heard, speaker), MOST_READINGS))
    if not readings:
        return None
    said = meant(readings, heard)
    if said is None or said.is_unclear:
        return None
    taken = [piece for reading in readings for piece in reading.taken]
    is_bare_time = not any(piece.days or piece.moment or piece.rule for piece in said.taken)
    if is_left_unread(heard, taken, said.when, is_bare_time=is_bare_time):
        return None
    when = said.when
    if when.has_time and not when.is_past and when.wall < to_the_minute(speaker.now):
        return None
    return _with_connecting_words(when, heard)


def _readings(heard: str, speaker: Speaker) -> Iterator[Reading]:
    """Every moment in the text, from left to right."""
    pieces = _spotted(heard, speaker)
    first = 0
    while first < len(pieces):
        reading = _reading_from(pieces[first:], heard, speaker)
        if reading is None:
            first += 1
            continue
        yield reading
        if reading.is_unclear:
            return
        ends = max(reading.when.end, *(piece.end for piece in reading.taken))
        first = next((i for i, p in enumerate(pieces) if p.start >= ends), len(pieces))


def _reading_from(pieces: list[Piece], heard: str, speaker: Speaker) -> Reading | None:
    """What the first piece says together with those that belong to it; None when nothing."""
    try:
        whole, used = joined(pieces, heard)
        whole = ranged(whole, pieces[used:], heard, speaker)
        rest = [piece for piece in pieces[used:] if piece.start >= whole.end]
        choices = chosen(whole, rest, heard)
        weak = whole.weak and not whole.last and not (whole.days and choices)
        if weak or (whole.shift and not whole.days):
            return None
        read = whole
        more: list[Piece] = []
        is_unclear = not choices and another_choice(whole, rest, heard)
        if not choices and not is_unclear:
            whole, more = _with_the_rest(whole, rest, heard)
        when = _read(whole, choices, heard, speaker)
    except (ValueError, OverflowError):
        # Far beyond the calendar's end there is no such moment.
        return None
    # "Moved from Monday to Friday": the words before Friday change nothing of it.
    is_elsewhere = is_moved_to(heard, when) or is_another_instead(heard, when)
    changed = is_changed(heard, when) and not is_elsewhere
    is_unclear = (
        is_unclear or changed or (whole.rule is not None and _is_bounded(whole, whole.rule))
    )
    is_unclear = is_unclear or (bool(whole.last) and is_moving(heard, whole.start))
    when = _or_the_day_after(heard, has_been(heard, whole, when, speaker) or when)
    return Reading(when, (read, *more), is_unclear, is_refused(heard, when))


def _or_the_day_after(heard: str, when: When) -> When:
    """ "After the 20th", 周三以后 may be that day or one behind it."""
    is_one_day = not (when.has_time or when.rule or when.until or when.is_past)
    is_after = _AFTER.search(heard, 0, when.start) or SOME_TIME_AFTER.match(heard, when.end)
    if not (is_one_day and is_after):
        return when
    wall = datetime.combine(working_days_after(when.wall.date(), 1), when.wall.time())
    others = dict.fromkeys((wall, *when.alternatives))
    return replace(when, alternatives=tuple(others))


def _is_bounded(whole: Piece, rule: Rule) -> bool:
    """ "Every hour until 5", "every day until Friday": more than a rule can say here."""
    hourly = rule.freq in ("HOURLY", "MINUTELY")
    return bool(whole.lasting or whole.last or (hourly and (whole.clock or whole.ends)))


def get_ready() -> None:
    """Compile every phrase and list the zones: at its first use each would take a moment."""
    for family, _ in _GATES:
        for grammar in family:
            grammar.get_ready()
    known_zones()


def _with_the_rest(whole: Piece, rest: list[Piece], heard: str) -> tuple[Piece, list[Piece]]:
    """The day with a time that is said further on: "tomorrow, to call mum, at 7am"."""
    if whole.rule or whole.moment or whole.last or whole.ends or not rest:
        return whole, []
    other, _ = joined(rest, heard)
    between = heard[whole.end : other.start]
    counted = _from_there(whole, other, between)
    if counted:
        return counted, [other]
    then = _THEN.fullmatch(between)
    if other.rule or other.moment or not (then or _ONE_THING.fullmatch(between)):
        return whole, []
    if other.weak and not (other.clock and _ABOUT_A_TIME.search(between)):
        return whole, []
    if whole.days and not (whole.clock or whole.part) and other.clock and not other.days:
        if then or _AT.search(between) or _ABOUT_A_TIME.search(between):
            return replace(whole, clock=other.clock, part=other.part), [other]
        return whole, []
    has_day = other.days and not (other.clock or other.part)
    if whole.clock and not whole.days and has_day and not _ABOUT.search(between):
        return replace(whole, days=other.days, by=other.by), [other]
    return whole, []


def _from_there(whole: Piece, other: Piece, between: str) -> Piece | None:
    """ "It ends on the 28th, remind me a week before" is a week before the 28th."""
    if not (other.is_behind and _ONE_CLAUSE.fullmatch(between)):
        return None
    if other.shift and whole.days and not whole.is_week:
        return replace(whole, days=tuple(day + other.shift for day in whole.days), by="")
    return replace(whole, offset=other.offset) if other.offset and whole.clock else None


def _read(whole: Piece, choices: list[Piece], heard: str, speaker: Speaker) -> When:
    when = settled(whole, speaker)
    for other in choices:
        when = _with_choice(when, whole, other, speaker)
    shaded = _SHADE.search(heard, max(0, when.start - 16), when.start)
    if shaded and whole.part and not whole.clock and (shaded[1], whole.part.name) in _SHADED:
        part = replace(whole.part, hour=_SHADED[shaded[1], whole.part.name])
        when = settled(replace(whole, part=part, start=shaded.start()), speaker)
    return when


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
    if max(plain, default="") >= "\u4e00":
        plain = _PAIR.sub("两", plain)
        plain = _WEEKDAY_FIGURE.sub(
            lambda said: said[1] + "一二三四五六日"[int(said[2]) - 1], plain
        )
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
