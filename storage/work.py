"""Work: one transaction with its moment and its actor, and the one way to read and write records.

Several pieces of work may share a transaction (see `storage.engine.Writer`). What one of them
adds waits in `Transaction` and is written by plain multi-row statements, a table at a time, when
a query asks for that table or at the end. Beside an ORM session that keeps five times the speed,
and there is still one way to write: `work.add(record)`, or change a record that was read.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnClause,
    Connection,
    Dialect,
    Engine,
    Insert,
    Table,
    Update,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.sql import Executable
from sqlalchemy.sql.selectable import Select
from sqlalchemy.sql.visitors import iterate
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from storage.errors import Busy, Duplicate, Stale
from storage.memory import Key, Memory
from storage.prepared import Prepared
from storage.records import Contact, Member, Record, Role
from storage.tallies import Kind, Tallies, adding

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Clock:
    """What time it is. Playground and tests push it forward; nothing else asks the system."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta() if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def push(self, ahead: timedelta) -> None:
        """Let that much time pass at once."""
        self._ahead += ahead


@dataclass(frozen=True)
class Actor:
    """On whose behalf something is done: a member, a customer, or the system itself."""

    name: str
    member: Member | None = None
    contact: Contact | None = None
    # The job, the command line: what the house does by itself.
    system: bool = False

    @property
    def role(self) -> Role | None:
        """A member's role; None for everybody else."""
        return self.member.role if self.member and self.member.active else None

    @property
    def language(self) -> str:
        """In which language to answer."""
        person = self.member or self.contact
        return person.language if person else "en"

    @property
    def zone(self) -> str:
        """By which clock to answer."""
        person = self.member or self.contact
        return (person.zone if person else None) or "UTC"


SYSTEM = Actor(name="system", system=True)
NOBODY = Actor(name="nobody")

_TABLE_ORDER: dict[str, int] = {}


def _order(table: Table) -> int:
    # A row may point only at rows that stand already: the tables in order of their keys.
    if not _TABLE_ORDER:
        _TABLE_ORDER.update({t.name: n for n, t in enumerate(SQLModel.metadata.sorted_tables)})
    return _TABLE_ORDER[table.name]


def table_of(model: type[Record]) -> Table:
    """The table that a record class stands for."""
    table: Table = model.__table__
    return table


@lru_cache(maxsize=256)
def _record_of(table: Table) -> type[Record]:
    records: list[type[Record]] = Record.__subclasses__()
    return next(each for each in records if table_of(each) is table)


@lru_cache(maxsize=256)
def _with_parents(tables: frozenset[str]) -> frozenset[str]:
    """These tables and all that their rows may point at."""
    found = set(tables)
    waiting = list(tables)
    while waiting:
        for key in SQLModel.metadata.tables[waiting.pop()].foreign_keys:
            parent = key.column.table.name
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)


@lru_cache(maxsize=256)
def _insert_of(table: Table) -> Insert:
    return insert(table)


@lru_cache(maxsize=256)
def _filled(table: Table) -> Callable[[dict[str, Any]], tuple[str, ...]]:
    """Which columns of a row are to be written: empty ones are empty by themselves.

    A third of all columns are, and the driver takes longer for nothing than for a number.
    """
    if any(column.nullable and _has_default(column) for column in table.columns):
        return tuple
    return lambda row: tuple([name for name, value in row.items() if value is not None])


