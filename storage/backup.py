"""Copies of the database: made while Rapport runs, proved before they count, and brought back.

A restored database holds back its messages: what waited when the copy was made may long have been
sent, so nothing goes out until somebody has looked and run `rapport release`.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from storage import dump, schema
from storage.columns import new_id
from storage.engine import connect, sqlite_path
from storage.errors import StorageError
from storage.guard import Guard

# The policy by which delivery knows; a released one stays as a row that says no.
HELD = "sending_held"
PAGES_AT_ONCE = 2000

# Hears how far a long piece of work is: done, total.
Progress = Callable[[int, int], None]


def _in_silence(done: int, total: int) -> None:
    """Nobody waits for it."""


def usual_name(url: str, at: datetime) -> Path:
    """Where a copy goes when nobody says where: `backups/` beside the SQLite file, or here."""
    path = sqlite_path(url)
    folder = (path.parent if path else Path()) / "backups"
    return folder / f"rapport-{at:%Y%m%d-%H%M%S}{'.db' if path else '.dump'}"


def back_up(url: str, target: Path, progress: Progress = _in_silence) -> Path:
    """Copy the database to `target`, which appears there only once it is whole and proved."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = sqlite_path(url)
    with _appearing(target) as unfinished:
        if path is None:
            dump.write(url, unfinished)
        else:
            _copy(path, unfinished, progress)
    return target


def restore(url: str, source: Path, at: datetime, progress: Progress = _in_silence) -> Path | None:
    """Put a copy in the database's place, holding its messages; where the present one is kept.

    None when there was no database before. Raises StorageError, having changed nothing, when the
    copy is broken or newer than this code, and Busy while a Rapport works with the database.
    """
    if not source.is_file():
        raise StorageError(f"There is no file {source}.")
    path = sqlite_path(url)
    if path is None:
        kept = usual_name(url, at).with_suffix(".before-restore.dump")
        dump.refuse_while_alive(url)
        back_up(url, kept)
        dump.read(url, source, _hold_statement(at))
        return kept
    with Guard(path):
        unfinished = path.with_name(f".{path.name}.restoring")
        try:
            _copy(source, unfinished, progress)
            _refuse_newer(unfinished)
            _hold(unfinished, at)
            aside = _set_aside(path, at) if path.exists() else None
            unfinished.replace(path)
            _remember_folder(path.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    return aside


# Held after a restore


def _hold(path: Path, at: datetime) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as copied:
        copied.execute(_hold_statement(at))


def _hold_statement(at: datetime) -> str:
    moment = f"{at:%Y-%m-%d %H:%M:%S.%f}"
    return (
        f"INSERT INTO policies (id, version, key, value, changed_at) "
        f"VALUES ({new_id()}, 1, '{HELD}', '{json.dumps(True)}', '{moment}') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = policies.version + 1"
    )


# SQLite


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A name to write under; what was written gets its own name when all went well."""
    unfinished = target.with_name(f".{target.name}.part")
    try:
        yield unfinished
        unfinished.replace(target)
        _remember_folder(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(source: Path, target: Path, progress: Progress) -> None:
    if not source.exists():
        raise StorageError(f"There is no database at {source}.")
    target.unlink(missing_ok=True)
    # Customers' words are in it: nobody else on this machine may read it.
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target, isolation_level=None)) as written,
        ):
            read.isolation_level = None
            # One reading transaction around it all: without it, each commit of a running Rapport
            # would make the copy begin again.
            read.execute("BEGIN")
            counted = _counts(read)
            read.backup(
                written,
                pages=PAGES_AT_ONCE,
                progress=lambda _, left, total: progress(total - left, total),
            )
            # One file without a log beside it, so that it can be carried about.
            written.execute("PRAGMA journal_mode=DELETE")
            _prove(written, counted)
    except sqlite3.Error as broken:
        raise StorageError(f"{source} cannot be copied: {broken}.") from broken
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _counts(database: sqlite3.Connection) -> dict[str, int]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names
    }


def _prove(copied: sqlite3.Connection, counted: dict[str, int]) -> None:
    trouble = problems(copied)
    if trouble:
        raise StorageError(f"The copy is not whole: {trouble[0]}.")
    if _counts(copied) != counted:
        raise StorageError("The copy does not hold as many rows as the database.")


def problems(database: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with a database, in sentences; empty when all is well."""
    found = [str(row[0]) for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    astray = database.execute("PRAGMA foreign_key_check").fetchall()
    return found + [f"a row of {table} points at nothing" for table, *_ in astray]


def problems_of(url: str) -> list[str]:
    """The same for the database behind a URL; PostgreSQL looks after itself."""
    path = sqlite_path(url)
    if path is None:
        return []
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return problems(database)
    except sqlite3.Error as broken:
        return [str(broken)]


def _refuse_newer(path: Path) -> None:
    engine = connect(f"sqlite:///{path}")
    found = schema.state(engine)
    engine.dispose()
    if found.is_new:
        raise StorageError("The file is no backup of Rapport.")
    if found.is_newer:
        raise StorageError(
            f"The backup has schema {found.current}, this Rapport knows only up to "
            f"{found.newest}: install the newer Rapport first."
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as copied:
        # Opening it above turned its write-ahead log on again.
        copied.execute("PRAGMA journal_mode=DELETE")


def _set_aside(path: Path, at: datetime) -> Path:
    """Keep the present database under another name, log and all; its own name stays taken."""
    aside = path.with_name(f"{path.name}.before-restore-{at:%Y%m%d-%H%M%S}")
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as present:
            present.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error:
        # It is broken, which may be why a copy is brought back: then it is kept as it lies.
        pass
    for tail in ("-wal", "-shm"):
        beside = path.with_name(path.name + tail)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + tail))
    try:
        os.link(path, aside)
    except OSError:
        shutil.copy2(path, aside)
    return aside


def _remember_folder(folder: Path) -> None:
    # A new name survives a power cut only when its folder has been written too.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
