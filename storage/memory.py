"""What the writer remembers between its transactions: who writes to us, and about what.

On SQLite all writing goes through one thread of one process (`storage.guard` sees to that), so
what it wrote last is what the database holds: a customer who writes again need not be read again.
A transaction that fails takes what it has touched with it, and a statement over many rows the
whole table.
"""

from functools import lru_cache
from typing import Any, TypeVar

from storage.records import Record

R = TypeVar("R", bound=Record)

# Some 1.5 kB each. Whoever has been silent for longest is forgotten first.
ROOM = 20_000
# One of so many is forgotten when there is no room.
PART = 10

Key = tuple[Any, ...]


@lru_cache(maxsize=256)
def _is_kept(table: str) -> bool:
    """Whether anything of a table may be remembered at all."""
    return any(
        model.remembered or model.natural_key
        for model in Record.__subclasses__()
        if getattr(model, "__tablename__", None) == table
    )


class Memory:
    """Records as the last commit left them, by id and by natural key."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._records: dict[tuple[type[Record], int], Record] = {}
        # A hint: whether the record still has that key is for the asker to see.
        self._ids: dict[Key, int] = {}
        # Keys that nobody has. This must be exact.
        self._nobody: set[Key] = set()

    def get(self, model: type[R], id: int) -> R | None:
        """The record, if it is remembered."""
        return self._records.get((model, id))  # type: ignore[return-value]

    def id_by(self, key: Key) -> int | None:
        """The id of the record that had that key when it was last looked for."""
        return self._ids.get(key)

    def is_nobody(self, key: Key) -> bool:
        """Whether it is known that no record has that key."""
        return key in self._nobody

    def keep(self, known: dict[tuple[type[Record], int], Record], swept: set[str]) -> None:
        """Remember what a committed transaction has read and written, but for tables it swept."""
        for key, record in known.items():
            model = key[0]
            if (model.remembered or model.natural_key) and model.__tablename__ not in swept:
                # Last in order is last to be forgotten.
                self._records.pop(key, None)
                self._records[key] = record
        too_many = len(self._records) - self._room
        if too_many > 0:
            # However many came at once: a piece of an import brings thousands.
            for key in list(self._records)[: too_many + self._room // PART]:
                del self._records[key]

    def keep_key(self, key: Key, id: int | None) -> None:
        """Remember who has that key; None for nobody, and only after the commit."""
        if len(self._ids) + len(self._nobody) > self._room:
            self._ids.clear()
            self._nobody.clear()
        if id is None:
            self._nobody.add(key)
        else:
            self._ids[key] = id
            self._nobody.discard(key)

    def drop(self, keys: Any) -> None:
        """Forget these records."""
        for key in keys:
            self._records.pop(key, None)

    def drop_table(self, table: str) -> None:
        """Forget everything of a table."""
        if not _is_kept(table):
            # To look through all that is remembered would cost as much as to write the rows.
            return
        for key in [each for each in self._records if each[0].__tablename__ == table]:
            del self._records[key]
        self.forget_nobody(table)

    def forget_nobody(self, table: str) -> None:
        """Somebody may have a key of this table by now that nobody had."""
        self._nobody = {key for key in self._nobody if key[0].__tablename__ != table}
