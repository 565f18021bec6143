"""For how long is kept what nobody needs any more, and that nothing else goes with it."""

from datetime import timedelta

from sqlmodel import select

from handlers.actions import doubles, hygiene
from storage.engine import Store
from storage.queries import doubles as pairs
from storage.records import (
    Double,
    Import,
    ImportState,
    InboxRow,
    InboxState,
)
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, member


def test_what_was_handled_is_kept_for_thirty_days(sqlite_url: str) -> None:
    """What was put aside, or still has to be handled, stays however old it is."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)

    def arrives(work: Work) -> None:
        for state in (InboxState.DONE, InboxState.DEAD, InboxState.NEW):
            work.add(
                InboxRow(
                    door="telegram",
                    event_key=f"telegram:1:{state}",
                    chat_key="telegram:1",
                    raw=b"{}",
                    state=state,
                    owner="me",
                    received_at=work.now,
                )
            )

    def left(work: Work) -> set[InboxState]:
        return {each.state for each in work.all(select(InboxRow))}

    store.write(arrives)
    clock.push(timedelta(days=29))
    store.write(lambda work: hygiene.forget_old(work.as_system()))
    assert len(store.read(left)) == 3
    clock.push(timedelta(days=2))
    store.write(lambda work: hygiene.forget_old(work.as_system()))

    assert store.read(left) == {InboxState.DEAD, InboxState.NEW}
    store.close()


def test_a_file_that_nobody_starts_is_kept_for_fourteen_days(sqlite_url: str) -> None:
    """It was only shown: after that nothing of what it said of people is kept."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)

    def shown(work: Work) -> None:
        work.add(
            Import(
                number=1,
                file_name="a.csv",
                state=ImportState.READY,
                found={"first": [["Anna Lee"]]},
                created_at=work.now,
            )
        )

    def state(work: Work) -> ImportState:
        (found,) = work.all(select(Import))
        return found.state

    store.write(shown)
    clock.push(timedelta(days=13))
    store.write(lambda work: hygiene.forget_old(work.as_system()))
    assert store.read(state) is ImportState.READY
    clock.push(timedelta(days=2))
    store.write(lambda work: hygiene.forget_old(work.as_system()))

    assert store.read(state) is ImportState.CANCELLED
    store.close()


def test_a_pair_put_off_is_asked_about_again_in_a_month(sqlite_url: str) -> None:
    """*Later* asks again; *Not the same* never does."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)

    def made(work: Work) -> int:
        mia = acting(work, member(work, "mia"))
        a, b, c, d = (customer(work, f"Anna Lee {number}") for number in range(4))
        for first, second in ((a, b), (c, d)):
            work.add(Double(first_id=first.id, second_id=second.id, score=0.9, found_at=work.now))
        work.flush()
        doubles.put_off(mia, a, b)
        doubles.tell_apart(mia, c, d)
        return a.id

    put_off = store.write(made)

    def asked(work: Work) -> list[int]:
        return [each.first_id for each in pairs.open_pairs(work, 9)]

    clock.push(timedelta(days=29))
    assert store.read(asked) == []
    clock.push(timedelta(days=2))

    assert store.read(asked) == [put_off]
    clock.push(timedelta(days=3000))
    assert store.read(asked) == [put_off]
    store.close()
