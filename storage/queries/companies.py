"""Questions about where customers work."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, update
from sqlmodel import col, func, select

from storage.records import (
    OPEN_STATUSES,
    Company,
    Contact,
    Deal,
    DealState,
    Order,
    OrderKind,
    Ticket,
)
from storage.work import Work, table_of


def keyed(work: Work, key: str) -> Company | None:
    """The company of that key, or the one that it has become."""
    found = work.first(select(Company).where(col(Company.key) == key))
    seen = set()
    while found is not None and found.into_id is not None and found.id not in seen:
        seen.add(found.id)
        found = work.get(Company, found.into_id)
    return found


def keyed_all(work: Work, keys: Collection[str]) -> dict[str, Company]:
    """The companies of these keys, as far as there are any, or what they have become."""
    found: dict[str, Company] = {}
    for row in work.all(select(Company).where(col(Company.key).in_(keys))):
        company = row if row.into_id is None else keyed(work, row.key)
        if company is not None:
            found[row.key] = company
    return found


def row_keyed(work: Work, key: str) -> Company | None:
    """The row of that key, also when it is only another name."""
    return work.first(select(Company).where(col(Company.key) == key))


def largest(work: Work, limit: int) -> list[tuple[Company, int]]:
    """The companies with most people, and how many."""
    counted = func.count(col(Contact.id))
    statement = (
        select(Company, counted)
        .join(Contact, col(Contact.company_id) == col(Company.id))
        .group_by(*table_of(Company).columns)
        .order_by(counted.desc(), col(Company.name))
        .limit(limit)
    )
    return [(company, int(count)) for company, count in work.rows(statement)]


def keys(work: Work, limit: int) -> list[tuple[int, str, str]]:
    """Id, key and name of companies, without those that are another name of one."""
    statement = (
        select(Company.id, Company.key, Company.name)
        .where(col(Company.into_id).is_(None))
        .order_by(col(Company.key))
        .limit(limit)
    )
    return [(id, key, name) for id, key, name in work.rows(statement)]


def people(work: Work, company: Company, limit: int) -> list[Contact]:
    """Who works there, by name."""
    return work.all(
        select(Contact)
        .where(col(Contact.company_id) == company.id)
        .order_by(col(Contact.name))
        .limit(limit)
    )


def people_count(work: Work, company: Company) -> int:
    """How many work there."""
    counted = select(func.count()).select_from(Contact)
    return int(work.scalar(counted.where(col(Contact.company_id) == company.id)) or 0)


def spellings(work: Work, company: Company) -> list[tuple[str, int]]:
    """How the records of its people write its name, with how many do, most used first."""
    counted = func.count()
    statement = (
        select(Contact.company, counted)
        .where(col(Contact.company_id) == company.id)
        .group_by(col(Contact.company))
        .order_by(counted.desc(), col(Contact.company))
    )
    return [(name, int(count)) for name, count in work.rows(statement)]


def open_tickets(work: Work, company: Company, limit: int) -> list[tuple[Ticket, Contact]]:
    """Open requests of its people, oldest first."""
    statement = (
        select(Ticket, Contact)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .where(col(Contact.company_id) == company.id, col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(col(Ticket.id))
        .limit(limit)
    )
    return list(work.rows(statement))


def open_deals(work: Work, company: Company, limit: int) -> list[tuple[Deal, Contact]]:
    """What may be sold to its people, oldest first."""
    statement = (
        select(Deal, Contact)
        .join(Contact, col(Contact.id) == col(Deal.contact_id))
        .where(col(Contact.company_id) == company.id, col(Deal.state) == DealState.OPEN)
        .order_by(col(Deal.id))
        .limit(limit)
    )
    return list(work.rows(statement))


def money(work: Work, company: Company) -> list[tuple[str, int, Any]]:
    """What its people have bought: currency, how many orders, how much less what went back."""
    bought = col(Order.kind) == OrderKind.PURCHASE
    total = func.sum(case((bought, col(Order.amount)), else_=-col(Order.amount)))
    statement = (
        select(Order.currency, func.sum(case((bought, 1), else_=0)), total)
        .join(Contact, col(Contact.id) == col(Order.contact_id))
        .where(col(Contact.company_id) == company.id)
        .group_by(col(Order.currency))
        .order_by(total.desc())
    )
    return [(currency, int(count), amount) for currency, count, amount in work.rows(statement)]


def write_all_alike(work: Work, ids: Sequence[int], into: Company) -> int:
    """Have everybody of these companies work at one, under its name; how many were changed."""
    changed = work.execute(
        update(Contact)
        .where(
            col(Contact.company_id).in_(ids),
            (col(Contact.company) != into.name) | (col(Contact.company_id) != into.id),
        )
        .values(company=into.name, company_id=into.id, version=col(Contact.version) + 1)
    )
    return int(changed.rowcount)


def without(work: Work, limit: int) -> list[Contact]:
    """Contacts whose company has not been looked up yet."""
    return work.all(
        select(Contact)
        .where(col(Contact.company).is_not(None), col(Contact.company_id).is_(None))
        .limit(limit)
    )
