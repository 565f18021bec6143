"""Databases for the tests: each gets one of its own, made by copying a migrated one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from storage import schema
from storage.engine import Store, connect
from tests.postgres import NoPostgres, Server, server

# The same examples each time, so that what passes here passes there; `make soak` looks for others.
settings.register_profile("steady", derandomize=True)
settings.register_profile("searching", max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

MEMORY, ROOM_IN_MEMORY = Path("/dev/shm"), 2**30

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server | str]:
    """A PostgreSQL server; or the reason why there is none, so that it is looked for once."""
    try:
        with server() as found:
            yield found
    except NoPostgres as reason:
        yield str(reason)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to be copied."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    engine = connect(f"sqlite:///{path}", "BEGIN IMMEDIATE")
    schema.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def database_folder(tmp_path: Path) -> Iterator[Path]:
    """Where a test's SQLite file lies: in memory if possible, where a disk need not be waited for.

    What is proved about disks and lost processes (`kill`, `storage`) lies on the disk.
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM_IN_MEMORY:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="rapport-test-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(database_folder: Path, sqlite_template: Path) -> str:
    """The URL of a migrated SQLite database."""
    shutil.copyfile(sqlite_template, database_folder / "rapport.db")
    return f"sqlite:///{database_folder / 'rapport.db'}"


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == SQLITE:
        yield request.getfixturevalue("sqlite_url")
        return
    found = _postgres_or_skip(request)
    url = found.migrated()
    yield url
    found.drop(url)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == SQLITE:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    found = _postgres_or_skip(request)
    url = found.empty()
    yield url
    found.drop(url)


def _postgres_or_skip(request: pytest.FixtureRequest) -> Server:
    found = request.getfixturevalue("postgres")
    if isinstance(found, str):
        pytest.skip(found)
    assert isinstance(found, Server)
    return found


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a migrated database, once on SQLite and once on PostgreSQL."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A store on SQLite only: for rules, which do not care where they are remembered."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()
