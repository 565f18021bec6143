"""How soon the team wants to answer and to resolve: targets, clocks, and when they are due.

A clock counts working time (`business_hours`). The answer's runs while the customer waits for us,
the resolution's while it is our turn; both stand while a request is on hold.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions import business_hours
from handlers.actions.access import Permission, action
from handlers.actions.business_hours import KEPT_FOR, TO_TIME
from handlers.actions.policies import settled
from handlers.hours import Hours
from storage.errors import Refused
from storage.queries import house
from storage.queries import service_levels as found
from storage.records import (
    Alarm,
    Priority,
    Promise,
    ServiceAlarm,
    ServiceLevel,
    Ticket,
    TicketStatus,
)
from storage.work import Work

A_SECOND = timedelta(seconds=1)
LONGEST_TARGET = timedelta(hours=2000)
# So many requests are timed anew in one transaction.
AT_A_TIME = 200


@dataclass(frozen=True)
class Targets:
    """What is promised for one request, in working time; None is no promise."""

    first_answer: timedelta | None = None
    next_answer: timedelta | None = None
    resolution: timedelta | None = None

    def of(self, promise: Promise) -> timedelta | None:
        """What is promised of one kind."""
        found: timedelta | None = getattr(self, promise.value)
        return found


NO_TARGETS = Targets()
_kept: WeakKeyDictionary[Any, tuple[datetime, list[ServiceLevel]]] = WeakKeyDictionary()


def targets(work: Work, ticket: Ticket) -> Targets:
    """What is promised for a request: of each kind what the most particular level says."""
    chosen: dict[str, timedelta] = {}
    for level in _levels(work):
        if not level.holds_for(ticket.category, ticket.priority):
            continue
        for promise in Promise:
            seconds = getattr(level, promise.value)
            if seconds is not None:
                chosen.setdefault(promise.value, timedelta(seconds=seconds))
    return Targets(**chosen) if chosen else NO_TARGETS


def _levels(work: Work) -> list[ServiceLevel]:
    """Every level, the most particular first."""
    kept = _kept.get(work.engine)
    if kept is None or not work.now - KEPT_FOR < kept[0] <= work.now:
        levels = found.levels(work)
        levels.sort(key=lambda level: (not level.category, not level.priority))
        kept = _kept[work.engine] = (work.now, levels)
    return kept[1]


# The clocks


def keep_time(work: Work, ticket: Ticket) -> None:
    """Bring a request's clocks and due moments in line with how it stands.

    To be called after each change of its status, of who waits, of its priority or category; a
    time too often does no harm.
    """
    hours = business_hours.hours_of(work, ticket.channel)
    _turn_answer_clock(work, ticket, hours)
    _turn_resolution_clock(work, ticket, hours)
    _set_due(work, ticket, hours, targets(work, ticket))


def _turn_answer_clock(work: Work, ticket: Ticket, hours: Hours) -> None:
    waits = ticket.is_open and ticket.customer_waits_since is not None
    runs = waits and ticket.status is not TicketStatus.ON_HOLD
    since = ticket.answer_clock_since
    if runs and since is None:
        ticket.answer_clock_since = work.now
    elif not runs and since is not None:
        ticket.answer_clock_spent += hours.between(since, work.now) // A_SECOND
        ticket.answer_clock_since = None
    if not waits:
        ticket.answer_clock_spent = 0


def _turn_resolution_clock(work: Work, ticket: Ticket, hours: Hours) -> None:
    runs = ticket.status in (TicketStatus.NEW, TicketStatus.OPEN)
    since = ticket.resolution_clock_since
    if runs and since is None:
        ticket.resolution_clock_since = work.now
    elif not runs and since is not None:
        ticket.resolution_clock_spent += hours.between(since, work.now) // A_SECOND
        ticket.resolution_clock_since = None


@dataclass(frozen=True)
class _Clock:
    since: datetime | None
    spent: timedelta
    # Whether what is promised is still to be done at all; a clock that stands may go on.
    matters: bool

    def reaches(self, hours: Hours, length: timedelta) -> datetime | None:
        """When it will have run that long."""
        if self.since is None:
            return None
        return hours.add(self.since, max(length - self.spent, timedelta()))


def _clock(ticket: Ticket, promise: Promise) -> _Clock:
    if promise is Promise.RESOLUTION:
        spent = timedelta(seconds=ticket.resolution_clock_spent)
        return _Clock(ticket.resolution_clock_since, spent, ticket.is_open)
    spent = timedelta(seconds=ticket.answer_clock_spent)
    is_first = ticket.first_answered_at is None
    matters = ticket.is_open and ticket.customer_waits_since is not None
    wanted = (promise is Promise.FIRST_ANSWER) is is_first
    return _Clock(ticket.answer_clock_since, spent, matters and wanted)


def due_of(ticket: Ticket, promise: Promise) -> datetime | None:
    """When a promise is due; None while its clock stands, or when there is none."""
    found: datetime | None = getattr(ticket, f"{promise.value}_due_at")
    return found


def _set_due(work: Work, ticket: Ticket, hours: Hours, promised: Targets) -> None:
    looks: list[datetime] = []
    for promise in Promise:
        clock, target = _clock(ticket, promise), promised.of(promise)
        before = due_of(ticket, promise)
        due = _due(work, hours, clock, target, before)
        if before is not None and due is None and before <= work.now and target is not None:
            # Done too late, and perhaps before anybody was told.
            note_alarm(work, ticket, promise, Alarm.BREACH, before)
        if due != before:
            setattr(ticket, f"{promise.value}_due_at", due)
        if due is not None and target is not None:
            looks.append(_warns_at(work, hours, clock, target) or due)
    attention = min(looks, default=None)
    if attention != ticket.attention_at:
        ticket.attention_at = attention


def _due(
    work: Work, hours: Hours, clock: _Clock, target: timedelta | None, before: datetime | None
) -> datetime | None:
    if target is None or not clock.matters:
        return None
    if before is not None and before <= work.now and clock.spent >= target:
        # Overdue it stays, whatever its clock does: it is late once.
        return before
    if clock.since is None:
        return before if before is not None and before <= work.now else None
    return clock.reaches(hours, target)


def _warns_at(work: Work, hours: Hours, clock: _Clock, target: timedelta) -> datetime | None:
    return clock.reaches(hours, target * int(settled(work, "sla_warning")) / 100)


def note_alarm(
    work: Work, ticket: Ticket, promise: Promise, alarm: Alarm, due_at: datetime
) -> bool:
    """Note that something is soon due or over; False when it was noted before."""
    if found.alarm(work, ticket, promise, alarm, due_at) is not None:
        return False
    work.add(
        ServiceAlarm(
            ticket_id=ticket.id,
            promise=promise,
            alarm=alarm,
            due_at=due_at,
            assignee_id=ticket.assignee_id,
            at=work.now,
        )
    )
    return True


@dataclass(frozen=True)
class Due:
    """A promise that is soon due, or over."""

    promise: Promise
    alarm: Alarm
    due_at: datetime


@action(Permission.SYSTEM)
def what_is_due(work: Work, ticket: Ticket) -> list[Due]:
    """What must be said about a request now; it is noted, so that it is said once."""
    hours, promised = business_hours.hours_of(work, ticket.channel), targets(work, ticket)
    said: list[Due] = []
    looks: list[datetime] = []
    for promise in Promise:
        due, target = due_of(ticket, promise), promised.of(promise)
        if due is None or target is None:
            continue
        warns = _warns_at(work, hours, _clock(ticket, promise), target) or due
        alarm = _alarm_at(work.now, warns, due)
        if alarm is not None and note_alarm(work, ticket, promise, alarm, due):
            said.append(Due(promise, alarm, due))
        looks += [each for each in (warns, due) if each > work.now]
    ticket.attention_at = min(looks, default=None)
    return said


def _alarm_at(now: datetime, warns: datetime, due: datetime) -> Alarm | None:
    if due <= now:
        return Alarm.BREACH
    return Alarm.WARNING if warns <= now else None


@action(Permission.SYSTEM)
def needing_attention(work: Work, limit: int) -> list[Ticket]:
    """Requests of which something is soon due or over."""
    return found.needing_attention(work, limit)


@action(Permission.SYSTEM)
def time_again(work: Work) -> bool:
    """After a change of hours or targets: time the open requests anew; whether there are more."""
    row = house.policy(work, TO_TIME)
    if row is None or row.value is None:
        return False
    business_hours.forget_kept(work)
    _kept.pop(work.engine, None)
    tickets = found.open_after(work, int(row.value), AT_A_TIME)
    for ticket in tickets:
        keep_time(work, ticket)
    row.value = tickets[-1].id if len(tickets) == AT_A_TIME else None
    return row.value is not None


# Targets, shown and set


@action(Permission.READ)
def show(work: Work) -> list[ServiceLevel]:
    """Every level that was set."""
    return found.levels(work)


_PRIORITIES = {"低": "low", "普通": "normal", "正常": "normal", "高": "high", "紧急": "urgent"}
_EVERY = ("all", "any", "every", "default", "全部", "所有", "默认")
_OFF = ("off", "none", "remove", "关闭", "取消", "删除")
_PROMISES = {
    "first": Promise.FIRST_ANSWER,
    "首次": Promise.FIRST_ANSWER,
    "首次答复": Promise.FIRST_ANSWER,
    "next": Promise.NEXT_ANSWER,
    "后续": Promise.NEXT_ANSWER,
    "后续答复": Promise.NEXT_ANSWER,
    "resolve": Promise.RESOLUTION,
    "resolution": Promise.RESOLUTION,
    "解决": Promise.RESOLUTION,
}
_LENGTH = re.compile(
    r"(?:(\d{1,4}(?:\.\d)?)\s*(?:h|hrs?|hours?|小时|时))?\s*(?:(\d{1,5})\s*(?:m|min|mins|minutes?|分钟|分))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[!！#＃]?([\w-]+)")


@action(Permission.CAMPAIGN, audited=True)
def set_targets(work: Work, text: str) -> ServiceLevel | None:
    """Read "high first 30m next 1h resolve 8h" and keep it; None when targets were taken away.

    Raises Refused when the line is unclear.
    """
    category, priority, rest = _scope(text)
    level = next(
        (e for e in found.levels(work) if (e.category, e.priority) == (category, priority)), None
    )
    _kept.pop(work.engine, None)
    business_hours.time_all_again(work)
    if rest.casefold() in _OFF:
        if level is None:
            raise Refused("sla.none")
        work.delete(level)
        return None
    promised = _promised(rest)
    if level is None:
        level = work.add(ServiceLevel(category=category, priority=priority))
    for promise, length in promised.items():
        seconds = None if length is None else length // A_SECOND
        setattr(level, promise.value, seconds)
    return level


def _scope(text: str) -> tuple[str, str, str]:
    """The category and the priority that a line is about, and the rest of it."""
    category = priority = ""
    rest = text.strip()
    while word := _WORD.match(rest):
        said = word[1].casefold()
        said = _PRIORITIES.get(said, said)
        if said in _PROMISES or said in _OFF:
            break
        if said in set(Priority):
            priority = said
        elif said not in _EVERY:
            if category:
                raise Refused("sla.unclear", text=word[0])
            category = word[1][:64]
        rest = rest[word.end() :].strip(" ,，、")
    return category, priority, rest


def _promised(text: str) -> dict[Promise, timedelta | None]:
    promised: dict[Promise, timedelta | None] = {}
    rest = text
    while rest:
        word = re.match(r"[a-z]+|[\u4e00-\u9fff]+", rest.casefold())
        promise = _PROMISES.get(word[0]) if word else None
        if word is None or promise is None:
            raise Refused("sla.unclear", text=rest[:40])
        promised[promise], rest = _length(rest[word.end() :].strip(" ,，:：="))
    if not promised:
        raise Refused("sla.no_promise")
    return promised


def _length(text: str) -> tuple[timedelta | None, str]:
    """The length with which a text begins (None for "off"), and the rest of it."""
    for word in _OFF:
        if text.casefold().startswith(word):
            return None, text[len(word) :].strip(" ,，;；、")
    said = _LENGTH.match(text)
    if said is None or not said[0].strip():
        raise Refused("sla.unclear", text=text[:40])
    length = timedelta(hours=float(said[1] or 0), minutes=int(said[2] or 0))
    if not timedelta(minutes=1) <= length <= LONGEST_TARGET:
        raise Refused("sla.unclear", text=said[0].strip())
    return length, text[said.end() :].strip(" ,，;；、")
