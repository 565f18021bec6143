"""Copies of the database, on both databases: whole, proved, and brought back with care."""

import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.actions.house import is_held, release
from storage import backup
from storage.engine import Store
from storage.errors import Busy, StorageError
from storage.guard import Guard
from storage.records import Contact
from storage.work import Clock, Work

AT = Clock().now()
needs_programs = pytest.mark.skipif(
    shutil.which("pg_dump") is None, reason="pg_dump is not installed"
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of PostgreSQL is kept below the present folder."""
    monkeypatch.chdir(tmp_path)


def _add(work: Work, name: str) -> Contact:
    return work.add(Contact(name=name, created_at=work.now))


def _names(url: str) -> list[str]:
    store = Store(url)
    found = store.read(lambda work: [name for (name,) in work.rows(select(Contact.name))])
    store.close()
    return sorted(found)


@needs_programs
def test_a_copy_brings_back_what_was_there(store: Store, tmp_path: Path) -> None:
    """What came after the copy is gone again, what was before it is back."""
    store.write(lambda work: _add(work, "Anna"))
    copy = backup.back_up(store.url, tmp_path / "copies" / "one.backup")
    store.write(lambda work: _add(work, "Bob"))
    store.close()

    aside = backup.restore(store.url, copy, AT)

    assert _names(store.url) == ["Anna"]
    assert aside is not None
    assert aside.exists()


@needs_programs
def test_a_restored_database_holds_its_messages(store: Store, tmp_path: Path) -> None:
    """Nothing goes out of a restored database until somebody releases it, once."""
    copy = backup.back_up(store.url, tmp_path / "one.backup")
    assert not store.read(is_held)
    store.close()

    backup.restore(store.url, copy, AT)

    again = Store(store.url)
    assert again.read(is_held)
    assert again.write(release)
    assert not again.write(release)
    assert not again.read(is_held)
    again.close()


def test_what_is_kept_aside_is_the_database_as_it_was(sqlite_store: Store, tmp_path: Path) -> None:
    """Restoring the wrong copy can be undone by restoring what was kept."""
    copy = backup.back_up(sqlite_store.url, tmp_path / "one.backup")
    sqlite_store.write(lambda work: _add(work, "Bob"))
    sqlite_store.close()
    aside = backup.restore(sqlite_store.url, copy, AT)
    assert aside is not None

    backup.restore(sqlite_store.url, aside, AT + timedelta(seconds=1))

    assert _names(sqlite_store.url) == ["Bob"]


def test_a_copy_made_while_rapport_writes_is_one_moment(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """A copy comes to an end under constant writing, and holds what one commit left."""
    sqlite_store.write(lambda work: [_add(work, "x" * 200) for _ in range(5000)])
    stop = threading.Event()

    def write_on() -> None:
        while not stop.is_set():
            sqlite_store.write(lambda work: [_add(work, "pair"), _add(work, "pair")])

    writing = threading.Thread(target=write_on)
    writing.start()
    heard: list[tuple[int, int]] = []
    copy = backup.back_up(
        sqlite_store.url, tmp_path / "one.backup", lambda *part: heard.append(part)
    )
    stop.set()
    writing.join()

    with closing(sqlite3.connect(copy, isolation_level=None)) as copied:
        pairs = copied.execute("SELECT count(*) FROM contacts WHERE name = 'pair'").fetchone()[0]
    assert pairs % 2 == 0
    assert heard[-1][0] == heard[-1][1]


def test_only_the_owner_may_read_a_copy(sqlite_store: Store, tmp_path: Path) -> None:
    """Customers' words are in it."""
    copy = backup.back_up(sqlite_store.url, tmp_path / "one.backup")

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_broken_copy_is_refused_and_nothing_changes(sqlite_store: Store, tmp_path: Path) -> None:
    """What is not whole never takes the database's place."""
    sqlite_store.write(lambda work: [_add(work, f"{n:0500}") for n in range(500)])
    copy = backup.back_up(sqlite_store.url, tmp_path / "one.backup")
    sqlite_store.close()
    content = bytearray(copy.read_bytes())
    content[40_000:60_000] = b"\xff" * 20_000
    copy.write_bytes(content)

    with pytest.raises(StorageError):
        backup.restore(sqlite_store.url, copy, AT)

    assert len(_names(sqlite_store.url)) == 500
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("content", [b"", b"a letter to mother" * 100])
def test_a_file_that_is_no_backup_is_refused(
    sqlite_store: Store, tmp_path: Path, content: bytes
) -> None:
    """A file of another kind is refused in a sentence."""
    sqlite_store.close()
    (tmp_path / "letter").write_bytes(content)

    with pytest.raises(StorageError):
        backup.restore(sqlite_store.url, tmp_path / "letter", AT)


def test_a_copy_of_newer_code_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    """A copy that this code could not read does not take the database's place."""
    copy = backup.back_up(sqlite_store.url, tmp_path / "one.backup")
    sqlite_store.close()
    with closing(sqlite3.connect(copy, isolation_level=None)) as copied:
        copied.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StorageError, match="newer Rapport"):
        backup.restore(sqlite_store.url, copy, AT)


def test_nothing_is_restored_under_a_running_rapport(sqlite_store: Store, tmp_path: Path) -> None:
    """While a process holds the file, a restore says which one."""
    copy = backup.back_up(sqlite_store.url, tmp_path / "one.backup")
    path = Path(sqlite_store.url.removeprefix("sqlite:///"))
    sqlite_store.close()

    with Guard(path), pytest.raises(Busy, match=r"process \d+"):
        backup.restore(sqlite_store.url, copy, AT)


@needs_programs
def test_nothing_is_restored_while_processes_are_alive(store: Store, tmp_path: Path) -> None:
    """On PostgreSQL a process that said lately that it is alive stands in the way."""
    if store.dialect == "sqlite":
        pytest.skip("SQLite has its lock file")
    copy = backup.back_up(store.url, tmp_path / "one.backup")
    store.be_present("one")

    with pytest.raises(Busy, match="1 Rapport process"):
        backup.restore(store.url, copy, AT)


def test_a_failed_copy_leaves_the_one_before(tmp_path: Path) -> None:
    """Where a good copy lies, a failure does not touch it."""
    target = tmp_path / "one.backup"
    target.write_text("the copy of yesterday")

    with pytest.raises(StorageError, match="no database"):
        backup.back_up(f"sqlite:///{tmp_path}/nowhere.db", target)

    assert target.read_text() == "the copy of yesterday"


def test_the_guard_lets_go_when_its_process_is_done(tmp_path: Path) -> None:
    """One at a time, and the next may come when the first has left."""
    database = tmp_path / "rapport.db"

    with Guard(database), pytest.raises(Busy, match=r"rapport\.db"):
        Guard(database).take()
    with Guard(database):
        pass
