"""Questions about what customers decide for themselves: links, topics, quiet times, opinions."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlmodel import col, func, select

from storage.queries import several
from storage.records import (
    OPEN_STATUSES,
    Consent,
    Contact,
    DeepLink,
    Direction,
    Feedback,
    Interaction,
    Lane,
    Order,
    Preference,
    Purpose,
    Survey,
    Ticket,
    Topic,
)
from storage.work import Work


def link_of(work: Work, code: str) -> DeepLink | None:
    """The link with that code."""
    return work.first(select(DeepLink).where(col(DeepLink.code) == code))


def links(work: Work, limit: int = 20) -> list[DeepLink]:
    """The newest links."""
    return work.all(select(DeepLink).order_by(col(DeepLink.id).desc()).limit(limit))


def order_numbered(work: Work, number: str) -> Order | None:
    """The order of that number, whoever's it is."""
    return work.first(select(Order).where(col(Order.number) == number))


def orders_of(work: Work, contact: Contact, limit: int = 10) -> list[Order]:
    """A contact's orders, newest first."""
    return work.all(
        select(Order)
        .where(col(Order.contact_id) == contact.id)
        .order_by(col(Order.at).desc(), col(Order.id).desc())
        .limit(limit)
    )


def topic_named(work: Work, name: str) -> Topic | None:
    """The topic of that name, also when it is no longer offered."""
    return work.first(select(Topic).where(col(Topic.name) == name))


def topics(work: Work) -> list[Topic]:
    """What news may be about, oldest first."""
    return work.all(select(Topic).where(col(Topic.active)).order_by(col(Topic.id)))


def marketing_of(work: Work, contact: Contact) -> dict[str, bool]:
    """What a contact said about news, by topic; "" is all of it."""
    rows = work.rows(
        select(Consent.topic, Consent.granted).where(
            col(Consent.contact_id) == contact.id, col(Consent.purpose) == Purpose.MARKETING
        )
    )
    return {topic: bool(granted) for topic, granted in rows}


def refusals(work: Work, topic: str) -> int:
    """How many people do not want a topic."""
    counted = select(func.count()).where(
        col(Consent.purpose) == Purpose.MARKETING,
        col(Consent.topic) == topic,
        col(Consent.granted).is_(False),
    )
    return int(work.scalar(counted) or 0)


def preference_of(work: Work, contact: Contact) -> Preference | None:
    """When a contact does not want to be disturbed."""
    return work.first(select(Preference).where(col(Preference.contact_id) == contact.id))


@lru_cache(maxsize=8)
def _preferences(size: int) -> Any:
    return (
        select(Preference, Contact.zone)
        .join(Contact, col(Contact.id) == col(Preference.contact_id))
        .where(col(Preference.contact_id).in_(several.places(size)))
        .execution_options(**several.KEPT)
    )


def preferences_of(work: Work, contact_ids: Collection[int]) -> list[tuple[Preference, str | None]]:
    """The preferences of several contacts, each with the contact's time zone."""
    found: list[Any] = []
    for size, people in several.in_parts(contact_ids):
        found += work.rows(_preferences(size), people)
    return found


def tickets_of(work: Work, contact: Contact, since: datetime, limit: int = 5) -> list[Ticket]:
    """A contact's requests that are open or were resolved lately, newest first."""
    return work.all(
        select(Ticket)
        .where(
            col(Ticket.contact_id) == contact.id,
            col(Ticket.merged_into_id).is_(None),
            col(Ticket.status).in_(OPEN_STATUSES) | (col(Ticket.resolved_at) >= since),
        )
        .order_by(col(Ticket.id).desc())
        .limit(limit)
    )


def first_words_of(work: Work, ticket: Ticket) -> Interaction | None:
    """What the customer said first about a request."""
    return work.first(
        select(Interaction)
        .where(
            col(Interaction.ticket_id) == ticket.id,
            col(Interaction.direction) == Direction.IN,
            col(Interaction.lane) == Lane.CUSTOMER,
        )
        .order_by(col(Interaction.id))
        .limit(1)
    )


# Opinions


def survey_of(work: Work, ticket: Ticket) -> Survey | None:
    """The question about a ticket, if it was asked."""
    return work.first(select(Survey).where(col(Survey.ticket_id) == ticket.id))


def asked_since(work: Work, contact: Contact, moment: datetime) -> bool:
    """Whether a contact was asked for an opinion since then."""
    asked = select(Survey.id).where(
        col(Survey.contact_id) == contact.id, col(Survey.asked_at) > moment
    )
    return work.scalar(asked.limit(1)) is not None


def surveys_to_remind(work: Work, limit: int = 50) -> list[Survey]:
    """Questions whose reminder is due, the longest overdue first."""
    return work.all(
        select(Survey)
        .where(col(Survey.remind_at) <= work.now)
        .order_by(col(Survey.remind_at))
        .limit(limit)
    )


def asked_between(work: Work, start: datetime, end: datetime) -> int:
    """How many people were asked in that time [start, end)."""
    counted = select(func.count()).where(col(Survey.asked_at) >= start, col(Survey.asked_at) < end)
    return int(work.scalar(counted) or 0)


def scores_between(work: Work, start: datetime, end: datetime) -> dict[int, int]:
    """How often each score was given in that time [start, end)."""
    counted: Any = func.count()
    rows = work.rows(
        select(Survey.score, counted)
        .where(
            col(Survey.rated_at) >= start,
            col(Survey.rated_at) < end,
            col(Survey.score).is_not(None),
        )
        .group_by(col(Survey.score))
    )
    return {int(score): int(count) for score, count in rows}


def scores_by_member(work: Work, start: datetime, end: datetime) -> list[tuple[int, float, int]]:
    """Member, mean score and how many scores, of requests rated in that time, most scores first."""
    counted: Any = func.count()
    mean: Any = func.avg(Survey.score)
    rows = work.rows(
        select(Ticket.assignee_id, mean, counted)
        .select_from(Survey)
        .join(Ticket, col(Ticket.id) == col(Survey.ticket_id))
        .where(
            col(Survey.rated_at) >= start,
            col(Survey.rated_at) < end,
            col(Survey.score).is_not(None),
            col(Ticket.assignee_id).is_not(None),
        )
        .group_by(col(Ticket.assignee_id))
        .order_by(counted.desc())
        .limit(10)
    )
    return [(int(member), float(score), int(count)) for member, score, count in rows]


def comments_since(
    work: Work, start: datetime, limit: int = 5
) -> list[tuple[Feedback, Ticket, Contact]]:
    """The newest opinions in words since then, with whose they are and about which request."""
    return list(
        work.rows(
            select(Feedback, Ticket, Contact)
            .join(Ticket, col(Ticket.id) == col(Feedback.ticket_id))
            .join(Contact, col(Contact.id) == col(Feedback.contact_id))
            .where(col(Feedback.at) >= start, col(Feedback.text) != "")
            .order_by(col(Feedback.at).desc())
            .limit(limit)
        )
    )
