"""What was known to be nobody's may be somebody's after a statement that adds many rows."""

from sqlalchemy import insert, literal, select
from sqlmodel import col

from storage.engine import Store
from storage.records import Contact, Identity, IdentityKind
from storage.work import Work

PHONE = "+442079460958"


def _of_phone(work: Work) -> Identity | None:
    return work.by_key(Identity, IdentityKind.PHONE, PHONE)


def _add(work: Work) -> None:
    """The same phone for everybody there is, which is one."""
    moment = literal(work.now, Identity.created_at.type)  # type: ignore[attr-defined]
    values = {
        "id": literal(9),
        "version": literal(1),
        "contact_id": col(Contact.id),
        "kind": literal(IdentityKind.PHONE.value),
        "value": literal(PHONE),
        "shown": literal(PHONE),
        "created_at": moment,
    }
    work.execute(insert(Identity).from_select(list(values), select(*values.values())))


def test_a_key_that_nobody_had_is_found_after_rows_were_added(store: Store) -> None:
    """In the transaction that added them, and in the next."""

    def ask_add_and_ask(work: Work) -> tuple[Identity | None, Identity | None]:
        before = _of_phone(work)
        _add(work)
        return before, _of_phone(work)

    store.write(lambda work: work.add(Contact(id=5, name="Anna", created_at=work.now)))
    store.write(_of_phone)
    before, after = store.write(ask_add_and_ask)
    assert before is None
    assert after is not None
    assert store.write(_of_phone) == after
