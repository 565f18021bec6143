"""Questions about fields of the team's own, and about what was changed in records."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, func, select

from storage.records import AuditEntry, Contact, CustomField
from storage.work import Work

# What an audit line about fields is called; see `handlers.actions.changes`.
CHANGED = "contacts.changed"


_CUSTOM_FIELDS = select(CustomField).order_by(col(CustomField.position), col(CustomField.id))


def custom_fields(work: Work) -> list[CustomField]:
    """Every field of the team's own, also those that are retired, in order."""
    return work.all(_CUSTOM_FIELDS)


def custom_field(work: Work, key: str) -> CustomField | None:
    """The field of that key, retired or not."""
    return work.first(select(CustomField).where(col(CustomField.key) == key))


def holding(work: Work, key: str, after: int, limit: int) -> list[Contact]:
    """The next contacts, by id, that have something in a field of the team's own."""
    there = col(Contact.custom)[key].as_string().is_not(None)
    return work.all(
        select(Contact).where(col(Contact.id) > after, there).order_by(col(Contact.id)).limit(limit)
    )


def holders(work: Work, key: str) -> int:
    """How many contacts have something in a field of the team's own."""
    there = col(Contact.custom)[key].as_string().is_not(None)
    return int(work.scalar(select(func.count()).select_from(Contact).where(there)) or 0)


# Changes


def changes_of(work: Work, contact: Contact, limit: int) -> list[AuditEntry]:
    """What was changed in a contact's record, newest first."""
    return work.all(
        select(AuditEntry)
        .where(
            col(AuditEntry.subject_id) == contact.id,
            col(AuditEntry.subject) == "contact",
            col(AuditEntry.action) == CHANGED,
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(limit)
    )


def changes_by(work: Work, actor: str, since: datetime, limit: int) -> list[AuditEntry]:
    """What somebody has changed lately, in whomever's record, newest first."""
    return work.all(
        select(AuditEntry)
        .where(
            col(AuditEntry.at) >= since,
            col(AuditEntry.actor) == actor,
            col(AuditEntry.action) == CHANGED,
        )
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .limit(limit)
    )


def changed_by_people(work: Work, contact_ids: Collection[int]) -> set[int]:
    """Those of these contacts that somebody has changed, and not the house by itself."""
    statement = select(AuditEntry.subject_id).where(
        col(AuditEntry.subject_id).in_(contact_ids),
        col(AuditEntry.subject) == "contact",
        col(AuditEntry.actor) != "system",
    )
    return {id for (id,) in work.rows(statement) if id is not None}
