"""The moment in a line, how it is meant, and what has to be asked about it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from handlers import when
from handlers.actions import follow_ups, moments, policies, whereabouts
from handlers.grammar.line import Line
from handlers.grammar.values import About, Manner, Unclear
from handlers.grammar.words import NUMBER
from handlers.when import When
from storage.records import Contact, Ticket, Touch
from storage.work import Work

# The reading that was chosen with a button, at the end of the line.
_CHOSEN = re.compile(r"\s*~(\d{4}-\d\d-\d\dT\d\d:\d\d)$")
MOST_READINGS = 4
_THEIRS = re.compile(
    r"\s*[(（]?(?:in |by )?(?:their|his|her|(?:the )?customer'?s?|client'?s?|local) "
    r"(?:local )?(?:time(?:zone)?|clock)(?![a-z])[)）]?"
    r"|\s*[(（]?(?:按|以)?(?:当地|对方|客户|他们?|她们?)的?(?:当地)?时间[)）]?",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"\s*,?(?:(?:\bif|\bunless|\bwhen) (?:there(?:'s| is| was) )?no (?:reply|answer|response|word)"
    r"|\b(?:if|when) (?:(?:s?he|they|there|[a-z]+) )?(?:has|have|does|do|is|did)(?:n'?t| not) "
    r"(?:replied|answered|responded|reply|answer|respond|written|write)(?: back)?"
    r"|\bunless (?:s?he|they) (?:repl(?:y|ies)|answers?|responds?|writes?))(?: yet)?(?![a-z])"
    r"(?: (?:for|within|after)(?= (?:[0-9]|an? |one|two|three|four|five|six|seven)))?"
    r"|如果(?=.{0,12}(?:没|不|未|无))|(?:[还仍都]?(?:没有?|未|不)(?:人)?(?:收到)?|无)"
    r"(?:回复|回信|回应|回音|答复|消息|回我?(?![来去家头到]))(?:的话)?[,，]?(?:就)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?:天|日|周|星期|礼拜|月|小时|分钟|年)\s*\Z")
_TOUCH = re.compile(r"(?:^|\s)[!！](keep|clear|re-?arm|保留|取消|重来)(?=\s|$)", re.IGNORECASE)
_TOUCHES = {
    "keep": Touch.KEEP,
    "保留": Touch.KEEP,
    "clear": Touch.CLEAR,
    "取消": Touch.CLEAR,
    "rearm": Touch.RE_ARM,
    "re-arm": Touch.RE_ARM,
    "重来": Touch.RE_ARM,
}


def read_manner(line: Line, optional: bool) -> Manner:
    """Words beside the moment that are no part of it."""
    found = []
    for pattern in (_THEIRS, _NO_REPLY, _TOUCH):
        match = pattern.search(line.rest)
        found.append(match)
        if match is not None:
            before, behind = line.rest[: match.start()], line.rest[match.end() :]
            line.rest = (before + _left_of(match, before) + behind).strip()
    theirs, no_reply, touch = found
    on_touch = None if touch is None else _TOUCHES[touch[1].casefold()]
    line.manner = Manner(theirs is not None, no_reply is not None, on_touch)
    return line.manner


def read_when(line: Line, optional: bool) -> When | None:
    chosen = _CHOSEN.search(line.rest)
    if chosen is not None:
        line.chosen = datetime.fromisoformat(chosen[1])
        line.rest = line.rest[: chosen.start()]
    line.said = line.rest
    zone = ZoneInfo(line.work.actor.zone)
    now = line.work.now.astimezone(zone).replace(tzinfo=None)
    found = when.find(line.rest, now, policies.day_first(line.work), zone=zone)
    if found is None:
        if optional:
            return None
        raise line.missing("when")
    line.behind = line.rest[found.end :].strip(" ,;:，；：-–—")
    line.rest = line.rest[: found.start].strip(" ,;:，；：")
    return found


def settle(line: Line) -> None:
    """The moment by the clock that is meant; asked about when it is over or not clear."""
    parameter, found = line.command.wants(When), line.found(When)
    if parameter is None or not isinstance(found, When):
        return
    contact = line.found(Contact)
    if line.manner != Manner() and isinstance(contact, Contact):
        found = _by_their_clock(line, found, contact)
    if line.chosen is not None:
        found = replace(found, wall=line.chosen, alternatives=(), is_past=False)
    line.values[parameter.name] = found
    readings = readings_of(line.work, found)
    if readings is not None:
        said = line.said[found.start : found.end].strip(" ,;:，；：")
        raise Unclear(said, found, readings, _same_line(line))


def _by_their_clock(line: Line, found: When, contact: Contact) -> When:
    """Once more, from their morning, or from the last word that they got."""
    name = whereabouts.clock_of(line.work, contact) if line.manner.theirs else None
    zone = ZoneInfo(name or line.work.actor.zone)
    last = follow_ups.unanswered(line.work, contact) if line.manner.no_reply else None
    order = policies.day_first(line.work)
    for moment in (last, line.work.now):
        if moment is None:
            continue
        now = moment.astimezone(zone).replace(tzinfo=None)
        again = when.find(line.said, now, order, zone=zone)
        if again is not None and moments.instant(again.wall, zone) > line.work.now:
            return again
    return found


def readings_of(work: Work, found: When | None) -> tuple[datetime, ...] | None:
    """What to offer instead of guessing; None when it is clear."""
    if found is None:
        return None
    if found.alternatives:
        return (found.wall, *found.alternatives)[:MOST_READINGS]
    if not found.is_past:
        return None
    now = work.now.astimezone(ZoneInfo(work.actor.zone)).replace(tzinfo=None)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), found.wall.time())
    if now - found.wall < timedelta(days=2):
        return (tomorrow,)
    next_year = found.wall + relativedelta(years=1)
    return (next_year,) if next_year > now else ()


def _same_line(line: Line) -> str:
    """The line as it was typed, with what goes without saying where it was typed."""
    ticket, contact = line.context.ticket, line.context.contact
    if ticket is not None and line.command.wants(About) is not None:
        before = "" if line.about.ticket is not ticket else f"#{ticket.number} "
    elif ticket is not None and line.command.wants(Ticket) is not None:
        before = "" if NUMBER.match(line.typed) else f"#{ticket.number} "
    elif contact is not None and line.command.wants(Contact) is not None:
        before = f"contact:{contact.id} "
    else:
        before = ""
    typed = _CHOSEN.sub("", line.typed).replace("{", "(").replace("}", ")")
    return f"{line.command.verb} {before}{typed} ~{{}}"


def _left_of(match: re.Match[str], before: str) -> str:
    """What stays of words that were cut out: 3天没回复 is 3天后, "no reply for a day" in a day."""
    if match.re is _NO_REPLY and _LENGTH.search(before):
        return "后"
    if match.re is _NO_REPLY and match[0].endswith(("for", "within", "after")):
        return " in "
    return " " if match[0][:1].isspace() or match[0][-1:].isspace() else ""
