"""A database made ready to be worked with: by one process, at the schema of this code."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import schema
from storage.backup import Progress, back_up, usual_name
from storage.engine import connect, sqlite_path
from storage.errors import Busy, StorageError
from storage.guard import Guard
from storage.work import Clock


@dataclass(frozen=True)
class Readiness:
    """What had to be done: the schema as it was and as it is, and the copy made before."""

    before: schema.Schema
    after: schema.Schema
    copy: Path | None = None


@contextmanager
def ready(url: str, clock: Clock, progress: Progress | None = None) -> Iterator[Readiness]:
    """Hold the database (a SQLite file against other processes) and bring its schema up to date.

    `progress` hears of the steps of an upgrade. Raises Busy when another process is there or no
    server answers, WrongSchema when newer code has been here.
    """
    path = sqlite_path(url)
    if path is None:
        yield up_to_date(url, clock, progress)
        return
    with Guard(path):
        yield up_to_date(url, clock, progress)


def up_to_date(url: str, clock: Clock, progress: Progress | None = None) -> Readiness:
    """Bring the schema up to date, with a copy of an older SQLite file before."""
    with _opened(url) as engine:
        before = schema.state(engine)
        if before.is_newer:
            schema.check(engine)
        if not before.pending:
            return Readiness(before, before)
        copy = None
        if not before.is_new and sqlite_path(url) is not None:
            copy = back_up(url, usual_name(url, clock.now()))
        done: list[str] = []

        def on_step(step: str) -> None:
            done.append(step)
            if progress is not None:
                progress(len(done), before.pending)

        return Readiness(before, schema.upgrade(engine, on_step=on_step), copy)


def state(url: str) -> schema.Schema:
    """Where the schema stands."""
    with _opened(url) as engine:
        return schema.state(engine)


def must_be_ours(url: str) -> None:
    """Raise WrongSchema, with what to do, unless the database has the schema of this code."""
    with _opened(url) as engine:
        schema.check(engine)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    """An engine for a moment; what the database says no with becomes a sentence."""
    engine = connect(url, "BEGIN IMMEDIATE")
    try:
        yield engine
    except OperationalError as away:
        raise Busy(f"The database cannot be reached: {_first_line(away)}.") from away
    except DBAPIError as broken:
        raise StorageError(f"The database cannot be read: {_first_line(broken)}.") from broken
    finally:
        engine.dispose()


def _first_line(trouble: DBAPIError) -> str:
    return str(trouble.orig).strip().splitlines()[0].rstrip(".")
