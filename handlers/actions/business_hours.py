"""When the team is there: opening hours, holidays, and other hours for single channels."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from dateutil.relativedelta import relativedelta

from handlers import hours, when
from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.actions.policies import AFTERWARDS, policy
from handlers.hours import ALWAYS, Block, Hours
from storage.errors import Refused
from storage.queries import house
from storage.queries import service_levels as found
from storage.records import Calendar, Holiday, Policy
from storage.work import Work

# The calendar of everybody who has no other.
EVERYBODY = ""
# For so long another process's change may be unknown here.
KEPT_FOR = timedelta(seconds=5)
# The open tickets are to be timed anew, from this id on (see `service_levels.time_again`).
TO_TIME = "tickets_to_time"

_UNTIL = re.compile(r"\s*(?:-|–|—|~|～|\bto\b|\buntil\b|\bthrough\b|至|到)\s*", re.IGNORECASE)
_LAST_UNTIL = re.compile(rf"(?:{_UNTIL.pattern})$", re.IGNORECASE)
_YEARLY = ("every year", "each year", "yearly", "每年")
LONGEST_HOLIDAY = 60


@dataclass(frozen=True)
class _Kept:
    """What was read of the tables, so that a message need not ask them."""

    at: datetime
    rows: tuple[tuple[int, int], ...]
    zone: str
    calendars: Mapping[str, Hours]


_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()


def hours_of(work: Work, channel: str | None = None) -> Hours:
    """The hours that hold for a channel; without one, for everybody."""
    calendars = _calendars(work)
    return calendars.get(channel_key(channel or ""), calendars[EVERYBODY])


def channel_key(channel: str) -> str:
    """A channel as calendars call it: by its name or its id, without the #."""
    return channel.removeprefix("#").casefold()


def _calendars(work: Work) -> Mapping[str, Hours]:
    kept = _kept.get(work.engine)
    if kept is None or not work.now - KEPT_FOR < kept.at <= work.now:
        kept = _kept[work.engine] = _read(work, kept)
    return kept.calendars


def _read(work: Work, before: _Kept | None) -> _Kept:
    """Read it all; where nothing was changed the same hours stay, and what they worked out."""
    calendars, holidays = found.calendars(work), found.holidays(work)
    zone = str(policy(work, "team_zone"))
    rows = tuple((each.id, each.version) for each in (*calendars, *holidays))
    if before is not None and (before.rows, before.zone) == (rows, zone):
        return _Kept(work.now, rows, zone, before.calendars)
    made = {
        each.name: _made(each.zone or zone, each.week, holidays, each.name) for each in calendars
    }
    made.setdefault(EVERYBODY, _made(zone, [], holidays, EVERYBODY))
    return _Kept(work.now, rows, zone, made)


def _made(zone: str, week: list[Any], holidays: list[Holiday], name: str) -> Hours:
    special: dict[date, tuple[Block, ...]] = {}
    yearly: dict[tuple[int, int], tuple[Block, ...]] = {}
    # A channel's own days come last: they count more than everybody's.
    for each in sorted(holidays, key=lambda holiday: holiday.calendar != EVERYBODY):
        if each.calendar not in (EVERYBODY, name):
            continue
        if each.yearly:
            yearly[each.day.month, each.day.day] = _blocks(each.blocks)
        else:
            special[each.day] = _blocks(each.blocks)
    days = tuple(_blocks(day) for day in week) if week else ALWAYS.week
    return Hours(moments.zone_named(zone), days, special, yearly)


def _blocks(stored: list[Any]) -> tuple[Block, ...]:
    return tuple((int(start), int(end)) for start, end in stored)


# What other rules ask


def is_open(work: Work, moment: datetime, channel: str | None = None) -> bool:
    """Whether somebody is there at that moment."""
    return hours_of(work, channel).is_open(moment)


def next_opening(work: Work, moment: datetime, channel: str | None = None) -> datetime | None:
    """When somebody is there again; `moment` itself when it is now, None when it is never."""
    return hours_of(work, channel).next_opening(moment)


