"""How events and interactions reach the app: one transport at a time, with Slack's retries."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from bot.playground.slack.ledger import Ledger
from bot.playground.slack.wire import Json


@dataclass
class Patience:
    """How long Slack waits, in real seconds; tests shorten it."""

    ack_within: float = 3.0
    # Waits before the first, second and third retry of an event.
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger_lives: float = 3.0
    response_url_lives: float = 1800.0


@dataclass(frozen=True)
class Ack:
    """What the app said to one delivery; `reason` is Slack's word for why it does not count."""

    ok: bool
    body: Any = None
    reason: str = ""


class Transport(Protocol):
    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        """Deliver once; attempt 0 is the first, later ones say why they are made."""


class Delivery:
    """Sends payloads through whichever transport is in use; without one nothing is kept."""

    def __init__(self, patience: Patience, ledger: Ledger) -> None:
        self.patience = patience
        self.ledger = ledger
        self.transport: Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def event(self, payload: Any) -> None:
        """Start delivering one event; it is retried until acked or given up."""
        if self.transport is not None:
            self.start(self._event(self.transport, payload))

    async def _event(self, transport: Transport, payload: Any) -> None:
        reason = ""
        for attempt in range(len(self.patience.retries) + 1):
            if attempt and (wait := self.patience.retries[attempt - 1]):
                await asyncio.sleep(wait)
            # A transport chosen since takes over what the old one could not deliver.
            transport = self.transport or transport
            self.ledger.deliveries["events_api"] += 1
            ack = await transport.send("events_api", payload, attempt, reason)
            if ack.ok:
                self.ledger.deliveries["events_api acked"] += 1
                return
            if ack.reason == "no_retry":
                break
            self.ledger.deliveries["events_api unacked"] += 1
            reason = ack.reason
        self.ledger.deliveries["events_api given up"] += 1

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Deliver a command or an interaction: Slack never repeats those."""
        if self.transport is None:
            return Ack(False, reason="dispatch_failed")
        self.ledger.deliveries[kind] += 1
        ack = await self.transport.send(kind, payload, 0, "")
        self.ledger.deliveries[f"{kind} acked" if ack.ok else f"{kind} unacked"] += 1
        return ack

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def quiet(self, within: float = 10.0) -> None:
        """Wait until every event is acked or given up; raises TimeoutError otherwise."""
        async with asyncio.timeout(within):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
