"""Filters as conditions on contacts."""

import json
import operator
import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, not_, or_, true
from sqlmodel import col, func, select

from storage.errors import Refused
from storage.finding.filters import Filter, Key, names_in
from storage.finding.filters import parse as filters_of
from storage.queries import money_filters
from storage.queries.profiles import custom_fields
from storage.records import (
    OPEN_STATUSES,
    Campaign,
    CampaignState,
    Contact,
    ContactTag,
    Deal,
    DealState,
    Feedback,
    FeedbackKind,
    Identity,
    IdentityKind,
    Member,
    Segment,
    Ticket,
)
from storage.work import Work

# Segments may be made of segments, so deep.
DEEPEST = 6

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
# Whoever was forgotten is in no segment.
_THERE = col(Contact.erased_at).is_(None)
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
Condition = ColumnElement[bool]


def matching(
    work: Work,
    filters: Sequence[Filter],
    limit: int,
    among: Collection[int] | None = None,
) -> list[Contact]:
    """Contacts for whom all filters hold, the newest first; only some, when `among` is given."""
    chosen = select(Contact).where(*conditions(work, filters))
    if among is not None:
        chosen = chosen.where(col(Contact.id).in_(among))
    return work.all(chosen.order_by(col(Contact.id).desc()).limit(limit))


def parse(work: Work, line: str) -> tuple[str, tuple[Filter, ...]]:
    """The words and the filters of a line, with those on the team's own fields.

    Raises Refused("filter.wrong") for a value that cannot be meant.
    """
    # They are asked for only when something stands there that they could explain.
    own = own_fields(work) if names_in(line) else None
    return filters_of(line, own)


def own_fields(work: Work) -> dict[str, str]:
    """The team's own fields, by each of their names, with their kinds."""
    return {each.key: str(each.kind) for each in custom_fields(work)}


def condition(work: Work, line: str) -> Condition:
    """What SQL must say of `Contact` for a whole filter to hold: for any SELECT, of any size.

    Raises Refused when the filter cannot be meant.
    """
    words, found = parse(work, line)
    if words:
        raise Refused("filter.words", words=words[:60])
    return and_(true(), *conditions(work, found))


def saved(work: Work) -> list[Segment]:
    """Every saved segment, by name."""
    return work.all(select(Segment).order_by(col(Segment.name)))


def called(work: Work, name: str) -> Segment | None:
    """The segment of a name, however it is written: "Quiet VIPs", "quiet-vips"."""
    wanted = slug(name)
    return next((each for each in saved(work) if slug(each.name) == wanted), None)


def slug(name: str) -> str:
    """A segment's name as it stands in a filter."""
    return "-".join(re.split(r"[\s_-]+", name.strip().casefold()))


def count(work: Work, held: Condition) -> int:
    """For how many contacts a condition holds."""
    counted = select(func.count()).select_from(Contact).where(held, _THERE)
    return int(work.scalar(counted) or 0)


def some(work: Work, held: Condition, limit: int) -> list[Contact]:
    """Contacts for whom a condition holds, the newest first."""
    chosen = select(Contact).where(held, _THERE)
    return work.all(chosen.order_by(col(Contact.id).desc()).limit(limit))


def holds(work: Work, contact: Contact, held: Condition) -> bool:
    """Whether a condition holds for somebody."""
    return work.scalar(select(Contact.id).where(col(Contact.id) == contact.id, held)) is not None


def conditions(work: Work, filters: Sequence[Filter]) -> list[Condition]:
    """What SQL must say for all of them to hold."""
    found = []
    for each in filters:
        condition = _MAKERS[each.key](work, each)
        found.append(not_(condition) if each.negated else condition)
    return found


def _tag(work: Work, each: Filter) -> Condition:
    word = str(each.value).lstrip("#")
    return exists().where(
        col(ContactTag.contact_id) == col(Contact.id), col(ContactTag.tag) == word
    )


def _owner(work: Work, each: Filter) -> Condition:
    name = str(each.value).lstrip("@")
    owner = col(Contact.owner_id)
    if name in ("none", "nobody", "无"):
        return owner.is_(None)
    if name in ("me", "我"):
        member = work.actor.member
        return owner == (member.id if member else -1)
    called = select(Member.id).where(_begins(func.lower(Member.name), name))
    return owner.in_(called)


