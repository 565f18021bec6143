"""New requests find somebody by themselves: in turn, or whoever has the fewest."""

from datetime import UTC, datetime, timedelta

from handlers.actions import business_hours, owners, tickets
from handlers.actions.access import Permission, action
from handlers.actions.policies import policy
from storage.queries import desk, members
from storage.queries import tickets as tickets_found
from storage.records import Member, Ticket
from storage.work import Work

OFF, ROUND_ROBIN, LEAST_BUSY = "off", "round_robin", "least_busy"
_NEVER = datetime.min.replace(tzinfo=UTC)


@action(Permission.SYSTEM)
def hand_out(work: Work, limit: int) -> int:
    """Give what nobody has to whoever is there, in working hours; how many were given.

    Whose turn it is stands with the members, so a restart changes nothing, and two processes
    cannot both give the same turn away: the second finds the member changed.
    """
    way = policy(work, "assignment")
    if way == OFF:
        return 0
    free = tickets_found.unassigned(work, limit)
    if not free or not business_hours.is_open(work, work.now):
        return 0
    team = [each for each in members.active(work) if not each.is_away(work.now)]
    load = tickets_found.load_of(work)
    given = 0
    for ticket in free:
        chosen = choose(way, _serving(work, ticket, team), load)
        if chosen is None:
            continue
        _give(work, ticket, chosen, team)
        load[chosen.id] = load.get(chosen.id, 0) + 1
        given += 1
    return given


def _serving(work: Work, ticket: Ticket, team: list[Member]) -> list[Member]:
    """Those of the team who serve a ticket's category; everybody when nobody is named."""
    category = desk.category(work, ticket.category) if ticket.category else None
    if category is None or not category.members:
        return team
    return [member for member in team if member.id in category.members]


def choose(way: str, team: list[Member], load: dict[int, int]) -> Member | None:
    """Whose turn it is; None when nobody is there."""

    def turn(member: Member) -> tuple[int, datetime, int]:
        has = load.get(member.id, 0) if way == LEAST_BUSY else 0
        return has, member.last_given_at or _NEVER, member.id

    return min(team, key=turn, default=None)


def _give(work: Work, ticket: Ticket, member: Member, team: list[Member]) -> None:
    # Two in one transaction have one moment: the second must still come behind the first.
    latest = max(each.last_given_at or _NEVER for each in team)
    member.last_given_at = max(work.now, latest + timedelta(microseconds=1))
    owners.give(work, ticket, member)
    tickets.tell_thread(work, ticket, "ticket.by_turn", name=member.name)
    owners.tell_new_owner(work, ticket, member, "")
