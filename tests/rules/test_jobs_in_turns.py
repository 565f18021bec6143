"""The clock's turns: neither a job that has much to do nor a failing one keeps others waiting."""

import time
from datetime import timedelta

import pytest

from jobs import scheduler
from jobs.job import JOBS, Body, Job
from jobs.scheduler import Scheduler
from storage.engine import Store
from storage.work import Work


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was called, in order, where only the jobs of a test are known."""
    for name in list(JOBS):
        monkeypatch.delitem(JOBS, name)
    monkeypatch.setattr(scheduler, "SECONDS_IN_A_ROW", 0.02)
    return []


def known(monkeypatch: pytest.MonkeyPatch, name: str, body: Body) -> None:
    monkeypatch.setitem(JOBS, name, Job(name, timedelta(0), body))


async def test_a_job_with_much_to_do_lets_the_others_have_their_turn(
    sqlite_url: str, turns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on until all is done, and between its parts whatever is due is called."""

    def much(_: Work) -> bool:
        time.sleep(0.01)
        turns.append("much")
        return turns.count("much") < 12

    known(monkeypatch, "much", much)
    known(monkeypatch, "little", lambda _: turns.append("little"))
    store = Store(sqlite_url)
    await Scheduler(store).tick()
    store.close()

    assert turns.count("much") == 12
    assert turns.count("little") >= 4
    assert turns.index("little") <= 3


async def test_a_job_that_fails_is_left_alone_for_a_while(
    sqlite_url: str, turns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are called as if nothing were, and it is tried again later."""

    def broken(_: Work) -> bool:
        turns.append("broken")
        raise ZeroDivisionError

    known(monkeypatch, "broken", broken)
    known(monkeypatch, "little", lambda _: turns.append("little"))
    store = Store(sqlite_url)
    both = Scheduler(store)
    await both.tick()
    await both.tick()
    store.close()

    assert turns == ["broken", "little", "little"]
