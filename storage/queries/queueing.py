"""The statements that put a campaign's messages into the outbox, a hundred people at a time.

Each person's message is one row, and it has no words yet: those are made when it is claimed. So
nothing of it passes through Python but numbers.
"""

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, insert, literal, literal_column, or_, update
from sqlalchemy import select as sa_select
from sqlmodel import col, func, select

from storage.columns import Id, new_ids
from storage.errors import Stale
from storage.queries import several
from storage.records import (
    Campaign,
    Contact,
    Identity,
    IdentityKind,
    OutboxRow,
    OutboxState,
    Recipient,
    RecipientState,
    Subject,
    Unsure,
    Urgency,
)
from storage.work import Work, table_of

TELEGRAM = "telegram"

# Written out, not bound: only so can the partial index serve.
_HELD: Any = literal_column("'held'")
_NOT_YET = (RecipientState.WAITING, RecipientState.HELD)


class Next(NamedTuple):
    """Somebody whose turn it is: the ids of recipient and contact, and how they stand."""

    id: int
    contact_id: int
    state: RecipientState
    reason: str | None
    variant: str | None


_NEXT = sa_select(*(table_of(Recipient).c[name] for name in Next._fields)).where(
    col(Recipient.campaign_id) == bindparam("campaign")
)
_WAITING = (
    _NEXT.where(col(Recipient.state) == RecipientState.WAITING)
    .order_by(col(Recipient.id))
    .limit(bindparam("limit"))
)
_HELD_UNTIL = (
    _NEXT.where(col(Recipient.state) == _HELD, col(Recipient.due_at) <= bindparam("now"))
    .order_by(col(Recipient.due_at))
    .limit(bindparam("limit"))
)


def waiting(work: Work, campaign: Campaign, limit: int) -> list[Next]:
    """The next people of a campaign whose message has not been queued, at their place in order."""
    return [Next(*row) for row in work.rows(_WAITING, {"campaign": campaign.id, "limit": limit})]


def held_until_now(work: Work, campaign: Campaign, limit: int) -> list[Next]:
    """People who are held and are to be looked at again."""
    asked = {"campaign": campaign.id, "now": work.now, "limit": limit}
    return [Next(*row) for row in work.rows(_HELD_UNTIL, asked)]


class Addressed(NamedTuple):
    """What is said of a recipient in the message that they get."""

    name: str
    first_name: str | None
    company: str | None
    language: str
    custom: dict[str, Any]


@lru_cache(maxsize=8)
def _recipients(size: int) -> Any:
    found = select(Recipient).where(col(Recipient.id).in_(several.places(size)))
    return found.execution_options(**several.KEPT)


@lru_cache(maxsize=8)
def _addressed(size: int) -> Any:
    contact = table_of(Contact).c
    return (
        sa_select(table_of(Recipient), *(contact[name] for name in Addressed._fields))
        .join(table_of(Contact), contact.id == col(Recipient.contact_id))
        .where(col(Recipient.id).in_(several.places(size)))
        .execution_options(**several.KEPT)
    )


def recipients(work: Work, ids: Collection[int]) -> dict[int, Recipient]:
    """These recipients by their ids."""
    return {
        recipient.id: recipient
        for size, some in several.in_parts(ids)
        for recipient in work.all(_recipients(size), some)
    }


def addressed(work: Work, ids: Collection[int]) -> dict[int, tuple[Recipient, Addressed]]:
    """These recipients and what their message may say of them, by their ids."""
    return {
        recipient.id: (recipient, Addressed(*said))
        for size, some in several.in_parts(ids)
        for recipient, *said in work.rows(_addressed(size), some)
    }


# The first of somebody's own chats with us that takes something of ours; a chat of somebody's own
# account, which has an "@", is none.
_chat = (
    select(Identity.value)
    .where(
        col(Identity.contact_id) == col(Recipient.contact_id),
        col(Identity.kind) == IdentityKind.TELEGRAM,
        col(Identity.value).not_like("%@%"),
        col(Identity.blocked_at).is_(None),
    )
    .order_by(col(Identity.id))
    .limit(1)
    .scalar_subquery()
)


@lru_cache(maxsize=16)
def _inserting(size: int, dialect: str) -> Any:
    table = table_of(OutboxRow).c
    # A line of its own: a reply to the same person need not wait for the campaign.
    name: Any = bindparam("name", type_=String) + cast(col(Recipient.contact_id), String)
    made_of = "json_object" if dialect == "sqlite" else "jsonb_build_object"
    payload: Any = getattr(func, made_of)(
        "campaign",
        bindparam("campaign", type_=Id),
        "contact",
        col(Recipient.contact_id),
        "edit",
        bindparam("edit", type_=Id),
    )
    filled: dict[Any, Any] = {
        table.id: bindparam("first_id", type_=Id)
        + func.row_number().over(order_by=col(Recipient.id))
        - 1,
        table.version: literal(1),
        table.idem_key: name,
        table.door: literal(TELEGRAM),
        table.chat: _chat,
        table.line: name,
        table.urgency: literal(int(Urgency.CAMPAIGN)),
        table.verb: literal("say"),
        table.payload: payload,
        table.subject: literal(Subject.RECIPIENT.value),
        table.subject_id: col(Recipient.id),
        table.when_unsure: literal(Unsure.HOLD.value),
        table.state: literal(OutboxState.QUEUED.value),
        table.not_before: bindparam("now", type_=table.not_before.type),
        table.attempts: literal(0),
        table.token: literal(0),
        table.created_at: bindparam("now", type_=table.created_at.type),
    }
    rows = sa_select(*filled.values()).where(col(Recipient.id).in_(several.places(size)))
    return insert(OutboxRow).from_select(list(filled), rows)


@lru_cache(maxsize=8)
def _taking(size: int) -> Any:
    return (
        update(Recipient)
        .where(
            col(Recipient.id).in_(several.places(size)),
            or_(*(col(Recipient.state) == state for state in _NOT_YET)),
        )
        .values(
            state=RecipientState.QUEUED,
            reason=None,
            edit=bindparam("new_edit"),
            version=col(Recipient.version) + 1,
        )
    )


def queue(work: Work, campaign: Campaign, going: list[Next]) -> None:
    """Put a message to each of these people into the outbox. Raises Stale when one has changed."""
    edit = campaign.edits or 0
    given = {
        "campaign": campaign.id,
        "name": f"campaign:{campaign.id}:",
        "edit": edit,
        "now": work.now,
    }
    for size, some in several.in_parts([each.id for each in going]):
        many = len(set(some.values()))
        taken = work.execute_on(Recipient, some.values(), _taking(size), some | {"new_edit": edit})
        if taken != many:
            raise Stale(Recipient.__tablename__)
        first = {"first_id": new_ids(many)}
        work.execute_on(OutboxRow, (), _inserting(size, work.dialect), some | given | first)
    for kind, many in Counter(_kind(campaign, each) for each in going).items():
        work.tally(Recipient, kind, -many)
    queued = [each._replace(state=RecipientState.QUEUED, reason=None) for each in going]
    for kind, many in Counter(_kind(campaign, each) for each in queued).items():
        work.tally(Recipient, kind, many)


def _kind(campaign: Campaign, each: Next) -> tuple[Any, ...]:
    """Among which of its campaign's recipients somebody is counted who is not settled."""
    unsettled = {"campaign_id": campaign.id, "settled_at": None, "edit": None}
    return Recipient.kind_of(each._asdict() | unsettled)
