"""Questions about the drawers for requests and about what was handed over."""

from sqlmodel import col, func, select

from storage.records import (
    Category,
    Direction,
    HandedItem,
    HandOver,
    Interaction,
    Member,
    Ticket,
)
from storage.work import Work


def categories(work: Work) -> list[Category]:
    """Every category, by name."""
    return work.all(select(Category).order_by(col(Category.name)))


def category(work: Work, name: str) -> Category | None:
    """The category of that name."""
    return work.first(select(Category).where(col(Category.name) == name))


def handed_by(work: Work, member: Member) -> list[HandOver]:
    """What a member has handed over and may still take back, oldest first."""
    return work.all(
        select(HandOver)
        .where(col(HandOver.from_id) == member.id, col(HandOver.ended_at).is_(None))
        .order_by(col(HandOver.id))
    )


def items_of(work: Work, hand_over: HandOver) -> list[HandedItem]:
    """The requests and follow-ups of a hand-over."""
    return work.all(
        select(HandedItem)
        .where(col(HandedItem.hand_over_id) == hand_over.id)
        .order_by(col(HandedItem.id))
    )


def has_worked_on(work: Work, member: Member, ticket: Ticket, hand_over: HandOver) -> bool:
    """Whether a member has said anything in a ticket since it was handed to them."""
    said = select(func.count()).where(
        col(Interaction.ticket_id) == ticket.id,
        col(Interaction.member_id) == member.id,
        col(Interaction.direction) != Direction.IN,
        col(Interaction.at) >= hand_over.at,
    )
    return bool(work.scalar(said))


def departed(work: Work) -> list[Member]:
    """Members who have left and whose work nobody has been offered yet."""
    return work.all(
        select(Member).where(col(Member.active).is_(False), col(Member.work_offered_at).is_(None))
    )


def come_back(work: Work) -> list[Member]:
    """Members whose time away is over."""
    return work.all(select(Member).where(col(Member.away_until) <= work.now))
