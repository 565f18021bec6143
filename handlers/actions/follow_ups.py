"""What somebody wants to be reminded of, and what becomes of it."""

from datetime import datetime, timedelta

from handlers import cards
from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import tell
from handlers.actions.policies import policy
from handlers.texts import LANGUAGES, Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import follow_ups as found
from storage.records import Contact, FollowUp, FollowUpState, Member, Touch, Urgency
from storage.work import Work

# Later than this is said to be late: the process was down, or very busy.
LATE_AFTER = timedelta(minutes=2)
FURTHEST = timedelta(days=366 * 10)
# A second press so soon is a slip of the finger, and does not skip the next time.
A_SLIP = timedelta(minutes=1)
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)


@action(Permission.SERVE, audited=True)
def remind(
    work: Work,
    contact: Contact | None,
    wall: datetime,
    text: str,
    rule: str | None = None,
    *,
    owner: Member | None = None,
    zone: str | None = None,
    on_touch: Touch | None = None,
    awaits_reply: bool = False,
) -> FollowUp:
    """Set a follow-up for whoever asks or another member, at a wall time (naive) of a zone.

    The zone is that of whoever asks unless another one is given; what a touch does is as the
    policy says unless it is said. Raises Refused("follow_up.past") for a moment that is over.
    """
    asker = me(work)
    owner = owner or asker
    zone = zone or asker.zone
    follow_up = FollowUp(
        contact_id=contact.id if contact else None,
        owner_id=owner.id,
        text=cards.shortened(text, 1000),
        wall=wall.isoformat(timespec="minutes"),
        zone=zone,
        rule=rule,
        due_at=moments.instant(wall, moments.zone_named(zone)),
        on_touch=_on_touch(work, contact, rule, on_touch),
        awaits_reply=awaits_reply,
        armed_at=work.now,
        created_at=work.now,
    )
    must_come(work, follow_up.due_at)
    if owner.id != asker.id:
        _tell_taker(work, follow_up, owner, asker)
    return work.add(follow_up)


def _on_touch(work: Work, contact: Contact | None, rule: str | None, said: Touch | None) -> Touch:
    """What comes again and what is about nobody is kept, whatever is said with whom."""
    if contact is None or rule is not None:
        return Touch.KEEP
    return said or Touch(policy(work, "follow_up_touch"))


@action(Permission.SERVE, audited=True)
def remind_unless_reply(work: Work, contact: Contact, wall: datetime, text: str) -> FollowUp:
    """Set a follow-up that is needless as soon as the customer writes.

    Their silence counts from our last message to them; when they have answered that, from now.
    """
    follow_up = remind(work, contact, wall, text, on_touch=Touch.CLEAR, awaits_reply=True)
    last = unanswered(work, contact)
    if last is not None:
        follow_up.armed_at = last
    return follow_up


@action(Permission.READ)
def unanswered(work: Work, contact: Contact) -> datetime | None:
    """When the team last said something that a customer has not answered yet."""
    last, heard = found.last_said(work, contact.id), contact.last_heard_at
    return last if last is None or heard is None or heard <= last else None


@action(Permission.READ)
def following_times(work: Work, follow_up: FollowUp, count: int) -> list[datetime]:
    """When one that comes again is due after its next time."""
    zone, wall = moments.zone_named(follow_up.zone), datetime.fromisoformat(follow_up.wall)
    times = [follow_up.due_at]
    while len(times) <= count:
        times.append(moments.next_of(wall, zone, follow_up.rule or "", times[-1]))
    return times[1:]


@action(Permission.SERVE, audited=True)
def choose_touch(work: Work, follow_up: FollowUp, on_touch: Touch) -> FollowUp:
    """Decide what becomes of it when its customer and the team are in touch before it is due."""
    _must_be_open(follow_up)
    follow_up.on_touch, follow_up.armed_at = on_touch, follow_up.armed_at or work.now
    return follow_up


def _must_be_open(follow_up: FollowUp) -> None:
    if follow_up.state not in (FollowUpState.OPEN, FollowUpState.REMINDED):
        raise Refused("follow_up.over")


def is_just_contact(follow_up: FollowUp) -> bool:
    """Whether it is only about being in touch again, in any of our languages."""
    return follow_up.text in {Voice(each).say("follow_up.contact_them") for each in LANGUAGES}


