"""What a campaign has brought is told with how sure it is, and that is as sure as it says."""

import random

import numpy as np
import pytest

from handlers.lift import (
    Amounts,
    Arm,
    Verdict,
    difference,
    mean_difference,
    money_lift,
    people_lift,
    winner_of,
)
from handlers.lift.amounts import student

RUNS = 1000
# Of 1,000 runs 950 are to hold; by chance so few may, once in some thousands of tries.
LEAST = 0.925
BASES = (0.001, 0.01, 0.05, 0.2, 0.5)
SIZES = (50, 500, 5_000, 50_000)
HOLD_OUTS = (0.05, 0.2, 0.5)


@pytest.mark.parametrize("people", SIZES)
@pytest.mark.parametrize("base", BASES)
def test_the_interval_holds_the_known_effect(people: int, base: float) -> None:
    """Campaigns with a known effect, 1,000 of each kind: the truth is in the interval."""
    rng = np.random.default_rng(people + int(base * 10_000))
    for hold_out in HOLD_OUTS:
        for lift in (0.0, 0.3, 0.9):
            control = max(1, round(people * hold_out))
            treated, share = people - control, base * (1 + lift)
            held = sum(
                found.low <= share - base <= found.high
                for found in (
                    difference(Arm(treated, int(one)), Arm(control, int(other)))
                    for one, other in zip(
                        rng.binomial(treated, share, RUNS),
                        rng.binomial(control, base, RUNS),
                        strict=True,
                    )
                )
            )
            assert held / RUNS >= LEAST, (hold_out, lift, held)


def test_the_interval_is_not_simply_wide() -> None:
    """Where there is much to count it holds the truth in 95 of 100 runs, not in all of them."""
    rng = np.random.default_rng(7)
    held = sum(
        difference(Arm(8_000, int(one)), Arm(2_000, int(other))).low
        <= 0.02
        <= difference(Arm(8_000, int(one)), Arm(2_000, int(other))).high
        for one, other in zip(
            rng.binomial(8_000, 0.12, 4 * RUNS), rng.binomial(2_000, 0.10, 4 * RUNS), strict=True
        )
    )
    assert 0.94 <= held / (4 * RUNS) <= 0.965


def test_newcombes_own_example() -> None:
    """56 of 70 beside 48 of 80: his methods give 0.0524 to 0.3339 and 0.0428 to 0.3422."""
    found = difference(Arm(70, 56), Arm(80, 48))

    assert found.guess == pytest.approx(0.2)
    assert 0.0428 < found.low < 0.0524
    assert 0.3339 < found.high < 0.3422


def test_the_difference_the_other_way_round_is_its_mirror() -> None:
    """Whichever arm is named first, it says the same."""
    dice = random.Random(3)
    for _ in range(500):
        one, other = (Arm(n, dice.randint(0, n)) for n in (dice.randint(1, 99) for _ in "ab"))
        there, back = difference(one, other), difference(other, one)
        assert there.low == pytest.approx(-back.high) and there.high == pytest.approx(-back.low)
        assert -1 <= there.low <= there.guess <= there.high <= 1


def test_money_is_compared_by_its_means() -> None:
    """Spending as uneven as it is: most nothing, some much; the known effect is held."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(RUNS):
        treated, control = _spent(rng, 4_000, 0.12), _spent(rng, 1_000, 0.10)
        found = mean_difference(treated, control)
        held += found.low <= 0.02 * 40 <= found.high
    assert 0.93 <= held / RUNS <= 0.975


def _spent(rng: np.random.Generator, people: int, share: float) -> Amounts:
    spent = rng.gamma(2.0, 20.0, people) * (rng.random(people) < share)
    spenders = int((spent > 0).sum())
    return Amounts(people, spenders, float(spent.sum()), float((spent**2).sum()))


def test_students_quantiles_are_those_of_the_tables() -> None:
    """As they stand in every table."""
    for freedom, quantile in ((5, 2.5706), (10, 2.2281), (30, 2.0423), (1000, 1.9623)):
        assert student(0.975, freedom) == pytest.approx(quantile, abs=0.004)


def test_what_may_be_said_depends_on_time_and_on_numbers() -> None:
    """Nothing while people may still do it, nothing of a handful, chance where it is chance."""
    clear, none = Arm(1000, 120), Arm(1000, 60)

    assert people_lift(clear, none).verdict is Verdict.MORE
    assert people_lift(none, clear).verdict is Verdict.FEWER
    assert people_lift(clear, Arm(1000, 115)).verdict is Verdict.CHANCE
    assert people_lift(clear, none, over=False).verdict is Verdict.EARLY
    assert people_lift(Arm(1000, 120), Arm(10, 0)).verdict is Verdict.EARLY
    assert people_lift(Arm(1000, 2), Arm(100, 0)).verdict is Verdict.EARLY
    assert people_lift(Arm(0, 0), Arm(0, 0)).verdict is Verdict.EARLY
    few = Amounts(1000, 3, 90.0, 3_000.0)
    assert money_lift(few, few).verdict is Verdict.EARLY


def test_a_winner_without_a_difference_is_rare() -> None:
    """Texts that are equally good: in at most one of twenty campaigns one is called better."""
    rng = np.random.default_rng(5)
    for letters in ("AB", "ABCD"):
        called = 0
        for _ in range(2 * RUNS):
            arms = {each: Arm(400, int(rng.binomial(400, 0.1))) for each in letters}
            called += winner_of(arms) is not None
        assert called / (2 * RUNS) <= 0.055


def test_a_text_that_is_better_wins() -> None:
    """And where few have got it nobody does."""
    assert winner_of({"A": Arm(500, 40), "B": Arm(500, 90), "C": Arm(500, 45)}) == "B"
    assert winner_of({"A": Arm(500, 40), "B": Arm(500, 42)}) is None
    assert winner_of({"A": Arm(5, 0), "B": Arm(5, 5)}) is None
    assert winner_of({"A": Arm(500, 4)}) is None
