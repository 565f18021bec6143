"""How fast things may go out: what the platforms allow, used to the full and never exceeded.

A limiter that counts its own sends is wrong twice: requests arrive later than they are sent, by
differing amounts, and after a restart it has forgotten what the last second held. So Telegram's
window counts answers: request n + rate may leave no earlier than one second after request n was
answered, less the quickest round trip seen.

What that promises: two messages that are rate apart arrive at least a second apart, as long as the
way there of the later and the way back of the earlier take together no less than the quickest
round trip. On a line whose two directions waver independently that fails now and then, by no more
than they waver; Telegram then answers 429, nothing is lost, and the row waits as long as it says.
Where several processes share a bot each keeps its part of the rate in this way, and no more than
that is promised for the moment at which their number changes.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, takewhile
from math import inf
from typing import Protocol

from storage.records import OutboxRow, Urgency

Seconds = Callable[[], float]

# Clocks and sockets have grains; a limit is kept, not touched.
MARGIN = 0.003
# Where places are waited for in the event loop nothing else is between a place and its message, and
# a line's two ways waver by more than that.
MARGIN_AHEAD = 0.01
# So many seconds of a campaign's even spread are caught up with when somebody held us up. At a
# thousand a second one look at the outbox takes longer than twenty messages may.
CATCH_UP = 0.1
# At a paid rate rows are taken so many seconds before their place is free, and wait for it: what
# the commit and the writer's other work take would else come on top of each second.
AHEAD = 0.08


@dataclass(frozen=True)
class Tempo:
    """What the platforms allow, and how often we look; whoever starts us may hand in another.

    Telegram counts the messages of a bot and of a chat in each second. Slack promises one message
    a second in a channel and lets more through as it sees fit, until it says that it was too much;
    it limits updates and reactions by the minute (tier 3: some fifty).
    """

    window: float = 1.0
    # So many messages a second into a channel, for as long as Slack has said nothing.
    eager: float = 100.0
    # What holds after it did: one a second, after so many at once, for so many seconds.
    burst: float = 4.0
    sober: float = 600.0
    calls_burst: float = 20.0
    calls_a_second: float = 0.8
    # Every job is looked at so often at least.
    jobs_every: timedelta = timedelta.max
    token_every: timedelta = timedelta(minutes=1)


USUAL = Tempo()


class Pace(Protocol):
    """What the delivery asks before a row goes, and tells after it went.

    It is asked in the writer's thread and told in the event loop's.
    """

    window: int
    # Whether many lines share one place, so that each must wait for its turn.
    takes_turns: bool

    def places(self, most: int) -> int:
        """How many rows it might let go now, whatever they are; no more than `most` are counted."""

    def admits(self, row: OutboxRow) -> bool:
        """Whether this row may go now; when it may, its place is taken."""

    def goes_in(self, row: OutboxRow) -> float:
        """Seconds from now until a row that was let go is to be put on the socket; 0 is at once.

        More than `AHEAD` means that everything is held by now.
        """

    def went(self, rows: set[int]) -> None:
        """Of the places taken since the last call, those of other rows are free again."""

    def answered(self, row: OutboxRow, after: float | None) -> None:
        """The platform has answered a row, `after` so many seconds; None when it never went."""

    def refused(self, row: OutboxRow) -> None:
        """The platform has called a row one too many."""

    def stands(self, chat: str, place: str) -> None:
        """The platform calls a chat so: what goes to the one goes to the other."""

    def pause(self, seconds: float) -> None:
        """Nothing may go for that long."""

    def ready_in(self) -> float:
        """Seconds until something may go that was held since the last question; else infinite."""


@dataclass
class _Place:
    row: int
    chat: str = ""
    goes_at: float = 0.0
    answered_at: float | None = None


class TelegramPace:
    """So many messages in any second, one a second in a chat, campaigns evenly spread."""

    takes_turns = False

    def __init__(
        self, rate: float, seconds: Seconds = time.monotonic, tempo: Tempo = USUAL
    ) -> None:
        self._whole = rate
        self._window = tempo.window
        self._rate = max(1, int(rate))
        self._seconds = seconds
        # In flight at once. At the usual rate three, since each would be unsure if the process
        # were killed; at a paid one what fills a slow line and the time of a commit.
        self.window = max(3, int((rate - 30) * 0.25))
        # Nor is anything taken before its time where each row counts.
        self._ahead, self._margin = (AHEAD, MARGIN_AHEAD) if self.window > 3 else (0.0, MARGIN)
        now = seconds()
        # What the process before us sent in its last second nobody knows: assume the worst.
        self._places = deque(_Place(0, answered_at=now) for _ in range(self._rate))
        self._tentative: list[_Place] = []
        # The places whose answer is not there yet, by row.
        self._open: dict[int, _Place] = {}
        self._chats: dict[str, float] = {}
        # The quickest round trip, and of how many: a few say little about how quick it can be.
        self._quickest, self._answers = inf, 0
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

    def places(self, most: int) -> int:
        with self._lock:
            soon = self._seconds() + self._ahead
            opens = max(self._paused_until, self._opens(self._places[0]))
            if opens > soon:
                self._held_until = min(self._held_until, opens - self._ahead)
                return 0
            free = takewhile(lambda place: self._opens(place) <= soon, islice(self._places, most))
            return sum(1 for _ in free)

    def admits(self, row: OutboxRow) -> bool:
        with self._lock:
            return self._admits(row)

    def _admits(self, row: OutboxRow) -> bool:
        now = self._seconds()
        ready = max(
            self._paused_until, self._chats.get(row.chat, 0.0), self._opens(self._places[0])
        )
        is_campaign = row.urgency == Urgency.CAMPAIGN
        if is_campaign:
            ready = max(ready, self._next_campaign)
        if ready > now + self._ahead:
            self._held_until = min(self._held_until, ready - self._ahead)
            return False
        self._take(row, now, max(now, ready))
        if is_campaign:
            self._next_campaign = max(self._next_campaign + 1.0 / self._rate, now - CATCH_UP)
        return True

    def _opens(self, place: _Place) -> float:
        """When a place of the window is free again; far away while it has no answer."""
        if place.answered_at is None:
            return self._seconds() + self._window
        quickest = self._quickest if self._answers >= self._rate else 0.0
        return place.answered_at + self._window - quickest + self._margin

    def _take(self, row: OutboxRow, now: float, goes_at: float) -> None:
        place = _Place(row.id, row.chat, goes_at)
        self._places.popleft()
        self._places.append(place)
        self._tentative.append(place)
        self._open[row.id] = place
        # Until it is answered its chat is taken; the answer says when the next may go.
        self._chats[row.chat] = now + 60.0

    def goes_in(self, row: OutboxRow) -> float:
        place = self._open.get(row.id)
        goes_at = max(place.goes_at, self._paused_until) if place is not None else 0.0
        return max(0.0, goes_at - self._seconds())

    def went(self, rows: set[int]) -> None:
        now = self._seconds()
        with self._lock:
            for place in self._tentative:
                if place.row not in rows:
                    place.answered_at = now - self._window
                    self._open.pop(place.row, None)
                    self._chats.pop(place.chat, None)
            self._tentative.clear()
            if len(self._chats) > 10_000:
                self._chats = {chat: until for chat, until in self._chats.items() if until > now}

    def answered(self, row: OutboxRow, after: float | None) -> None:
        with self._lock:
            self._answered(row, after)

    def _answered(self, row: OutboxRow, after: float | None) -> None:
        now = self._seconds()
        if after is not None:
            self._quickest, self._answers = min(self._quickest, after), self._answers + 1
        place = self._open.pop(row.id, None)
        if place is not None:
            place.answered_at = now
        self._chats[row.chat] = now + self._window

    def refused(self, row: OutboxRow) -> None:
        """Nothing: the row waits as long as Telegram says."""

    def stands(self, chat: str, place: str) -> None:
        """Nothing: a chat has one name here."""

    def pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._seconds() + seconds)

    def ready_in(self) -> float:
        held_until, self._held_until = self._held_until, inf
        return max(0.0, held_until - self._seconds())


class SlackPace:
    """As fast as Slack lets it into a channel; once it objects one a second. And its tiers.

    What it has refused is surely not sent, so to ask costs one refusal in ten minutes, and a
    customer's words need not wait while Slack would have taken them.
    """

    window = 16
    takes_turns = True

    def __init__(self, seconds: Seconds = time.monotonic, tempo: Tempo = USUAL) -> None:
        self._seconds = seconds
        self._tempo = tempo
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        # Channels that must keep to one a second, until when.
        self._sober_until: dict[str, float] = {}
        # What we call by a name of ours ("#support") is a channel with an id too.
        self._places: dict[str, str] = {}
        self._paused_until = 0.0
        self._held_until = inf

    def places(self, most: int) -> int:
        """Each channel has its own: as many as are asked for."""
        return most

    def admits(self, row: OutboxRow) -> bool:
        now = self._seconds()
        says = row.verb in ("say", "upload")
        place = self._places.get(row.chat, row.chat)
        key = (place, "") if says else ("", row.verb)
        most, rate = self._allowed(place, now) if says else self._calls
        left, at = self._buckets.get(key, (most, now))
        left = min(most, left + (now - at) * rate)
        ready = max(self._paused_until, now if left >= 1 else now + (1 - left) / rate)
        if ready > now:
            self._held_until = min(self._held_until, ready)
            return False
        self._buckets[key] = (left - 1, now)
        return True

    @property
    def _calls(self) -> tuple[float, float]:
        return self._tempo.calls_burst, self._tempo.calls_a_second

    def _allowed(self, chat: str, now: float) -> tuple[float, float]:
        """How many messages may go into a channel at once, and how many a second."""
        tempo = self._tempo
        if self._sober_until.get(chat, 0.0) > now:
            return tempo.burst, 1.0
        return max(tempo.burst, tempo.eager), tempo.eager

    def refused(self, row: OutboxRow) -> None:
        """From now on it is one a second there, and the burst is used up."""
        if row.verb in ("say", "upload"):
            now, place = self._seconds(), self._places.get(row.chat, row.chat)
            self._sober_until[place] = now + self._tempo.sober
            self._buckets[place, ""] = (0.0, now)

    def goes_in(self, row: OutboxRow) -> float:
        """Nothing is taken before its time."""
        return 0.0

    def went(self, rows: set[int]) -> None:
        """A place taken in vain comes back by itself within a second."""

    def answered(self, row: OutboxRow, after: float | None) -> None:
        """Nothing: the bucket counts what leaves."""

    def stands(self, chat: str, place: str) -> None:
        if chat.startswith("#") and chat != place:
            self._places[chat] = place

    def pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._seconds() + seconds)

    def ready_in(self) -> float:
        held_until, self._held_until = self._held_until, inf
        return max(0.0, held_until - self._seconds())
