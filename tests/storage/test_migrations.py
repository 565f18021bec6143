"""The way from one schema to the next, on both databases."""

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel, select

from storage import schema
from storage.columns import new_id
from storage.engine import Store, connect
from storage.errors import WrongSchema
from storage.records import Contact
from storage.work import Work


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    engine = connect(empty_database_url, "BEGIN IMMEDIATE")
    yield engine
    engine.dispose()


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_migrations_lead_to_exactly_what_the_records_say(empty: Engine) -> None:
    """Nothing is left for Alembic to find between the migrated schema and the records."""
    schema.upgrade(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_indexes_of_expressions_are_there(empty: Engine) -> None:
    """Those that cannot be compared on SQLite."""
    schema.upgrade(empty)

    with empty.connect() as connection:
        listed = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'contacts'"
        if empty.dialect.name == "postgresql":
            listed = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'contacts'"
        made: dict[str, str] = dict(connection.execute(text(listed)).all())
    for name in ("city", "source", "tongue"):
        assert "lower(" in made[f"ix_contacts_{name}"]


def test_partial_indexes_stay_partial(empty: Engine) -> None:
    """The index of what waits holds only what waits, on both databases."""
    schema.upgrade(empty)

    with empty.connect() as connection:
        where = "SELECT sql FROM sqlite_master WHERE name = 'ix_inbox_unhandled'"
        if empty.dialect.name == "postgresql":
            where = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_inbox_unhandled'"
        assert "'new'" in connection.scalar(text(where))


def test_a_new_database_says_that_everything_is_pending(empty: Engine) -> None:
    """Before the first upgrade there is no schema, and afterwards nothing is pending."""
    before = schema.state(empty)
    after = schema.upgrade(empty)

    assert before.is_new
    assert before.pending == len(schema.steps())
    assert (after.current, after.pending) == (after.newest, 0)


def test_each_step_is_told(empty: Engine) -> None:
    """Who waits for an upgrade hears of every step."""
    heard: list[str] = []

    schema.upgrade(empty, on_step=heard.append)

    assert heard == schema.steps()


def test_upgrading_twice_keeps_what_is_there(database_url: str) -> None:
    """An upgrade of what is up to date changes nothing and loses nothing."""
    store = Store(database_url)
    store.write(lambda work: work.add(Contact(name="Anna", created_at=work.now)))

    schema.upgrade(store.engine)

    assert store.read(_names) == ["Anna"]
    store.close()


def _names(work: Work) -> list[str]:
    return [name for (name,) in work.rows(select(Contact.name))]


def test_an_empty_database_is_refused_with_what_to_do(empty: Engine) -> None:
    """Code that needs the schema says how to make it."""
    with pytest.raises(WrongSchema, match="rapport migrate"):
        schema.check(empty)


def test_an_older_database_is_refused_with_what_to_do(empty: Engine) -> None:
    """A schema that lacks steps is named, with the command that brings it on."""
    schema.upgrade(empty)
    _pretend(empty, "0000")

    with pytest.raises(WrongSchema, match=r"schema 0000.*rapport migrate"):
        schema.check(empty)


def test_a_newer_database_is_refused_with_one_sentence(empty: Engine) -> None:
    """Code that is older than the database neither works with it nor touches it."""
    schema.upgrade(empty)
    _pretend(empty, "9999")

    with pytest.raises(WrongSchema, match=r"9999.*newer"):
        schema.check(empty)
    with pytest.raises(WrongSchema, match=r"9999.*newer"):
        schema.upgrade(empty)


def _pretend(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))


def test_tables_of_somebody_else_are_left_alone(empty: Engine) -> None:
    """A database that holds a table of one of our names without our schema is refused."""
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE contacts (id INTEGER PRIMARY KEY)"))

    with pytest.raises(WrongSchema, match="contacts that Rapport did not make"):
        schema.upgrade(empty)

    assert inspect(empty).get_table_names() == ["contacts"]


def test_an_upgrade_that_is_killed_leaves_the_old_schema(tmp_path: Path) -> None:
    """Whatever has been done when the process dies is undone by the next who opens the file."""
    path = tmp_path / "killed.db"
    dying = multiprocessing.get_context("spawn").Process(target=_die_while_upgrading, args=(path,))
    dying.start()
    dying.join()

    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    engine = connect(f"sqlite:///{path}", "BEGIN IMMEDIATE")
    assert schema.upgrade(engine).pending == 0
    engine.dispose()


def _die_while_upgrading(path: Path) -> None:
    schema.upgrade(connect(f"sqlite:///{path}", "BEGIN IMMEDIATE"), on_step=lambda _: os._exit(9))


def test_an_upgrade_that_would_lose_a_row_changes_nothing(sqlite_url: str) -> None:
    """When a row would point at nothing afterwards, the old schema stays."""
    engine = connect(sqlite_url, "BEGIN IMMEDIATE")
    with closing(sqlite3.connect(engine.url.database or "", isolation_level=None)) as raw:
        raw.execute(
            "INSERT INTO policies (id, version, key, value, changed_at, changed_by) "
            "VALUES (?, 1, 'receipt', '\"on\"', '2026-11-21 00:00:00.000000', 7)",
            (new_id(),),
        )

    with pytest.raises(WrongSchema, match="policies"):
        schema.upgrade(engine)

    assert inspect(engine).has_table("policies")
    engine.dispose()


def test_processes_that_start_together_upgrade_once(empty_database_url: str) -> None:
    """Who comes second waits for the first, and finds nothing left to do."""
    together = threading.Barrier(3)
    heard: list[str] = []

    def start() -> schema.Schema:
        engine = connect(empty_database_url, "BEGIN IMMEDIATE")
        together.wait()
        found = schema.upgrade(engine, on_step=heard.append)
        engine.dispose()
        return found

    with ThreadPoolExecutor(3) as processes:
        found = [each.result() for each in [processes.submit(start) for _ in range(3)]]

    assert {each.pending for each in found} == {0}
    assert heard == schema.steps()
