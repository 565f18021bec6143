"""What may honestly be said of a difference: more, fewer, chance, or that it is too early."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.lift.amounts import Amounts, mean_difference
from handlers.lift.shares import Arm, Interval, difference

# With fewer people in an arm, or fewer who did it in both, nothing is said.
LEAST_PEOPLE, LEAST_DID = 20, 5
# Money is so unevenly spent that the mean of a few is nobody's.
LEAST_SPENDERS = 20


class Verdict(StrEnum):
    """What can be said."""

    MORE = "more"
    FEWER = "fewer"
    CHANCE = "chance"
    EARLY = "early"


@dataclass(frozen=True)
class Lift:
    """What it made of all who got it, and what may be said of that."""

    verdict: Verdict
    effect: Interval


def people_lift(treated: Arm, control: Arm, *, over: bool = True) -> Lift:
    """How many more of the treated did it than would have without the message.

    `over`: their time to do it has passed. Before that nothing is said: whoever looks every day
    until something shows would find something by chance.
    """
    effect = difference(treated, control).times(treated.people)
    few = min(treated.people, control.people) < LEAST_PEOPLE
    if not over or few or treated.did + control.did < LEAST_DID:
        return Lift(Verdict.EARLY, effect)
    return Lift(_verdict(effect), effect)


def money_lift(treated: Amounts, control: Amounts, *, over: bool = True) -> Lift:
    """How much more the treated spent altogether than they would have without the message."""
    effect = mean_difference(treated, control).times(treated.people)
    few = min(treated.spenders, control.spenders) < LEAST_SPENDERS
    if not over or few:
        return Lift(Verdict.EARLY, effect)
    return Lift(_verdict(effect), effect)


def _verdict(effect: Interval) -> Verdict:
    if not effect.tells:
        return Verdict.CHANCE
    return Verdict.MORE if effect.low > 0 else Verdict.FEWER
