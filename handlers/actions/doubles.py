"""Pairs of contacts that may be one person: found, proposed, settled."""

from datetime import timedelta

from handlers.actions.access import Permission, action
from storage.doubles.judging import Verdict, judge_known
from storage.doubles.person import Person
from storage.errors import Refused
from storage.queries import doubles as pairs
from storage.records import Contact, Double, DoubleState
from storage.work import Work

# How likely a pair is before somebody is asked about it.
PROPOSED = 0.8
LATER = timedelta(days=30)


@action(Permission.READ)
def likely(work: Work, person: Person, but: Contact | None = None) -> list[tuple[int, Verdict]]:
    """Contacts (by id) that may be this person, likeliest first: for an import, a new contact."""
    return pairs.likely(work, person, but=(but.id,) if but is not None else ())


# Found


@action(Permission.SYSTEM)
def propose(work: Work, a: int, b: int, verdict: Verdict) -> Double | None:
    """Note a pair to be looked at; None when something was said or noted of it before."""
    if verdict.score < PROPOSED or pairs.pair(work, a, b) is not None or _told_apart(work, a, b):
        return None
    first, second = sorted((a, b))
    return work.add(
        Double(
            first_id=first,
            second_id=second,
            score=verdict.score,
            reasons=[[each.key, each.weight] for each in verdict.reasons],
            found_at=work.now,
        )
    )


def _told_apart(work: Work, a: int, b: int) -> bool:
    """Whether somebody said so of those who were made one with these, before they were."""
    mine, theirs = _all_of(work, a), _all_of(work, b)
    if len(mine) == len(theirs) == 1:
        return False
    return any(
        found.state in (DoubleState.DIFFERENT, DoubleState.UNDONE)
        for one in mine
        for other in theirs
        if (found := pairs.pair(work, one, other)) is not None
    )


def _all_of(work: Work, id: int) -> list[int]:
    found = [id]
    for each in found:
        found += [made.gone_id for made in pairs.merges_of(work, each)]
        if len(found) > 50:
            break
    return found


# Settled


@action(Permission.CAMPAIGN)
def open_pairs(work: Work, limit: int) -> list[tuple[Double, Contact, Contact]]:
    """What is to be looked at with both contacts, the most certain first."""
    found = []
    for double in pairs.open_pairs(work, 2 * limit):
        first = work.get(Contact, double.first_id)
        second = work.get(Contact, double.second_id)
        if first is not None and second is not None:
            found.append((double, first, second))
    return found[:limit]


@action(Permission.READ)
def open_count(work: Work) -> int:
    """How many pairs are to be looked at."""
    return pairs.open_count(work)


@action(Permission.CAMPAIGN)
def two(work: Work, value: str) -> tuple[Contact, Contact]:
    """The two contacts that a button names ("id:id"). Raises Refused("doubles.settled")."""
    found = [work.get(Contact, _number(part)) for part in value.split(":")]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise Refused("doubles.settled")
    return found[0], found[1]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@action(Permission.CAMPAIGN)
def compared(work: Work, first: Contact, second: Contact) -> Verdict:
    """How likely two contacts are one, as they are now, and why."""
    both = pairs.known_people(work, [first.id, second.id])
    return judge_known(both[first.id], both[second.id])


@action(Permission.CAMPAIGN, audited=True)
def tell_apart(work: Work, first: Contact, second: Contact) -> None:
    """They are two people: never to be asked again."""
    double = _settle(work, first.id, second.id, DoubleState.DIFFERENT)
    double.settled_by = work.actor.member.id if work.actor.member else None


@action(Permission.CAMPAIGN)
def put_off(work: Work, first: Contact, second: Contact) -> None:
    """Ask again in a month."""
    double = pairs.pair(work, first.id, second.id)
    if double is not None:
        double.later_until = work.now + LATER


@action(Permission.SYSTEM)
def settled_as(work: Work, a: int, b: int, state: DoubleState) -> None:
    """Remember what became of two contacts."""
    _settle(work, a, b, state)


def _settle(work: Work, a: int, b: int, state: DoubleState) -> Double:
    double = pairs.pair(work, a, b)
    if double is None:
        first, second = sorted((a, b))
        double = work.add(Double(first_id=first, second_id=second, score=1.0, found_at=work.now))
    double.state, double.settled_at = state, work.now
    return double
