"""Questions about deals: which there are, how they stand, and what became of earlier ones."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, update
from sqlalchemy import select as select_columns
from sqlmodel import col, func, select

from storage.records import (
    Contact,
    Deal,
    DealEvent,
    DealStage,
    DealState,
    FollowUp,
    FollowUpState,
    Interaction,
    Member,
    Pipeline,
)
from storage.work import Work

Sums = list[tuple[str, int, int]]

MOVES = ("opened", "stage", "won", "lost", "reopened")


# Pipelines and stages


def pipelines(work: Work) -> list[Pipeline]:
    """The pipelines in use, in their order."""
    return work.all(
        select(Pipeline)
        .where(col(Pipeline.removed_at).is_(None))
        .order_by(col(Pipeline.position), col(Pipeline.id))
    )


def every_pipeline(work: Work) -> list[Pipeline]:
    """All pipelines, those that were removed too."""
    return work.all(select(Pipeline).order_by(col(Pipeline.position), col(Pipeline.id)))


def stages(work: Work, pipeline: Pipeline) -> list[DealStage]:
    """The stages of a pipeline in their order."""
    return [each for each in every_stage(work, pipeline) if each.removed_at is None]


def every_stage(work: Work, pipeline: Pipeline) -> list[DealStage]:
    """The stages of a pipeline in their order, those that were removed too."""
    return work.all(
        select(DealStage)
        .where(col(DealStage.pipeline_id) == pipeline.id)
        .order_by(col(DealStage.position), col(DealStage.id))
    )


def count_in(work: Work, stage: DealStage) -> int:
    """How many open deals stand in a stage."""
    counted = select(func.count()).where(
        col(Deal.stage_id) == stage.id, col(Deal.state) == DealState.OPEN
    )
    return int(work.scalar(counted) or 0)


# Deals


def numbered(work: Work, number: int) -> Deal | None:
    """The deal of that number."""
    return work.first(select(Deal).where(col(Deal.number) == number))


def open_of(work: Work, contact: Contact) -> list[Deal]:
    """The open deals of a contact, oldest first."""
    return work.all(
        select(Deal)
        .where(col(Deal.contact_id) == contact.id, col(Deal.state) == DealState.OPEN)
        .order_by(col(Deal.id))
    )


def all_of(work: Work, owner: Member) -> list[Deal]:
    """The open deals of a member, oldest first."""
    return work.all(
        select(Deal)
        .where(col(Deal.owner_id) == owner.id, col(Deal.state) == DealState.OPEN)
        .order_by(col(Deal.id))
    )


def listed(
    work: Work,
    state: DealState = DealState.OPEN,
    *,
    owner: Member | None = None,
    stage: DealStage | None = None,
    limit: int = 40,
) -> list[tuple[Deal, Contact]]:
    """Deals of one state with whose they are: open ones by when they close, others newest first."""
    statement = (
        select(Deal, Contact)
        .join(Contact, col(Contact.id) == col(Deal.contact_id))
        .where(col(Deal.state) == state)
    )
    if owner is not None:
        statement = statement.where(col(Deal.owner_id) == owner.id)
    if stage is not None:
        statement = statement.where(col(Deal.stage_id) == stage.id)
    if state is DealState.OPEN:
        # Both databases are told where the empty ones go: they differ in it.
        undated = col(Deal.close_on).is_(None)
        statement = statement.order_by(undated, col(Deal.close_on), col(Deal.id))
    else:
        statement = statement.order_by(col(Deal.closed_at).desc(), col(Deal.id).desc())
    return list(work.rows(statement.limit(limit)))


def events_of(work: Work, deal: Deal) -> list[DealEvent]:
    """The steps of a deal, oldest first."""
    return work.all(
        select(DealEvent).where(col(DealEvent.deal_id) == deal.id).order_by(col(DealEvent.id))
    )


def last_move(work: Work, deal: Deal) -> DealEvent | None:
    """The newest step by which a deal came where it is; what was taken back is none."""
    return work.first(
        select(DealEvent)
        .where(
            col(DealEvent.deal_id) == deal.id,
            col(DealEvent.what).in_(MOVES),
            col(DealEvent.undone_at).is_(None),
        )
        .order_by(col(DealEvent.id).desc())
        .limit(1)
    )


# What became of them


def totals(
    work: Work, *, owner: Member | None = None, stage: DealStage | None = None
) -> dict[int, Sums]:
    """Open deals by stage: for each currency how many, how much."""
    statement = (
        select(Deal.stage_id, Deal.currency, func.count(), func.sum(Deal.amount))
        .where(col(Deal.state) == DealState.OPEN)
        .group_by(col(Deal.stage_id), col(Deal.currency))
        .order_by(col(Deal.currency))
    )
    if owner is not None:
        statement = statement.where(col(Deal.owner_id) == owner.id)
    if stage is not None:
        statement = statement.where(col(Deal.stage_id) == stage.id)
    found: dict[int, Sums] = {}
    for stage_id, currency, count, units in work.rows(statement):
        found.setdefault(stage_id, []).append((currency, int(count), int(units or 0)))
    return found


def sums(work: Work, state: DealState) -> Sums:
    """All deals of one state, by currency: currency, how many, how much."""
    rows = work.rows(
        select(Deal.currency, func.count(), func.sum(Deal.amount))
        .where(col(Deal.state) == state)
        .group_by(col(Deal.currency))
        .order_by(col(Deal.currency))
    )
    return [(currency, int(count), int(units or 0)) for currency, count, units in rows]


def shares(work: Work) -> dict[int, tuple[int, int]]:
    """For each stage, of the deals that were ever in it and are closed: how many won, how many."""
    rows = work.rows(
        select(DealEvent.stage_id, Deal.state, func.count(func.distinct(Deal.id)))
        .join(Deal, col(Deal.id) == col(DealEvent.deal_id))
        .where(
            col(DealEvent.what).in_(("opened", "stage")),
            col(DealEvent.undone_at).is_(None),
            col(Deal.state).in_((DealState.WON, DealState.LOST)),
        )
        .group_by(col(DealEvent.stage_id), col(Deal.state))
    )
    found: dict[int, tuple[int, int]] = {}
    for stage, state, count in rows:
        won, closed = found.get(stage, (0, 0))
        found[stage] = (won + (count if state == DealState.WON else 0), closed + count)
    return found


@dataclass(frozen=True)
class Group:
    """Open deals of one stage, currency and chance that are expected to close in some span."""

    stage_id: int
    currency: str
    # As somebody said of these deals; None is as their stage says.
    probability: int | None
    is_overdue: bool
    count: int
    # How many of them have an amount, and the sum of those.
    priced: int
    units: int


def closing(work: Work, start: date, end: date) -> list[Group]:
    """Open deals that are expected to close before `end`; before `start` they are overdue."""
    overdue = case((col(Deal.close_on) < start, 1), else_=0)
    by: tuple[Any, ...] = (col(Deal.stage_id), col(Deal.currency), col(Deal.probability), overdue)
    rows = work.rows(
        select_columns(*by, func.count(), func.count(col(Deal.amount)), func.sum(Deal.amount))
        .where(col(Deal.state) == DealState.OPEN, col(Deal.close_on) < end)
        .group_by(*by)
    )
    return [
        Group(stage, currency, chance, bool(late), int(count), int(priced), int(units or 0))
        for stage, currency, chance, late, count, priced, units in rows
    ]


def count_undated(work: Work) -> int:
    """How many open deals nobody has given a day."""
    counted = select(func.count()).where(
        col(Deal.state) == DealState.OPEN, col(Deal.close_on).is_(None)
    )
    return int(work.scalar(counted) or 0)


def opened(work: Work, start: datetime, end: datetime) -> Sums:
    """Deals opened in that time, by currency: currency, how many, how much."""
    rows = work.rows(
        select(Deal.currency, func.count(), func.sum(Deal.amount))
        .where(
            col(Deal.opened_at) >= start,
            col(Deal.opened_at) < end,
            col(Deal.state) != DealState.DROPPED,
        )
        .group_by(col(Deal.currency))
        .order_by(col(Deal.currency))
    )
    return [(currency, int(count), int(units or 0)) for currency, count, units in rows]


def closed(work: Work, state: DealState, start: datetime, end: datetime) -> Sums:
    """Deals won or lost in that time, by currency: currency, how many, how much."""
    rows = work.rows(
        select(Deal.currency, func.count(), func.sum(Deal.amount))
        .where(
            col(Deal.closed_at) >= start,
            col(Deal.closed_at) < end,
            col(Deal.state) == state,
        )
        .group_by(col(Deal.currency))
        .order_by(col(Deal.currency))
    )
    return [(currency, int(count), int(units or 0)) for currency, count, units in rows]


def quiet(work: Work, since: datetime, limit: int = 200) -> list[tuple[Deal, Contact]]:
    """Open deals with which nothing has happened since then, quietest first.

    Nothing: no change, no word with the contact, no follow-up done, and none to come.
    """
    said = select(Interaction.id).where(
        col(Interaction.contact_id) == col(Deal.contact_id), col(Interaction.at) > since
    )
    # A follow-up about a deal is about its contact too.
    followed = select(FollowUp.id).where(
        col(FollowUp.contact_id) == col(Deal.contact_id),
        (_to_come(work) | (col(FollowUp.done_at) > since) | (col(FollowUp.reminded_at) > since)),
    )
    statement = (
        select(Deal, Contact)
        .join(Contact, col(Contact.id) == col(Deal.contact_id))
        .where(
            col(Deal.state) == DealState.OPEN,
            col(Deal.touched_at) <= since,
            ~said.exists(),
            ~followed.exists(),
        )
        .order_by(col(Deal.touched_at), col(Deal.id))
        .limit(limit)
    )
    return list(work.rows(statement))


def _to_come(work: Work) -> Any:
    return (col(FollowUp.state) == FollowUpState.OPEN) & (col(FollowUp.due_at) > work.now)


def to_look_at(work: Work, limit: int) -> list[Deal]:
    """Open deals of which it is to be seen whether anything happens, longest due first."""
    return work.all(
        select(Deal)
        .where(col(Deal.attention_at) <= work.now, col(Deal.state) == DealState.OPEN)
        .order_by(col(Deal.attention_at))
        .limit(limit)
    )


def look_at_all(work: Work) -> None:
    """Look at every open deal soon: what counts as silence is another length now."""
    work.execute(
        update(Deal)
        .where(col(Deal.state) == DealState.OPEN)
        .values(attention_at=work.now, version=col(Deal.version) + 1)
    )


_SAID_AT = select(func.max(Interaction.at)).where(
    col(Interaction.contact_id) == bindparam("contact")
)
_FOLLOWED_AT = select(func.max(FollowUp.done_at), func.max(FollowUp.reminded_at)).where(
    col(FollowUp.contact_id) == bindparam("contact")
)
_PLANNED_AT = select(func.min(FollowUp.due_at)).where(
    col(FollowUp.contact_id) == bindparam("contact"),
    col(FollowUp.state) == FollowUpState.OPEN,
    col(FollowUp.due_at) > bindparam("now"),
)


def active_at(work: Work, deal: Deal) -> datetime:
    """When something last happened with a deal: a change, a word with its contact, a follow-up."""
    whose = {"contact": deal.contact_id}
    moments: list[datetime | None] = [deal.touched_at, work.scalar(_SAID_AT, whose)]
    moments += next(iter(work.rows(_FOLLOWED_AT, whose)))
    return max(moment for moment in moments if moment is not None)


def planned_at(work: Work, deal: Deal) -> datetime | None:
    """When the next follow-up about a deal or its contact is due."""
    sought = {"contact": deal.contact_id, "now": work.now}
    moment: datetime | None = work.scalar(_PLANNED_AT, sought)
    return moment
