"""The moment has come: what is still needed is said to its owner, many things at once as one list.

What a reminder says is written when it goes, so it is right at that moment, and a hundred
thousand that are due together are a few statements.
"""

from datetime import datetime, timedelta

from handlers import cards
from handlers.actions import follow_ups, moments
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, send
from handlers.actions.policies import policy
from handlers.cards.reminders import (
    cleared_line,
    cleared_note,
    cleared_words,
    reminder_list,
    second_reminder,
)
from handlers.message import Line, Reply, Text, Words, pack
from handlers.texts import Voice
from storage.queries import contacts, members, reminders
from storage.queries import morning as mornings
from storage.records import (
    Contact,
    FollowUp,
    FollowUpState,
    Interaction,
    Member,
    OutboxRow,
    OutboxState,
    Role,
    Subject,
    Ticket,
    Touch,
    Unsure,
    Urgency,
)
from storage.work import Work

# So many for one person at once are one list.
MANY = 5
ON_A_LIST = 12
# So long a list waits for what else is due when not all of it was looked at yet.
FOR_THE_REST = timedelta(milliseconds=500)
# So far behind a chunk it is looked how much of somebody is due.
CHUNKS_AHEAD = 10
EACH, LIST = "reminder", "reminders"


@action(Permission.SYSTEM)
def remind_of_due(work: Work, size: int) -> bool:
    """Remind of up to so many whose moment has come; whether there are more."""
    edge, more = reminders.edge(work, size)
    if edge is None:
        return False
    for follow_up, said in reminders.touched(work, edge):
        settle_touch(work, follow_up, said)
    work.flush()
    counts = reminders.owners(work, edge)
    quiet = _in_the_morning(work, set(counts))
    lines = {f"slack:reminders:{owner}": owner for owner in counts.keys() - quiet}
    # What is due now is on a list that has not gone yet.
    waiting = reminders.waiting_lists(work, lines) if lines else set()
    listed = {lines[line] for line in waiting}
    listed |= {owner for owner, count in counts.items() if count >= MANY} - quiet
    if more and counts.keys() - listed - quiet:
        # Four of this chunk, and forty behind it, are still one list.
        listed |= reminders.with_many(work, MANY, size * CHUNKS_AHEAD) & counts.keys() - quiet
    for follow_up in reminders.recurring(work, edge):
        _remind_of_recurring(work, follow_up, follow_up.owner_id in listed | quiet)
    work.flush()
    hours = policy(work, "follow_up_nudge_hours")
    nudge_at = work.now + timedelta(hours=hours) if hours else None
    if counts.keys() - listed - quiet:
        reminders.write_each(work, edge, listed | quiet, {"parts": [], EACH: True})
    reminders.mark(work, edge, nudge_at)
    for line, owner in lines.items():
        if owner in listed and line not in waiting:
            _write_list(work, owner, line, more)
    return more


# Touches


def settle_touch(work: Work, follow_up: FollowUp, said: Interaction) -> None:
    """They have been in touch: it is needless, or begins anew from there."""
    if follow_up.on_touch is Touch.RE_ARM:
        follow_ups.arm_again(follow_up, said.at, work.now)
        return
    follow_up.state, follow_up.done_at = FollowUpState.CLEARED, work.now
    follow_up.touched_at = said.at
    follow_up.touched_by_id = said.member_id
    if follow_up.awaits_reply or follow_ups.is_just_contact(follow_up):
        return
    # It had words of its own: whoever wrote them sees that they count as settled, and may object.
    owner = work.sure(Member, follow_up.owner_id)
    contact = work.get(Contact, follow_up.contact_id)
    voice = Voice(owner.language, owner.zone)
    send(
        work,
        SLACK,
        owner.slack_user,
        "say",
        {"parts": pack(cleared_note(voice, follow_up, contact, work.get(Member, said.member_id)))},
        key=f"follow_up:{follow_up.id}:cleared:{work.now.isoformat()}",
        urgency=Urgency.REMINDER,
        when_unsure=Unsure.READBACK,
    )


# Who gets what


def _in_the_morning(work: Work, owners: set[int]) -> set[int]:
    """The owners who see it on the list of this morning, which is still to come."""
    quiet = set()
    for schedule in mornings.of_members(work, owners):
        zone = moments.zone_named(schedule.zone)
        # What is on a list is open no more: what is open after today's was set or put off since,
        # and has no other way to be heard of today.
        if moments.day_of(schedule.next_due_at, zone) <= moments.day_of(work.now, zone):
            quiet.add(schedule.member_id or 0)
    return quiet


