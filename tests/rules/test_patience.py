"""A send that never ends is ended, and what nobody can know is called unsure."""

import asyncio

from handlers.actions.outcomes import Claimed, Outcome
from handlers.actions.outgoing import TELEGRAM, send
from jobs.delivery import Delivery
from jobs.pace import SlackPace
from storage.engine import Store
from storage.queries import outbox
from storage.records import OutboxState
from storage.work import Work


class Silence:
    """A platform that takes what it is given and never says a word."""

    def patience(self, claimed: Claimed) -> float:
        """Hardly any."""
        return 0.1

    async def send(self, claimed: Claimed) -> Outcome:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError(claimed)


async def test_a_send_without_any_answer_becomes_unsure(sqlite_store: Store) -> None:
    """The row does not stay on the socket for ever, and it is not sent a second time."""
    sqlite_store.write(lambda work: send(work, TELEGRAM, "1", "say", {"parts": []}, key="one"))
    delivery = Delivery(sqlite_store, TELEGRAM, "me", Silence(), SlackPace())
    delivery.start()
    try:
        async with asyncio.timeout(10):
            while sqlite_store.read(outbox.counts) != {OutboxState.UNSURE: 1}:
                await asyncio.sleep(0.02)
    finally:
        await delivery.stop()

    assert sqlite_store.read(_why) == "no answer in time"


def _why(work: Work) -> str | None:
    (row,) = outbox.in_trouble(work, (OutboxState.UNSURE,))
    return row.error
