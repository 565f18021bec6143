"""What can go wrong on purpose.

Everything that is not drawn here is a bug: it propagates to the inbox or to the job runner, which
roll back, log it once under a number, and tell the person that number.

    Refused         a rule said no; becomes words for the person (a key of the texts, with values)
    StorageError
    ├── Stale       somebody changed the record between our reading and our writing; do it again
    ├── Duplicate   a unique key is taken already
    ├── Busy        the database is locked or away; nothing was stored, try again
    └── WrongSchema the database is older or newer than this code
"""

from typing import Any


class Refused(Exception):
    """A rule said no. `key` names the sentence in the texts; `values` fill it."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class StorageError(Exception):
    """The database could not do what was asked."""


class Stale(StorageError):
    """Somebody changed the record between our reading and our writing."""


class Duplicate(StorageError):
    """A unique key is taken already."""


class Busy(StorageError):
    """The database is locked or away; nothing was stored."""


class WrongSchema(StorageError):
    """The database is older or newer than this code; the message says what to do."""
