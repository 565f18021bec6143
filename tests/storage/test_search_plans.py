"""Whatever is typed, the database answers from an index and never goes through a million people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from storage.engine import Store, connect
from storage.queries import search
from storage.records import (
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
)
from storage.work import Transaction, Work

THEN = datetime(2026, 1, 1, tzinfo=UTC)
# What grows with the number of customers.
LONG = {"contacts", "identities", "contact_tags", "orders", "interactions", "name_changes"}
# What was said is looked for among the newest so many: they are counted from the end.
NEWEST = "\nFROM interactions ORDER BY interactions.id DESC"
TYPED = {
    "a name": "ana lee",
    "a phone's end": "0958",
    "a whole phone": "+44 20 7946 0958",
    "a phone as dialled": "0044 20 7946 0958",
    "the beginning of a phone": "+4420",
    "an address": "anna@acme.test",
    "a domain": "acme.test",
    "the beginning of a domain": "@acm",
    "the end of an address": "lee@acme.test",
    "a username": "@anna_l",
    "an order": "A-1001",
    "a tag": "#vip",
    "a company": "acme",
}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    made.write(people)
    yield made
    made.close()


def people(work: Work) -> None:
    contact = work.add(Contact(name="Anna Lee", company="Acme", created_at=THEN))
    for kind, value in (
        (IdentityKind.PHONE, "+442079460958"),
        (IdentityKind.EMAIL, "anna.lee@acme.test"),
        (IdentityKind.USERNAME, "anna_lee"),
    ):
        work.add(
            Identity(contact_id=contact.id, kind=kind, value=value, shown=value, created_at=THEN)
        )
    work.add(ContactTag(contact_id=contact.id, tag="vip"))


Asked = tuple[str, Any]


class Plain(Transaction):
    """Asks nothing by prepared statements: those go past what SQLAlchemy tells of."""

    def find(self, _: Any, statement: Any, values: Any, most: int | None) -> list[Any]:
        """The rows that a statement finds."""
        with self.run(statement, values) as found:
            return list(found.all() if most is None else found.fetchmany(most))


def asked_by(store: Store, typed: str) -> list[Asked]:
    """The questions that a search asks the database; what is learnt at the start is left out."""
    asked: list[Asked] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    with store.engine.connect() as connection, connection.begin():
        work = Work(Plain(connection), THEN)
        search.get_ready(work)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            search.people(work, typed)
            search.messages(work, typed)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    return [each for each in asked if each[0].startswith("SELECT") and NEWEST not in each[0]]


def gone_through(url: str, statement: str, parameters: Any) -> set[str]:
    """The long tables that the database would read from one end to the other."""
    engine = connect(url)
    with engine.connect() as connection, connection.begin():
        found = _gone_through(connection, statement, parameters)
    engine.dispose()
    return found & LONG


def _gone_through(connection: Connection, statement: str, parameters: Any) -> set[str]:
    if connection.dialect.name == "postgresql":
        # Of a few rows it would go through all, however many indexes there are.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        lines = [line.split() for (line,) in plan]
        return {line[line.index("on") + 1] for line in lines if "Seq" in line}
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    steps = [row[3].split() for row in plan]
    return {step[1] for step in steps if step[0] == "SCAN" and "USING" not in step}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED.keys())
def test_every_kind_of_search_uses_an_index(store: Store, database_url: str, typed: str) -> None:
    """On both databases, each question that it asks."""
    asked = asked_by(store, typed)
    assert asked
    for statement, parameters in asked:
        assert gone_through(database_url, statement, parameters) == set(), statement


def test_a_question_without_an_index_is_noticed(store: Store, database_url: str) -> None:
    """What this file relies on."""
    name = "%s" if store.dialect == "postgresql" else "?"
    statement = f"SELECT id FROM contacts WHERE zone = {name}"
    assert gone_through(database_url, statement, ("x",)) == {"contacts"}
