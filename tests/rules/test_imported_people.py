"""Of whom a row speaks, and what a file may say of somebody who has spoken for themselves."""

from pathlib import Path

import pytest
from sqlmodel import select

from handlers.actions import consents
from storage.engine import Store
from storage.records import (
    Consent,
    Contact,
    Did,
    Identity,
    IdentityKind,
    Import,
    ImportRow,
    OnKnown,
    Role,
)
from storage.work import Work
from tests.rules.made import acting, customer, member
from tests.rules.test_import_laws import bring


def _there(work: Work) -> None:
    """Anna by phone, Bob by e-mail."""
    member(work, "Mia", Role.ADMIN)
    for name, kind, value in (
        ("Anna Lee", IdentityKind.PHONE, "+491701234567"),
        ("Bob Bell", IdentityKind.EMAIL, "bob@acme.example"),
    ):
        contact = customer(work, name)
        contact.company = "Acme"
        work.add(
            Identity(
                contact_id=contact.id,
                kind=kind,
                value=value,
                shown=value,
                created_at=work.now,
            )
        )


def _brought(store: Store, folder: Path, rows: str, on_known: OnKnown = OnKnown.FILL) -> Import:
    file = folder / "people.csv"
    file.write_text(rows, encoding="utf-8")
    return bring(store, file, on_known)


def _did(store: Store) -> list[Did]:
    rows = store.read(lambda work: work.all(select(ImportRow)))
    return [each.did for each in sorted(rows, key=lambda each: each.line)]


def _anna(store: Store) -> Contact:
    found = store.read(lambda work: work.all(select(Contact).where(Contact.name == "Anna Lee")))
    return min(found, key=lambda each: each.id)


def test_of_whom_a_row_speaks_is_told_by_phone_and_e_mail_and_not_by_a_name(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """A name alone is nobody's; with another phone it is somebody new; two people are a problem."""
    sqlite_store.write(_there)
    _brought(
        sqlite_store,
        tmp_path,
        "Name,Phone,Email,City\n"
        "Somebody,+49 170 1234567,,Berlin\n"
        "Anna Lee,,,Lyon\n"
        "Anna Lee,+49 170 7654321,,Rome\n"
        "Anna Lee,+49 170 1234567,bob@acme.example,Oslo\n"
        "Bob,,BOB@acme.example,Paris\n",
    )

    assert _did(sqlite_store) == [Did.CHANGED, Did.LIKELY, Did.CREATED, Did.BAD, Did.CHANGED]
    cities = [each.custom for each in sqlite_store.read(lambda work: work.all(select(Contact)))]
    assert [each.get("city") for each in cities] == ["Berlin", "Paris", "Rome"]
    assert _anna(sqlite_store).company == "Acme"


@pytest.mark.parametrize(
    ("on_known", "company"),
    [(OnKnown.FILL, "Acme"), (OnKnown.OVERWRITE, "Other"), (OnKnown.SKIP, "Acme")],
)
def test_what_happens_to_who_is_known_is_as_it_was_said(
    sqlite_store: Store, tmp_path: Path, on_known: OnKnown, company: str
) -> None:
    """Fill what is empty, replace, or leave it; what is empty in the file says nothing."""
    sqlite_store.write(_there)
    rows = "Name,Phone,Company,Zone,Birthday\n,+49 170 1234567,Other,,1990-05-17\n"
    _brought(sqlite_store, tmp_path, rows, on_known)
    anna = _anna(sqlite_store)

    assert anna.company == company and anna.name == "Anna Lee"
    assert (anna.birthday is None) is (on_known is OnKnown.SKIP)


@pytest.mark.parametrize("said", [True, False, None])
@pytest.mark.parametrize("told", ["yes", "no", ""])
@pytest.mark.parametrize("on_known", [OnKnown.FILL, OnKnown.OVERWRITE])
def test_a_file_never_takes_a_customers_own_stop_back(
    sqlite_store: Store, tmp_path: Path, said: bool | None, told: str, on_known: OnKnown
) -> None:
    """Its “no” counts as a stop; its “yes” only where nobody has said anything else."""
    sqlite_store.write(_there)

    def say(work: Work) -> None:
        contact = work.sure(Contact, _anna(sqlite_store).id)
        act = consents.allow_marketing if said else consents.stop_marketing
        act(acting(work, contact), contact, "in the chat")

    if said is not None:
        sqlite_store.write(say)
    rows = f"Name,Phone,Marketing\nAnna Lee,+49 170 1234567,{told}\n"
    _brought(sqlite_store, tmp_path, rows, on_known)
    held = sqlite_store.read(lambda work: work.all(select(Consent)))

    expected = {"no": False, "yes": said is not False, "": said}[told]
    assert [each.granted for each in held] == ([] if expected is None else [expected])
    if said is False:
        assert held[0].evidence == "in the chat"
