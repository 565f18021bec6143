"""People are found by parts of how they are reached, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storage.engine import Store
from storage.queries import search
from storage.records import Contact, Identity, IdentityKind
from storage.work import Work

THEN = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = {
    "Anna Lee": (
        (IdentityKind.PHONE, "+442079460958"),
        (IdentityKind.EMAIL, "anna.lee@acme.test"),
        (IdentityKind.USERNAME, "anna_lee"),
    ),
    "Bo Holm": ((IdentityKind.PHONE, "+4915112340958"), (IdentityKind.EMAIL, "bo@holm.test")),
    "Per Cent": ((IdentityKind.EMAIL, "100%_sure@odd.test"),),
    "Nulls Only": ((IdentityKind.PHONE, "+33140000000"),),
}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)

    def add(work: Work) -> None:
        for name, addresses in PEOPLE.items():
            contact = work.add(Contact(name=name, created_at=THEN))
            for kind, value in addresses:
                work.add(
                    Identity(
                        contact_id=contact.id, kind=kind, value=value, shown=value, created_at=THEN
                    )
                )

    made.write(add)
    yield made
    made.close()


def found(store: Store, typed: str, why: str) -> set[str]:
    hits = store.read(lambda work: search.people(work, typed))
    return {hit.contact.name for hit in hits if hit.why == why}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("0958", {"Anna Lee", "Bo Holm"}),
        ("46 0958", {"Anna Lee"}),
        ("(0)20 7946-0958", {"Anna Lee"}),
        ("0044 20 7946 0958", {"Anna Lee"}),
        ("+44 20 7946 0958", {"Anna Lee"}),
        ("020.7946.0958", {"Anna Lee"}),
        ("0151 1234 0958", {"Bo Holm"}),
        ("+49 151", {"Bo Holm"}),
        ("0000", {"Nulls Only"}),
        ("9999", set()),
    ],
)
def test_a_phone_is_found_by_its_digits_in_any_format(
    store: Store, typed: str, names: set[str]
) -> None:
    """The last ones, all of them, with and without what is dialled before."""
    assert found(store, typed, "phone") == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("anna.lee@acme.test", {"Anna Lee"}),
        ("ANNA.LEE@ACME.TEST", {"Anna Lee"}),
        ("anna.lee@", {"Anna Lee"}),
        ("anna.lee@ac", {"Anna Lee"}),
        ("anna.lee", {"Anna Lee"}),
        ("@acme", {"Anna Lee"}),
        ("acme.test", {"Anna Lee"}),
        ("lee@acme.test", {"Anna Lee"}),
        ("@anna_l", {"Anna Lee"}),
        ("100%_sure@", {"Per Cent"}),
        ("1%@", set()),
        ("a_na@", set()),
        ("@", set()),
    ],
)
def test_an_address_is_found_by_its_parts(store: Store, typed: str, names: set[str]) -> None:
    """Its beginning, its domain; what looks like a pattern is none."""
    assert found(store, typed, "address") == names


def test_an_address_that_is_changed_is_found_as_it_is_now(store: Store) -> None:
    """Whoever changes it."""

    def change(work: Work) -> None:
        known = work.by_key(Identity, IdentityKind.PHONE, "+4915112340958")
        assert known is not None
        known.value = "+4915112347777"

    store.write(change)
    assert found(store, "7777", "phone") == {"Bo Holm"}
    assert found(store, "0958", "phone") == {"Anna Lee"}


HOSTILE = [
    "x" * 10_000, "你" * 10_000, "." * 300, "%", "_", "%%%%", "'", '"', "';--", "a* OR NEAR(b)",
    '"unclosed', "AND OR NOT", "\x00", "a\x00b", "\ud800", "👩‍👩‍👧‍👦", "😀 😀", "مرحبا بالعالم",
    "\u202egnol\u202c", "#", "##", "#%", "@@@", "@%", "+", "+0", "00000", "٠١٢٣٤", "tag:",
    "\\", "\\%", "a\\", " ", "",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_breaks_the_search(store: Store, typed: str) -> None:
    """Nor finds everybody."""
    hits = store.read(lambda work: search.people(work, typed))
    assert len(hits) <= 1
