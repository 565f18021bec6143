"""What every part of this Slack needs to speak: JSON, timestamps, identifiers and API errors."""

import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

Json = dict[str, Any]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"


class ApiError(Exception):
    """A call that Slack answers with ok=false; details go beside the error's name."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    def answer(self) -> Json:
        return {"ok": False, "error": self.error, **self.details}


class Stamps:
    """Message timestamps: the workspace's clock in microseconds, never twice, never backwards."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._last = 0

    def next(self) -> str:
        at = int(self.now().timestamp() * 1_000_000)
        self._last = max(at, self._last + 1)
        return stamp(self._last)

    def epoch(self) -> int:
        return int(self.now().timestamp())


class Ids:
    """Identifiers with Slack's look, in the order in which things were made."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def next(self, prefix: str) -> str:
        number, letters = next(self._numbers), ""
        while number:
            number, digit = divmod(number, len(ALPHABET))
            letters = ALPHABET[digit] + letters
        return prefix + letters.rjust(9, "0")


def stamp(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def micros(ts: str) -> int:
    """Microseconds of a timestamp; floats would lose the last digits. Bad ones count as zero."""
    seconds, _, fraction = ts.partition(".")
    if not seconds.isdigit() or (fraction and not fraction.isdigit()):
        return 0
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])
