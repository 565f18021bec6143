"""Whom a filter may mean, found by an index: so that few are found as fast as many.

A condition is asked of one contact after the other, which is quick where many fit, and goes through
a million where nobody does. A way leads straight to those who may fit.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, false, literal_column, type_coerce
from sqlmodel import col, func, select

from storage.columns import CityWord
from storage.finding.filters import Filter, Key
from storage.queries import money_filters
from storage.queries.written import begins, has_inside
from storage.records import (
    OPEN_STATUSES,
    Contact,
    ContactTag,
    Deal,
    DealState,
    Feedback,
    FeedbackKind,
    Identity,
    IdentityKind,
    Member,
    Ticket,
)
from storage.work import Work

Condition = ColumnElement[bool]
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
# So long ago is the other way round: silent for more than thirty days, last heard before that day.
TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
KINDS = {
    "phone": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
    "telegram": IdentityKind.TELEGRAM,
    "address": IdentityKind.ADDRESS,
}
GENDERS = {"f": "female", "女": "female", "m": "male", "男": "male"}


@dataclass(frozen=True)
class Way:
    """The ids of all for whom a filter may hold; when it is `exact`, it holds for each of them.

    One that is `own` asks the contacts themselves, by an index of theirs.
    """

    ids: Any
    exact: bool = True
    own: bool = False

    @property
    def held(self) -> Condition:
        """Who is among them."""
        found: Condition = col(Contact.id).in_(self.ids)
        return found


Ways = Sequence[Way | None]


class Reach(NamedTuple):
    """How many people each step of a search looks at.

    `near` and `far` of the newest are asked one by one, before anything is looked up and before
    very many are. Up to `few` are told by their ids. Of up to `some` one way is the one to take; of
    more every one is a great part of the whole.
    """

    near: int = 4000
    far: int = 60_000
    few: int = 1000
    some: int = 30_000


USUAL = Reach()


def ways_of(work: Work, filters: Sequence[Filter]) -> Ways:
    """For each filter the way to those for whom it holds; None where no way is shorter than all."""
    return [None if each.negated else way(work, each) for each in filters]


def by_the_shortest(
    work: Work, filters: Sequence[Filter], ways: Ways, held: Sequence[Condition], reach: Reach
) -> list[Condition] | None:
    """Conditions that mean the same and lead to few people; None when every way is long."""
    order = sorted(range(len(ways)), key=lambda number: filters[number].key in _LONG)
    there = [each for each in (ways[number] for number in order) if each is not None]
    for each in there:
        few = [id for (id,) in work.rows(each.ids.limit(reach.few + 1))]
        if len(few) <= reach.few:
            return [col(Contact.id).in_(sorted(set(few))), *held] if few else [false()]
    sizes = [(_size(work, each, reach.some), number) for number, each in enumerate(there)]
    size, number = min(sizes, default=(reach.some + 1, 0))
    return [there[number].held, *held] if size <= reach.some else None


def by_all(ways: Ways, held: Sequence[Condition]) -> list[Condition]:
    """Conditions that mean the same, where very many are asked: of all at once if that can be."""
    return [
        one for each, condition in zip(ways, held, strict=True) for one in _either(each, condition)
    ]


def _size(work: Work, each: Way, most: int) -> int:
    some = each.ids.limit(most + 1).subquery()
    return int(work.scalar(select(func.count()).select_from(some)) or 0)


def _either(each: Way | None, condition: Condition) -> list[Condition]:
    if each is None or each.own:
        return [condition]
    return [each.held] if each.exact else [each.held, condition]


def way(work: Work, each: Filter) -> Way | None:
    """The way to those for whom a filter holds, if there is one that is shorter than all."""
    make = _WAYS.get(each.key)
    return make(work, each) if make else None


def _tag(work: Work, each: Filter) -> Way:
    word = str(each.value).lstrip("#")
    return Way(select(ContactTag.contact_id).where(col(ContactTag.tag) == word))


def _having(*where: Any) -> Way:
    return Way(select(Contact.id).where(*where), own=True)


def _city(work: Work, each: Filter) -> Way:
    word = CityWord(col(Contact.custom))
    lives = select(Contact.id).where(word.is_not(None), word == each.value)
    address = select(Identity.contact_id).where(
        col(Identity.kind) == IdentityKind.ADDRESS,
        has_inside(work, col(Identity.value), str(each.value)),
    )
    either = lives.union_all(address).subquery()
    return Way(select(either.c.id))


def _company(work: Work, each: Filter) -> Way:
    held = has_inside(work, col(Contact.company), str(each.value))
    return _having(col(Contact.company).is_not(None), held)


def _language(work: Work, each: Filter) -> Way | None:
    begins = str(each.value)[:2]
    if len(begins) < 2:
        return None
    first = func.lower(func.substr(col(Contact.language), literal_column("1"), literal_column("2")))
    return Way(select(Contact.id).where(first == begins), exact=False, own=True)


def _source(work: Work, each: Filter) -> Way:
    source = col(Contact.source)
    return _having(source.is_not(None), func.lower(source) == each.value)


def _stage(work: Work, each: Filter) -> Way:
    return _having(type_coerce(col(Contact.stage), String) == each.value)


def _gender(work: Work, each: Filter) -> Way:
    word = str(each.value)
    gender = type_coerce(col(Contact.gender), String)
    return _having(gender.is_not(None), gender == GENDERS.get(word, word))


def _has(work: Work, each: Filter) -> Way:
    word = str(each.value)
    kind = KINDS.get(word)
    if kind is not None:
        return Way(select(Identity.contact_id).where(col(Identity.kind) == kind))
    column = columns().get(word)
    return Way(select(ContactTag.contact_id)) if column is None else _having(column.is_not(None))


def columns() -> dict[str, Any]:
    """What somebody may have that is a column of theirs."""
    return {
        "owner": col(Contact.owner_id),
        "company": col(Contact.company),
        "birthday": col(Contact.birthday),
    }


def _owner(work: Work, each: Filter) -> Way:
    owner: Any = col(Contact.owner_id)
    return _having(owned(work, each, owner))


def owned(work: Work, each: Filter, owner: ColumnElement[Any]) -> Condition:
    """Whether `owner` is who is meant: nobody, me, or members whose names begin so."""
    name = str(each.value).lstrip("@")
    if name in ("none", "nobody", "无"):
        return owner.is_(None)
    if name in ("me", "我"):
        member = work.actor.member
        return owner == (member.id if member else -1)
    called = select(Member.id).where(begins(func.lower(Member.name), name))
    return owner.in_([id for (id,) in work.rows(called)])


def _created(work: Work, each: Filter) -> Way:
    return _having(created(work, each))


def created(work: Work, each: Filter) -> Condition:
    """Whether somebody was added before or after that."""
    if isinstance(each.value, datetime):
        return compared(each.sign, col(Contact.created_at), each.value)
    assert isinstance(each.value, timedelta)
    return compared(TURNED[each.sign], col(Contact.created_at), work.now - each.value)


def _age(work: Work, each: Filter) -> Way:
    return _having(col(Contact.birthday).is_not(None), aged(work, each))


def aged(work: Work, each: Filter) -> Condition:
    """Whether somebody was born before or after that."""
    assert isinstance(each.value, Decimal)
    years = min(int(each.value), 1000)
    today = work.now.date()
    # At least so old: born on this day of that year, or before.
    born = {">=": years, ">": years + 1, "<": years, "<=": years + 1}[each.sign]
    last = _day_of_year(today, today.year - born)
    known = col(Contact.birthday)
    held: Condition = known <= last if each.sign in (">", ">=") else known > last
    return held


def _day_of_year(day: date, year: int) -> date:
    try:
        return day.replace(year=max(year, 1))
    except ValueError:
        return day.replace(year=max(year, 1), day=28)


def _score(work: Work, each: Filter) -> Way:
    # The newest score decides, which is one of theirs.
    given = select(Feedback.contact_id).where(
        col(Feedback.kind) == FeedbackKind.CSAT,
        compared(each.sign, col(Feedback.score), each.value),
    )
    return Way(given, exact=False)


def _many(model: Any, *where: Any) -> Callable[[Work, Filter], Way | None]:
    """Of whom there are so many; nobody can be looked up of whom there may be none."""

    def made(work: Work, each: Filter) -> Way | None:
        least = money_filters.least(each)
        if least < 1:
            return None
        whose = select(model.contact_id).where(*where).group_by(model.contact_id)
        return Way(whose.having(func.count() >= least))

    return made


def _money(
    make: Callable[[Work, Filter], Any], *, exact: bool = True
) -> Callable[[Work, Filter], Way | None]:
    def made(work: Work, each: Filter) -> Way | None:
        found = make(work, each)
        return None if found is None else Way(found, exact)

    return made


def compared(sign: str, left: Any, right: Any) -> Condition:
    """One beside the other."""
    condition: Condition = SIGNS[sign](left, right)
    return condition


_WAYS: dict[Key, Callable[[Work, Filter], Way | None]] = {
    Key.TAG: _tag,
    Key.OWNER: _owner,
    Key.CITY: _city,
    Key.COMPANY: _company,
    Key.LANG: _language,
    Key.STAGE: _stage,
    Key.SOURCE: _source,
    Key.HAS: _has,
    Key.SPENT: _money(money_filters.spenders),
    Key.BOUGHT: _money(money_filters.buyers),
    Key.RFM: _money(money_filters.cell_mates),
    Key.TIER: _money(money_filters.of_tier),
    Key.CREATED: _created,
    Key.ORDERS: _money(money_filters.orderers, exact=False),
    Key.TICKETS: _many(Ticket, col(Ticket.status).in_(OPEN_STATUSES)),
    Key.DEALS: _many(Deal, col(Deal.state) == DealState.OPEN),
    Key.CSAT: _score,
    Key.AGE: _age,
    Key.GENDER: _gender,
}
# What reads much before it finds anybody is tried last.
_LONG = (Key.CITY, Key.COMPANY, Key.BOUGHT, Key.RFM, Key.ORDERS, Key.CSAT)
