"""How two means of money differ."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from handlers.lift.shares import LEVEL, Interval


@dataclass(frozen=True)
class Amounts:
    """What people spent: how many people, how many of them anything, the sum, that of squares."""

    people: int
    spenders: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """What one person spent."""
        return self.total / self.people if self.people else 0.0

    @property
    def variance(self) -> float:
        """How far people are apart, as the sample shows it."""
        if self.people < 2:
            return 0.0
        return max(0.0, (self.squares - self.total * self.mean) / (self.people - 1))


def mean_difference(one: Amounts, other: Amounts, level: float = LEVEL) -> Interval:
    """What a person of one arm spent more than one of the other.

    Welch's interval: B. L. Welch, "The generalization of 'Student's' problem when several different
    population variances are involved", Biometrika 34 (1947), 28–35. Without people it says nothing.
    """
    if one.people < 2 or other.people < 2:
        return Interval(0.0, float("-inf"), float("inf"))
    guess = one.mean - other.mean
    a, b = one.variance / one.people, other.variance / other.people
    if a + b == 0:
        return Interval(guess, guess, guess)
    freedom = (a + b) ** 2 / (a * a / (one.people - 1) + b * b / (other.people - 1))
    half = student((1 + level) / 2, freedom) * sqrt(a + b)
    return Interval(guess, guess - half, guess + half)


def student(probability: float, freedom: float) -> float:
    """The quantile of Student's distribution, to three digits from four degrees of freedom on.

    The expansion 26.7.5 of Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964).
    """
    z = NormalDist().inv_cdf(probability)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / freedom + second / freedom**2 + third / freedom**3 + fourth / freedom**4
