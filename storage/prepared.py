"""Statements compiled once and run by the driver itself.

SQLAlchemy sets a statement up anew each time that it is executed. That costs some 60 µs, four
times what SQLite takes to find or write a row; for the statements that every message needs it
was half of all the time. The SQL, the types and the transaction are SQLAlchemy's as before.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.columns import Choice

Processor = Callable[[Any], Any]


class Prepared:
    """One statement; its parameters and its rows go through the same types as ever."""

    def __init__(
        self, statement: Any, dialect: Dialect, names: Sequence[str] | None = None
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=names)
        binds = [compiled.binds[name] for name in compiled.positiontup]
        self.sql = str(compiled)
        # A parameter that changes from call to call has a name; the others have their value.
        self._names = [bind.key if bind.required else None for bind in binds]
        self._fixed = [None if bind.required else bind.effective_value for bind in binds]
        self._bound = _needed([_to_driver(bind.type, dialect) for bind in binds])
        self._found = _needed([_from_driver(c.type, dialect) for c in compiled._result_columns])
        self._take: Any = itemgetter(*self._names) if _several(self._names) else None

    @staticmethod
    def can_run(dialect: Dialect) -> bool:
        """With a server the way there and back costs more than all of this."""
        return dialect.name == "sqlite"

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run for each of the rows; how many rows of the table that touched."""
        driver: Any = connection.connection.dbapi_connection
        if len(rows) == 1:
            return int(driver.execute(self.sql, self._parameters(rows[0])).rowcount)
        return int(driver.executemany(self.sql, map(self._parameters, rows)).rowcount)

    def find(
        self, connection: Connection, values: Mapping[str, Any] | None, most: int | None
    ) -> list[Sequence[Any]]:
        """The rows found, the first `most` of them or all."""
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.execute(self.sql, self._parameters(values or {}))
        rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
        cursor.close()
        return [self._typed(row) for row in rows]

    def _parameters(self, values: Mapping[str, Any]) -> list[Any]:
        if self._take is not None:
            parameters = list(self._take(values))
        else:
            pairs = zip(self._names, self._fixed, strict=True)
            parameters = [fixed if name is None else values[name] for name, fixed in pairs]
        for at, process in self._bound:
            parameters[at] = process(parameters[at])
        return parameters

    def _typed(self, row: Sequence[Any]) -> Sequence[Any]:
        typed = list(row)
        for at, process in self._found:
            if typed[at] is not None:
                typed[at] = process(typed[at])
        return typed


# A piece of work writes its moment into many columns, busy customers are read again and again, and
# words come from short lists: what such a value is to the driver, and the other way, is remembered.
MOMENTS = 4096
WORDS = 64
_moments: dict[str, Processor] = {}


def _to_driver(type: Any, dialect: Dialect) -> Processor | None:
    return _remembering(type, type._cached_bind_processor(dialect), "to")


def _from_driver(type: Any, dialect: Dialect) -> Processor | None:
    return _remembering(type, type._cached_result_processor(dialect, None), "from")


def _remembering(type: Any, process: Processor | None, way: str) -> Processor | None:
    if process is None or not isinstance(type, UTCDateTime | Choice):
        return process
    if isinstance(type, Choice):
        return lru_cache(WORDS)(process)
    # All columns of moments share one memory.
    return _moments.setdefault(way, lru_cache(MOMENTS)(process))


def _several(names: list[str | None]) -> bool:
    return len(names) > 1 and None not in names


def _needed(processors: list[Processor | None]) -> list[tuple[int, Processor]]:
    return [(at, process) for at, process in enumerate(processors) if process is not None]
