"""What was promised or asked for at some time to come: a follow-up, once somebody says yes."""

from datetime import datetime

from handlers.actions import follow_ups, moments
from handlers.actions.access import Permission, action
from handlers.actions.policies import policy
from handlers.understanding import Promise, asked_for, promised
from storage.errors import Refused
from storage.records import (
    Contact,
    Direction,
    FollowUp,
    Interaction,
    Member,
    Suggestion,
    Ticket,
    Touch,
)
from storage.work import Work

# Two ways to read a date are offered; a third would be one too many to choose from.
MOST_READINGS = 3


@action(Permission.SYSTEM)
def promise_in(work: Work, said: Interaction) -> tuple[Promise, str] | None:
    """What is to be remembered of what was said, and the zone in which its time was meant."""
    zone = _zone_of(work, said)
    now = work.now.astimezone(moments.zone_named(zone)).replace(tzinfo=None)
    read = asked_for if said.direction is Direction.IN else promised
    found = read(said.text, now)
    return None if found is None else (found, zone)


def _zone_of(work: Work, said: Interaction) -> str:
    """Whoever speaks of Friday means their own; a customer's zone is seldom known."""
    member = work.get(Member, said.member_id)
    if member is not None:
        return member.zone
    contact = work.sure(Contact, said.contact_id)
    return contact.zone or str(policy(work, "team_zone"))


@action(Permission.SERVE)
def remember(work: Work, suggestion: Suggestion, wall: datetime, zone: str) -> FollowUp:
    """Set the follow-up for whoever says yes, at a wall time of that zone."""
    contact = work.sure(Contact, suggestion.contact_id)
    moment = moments.instant(wall, moments.zone_named(zone))
    mine = moment.astimezone(moments.zone_named(work.actor.zone)).replace(tzinfo=None)
    follow_up = follow_ups.remind(work, contact, mine, suggestion.value, on_touch=Touch.KEEP)
    ticket = work.get(Ticket, suggestion.ticket_id)
    follow_up.ticket_id = ticket.id if ticket is not None else None
    return follow_up


def walls_of(suggestion: Suggestion) -> list[datetime]:
    """The wall times that may be meant, the likeliest first; empty when it was too vague."""
    return [datetime.fromisoformat(each) for each in suggestion.detail.get("walls", ())]


def wall_chosen(suggestion: Suggestion, at: str) -> datetime:
    """The reading with that number. Raises Refused for one that is not offered."""
    walls = walls_of(suggestion)
    if not at.isascii() or not at.isdecimal() or int(at) >= len(walls):
        raise Refused("button.gone")
    return walls[int(at)]
