"""Every change of a customer's record: made here, written down here, taken back here.

What a field held before and after stands in the audit line, as plain values; so there is one
history, and whatever stands in it can be taken back.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers.actions import companies
from handlers.actions.access import Permission, action, actor_name
from storage.errors import Refused
from storage.queries import contacts, profiles
from storage.queries.profiles import CHANGED
from storage.records import (
    AuditEntry,
    Contact,
    ContactTag,
    Gender,
    Identity,
    IdentityKind,
    Stage,
)
from storage.work import Work

# How long somebody may take back with `/crm undo` what they did.
UNDO_WITHIN = timedelta(days=7)
_KINDS = {
    "phone": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
    "address": IdentityKind.ADDRESS,
}
# One field: its name ("custom.plan" for one of the team's own), what it held, what it holds.
Change = tuple[str, Any, Any]


def value_of(work: Work, contact: Contact, field: str) -> Any:
    """What a field holds, as a plain value."""
    if field.startswith("custom."):
        return contact.custom.get(field.removeprefix("custom."))
    match field:
        case "tags":
            return [each.tag for each in contacts.tags_of(work, contact)]
        case "phone" | "email" | "address":
            kind = _KINDS[field]
            known = contacts.identities_of(work, contact)
            return [[_bare(each), each.shown] for each in known if each.kind is kind]
        case "birthday":
            return contact.birthday.isoformat() if contact.birthday else None
        case "owner":
            return contact.owner_id
    held = getattr(contact, field)
    return held if held is None else str(held)


def change(
    work: Work, contact: Contact, wished: dict[str, Any], via: str
) -> tuple[AuditEntry | None, list[Change]]:
    """Have fields hold other values; the audit line, None when nothing was to be changed.

    Whoever calls this is an action with a permission of its own. Raises Refused when an address
    is somebody else's.
    """
    made = [
        (field, before, value)
        for field, value in wished.items()
        if (before := value_of(work, contact, field)) != value
    ]
    for field, before, value in made:
        _set(work, contact, field, before, value)
    return write_down(work, contact, made, via), made


def write_down(work: Work, contact: Contact, made: list[Change], via: str) -> AuditEntry | None:
    """The audit line of changes that were made: by whom, when, from where, before and after."""
    if not made:
        return None
    if work.actor.member is not None:
        contact.confirmed_at = work.now
    return work.add(
        AuditEntry(
            at=work.now,
            actor=actor_name(work.actor),
            action=CHANGED,
            subject="contact",
            subject_id=contact.id,
            detail={"via": via, "changes": [list(each) for each in made]},
        )
    )


def _set(work: Work, contact: Contact, field: str, before: Any, value: Any) -> None:
    if field.startswith("custom."):
        key = field.removeprefix("custom.")
        kept = {name: held for name, held in contact.custom.items() if name != key}
        contact.custom = kept if value is None else kept | {key: value}
        return
    match field:
        case "tags":
            _set_tags(work, contact, value)
        case "phone" | "email" | "address":
            _set_addresses(work, contact, _KINDS[field], value)
        case "birthday":
            contact.birthday = date.fromisoformat(value) if value else None
        case "owner":
            contact.owner_id = value
        case "gender":
            contact.gender = Gender(value) if value else None
        case "stage":
            contact.stage = Stage(value or Stage.LEAD)
        case "language":
            contact.language, contact.language_chosen = value or "en", bool(value)
        case "company":
            contact.company, contact.company_id = value, None
            companies.link(work, contact)
        case _:
            setattr(contact, field, value)


def _set_tags(work: Work, contact: Contact, wanted: list[str]) -> None:
    there = contacts.tags_of(work, contact)
    for each in there:
        if each.tag not in wanted:
            work.delete(each)
    for tag in set(wanted) - {each.tag for each in there}:
        work.add(ContactTag(contact_id=contact.id, tag=tag))


def _set_addresses(
    work: Work, contact: Contact, kind: IdentityKind, wanted: list[list[str]]
) -> None:
    there = [each for each in contacts.identities_of(work, contact) if each.kind is kind]
    values = {value for value, _ in wanted}
    for each in there:
        if _bare(each) not in values:
            work.delete(each)
    known = {_bare(each) for each in there}
    for value, shown in wanted:
        if value in known:
            continue
        known.add(value)
        work.add(
            Identity(
                contact_id=contact.id,
                kind=kind,
                value=_free(work, contact, kind, value, shown),
                shown=shown[:512],
                created_at=work.now,
            )
        )


def _bare(identity: Identity) -> str:
    # An address may be kept with something behind it, see `_free`.
    is_address = identity.kind is IdentityKind.ADDRESS
    return identity.shown.casefold() if is_address else identity.value


def _free(work: Work, contact: Contact, kind: IdentityKind, value: str, shown: str) -> str:
    """The value as it may be kept: nobody else's phone; a household shares its address."""
    taken = contacts.known_as(work, kind, value[:512])
    if taken is None:
        return value[:512]
    if kind is IdentityKind.ADDRESS:
        return f"{value[:480]} ({contact.id})"
    raise Refused("contact.address_taken", address=shown, name=taken[1].name)


# What was changed


@action(Permission.READ)
def history(work: Work, contact: Contact, limit: int = 30) -> list[AuditEntry]:
    """What was changed in a contact's record, newest first."""
    return profiles.changes_of(work, contact, limit)


def changes_in(entry: AuditEntry) -> list[Change]:
    """The changes that an audit line holds; none once its customer was forgotten."""
    return [(field, before, after) for field, before, after in entry.detail.get("changes", ())]


def was_undone(entry: AuditEntry) -> bool:
    """Whether it has been taken back."""
    return bool(entry.detail.get("undone"))


# Taking back


@dataclass(frozen=True)
class Undone:
    """What was taken back, and in whose record."""

    contact: Contact
    changes: list[Change]


@action(Permission.SERVE)
def undo_last(work: Work, contact: Contact | None = None) -> Undone:
    """Take back the last change: of that contact by anybody, or mine. Raises Refused for none."""
    if contact is not None:
        found = profiles.changes_of(work, contact, 50)
    else:
        since = work.now - UNDO_WITHIN
        found = profiles.changes_by(work, actor_name(work.actor), since, 50)
    for entry in found:
        if not was_undone(entry) and entry.detail.get("via") != "undo" and changes_in(entry):
            return undo(work, entry)
    raise Refused("change.nothing")


@action(Permission.SERVE)
def undo(work: Work, entry: AuditEntry) -> Undone:
    """Have the fields hold again what they held before.

    Raises Refused when it was taken back already, or when one of them was changed since.
    """
    contact = work.get(Contact, entry.subject_id) if entry.action == CHANGED else None
    made = changes_in(entry)
    if contact is None or contact.erased_at is not None or not made:
        raise Refused("button.gone")
    if was_undone(entry):
        raise Refused("change.undone_already", name=contact.name)
    for field, _, after in made:
        if not _same(value_of(work, contact, field), after):
            raise Refused("change.changed_since", name=contact.name)
    before = {field: old for field, old, _ in made}
    entry.detail = entry.detail | {"undone": True}
    _, back = change(work, contact, before, "undo")
    return Undone(contact, back)


def _same(now: Any, then: Any) -> bool:
    # The order of tags and phones says nothing.
    if isinstance(now, list) and isinstance(then, list):
        return sorted(map(str, now)) == sorted(map(str, then))
    return bool(now == then)
