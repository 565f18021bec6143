"""The fault plan: which call fails, and how."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from bot.playground.slack.wire import Json


class Kind(StrEnum):
    RESET = "reset"
    STATUS = "status"
    TOO_MANY = "too_many"
    HANG = "hang"
    ERROR = "error"
    GARBAGE = "garbage"


@dataclass(frozen=True)
class Fault:
    """One way to fail; `after` says whether the call does its work first."""

    kind: Kind
    after: bool = False
    status: int = 0
    seconds: float = 0.0
    error: str = ""

    ACCEPT_THEN_RESET: ClassVar["Fault"]
    RESET_BEFORE: ClassVar["Fault"]
    GARBAGE: ClassVar["Fault"]

    # These read as constants in a fault plan, beside the two resets, so they are named like them.
    @classmethod
    def STATUS(cls, status: int = 502, after: bool = False) -> "Fault":  # noqa: N802
        return cls(Kind.STATUS, after, status=status)

    @classmethod
    def TOO_MANY(cls, retry_after: float = 1) -> "Fault":  # noqa: N802
        return cls(Kind.TOO_MANY, seconds=retry_after)

    @classmethod
    def HANG(cls, seconds: float = 3600, after: bool = False) -> "Fault":  # noqa: N802
        """No answer for so long; the connection is reset after that."""
        return cls(Kind.HANG, after, seconds=seconds)

    @classmethod
    def ERROR(cls, error: str) -> "Fault":  # noqa: N802
        return cls(Kind.ERROR, error=error)

    @classmethod
    def from_json(cls, raw: Json) -> "Fault":
        """A fault from its name, as the control routes send it."""
        kind, after = str(raw["kind"]).lower(), bool(raw.get("after", False))
        if kind in {"accept_then_reset", "reset_before"}:
            return cls(Kind.RESET, after=kind == "accept_then_reset")
        usual = 3600 if kind == "hang" else 1
        return cls(
            Kind(kind),
            after=after or kind == "garbage",
            status=int(raw.get("status", 502)),
            seconds=float(raw.get("retry_after") or raw.get("seconds") or usual),
            error=str(raw.get("error", "")),
        )


Fault.ACCEPT_THEN_RESET = Fault(Kind.RESET, after=True)
Fault.RESET_BEFORE = Fault(Kind.RESET)
Fault.GARBAGE = Fault(Kind.GARBAGE, after=True)


@dataclass
class Rule:
    method: str
    do: Fault
    nth: int = 1
    times: int = 1
    every: int = 0
    chance: float = 0.0
    channel: str | None = None
    seen: int = 0
    fired: int = 0

    def strikes(self, method: str, args: Json, dice: random.Random) -> bool:
        if self.method not in ("*", method):
            return False
        if self.channel is not None and args.get("channel") != self.channel:
            return False
        self.seen += 1
        if self.chance:
            hit = dice.random() < self.chance
        elif self.every:
            hit = self.seen % self.every == 0
        else:
            hit = self.nth <= self.seen < self.nth + self.times
        self.fired += hit
        return hit


@dataclass
class Faults:
    """Rules are asked in the order in which they were made; the first that strikes decides."""

    latency: float = 0.0
    rules: list[Rule] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def on(self, method: str, do: Fault, nth: int = 1, **more: Any) -> Rule:
        """Plan a fault: `times` in a row from the nth call on, `every` so many, or by `chance`."""
        rule = Rule(method, do, nth, **more)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        self.rules.clear()
        self.latency = 0.0

    def strike(self, method: str, args: Json) -> Fault | None:
        for rule in self.rules:
            if rule.strikes(method, args, self.dice):
                return rule.do
        return None
