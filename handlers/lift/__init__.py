"""What a message has brought, beside those who did not get it, and how sure that is."""

from handlers.lift.amounts import Amounts, mean_difference
from handlers.lift.shares import LEVEL, Arm, Interval, difference
from handlers.lift.verdicts import Lift, Verdict, money_lift, people_lift
from handlers.lift.winners import winner_of

__all__ = [
    "LEVEL",
    "Amounts",
    "Arm",
    "Interval",
    "Lift",
    "Verdict",
    "difference",
    "mean_difference",
    "money_lift",
    "people_lift",
    "winner_of",
]
