"""Everything that happened with a customer in the order of time, a page at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from storage.queries.profiles import CHANGED
from storage.records import (
    AuditEntry,
    Campaign,
    Contact,
    Deal,
    Interaction,
    Order,
    Recipient,
    RecipientState,
    Record,
    Ticket,
)
from storage.work import Work

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# What may be looked at alone: words, requests and deals, purchases and campaigns, fields.
GROUPS = ("talk", "work", "shop", "changes")


@dataclass(frozen=True)
class Happened:
    """One thing that happened, and what it happened to.

    `what` is said, opened, resolved, deal, deal_over, order, campaign or changed.
    """

    at: datetime
    what: str
    record: Record

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among all things: by time, then by id."""
        return (self.at - EPOCH) // MICROSECOND, self.record.id


@dataclass(frozen=True)
class Page:
    """Some of what happened, newest first, and whether there is more on either side."""

    happened: tuple[Happened, ...]
    earlier: bool
    later: bool


def page(
    work: Work,
    contact: Contact,
    group: str = "",
    place: tuple[int, int] | None = None,
    *,
    later: bool = False,
    limit: int = 8,
) -> Page:
    """What happened before a place, or after it; the newest without one."""
    found: list[Happened] = []
    for what, at, chosen in _sources(contact, group):
        statement = _beyond(chosen.where(at.is_not(None)), at, place, later).limit(limit + 1)
        found += [Happened(getattr(each, at.key), what, each) for each in work.all(statement)]
    found.sort(key=lambda each: each.place, reverse=not later)
    more, shown = len(found) > limit, found[:limit]
    if later:
        shown.reverse()
        return Page(tuple(shown), earlier=True, later=more)
    return Page(tuple(shown), earlier=more, later=place is not None)


def _beyond(statement: Any, at: Any, place: tuple[int, int] | None, later: bool) -> Any:
    """What lies on one side of a place, what is nearest to it first."""
    id = statement.selected_columns[0]
    if place is not None:
        moment = EPOCH + place[0] * MICROSECOND
        past, beside = (at > moment, id > place[1]) if later else (at < moment, id < place[1])
        statement = statement.where(or_(past, and_(at == moment, beside)))
    order = (at.asc(), id.asc()) if later else (at.desc(), id.desc())
    return statement.order_by(*order)


def _sources(contact: Contact, group: str) -> list[tuple[str, Any, Any]]:
    """(what happened, when, of which records) for one group, or for all of them."""
    id = contact.id
    sources: dict[str, list[tuple[str, Any, Any]]] = {
        "talk": [("said", col(Interaction.at), _of(Interaction, id))],
        "work": [
            ("opened", col(Ticket.opened_at), _of(Ticket, id)),
            ("resolved", col(Ticket.resolved_at), _of(Ticket, id)),
            ("deal", col(Deal.opened_at), _of(Deal, id)),
            ("deal_over", col(Deal.closed_at), _of(Deal, id)),
        ],
        "shop": [
            ("order", col(Order.at), _of(Order, id)),
            ("campaign", col(Recipient.settled_at), _sent(id)),
        ],
        "changes": [("changed", col(AuditEntry.at), _changed(id))],
    }
    chosen = [group] if group in GROUPS else list(GROUPS)
    return [each for name in chosen for each in sources[name]]


def _of(model: Any, id: int) -> Any:
    return select(model).where(model.contact_id == id)


def _sent(id: int) -> Any:
    # By campaign: their number is small, and the index of recipients begins with it.
    return select(Recipient).where(
        col(Recipient.campaign_id).in_(select(Campaign.id)),
        col(Recipient.contact_id) == id,
        col(Recipient.state) == RecipientState.SENT,
    )


def _changed(id: int) -> Any:
    return select(AuditEntry).where(
        col(AuditEntry.subject_id) == id,
        col(AuditEntry.subject) == "contact",
        col(AuditEntry.action) == CHANGED,
    )