# Shown and set


@dataclass(frozen=True)
class Shown:
    """A calendar as it is shown: what it holds for, its zone, its week, and its coming days."""

    name: str
    zone: str
    # True when nobody has said anything: somebody is there day and night.
    is_default: bool
    week: tuple[tuple[Block, ...], ...]
    holidays: list[Holiday]
    is_open: bool
    # When it opens next, or closes.
    changes_at: datetime | None


@action(Permission.READ)
def show(work: Work, channel: str = "") -> list[Shown]:
    """The calendars: that of a channel, or with none all of them."""
    calendars = {each.name: each for each in found.calendars(work)}
    names = sorted(calendars.keys() | {EVERYBODY})
    if channel:
        names = [channel] if channel in calendars else [EVERYBODY]
    return [_shown(work, name, calendars.get(name)) for name in names]


def _shown(work: Work, name: str, calendar: Calendar | None) -> Shown:
    sums = hours_of(work, name)
    today = moments.day_of(work.now, sums.zone)
    coming = [
        each
        for each in found.holidays(work)
        if each.calendar == name and (each.yearly or each.day >= today)
    ]
    is_open = sums.is_open(work.now)
    changes = sums.closing(work.now) if is_open else sums.next_opening(work.now)
    return Shown(name, sums.zone.key, calendar is None, sums.week, coming, is_open, changes)


@action(Permission.CAMPAIGN, audited=True)
def set_hours(work: Work, channel: str, text: str) -> Calendar:
    """Set the hours of the days that a line names; the others stay as they are.

    Raises Refused when the line is unclear, or when nobody would ever be there.
    """
    try:
        said = hours.read(text)
    except hours.Unclear as unclear:
        raise Refused("hours.unclear", text=str(unclear)) from None
    calendar = _calendar(work, channel)
    # Who sets some days for the first time means that nobody is there on the others.
    week = list(calendar.week) or [[] for _ in range(7)]
    for day, blocks in said.days.items():
        week[day] = [list(block) for block in blocks]
    if not any(week):
        raise Refused("hours.never")
    calendar.week = week
    _changed(work, calendar)
    return calendar


@action(Permission.CAMPAIGN, audited=True)
def set_zone(work: Work, channel: str, name: str) -> Calendar:
    """Set the zone by whose clocks the hours are meant. Raises Refused("zone.unknown")."""
    zone = moments.zone_named(name.strip())
    calendar = _calendar(work, channel)
    calendar.zone = zone.key
    _changed(work, calendar)
    return calendar


@action(Permission.CAMPAIGN, audited=True)
def forget_hours(work: Work, channel: str) -> None:
    """Take a calendar away: everybody's holds for that channel again, or for everybody none."""
    calendar = next((each for each in found.calendars(work) if each.name == channel), None)
    if calendar is None:
        raise Refused("hours.none")
    work.delete(calendar)
    _changed(work, None)


@action(Permission.CAMPAIGN, audited=True)
def set_holiday(work: Work, channel: str, text: str) -> list[Holiday]:
    """Set days with other hours than usual: "25 Dec Christmas", "24 Dec 9-13 Christmas Eve".

    Without hours nobody is there. Raises Refused when there is no date in the line.
    """
    said = _days(work, channel, text)
    blocks, name = hours.leading_times(said.rest)
    made = []
    for day in said.days:
        holiday = found.holiday(work, channel, day)
        if holiday is None:
            holiday = work.add(Holiday(calendar=channel, day=day))
        holiday.name, holiday.yearly = name[:128], said.yearly
        holiday.blocks = [list(block) for block in blocks]
        made.append(holiday)
    _changed(work, None)
    return made


