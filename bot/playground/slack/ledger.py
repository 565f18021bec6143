"""What truly reached the workspace, kept for tests that count."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.playground.slack.wire import Json


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted effect of a call; `at` is the workspace's clock."""

    method: str
    channel: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: list[Json] | None
    metadata: Json | None
    at: datetime
    user: str | None = None


@dataclass
class Ledger:
    entries: list[Entry] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    limited: Counter[str] = field(default_factory=Counter)
    # Deliveries to the app: sent, acked, late and given up, by kind of envelope.
    deliveries: Counter[str] = field(default_factory=Counter)

    def posted(self, channel: str | None = None, method: str = "chat.postMessage") -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.method == method and channel in (None, entry.channel)
        ]

    def with_metadata(self, event_type: str, **payload: Any) -> list[Entry]:
        """Entries whose metadata has this type and at least these payload fields."""
        return [
            entry
            for entry in self.entries
            if entry.metadata
            and entry.metadata.get("event_type") == event_type
            and payload.items() <= (entry.metadata.get("event_payload") or {}).items()
        ]

    def clear(self) -> None:
        self.entries.clear()
        self.calls.clear()
        self.limited.clear()
        self.deliveries.clear()

    def as_json(self) -> Json:
        entries = [{**asdict(entry), "at": entry.at.isoformat()} for entry in self.entries]
        return {
            "entries": entries,
            "calls": dict(self.calls),
            "limited": dict(self.limited),
            "deliveries": dict(self.deliveries),
        }
