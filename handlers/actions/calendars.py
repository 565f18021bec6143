"""A member's follow-ups as a file that calendars read (RFC 5545)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, send
from handlers.actions.policies import voice_of
from handlers.message import Media
from handlers.when.month_ends import fitting
from storage.columns import new_id
from storage.queries import follow_ups as found
from storage.records import Contact, FollowUp, Member, Unsure
from storage.work import Work

# The door that fetches this file: it is made of what we know, when it goes.
CALENDAR = "calendar"
LENGTH = timedelta(minutes=15)
# The clock changes that a calendar is told of: so many years of them.
AHEAD = timedelta(days=366 * 6)
# A line of the file holds so many bytes; longer ones go on in the next.
LONGEST_LINE = 73
# No calendar takes these in a value (RFC 5545, 3.1), and some refuse the whole file.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@action(Permission.READ)
def send_mine(work: Work) -> int:
    """Send whoever asks their follow-ups as a calendar file, in their direct messages."""
    member = me(work)
    follow_ups = found.all_of(work, member)
    if not follow_ups:
        return 0
    file = Media("document", CALENDAR, str(member.id), name="rapport.ics", mime="text/calendar")
    send(
        work,
        SLACK,
        member.slack_user,
        "upload",
        {"parts": [], "file": vars(file), "as": voice_of(work).say("calendar.title")},
        key=f"calendar:{member.id}:{new_id()}",
        when_unsure=Unsure.RESEND,
    )
    return len(follow_ups)


@action(Permission.SYSTEM)
def file_of(work: Work, member_id: int) -> bytes:
    """The file as it is at this moment."""
    member = work.sure(Member, member_id)
    events = [(each, work.get(Contact, each.contact_id)) for each in found.all_of(work, member)]
    return calendar(events, work.now)


def calendar(events: list[tuple[FollowUp, Contact | None]], now: datetime) -> bytes:
    """Follow-ups in the words of RFC 5545; recurring ones with their rule and their zone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rapport//Follow-ups//EN"]
    lines += ["CALSCALE:GREGORIAN", "X-WR-CALNAME:Rapport"]
    for zone in sorted({each.zone for each, _ in events if each.rule}):
        lines += _zone(moments.zone_named(zone), now)
    for follow_up, contact in events:
        lines += _event(follow_up, contact, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(follow_up: FollowUp, contact: Contact | None, now: datetime) -> list[str]:
    what = f"{contact.name}: {follow_up.text}" if contact else follow_up.text
    lines = ["BEGIN:VEVENT", f"UID:follow-up-{follow_up.id}@rapport"]
    lines += [f"DTSTAMP:{_utc(now)}", f"DURATION:PT{int(LENGTH.total_seconds()) // 60}M"]
    if follow_up.rule:
        wall = datetime.fromisoformat(follow_up.wall)
        lines.append(f"DTSTART;TZID={follow_up.zone}:{_wall(wall)}")
        # To a calendar the 31st is in seven months only; to us it is the last day of the others.
        lines.append(f"RRULE:{fitting(follow_up.rule)}")
    else:
        lines.append(f"DTSTART:{_utc(follow_up.due_at)}")
    lines.append(f"SUMMARY:{_escaped(what)}")
    lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(what)}"]
    return [*lines, "TRIGGER:PT0M", "END:VALARM", "END:VEVENT"]


def _zone(zone: ZoneInfo, now: datetime) -> Iterator[str]:
    """A zone with each of its clock changes of the next years, and how it stands before them."""
    start = now - timedelta(days=400)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield from _observance(zone, start, start)
    for change in _changes(zone, start, now + AHEAD):
        yield from _observance(zone, change - timedelta(seconds=1), change)
    yield "END:VTIMEZONE"


def _observance(zone: ZoneInfo, before: datetime, at: datetime) -> list[str]:
    was = before.astimezone(zone).utcoffset() or timedelta()
    local = at.astimezone(zone)
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{_wall((at + was).replace(tzinfo=None))}",
        f"TZOFFSETFROM:{_offset(was)}",
        f"TZOFFSETTO:{_offset(local.utcoffset() or timedelta())}",
        f"TZNAME:{local.tzname()}",
        f"END:{kind}",
    ]


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    step = timedelta(days=7)
    while start < end:
        low, high = start, start + step
        if _utcoffset(zone, low) != _utcoffset(zone, high):
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                if _utcoffset(zone, middle) == _utcoffset(zone, low):
                    low = middle
                else:
                    high = middle
            yield high.replace(microsecond=0)
        start += step


def _utcoffset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _wall(wall: datetime) -> str:
    return wall.strftime("%Y%m%dT%H%M%S")


def _offset(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _escaped(text: str) -> str:
    """Text as a value: nothing in it means anything to a calendar."""
    marked = re.sub(r"([\\;,])", r"\\\1", text)
    lines = re.sub(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", r"\\n", marked)
    return _CONTROL.sub("", lines)


def _folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, never within a character."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST_LINE:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + width
    return "\r\n ".join([*pieces, piece])
