"""One list in the morning instead of many reminders, for members who want it so."""

from datetime import datetime, time, timedelta

from handlers.actions import moments, processes
from handlers.actions.access import Permission, action
from handlers.actions.members import me, next_digest
from handlers.actions.outgoing import tell
from handlers.actions.reminding import MANY, ON_A_LIST, pairs_of
from handlers.cards.reminders import reminder_list
from handlers.texts import Voice
from storage.queries import house, reminders
from storage.queries import morning as found
from storage.records import FollowUpState, Member, Schedule, Urgency
from storage.work import Work

USUAL = time(9)
# A day's worth is marked as said at once; what is shown of it is shorter.
MOST = 500


@action(Permission.SERVE, audited=True)
def choose(work: Work, wall: time | None) -> Schedule | None:
    """Have whoever asks reminded by a list at that time of day; None: of each thing by itself."""
    member = me(work)
    schedule = house.schedule_of(work, found.MORNING, member.id)
    if wall is None:
        if schedule is not None:
            work.delete(schedule)
        return None
    if schedule is None:
        schedule = work.add(
            Schedule(
                job=found.MORNING,
                member_id=member.id,
                wall="",
                zone=member.zone,
                next_due_at=work.now,
            )
        )
    schedule.wall, schedule.zone = wall.strftime("%H:%M"), member.zone
    schedule.next_due_at = next_digest(schedule, work)
    return schedule


@action(Permission.SYSTEM)
def send_due(work: Work) -> int:
    """Send the lists whose moment has come; those of days that were missed are one list."""
    schedules = found.due(work)
    for schedule in schedules:
        _send(work, schedule)
    return len(schedules)


def _send(work: Work, schedule: Schedule) -> None:
    member = work.get(Member, schedule.member_id)
    if member is None or not member.active:
        work.delete(schedule)
        return
    moment = schedule.next_due_at
    if processes.take_moment(work, f"{found.MORNING}:{member.id}", moment):
        _tell(work, member, schedule, moment)
    schedule.next_due_at = next_digest(schedule, work)


def _tell(work: Work, member: Member, schedule: Schedule, moment: datetime) -> None:
    zone = moments.zone_named(schedule.zone)
    _, ends = moments.day_bounds(moments.day_of(work.now, zone), zone)
    due = reminders.morning(work, member.id, ends, MOST)
    touched = reminders.touched_of(work, due)
    due = [each for each in due if each.id not in touched]
    if not due:
        return
    for each in due:
        # Said once is enough: at its hour nobody is told a second time.
        if each.state is FollowUpState.OPEN and each.rule is None:
            each.state, each.reminded_at = FollowUpState.REMINDED, work.now
    voice = Voice(member.language, schedule.zone)
    late = work.now - moment
    reply = reminder_list(
        voice,
        pairs_of(work, due[:ON_A_LIST]),
        len(due),
        work.now,
        late=late if late > timedelta(minutes=MANY) else None,
        title="reminders.morning",
    )
    key = f"{found.MORNING}:{member.id}:{moment.isoformat()}"
    tell(work, member, reply, key=key, urgency=Urgency.REMINDER)
