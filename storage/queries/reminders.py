"""Questions about follow-ups whose moment has come, a whole chunk of them in each statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, insert, literal, literal_column, update
from sqlalchemy import select as sa_select
from sqlmodel import and_, col, func, or_, select

from storage.columns import new_id
from storage.records import (
    Direction,
    FollowUp,
    FollowUpState,
    Interaction,
    Lane,
    Member,
    OutboxRow,
    OutboxState,
    Subject,
    Touch,
    Unsure,
    Urgency,
)
from storage.work import Work, table_of


@dataclass(frozen=True)
class Edge:
    """Where a chunk of what is due ends: the last of it, and how many it is at the most."""

    moment: datetime
    id: int
    size: int


def _first_due() -> Any:
    """Open, and no later than the last of the chunk.

    Very many may be due at one instant, so the index is read no further than the chunk is long.
    """
    one = table_of(FollowUp).alias().c
    longest_due = (
        sa_select(one.id)
        .where(one.state == FollowUpState.OPEN, one.due_at <= bindparam("moment"))
        .order_by(one.due_at, one.id)
        .limit(bindparam("size"))
    )
    return and_(
        col(FollowUp.id).in_(longest_due),
        # Looked up by their ids and only compared: by the index of the state it would again be
        # all that is due.
        func.coalesce(FollowUp.state, FollowUp.state) == FollowUpState.OPEN,
        or_(
            col(FollowUp.due_at) < bindparam("moment"),
            and_(
                col(FollowUp.due_at) == bindparam("moment"),
                col(FollowUp.id) <= bindparam("last"),
            ),
        ),
    )


_IS_DUE = _first_due()


def _values(edge: Edge) -> dict[str, Any]:
    return {"moment": edge.moment, "last": edge.id, "size": edge.size}


_SOONEST = (
    select(FollowUp.due_at, FollowUp.id)
    .where(col(FollowUp.state) == FollowUpState.OPEN, col(FollowUp.due_at) <= bindparam("now"))
    .order_by(col(FollowUp.due_at), col(FollowUp.id))
    .offset(bindparam("skipped"))
    .limit(1)
)


def edge(work: Work, size: int) -> tuple[Edge | None, bool]:
    """Where the chunk of the longest overdue ends, and whether more are due behind it."""
    last = next(work.rows(_SOONEST, {"now": work.now, "skipped": size - 1}), None)
    if last is not None:
        return Edge(last[0], last[1], size), True
    if next(work.rows(_SOONEST, {"now": work.now, "skipped": 0}), None) is None:
        return None, False
    return Edge(work.now, 2**63 - 1, size), False


def _touching(follow_up: Any) -> Any:
    """The last words between the team and the customer since a follow-up began to look."""
    from_customer = col(Interaction.direction) == Direction.IN
    said = and_(
        col(Interaction.direction) == Direction.OUT,
        col(Interaction.lane) == Lane.CUSTOMER,
        col(Interaction.member_id).is_not(None),
    )
    # What was noted of a call; a note in a ticket's thread is no word with the customer.
    called = and_(
        col(Interaction.direction) == Direction.NOTE,
        col(Interaction.member_id).is_not(None),
        col(Interaction.ticket_id).is_(None),
    )
    return (
        select(Interaction.id)
        .where(
            col(Interaction.contact_id) == follow_up.contact_id,
            col(Interaction.at) > follow_up.armed_at,
            col(Interaction.deleted_at).is_(None),
            or_(from_customer, and_(~follow_up.awaits_reply, or_(said, called))),
            or_(
                follow_up.ticket_id.is_(None),
                col(Interaction.ticket_id) == follow_up.ticket_id,
            ),
        )
        .order_by(col(Interaction.at).desc())
        .limit(1)
        .correlate(FollowUp)
        .scalar_subquery()
    )


_TOUCH = _touching(FollowUp)
# Written out: a statement with a list in it could not be compiled once and for all.
_MINDS = or_(col(FollowUp.on_touch) == Touch.CLEAR, col(FollowUp.on_touch) == Touch.RE_ARM)

_TOUCHED = (
    select(FollowUp, Interaction)
    .join(Interaction, col(Interaction.id) == _TOUCH)
    .where(_IS_DUE, _MINDS)
)
_RECURRING = select(FollowUp).where(_IS_DUE, col(FollowUp.rule).is_not(None))
_OWNERS = select(FollowUp.owner_id, func.count()).where(_IS_DUE).group_by(col(FollowUp.owner_id))


def touched(work: Work, edge: Edge) -> list[tuple[FollowUp, Interaction]]:
    """Those of the chunk whose customer and team have been in touch meanwhile."""
    return list(work.rows(_TOUCHED, _values(edge)))


def touched_of(work: Work, follow_ups: Collection[FollowUp]) -> dict[int, Interaction]:
    """The same for some that are shown before their time, by the follow-up's id."""
    ids = [each.id for each in follow_ups if each.on_touch in (Touch.CLEAR, Touch.RE_ARM)]
    if not ids:
        return {}
    found = select(FollowUp.id, Interaction).join(Interaction, col(Interaction.id) == _TOUCH)
    still = col(FollowUp.state) == FollowUpState.OPEN
    return dict(work.rows(found.where(col(FollowUp.id).in_(ids), still)))


def recurring(work: Work, edge: Edge) -> list[FollowUp]:
    """Those of the chunk that come again."""
    return work.all(_RECURRING, _values(edge))


def owners(work: Work, edge: Edge) -> dict[int, int]:
    """How many of the chunk each member has."""
    return dict(work.rows(_OWNERS, _values(edge)))


