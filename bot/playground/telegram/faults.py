"""What goes wrong, and when: a plan that the cloud follows call by call."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    ACCEPT_THEN_RESET = "accept_then_reset"
    RESET_BEFORE = "reset_before"
    STATUS = "status"
    TOO_MANY = "too_many"
    HANG = "hang"
    BLOCKED = "blocked"
    MIGRATE = "migrate"
    BAD_ENTITIES = "bad_entities"
    UNAUTHORIZED = "unauthorized"
    GARBAGE = "garbage"


@dataclass(slots=True)
class Rule:
    """One line of the plan; a call is struck when everything that the rule names fits.

    `accepted` says whether the call takes effect first (STATUS, HANG and GARBAGE only).
    """

    method: str
    do: Fault
    nth: Collection[int] | None = None
    every: int | None = None
    chance: float | None = None
    chat: int | None = None
    times: int | None = None
    accepted: bool = False
    status: int = 502
    retry_after: int = 1
    seconds: float = 60.0
    migrate_to: int = -1001000000001
    body: bytes = b"<html>not what you asked for"
    seen: int = 0
    struck: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Count this call when it is one of ours, and say whether it should be struck."""
        if self.method not in ("*", method) or self.chat not in (None, chat_id):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.seen += 1
        # The dice are thrown for every call, so one seed gives one plan whatever else fits.
        lucky = self.chance is not None and self.dice.random() < self.chance
        always = self.nth is None and self.every is None and self.chance is None
        return (
            always
            or lucky
            or (self.nth is not None and self.seen in self.nth)
            or (self.every is not None and self.seen % self.every == 0)
        )


class Faults:
    """The plan; the first rule that fits decides. `latency` (seconds) is added to each call."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.latency = 0.0

    def on(
        self,
        method: str,
        *,
        do: Fault,
        nth: int | Collection[int] | None = None,
        every: int | None = None,
        chance: float | None = None,
        seed: int = 0,
        chat: int | None = None,
        times: int | None = None,
        accepted: bool = False,
        status: int = 502,
        retry_after: int = 1,
        seconds: float = 60.0,
        migrate_to: int = -1001000000001,
        body: bytes = b"<html>not what you asked for",
    ) -> Rule:
        """Add a rule; calls are counted from now, `"*"` is any method, no condition is always."""
        rule = Rule(
            method=method,
            do=do,
            nth={nth} if isinstance(nth, int) else nth,
            every=every,
            chance=chance,
            chat=chat,
            times=times,
            accepted=accepted,
            status=status,
            retry_after=retry_after,
            seconds=seconds,
            migrate_to=migrate_to,
            body=body,
            dice=random.Random(seed),
        )
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        self.rules.clear()
        self.latency = 0.0

    def strike(self, method: str, chat_id: int | None) -> Rule | None:
        """The rule that this call meets, if any; every rule counts the call."""
        met = [rule for rule in self.rules if rule.fits(method, chat_id)]
        if not met:
            return None
        met[0].struck += 1
        return met[0]