def _city(work: Work, each: Filter) -> Condition:
    city = func.lower(col(Contact.custom)["city"].as_string()) == each.value
    address = exists().where(
        col(Identity.contact_id) == col(Contact.id),
        col(Identity.kind) == IdentityKind.ADDRESS,
        _holds(func.lower(col(Identity.value)), str(each.value)),
    )
    return or_(func.coalesce(city, False), address)


def _company(work: Work, each: Filter) -> Condition:
    return func.coalesce(_holds(func.lower(col(Contact.company)), str(each.value)), False)


def _word(column: Any) -> Callable[[Work, Filter], Condition]:
    def made(work: Work, each: Filter) -> Condition:
        condition: Condition = func.coalesce(func.lower(column) == each.value, False)
        return condition

    return made


def _language(work: Work, each: Filter) -> Condition:
    return _begins(col(Contact.language), str(each.value))


def _stage(work: Work, each: Filter) -> Condition:
    return cast(col(Contact.stage), String) == each.value


_KINDS = {
    "phone": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
    "telegram": IdentityKind.TELEGRAM,
    "address": IdentityKind.ADDRESS,
}


def _has(work: Work, each: Filter) -> Condition:
    kind = _KINDS.get(str(each.value))
    if kind is not None:
        return exists().where(
            col(Identity.contact_id) == col(Contact.id), col(Identity.kind) == kind
        )
    columns = {
        "owner": col(Contact.owner_id),
        "company": col(Contact.company),
        "birthday": col(Contact.birthday),
    }
    column: Any = columns.get(str(each.value))
    if column is None:
        return exists().where(col(ContactTag.contact_id) == col(Contact.id))
    known: Condition = column.is_not(None)
    return known


def _newest_score(work: Work) -> Any:
    del work
    return (
        select(Feedback.score)
        .where(
            col(Feedback.contact_id) == col(Contact.id),
            col(Feedback.kind) == FeedbackKind.CSAT,
            col(Feedback.score).is_not(None),
        )
        .order_by(col(Feedback.at).desc())
        .limit(1)
        .scalar_subquery()
    )


def _number_of(model: Any, *where: Any) -> Any:
    return (
        select(func.count())
        .select_from(model)
        .where(model.contact_id == col(Contact.id), *where)
        .scalar_subquery()
    )


_FIGURES: dict[Key, Callable[[Work], Any]] = {
    Key.SPENT: money_filters.spent_figure,
    Key.CSAT: _newest_score,
    Key.ORDERS: money_filters.orders_figure,
    Key.TICKETS: lambda _: _number_of(Ticket, col(Ticket.status).in_(OPEN_STATUSES)),
    Key.DEALS: lambda _: _number_of(Deal, col(Deal.state) == DealState.OPEN),
}


def _figure(work: Work, each: Filter) -> Condition:
    return func.coalesce(_compared(each.sign, _FIGURES[each.key](work), each.value), False)


def figure(work: Work, key: Key, contact: Contact) -> str:
    """The figure of somebody that a condition compares."""
    found = work.scalar(select(_FIGURES[key](work)).where(col(Contact.id) == contact.id))
    return "–" if found is None else f"{Decimal(str(found)).normalize():f}"


def campaigns_in(work: Work, states: Sequence[CampaignState]) -> list[Campaign]:
    """Campaigns in one of these states."""
    return work.all(select(Campaign).where(col(Campaign.state).in_(states)))


def _silent(work: Work, each: Filter) -> Condition:
    last = func.coalesce(col(Contact.last_heard_at), col(Contact.created_at))
    # Silent for more than thirty days: last heard before the day thirty days ago.
    assert isinstance(each.value, timedelta)
    return _compared(_TURNED[each.sign], last, work.now - each.value)


def _created(work: Work, each: Filter) -> Condition:
    if isinstance(each.value, datetime):
        return _compared(each.sign, col(Contact.created_at), each.value)
    assert isinstance(each.value, timedelta)
    return _compared(_TURNED[each.sign], col(Contact.created_at), work.now - each.value)


def _age(work: Work, each: Filter) -> Condition:
    assert isinstance(each.value, Decimal)
    years = min(int(each.value), 1000)
    today = work.now.date()
    # At least so old: born on this day of that year, or before.
    born = {">=": years, ">": years + 1, "<": years, "<=": years + 1}[each.sign]
    last = _day_of_year(today, today.year - born)
    known = col(Contact.birthday)
    held = known <= last if each.sign in (">", ">=") else known > last
    return func.coalesce(held, False)


def _day_of_year(day: date, year: int) -> date:
    try:
        return day.replace(year=max(year, 1))
    except ValueError:
        return day.replace(year=max(year, 1), day=28)


