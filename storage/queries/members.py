"""Questions about the team."""

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.records import Member, Role
from storage.work import Work

_BY_SLACK = select(Member).where(
    col(Member.slack_team) == bindparam("team"), col(Member.slack_user) == bindparam("user")
)


def by_slack(work: Work, team: str, user: str) -> Member | None:
    """The member behind a Slack account."""
    return work.first(_BY_SLACK, {"team": team, "user": user})


def ever(work: Work, user: str) -> Member | None:
    """The member behind a Slack account of our team, whether or not they are still here."""
    return work.first(select(Member).where(col(Member.slack_user) == user))


def active(work: Work) -> list[Member]:
    """Everybody who works here, by name."""
    return work.all(select(Member).where(col(Member.active)).order_by(col(Member.name)))


def with_role(work: Work, *roles: Role) -> list[Member]:
    """Active members of these roles, the longest-standing first."""
    return work.all(
        select(Member)
        .where(col(Member.active), col(Member.role).in_(roles))
        .order_by(col(Member.id))
    )


def any_admin(work: Work) -> bool:
    """Whether somebody may set things up."""
    counted = select(func.count()).where(col(Member.role) == Role.ADMIN, col(Member.active))
    return bool(work.scalar(counted))
