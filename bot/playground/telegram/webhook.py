"""Delivery of updates to the bot's own address: each again until it answers 2xx."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp

from bot.playground.telegram.updates import UpdateQueue, Waiting

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header.
LONGEST_PAUSE = 60.0
ANSWER_WITHIN = 60.0


class Webhook:
    """Posts each update; the order is kept within a chat, and chats go side by side."""

    def __init__(
        self,
        updates: UpdateQueue,
        url: str,
        secret: str,
        connections: int,
        *,
        now: Callable[[], datetime],
        answer: Callable[[bytes], Awaitable[None]],
        first_pause: float,
    ) -> None:
        self.url = url
        self.secret = secret
        self.connections = connections
        self.tries = 0
        self._updates = updates
        self._now = now
        self._answer = answer
        self._first_pause = first_pause
        self._free = asyncio.Semaphore(connections)
        self._lanes: dict[object, deque[tuple[int, Waiting]]] = {}
        self._taken: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._failed_at: datetime | None = None
        self._failure = ""
        self._scheduled = False

    def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN),
        )
        self._updates.on_put = self._wake
        self._wake()

    async def stop(self) -> None:
        self._updates.on_put = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def about(self) -> dict[str, Any]:
        """The part of getWebhookInfo that speaks of this address."""
        told: dict[str, Any] = {"url": self.url, "max_connections": self.connections}
        if self._failed_at is not None:
            told["last_error_date"] = int(self._failed_at.timestamp())
            told["last_error_message"] = self._failure
        return told

    def _wake(self) -> None:
        # Many updates may come at once; one look at the queue serves them all.
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    def _dispatch(self) -> None:
        self._scheduled = False
        for serial, waiting in self._updates.items():
            if serial in self._taken:
                continue
            self._taken.add(serial)
            lane = self._lanes.get(waiting.lane)
            if lane is not None:
                lane.append((serial, waiting))
                continue
            self._lanes[waiting.lane] = deque([(serial, waiting)])
            task = asyncio.get_running_loop().create_task(self._drain(waiting.lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drain(self, name: object) -> None:
        lane = self._lanes[name]
        while lane:
            serial, waiting = lane.popleft()
            await self._deliver(waiting)
            self._updates.settle(serial)
            self._taken.discard(serial)
        del self._lanes[name]

    async def _deliver(self, waiting: Waiting) -> None:
        pause = self._first_pause
        while True:
            async with self._free:
                if await self._post(waiting.body):
                    return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, body: bytes) -> bool:
        assert self._session is not None
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        self.tries += 1
        try:
            async with self._session.post(self.url, data=body, headers=headers) as response:
                answer = await response.read()
                if 200 <= response.status < 300:
                    await self._answer(answer)
                    return True
                why = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            why = "Connection timed out" if isinstance(failure, TimeoutError) else str(failure)
        self._failed_at, self._failure = self._now(), why
        return False