def _remind_of_recurring(work: Work, follow_up: FollowUp, listed: bool) -> None:
    """It is said, unless a list says it, and comes again."""
    due = follow_up.due_at
    follow_up.reminded_at = work.now
    follow_ups.move_on(work, follow_up, work.now)
    if not listed:
        _write(work, follow_up, {"due": due.isoformat()}, due.isoformat())


def _write(work: Work, follow_up: FollowUp, more: dict[str, object], name: str) -> None:
    owner = work.sure(Member, follow_up.owner_id)
    send(
        work,
        SLACK,
        owner.slack_user,
        "say",
        {"parts": [], EACH: True} | more,
        key=f"follow_up:{follow_up.id}:{name}",
        urgency=Urgency.REMINDER,
        subject=Subject.FOLLOW_UP,
        subject_id=follow_up.id,
        when_unsure=Unsure.READBACK,
    )


def _write_list(work: Work, owner_id: int, line: str, more: bool) -> None:
    owner = work.sure(Member, owner_id)
    send(
        work,
        SLACK,
        owner.slack_user,
        "say",
        {"parts": [], LIST: owner_id, "since": work.now.isoformat()},
        key=f"follow_ups:{owner_id}:{work.now.isoformat()}",
        line=line,
        urgency=Urgency.REMINDER,
        when_unsure=Unsure.READBACK,
        not_before=work.now + FOR_THE_REST if more else None,
    )


# What it says, when it goes


def is_reminder(row: OutboxRow) -> bool:
    """Whether what the row says is written when it goes."""
    return EACH in row.payload or LIST in row.payload


def fill(work: Work, row: OutboxRow) -> bool:
    """Write what a reminder says, just before it goes; False when there is nothing to say."""
    reply = _list_words(work, row) if LIST in row.payload else _words(work, row)
    if reply is None:
        row.end(OutboxState.CANCELLED, work.now, "it is settled")
        return False
    row.payload = row.payload | {"parts": pack(reply)}
    return True


def _words(work: Work, row: OutboxRow) -> Reply | None:
    follow_up = work.get(FollowUp, row.subject_id)
    if follow_up is None:
        return None
    if follow_up.rule is None and follow_up.state is not FollowUpState.REMINDED:
        return None
    if follow_up.rule is not None and follow_up.state is not FollowUpState.OPEN:
        return None
    owner = work.sure(Member, follow_up.owner_id)
    said = row.payload.get("due")
    due = datetime.fromisoformat(said) if said else follow_up.due_at
    return card(work, follow_up, owner, row.created_at - due, row.payload.get("nudge", 0))


def card(work: Work, follow_up: FollowUp, owner: Member, late: timedelta, nudge: int = 0) -> Reply:
    """What its owner gets, with the last lines of the conversation."""
    contact = work.get(Contact, follow_up.contact_id)
    lines = contacts.timeline(work, contact, 3) if contact else []
    voice = Voice(owner.language, owner.zone)
    can_reply = contact is not None and contacts.telegram_of(work, contact) is not None
    return cards.reminder(
        voice,
        follow_up,
        contact,
        lines,
        work.now,
        late=late if late > follow_ups.LATE_AFTER and not nudge else None,
        can_reply=can_reply,
        ticket=work.get(Ticket, follow_up.ticket_id),
        nudge=nudge,
    )


def _list_words(work: Work, row: OutboxRow) -> Reply | None:
    owner = work.sure(Member, row.payload[LIST])
    since = datetime.fromisoformat(row.payload["since"])
    due = reminders.reminded_since(work, owner.id, since, work.now, ON_A_LIST)
    if not due:
        return None
    count = reminders.count_reminded_since(work, owner.id, since, work.now)
    voice = Voice(owner.language, owner.zone)
    late = row.created_at - due[0].due_at
    return reminder_list(
        voice,
        pairs_of(work, due),
        count,
        work.now,
        late=late if late > follow_ups.LATE_AFTER else None,
    )


def pairs_of(work: Work, due: list[FollowUp]) -> list[tuple[FollowUp, Contact | None]]:
    """Each with whom it is about."""
    return [(each, work.get(Contact, each.contact_id)) for each in due]


# When nobody looks after it


