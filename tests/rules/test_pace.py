"""The pace against a simulated Telegram that counts what arrives in every sliding second."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from jobs.pace import AHEAD, CATCH_UP, TelegramPace
from storage.records import OutboxRow, Urgency

MOMENT = datetime(2026, 11, 18, tzinfo=UTC)

Latency = Callable[[random.Random], float]


def _row(number: int, urgency: Urgency = Urgency.CAMPAIGN) -> OutboxRow:
    return OutboxRow(
        idem_key=str(number),
        door="telegram",
        chat=str(number),
        line=str(number),
        urgency=int(urgency),
        verb="say",
        not_before=MOMENT,
        created_at=MOMENT,
    )


@dataclass
class Line:
    """A bot, the way to the server and back, and the server; in simulated seconds."""

    rate: int
    there: Latency
    back: Latency
    seed: int
    now: float = 100.0
    arrivals: list[float] = field(default_factory=list)

    def sends(self, seconds: float, urgency: Urgency = Urgency.CAMPAIGN) -> None:
        """Send as fast as the pace allows, for so long."""
        dice = random.Random(self.seed)
        pace = TelegramPace(self.rate, lambda: self.now)
        coming: list[tuple[float, int, float, OutboxRow]] = []
        end, number = self.now + seconds, 0
        while self.now < end:
            row = _row(number, urgency)
            if len(coming) < pace.window and pace.admits(row):
                pace.went({row.id})
                left = self.now + pace.goes_in(row)
                arrives = left + self.there(dice)
                self.arrivals.append(arrives)
                heapq.heappush(coming, (arrives + self.back(dice), number, left, row))
                number += 1
                continue
            moment = self.now + max(pace.ready_in(), 0.001)
            if coming and (coming[0][0] <= moment or len(coming) >= pace.window):
                answered, _, left, row = heapq.heappop(coming)
                self.now = max(self.now, answered)
                pace.answered(row, self.now - left)
            else:
                self.now = moment

    def most_in_a_second(self) -> int:
        """How many arrived in the fullest second."""
        window: deque[float] = deque()
        most = 0
        for at in sorted(self.arrivals):
            window.append(at)
            while at - window[0] >= 1.0:
                window.popleft()
            most = max(most, len(window))
        return most

    def share_used(self, after: float) -> float:
        """How much of what was allowed was used, once it is under way."""
        late = [at for at in sorted(self.arrivals) if at >= 100.0 + after]
        return (len(late) - 1) / (late[-1] - late[0]) / self.rate


def steady(seconds: float) -> Latency:
    """Always the same."""
    return lambda _: seconds


def uneven(least: float, mean: float) -> Latency:
    """At least so long, and now and then much longer."""
    return lambda dice: least + dice.expovariate(1 / mean)


WAYS = {
    "loopback": (steady(0.0005), steady(0.0005)),
    "50 ms": (steady(0.025), steady(0.025)),
    "uneven there": (uneven(0.02, 0.01), steady(0.02)),
    "uneven both ways": (uneven(0.02, 0.01), uneven(0.02, 0.01)),
    "a slow line": (uneven(0.08, 0.05), uneven(0.08, 0.05)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rate", [30, 100])
@pytest.mark.parametrize("seed", range(5))
def test_no_second_holds_more_than_the_rate(way: str, rate: int, seed: int) -> None:
    """Whatever the way takes, the server never counts more than `rate` in any second."""
    there, back = WAYS[way]
    for urgency in (Urgency.CAMPAIGN, Urgency.REPLY):
        line = Line(rate, there, back, seed)
        line.sends(30, urgency)
        assert line.most_in_a_second() <= rate


@pytest.mark.parametrize("way", ["loopback", "50 ms", "uneven there"])
def test_what_is_allowed_is_used(way: str) -> None:
    """At least 97 % of the rate is used, once the first second is over."""
    there, back = WAYS[way]
    line = Line(30, there, back, 1)
    line.sends(60)
    assert line.share_used(3.0) >= 0.97


def test_a_claim_that_is_done_again_takes_no_place_twice() -> None:
    """The writer may roll a claim back and do it again: nobody must wait for that."""
    now = 100.0
    pace = TelegramPace(30, lambda: now)
    now = 102.0
    row = _row(1)
    assert pace.admits(row)
    pace.went(set())
    assert pace.admits(row)
    pace.went({row.id})
    pace.answered(row, 0.05)
    now = 104.0
    for number in range(2, 32):
        each = _row(number, Urgency.REPLY)
        assert pace.admits(each)
        pace.went({each.id})
        pace.answered(each, 0.05)


def test_who_is_held_up_catches_up_at_a_paid_rate() -> None:
    """One look at the outbox takes as long as twenty messages may: all of them go at the next."""
    now = 100.0
    pace = TelegramPace(1000, lambda: now)
    now, sent = 101.1, 0
    for _ in range(50):
        went = {number for number in range(sent, sent + 60) if pace.admits(_row(number))}
        pace.went(went)
        for number in went:
            pace.answered(_row(number), 0.01)
        sent += len(went)
        now += 0.02

    assert 950 <= sent <= 1000 * (1 + CATCH_UP + AHEAD)


def test_as_many_places_are_counted_as_rows_may_go() -> None:
    """While there is none nobody need look at the outbox, and it is known until when."""
    now = 100.0
    pace = TelegramPace(30, lambda: now)
    assert pace.places(10) == 0
    assert 0.9 < pace.ready_in() < 1.1
    now = 101.1
    assert pace.places(10) == 10
    assert pace.places(100) == 30
    row = _row(1, Urgency.REPLY)
    assert pace.admits(row)
    pace.went({row.id})
    assert pace.places(100) == 29
    pace.pause(5)
    assert pace.places(100) == 0
    assert 4.9 < pace.ready_in() < 5.1


def test_at_a_paid_rate_a_row_is_taken_ahead_and_waits_for_its_place() -> None:
    """The commit's time is not lost; where each row on its way counts nothing is taken early."""
    now = 100.0
    paid, usual = TelegramPace(1000, lambda: now), TelegramPace(30, lambda: now)
    row = _row(1)
    now = 100.9
    assert not paid.admits(row)
    assert paid.places(10) == 0
    # It is to be asked again before the place is free, and not at once.
    assert 0.0 < paid.ready_in() < 0.1
    now = 100.97
    assert paid.places(10) == 10
    assert paid.admits(row)
    assert now + paid.goes_in(row) >= 101.0
    assert not usual.admits(row)
    # Meanwhile Telegram wants us to wait: it is held back, and was not on its way.
    paid.pause(5)
    assert paid.goes_in(row) > AHEAD
    paid.answered(row, None)
    now = 101.1
    assert paid.goes_in(row) == 0.0
    assert usual.admits(row)
    assert usual.goes_in(row) == 0.0


@pytest.mark.parametrize(("answers", "opens_at"), [(29, 102.103), (30, 101.303)])
def test_a_few_round_trips_say_little_about_how_quick_they_can_be(
    answers: int, opens_at: float
) -> None:
    """The first of a busy moment take long; only what a whole second has shown is taken off."""
    now = 100.0
    pace = TelegramPace(30, lambda: now)
    now = 101.1
    for number in range(30):
        row = _row(number, Urgency.REPLY)
        assert pace.admits(row)
        pace.went({row.id})
        if number < answers:
            pace.answered(row, 0.8)
    now = opens_at - 0.01
    assert pace.places(1) == 0
    now = opens_at + 0.01
    assert pace.places(1) == 1
