"""Filters as conditions on contacts."""

import operator
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, exists, not_, or_
from sqlmodel import col, func, select

from storage.finding.filters import Filter, Key
from storage.records import (
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Member,
    Order,
    OrderKind,
)
from storage.work import Work

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
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


def _spent(work: Work, each: Filter) -> Condition:
    amount = case(
        (col(Order.kind) == OrderKind.PURCHASE, col(Order.amount)), else_=-col(Order.amount)
    )
    total = (
        select(func.coalesce(func.sum(amount), 0))
        .where(col(Order.contact_id) == col(Contact.id))
        .scalar_subquery()
    )
    return _compared(each.sign, total, each.value)


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
    Key.SPENT: _spent,
    Key.SILENT: _silent,
    Key.CREATED: _created,
}