@action(Permission.SYSTEM)
def nudge_ignored(work: Work, limit: int) -> bool:
    """What was reminded of and not looked after is said once more, then to the managers."""
    ignored = reminders.ignored(work, limit)
    hours = policy(work, "follow_up_nudge_hours")
    by_owner: dict[int, list[FollowUp]] = {}
    for follow_up in ignored:
        follow_up.nudge_at = None
        if follow_up.state is FollowUpState.REMINDED and hours:
            by_owner.setdefault(follow_up.owner_id, []).append(follow_up)
    for owner_id, theirs in by_owner.items():
        owner = work.sure(Member, owner_id)
        seconds = [each for each in theirs if each.nudges == 0]
        for each in seconds:
            each.nudges, each.nudge_at = 1, work.now + timedelta(hours=hours)
        _second(work, owner, seconds)
        # What somebody keeps for themselves is nobody else's business.
        lasts = [each for each in theirs if each.nudges == 1 and each not in seconds]
        for each in lasts:
            each.nudges = 2
        _escalate(work, owner, [each for each in lasts if each.contact_id is not None])
    return len(ignored) == limit


def _second(work: Work, owner: Member, ignored: list[FollowUp]) -> None:
    if mornings.of_members(work, {owner.id}):
        # Their list of the morning says it each day.
        return
    if len(ignored) < MANY:
        for each in ignored:
            _write(work, each, {"nudge": each.nudges}, f"nudge:{work.now.isoformat()}")
        return
    voice = Voice(owner.language, owner.zone)
    shown = pairs_of(work, ignored[:ON_A_LIST])
    reply = reminder_list(voice, shown, len(ignored), work.now, title="reminders.ignored")
    _tell(work, owner, reply, f"{owner.id}:{ignored[0].id}")


def _escalate(work: Work, owner: Member, ignored: list[FollowUp]) -> None:
    if not ignored:
        return
    managers = members.with_role(work, Role.MANAGER) or members.with_role(work, Role.ADMIN)
    for manager in managers:
        if manager.active and manager.id != owner.id:
            voice = Voice(manager.language, manager.zone)
            shown = pairs_of(work, ignored[:ON_A_LIST])
            reply = second_reminder(voice, owner, shown, len(ignored), work.now)
            _tell(work, manager, reply, f"{manager.id}:{ignored[0].id}:{ignored[0].nudges}")


def _tell(work: Work, member: Member, reply: Reply, name: str) -> None:
    send(
        work,
        SLACK,
        member.slack_user,
        "say",
        {"parts": pack(reply)},
        key=f"follow_ups:ignored:{name}:{work.now.isoformat()}",
        urgency=Urgency.REMINDER,
        when_unsure=Unsure.READBACK,
    )


@action(Permission.READ)
def cleared_lately(work: Work, member: Member) -> list[tuple[FollowUp, Contact | None]]:
    """What has cleared itself in the last two days, or would when its moment comes."""
    cleared = reminders.cleared_lately(work, member.id, work.now - timedelta(days=2))
    return pairs_of(work, cleared)


@action(Permission.READ)
def would_clear(work: Work, follow_up: FollowUp) -> Interaction | None:
    """What was said meanwhile that makes it needless when its moment comes; None if nothing."""
    if follow_up.on_touch is not Touch.CLEAR:
        return None
    return reminders.touched_of(work, [follow_up]).get(follow_up.id)


@action(Permission.READ)
def why_cleared(
    work: Work, voice: Voice, follow_up: FollowUp, contact: Contact | None, said: Interaction
) -> Words:
    """The words for what was said meanwhile."""
    by = work.get(Member, said.member_id)
    return cleared_words(voice, said.at, contact, by)


@action(Permission.READ)
def cleared_line_of(work: Work, voice: Voice, follow_up: FollowUp, contact: Contact | None) -> Line:
    """One that has cleared itself, in a list."""
    return cleared_line(voice, follow_up, contact, work.get(Member, follow_up.touched_by_id))


@action(Permission.READ)
def redraw_list(work: Work, ids: list[int]) -> Reply:
    """A list of reminders as it stands now."""
    voice = Voice(work.actor.language, work.actor.zone)
    listed = reminders.every_of(work, ids)
    if not listed:
        return Reply((Text(voice.words("day.nothing")),))
    return reminder_list(voice, pairs_of(work, listed), len(listed), work.now)
