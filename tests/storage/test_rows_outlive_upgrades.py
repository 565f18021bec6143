"""What a database of the first release holds is there after every later step, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, MetaData, Table, select, text
from sqlmodel import SQLModel

from storage import schema
from storage.columns import Choice
from storage.engine import Store, connect
from storage.records import Contact
from storage.work import Work

FIRST = "0001"
# Rows in each table. Every number stands for the whole row, and for what it points at.
NUMBERS = (1, 2, 3)
MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def first(empty_database_url: str) -> Iterator[Engine]:
    """An engine on a database with the schema of the first release."""
    engine = connect(empty_database_url, "BEGIN IMMEDIATE")
    schema.upgrade(engine, FIRST)
    yield engine
    engine.dispose()


def test_every_row_of_the_first_release_outlives_the_upgrade(first: Engine) -> None:
    """Three rows of each table are written by SQL, and all of them read the same at the end."""
    with first.begin() as connection:
        before = _tables(connection)
        _without_keys(connection)
        for table in before:
            connection.execute(table.insert(), [_row(table, number) for number in NUMBERS])
        written = {table.name: _rows(connection, table) for table in before}
    assert len(written) > 20

    assert schema.upgrade(first).pending == 0

    with first.connect() as connection:
        assert {table.name: _rows(connection, table) for table in before} == written


def test_what_was_there_reads_as_records_with_what_has_been_added(first: Engine) -> None:
    """New columns of an old row have the value that they have when nobody has said anything."""
    with first.begin() as connection:
        contacts = next(each for each in _tables(connection) if each.name == "contacts")
        _without_keys(connection)
        connection.execute(contacts.insert(), [_row(contacts, 1) | _nobody(contacts)])
    schema.upgrade(first)
    store = Store(first.url.render_as_string(hide_password=False))

    def renamed(work: Work) -> None:
        contact = work.sure(Contact, 1)
        contact.name = "Anna"

    store.write(renamed)

    def found(work: Work) -> dict[str, Any]:
        return work.sure(Contact, 1).model_dump()

    kept, fresh = store.read(found), Contact(name="Anna", created_at=MOMENT).model_dump()
    store.close()
    new = set(fresh) - set(contacts.columns.keys())
    assert kept["name"] == "Anna"
    assert {name: kept[name] for name in new} == {name: fresh[name] for name in new}


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.tables.values() if table.name != schema.VERSION_TABLE]


def _without_keys(connection: Connection) -> None:
    """Tables that point at each other are filled in any order; the upgrade looks at all keys."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(table, column, number) for column in table.columns}


def _nobody(table: Table) -> dict[str, None]:
    """Nothing in what may be empty."""
    return {column.name: None for column in table.columns if column.nullable}


def _value(table: Table, column: Column[Any], number: int) -> Any:
    # A reflected column does not know which words it takes.
    known = SQLModel.metadata.tables[table.name].columns.get(column.name)
    if known is not None and isinstance(known.type, Choice):
        words = list(known.type.words)
        return words[number % len(words)].value
    if column.primary_key or column.foreign_keys:
        return number
    match column.type.python_type.__name__:
        case "str":
            return f"{number}{column.name}"[: getattr(column.type, "length", None) or 200]
        case "dict" | "object":
            return {"number": number}
        case "bytes":
            return bytes([number])
        case "datetime":
            return MOMENT
        case "date":
            return date(2026, 11, number)
        case "Decimal":
            return Decimal(number)
        case "bool":
            return number % 2 == 0
        case _:
            return number


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(table).order_by(table.columns.id))]
