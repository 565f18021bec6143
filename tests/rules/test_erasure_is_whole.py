"""Whoever wants to be forgotten is forgotten in every table, also in those that are yet to come."""

from sqlmodel import SQLModel

import storage.records  # noqa: F401  (the tables are known once their module is)
from storage.queries import privacy

POINTED_AT = {"contacts", "deals", "interactions", "tickets", "identities"}


def test_every_table_about_a_person_has_been_thought_of() -> None:
    """A table that points at a contact is deleted from, emptied, or kept for a reason."""
    about_people = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in POINTED_AT
    }

    assert about_people == privacy.DELETED | privacy.EMPTIED | privacy.KEPT


def test_no_table_is_in_two_lists() -> None:
    """What becomes of a row is one thing."""
    lists = (privacy.DELETED, privacy.EMPTIED, privacy.KEPT)

    assert sum(map(len, lists)) == len(set().union(*lists))
