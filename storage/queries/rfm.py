"""Cuts, cells, and who is in which: the tables behind recency, frequency and money."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete
from sqlmodel import col, select

from storage.columns import new_id
from storage.records import Contact, CustomerTotal, CutState, RfmCell, RfmCuts
from storage.work import Work, table_of

_CUTS = (
    select(RfmCuts)
    .where(col(RfmCuts.currency) == bindparam("currency"))
    .order_by(col(RfmCuts.id))
    # On PostgreSQL whoever counts further waits until an order that looked at this is through.
    .with_for_update(read=True)
)

_HOLDING = (
    select(RfmCuts)
    .where(col(RfmCuts.currency) == bindparam("currency"), col(RfmCuts.state) == CutState.HOLDS)
    .order_by(col(RfmCuts.id).desc())
    .limit(1)
)
_CELLS = (
    select(RfmCell.cell, RfmCell.customers, RfmCell.spent)
    .where(col(RfmCell.cuts_id) == bindparam("cuts"), col(RfmCell.customers) > 0)
    .order_by(col(RfmCell.cell))
)


def cuts_of(work: Work, currency: str) -> list[RfmCuts]:
    """All cuts of a currency: those that hold, and those that are being made."""
    return work.all(_CUTS, {"currency": currency})


def holding(work: Work, currency: str) -> RfmCuts | None:
    """The cuts that hold in a currency."""
    return work.first(_HOLDING, {"currency": currency})


def unfinished(work: Work) -> RfmCuts | None:
    """The oldest cuts that are still being made, held until the end of the transaction."""
    return work.first(
        select(RfmCuts)
        .where(col(RfmCuts.state) != CutState.HOLDS)
        .order_by(col(RfmCuts.id))
        .limit(1)
        .with_for_update()
    )


def add_to_cells(work: Work, cuts: RfmCuts, changes: Mapping[int, tuple[int, int]]) -> None:
    """Put so many more customers, who have spent so much, into cells; fewer when it is negative."""
    rows = [
        {"id": new_id(), "version": 1, "cuts_id": cuts.id, "cell": cell, "customers": n, "spent": s}
        # In order, so that two processes do not wait for each other.
        for cell, (n, s) in sorted(changes.items())
        if n or s
    ]
    if not rows:
        return
    table = table_of(RfmCell)
    new = _insert_of(work.dialect)(table)
    statement = new.on_conflict_do_update(
        index_elements=["cuts_id", "cell"],
        set_={
            "customers": table.c.customers + new.excluded.customers,
            "spent": table.c.spent + new.excluded.spent,
            "version": table.c.version + 1,
        },
    )
    work.execute(statement, rows)


def _insert_of(dialect: str) -> Any:
    # Asked for where it is spoken: importing both takes a while at every start.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert


def cells(work: Work, cuts: RfmCuts) -> list[tuple[int, int, int]]:
    """The cells in which somebody is: cell, customers, what they have spent."""
    rows = work.rows(_CELLS, {"cuts": cuts.id})
    return [(int(cell), int(customers), int(spent)) for cell, customers, spent in rows]


def drop(work: Work, cuts: RfmCuts) -> None:
    """Do away with cuts that newer ones have replaced."""
    work.execute(delete(RfmCell).where(col(RfmCell.cuts_id) == cuts.id))
    work.delete(cuts)


def drop_all(work: Work) -> None:
    """Do away with all cuts: what they rest on is made anew."""
    work.execute(delete(RfmCell))
    work.execute(delete(RfmCuts))


def in_cell(cuts: RfmCuts, pattern: str) -> list[ColumnElement[bool]]:
    """What holds of the totals in cells such as "555" or "5xx"."""
    recent, frequent, worth = tuple(pattern)
    found: list[ColumnElement[bool]] = [
        col(CustomerTotal.currency) == cuts.currency,
        col(CustomerTotal.orders) > 0,
    ]
    if recent.isdecimal():
        first, last = cuts.days_of(int(recent))
        if first is not None:
            found.append(col(CustomerTotal.last_at) >= datetime.combine(first, time(), UTC))
        if last is not None:
            ends = datetime.combine(last, time.max, UTC)
            found.append(col(CustomerTotal.last_at) <= ends)
    found += _between(col(CustomerTotal.orders), cuts.frequency, frequent)
    return found + _between(col(CustomerTotal.spent), cuts.money, worth)


def _between(column: Any, bounds: list[int], score: str) -> list[ColumnElement[bool]]:
    if not score.isdecimal():
        return []
    number = int(score)
    found = []
    if number > 1:
        found.append(column > bounds[number - 2])
    if number <= len(bounds):
        found.append(column <= bounds[number - 1])
    return found


def people_in(
    work: Work, cuts: RfmCuts, pattern: str, limit: int
) -> list[tuple[Contact, CustomerTotal]]:
    """Who is in a cell, who has spent most first."""
    return list(
        work.rows(
            select(Contact, CustomerTotal)
            .join(CustomerTotal, col(CustomerTotal.contact_id) == col(Contact.id))
            .where(*in_cell(cuts, pattern))
            .order_by(col(CustomerTotal.spent).desc(), col(CustomerTotal.id))
            .limit(limit)
        )
    )
