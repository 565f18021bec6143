"""The clock's turns: neither a job that has much to do nor a failing one keeps others waiting."""

import time
from datetime import timedelta

from jobs.job import Body, Job
from jobs.scheduler import Scheduler
from storage.engine import Store
from storage.work import Work


def table(**bodies: Body) -> dict[str, Job]:
    return {name: Job(name, timedelta(0), body) for name, body in bodies.items()}


async def test_a_job_with_much_to_do_lets_the_others_have_their_turn(sqlite_url: str) -> None:
    """It goes on until all is done, and between its parts whatever is due is called."""
    turns: list[str] = []

    def much(_: Work) -> bool:
        time.sleep(0.01)
        turns.append("much")
        return turns.count("much") < 12

    both = table(much=much, little=lambda _: turns.append("little"))
    store = Store(sqlite_url)
    await Scheduler(store, table=both, seconds_in_a_row=0.02).tick()
    store.close()

    assert turns.count("much") == 12
    assert turns.count("little") >= 4
    assert turns.index("little") <= 3


async def test_a_job_that_fails_is_left_alone_for_a_while(sqlite_url: str) -> None:
    """The others are called as if nothing were, and it is tried again later."""
    turns: list[str] = []

    def broken(_: Work) -> bool:
        turns.append("broken")
        raise ZeroDivisionError

    store = Store(sqlite_url)
    both = Scheduler(store, table=table(broken=broken, little=lambda _: turns.append("little")))
    await both.tick()
    await both.tick()
    store.close()

    assert turns == ["broken", "little", "little"]
