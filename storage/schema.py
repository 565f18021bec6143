"""Which schema the database has, which one this code needs, and the way from one to the other.

Steps are numbered (`migrations/versions/0001_….py`), so that start-up compares two numbers and
need not import Alembic.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

import storage.records  # noqa: F401  (the tables are known once their module is)
from storage import journal, lookups, tallies
from storage.errors import WrongSchema

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
# Any number, as long as every process asks for the same one.
UPGRADE_LOCK = 7_276_870_723

Step = Callable[[str], None]


@dataclass(frozen=True)
class Schema:
    """Where a database stands: `current` is None when new, `pending` counts the steps left."""

    current: str | None
    newest: str
    pending: int

    @property
    def is_new(self) -> bool:
        """Whether nothing has been made yet."""
        return self.current is None

    @property
    def is_newer(self) -> bool:
        """Whether newer code than this has been here."""
        return self.current is not None and self.current > self.newest


def steps() -> list[str]:
    """The numbers of all steps, oldest first."""
    return sorted(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))


def state(engine: Engine) -> Schema:
    """Where the database stands."""
    with engine.connect() as connection:
        return _state(connection)


def _state(connection: Connection) -> Schema:
    known = steps()
    current = None
    if inspect(connection).has_table(VERSION_TABLE):
        current = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    pending = sum(1 for step in known if current is None or step > current)
    return Schema(current, known[-1], pending)


def check(engine: Engine) -> None:
    """Raise WrongSchema, with one sentence that says what to do, unless the schema is ours."""
    found = state(engine)
    if found.is_newer:
        raise WrongSchema(
            f"The database has schema {found.current}, but this Rapport knows only up to "
            f"{found.newest}: install the newer Rapport again, or restore an older backup."
        )
    if found.is_new:
        raise WrongSchema("The database is empty: run `rapport migrate`.")
    if found.pending:
        raise WrongSchema(
            f"The database has schema {found.current}, this Rapport needs {found.newest}: "
            "run `rapport migrate`."
        )


def upgrade(engine: Engine, to: str = "head", on_step: Step | None = None) -> Schema:
    """Bring the database to the schema of this code, whole or not at all; where it stands then.

    `on_step` hears the number of each step when it is done. Raises WrongSchema when the database
    is newer than the code, or holds tables that Rapport did not make.
    """
    from alembic import command
    from alembic.config import Config

    with _alone(engine) as connection:
        _refuse_what_is_not_ours(connection)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        config.attributes["on_step"] = _hear(on_step)
        command.upgrade(config, to)
        if to == "head":
            journal.install(connection)
            lookups.install(connection)
            tallies.install(connection)
        _check_keys(connection)
        return _state(connection)


def _hear(on_step: Step | None) -> Callable[..., None]:
    def applied(*, step: Any, **_: Any) -> None:
        if on_step is not None:
            on_step(step.up_revision_id)

    return applied


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no other process upgrades and tables may be made anew."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if isinstance(raw, sqlite3.Connection):
            # Making a table anew drops it, and that would take with it whatever points at its rows;
            # inside a transaction this switch does nothing, so it is turned before.
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
                yield connection
        finally:
            if isinstance(raw, sqlite3.Connection):
                raw.execute("PRAGMA foreign_keys=ON")


def _refuse_what_is_not_ours(connection: Connection) -> None:
    found = _state(connection)
    if found.is_newer:
        raise WrongSchema(
            f"The database has schema {found.current}, but this Rapport knows only up to "
            f"{found.newest}: install the newer Rapport again."
        )
    ours = set(SQLModel.metadata.tables)
    taken = sorted(ours.intersection(inspect(connection).get_table_names()))
    if found.is_new and taken:
        raise WrongSchema(
            f"The database holds a table {taken[0]} that Rapport did not make: "
            "give Rapport a database of its own in DATABASE_URL."
        )


def _check_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    astray = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if astray is not None:
        raise WrongSchema(
            f"After the upgrade a row of {astray[0]} would point at nothing, so nothing was "
            "changed; `rapport doctor` says more."
        )
