"""Questions about journeys and the people on them, and the statement that puts many on one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, literal, not_, update
from sqlalchemy import select as sa_select
from sqlmodel import col, exists, func, select

from storage.columns import new_id
from storage.queries import tallies
from storage.records import (
    Campaign,
    Contact,
    ContactTag,
    Direction,
    Interaction,
    Journey,
    JourneyMessage,
    JourneyState,
    Order,
    OrderKind,
    Recipient,
    Traveller,
    TravellerState,
)
from storage.work import Work, table_of

ON_THE_WAY = (TravellerState.WAITING, TravellerState.SENDING)


def named(work: Work, name: str) -> Journey | None:
    """The journey of that name, however it is written."""
    return work.first(select(Journey).where(func.lower(Journey.name) == name.lower()))


_RECENT = select(Journey).order_by(col(Journey.id).desc()).limit(bindparam("limit"))


def recent(work: Work, limit: int = 20) -> list[Journey]:
    """The newest journeys."""
    return work.all(_RECENT, {"limit": limit})


def still_to_begin(work: Work) -> list[Journey]:
    """Journeys that are not over, and of which it has still to be looked who begins them."""
    return work.all(
        select(Journey).where(
            col(Journey.state) != JourneyState.ENDED,
            (col(Journey.state) == JourneyState.DRAFT) | col(Journey.looked_to).is_not(None),
        )
    )


_RUNNING = (
    select(Journey).where(col(Journey.state) == JourneyState.RUNNING).order_by(col(Journey.id))
)


def running(work: Work) -> list[Journey]:
    """Journeys that people go on now."""
    return work.all(_RUNNING)


def messages(work: Work, journey: Journey) -> dict[int, Campaign]:
    """The campaigns that send a journey's messages, by the place of their step."""
    rows = work.rows(
        select(JourneyMessage.position, Campaign)
        .join(Campaign, col(Campaign.id) == col(JourneyMessage.campaign_id))
        .where(col(JourneyMessage.journey_id) == journey.id)
    )
    return dict(rows)


# Who begins


def put_on(work: Work, journey: Journey, conditions: Sequence[Any]) -> int:
    """Have everybody for whom these conditions on contacts hold begin, once; how many that were."""
    # Counted on from one id of ours: nobody else makes ids for this table.
    id: Any = literal(new_id()) + func.row_number().over(order_by=col(Contact.id))
    moment = Traveller.metadata.tables["travellers"].c.due_at.type
    names = ["id", "version", "journey_id", "contact_id", "state", "position"]
    values = [
        *(id, literal(1), literal(journey.id), col(Contact.id)),
        *(literal(TravellerState.WAITING.value), literal(0)),
    ]
    names += ["entered_at", "due_at"]
    values += [literal(work.now, moment), literal(work.now, moment)]
    already = exists().where(
        col(Traveller.journey_id) == journey.id, col(Traveller.contact_id) == col(Contact.id)
    )
    chosen = sa_select(*values).where(*conditions, not_(already))
    many = int(work.execute(insert(Traveller).from_select(names, chosen)).rowcount)
    work.tally(Traveller, (journey.id, TravellerState.WAITING, 0, ""), many)
    return many


def came_since(since: int, source: str) -> Any:
    """Contacts that are new since an id."""
    new = col(Contact.id) > since
    return and_(new, func.lower(Contact.source) == source.lower()) if source else new


def bought_first_since(since: int) -> Any:
    """Contacts whose first order was written down since an id."""
    earlier = table_of(Order).alias().c
    return exists().where(
        col(Order.contact_id) == col(Contact.id),
        col(Order.id) > since,
        col(Order.kind) == OrderKind.PURCHASE,
        not_(
            exists().where(
                earlier.contact_id == col(Order.contact_id),
                earlier.id < col(Order.id),
                earlier.kind == OrderKind.PURCHASE,
            )
        ),
    )


def tagged_since(since: int, tag: str) -> Any:
    """Contacts that were given a tag since an id."""
    return col(Contact.id).in_(
        select(ContactTag.contact_id).where(col(ContactTag.tag) == tag, col(ContactTag.id) > since)
    )


# Who goes on


def due(work: Work, journey: Journey, limit: int) -> list[tuple[Traveller, Contact]]:
    """People whose next step is to be looked at, longest due first."""
    return list(
        work.rows(
            select(Traveller, Contact)
            .join(Contact, col(Contact.id) == col(Traveller.contact_id))
            .where(
                col(Traveller.journey_id) == journey.id,
                col(Traveller.state).in_(ON_THE_WAY),
                col(Traveller.due_at) <= work.now,
            )
            .order_by(col(Traveller.due_at))
            .limit(limit)
        )
    )


def overdue(work: Work, journey: Journey, before: datetime) -> bool:
    """Whether somebody's step was due before a moment."""
    found = select(Traveller.id).where(
        col(Traveller.journey_id) == journey.id,
        col(Traveller.state) == TravellerState.WAITING,
        col(Traveller.due_at) < before,
    )
    return work.scalar(found.limit(1)) is not None


def recipients(work: Work, ids: Collection[int]) -> dict[int, Recipient]:
    """Messages on their way, by id."""
    return {each.id: each for each in work.all(select(Recipient).where(col(Recipient.id).in_(ids)))}


def _event(event: str) -> tuple[Any, Any]:
    """Where a reply or an order stands, and what tells it from the rest there."""
    if event == "reply":
        return Interaction, col(Interaction.direction) == Direction.IN
    return Order, col(Order.kind) == OrderKind.PURCHASE


def who_did(work: Work, event: str, people: dict[int, datetime]) -> set[int]:
    """Those of these contacts who replied or ordered since the moment beside them."""
    if not people:
        return set()
    model, of_kind = _event(event)
    rows = work.rows(
        select(model.contact_id, func.max(model.at))
        .where(model.contact_id.in_(people), of_kind, model.at >= min(people.values()))
        .group_by(model.contact_id)
    )
    return {contact for contact, last in rows if last >= people[contact]}


def wake_who_did(work: Work, journey: Journey, event: str, after: int) -> None:
    """Whoever waits and has written (or ordered) since an id is looked at now."""
    model, of_kind = _event(event)
    did = exists().where(
        model.id > after,
        model.contact_id == col(Traveller.contact_id),
        of_kind,
        model.at >= col(Traveller.said_at),
    )
    work.execute(
        update(Traveller)
        .where(
            col(Traveller.journey_id) == journey.id,
            col(Traveller.state) == TravellerState.WAITING,
            col(Traveller.waiting_since).is_not(None),
            col(Traveller.due_at) > work.now,
            did,
        )
        .values(due_at=work.now, version=col(Traveller.version) + 1)
    )


def somebody_did(work: Work, event: str, after: int) -> bool:
    """Whether any customer has written (or ordered) since an id."""
    model, of_kind = _event(event)
    found = select(model.id).where(model.id > after, of_kind)
    return work.scalar(found.limit(1)) is not None


def end_all(work: Work, journey: Journey, reason: str) -> None:
    """Everybody who is still on the way leaves it."""
    tallies.journey_left(work, journey, reason)
    work.execute(
        update(Traveller)
        .where(col(Traveller.journey_id) == journey.id, col(Traveller.state).in_(ON_THE_WAY))
        .values(
            state=TravellerState.LEFT,
            reason=reason,
            ended_at=work.now,
            version=col(Traveller.version) + 1,
        )
    )
