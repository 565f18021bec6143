"""What truly reached people, and how often each method was called."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Delivery:
    """One thing that happened in somebody's chat; `outcome` is what the caller was told.

    `outcome` is "ok", or the name of the fault that spoilt the answer ("accept_then_reset").
    """

    method: str
    chat_id: int
    message_id: int
    text: str
    at: datetime
    payload: dict[str, Any]
    outcome: str = "ok"

    def as_json(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "text": self.text,
            "at": self.at.isoformat(),
            "payload": self.payload,
            "outcome": self.outcome,
        }


class Ledger:
    """Append-only: messages in `deliveries`; edits, deletions and reactions in `changes`."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.changes: list[Delivery] = []
        self.calls: Counter[str] = Counter()
        self.refusals: Counter[int] = Counter()
        # 429 that the caller earned by going too fast; a 429 from the fault plan is not counted.
        self.avoidable_429 = 0
        self.planned_429 = 0

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.deliveries)

    def __len__(self) -> int:
        return len(self.deliveries)

    def delivered_to(self, chat_id: int) -> list[Delivery]:
        """Messages that reached this chat, oldest first."""
        return [delivery for delivery in self.deliveries if delivery.chat_id == chat_id]

    def changes_in(self, chat_id: int) -> list[Delivery]:
        """Edits, deletions and reactions in this chat, oldest first."""
        return [change for change in self.changes if change.chat_id == chat_id]

    def texts(self) -> list[str]:
        return [delivery.text for delivery in self.deliveries]

    def as_json(self, since: int = 0) -> dict[str, Any]:
        """Everything for another process; `since` skips deliveries that it has already seen."""
        return {
            "total": len(self.deliveries),
            "deliveries": [delivery.as_json() for delivery in self.deliveries[since:]],
            "changes": [change.as_json() for change in self.changes],
            "calls": dict(self.calls),
            "refusals": {str(code): count for code, count in self.refusals.items()},
            "avoidable_429": self.avoidable_429,
            "planned_429": self.planned_429,
        }
