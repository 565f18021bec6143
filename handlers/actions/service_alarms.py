"""What is soon due is said to whoever has it, and what is overdue to the managers; each once."""

from datetime import datetime

from handlers.actions import service_levels, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import post_in_thread, tell
from handlers.actions.policies import team_voice
from handlers.actions.service_levels import Due
from handlers.cards.service_levels import alarm_card
from handlers.message import Button, Buttons, Look, Part, Reply, Text
from handlers.texts import Voice
from storage.queries import members
from storage.queries import service_levels as found
from storage.records import Alarm, Contact, Member, Role, Ticket, Urgency
from storage.work import Work


@action(Permission.SYSTEM)
def raise_alarms(work: Work, ticket: Ticket) -> int:
    """Say what is to be said about a request now; how much it was."""
    said = service_levels.what_is_due(work, ticket)
    for due in said:
        if due.alarm is Alarm.WARNING:
            _warn(work, ticket, due)
        else:
            _escalate(work, ticket, due)
    if said:
        tickets.refresh_card(work, ticket)
    return len(said)


def _warn(work: Work, ticket: Ticket, due: Due) -> None:
    """To whoever has it; into the thread when nobody has, or when they are not there."""
    assignee = work.get(Member, ticket.assignee_id)
    if assignee is not None and assignee.active and not assignee.is_away(work.now):
        _tell(work, assignee, ticket, assignee, due)
    else:
        _tell_thread(work, ticket, due)


def _escalate(work: Work, ticket: Ticket, due: Due) -> None:
    """To the managers, or where there are none to the admins; the thread shows it too."""
    assignee = work.get(Member, ticket.assignee_id)
    told = [
        each
        for each in members.with_role(work, Role.MANAGER)
        if each.active and not each.is_away(work.now)
    ]
    for each in told or members.with_role(work, Role.ADMIN):
        _tell(work, each, ticket, assignee, due)
    _tell_thread(work, ticket, due)


def _key(ticket: Ticket, due: Due, to: object) -> str:
    return f"sla:{ticket.id}:{due.promise}:{due.alarm}:{due.due_at.isoformat()}:{to}"


def _tell(work: Work, member: Member, ticket: Ticket, assignee: Member | None, due: Due) -> None:
    contact = work.sure(Contact, ticket.contact_id)
    voice = Voice(member.language, member.zone)
    card = alarm_card(
        voice, ticket, contact, assignee, due.alarm, due.promise, due.due_at, work.now
    )
    tell(work, member, card, key=_key(ticket, due, member.id), urgency=Urgency.REMINDER)


def _tell_thread(work: Work, ticket: Ticket, due: Due) -> None:
    voice = team_voice(work)
    promise = voice.say(f"promise.{due.promise}")
    words = voice.words(
        f"alarm.thread_{due.alarm}", promise=promise[:1].upper() + promise[1:], at=due.due_at
    )
    parts: list[Part] = [Text(words)]
    if ticket.assignee_id is None:
        take = Button(voice.say("button.take"), "ticket.take", str(ticket.id), Look.PRIMARY)
        parts.append(Buttons((take,)))
    post_in_thread(work, ticket.id, Reply(tuple(parts)), key=_key(ticket, due, "thread"))


@action(Permission.READ)
def overdue(work: Work, limit: int = 5) -> list[tuple[Ticket, Contact]]:
    """Open requests of which something is overdue now, most overdue first."""
    return found.overdue(work, limit)


@action(Permission.READ)
def breaches(work: Work, start: datetime, end: datetime) -> int:
    """How many promises were broken in a span of time."""
    return found.breaches(work, start, end)
