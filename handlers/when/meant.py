"""Of several moments in one text the one that is meant, or a choice of those that may be."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.when.doubts import REQUEST, is_off, is_topic, sentence_around
from handlers.when.said import Piece, When
from handlers.when.words import Words


@dataclass(frozen=True)
class Reading:
    """One moment of a text, what it was read from, and whether something speaks against it."""

    when: When
    taken: tuple[Piece, ...]
    is_unclear: bool = False
    is_refused: bool = False


_ABOUT = Words(
    r"\b(?:about|regarding|re|for|of|concerning|covering|that|because|from|since)\b[^,.;]{0,40}\Z"
)
_SAME_TIME = Words(r"same time|同一?个?时[间候]|同样的?时[间候]")
# "2 for Monday and 3 for Thursday".
_ALIKE = Words(r"\s?(?:,|and|&)\s?(?:[0-9]+\s)(?:[a-z]+\s)?(?:for|on|by)?\s?")
_MOVED = Words(
    r"\b(?:mov|push|shift|reschedul|chang|postpon|bring|brought|switch|delay|swap|put)[a-z]*\b"
    r"[^.;]{0,60}\b(?:to|until|till|for)\s(?:the\s)?\Z"
    r"|(?:改|推迟|延期?|挪|换|调整?|提前|顺延)(?:了)?(?:到|至|成|为|在)?\Z"
)
# "Tuesday, no wait, Thursday": what was said before it is taken back.
_CORRECTED = Words(
    r"\s?[,.;-]{0,3}\s{0,3}(?:(?:no|oh|oops|um|er|ah)[,.]?\s)?"
    r"(?:no|wait|sorry|actually|i mean|make (?:it|that)|scratch that|correction|rather)"
    r"[,.-]{0,3}\s{1,3}(?:(?:make (?:it|that)|on|i mean|let's say|say|better)\s{1,3})?"
    r"|吧?[,;，-]{0,2}(?:哦|噢|啊)?(?:不对|不(?=[,，])|说?错了|抱歉|不好意思|对不起|等等|还是算了|哦不|不不|更正|改成|改为)[,，]?(?:是|应该是|还是|改成)?"
)
_LISTED = Words(r"\s?(?:,|and|&|、|和|跟|与)?\s?(?:on)?\s?")
_AND_AGAIN = Words(
    r"\s?(?:,|and|&|和|、|[,，]?又|[,，]?还有)\s?(?:then|again|also)?\s?(?:on|in)?\s?(?:the)?\s?"
)


def meant(readings: list[Reading], heard: str) -> Reading | None:
    """The reading that is meant; where another one is as likely, it offers that one too."""
    first, *others = readings
    if first.is_unclear or not others:
        return None if first.is_refused else first
    moved = next((each for each in readings if is_moved_to(heard, each.when)), None)
    if moved is not None:
        # "Move Thursday 10am to the same time on Friday": that time, and not the present one.
        is_same = _SAME_TIME.search(heard, moved.when.start, moved.when.end)
        return None if is_same else moved
    standing = _not_taken_back(readings, heard)
    if len(standing) < len(readings):
        taken_back = readings[len(readings) - len(standing) - 1]
        if _has_day(standing[0]):
            return meant(standing, heard)
        return _at_another_time(taken_back, standing[0]) if len(standing) == 1 else None
    fitting = _not_refused(readings, heard)
    working = [each for each in fitting if not is_off(heard, each.when)]
    fitting = working or fitting
    named = [each for each in fitting if not is_topic(heard, each.when.start, each.when.end)]
    over = [each.when for each in fitting if each.when.is_past]
    ahead = [
        each
        for each in named or fitting
        if not each.when.is_past
        and not any(_AND_AGAIN.fullmatch(heard, past.end, each.when.start) for past in over)
    ]
    if not ahead:
        return fitting[0] if fitting else None
    if ahead[0] is not first and heard[: ahead[0].when.end].endswith(" later"):
        # "We spoke on the 3rd, call again two weeks later": counted from either.
        return None
    asked = next((each for each in ahead if _is_asked_for(each, heard)), ahead[0])
    begins, ends = sentence_around(heard, asked.when)
    if not begins <= ahead[0].when.start < ends:
        ahead = ahead[ahead.index(asked) :]
    return _with_others(ahead[0], ahead[1:], heard)


def _is_asked_for(reading: Reading, heard: str) -> bool:
    begins, ends = sentence_around(heard, reading.when)
    return bool(REQUEST.search(heard, begins, ends))


def _not_taken_back(readings: list[Reading], heard: str) -> list[Reading]:
    """Those from the last correction on."""
    begins = 0
    for number in range(1, len(readings)):
        ends, starts = readings[number - 1].when.end, readings[number].when.start
        if _CORRECTED.fullmatch(heard, ends, starts):
            begins = number
    return readings[begins:]


def _has_day(reading: Reading) -> bool:
    """ "Tomorrow at 3, sorry, 4 pm" corrects the time only, and the day is not said again."""
    return any(piece.days or piece.moment or piece.rule for piece in reading.taken)


def _at_another_time(before: Reading, corrected: Reading) -> Reading | None:
    """The day that was said first at the time that was said last."""
    if before.when.rule or before.when.is_past or corrected.is_unclear or not _has_day(before):
        return None
    day, said = before.when.wall, (corrected.when.wall, *corrected.when.alternatives)
    walls = [datetime.combine(day.date(), wall.time()) for wall in said]
    nearest = min(walls, key=lambda wall: abs(wall - day))
    if len(walls) > 1 and abs(nearest - day) > _A_SLIP:
        return None
    when = replace(before.when, end=corrected.when.end, wall=nearest, alternatives=(), until=None)
    return replace(before, when=when, taken=(*before.taken, *corrected.taken))


# Half past five for five is a slip; a time further away could be of either half of the day.
_A_SLIP = timedelta(hours=2)


def is_moved_to(heard: str, when: When) -> bool:
    """ "Move Monday's call to Thursday": something goes to this moment from another one."""
    return bool(_MOVED.search(heard, max(0, when.start - 90), when.start))


def _not_refused(readings: list[Reading], heard: str) -> list[Reading]:
    """Those that suit; a no behind a list is a no to each of it: "周二周四都不行"."""
    fitting: list[Reading] = []
    refused: Reading | None = None
    for reading in reversed(readings):
        ends = reading.when.end
        listed = refused is not None and _LISTED.fullmatch(heard, ends, refused.when.start)
        refused = reading if reading.is_refused or listed else None
        if refused is None:
            fitting.insert(0, reading)
    return fitting


def _with_others(first: Reading, others: list[Reading], heard: str) -> Reading:
    """The first with those of its sentence that are no less likely."""
    begins, ends = sentence_around(heard, first.when)
    rivals = [
        other.when.wall
        for other in others
        if begins <= other.when.start < ends
        # "Call her tomorrow about the delivery on Friday": that is the delivery's day.
        and (
            _ALIKE.fullmatch(heard, first.when.end, other.when.start)
            or not _ABOUT.search(heard, first.when.end, other.when.start)
        )
    ]
    if not rivals or first.is_unclear:
        return first
    if any(each.when.rule for each in (first, *others)):
        # Two recurrences, or one that is limited by a date, are more than one rule can say.
        return replace(first, is_unclear=True)
    walls = dict.fromkeys((*first.when.alternatives, *rivals))
    walls.pop(first.when.wall, None)
    return replace(first, when=replace(first.when, alternatives=tuple(walls)))