def arm_again(follow_up: FollowUp, touched: datetime, now: datetime) -> None:
    """The same distance once more, from the touch on; of days, at the same time of day."""
    zone = moments.zone_named(follow_up.zone)
    distance = follow_up.due_at - (follow_up.armed_at or follow_up.created_at)
    wall = datetime.fromisoformat(follow_up.wall)
    if distance >= A_DAY:
        began = (follow_up.armed_at or follow_up.created_at).astimezone(zone).date()
        days = wall.date() - began
        wall = datetime.combine(touched.astimezone(zone).date() + days, wall.time())
    else:
        wall = (touched + distance).astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    follow_up.wall = wall.isoformat(timespec="minutes")
    follow_up.due_at = max(moments.instant(wall, zone), now + A_MINUTE)
    follow_up.armed_at = max(touched, follow_up.armed_at or touched)


@action(Permission.SERVE, audited=True)
def hand_over(work: Work, follow_up: FollowUp, member: Member) -> FollowUp:
    """A colleague looks after it from now on, and is told. To whoever has it is nothing new."""
    _must_be_open(follow_up)
    if follow_up.owner_id == member.id:
        return follow_up
    if not member.active:
        raise Refused("member.unknown", name=member.name)
    follow_up.owner_id, follow_up.nudges = member.id, 0
    if member.id != me(work).id:
        _tell_taker(work, follow_up, member, me(work))
    return follow_up


def _tell_taker(work: Work, follow_up: FollowUp, member: Member, by: Member) -> None:
    contact = work.get(Contact, follow_up.contact_id)
    voice = Voice(member.language, member.zone)
    reply = cards.handed(voice, follow_up, contact, by)
    key = f"follow_up:{follow_up.id}:handed:{new_id()}"
    tell(work, member, reply, key=key, urgency=Urgency.SERVICE)


@action(Permission.SERVE, audited=True)
def done(work: Work, follow_up: FollowUp) -> FollowUp:
    """It is done, a recurring one for this time. Pressing twice is once."""
    follow_up.nudge_at = None
    if follow_up.rule is not None:
        if follow_up.done_at is not None and work.now - follow_up.done_at < A_SLIP:
            return follow_up
        # After its reminder it waits for the next time already; done before, it skips one.
        reminded = follow_up.reminded_at
        if reminded is None or (follow_up.done_at is not None and follow_up.done_at > reminded):
            move_on(work, follow_up, follow_up.due_at)
        follow_up.done_at = work.now
    elif follow_up.state in (FollowUpState.OPEN, FollowUpState.REMINDED):
        follow_up.state, follow_up.done_at = FollowUpState.DONE, work.now
    return follow_up


@action(Permission.SERVE, audited=True)
def end(work: Work, follow_up: FollowUp) -> FollowUp:
    """A recurring one does not come again."""
    follow_up.state, follow_up.done_at = FollowUpState.CANCELLED, work.now
    follow_up.nudge_at = None
    return follow_up


def must_come(work: Work, due: datetime) -> None:
    """Raise Refused for a moment that is over, or so far away that nobody can mean it."""
    if due <= work.now:
        raise Refused("follow_up.past", at=due)
    if due > work.now + FURTHEST:
        raise Refused("follow_up.too_far")


@action(Permission.SERVE, audited=True)
def snooze(work: Work, follow_up: FollowUp, wall: datetime) -> FollowUp:
    """Remind again at another wall time of whoever asks; what had cleared itself is back."""
    if follow_up.state in (FollowUpState.DONE, FollowUpState.CANCELLED):
        raise Refused("follow_up.over")
    due = moments.instant(wall, moments.zone_named(work.actor.zone))
    must_come(work, due)
    follow_up.due_at = due
    if follow_up.rule is None:
        # The wall time of a recurring one is that of its rule, and stays.
        theirs = due.astimezone(moments.zone_named(follow_up.zone)).replace(tzinfo=None)
        follow_up.wall = theirs.isoformat(timespec="minutes")
    follow_up.state, follow_up.snoozes = FollowUpState.OPEN, follow_up.snoozes + 1
    # Whoever puts it off knows what was said until now.
    follow_up.armed_at, follow_up.nudge_at, follow_up.nudges = work.now, None, 0
    return follow_up


@action(Permission.READ)
def mine(work: Work, until: datetime) -> list[tuple[FollowUp, Contact | None]]:
    """The follow-ups of whoever asks that are due before a moment, soonest first."""
    return found.mine(work, me(work), until)


def move_on(work: Work, follow_up: FollowUp, after: datetime) -> None:
    """The next time of one that comes again."""
    zone = moments.zone_named(follow_up.zone)
    wall = datetime.fromisoformat(follow_up.wall)
    follow_up.due_at = moments.next_of(wall, zone, follow_up.rule or "", max(after, work.now))
    follow_up.wall = (
        follow_up.due_at.astimezone(zone).replace(tzinfo=None, hour=wall.hour, minute=wall.minute)
    ).isoformat(timespec="minutes")
