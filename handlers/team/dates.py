"""Which moment is meant: asked with a button for each reading, and how somebody writes dates."""

import re
from datetime import date, datetime

from handlers.actions import members, moments
from handlers.actions.policies import day_first, voice_of
from handlers.command import command
from handlers.grammar import Unclear
from handlers.message import Button, Hint, Line, Part, Reply, Text, plain
from handlers.texts import Voice
from handlers.when import When, find
from storage.errors import Refused
from storage.work import Work

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def which_moment(work: Work, unclear: Unclear) -> Reply:
    """Ask which of the readings is meant; nothing has been done yet."""
    voice = voice_of(work)
    zone = moments.zone_named(voice.zone)
    if unclear.found.is_past:
        key = "when.over" if unclear.readings else "when.over_none"
        over = voice.full_moment(moments.instant(unclear.found.wall, zone))
        parts: list[Part] = [Text(voice.words(key, at=over))]
    else:
        parts = [Text(voice.words("when.which", said=plain(unclear.said)))]
    for wall in unclear.readings:
        line = unclear.line.replace("{}", wall.strftime("%Y-%m-%dT%H:%M"), 1)[:1900]
        shown = plain(voice.full_moment(moments.instant(wall, zone)))
        parts.append(Line(shown, Button(voice.say("button.choose"), "command.run", line)))
    if unclear.readings:
        parts.append(Hint(voice.words("contact.nothing_done_yet")))
    return Reply(tuple(parts))


def local_now(work: Work) -> datetime:
    """The wall time of whoever acts, naive."""
    return work.now.astimezone(moments.zone_named(work.actor.zone)).replace(tzinfo=None)


def from_field(work: Work, said: str) -> When:
    """The moment that stands in a form. Raises Refused when it is none, over or not clear."""
    voice = voice_of(work)
    zone = moments.zone_named(work.actor.zone)
    found = find(said, local_now(work), day_first(work), zone=zone)
    if found is None:
        raise Refused("command.no_when", usage="")
    if found.alternatives:
        raise Refused("when.unsure_in_form", readings=_readings(voice, found))
    if found.is_past:
        raise Refused("when.over_none", at=voice.full_moment(moments.instant(found.wall, zone)))
    return found


def day_from_field(work: Work, said: str) -> date:
    """The day that stands in a form; one that is over has to be written with its year.

    Raises Refused when it is none, over or not clear.
    """
    voice = voice_of(work)
    found = find(said, local_now(work), day_first(work))
    if found is None:
        raise Refused("deal.no_date", text=said[:40])
    days = dict.fromkeys(wall.date() for wall in (found.wall, *found.alternatives))
    if len(days) > 1:
        shown = " / ".join(voice.whole_date(day) for day in days)
        raise Refused("when.unsure_in_form", readings=shown)
    if found.is_past and not _YEAR.search(said):
        raise Refused("when.over_none", at=voice.whole_date(found.wall.date()))
    return found.wall.date()


def _readings(voice: Voice, found: When) -> str:
    zone = moments.zone_named(voice.zone)
    walls = (found.wall, *found.alternatives)
    return " / ".join(voice.full_moment(moments.instant(wall, zone)) for wall in walls[:4])


@command("dates [day first|month first]", also=("日期",))
def dates(work: Work, text: str | None) -> Reply:
    """How you write dates: whether 3/4 is the third of April."""
    said = (text or "").casefold()
    if any(word in said for word in ("day", "dmy", "日")):
        members.read_dates(work, day_first=True)
        first = True
    elif any(word in said for word in ("month", "mdy", "月")):
        members.read_dates(work, day_first=False)
        first = False
    else:
        first = day_first(work)
    return voice_of(work).reply("dates.day_first" if first else "dates.month_first")