def _alike(
    table: Table, rows: list[dict[str, Any]]
) -> Iterable[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Rows by the columns that they fill: each kind is one statement."""
    filled = _filled(table)
    if _points_at_itself(table):
        # In their order: one of them may point at another.
        return [(names, list(group)) for names, group in groupby(rows, filled)]
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(filled(row), []).append(row)
    return groups.items()


@lru_cache(maxsize=256)
def _points_at_itself(table: Table) -> bool:
    return any(key.column.table is table for key in table.foreign_keys)


def _has_default(column: Any) -> bool:
    return column.default is not None or column.server_default is not None


@lru_cache(maxsize=512)
def _update_of(table: Table, names: tuple[str, ...]) -> Update:
    return (
        update(table)
        .where(table.c.id == bindparam("_id"), table.c.version == bindparam("_version"))
        .values({name: bindparam(name) for name in names} | {"version": table.c.version + 1})
    )


@lru_cache(maxsize=256)
def _columns_of(model: type[Record]) -> tuple[str, ...]:
    return tuple(table_of(model).columns.keys())


@lru_cache(maxsize=256)
def _by_id(model: type[Record]) -> Select[Any]:
    table = table_of(model)
    return select(table).where(table.c.id == bindparam("id"))


@lru_cache(maxsize=256)
def _by_key(model: type[Record]) -> Select[Any]:
    table = table_of(model)
    return select(table).where(*(table.c[name] == bindparam(name) for name in model.natural_key))


@dataclass
class _Plan:
    """What a statement reads, and how its rows become records."""

    tables: frozenset[str]
    # The columns that it looks at (finds, joins, orders by, returns as plain values), by name.
    # A record that is returned whole is not among them: it comes from `Transaction.known`.
    columns: frozenset[str]
    # For each thing selected: the record class, or None for a plain value.
    entities: tuple[type[Record] | None, ...]
    # Whether it is known from the first time on that it is used again.
    is_kept: bool
    uses: int = 0
    prepared: Prepared | None = None

    def ready(self, statement: Any, dialect: Dialect) -> Prepared | None:
        """The statement prepared; None at its first use, which may be its only one."""
        if not Prepared.can_run(dialect):
            return None
        self.uses += 1
        if self.prepared is None and (self.is_kept or self.uses > 1):
            self.prepared = Prepared(statement, dialect)
        return self.prepared


# The option of a statement that is made once and used again and again.
KEPT = "kept"
_plans: weakref.WeakKeyDictionary[Any, _Plan] = weakref.WeakKeyDictionary()
# The statements that write records, as they are made.
_prepared: dict[tuple[Any, tuple[str, ...] | None], Prepared] = {}


def _plan_of(statement: Any) -> _Plan:
    plan = _plans.get(statement)
    if plan is None:
        entities: list[type[Record] | None] = []
        for chosen in getattr(statement, "_raw_columns", ()):
            if isinstance(chosen, Table):
                entities.append(_record_of(chosen))
            else:
                entities.extend(None for _ in chosen._select_iterable)
        parts = list(iterate(statement))
        tables = frozenset(part.name for part in parts if isinstance(part, Table))
        columns = frozenset(part.name for part in parts if isinstance(part, ColumnClause))
        is_kept = KEPT in statement.get_execution_options()
        plan = _plans[statement] = _Plan(tables, columns, tuple(entities), is_kept)
    return plan


@dataclass
class Transaction:
    """One database transaction, shared by the pieces of work that were waiting together."""

    connection: Connection
    known: dict[tuple[type[Record], int], Record] = field(default_factory=dict)
    new: dict[Table, list[Record]] = field(default_factory=dict)
    changed: dict[Table, dict[int, Record]] = field(default_factory=dict)
    # Which columns the changed records change, taken together.
    changing: dict[Table, set[str]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    # What earlier transactions have left in mind; None where others write too.
    memory: Memory | None = None
    # Who has which natural key, as far as it was asked or is to be; None for nobody.
    keys: dict[Key, int | None] = field(default_factory=dict)
    # Tables that a statement over many rows has changed.
    swept: set[str] = field(default_factory=set)
    # By how much the counts of records that are alike change.
    tallies: Tallies = field(default_factory=Tallies)

    def recall(self, model: type[R], id: int) -> R | None:
        """The record as this transaction or an earlier one knows it."""
        known = self.known.get((model, id))
        if known is None and self.memory is not None:
            known = self.memory.get(model, id)
            if known is not None:
                self.known[model, id] = known
        return known  # type: ignore[return-value]

    def sweep(self, table: str) -> None:
        """Many rows of a table are changed at once: what is remembered of it may be wrong."""
        self.swept.add(table)
        self.written.add(table)
        self.keys = {key: id for key, id in self.keys.items() if key[0].__tablename__ != table}
        if self.memory is not None:
            self.memory.drop_table(table)

    def forget(self, model: type[Record], ids: Iterable[int]) -> None:
        """These records are about to be changed by a statement: they must be read anew."""
        keys = [(model, id) for id in ids]
        for key in keys:
            self.known.pop(key, None)
        if self.memory is not None:
            self.memory.drop(keys)

    def write_one(self, model: type[Record], statement: Any, values: Mapping[str, Any]) -> int:
        """Run a statement that changes records of one kind; how many rows it touched."""
        self.written.add(table_of(model).name)
        if not Prepared.can_run(self.connection.dialect):
            return int(self.run_counted(statement, values).rowcount)
        return self._write_rows(statement, None, [dict(values)])

    def grown(self, table: str) -> None:
        """Many rows are added at once: what nobody had may be somebody's by now."""
        self.written.add(table)
        self.keys = {
            key: id
            for key, id in self.keys.items()
            if id is not None or key[0].__tablename__ != table
        }
        if self.memory is not None:
            self.memory.forget_nobody(table)

    def committed(self) -> None:
        """It is all on disk: the next transaction may count on it."""
        if self.memory is None:
            return
        self.memory.keep(self.known, self.swept)
        for key, id in self.keys.items():
            self.memory.keep_key(key, id)

    def undone(self) -> None:
        """Nothing of it has happened: what it has touched is not as it is remembered."""
        if self.memory is not None:
            self.memory.drop(self.known)

    def run(self, statement: Executable, values: Any = None) -> Any:
        """Execute, with the database's refusals turned into ours."""
        with self._refusals():
            return self.connection.execute(statement, values)

    def run_counted(self, statement: Executable, values: Any = None) -> Any:
        """The same; how many rows it touched is known afterwards.

        Of an INSERT … SELECT the driver for PostgreSQL has forgotten it by then, unless asked.
        """
        with self._refusals():
            options = {"preserve_rowcount": True}
            return self.connection.execute(statement, values, execution_options=options)

    def find(self, plan: _Plan, statement: Any, values: Any, most: int | None) -> list[Any]:
        """The rows that a statement finds, the first `most` of them or all."""
        prepared = plan.ready(statement, self.connection.dialect)
        if prepared is None:
            with self.run(statement, values) as found:
                return list(found.all() if most is None else found.fetchmany(most))
        with self._refusals():
            return prepared.find(self.connection, values, most)

    def _write_rows(
        self, statement: Any, names: tuple[str, ...] | None, rows: list[dict[str, Any]]
    ) -> int:
        dialect = self.connection.dialect
        if not Prepared.can_run(dialect):
            return int(self.run(statement, rows).rowcount)
        prepared = _prepared.get((statement, names))
        if prepared is None:
            prepared = _prepared[statement, names] = Prepared(statement, dialect, names)
        with self._refusals():
            return prepared.write(self.connection, rows)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        driver: Any = self.connection.dialect.dbapi
        try:
            yield
        except IntegrityError as taken:
            raise Duplicate(str(taken.orig)) from taken
        except OperationalError as trouble:
            raise Busy(str(trouble.orig)) from trouble
        except driver.IntegrityError as taken:
            raise Duplicate(str(taken)) from taken
        except driver.OperationalError as trouble:
            raise Busy(str(trouble)) from trouble

    def flush(self) -> None:
        """Write everything that waits."""
        self._write(self.new.keys() | self.changed.keys())

    def flush_for(self, plan: _Plan) -> None:
        """Write what waits and could change what a statement finds.

        Everything else waits for the statements that write many rows at once: a message's
        question about its customer must not make the group's rows go one by one.
        """
        if not self._concerns(plan):
            return
        concerned = _with_parents(plan.tables)
        self._write({t for t in self.new.keys() | self.changed.keys() if t.name in concerned})

    def _concerns(self, plan: _Plan) -> bool:
        for table in self.new:
            if table.name in plan.tables:
                return True
        return any(
            table.name in plan.tables and not plan.columns.isdisjoint(columns)
            for table, columns in self.changing.items()
        )

    def _write(self, tables: Iterable[Table]) -> None:
        for table in sorted(tables, key=_order):
            self._insert(table)
            self._update(table)

    def count_up(self) -> None:
        """Write by how much the counts have changed; it is the last thing that is written."""
        if not self.tallies:
            return
        for model, rows in self.tallies.take():
            statement = adding(model, self.connection.dialect.name)
            self._write_rows(statement, tuple(rows[0]), rows)
            self.written.add(table_of(model).name)

    def _insert(self, table: Table) -> None:
        records = self.new.pop(table, None)
        if not records:
            return
        if records[0].counted_in is not None:
            for record in records:
                self.tallies.added(type(record), record.content())
        for names, rows in _alike(table, [record.content() for record in records]):
            self._write_rows(_insert_of(table), names, rows)
        self.written.add(table.name)
        for record in records:
            record.settle()

    def _update(self, table: Table) -> None:
        by_columns: dict[tuple[str, ...], list[tuple[Record, dict[str, Any]]]] = {}
        self.changing.pop(table, None)
        for record in self.changed.pop(table, {}).values():
            changes = record.changes()
            if changes:
                by_columns.setdefault(tuple(sorted(changes)), []).append((record, changes))
                if record.counted_in is not None:
                    self.tallies.gone(type(record), record.stored())
                    self.tallies.added(type(record), record.content())
        for names, pairs in by_columns.items():
            if not set(type(pairs[0][0]).natural_key).isdisjoint(names):
                self.sweep(table.name)
            rows = [c | {"_id": r.id, "_version": r.version} for r, c in pairs]
            if self._write_rows(_update_of(table, names), None, rows) != len(rows):
                raise Stale(table.name)
            self.written.add(table.name)
            for record, _ in pairs:
                record.__dict__["version"] = record.version + 1
                record.settle()


class Work:
    """One transaction's worth of doing: `now` is read once, `actor` is who does it."""

    def __init__(self, transaction: Transaction, now: datetime, actor: Actor = SYSTEM) -> None:
        self.now = now
        self.actor = actor
        self._transaction = transaction
        self._touched: list[Record] = []

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"; for the few queries that must differ."""
        return self._transaction.connection.dialect.name

    @property
    def engine(self) -> Engine:
        """The engine behind this work: what may be kept between transactions is kept by it."""
        return self._transaction.connection.engine

    def acting_as(self, actor: Actor) -> "Work":
        """The same transaction and moment on somebody else's behalf."""
        other = Work(self._transaction, self.now, actor)
        other._touched = self._touched
        return other

    def as_system(self) -> "Work":
        """The same on behalf of the house: for what follows by itself from what was allowed."""
        return self.acting_as(SYSTEM)

    # Writing

    def add(self, record: R) -> R:
        """Store a new record, at the latest when the transaction commits."""
        transaction = self._transaction
        transaction.new.setdefault(table_of(type(record)), []).append(record)
        transaction.known[type(record), record.id] = record
        if record.natural_key:
            key = (type(record), *(getattr(record, name) for name in record.natural_key))
            transaction.keys[key] = record.id
        # A query may have it written soon, and what is changed afterwards must follow.
        return self._touch(record)  # type: ignore[return-value]

    def adopt(self, record: R) -> R:
        """A copy, to be changed here, of a record that was read in an earlier transaction.

        It saves the reading. When somebody else has changed it since, the flush raises Stale.
        """
        key = (type(record), record.id)
        known = self._transaction.known.get(key)
        if known is None:
            known = self._transaction.known[key] = type(record).loaded(record.content())
        return self._touch(known)  # type: ignore[return-value]

    def delete(self, record: Record) -> None:
        """Remove a record."""
        self.flush()
        if record.counted_in is not None:
            self._transaction.tallies.gone(type(record), record.content())
        table = table_of(type(record))
        self._transaction.run(table.delete().where(table.c.id == record.id))
        self._transaction.written.add(table.name)
        self._transaction.known.pop((type(record), record.id), None)
        if self._transaction.memory is not None:
            self._transaction.memory.drop([(type(record), record.id)])

    def execute(self, statement: Executable, values: Any = None) -> Any:
        """Run a statement over many rows at once (INSERT … SELECT, a bulk UPDATE); its result."""
        self.flush()
        table = getattr(statement, "table", None)
        if type(statement) is Insert:
            # It adds, and changes nothing that is there: so much is not said of a dialect's own.
            self._transaction.grown(statement.table.name)
        elif table is not None:
            self._transaction.sweep(table.name)
        return self._transaction.run_counted(statement, values)

    def execute_on(
        self, model: type[Record], ids: Iterable[int], statement: Any, values: Mapping[str, Any]
    ) -> int:
        """Run a statement that is prepared once and changes these records, or adds some; how many.

        Unlike after `execute`, what is remembered of the table's other records stays.
        """
        self.flush()
        self._transaction.forget(model, ids)
        return self._transaction.write_one(model, statement, values)

    def tally(
        self, model: type[Record], kind: Kind, many: int, last: datetime | None = None
    ) -> None:
        """A statement over many rows has made so many more of a kind of records, or less."""
        self._transaction.tallies.note(model, kind, many, last)

    def count_up(self) -> None:
        """Write what waits, so that the counts of records that are alike are right."""
        self.flush()
        self._transaction.count_up()

    def reread(self) -> None:
        """Write what waits and read every record anew: statements have changed many of them."""
        self.flush()
        self._transaction.known.clear()

    def flush(self) -> None:
        """Write what waits, so that statements see it."""
        self.note_changes()
        self._transaction.flush()

    def let_go(self) -> None:
        """Write what waits and forget what was read: for going through very many records."""
        self.flush()
        transaction = self._transaction
        if transaction.memory is not None and not transaction.connection.closed:
            # What it has changed is true only once it is committed.
            transaction.memory.drop(transaction.known)
        transaction.known.clear()
        transaction.keys.clear()
        self._touched.clear()

    def note_changes(self) -> None:
        """Hand the changed records to the transaction."""
        changed, changing = self._transaction.changed, self._transaction.changing
        for record in self._touched:
            # Most have only been looked at.
            changes = record.__pydantic_private__ and record.changes()
            if changes:
                table = table_of(type(record))
                changed.setdefault(table, {})[record.id] = record
                changing.setdefault(table, set()).update(changes)

    # Reading

    def get(self, model: type[R], id: int | None) -> R | None:
        """The record with that id, or None."""
        if id is None:
            return None
        known = self._transaction.recall(model, id)
        if known is not None:
            return self._touch(known)  # type: ignore[return-value]
        statement = _by_id(model)
        rows = self._transaction.find(_plan_of(statement), statement, {"id": id}, most=1)
        return self._load(model, rows[0]) if rows else None

    def by_key(self, model: type[R], *values: Any) -> R | None:
        """The record that has these values as its natural key, or None."""
        key = (model, *values)
        transaction, memory = self._transaction, self._transaction.memory
        if key in transaction.keys:
            id = transaction.keys[key]
            if id is None:
                return None
        elif memory is not None and memory.is_nobody(key):
            return None
        else:
            id = None if memory is None else memory.id_by(key)
        found = self.get(model, id)
        if found is not None and all(
            getattr(found, name) == value
            for name, value in zip(model.natural_key, values, strict=True)
        ):
            return found
        # What was added and waits is among the keys, so nothing need be written before we ask.
        statement = _by_key(model)
        sought = dict(zip(model.natural_key, values, strict=True))
        rows = transaction.find(_plan_of(statement), statement, sought, most=1)
        transaction.keys[key] = rows[0][0] if rows else None
        return self._load(model, rows[0]) if rows else None

    def sure(self, model: type[R], id: int) -> R:
        """The record with that id, which must exist: another record points at it."""
        record = self.get(model, id)
        if record is None:
            raise LookupError(f"{model.__name__} {id} is gone")
        return record

    def all(self, statement: SelectOfScalar[R], values: Any = None) -> list[R]:
        """The records that a one-entity select finds, in its order."""
        plan, rows = self._rows(statement, values)
        model: Any = plan.entities[0]
        return [self._load(model, row) for row in rows]

    def first(self, statement: SelectOfScalar[R], values: Any = None) -> R | None:
        """The first record that a one-entity select finds, or None."""
        plan, rows = self._rows(statement, values, most=1)
        model: Any = plan.entities[0]
        return self._load(model, rows[0]) if rows else None

    def rows(self, statement: Any, values: Any = None) -> Iterator[tuple[Any, ...]]:
        """Rows of a select of several things, in the order selected.

        Records (None where an outer join found none) and plain values.
        """
        plan, rows = self._rows(statement, values)
        for row in rows:
            yield self._split(plan, row)

    def scalar(self, statement: Any, values: Any = None) -> Any:
        """The one value that a select computes, or None when it finds no row."""
        _, rows = self._rows(statement, values, most=1)
        return rows[0][0] if rows else None

    def _rows(
        self, statement: Any, values: Any, most: int | None = None
    ) -> tuple[_Plan, list[Sequence[Any]]]:
        plan = _plan_of(statement)
        self.note_changes()
        self._transaction.flush_for(plan)
        return plan, self._transaction.find(plan, statement, values, most)

    def _split(self, plan: _Plan, row: Sequence[Any]) -> tuple[Any, ...]:
        found: list[Any] = []
        at = 0
        for entity in plan.entities:
            if entity is None:
                found.append(row[at])
                at += 1
                continue
            width = len(_columns_of(entity))
            # An outer join that finds nothing fills the whole record with nothing, its id too.
            is_there = row[at] is not None
            found.append(self._load(entity, row[at : at + width]) if is_there else None)
            at += width
        return tuple(found)

    def _load(self, model: type[R], row: Sequence[Any]) -> R:
        # The id is the first column of every table.
        record = self._transaction.recall(model, row[0])
        if record is None:
            content = dict(zip(_columns_of(model), row, strict=True))
            record = self._transaction.known[model, row[0]] = model.loaded(content)
        return self._touch(record)  # type: ignore[return-value]

    def _touch(self, record: Record) -> Record:
        self._touched.append(record)
        return record


Piece = Callable[[Work], T]
