"""How fast things may go out: what the platforms allow, used to the full and never exceeded.

A limiter that counts its own sends is wrong twice: requests arrive later than they are sent, by
differing amounts, and after a restart it has forgotten what the last second held. So Telegram's
window counts answers: request n + rate may leave no earlier than one second after request n was
answered, less the quickest round trip seen (which no two requests can have less of than that).
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Protocol

from storage.records import OutboxRow, Urgency

Seconds = Callable[[], float]

A_WINDOW = 1.0
# Clocks and sockets have grains; a limit is kept, not touched.
MARGIN = 0.003


class Pace(Protocol):
    """What the delivery asks before a row goes, and tells after it went.

    It is asked in the writer's thread and told in the event loop's.
    """

    window: int

    def admits(self, row: OutboxRow) -> bool:
        """Whether this row may go now; when it may, its place is taken."""

    def went(self, rows: set[int]) -> None:
        """Of the places taken since the last call, those of other rows are free again."""

    def answered(self, row: OutboxRow, after: float) -> None:
        """The platform has answered a row, `after` so many seconds."""

    def pause(self, seconds: float) -> None:
        """Nothing may go for that long."""

    def ready_in(self) -> float:
        """Seconds until something may go that was held since the last question; else infinite."""


@dataclass
class _Place:
    row: int
    chat: str = ""
    answered_at: float | None = None


class TelegramPace:
    """So many messages in any second, one a second in a chat, campaigns evenly spread."""

    def __init__(self, rate: float, seconds: Seconds = time.monotonic) -> None:
        self._whole = rate
        self._rate = max(1, int(rate))
        self._seconds = seconds
        # In flight at once. At the usual rate three, since each would be unsure if the process
        # were killed; at a paid one what fills a slow line and the time of a commit.
        self.window = max(3, int((rate - 30) * 0.25))
        now = seconds()
        # What the process before us sent in its last second nobody knows: assume the worst.
        self._places = deque(_Place(0, answered_at=now) for _ in range(self._rate))
        self._tentative: list[_Place] = []
        # The places whose answer is not there yet, by row.
        self._open: dict[int, _Place] = {}
        self._chats: dict[str, float] = {}
        self._quickest: float | None = None
        self._next_campaign = now
        self._paused_until = now
        self._held_until = inf
        self._lock = threading.Lock()

    def share(self, among: int) -> None:
        """So many processes send for this bot: each may use its part of the rate."""
        rate = max(1, int(self._whole / max(1, among)))
        with self._lock:
            while len(self._places) > rate:
                self._places.popleft()
            while len(self._places) < rate:
                # A place that is new counts as used just now: the others may still be sending.
                self._places.append(_Place(0, answered_at=self._seconds()))
            self._rate = rate

    def admits(self, row: OutboxRow) -> bool:
        with self._lock:
            return self._admits(row)

    def _admits(self, row: OutboxRow) -> bool:
        now = self._seconds()
        ready = max(self._paused_until, self._chats.get(row.chat, 0.0), self._window_opens())
        is_campaign = row.urgency == Urgency.CAMPAIGN
        if is_campaign:
            ready = max(ready, self._next_campaign)
        if ready > now:
            self._held_until = min(self._held_until, ready)
            return False
        self._take(row, now)
        if is_campaign:
            # A late tick is caught up with, by three at the most.
            step = 1.0 / self._rate
            self._next_campaign = max(self._next_campaign + step, now - 3 * step)
        return True

    def _window_opens(self) -> float:
        """When the window has a place again; far away while the oldest has no answer."""
        oldest = self._places[0]
        if oldest.answered_at is None:
            return self._seconds() + A_WINDOW
        return oldest.answered_at + A_WINDOW - (self._quickest or 0.0) + MARGIN

    def _take(self, row: OutboxRow, now: float) -> None:
        place = _Place(row.id, row.chat)
        self._places.popleft()
        self._places.append(place)
        self._tentative.append(place)
        self._open[row.id] = place
        # Until it is answered its chat is taken; the answer says when the next may go.
        self._chats[row.chat] = now + 60.0

    def went(self, rows: set[int]) -> None:
        now = self._seconds()
        with self._lock:
            for place in self._tentative:
                if place.row not in rows:
                    place.answered_at = now - A_WINDOW
                    self._open.pop(place.row, None)
                    self._chats.pop(place.chat, None)
            self._tentative.clear()
            if len(self._chats) > 10_000:
                self._chats = {chat: until for chat, until in self._chats.items() if until > now}

    def answered(self, row: OutboxRow, after: float) -> None:
        with self._lock:
            self._answered(row, after)

    def _answered(self, row: OutboxRow, after: float) -> None:
        now = self._seconds()
        self._quickest = after if self._quickest is None else min(self._quickest, after)
        place = self._open.pop(row.id, None)
        if place is not None:
            place.answered_at = now
        self._chats[row.chat] = now + A_WINDOW

    def pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._seconds() + seconds)

    def ready_in(self) -> float:
        held_until, self._held_until = self._held_until, inf
        return max(0.0, held_until - self._seconds())


class SlackPace:
    """One message a second in a channel after a short burst, and the calls' own tiers."""

    window = 8
    BURST = 4.0
    # Updates and reactions are limited by the minute (tier 3: some fifty).
    CALLS_BURST = 20.0
    CALLS_A_SECOND = 0.8

    def __init__(self, seconds: Seconds = time.monotonic) -> None:
        self._seconds = seconds
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._paused_until = 0.0
        self._held_until = inf

    def admits(self, row: OutboxRow) -> bool:
        now = self._seconds()
        says = row.verb in ("say", "upload")
        key = (row.chat, "") if says else ("", row.verb)
        most, rate = (self.BURST, 1.0) if says else (self.CALLS_BURST, self.CALLS_A_SECOND)
        left, at = self._buckets.get(key, (most, now))
        left = min(most, left + (now - at) * rate)
        ready = max(self._paused_until, now if left >= 1 else now + (1 - left) / rate)
        if ready > now:
            self._held_until = min(self._held_until, ready)
            return False
        self._buckets[key] = (left - 1, now)
        return True

    def went(self, rows: set[int]) -> None:
        """A place taken in vain comes back by itself within a second."""

    def answered(self, row: OutboxRow, after: float) -> None:
        """Nothing: the bucket counts what leaves."""

    def pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._seconds() + seconds)

    def ready_in(self) -> float:
        held_until, self._held_until = self._held_until, inf
        return max(0.0, held_until - self._seconds())
