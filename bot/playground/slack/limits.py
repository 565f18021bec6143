"""Slack's rate limits: about one message a second in a channel, and calls a minute by method."""

import math
import time
from dataclasses import dataclass, field

# Calls a minute of the methods that a bot leans on most, by Slack's published tiers.
TIERS = {
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "conversations.history": 50,
    "conversations.replies": 50,
    "conversations.list": 20,
    "conversations.info": 50,
    "users.list": 20,
    "users.info": 100,
    "users.lookupByEmail": 50,
    "reactions.add": 50,
    "reactions.remove": 20,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
    "apps.connections.open": 20,
}


@dataclass
class Limits:
    """What is allowed: zero means without limit. `tiers` turns the calls a minute on."""

    per_channel_second: float = 1.0
    burst: int = 4
    per_workspace_minute: int = 0
    tiers: bool = False

    @classmethod
    def off(cls) -> "Limits":
        return cls(per_channel_second=0)


@dataclass
class Bucket:
    """A bucket that leaks at a steady rate: full means too many."""

    level: float = 0.0
    at: float = 0.0

    def wait(self, rate: float, size: float, now: float) -> float:
        """Seconds until one more fits; zero when it fitted, and was counted."""
        self.level = max(0.0, self.level - (now - self.at) * rate)
        self.at = now
        if self.level + 1 > size + 1e-9:
            return (self.level + 1 - size) / rate
        self.level += 1
        return 0.0


@dataclass
class Gate:
    """Counts calls over real time, because a playground's own clock may be moved by hand."""

    limits: Limits
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def retry_after(self, method: str, channel: str | None) -> int:
        """Whole seconds to stay away, or zero when the call may pass."""
        limits, now, wait = self.limits, time.monotonic(), 0.0
        if limits.tiers and method in TIERS:
            wait = self._bucket(method).wait(TIERS[method] / 60, TIERS[method], now)
        if not wait and channel is not None:
            wait = self._message(channel, now)
        return math.ceil(wait)

    def _message(self, channel: str, now: float) -> float:
        limits, wait = self.limits, 0.0
        if limits.per_workspace_minute:
            rate = limits.per_workspace_minute / 60
            wait = self._bucket("workspace").wait(rate, limits.per_workspace_minute, now)
        if not wait and limits.per_channel_second:
            bucket = self._bucket(channel)
            wait = bucket.wait(limits.per_channel_second, max(limits.burst, 1), now)
        return wait

    def _bucket(self, key: str) -> Bucket:
        return self.buckets.setdefault(key, Bucket())
