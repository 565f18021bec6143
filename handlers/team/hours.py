"""Commands about when somebody is there, and how soon the team wants to answer."""

import re
from datetime import date

from handlers.actions import business_hours, service_levels
from handlers.actions.policies import voice_of
from handlers.cards import service_levels as cards
from handlers.command import command
from handlers.message import Hint, Part, Reply, Text
from handlers.texts import Voice
from storage.work import Work

_CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>|[#＃]([\w-]+)")
_REMOVE = ("remove", "delete", "cancel", "删除", "取消")


def _channel_in(text: str) -> tuple[str, str]:
    """The channel with which a line begins, as calendars call it, and the rest of the line."""
    said = _CHANNEL.match(text.strip())
    if said is None:
        return "", text.strip()
    return (said[1] or said[2]).casefold(), text.strip()[said.end() :].strip()


def _is_removal(text: str) -> tuple[bool, str]:
    """Whether a line takes something away, and the line without that word."""
    first, _, rest = text.strip().partition(" ")
    return (True, rest) if first.casefold() in _REMOVE else (False, text)


@command("hours [mon-fri 9:00-12:30 13:30-18:00]", also=("营业时间", "工作时间"))
def hours(work: Work, text: str | None) -> Reply:
    """When somebody is there; with days and times, set it."""
    channel, line = _channel_in(text or "")
    voice = voice_of(work)
    word, _, rest = line.partition(" ")
    match word.casefold():
        case "":
            return _shown(work, voice, channel)
        case "zone" | "时区":
            calendar = business_hours.set_zone(work, channel, rest)
            return voice.reply("hours.zone_set", zone=calendar.zone)
        case "remove" | "reset" | "删除":
            business_hours.forget_hours(work, channel)
            return voice.reply("hours.forgotten")
    business_hours.set_hours(work, channel, line)
    return _shown(work, voice, channel)


def _shown(work: Work, voice: Voice, channel: str) -> Reply:
    parts: list[Part] = []
    for each in business_hours.show(work, channel):
        part = cards.hours_part(voice, each.name, each.zone, each.week, is_default=each.is_default)
        parts.append(part)
        local = Voice(voice.language, each.zone)
        parts.append(Hint(cards.now_words(local, each.changes_at, is_open=each.is_open)))
        if each.holidays:
            parts.append(cards.holidays_part(local, each.holidays))
    return Reply(tuple(parts))


@command("holiday [25 Dec Christmas]", also=("holidays", "假日", "节假日"))
def holiday(work: Work, text: str | None) -> Reply:
    """Set a day with other hours, or none; "remove" before it takes it away."""
    channel, line = _channel_in(text or "")
    voice = voice_of(work)
    if not line:
        shown = [each for one in business_hours.show(work, channel) for each in one.holidays]
        if not shown:
            return voice.reply("holiday.nothing")
        return Reply((cards.holidays_part(voice, shown),))
    is_removal, line = _is_removal(line)
    if is_removal:
        removed = business_hours.remove_holiday(work, channel, line)
        return voice.reply("holiday.removed", days=_days(voice, removed))
    made = business_hours.set_holiday(work, channel, line)
    blocks = tuple((int(start), int(end)) for start, end in made[0].blocks)
    said = cards.hours_words(voice, blocks)
    yearly = f" · {voice.say('hours.yearly')}" if made[0].yearly else ""
    days = _days(voice, [each.day for each in made])
    return voice.reply("holiday.set", days=days, hours=said + yearly, name=made[0].name)


def _days(voice: Voice, days: list[date]) -> str:
    first, last = min(days), max(days)
    if first == last:
        return voice.calendar_day(first)
    return f"{voice.calendar_day(first)} – {voice.calendar_day(last)}"


@command("sla [high first 30m next 1h resolve 8h]", also=("时限", "服务时限"))
def sla(work: Work, text: str | None) -> Reply:
    """How soon the team answers and resolves, in working time."""
    voice = voice_of(work)
    if text:
        level = service_levels.set_targets(work, text)
        if level is None:
            return voice.reply("sla.off")
        scope, targets = cards.level_words(voice, level)
        return voice.reply("sla.set", scope=scope, targets=targets)
    levels = service_levels.show(work)
    if not levels:
        return voice.reply("sla.nothing")
    parts: list[Part] = [Text(voice.words("sla.title"))]
    for each in levels:
        scope, targets = cards.level_words(voice, each)
        parts.append(Text(voice.words("sla.line", scope=scope, targets=targets)))
    return Reply(tuple(parts))
