"""Who works here and what they may do."""

import hmac
import secrets
from datetime import datetime, time

from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.message import Person
from handlers.texts import language_of
from storage.errors import Refused
from storage.queries import house, members
from storage.records import Member, Policy, Role, Schedule
from storage.work import Work

DIGEST = "digest"
DIGEST_AT = "09:00"
FIRST_CODE = "first_admin_code"


@action(Permission.ANYONE)
def meet(work: Work, team: str, person: Person) -> Member | None:
    """The member behind a Slack account; None for guests, outsiders, bots and the dismissed.

    Full members of the workspace become agents when they first turn up. Those whom the settings
    name, and Slack's own administrators, become admins.
    """
    member = members.by_slack(work, team, person.id)
    if member is None and person.belongs:
        return _welcome(work, team, person)
    if member is None:
        return None
    if person.zone and member.active is not person.belongs:
        # They were of the workspace and are no longer (guests now, or gone), or are back.
        member.active = person.belongs
        # When they leave again, what they leave behind is to be offered again.
        member.work_offered_at = None
    if person.appointed and member.role is not Role.ADMIN:
        _promote(work, member, Role.ADMIN)
    return member if member.active else None


@action(Permission.ANYONE)
def is_as_known(work: Work, team: str, person: Person) -> bool:
    """Whether meeting them would change nothing: they are a member as we have them."""
    member = members.by_slack(work, team, person.id)
    if member is None or (person.zone and member.active is not person.belongs):
        return False
    return not person.appointed or member.role is Role.ADMIN


@action(Permission.SYSTEM)
def leave(work: Work, team: str, slack_user: str) -> Member | None:
    """Somebody is no longer of the workspace: what they leave behind is to be given to others."""
    member = members.by_slack(work, team, slack_user)
    if member is None or not member.active:
        return None
    member.active, member.work_offered_at = False, None
    return member


def _welcome(work: Work, team: str, person: Person) -> Member:
    member = work.add(
        Member(
            slack_team=team,
            slack_user=person.id,
            name=person.name,
            email=person.email or None,
            language=language_of(person.language),
            zone=_known_zone(person.zone),
            day_first=_day_first(person.language),
            created_at=work.now,
        )
    )
    if person.administers or person.appointed:
        _promote(work, member, Role.ADMIN)
    return member


def _known_zone(name: str) -> str:
    try:
        return moments.zone_named(name or "UTC").key
    except Refused:
        return "UTC"


def _day_first(locale: str) -> bool | None:
    """How people of that country write 3/4; a language alone does not tell."""
    _, _, country = locale.replace("_", "-").partition("-")
    if not country:
        return None
    # Slack calls everybody en-US who never chose, so that alone says nothing.
    return None if country == "US" else country not in _MONTH_FIRST


# Where the month is said before the day.
_MONTH_FIRST = {"US", "PH", "PR", "CN", "TW", "HK", "JP", "KR", "HU", "MN"}


def _promote(work: Work, member: Member, role: Role) -> None:
    member.role = role
    if role in (Role.MANAGER, Role.ADMIN):
        set_digest(work, member, DIGEST_AT)


def set_digest(work: Work, member: Member, wall: str) -> Schedule:
    """Have a member's daily digest at a wall time of their own zone."""
    work.flush()
    schedule = house.schedule_of(work, DIGEST, member.id)
    if schedule is None:
        schedule = work.add(
            Schedule(
                job=DIGEST, member_id=member.id, wall=wall, zone=member.zone, next_due_at=work.now
            )
        )
    schedule.wall, schedule.zone = wall, member.zone
    schedule.next_due_at = next_digest(schedule, work)
    return schedule


def next_digest(schedule: Schedule, work: Work) -> datetime:
    """The next moment of a schedule after now."""
    zone = moments.zone_named(schedule.zone)
    wall = time.fromisoformat(schedule.wall)
    return moments.next_daily(wall, zone, schedule.rule, work.now)


@action(Permission.SYSTEM)
def first_code(work: Work) -> str | None:
    """The code by which somebody becomes the first admin; None when there is an admin."""
    if members.any_admin(work):
        return None
    row = house.policy(work, FIRST_CODE)
    if row is None:
        code = f"{secrets.randbelow(10**4):04}-{secrets.randbelow(10**4):04}"
        row = work.add(Policy(key=FIRST_CODE, value=code, changed_at=work.now))
    return str(row.value)


@action(Permission.READ, audited=True)
def claim_admin(work: Work, code: str) -> Member:
    """Become the first admin with the code that the console printed; it works once."""
    row = house.policy(work, FIRST_CODE)
    if members.any_admin(work) or row is None:
        raise Refused("admin.taken")
    if not hmac.compare_digest(code.strip().encode(), str(row.value).encode()):
        raise Refused("admin.wrong_code")
    member = me(work)
    _promote(work, member, Role.ADMIN)
    work.delete(row)
    return member


@action(Permission.CAMPAIGN, audited=True)
def choose_digest(work: Work, wall: time) -> Schedule:
    """Have my daily digest at another time of day."""
    return set_digest(work, me(work), wall.strftime("%H:%M"))


@action(Permission.SET_UP, audited=True)
def set_role(work: Work, member: Member, role: Role) -> Member:
    """Give a member another role. Raises Refused when nobody would be left to set things up."""
    resigns = member.role is Role.ADMIN and role is not Role.ADMIN
    if resigns and len(members.with_role(work, Role.ADMIN)) == 1:
        raise Refused("admin.last")
    _promote(work, member, role)
    return member


@action(Permission.READ, audited=True)
def speak(work: Work, language: str) -> Member:
    """Have Rapport speak another language to whoever asks."""
    member = me(work)
    member.language = language
    return member


@action(Permission.READ, audited=True)
def read_dates(work: Work, *, day_first: bool) -> Member:
    """Read 3/4 as whoever asks writes it."""
    member = me(work)
    member.day_first = day_first
    return member


@action(Permission.READ)
def team(work: Work) -> list[Member]:
    """Everybody who works here, by name."""
    return members.active(work)


def me(work: Work) -> Member:
    """The member who acts, as a record of this transaction."""
    if work.actor.member is None:
        raise Refused("access.stranger")
    return work.sure(Member, work.actor.member.id)
