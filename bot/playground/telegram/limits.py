"""How fast a bot may write: Telegram's published limits over sliding real time."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bot may send; `per_second=1000` is the paid tier, None switches a limit off.

    `chat_burst` messages may come at once in one chat, then `per_chat_second` a second.
    """

    per_second: int | None = 30
    per_chat_second: float | None = 1.0
    chat_burst: int = 3


class Pace:
    """Counts what was sent against the limits; real monotonic time, whatever clock people see."""

    def __init__(self, limits: Limits | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._sent: deque[float] = deque()
        # The moment at which a chat's allowance would be full again (a leaky bucket in one number).
        self._full_at: dict[int, float] = {}

    def take(self, chat_id: int, messages: int = 1) -> int:
        """Count the messages and return 0, or return the seconds to wait and count nothing."""
        if self.limits is None:
            return 0
        now = self._clock()
        wait = max(self._bot_wait(now, messages), self._chat_wait(chat_id, now, messages))
        if wait > 0:
            return max(1, math.ceil(wait))
        if self.limits.per_second is not None:
            self._sent.extend([now] * messages)
        if rate := self.limits.per_chat_second:
            self._full_at[chat_id] = max(now, self._full_at.get(chat_id, now)) + messages / rate
            self._forget_full(now)
        return 0

    def _bot_wait(self, now: float, messages: int) -> float:
        assert self.limits is not None
        if self.limits.per_second is None:
            return 0.0
        while self._sent and now - self._sent[0] >= 1.0:
            self._sent.popleft()
        over = len(self._sent) + messages - self.limits.per_second
        if over <= 0 or not self._sent:
            return 0.0
        return 1.0 - (now - self._sent[min(over, len(self._sent)) - 1])

    def _chat_wait(self, chat_id: int, now: float, messages: int) -> float:
        assert self.limits is not None
        rate = self.limits.per_chat_second
        if not rate:
            return 0.0
        # An album may be larger than the burst; it then needs a chat that has rested.
        burst = max(self.limits.chat_burst, messages)
        return self._full_at.get(chat_id, now) + messages / rate - burst / rate - now

    def _forget_full(self, now: float) -> None:
        # Chats that have rested long enough carry no memory, so a million chats cost nothing.
        if len(self._full_at) > 100_000:
            self._full_at = {chat: at for chat, at in self._full_at.items() if at > now}
