"""Two become one and two again: nothing is lost, and an undo leaves no trace."""

import itertools
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    Numeric,
    Table,
    UniqueConstraint,
    insert,
)
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from handlers.actions import merging as actions
from handlers.actions import totals
from handlers.actions.merging import Choice
from storage.columns import Choice as Words
from storage.columns import new_id
from storage.engine import Store
from storage.errors import Refused
from storage.queries import doubles, merging
from storage.records import Contact, Merge
from storage.work import Work

NOW = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)
# What keeps the books of merging itself, and the notes for the index of names.
BOOKS = {"audit", "doubles", "merges", "merge_steps", "name_changes"}
# What is counted in these is another law (see `test_tallies`); here nobody counts.
BOOKS |= {"recipient_tallies", "traveller_tallies"}
ABOUT_PEOPLE = sorted({table.name for table, _ in merging.columns_at_contacts()})


def test_it_is_decided_for_every_table_what_a_merge_does_with_it() -> None:
    """A new table that points at contacts is moved, joined or counted anew."""
    lists = (merging.MOVED, merging.JOINED, merging.DERIVED)

    assert set(ABOUT_PEOPLE) == set().union(*lists)
    assert sum(map(len, lists)) == len(ABOUT_PEOPLE)


# Never the same twice, in whatever example.
_COUNT = itertools.count(1)


