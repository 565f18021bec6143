"""What lies on the disk is its owner's alone, and what was deleted lies there no more."""

import stat
from pathlib import Path

import pytest
from sqlmodel import select

from storage import schema
from storage.engine import Store, connect
from storage.guard import Guard
from storage.records import Contact
from storage.work import Work

NAME = "Wilhelmina Unmistakable"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is made by us, with its schema."""
    url = f"sqlite:///{tmp_path / 'rapport.db'}"
    engine = connect(url, "BEGIN IMMEDIATE")
    schema.upgrade(engine)
    engine.dispose()
    return url


def test_nobody_else_may_read_the_database_and_what_lies_beside_it(
    url: str, tmp_path: Path
) -> None:
    """The file, its log and the lock."""
    with Guard(tmp_path / "rapport.db"):
        store = Store(url)
        store.write(lambda work: work.add(Contact(name=NAME, created_at=work.now)))
        files = tmp_path.glob("rapport.db*")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
        store.close()

    assert {"rapport.db", "rapport.db-wal", "rapport.db.lock"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_what_was_deleted_is_overwritten(url: str, tmp_path: Path) -> None:
    """A name that was taken away stands nowhere in the file once its log has gone into it."""
    store = Store(url)

    def forget(work: Work) -> None:
        for each in work.all(select(Contact)):
            work.delete(each)

    store.write(lambda work: work.add(Contact(name=NAME, created_at=work.now)))
    store.close()
    assert NAME.encode() in (tmp_path / "rapport.db").read_bytes()
    store = Store(url)
    store.write(forget)
    store.close()

    assert NAME.encode() not in (tmp_path / "rapport.db").read_bytes()
