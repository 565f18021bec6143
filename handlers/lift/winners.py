"""Which of several texts is better, decided in one look by a rule that was said before."""

from collections.abc import Mapping
from math import comb

from handlers.lift.shares import LEVEL, Arm, difference
from handlers.lift.verdicts import LEAST_DID, LEAST_PEOPLE


def winner_of(arms: Mapping[str, Arm]) -> str | None:
    """The text that is ahead of each other one beyond chance; None when none is.

    All comparisons together err once in twenty campaigns: each is made at a stricter level
    (Bonferroni), since every pair might have been the one that shows something.
    """
    if len(arms) < 2 or any(arm.people < LEAST_PEOPLE for arm in arms.values()):
        return None
    if sum(arm.did for arm in arms.values()) < LEAST_DID:
        return None
    level = 1 - (1 - LEVEL) / comb(len(arms), 2)
    best = max(arms, key=lambda name: arms[name].share)
    others = [arm for name, arm in arms.items() if name != best]
    ahead = all(difference(arms[best], other, level).low > 0 for other in others)
    return best if ahead else None
