"""Drains the outbox through one door: claim, commit, send, settle."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from handlers.actions.claiming import claim
from handlers.actions.delivery import settle, settle_again, settle_barely
from handlers.actions.outcomes import Claimed, Later, NotSure, Outcome, Sent
from jobs.pace import AHEAD, Pace
from storage.engine import Store
from storage.errors import Busy, Stale, StorageError
from storage.work import Work

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_AFTER_A_VAIN_LOOK = 0.025
SECONDS_TO_STOP = 10.0
SECONDS_AFTER_FAILURE = 1.0
TOO_LATE = "no answer in time"


class Sender(Protocol):
    """What the delivery needs of a platform."""

    async def send(self, claimed: Claimed) -> Outcome:
        """Put a row on the socket, once, and tell how it went."""

    def patience(self, claimed: Claimed) -> float:
        """Seconds after which a row's send is ended; then nobody knows how it went."""


# Of a work, and of `claimed` and its `outcome`: whether the row was still ours.
_Settle = Callable[..., bool]


@dataclass(slots=True)
class _Sending:
    """A row from the moment at which it is put on the socket until it is settled."""

    claimed: Claimed
    # When it was put on the socket; None when it was not.
    since: float | None
    # When it is given up, if it is still there.
    until: float
    too_late: bool = False
    # How it went, as soon as that is known.
    outcome: Outcome | None = None


