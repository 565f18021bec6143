"""Times without news: hours of the day, or until a date. Answers of the team come all the same."""

import re
from datetime import time, timedelta

from handlers.actions import moments, preferences
from handlers.customer.commands import Pressed, customer_button, customer_command, say
from handlers.message import Button, Buttons, Hint, Incoming, Part, Reply, Text
from handlers.texts import Voice
from handlers.when import find
from storage.records import Contact, Identity
from storage.work import Work

_HOURS = re.compile(
    r"^\s*(\d{1,2})(?:[:.：](\d{2}))?\s*(?:-|–|—|~|to|bis|到|至)\s*(\d{1,2})(?:[:.：](\d{2}))?\s*$"
)
_OFF = {"off", "none", "end", "关", "关闭", "取消"}
NIGHT = "22:00-08:00"
LENGTHS = {"week": timedelta(days=7), "month": timedelta(days=30)}


@customer_command("quiet")
def quiet(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """How it is, with buttons; or, typed behind it: hours, "until Friday", "off"."""
    text = incoming.value.strip()
    if text and not _typed(work, contact, text):
        voice = Voice(contact.language)
        say(work, incoming, identity, voice.reply("customer.quiet_how"))
        return
    say(work, incoming, identity, _page(work, contact))


def _typed(work: Work, contact: Contact, text: str) -> bool:
    """Whether it was understood, and is so now."""
    if text.casefold() in _OFF:
        preferences.end_quiet(work, contact)
        return True
    hours = _HOURS.match(text)
    if hours is not None:
        return _hours(work, contact, hours)
    zone = moments.zone_named(preferences.zone_of(work, contact))
    when = find(text, work.now.astimezone(zone).replace(tzinfo=None), zone=zone)
    until = moments.instant(when.wall, zone) if when is not None else None
    if until is None or until <= work.now:
        return False
    preferences.no_news_until(work, contact, until)
    return True


def _hours(work: Work, contact: Contact, found: re.Match[str]) -> bool:
    first, last = (int(found[1]), int(found[2] or 0)), (int(found[3]), int(found[4] or 0))
    if any(hour > 24 or minute > 59 for hour, minute in (first, last)) or first == last:
        return False
    begins, ends = (time(hour % 24, minute) for hour, minute in (first, last))
    if begins == ends:
        return False
    preferences.quiet_hours(work, contact, begins, ends)
    return True


def _page(work: Work, contact: Contact) -> Reply:
    voice = preferences.voice_for(work, contact)
    kept = preferences.quiet(work, contact)
    parts: list[Part] = []
    buttons = []
    if kept is not None and kept.quiet_until is not None and kept.quiet_until > work.now:
        parts.append(Text(voice.words("quiet.until", until=kept.quiet_until)))
    if kept is not None and kept.quiet_from is not None:
        hours = f"{kept.quiet_from}–{kept.quiet_to}"
        parts.append(Text(voice.words("quiet.hours", hours=hours, zone=voice.zone)))
    if parts:
        buttons.append(Button(voice.say("quiet.off_button"), "quiet.set", "off"))
    else:
        parts.append(Text(voice.words("quiet.none")))
    shown = (("night", NIGHT), ("week", "week"), ("month", "month"))
    buttons += [
        Button(voice.say(f"quiet.{name}_button"), "quiet.set", value) for name, value in shown
    ]
    parts.append(Hint(voice.words("quiet.hint")))
    return Reply((*parts, *(Buttons((each,)) for each in buttons)))


@customer_button("quiet.set")
def set_pressed(work: Work, incoming: Incoming, contact: Contact) -> Pressed:
    """One of the usual choices."""
    if incoming.value in LENGTHS:
        preferences.no_news_until(work, contact, work.now + LENGTHS[incoming.value])
    else:
        _typed(work, contact, incoming.value)
    return Pressed(Voice(contact.language).say("quiet.set"), _page(work, contact))
