"""How many records are alike, kept in the transaction that changes them, so that nobody counts.

A record class names in `counted_in` the table of its counts, and says of each row among which
others it is counted (`kind_of`). `Transaction` tells of every record that it writes; a statement
over many rows is told of by whoever has it run. What has come together is written last, in one
order, so that processes that share a server wait for each other only while they commit.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, case, inspect, select
from sqlmodel import SQLModel

from storage.columns import new_id
from storage.records import Recipient, Record, Traveller

TALLIED: tuple[type[Record], ...] = (Recipient, Traveller)
# So many rows are looked at together when everything is counted anew.
_PART = 10_000

Kind = tuple[Any, ...]


class Tallies:
    """By how much one transaction changes the counts."""

    def __init__(self) -> None:
        # {record class: {kind: how many more there are}}, and the last of their moments.
        self._more: dict[type[Record], dict[Kind, int]] = {}
        self._last: dict[tuple[type[Record], Kind], datetime] = {}

    def __bool__(self) -> bool:
        return bool(self._more)

    def added(self, model: type[Record], row: Mapping[str, Any]) -> None:
        """There is one row more, as it is now."""
        self.note(model, model.kind_of(row), 1, model.moment_of(row))

    def gone(self, model: type[Record], row: Mapping[str, Any]) -> None:
        """There is one row less, as it was."""
        self.note(model, model.kind_of(row), -1, None)

    def note(self, model: type[Record], kind: Kind, many: int, last: datetime | None) -> None:
        """There are so many more of a kind, or less."""
        more = self._more.setdefault(model, {})
        more[kind] = more.get(kind, 0) + many
        if last is not None:
            self._last[model, kind] = max(last, self._last.get((model, kind), last))

    def take(self) -> Iterable[tuple[type[Record], list[dict[str, Any]]]]:
        """What is to be written, in one order everywhere; from here on nothing is."""
        more, self._more = self._more, {}
        last, self._last = self._last, {}
        for model in sorted(more, key=lambda each: str(each.__tablename__)):
            rows = [
                _row(model, kind, many, last.get((model, kind)))
                for kind, many in sorted(more[model].items(), key=lambda each: str(each[0]))
                if many
            ]
            if rows:
                yield model, rows


def _row(model: type[Record], kind: Kind, many: int, last: datetime | None) -> dict[str, Any]:
    tally: Any = model.counted_in
    row = dict(zip(tally.kinds, kind, strict=True))
    row |= {"id": new_id(), "version": 1, "many": many}
    return row | {"last_at": last} if "last_at" in tally.__table__.columns else row


@lru_cache(maxsize=8)
def adding(model: type[Record], dialect_name: str) -> Any:
    """The statement that adds to the counts of a kind of record."""
    tally: Any = model.counted_in
    table = tally.__table__
    if dialect_name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    statement = insert(table)
    new = statement.excluded
    changes = {"many": table.c.many + new.many, "version": table.c.version + 1}
    if "last_at" in table.columns:
        later = (table.c.last_at.is_(None)) | (new.last_at > table.c.last_at)
        changes["last_at"] = case((later, new.last_at), else_=table.c.last_at)
    return statement.on_conflict_do_update(index_elements=list(tally.kinds), set_=changes)


def install(connection: Connection) -> None:
    """Count what was there before there were counts; asked again it changes nothing."""
    there = set(inspect(connection).get_table_names())
    for model in TALLIED:
        tally: Any = model.counted_in
        # The step that brings the table may only be being written.
        if tally.__tablename__ in there and not _any(connection, tally):
            _count(connection, model)


def _any(connection: Connection, model: Any) -> bool:
    return connection.execute(select(model.__table__.c.id).limit(1)).first() is not None


def _count(connection: Connection, model: type[Record]) -> None:
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    tallies = Tallies()
    after = 0
    while True:
        some = select(table).where(table.c.id > after).order_by(table.c.id).limit(_PART)
        rows = connection.execute(some).mappings().all()
        for row in rows:
            tallies.added(model, dict(row))
        if len(rows) < _PART:
            break
        after = rows[-1]["id"]
    write(connection, tallies, connection.dialect)


def write(connection: Connection, tallies: Tallies, dialect: Dialect) -> None:
    """Add what has come together to the counts."""
    for model, rows in tallies.take():
        connection.execute(adding(model, dialect.name), rows)
