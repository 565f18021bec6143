"""Work: what is changed is written, also when the record was added a moment before."""

import asyncio

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


async def test_a_listener_that_fails_does_not_make_the_work_happen_twice(store: Store) -> None:
    """What is on disk stays as it is, whoever waits gets the answer, other listeners hear of it."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    def breaks() -> None:
        raise ZeroDivisionError

    def write(work: Work) -> int:
        return work.add(Contact(name="Bob", created_at=work.now)).id

    heard: list[str] = []
    store.when_written("contacts", breaks)
    store.when_written("contacts", lambda: heard.append("contacts"))
    store.when_written("tickets", lambda: heard.append("tickets"))
    ids = [await answer for answer in [store.ask(write) for _ in range(5)]]
    await asyncio.sleep(0)

    found = store.read(lambda work: work.all(select(Contact)))
    assert sorted(each.id for each in found) == sorted(ids)
    assert set(heard) == {"contacts"}
    assert told