def with_many(work: Work, many: int, ahead: int) -> set[int]:
    """The members who have so many among what is due first, which is looked at so far ahead."""
    soonest = (
        select(FollowUp.owner_id)
        .where(col(FollowUp.state) == FollowUpState.OPEN, col(FollowUp.due_at) <= work.now)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(ahead)
        .subquery()
    )
    found = select(soonest.c.owner_id).group_by(soonest.c.owner_id).having(func.count() >= many)
    return {owner for (owner,) in work.rows(found)}


def mark(work: Work, edge: Edge, nudge_at: datetime | None) -> int:
    """The chunk counts as reminded of; how many they are."""
    result = work.execute(
        update(FollowUp)
        .where(_IS_DUE)
        .values(
            state=FollowUpState.REMINDED,
            reminded_at=work.now,
            nudge_at=nudge_at,
            version=col(FollowUp.version) + 1,
        ),
        _values(edge),
    )
    return int(result.rowcount)


def write_each(work: Work, edge: Edge, but: Collection[int], payload: dict[str, Any]) -> None:
    """One row of the outbox for each of the chunk, but not for the owners who get a list.

    One INSERT … SELECT: what it says is written when it goes. It is not marked yet.
    """
    chat = col(Member.slack_user)
    due = _IS_DUE
    # Counted on from one id of ours: nobody else makes ids in between that could be the same.
    id: Any = literal(new_id()) + func.row_number().over(order_by=col(FollowUp.id))
    key = literal("follow_up:") + cast(col(FollowUp.id), String) + f":{work.now.isoformat()}"
    names = {
        "id": id,
        "version": literal(1),
        "idem_key": key,
        "door": literal("slack"),
        "chat": chat,
        "line": literal("slack:") + chat,
        "urgency": literal(int(Urgency.REMINDER)),
        "verb": literal("say"),
        "payload": literal(payload, OutboxRow.__table__.c.payload.type),
        "subject": literal(str(Subject.FOLLOW_UP)),
        "subject_id": col(FollowUp.id),
        "when_unsure": literal(Unsure.READBACK.value),
        "state": literal(OutboxState.QUEUED.value),
        "not_before": literal(work.now, OutboxRow.__table__.c.not_before.type),
        "attempts": literal(0),
        "token": literal(0),
        "created_at": literal(work.now, OutboxRow.__table__.c.created_at.type),
    }
    chosen = sa_select(*names.values()).join_from(
        FollowUp, Member, col(Member.id) == col(FollowUp.owner_id)
    )
    if but:
        due = and_(due, col(FollowUp.owner_id).not_in(but))
    work.execute(insert(OutboxRow).from_select(list(names), chosen.where(due)), _values(edge))


def waiting_lists(work: Work, lines: Collection[str]) -> set[str]:
    """The lines on which a list has not gone yet: what is due now is on it too."""
    # Written out, not bound: only so can the partial index serve.
    queued: Any = literal_column("'queued'")
    found = select(OutboxRow.line).where(
        col(OutboxRow.line).in_(lines), col(OutboxRow.state) == queued
    )
    return {line for (line,) in work.rows(found)}


def reminded_since(
    work: Work, owner_id: int, since: datetime, until: datetime, limit: int
) -> list[FollowUp]:
    """What a member was reminded of between two moments, the longest overdue first."""
    return work.all(
        select(FollowUp)
        .where(*_reminded(owner_id, since, until))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(limit)
    )


def count_reminded_since(work: Work, owner_id: int, since: datetime, until: datetime) -> int:
    """How many those are in all."""
    counted = select(func.count()).select_from(FollowUp)
    return int(work.scalar(counted.where(*_reminded(owner_id, since, until))) or 0)


def _reminded(owner_id: int, since: datetime, until: datetime) -> tuple[Any, ...]:
    return (
        col(FollowUp.owner_id) == owner_id,
        col(FollowUp.reminded_at) >= since,
        col(FollowUp.reminded_at) <= until,
        or_(col(FollowUp.state) == FollowUpState.REMINDED, col(FollowUp.rule).is_not(None)),
    )


def ignored(work: Work, limit: int) -> list[FollowUp]:
    """What was reminded of and not looked after, the longest ignored first."""
    return work.all(
        select(FollowUp)
        .where(col(FollowUp.nudge_at).is_not(None), col(FollowUp.nudge_at) <= work.now)
        .order_by(col(FollowUp.nudge_at))
        .limit(limit)
    )


def morning(work: Work, owner_id: int, ends: datetime, limit: int) -> list[FollowUp]:
    """What is overdue or due before a moment, the longest overdue first."""
    return work.all(
        select(FollowUp)
        .where(
            col(FollowUp.owner_id) == owner_id,
            col(FollowUp.state).in_((FollowUpState.OPEN, FollowUpState.REMINDED)),
            col(FollowUp.due_at) < ends,
        )
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(limit)
    )


def every_of(work: Work, ids: Collection[int]) -> list[FollowUp]:
    """These follow-ups, the longest overdue first."""
    return work.all(
        select(FollowUp)
        .where(col(FollowUp.id).in_(ids))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
    )


def cleared_lately(work: Work, owner_id: int, since: datetime, limit: int = 5) -> list[FollowUp]:
    """What has cleared itself since a moment, the latest first."""
    return work.all(
        select(FollowUp)
        .where(
            col(FollowUp.owner_id) == owner_id,
            col(FollowUp.state) == FollowUpState.CLEARED,
            col(FollowUp.done_at) >= since,
        )
        .order_by(col(FollowUp.done_at).desc())
        .limit(limit)
    )
