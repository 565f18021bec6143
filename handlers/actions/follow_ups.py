"""What somebody wants to be reminded of, and the reminding."""

from datetime import datetime, timedelta

from handlers import cards
from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, send
from handlers.message import pack
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import contacts, follow_ups
from storage.records import (
    Contact,
    FollowUp,
    FollowUpState,
    Member,
    Subject,
    Unsure,
    Urgency,
)
from storage.work import Work

# Later than this is said to be late: the process was down, or very busy.
LATE_AFTER = timedelta(minutes=2)
FURTHEST = timedelta(days=366 * 10)
# A second press so soon is a slip of the finger, and does not skip the next time.
A_SLIP = timedelta(minutes=1)


@action(Permission.SERVE, audited=True)
def remind(
    work: Work, contact: Contact | None, wall: datetime, text: str, rule: str | None = None
) -> FollowUp:
    """Set a follow-up for whoever asks, at a wall time (naive) of their own zone.

    Raises Refused("follow_up.past") for a moment that is over.
    """
    member = me(work)
    follow_up = FollowUp(
        contact_id=contact.id if contact else None,
        owner_id=member.id,
        text=cards.shortened(text, 1000),
        wall=wall.isoformat(timespec="minutes"),
        zone=member.zone,
        rule=rule,
        due_at=moments.instant(wall, moments.zone_named(member.zone)),
        created_at=work.now,
    )
    if not work.now < follow_up.due_at <= work.now + FURTHEST:
        raise Refused("follow_up.past", at=follow_up.due_at)
    return work.add(follow_up)


@action(Permission.SERVE, audited=True)
def done(work: Work, follow_up: FollowUp) -> FollowUp:
    """It is done, a recurring one for this time. Pressing twice is once."""
    if follow_up.rule is not None:
        if follow_up.done_at is not None and work.now - follow_up.done_at < A_SLIP:
            return follow_up
        # After its reminder it waits for the next time already; done before, it skips one.
        reminded = follow_up.reminded_at
        if reminded is None or (follow_up.done_at is not None and follow_up.done_at > reminded):
            _move_on(work, follow_up, follow_up.due_at)
        follow_up.done_at = work.now
    elif follow_up.state in (FollowUpState.OPEN, FollowUpState.REMINDED):
        follow_up.state, follow_up.done_at = FollowUpState.DONE, work.now
    return follow_up


@action(Permission.SERVE, audited=True)
def end(work: Work, follow_up: FollowUp) -> FollowUp:
    """A recurring one does not come again."""
    follow_up.state, follow_up.done_at = FollowUpState.CANCELLED, work.now
    return follow_up


@action(Permission.SERVE, audited=True)
def snooze(work: Work, follow_up: FollowUp, wall: datetime) -> FollowUp:
    """Remind again at another wall time."""
    if follow_up.state in (FollowUpState.DONE, FollowUpState.CANCELLED):
        raise Refused("follow_up.over")
    due = moments.instant(wall, moments.zone_named(follow_up.zone))
    if not work.now < due <= work.now + FURTHEST:
        raise Refused("follow_up.past", at=due)
    follow_up.due_at = due
    if follow_up.rule is None:
        # The wall time of a recurring one is that of its rule, and stays.
        follow_up.wall = wall.isoformat(timespec="minutes")
    follow_up.state, follow_up.snoozes = FollowUpState.OPEN, follow_up.snoozes + 1
    return follow_up


@action(Permission.READ)
def mine(work: Work, until: datetime) -> list[tuple[FollowUp, Contact | None]]:
    """The follow-ups of whoever asks that are due before a moment, soonest first."""
    return follow_ups.mine(work, me(work), until)


@action(Permission.SYSTEM)
def due(work: Work, limit: int) -> list[FollowUp]:
    """Follow-ups whose moment has come, the longest overdue first."""
    return follow_ups.due(work, limit)


@action(Permission.SYSTEM)
def remind_of(work: Work, follow_up: FollowUp) -> None:
    """The moment has come: its owner is told, and a recurring one moves on."""
    owner = work.sure(Member, follow_up.owner_id)
    contact = work.get(Contact, follow_up.contact_id)
    lines = contacts.timeline(work, contact, 3) if contact else []
    late = work.now - follow_up.due_at > LATE_AFTER
    voice = Voice(owner.language, owner.zone)
    send(
        work,
        SLACK,
        owner.slack_user,
        "say",
        {"parts": pack(cards.reminder(voice, follow_up, contact, lines, work.now, late))},
        key=f"follow_up:{follow_up.id}:{follow_up.due_at.isoformat()}",
        urgency=Urgency.REMINDER,
        subject=Subject.FOLLOW_UP,
        subject_id=follow_up.id,
        when_unsure=Unsure.READBACK,
    )
    follow_up.reminded_at = work.now
    if follow_up.rule is None:
        follow_up.state = FollowUpState.REMINDED
    else:
        _move_on(work, follow_up, work.now)


def _move_on(work: Work, follow_up: FollowUp, after: datetime) -> None:
    zone = moments.zone_named(follow_up.zone)
    wall = datetime.fromisoformat(follow_up.wall)
    follow_up.due_at = moments.next_of(wall, zone, follow_up.rule or "", max(after, work.now))
    follow_up.wall = (
        follow_up.due_at.astimezone(zone).replace(tzinfo=None, hour=wall.hour, minute=wall.minute)
    ).isoformat(timespec="minutes")
