"""Drains the outbox through one door: claim, commit, send, settle."""

import asyncio
import logging
import time
from datetime import datetime
from functools import partial
from typing import Protocol

from handlers.actions.claiming import claim
from handlers.actions.delivery import settle, settle_again, settle_barely
from handlers.actions.outcomes import Claimed, Later, NotSure, Outcome, Sent
from jobs.pace import Pace
from storage.engine import Store
from storage.errors import Busy, Stale, StorageError
from storage.work import Work

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_AFTER_A_VAIN_LOOK = 0.025
SECONDS_TO_STOP = 10.0
SECONDS_FOR_A_SEND = 180.0
SECONDS_AFTER_FAILURE = 1.0
TOO_LATE = "no answer in time"


class Sender(Protocol):
    """What the delivery needs of a platform."""

    async def send(self, claimed: Claimed) -> Outcome:
        """Put a row on the socket, once, and tell how it went."""


class Delivery:
    """One door's way out."""

    def __init__(
        self,
        store: Store,
        door: str,
        owner: str,
        sender: Sender,
        pace: Pace,
        patience: float = SECONDS_FOR_A_SEND,
    ) -> None:
        self._patience = patience
        self._store = store
        self.door = door
        self._owner = owner
        self._sender = sender
        self._pace = pace
        # Only where a place is shared by many lines, a Slack channel by its threads, turns matter.
        self._served: dict[str, datetime] | None = {} if pace.takes_turns else None
        # Since when; the oldest first.
        self._under_way: dict[asyncio.Task[None], float] = {}
        # The rows whose answer is not there yet; those under way are more: they are settled too.
        self._on_socket: set[int] = set()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        # What keeps everything from going, for whoever asks how the house is doing.
        self.trouble = ""
        # Held: receive yes, send no, until somebody says go (after a restore).
        self.held = False

    def start(self) -> None:
        """Begin to drain."""
        self._loop = asyncio.get_running_loop()
        self._store.on_commit(self._written)
        self._begin()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._drain())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Draining ends when we stop; if it broke, a bug did it, and it begins again."""
        if task.cancelled() or task.exception() is None or self._loop is None:
            return
        log.error("the outbox broke", exc_info=task.exception())
        self.trouble = "the outbox broke"
        if not self._stopping:
            self._loop.call_later(SECONDS_AFTER_FAILURE, self._begin)

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

    def _written(self, tables: set[str]) -> None:
        # Called in the writer's thread after each commit.
        if "outbox" in tables and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _drain(self) -> None:
        while not self._stopping:
            self._wake.clear()
            claimed = await self._claim()
            for each in claimed:
                self._on_socket.add(each.row.id)
                task = asyncio.get_running_loop().create_task(self._one(each))
                self._under_way[task] = time.monotonic()
                task.add_done_callback(self._under_way.pop)
            self._give_up_waiting()
            if not claimed:
                # Each commit wakes us; what waits for its turn need not be looked at each time.
                await asyncio.sleep(min(self._pace.ready_in(), SECONDS_AFTER_A_VAIN_LOOK))
            await self._rest()

    def _give_up_waiting(self) -> None:
        """End the sends that nothing else has ended; cheaper than a timer for each of them."""
        now = time.monotonic()
        while self._under_way:
            task, since = next(iter(self._under_way.items()))
            if since > now - self._patience:
                return
            task.cancel(TOO_LATE)
            # What remains is to write that down; it goes to the end, and is not ended twice.
            self._under_way[task] = self._under_way.pop(task) + self._patience

    async def _rest(self) -> None:
        """Wait until something may have changed: a commit, an answer, a place at the platform."""
        wait = min(self._pace.ready_in(), SECONDS_BETWEEN_LOOKS)
        try:
            await asyncio.wait_for(self._wake.wait(), wait)
        except TimeoutError:
            return

    def _room(self) -> int:
        return self._pace.window - len(self._on_socket)

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

    async def _one(self, claimed: Claimed) -> None:
        started = time.monotonic()
        try:
            outcome = await self._sender.send(claimed)
        except asyncio.CancelledError as cancelled:
            if cancelled.args != (TOO_LATE,):
                raise
            current = asyncio.current_task()
            assert current is not None
            current.uncancel()
            outcome = NotSure(TOO_LATE)
        except Exception as failure:
            # A bug of ours, before or after the socket: the row must not stay there for ever, and
            # the others must go on.
            log.exception("outbox %s could not be sent", claimed.row.id)
            outcome = NotSure(type(failure).__name__)
        # From here on its place on the socket is free; writing down how it went takes its time.
        self._on_socket.discard(claimed.row.id)
        self._wake.set()
        self._pace.answered(claimed.row, time.monotonic() - started)
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
        await self._settle(claimed, outcome)

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Write down how it went, as often as it takes: what is known must not be lost."""
        write_down = settle
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
            except Exception:
                # A bug in what follows from it; what became of the row itself must be known.
                log.exception("outbox %s could not be settled", claimed.row.id)
                write_down = settle_barely
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
                continue
            if not ours:
                log.warning("outbox %s was settled by somebody else", claimed.row.id)
            return
