"""How well we and a customer know each other: figures for the card, each with what it rests on.

Whatever has been said in all, only the newest lines are looked at, so a card costs the same for ten
messages and for ten thousand.
"""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from handlers.actions import rfm
from handlers.actions.access import Permission, action
from handlers.amounts import in_units
from handlers.cards.relation import Acquaintance, Answers, Relation, Rhythm, Tier
from storage.queries import orders, relation, spending
from storage.queries.relation import Said
from storage.records import Contact, CustomerTotal, Direction, Member
from storage.work import Work

# So many of the newest lines tell how quickly and with whom they talk.
LINES = 200
MONTHS = 3
MOST_A_MONTH = 5000
# An answer after so long is the beginning of something new.
ANSWER = timedelta(days=7)
# Lines with no more between them are one visit.
VISIT = timedelta(hours=12)
# On fewer pauses a rhythm rests on nothing; silent is who keeps still for so many of them.
LEAST_PAUSES = 3
TOO_LONG = 3
LEAST_SILENCE = timedelta(days=14)


@action(Permission.READ)
def of(work: Work, contact: Contact) -> Relation:
    """Everything about it, for the card."""
    said = relation.newest_said(work, contact, LINES)
    first = (said[0][0], said[0][1]) if 0 < len(said) < LINES else None
    if said and first is None:
        first = relation.first_said(work, contact)
    since = work.now - timedelta(days=30 * MONTHS)
    # Who is new has not had three months.
    months = max(min((work.now - contact.created_at) / timedelta(days=30), MONTHS), 1)
    total = _total(work, contact)
    return Relation(
        first=first,
        last=(said[-1][0], said[-1][1]) if said else None,
        ours=answers(said, Direction.OUT),
        theirs=answers(said, Direction.IN),
        a_month=relation.count_since(work, contact, since, MOST_A_MONTH) / months,
        known_by=tuple(_known_by(work, said)),
        totals=tuple(spending.totals(work, contact)),
        standing=rfm.standing(work, contact, total.currency) if total is not None else None,
        tier=tier(work, total),
        writing=rhythm([at for at, direction, _, _ in said if direction is Direction.IN], work.now),
        buying=rhythm(orders.bought_at(work, contact)[::-1], work.now),
    )


def _total(work: Work, contact: Contact) -> CustomerTotal | None:
    """What they spent in the house's currency, or else in the first that there is."""
    return next(iter(spending.totals(work, contact)), None)


def answers(said: list[Said], by: Direction) -> Answers | None:
    """How soon one side answers the other: the first line after the other's, the median of them."""
    waits: list[timedelta] = []
    asked_at: datetime | None = None
    before: datetime | None = None
    for at, direction, _, _ in said:
        # After a long pause something new is asked: a "thank you" needed no answer.
        is_new = before is not None and at - before > VISIT
        before = at
        if direction is not by:
            asked_at = at if is_new else asked_at or at
        elif asked_at is not None:
            if at - asked_at <= ANSWER:
                waits.append(at - asked_at)
            asked_at = None
    return Answers(_middle(waits), len(waits)) if waits else None


def _middle(lengths: list[timedelta]) -> timedelta:
    """The median: half are shorter."""
    return timedelta(seconds=median(each.total_seconds() for each in lengths))


def _known_by(work: Work, said: list[Said]) -> list[Acquaintance]:
    """Who of the team has exchanged how many words with them, most first."""
    words: Counter[int] = Counter()
    theirs = 0
    for _, direction, member_id, text in said:
        count = words_in(text)
        if direction is Direction.IN:
            theirs += count
        elif member_id is not None:
            # What they said since the last answer was said to whoever answers.
            words[member_id] += count + theirs
            theirs = 0
    found = [(work.get(Member, id), count) for id, count in words.most_common(3)]
    return [Acquaintance(member.name, count) for member, count in found if member is not None]


def words_in(text: str) -> int:
    """How many words a text has; in Chinese each character is one."""
    if text.isascii():
        return len(text.split())
    return sum(1 for char in text if "\u4e00" <= char <= "\u9fff") + len(
        [word for word in text.split() if word.isascii() or not "\u4e00" <= word[0] <= "\u9fff"]
    )


def rhythm(moments: list[datetime], now: datetime) -> Rhythm | None:
    """How long they usually pause, by their own past, and for how long it has been now.

    None when there is too little of it. `is_quiet` when the pause is three times the usual one.
    """
    visits: list[datetime] = []
    for at in moments:
        if not visits or at - visits[-1] > VISIT:
            visits.append(at)
    pauses = [after - before for before, after in pairwise(visits)]
    if len(pauses) < LEAST_PAUSES:
        return None
    usual = _middle(pauses)
    silent = now - visits[-1]
    return Rhythm(usual, silent, silent > max(TOO_LONG * usual, LEAST_SILENCE))


def tier(work: Work, total: CustomerTotal | None) -> Tier:
    """Which loyalty tier somebody has by the house's rule, and what the next one takes.

    What was spent counts in the house's currency only: none is converted.
    """
    by, least = spending.tier_least(work)
    currency = spending.house_currency(work)
    if by == "orders":
        have = total.orders if total is not None else 0
        steps = least
    else:
        is_own = total is not None and total.currency == currency
        have = total.spent if total is not None and is_own else 0
        steps = {name: in_units(Decimal(amount), currency) for name, amount in least.items()}
    reached = [name for name, amount in steps.items() if have >= amount and have > 0]
    ahead = [(amount, name) for name, amount in steps.items() if have < amount]
    missing, following = min(ahead) if ahead else (have, "")
    best = max(reached, key=lambda name: steps[name], default="")
    return Tier(best, by, currency, following, missing - have)
