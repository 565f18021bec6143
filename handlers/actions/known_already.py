"""Somebody who is to be written down is known already: who it is, and what would be new of them."""

from dataclasses import dataclass

from handlers.actions import changes
from handlers.actions.access import Permission, action
from handlers.actions.contacts import Address, tag_of
from storage.queries import contacts
from storage.records import Contact, IdentityKind
from storage.work import Work

_FIELDS = {IdentityKind.PHONE: "phone", IdentityKind.EMAIL: "email"}


@dataclass(frozen=True)
class Known:
    """Whose an address is, and what else was said that their record does not have yet."""

    contact: Contact
    address: Address
    # Fields with what would stand in them then: what was there, and behind it what is new.
    fields: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]


@action(Permission.READ)
def known_already(
    work: Work, company: str, addresses: tuple[Address, ...], tags: tuple[str, ...]
) -> Known | None:
    """Who has one of the addresses; None when nobody does."""
    for address in addresses:
        found = contacts.known_as(work, address.kind, address.value)
        if found is not None:
            contact = found[1]
            present = changes.value_of(work, contact, "tags")
            new = tuple(tag for tag in map(tag_of, tags) if tag not in present)
            return Known(contact, address, _news(work, contact, company, addresses), new)
    return None


def _news(
    work: Work, contact: Contact, company: str, addresses: tuple[Address, ...]
) -> tuple[tuple[str, str], ...]:
    fields = [] if contact.company or not company else [("company", company)]
    for kind, name in _FIELDS.items():
        shown = [each[1] for each in changes.value_of(work, contact, name)]
        new = [
            each.shown
            for each in addresses
            if each.kind is kind and contacts.known_as(work, kind, each.value) is None
        ]
        if new:
            fields.append((name, ", ".join([*shown, *new])))
    return tuple(fields)