class Delivery:
    """One door's way out."""

    def __init__(
        self,
        store: Store,
        door: str,
        owner: str,
        sender: Sender,
        pace: Pace,
    ) -> None:
        self._store = store
        self.door = door
        self._owner = owner
        self._sender = sender
        self._pace = pace
        # Only where a place is shared by many lines, a Slack channel by its threads, turns matter.
        self._served: dict[str, datetime] | None = {} if pace.takes_turns else None
        self._under_way: dict[asyncio.Task[None], _Sending] = {}
        # When it is looked next whether one of them takes too long.
        self._looks_again = 0.0
        # The rows whose answer is not there yet; those under way are more: they are settled too.
        self._on_socket: set[int] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        # What keeps everything from going, for whoever asks how the house is doing.
        self.trouble = ""
        # Held: receive yes, send no, until somebody says go (after a restore).
        self.held = False

    def start(self) -> None:
        """Begin to drain."""
        self._store.when_written("outbox", self._wake.set)
        self._begin()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._drain())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Draining ends when we stop; if it broke, a bug did it, and it begins again."""
        if task.cancelled() or task.exception() is None:
            return
        log.error("the outbox broke", exc_info=task.exception())
        self.trouble = "the outbox broke"
        if not self._stopping:
            task.get_loop().call_later(SECONDS_AFTER_FAILURE, self._begin)

    async def stop(self) -> None:
        """Claim no more, and wait for the answers of what is on the socket: nothing is unsure."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=SECONDS_TO_STOP)

    @property
    def under_way(self) -> int:
        """How many rows are on the socket."""
        return len(self._under_way)

    async def _drain(self) -> None:
        while not self._stopping:
            self._wake.clear()
            claimed = await self._claim()
            for each in claimed:
                self._on_socket.add(each.row.id)
                sending = _Sending(each, None, time.monotonic() + self._sender.patience(each))
                self._see_to(sending, self._one(sending))
            self._give_up_waiting()
            # Asked once: the pace tells it of what was held since it was asked last.
            wait = min(self._pace.ready_in(), SECONDS_BETWEEN_LOOKS)
            if not claimed:
                # Each commit wakes us; what waits for its turn need not be looked at each time.
                nap = min(wait, SECONDS_AFTER_A_VAIN_LOOK)
                await asyncio.sleep(nap)
                wait -= nap
            await self._rest(wait)

    def _see_to(self, sending: _Sending, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way[task] = sending
        task.add_done_callback(self._seen_to)

    def _seen_to(self, task: asyncio.Task[None]) -> None:
        """A send is over. What a bug of ours or our patience has ended is written down as well.

        The row must not stay on the socket for ever, and the others go on meanwhile.
        """
        sending = self._under_way.pop(task)
        failure = None if task.cancelled() else task.exception()
        number = sending.claimed.row.id
        if sending.too_late and sending.outcome is None:
            self._see_to(sending, self._over(sending, NotSure(TOO_LATE)))
        elif failure is None:
            return
        elif sending.outcome is None:
            # Before or after the socket: nobody knows.
            log.error("outbox %s could not be sent", number, exc_info=failure)
            self._see_to(sending, self._over(sending, NotSure(type(failure).__name__)))
        else:
            # In what follows from it; what became of the row itself must be known.
            log.error("outbox %s could not be settled", number, exc_info=failure)
            self._see_to(sending, self._settle_barely(sending, sending.outcome))

    def _give_up_waiting(self) -> None:
        """End the sends that nothing else has ended; cheaper than a timer for each of them."""
        now = time.monotonic()
        if now < self._looks_again:
            return
        self._looks_again = now + SECONDS_BETWEEN_LOOKS
        for task, sending in self._under_way.items():
            # What has an outcome is being written down, as often as it takes.
            if sending.until <= now and sending.outcome is None:
                sending.too_late = True
                task.cancel()

    async def _rest(self, wait: float) -> None:
        """Wait until something may have changed: a commit, an answer, a place at the platform."""
        try:
            await asyncio.wait_for(self._wake.wait(), wait)
        except TimeoutError:
            return

    def _room(self) -> int:
        left = self._pace.window - len(self._on_socket)
        return self._pace.places(left) if left > 0 else 0

    async def _claim(self) -> list[Claimed]:
        room = self._room()
        if room <= 0 or self.held:
            return []

        def take(work: Work) -> list[Claimed]:
            # The writer may have to do it twice: the places that the first time took are free.
            self._pace.went(set())
            return claim(work, self.door, self._owner, room, self._pace.admits, self._served)

        try:
            claimed = await self._store.ask(take)
        except StorageError as trouble:
            log.warning("the outbox waits: %s", type(trouble).__name__)
            self._pace.went(set())
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            return []
        self._pace.went({each.row.id for each in claimed})
        return claimed

    async def _one(self, sending: _Sending) -> None:
        while (wait := self._pace.goes_in(sending.claimed.row)) > 0:
            if wait > AHEAD:
                # Our token has been refused meanwhile: everything waits. This never went.
                await self._over(sending, Later(timedelta(seconds=wait), "everything is held"))
                return
            await asyncio.sleep(wait)
        sending.since = time.monotonic()
        await self._over(sending, await self._sender.send(sending.claimed))

    async def _over(self, sending: _Sending, outcome: Outcome) -> None:
        """Its place on the socket is free from here on; writing down how it went takes its time."""
        sending.outcome = outcome
        claimed = sending.claimed
        self._on_socket.discard(claimed.row.id)
        self._wake.set()
        after = None if sending.since is None else time.monotonic() - sending.since
        self._pace.answered(claimed.row, after)
        if isinstance(outcome, Later) and outcome.too_many:
            self._pace.refused(claimed.row)
        if isinstance(outcome, Later) and outcome.whole:
            self._pace.pause(outcome.after.total_seconds())
            log.warning("%s holds everything for %s: %s", self.door, outcome.after, outcome.why)
        if isinstance(outcome, Later) and outcome.token_refused:
            self.trouble = f"the token is refused ({outcome.why})"
        elif isinstance(outcome, Sent):
            self.trouble = ""
            if claimed.chat == claimed.row.chat:
                self._pace.stands(claimed.chat, outcome.chat or claimed.chat)
        await self._settle(claimed, outcome, settle)

    async def _settle_barely(self, sending: _Sending, outcome: Outcome) -> None:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        await self._settle(sending.claimed, outcome, settle_barely)

    async def _settle(self, claimed: Claimed, outcome: Outcome, write_down: _Settle) -> None:
        """Write down how it went, as often as it takes: what is known must not be lost."""
        while True:
            try:
                ours = await self._store.ask(partial(write_down, claimed=claimed, outcome=outcome))
            except Stale:
                write_down = settle_again
                continue
            except Busy as trouble:
                log.warning(
                    "outbox %s waits to be settled: %s", claimed.row.id, type(trouble).__name__
                )
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
                continue
            if not ours:
                log.warning("outbox %s was settled by somebody else", claimed.row.id)
            return
