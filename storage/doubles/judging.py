"""The verdict on two persons: a score, the reasons for it, and what follows.

    verdict = judge(
        Person(names=("Robert Smith",), phones=("+44 20 7946 0958",), birthday="1980-02-03"),
        Person(names=("Smith, Bob",), phones=("020 7946 0958",), birthday="1980-03-02"),
    )
    verdict.same, verdict.score, verdict.reasons

Every field that both have gives a level ("phone.same", "birthday.swapped", "id.other"), every
level has a weight (`storage.doubles.weights`: natural logarithms of odds, as Fellegi and Sunter
weigh agreement and disagreement, fitted together by logistic regression on made pairs); the sum
is the logarithm of the odds that it is one person.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp

from storage.doubles.comparing import BY_NAME, SURELY, Level, levels, levels_besides_names
from storage.doubles.person import Known, Person, known
from storage.doubles.weights import NAMES, PRIOR, WEIGHTS

# From where on a pair counts as one person (best for F1), and from where on without doubt.
LIKELY, CERTAIN = 0.5, 0.95


class Same(StrEnum):
    """Whether it is the same person."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for it (a weight above nothing) or against it.

    `key` is a field and a level: "name.nickname", "phone.same", "birthday.other".
    """

    key: str
    weight: float


@dataclass(frozen=True)
class Verdict:
    """How likely two records are one person: `score` from 0 to 1, the strongest reason first."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def same(self) -> Same:
        """What follows: from 0.5 on it may be, from 0.95 on it is."""
        if self.score >= CERTAIN:
            return Same.YES
        return Same.MAYBE if self.score >= LIKELY else Same.NO


def judge(a: Person, b: Person) -> Verdict:
    """Whether two persons are one."""
    return judge_known(known(a), known(b))


def judge_known(a: Known, b: Known) -> Verdict:
    """The same for persons who were made ready before."""
    found = levels(a, b)
    reasons = [Reason(each.key, round(_weight(each), 2)) for each in found]
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return Verdict(round(chance(found), 4), tuple(reasons))


def judge_if_likely(a: Known, b: Known, least: float) -> Verdict | None:
    """The verdict if its score is `least` or more; quick where nothing but the names is alike.

    Names are compared only where they could make up for the rest. What people of one house share
    is left out of the sum later, which only makes it less.
    """
    if _chance(levels_besides_names(a, b), NAMES * SURELY) < least - 1e-4:
        return None
    verdict = judge_known(a, b)
    return verdict if verdict.score >= least else None


def chance(found: list[Level]) -> float:
    """The chance that it is one person, given these levels."""
    return _chance(found, 0.0)


def _chance(found: list[Level], more: float) -> float:
    total = PRIOR + more + sum(_weight(each) for each in found)
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


def _weight(level: Level) -> float:
    # However a name is alike, its strength says it all.
    worth = NAMES if level.key in BY_NAME else WEIGHTS.get(level.key, 0.0)
    return worth * level.strength
