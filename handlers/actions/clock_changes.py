"""When a government moves its clocks: what is due is computed anew from the wall time meant."""

from datetime import datetime, time
from importlib.metadata import version

from handlers.actions import moments
from handlers.actions.access import Permission, action
from storage.queries import follow_ups, house, later
from storage.records import FollowUp, LaterMessage, Policy, Schedule
from storage.work import Work

KEY = "tzdata"
PAGE = 500


def rules() -> str:
    """The edition of the clock rules that we go by."""
    return version("tzdata")


@action(Permission.SYSTEM)
def recompute(work: Work) -> bool:
    """Follow a new edition of the clock rules, a page at a time; whether there is more to do."""
    row = house.policy(work, KEY)
    edition = rules()
    if row is None:
        work.add(Policy(key=KEY, value={"edition": edition}, changed_at=work.now))
        return False
    if row.value.get("edition") == edition:
        return False
    after = int(row.value.get("after", 0)) if row.value.get("to") == edition else 0
    page = follow_ups.every_open(work, after, PAGE)
    for each in page:
        _follow_up(work, each)
    if len(page) == PAGE:
        row.value = row.value | {"to": edition, "after": page[-1].id}
        return True
    for message in later.every_waiting(work, 0, PAGE):
        _later(work, message)
    for schedule in house.schedules(work):
        _schedule(work, schedule)
    row.value, row.changed_at = {"edition": edition}, work.now
    return False


def _follow_up(work: Work, follow_up: FollowUp) -> None:
    """What was put off or has come due already is not moved any more."""
    if follow_up.due_at <= work.now or (follow_up.rule is not None and follow_up.snoozes):
        return
    follow_up.due_at = _instant(follow_up.wall, follow_up.zone)


def _later(work: Work, message: LaterMessage) -> None:
    if message.due_at > work.now:
        message.due_at = _instant(message.wall, message.zone)


def _instant(wall: str, zone: str) -> datetime:
    return moments.instant(datetime.fromisoformat(wall), moments.zone_named(zone))


def _schedule(work: Work, schedule: Schedule) -> None:
    if schedule.next_due_at > work.now:
        zone, wall = moments.zone_named(schedule.zone), time.fromisoformat(schedule.wall)
        schedule.next_due_at = moments.next_daily(wall, zone, schedule.rule, work.now)