class Filler:
    """Puts rows into any table, so that a table that is yet to come is tried as well."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._parents: dict[str, int] = {}

    def contact(self, **values: Any) -> int:
        return self.row(SQLModel.metadata.tables["contacts"], values)

    def row(self, table: Table, given: dict[str, Any]) -> int:
        """A row with these values, and some for the columns that must have one."""
        self._count = next(_COUNT)
        row: dict[str, Any] = {"id": new_id(), "version": 1 + self._count % 3}
        for column in table.columns:
            if column.name in given or column.name in row:
                continue
            key = next(iter(column.foreign_keys), None)
            if key is not None:
                parent = key.column.table
                if not column.nullable:
                    lone = _only_once(table, column.name)
                    row[column.name] = self.row(parent, {}) if lone else self.parent(parent)
                else:
                    row[column.name] = None
            elif not column.nullable:
                row[column.name] = self._value(column.type)
        self._work.execute(insert(table), row | given)
        return int(row["id"])

    def parent(self, table: Table) -> int:
        if table.name not in self._parents:
            self._parents[table.name] = self.row(table, {})
        return self._parents[table.name]

    def _value(self, kind: Any) -> Any:
        if isinstance(kind, Words):
            return next(iter(kind.words))
        for types, value in (
            ((UTCDateTime, DateTime), NOW + timedelta(seconds=self._count)),
            ((Date,), NOW.date()),
            ((Boolean,), False),
            ((Numeric, Float), Decimal(self._count)),
            ((Integer,), self._count),
        ):
            if isinstance(kind, types):
                return value
        python = getattr(kind, "python_type", str)
        return {"n": self._count} if python in (dict, list) else f"v{self._count}"


def _only_once(table: Table, column: str) -> bool:
    return any(
        isinstance(each, UniqueConstraint) and column in [c.name for c in each.columns]
        for each in table.constraints
    )


def everything(store: Store) -> dict[str, list[Any]]:
    """Every row of every table but the books, as the database holds it."""
    with store.engine.connect() as connection, connection.begin():
        return {
            table.name: [
                tuple(row)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}" ORDER BY id')
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in BOOKS
        }


def counted(rows: dict[str, list[Any]]) -> int:
    return sum(map(len, rows.values()))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Store]:
    """One database for all examples; each makes contacts of its own."""
    path = tmp_path_factory.mktemp("merging") / "rapport.db"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()


# To look for the smallest example takes minutes where each is a database's work.
PHASES = (Phase.explicit, Phase.generate)
_FIELD = st.sampled_from([None, "x", "y"])
_CONTACT = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Anna Lee", "Ann Lee", "李安娜"]),
        "company": _FIELD,
        "zone": _FIELD,
        "source": _FIELD,
        "stage": st.sampled_from(["lead", "customer", "former"]),
        "birthday": st.sampled_from([None, NOW.date()]),
        "blocked_at": st.sampled_from([None, NOW]),
        "last_heard_at": st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
        "custom": st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3),
    }
)
# Which tables have a row of whom, with which of a few values where only one may be.
_ROWS = st.lists(
    st.tuples(st.sampled_from(ABOUT_PEOPLE), st.integers(0, 2), st.integers(0, 1)), max_size=12
)
_TAKEN = st.frozensets(st.sampled_from([*actions.CHOSEN, "custom.a", "custom.b"]))


def _fill(work: Work, people: list[dict[str, Any]], rows: list[tuple[str, int, int]]) -> list[int]:
    filler = Filler(work)
    ids = [filler.contact(**values) for values in people]
    seen: set[tuple[str, int, int]] = set()
    campaign = [filler.row(SQLModel.metadata.tables["campaigns"], {}) for _ in range(2)]
    for name, who, which in rows:
        if name in merging.DERIVED or (name in merging.JOINED and (name, who, which) in seen):
            continue
        if name == "preferences" and (name, who, 1 - which) in seen:
            continue
        seen.add((name, who, which))
        keys: dict[str, dict[str, Any]] = {
            "consents": {"topic": f"t{which}", "granted": bool(who % 2), "at": NOW},
            "contact_tags": {"tag": f"tag{which}"},
            "recipients": {"campaign_id": campaign[which]},
        }
        key = keys.get(name, {})
        filler.row(SQLModel.metadata.tables[name], {"contact_id": ids[who]} | key)
    totals.recount_many(work, ids)
    return ids


def _merge(work: Work, survivor: int, gone: int, taken: frozenset[str]) -> int:
    made = actions.merge(
        work, work.sure(Contact, survivor), work.sure(Contact, gone), Choice(taken)
    )
    return made.id


def _undo(work: Work, merge: int) -> bool:
    try:
        actions.undo(work, work.sure(Merge, merge))
    except Refused as refused:
        assert refused.key == "merging.undo_later_first"
        return False
    return True


def _is_undone(work: Work, merge: int) -> bool:
    return work.sure(Merge, merge).undone_at is not None


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(st.tuples(_CONTACT, _CONTACT, _CONTACT), _ROWS, _TAKEN)
def test_an_undo_restores_every_table_byte_for_byte(
    empty: Store, people: tuple[dict[str, Any], ...], rows: Any, taken: frozenset[str]
) -> None:
    """Whatever there was of the two, and whatever was chosen; third persons are left alone."""
    first, second, _ = empty.write(lambda work: _fill(work, list(people), rows))
    before = everything(empty)

    merge = empty.write(lambda work: _merge(work, first, second, taken))
    assert empty.read(lambda work: work.get(Contact, second)) is None
    assert empty.write(lambda work: _undo(work, merge))

    assert everything(empty) == before


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(st.tuples(_CONTACT, _CONTACT, _CONTACT), _ROWS)
def test_a_merge_loses_no_row(empty: Store, people: tuple[dict[str, Any], ...], rows: Any) -> None:
    """Every row is there, or stands whole among the steps of the merge; nobody points nowhere."""
    first, second, _ = empty.write(lambda work: _fill(work, list(people), rows))
    before = everything(empty)
    merge = empty.write(lambda work: _merge(work, first, second, frozenset()))
    after = everything(empty)

    steps = empty.read(lambda work: doubles.steps_of(work, work.sure(Merge, merge)))
    kept = {
        (step.table_name, row["id"][0])
        for step in steps
        if step.kind in ("removed", "derived")
        for row in step.rows
    }
    for name, found in before.items():
        there = {row[0] for row in after[name]}
        assert all(row[0] in there or (name, row[0]) in kept for row in found), name
    for table, column in merging.columns_at_contacts():
        at = list(table.columns.keys()).index(column)
        assert all(row[at] != second for row in after[table.name])


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(
    st.tuples(_CONTACT, _CONTACT, _CONTACT),
    _ROWS,
    st.booleans(),
    st.permutations([0, 1]),
)
def test_merges_one_upon_the_other_come_apart_in_any_order_that_is_allowed(
    empty: Store, people: tuple[dict[str, Any], ...], rows: Any, inward: bool, order: list[int]
) -> None:
    """The inner one is refused kindly while the outer one holds; in the end all is as before."""
    one, two, three = empty.write(lambda work: _fill(work, list(people), rows))
    before = everything(empty)
    merges = [empty.write(lambda work: _merge(work, one, two, frozenset()))]
    outer = (one, three) if inward else (three, one)
    merges.append(empty.write(lambda work: _merge(work, *outer, frozenset())))

    for number in [*order, 1, 0]:
        merge = merges[number]
        if not empty.read(partial(_is_undone, merge=merge)):
            undone = empty.write(partial(_undo, merge=merge))
            assert undone or number == 0

    assert everything(empty) == before
