"""Column types and keys: time-ordered ids, words from a fixed list, JSON."""

import secrets
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, Dialect, Integer, String, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

# 2024-01-01T00:00:00Z, so that 41 bits of milliseconds last until 2093.
EPOCH_MS = 1_704_067_200_000
NODE_BITS = 12
SEQUENCE_BITS = 10
# So many ids of one process in one millisecond.
IN_A_ROW = 1 << SEQUENCE_BITS


class Ids:
    """Ids that grow with time, made without asking the database.

    63 bits: milliseconds since 2024 (41), the process (12, random at start), a counter (10). So
    records that are made together can point at each other before either is stored. When more
    than 1,024 are asked for in one millisecond the counter borrows from the next one.
    """

    def __init__(self, node: int) -> None:
        self._node = (node & ((1 << NODE_BITS) - 1)) << SEQUENCE_BITS
        self._tick = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        # A clock that is set back must not make an id smaller than the one before it.
        with self._lock:
            now = (time.time_ns() // 1_000_000 - EPOCH_MS) << SEQUENCE_BITS
            self._tick = max(self._tick + 1, now)
            return self._id(self._tick)

    def in_a_row(self, many: int) -> int:
        """The first of up to 1,024 ids without a gap."""
        if many > IN_A_ROW:
            raise ValueError(f"{many} ids: no more than {IN_A_ROW} stand in a row")
        with self._lock:
            now = (time.time_ns() // 1_000_000 - EPOCH_MS) << SEQUENCE_BITS
            first = max(self._tick + 1, now)
            if first % IN_A_ROW + many > IN_A_ROW:
                # They would go over the edge of a millisecond, and behind that is the process.
                first = (first // IN_A_ROW + 1) * IN_A_ROW
            self._tick = first + many - 1
            return self._id(first)

    def _id(self, tick: int) -> int:
        milliseconds, counter = divmod(tick, IN_A_ROW)
        return (milliseconds << (NODE_BITS + SEQUENCE_BITS)) | self._node | counter


_ids = Ids(secrets.randbits(NODE_BITS))


def new_id() -> int:
    """The next id of this process."""
    return _ids.next()


def new_ids(many: int) -> int:
    """The first of the next ids of this process, up to 1,024 of them without a gap."""
    return _ids.in_a_row(many)


def id_before(length: timedelta) -> int:
    """An id greater than all that this process made so long ago, and smaller than later ones."""
    return new_id() - (int(length.total_seconds() * 1000) << (NODE_BITS + SEQUENCE_BITS))


# SQLite gives a table its fast integer key only under the name INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Json(TypeDecorator[Any]):
    """JSON; on PostgreSQL the kind that is kept taken apart."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The dialect is asked for only where it is spoken: importing it takes a while."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(JSON())


class Choice(TypeDecorator[StrEnum]):
    """One word of an enum, kept as plain text.

    Plain text, because a native enum type needs a migration for every new member, and because a
    wrong member on SQLite would make every later read of the table fail. A wrong word is refused
    when it is written; an unknown one (from newer code) reads as plain text.
    """

    impl = String(24)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self._by_value: Mapping[str, StrEnum] = {word.value: word for word in words}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value not in self._by_value:
            raise ValueError(f"{value!r} is not a {self.words.__name__}")
        return str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return self._by_value.get(value, value)

    def __repr__(self) -> str:
        # Migrations write what they see here: the words are the code's matter, not the schema's.
        return "sa.String(length=24)"


class CityWord(ColumnElement[str]):
    """The city among somebody's own fields, in small letters: by each database's own words.

    It is always the same expression, so that it can be answered from an index.
    """

    inherit_cache = True
    type = String()
    # What makes two of them the same.
    _traverse_internals = [("custom", InternalTraversal.dp_clauseelement)]  # noqa: RUF012

    def __init__(self, custom: Any) -> None:
        self.custom = custom


@compiles(CityWord)
def _city_word(element: CityWord, compiler: Any, **how: Any) -> str:
    custom = compiler.process(element.custom, **how)
    if compiler.dialect.name == "postgresql":
        return f"lower({custom} ->> 'city')"
    return f"lower(json_extract({custom}, '$.city'))"
