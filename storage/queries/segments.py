"""Filters as conditions on contacts."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, exists, not_, or_, true
from sqlmodel import col, func, select

from storage.columns import CityWord
from storage.errors import Refused
from storage.finding.filters import Filter, Key, names_in
from storage.finding.filters import parse as filters_of
from storage.queries import filter_ways, money_filters
from storage.queries.filter_ways import TURNED, USUAL, Condition, Reach, compared
from storage.queries.profiles import custom_fields
from storage.queries.written import begins, has_inside
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
    Segment,
    Ticket,
)
from storage.work import Work

# Segments may be made of segments, so deep.
DEEPEST = 6

# Whoever was forgotten is in no segment.
_THERE = col(Contact.erased_at).is_(None)
_EDGE = select(Contact.id).order_by(col(Contact.id).desc()).offset(bindparam("newest")).limit(1)


def matching(
    work: Work,
    filters: Sequence[Filter],
    limit: int,
    among: Collection[int] | None = None,
    reach: Reach = USUAL,
) -> list[Contact]:
    """Contacts for whom all filters hold, the newest first; only some, when `among` is given."""
    if among is not None:
        return _newest(work, [*conditions(work, filters), col(Contact.id).in_(among)], limit)
    return _first(work, filters, limit, reach)


def _first(
    work: Work, filters: Sequence[Filter], limit: int, reach: Reach, *also: Condition
) -> list[Contact]:
    """The newest of those for whom all filters hold, and what else is said."""
    apart = _apart(work, filters)
    held = [*conditions(work, apart), *also]
    near = _among_newest(work, held, limit, reach.near)
    if near is not None:
        return near
    ways = filter_ways.ways_of(work, apart)
    short = filter_ways.by_the_shortest(work, apart, ways, held, reach)
    if short is not None:
        return _newest(work, short, limit)
    # Many fit each of the filters: mostly some of them fit all.
    near = _among_newest(work, held, limit, reach.far) if any(ways) else None
    if near is not None:
        return near
    return _newest(work, filter_ways.by_all([*ways, *(None for _ in also)], held), limit)


def _among_newest(
    work: Work, held: Sequence[Condition], limit: int, newest: int
) -> list[Contact] | None:
    """Those among so many of the newest; None when there may be more behind them."""
    edge = work.scalar(_EDGE, {"newest": newest})
    near = [] if edge is None else [col(Contact.id) >= edge]
    found = _newest(work, [*near, *held], limit)
    return found if edge is None or len(found) == limit else None


def _newest(work: Work, held: Sequence[Condition], limit: int) -> list[Contact]:
    return work.all(select(Contact).where(*held).order_by(col(Contact.id).desc()).limit(limit))


def _apart(work: Work, filters: Sequence[Filter]) -> list[Filter]:
    """The filters of saved segments in the place of those. Raises Refused as `conditions` does."""
    found: list[Filter] = []
    for each in filters:
        if each.key is Key.SEGMENT and not each.negated:
            # It says when there is none, or when it is made of itself.
            _segment(work, each)
            segment = called(work, str(each.value))
            found += _apart(work, parse(work, segment.filter)[1]) if segment else ()
        else:
            found.append(each)
    return found


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
    return and_(true(), *conditions(work, _whole(work, line)))


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


def count(work: Work, line: str, reach: Reach = USUAL) -> int:
    """For how many contacts a whole filter holds. Raises Refused when it cannot be meant."""
    filters = _apart(work, _whole(work, line))
    held, ways = conditions(work, filters), filter_ways.ways_of(work, filters)
    short = filter_ways.by_the_shortest(work, filters, ways, held, reach)
    narrowed = filter_ways.by_all(ways, held) if short is None else short
    counted = select(func.count()).select_from(Contact).where(*narrowed, _THERE)
    return int(work.scalar(counted) or 0)


def some(work: Work, line: str, limit: int, reach: Reach = USUAL) -> list[Contact]:
    """Contacts for whom a whole filter holds, the newest first. Raises Refused."""
    return _first(work, _whole(work, line), limit, reach, _THERE)


def _whole(work: Work, line: str) -> tuple[Filter, ...]:
    words, found = parse(work, line)
    if words:
        raise Refused("filter.words", words=words[:60])
    return found


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
    # Not by the index of owners: whoever fits the other conditions may be found by a better one.
    owner = col(Contact.owner_id) + 0
    return func.coalesce(filter_ways.owned(work, each, owner), False)


def _city(work: Work, each: Filter) -> Condition:
    city = CityWord(col(Contact.custom)) == each.value
    address = select(Identity.id).where(
        col(Identity.contact_id) == col(Contact.id),
        col(Identity.kind) == IdentityKind.ADDRESS,
        has_inside(work, col(Identity.value), str(each.value)),
    )
    # Beside an "or" PostgreSQL would read all addresses first; not when some may be left out.
    return or_(func.coalesce(city, False), exists(address.offset(0)))


def _company(work: Work, each: Filter) -> Condition:
    return func.coalesce(has_inside(work, col(Contact.company), str(each.value)), False)


def _word(column: Any) -> Callable[[Work, Filter], Condition]:
    def made(work: Work, each: Filter) -> Condition:
        condition: Condition = func.coalesce(func.lower(column) == each.value, False)
        return condition

    return made


def _language(work: Work, each: Filter) -> Condition:
    return begins(col(Contact.language), str(each.value))


def _stage(work: Work, each: Filter) -> Condition:
    return cast(col(Contact.stage), String) == each.value


def _has(work: Work, each: Filter) -> Condition:
    kind = filter_ways.KINDS.get(str(each.value))
    if kind is not None:
        return exists().where(
            col(Identity.contact_id) == col(Contact.id), col(Identity.kind) == kind
        )
    column = filter_ways.columns().get(str(each.value))
    if column is None:
        return exists().where(col(ContactTag.contact_id) == col(Contact.id))
    # Not by an index of those who have something there: most of them may.
    known: Condition = case((column.is_(None), False), else_=True)
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
    return func.coalesce(compared(each.sign, _FIGURES[each.key](work), each.value), False)


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
    return compared(TURNED[each.sign], last, work.now - each.value)


def _age(work: Work, each: Filter) -> Condition:
    return func.coalesce(filter_ways.aged(work, each), False)


def _gender(work: Work, each: Filter) -> Condition:
    word = filter_ways.GENDERS.get(str(each.value), str(each.value))
    return func.coalesce(cast(col(Contact.gender), String) == word, False)


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
        found = equal if sign == "=" else compared(sign, number, float(each.value))
        return func.coalesce(found, False)
    if isinstance(each.value, datetime):
        found = compared(each.sign, held.as_string(), each.value.date().isoformat())
        return func.coalesce(found, False)
    return _field_is(work, each, held)


def _field_is(work: Work, each: Filter, held: Any) -> Condition:
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
    written = held.as_string()
    if each.kind == "choices":
        # SQLite keeps other letters than English ones as numbers there.
        ways = {f'"{word}"', json.dumps(word)}
        return func.coalesce(or_(*(has_inside(work, written, way) for way in sorted(ways))), False)
    if each.kind in ("text", "link"):
        return func.coalesce(has_inside(work, written, word), False)
    return func.coalesce(func.lower(written) == word, False)


def _number_in(work: Work, part: Any) -> Any:
    """A number in JSON; what is none counts as nothing, however it came there."""
    if work.dialect == "sqlite":
        return part.as_float()
    is_number = func.jsonb_typeof(part) == "number"
    return case((is_number, part.as_float()), else_=None)


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
    Key.CREATED: filter_ways.created,
    Key.ORDERS: _figure,
    Key.TICKETS: _figure,
    Key.DEALS: _figure,
    Key.CSAT: _figure,
    Key.AGE: _age,
    Key.GENDER: _gender,
    Key.SEGMENT: _segment,
    Key.FIELD: _field,
}
