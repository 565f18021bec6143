"""The queue of updates that wait for the bot, until it confirms them by a higher offset."""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.playground.telegram.answers import Refusal, to_json

# A bot hears of these only when it has asked for them by name.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"


@dataclass(slots=True)
class Waiting:
    """One update, written as JSON once; `lane` is the chat whose order is kept."""

    id: int
    body: bytes
    lane: object


class UpdateQueue:
    """Updates in the order in which they happened; ids go up by one from a random start."""

    def __init__(self) -> None:
        self.next_id = random.randrange(100_000_000, 900_000_000)
        self.allowed: frozenset[str] | None = None
        # Called after each addition; a webhook hangs here.
        self.on_put: Callable[[], None] | None = None
        self._waiting: OrderedDict[int, Waiting] = OrderedDict()
        self._serial = 0
        # Only injected updates can break the order of ids, and then confirming looks at each.
        self._in_order = True
        self._poll: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def items(self) -> list[tuple[int, Waiting]]:
        return list(self._waiting.items())

    def allow(self, kinds: Any) -> None:
        """What the bot wants to hear from now on; an empty list is all but the rare kinds."""
        if isinstance(kinds, list):
            self.allowed = frozenset(map(str, kinds)) or None

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed is not None else kind not in ONLY_ON_REQUEST

    def put(self, kind: str, payload: dict[str, Any], lane: object) -> int | None:
        """Queue an update and return its id, or None when the bot does not want this kind."""
        if not self.wants(kind):
            return None
        number = self.next_id
        body = b'{"update_id":%d,"%s":%s}' % (number, kind.encode(), to_json(payload))
        self._add(number, body, lane)
        self.next_id += 1
        return number

    def put_raw(self, raw: Any) -> int:
        """Queue anything as it is; what has no number of its own is confirmed as the next one."""
        own = raw.get("update_id") if isinstance(raw, dict) else None
        number = own if isinstance(own, int) and not isinstance(own, bool) else self.next_id
        if number != self.next_id:
            self._in_order = False
        self._add(number, to_json(raw), "raw")
        self.next_id = max(self.next_id, number + 1)
        return number

    def _add(self, number: int, body: bytes, lane: object) -> None:
        self._serial += 1
        self._waiting[self._serial] = Waiting(number, body, lane)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self.on_put is not None:
            self.on_put()

    def renumber(self, at: int | None) -> None:
        """Go on from another id, as Telegram does after a week without updates."""
        self.next_id = random.randrange(100_000_000, 900_000_000) if at is None else at
        self._in_order = False

    def confirm(self, offset: int) -> None:
        """Forget every update below the offset; a negative one keeps only the last few."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popitem(last=False)
        elif offset > self.next_id + 10:
            # An offset from before a restart of the ids says nothing about these updates.
            return
        elif self._in_order:
            while self._waiting and next(iter(self._waiting.values())).id < offset:
                self._waiting.popitem(last=False)
        else:
            for serial in [key for key, each in self._waiting.items() if each.id < offset]:
                del self._waiting[serial]

    def settle(self, serial: int) -> None:
        self._waiting.pop(serial, None)

    def clear(self) -> None:
        self._waiting.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> bytes:
        """The waiting updates as a JSON list, after at most `timeout` seconds."""
        self.interrupt(OTHER_POLL)
        if offset:
            self.confirm(offset)
        if not self._waiting and timeout > 0:
            self._poll = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._poll
            except TimeoutError:
                pass
        first = islice(self._waiting.values(), limit)
        return b"[" + b",".join([waiting.body for waiting in first]) + b"]"

    def interrupt(self, why: str | None) -> None:
        """End a poll that waits now: with 409 and these words, or (None) with an empty answer."""
        if self._poll is not None and not self._poll.done():
            if why is None:
                self._poll.set_result(None)
            else:
                self._poll.set_exception(Refusal(409, why))
        self._poll = None
