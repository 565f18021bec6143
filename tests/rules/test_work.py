"""Work: what is changed is written, also when the record was added a moment before."""

from sqlmodel import select

from storage.engine import Store
from storage.records import Contact
from storage.work import Work


def test_a_new_record_may_be_changed_after_a_query_has_written_it(store: Store) -> None:
    """The query writes what waits; what is changed then is not forgotten."""

    def write(work: Work) -> int:
        contact = work.add(Contact(name="Bob", created_at=work.now))
        contact.name = "Bob Bell"
        assert work.all(select(Contact)) == [contact]
        contact.company = "Bell & Sons"
        return contact.id

    id = store.write(write)

    found = store.read(lambda work: work.sure(Contact, id))
    assert (found.name, found.company) == ("Bob Bell", "Bell & Sons")