def _gender(work: Work, each: Filter) -> Condition:
    said = {"f": "female", "女": "female", "m": "male", "男": "male"}
    word = str(each.value)
    return func.coalesce(cast(col(Contact.gender), String) == said.get(word, word), False)


def _segment(work: Work, each: Filter) -> Condition:
    return _inside(work, str(each.value), ())


def _inside(work: Work, name: str, above: tuple[str, ...]) -> Condition:
    """The condition of a saved segment, with those that it is made of."""
    segment = called(work, name)
    if segment is None:
        raise Refused("segment.unknown", name=name[:60])
    if slug(name) in above or len(above) >= DEEPEST:
        raise Refused("segment.cycle", name=segment.name)
    _, found = parse(work, segment.filter)
    held: list[Condition] = []
    for inner in found:
        made = (
            _inside(work, str(inner.value), (*above, slug(name)))
            if inner.key is Key.SEGMENT
            else _MAKERS[inner.key](work, inner)
        )
        held.append(not_(made) if inner.negated else made)
    return and_(true(), *held)


def _field(work: Work, each: Filter) -> Condition:
    """A condition on one of the team's own fields."""
    held = col(Contact.custom)[each.name]
    if isinstance(each.value, Decimal):
        sign = "=" if each.sign == ":" else each.sign
        part = col(Contact.custom)[(each.name, "amount")] if each.kind == "money" else held
        number = _number_in(work, part)
        equal = number == float(each.value)
        found = equal if sign == "=" else _compared(sign, number, float(each.value))
        return func.coalesce(found, False)
    if isinstance(each.value, datetime):
        found = _compared(each.sign, held.as_string(), each.value.date().isoformat())
        return func.coalesce(found, False)
    return _field_is(each, held)


def _field_is(each: Filter, held: Any) -> Condition:
    word = str(each.value)
    if word in ("none", "-", "无"):
        missing: Condition = held.as_string().is_(None)
        return missing
    if word in ("any", "*", "有") and each.kind != "yes_no":
        there: Condition = held.as_string().is_not(None)
        return there
    if each.kind == "yes_no":
        yes = word in ("yes", "true", "1", "是", "有", "y")
        # SQLite says 1 and 0, PostgreSQL true and false.
        return func.coalesce(held.as_string().in_(("1", "true") if yes else ("0", "false")), False)
    text = func.lower(held.as_string())
    if each.kind == "choices":
        # SQLite keeps other letters than English ones as numbers there.
        ways = {f'"{word}"', json.dumps(word)}
        return func.coalesce(or_(*(_holds(text, way) for way in sorted(ways))), False)
    if each.kind in ("text", "link"):
        return func.coalesce(_holds(text, word), False)
    return func.coalesce(text == word, False)


def _number_in(work: Work, part: Any) -> Any:
    """A number in JSON; what is none counts as nothing, however it came there."""
    if work.dialect == "sqlite":
        return part.as_float()
    is_number = func.jsonb_typeof(part) == "number"
    return case((is_number, part.as_float()), else_=None)


def _compared(sign: str, left: Any, right: Any) -> Condition:
    condition: Condition = _SIGNS[sign](left, right)
    return condition


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _begins(column: Any, text: str) -> Condition:
    condition: Condition = column.like(f"{_escaped(text)}%", escape="\\")
    return condition


def _holds(column: Any, text: str) -> Condition:
    condition: Condition = column.like(f"%{_escaped(text)}%", escape="\\")
    return condition


_MAKERS: dict[Key, Callable[[Work, Filter], Condition]] = {
    Key.TAG: _tag,
    Key.OWNER: _owner,
    Key.CITY: _city,
    Key.COMPANY: _company,
    Key.LANG: _language,
    Key.STAGE: _stage,
    Key.SOURCE: _word(col(Contact.source)),
    Key.HAS: _has,
    Key.SPENT: money_filters.spent,
    Key.BOUGHT: money_filters.bought,
    Key.RFM: money_filters.in_cell,
    Key.TIER: money_filters.tier,
    Key.SILENT: _silent,
    Key.CREATED: _created,
    Key.ORDERS: _figure,
    Key.TICKETS: _figure,
    Key.DEALS: _figure,
    Key.CSAT: _figure,
    Key.AGE: _age,
    Key.GENDER: _gender,
    Key.SEGMENT: _segment,
    Key.FIELD: _field,
}