@action(Permission.CAMPAIGN, audited=True)
def remove_holiday(work: Work, channel: str, text: str) -> list[date]:
    """Have the usual hours on a day again. Raises Refused when it has no others."""
    said = _days(work, channel, text)
    removed = []
    for holiday in found.holidays(work):
        same = holiday.day in said.days or (
            holiday.yearly
            and any(
                (day.month, day.day) == (holiday.day.month, holiday.day.day) for day in said.days
            )
        )
        if holiday.calendar == channel and same:
            removed.append(holiday.day)
            work.delete(holiday)
    if not removed:
        raise Refused("holiday.none")
    _changed(work, None)
    return removed


_WITH_YEAR = re.compile(r"(?:19|20)\d\d|昨|前天|yesterday|ago|last", re.IGNORECASE)


@dataclass(frozen=True)
class _Days:
    days: list[date]
    yearly: bool
    rest: str


def _days(work: Work, channel: str, text: str) -> _Days:
    """The date, or the dates from one to another, with which a line begins."""
    local = work.now.astimezone(hours_of(work, channel).zone).replace(tzinfo=None)
    yearly, text = _said_yearly(text.strip())
    first = when.find(_date_part(text), local)
    if first is None or first.start > 1:
        raise Refused("holiday.no_date")
    # The reader of dates may have taken the word between two of them along.
    rest = text[len(_LAST_UNTIL.sub("", text[: first.end])) :]
    begins = first.wall.date()
    if first.is_past and first.until is None and not _WITH_YEAR.search(text[: first.end]):
        # A holiday that has just gone by is written down for the next time.
        begins += relativedelta(years=1)
    ends = first.until.date() if first.until else begins
    until = _UNTIL.match(rest)
    if until is not None and ends == begins:
        last = when.find(
            _date_part(rest[until.end() :]), datetime.combine(begins, datetime.min.time())
        )
        if last is not None and last.start == 0:
            ends, rest = last.wall.date(), rest[until.end() + last.end :]
    length = (ends - begins).days + 1
    if not 1 <= length <= LONGEST_HOLIDAY:
        raise Refused("holiday.no_date")
    days = [begins + timedelta(days=each) for each in range(length)]
    return _Days(days, yearly or bool(first.rule), rest.strip(" ,，:：-–—"))


def _said_yearly(text: str) -> tuple[bool, str]:
    for word in _YEARLY:
        if text.casefold().startswith(word):
            return True, text[len(word) :].strip()
        if text.casefold().endswith(word):
            return True, text[: -len(word)].strip(" ,，(（")
    return False, text


# Hours behind a date would be taken for the date's own time of day.
_CLOCK = r"\d{1,2}(?:[:：.点點]\d{2})?\s?(?:am|pm)?"
_HOURS = re.compile(rf"(?<![\d-]){_CLOCK}\s*[-–—~～至到]\s*{_CLOCK}(?![\w-])", re.IGNORECASE)


def _date_part(text: str) -> str:
    """A line up to the hours that stand in it."""
    times = next((each for each in _HOURS.finditer(text) if each.start() > 0), None)
    return text if times is None else text[: times.start()]


def _calendar(work: Work, channel: str) -> Calendar:
    for each in found.calendars(work):
        if each.name == channel:
            return each
    return work.add(Calendar(name=channel, changed_at=work.now))


def _changed(work: Work, calendar: Calendar | None) -> None:
    if calendar is not None:
        calendar.changed_at = work.now
    forget_kept(work)
    time_all_again(work)


def forget_kept(work: Work) -> None:
    """What was read no longer holds."""
    _kept.pop(work.engine, None)


def time_all_again(work: Work) -> None:
    """Have every open request's due moments worked out anew, some at a time."""
    row = house.policy(work, TO_TIME)
    if row is None:
        row = work.add(Policy(key=TO_TIME, changed_at=work.now))
    row.value, row.changed_at = 0, work.now


def _zone_changed(work: Work) -> None:
    forget_kept(work)
    time_all_again(work)


AFTERWARDS["team_zone"] = _zone_changed
AFTERWARDS["sla_warning"] = time_all_again
