"""Customers: met, added, found, described, noted down."""

import re
from dataclasses import dataclass

from handlers.actions import changes, companies
from handlers.actions.access import Permission, action
from handlers.message import Incoming, clean_name
from handlers.texts import language_of
from storage.errors import Refused
from storage.queries import contacts, search
from storage.queries.said import LOOKED_THROUGH
from storage.queries.search import Hit
from storage.records import (
    Contact,
    ContactTag,
    Direction,
    Identity,
    IdentityKind,
    Interaction,
    Lane,
    Stage,
    Ticket,
)
from storage.work import Work

_TAG = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True)
class Address:
    """A way to reach somebody, normalised, and as it was given."""

    kind: IdentityKind
    value: str
    shown: str


def phone(text: str, region: str | None = None) -> Address:
    """A phone number as E.164. Raises Refused("phone.wrong")."""
    # Imported when the first number comes: the tables of numbers would delay every start.
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    # Possible, not valid: numbering plans grow faster than tables of them.
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refused("phone.wrong", phone=text[:40])
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return Address(IdentityKind.PHONE, value, phonenumbers.format_number(number, international))


def email(text: str) -> Address:
    """An e-mail address, lower case. Raises Refused("email.wrong")."""
    from email_validator import EmailNotValidError, validate_email

    try:
        # Names for tests are fine in a CRM that is being tried; nobody is asked over the network.
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Refused("email.wrong", email=text[:80]) from None
    return Address(IdentityKind.EMAIL, checked.normalized.lower(), checked.normalized)


@action(Permission.ANYONE)
def meet(work: Work, incoming: Incoming, chat: str = "") -> tuple[Contact, Identity]:
    """Make a contact of somebody who writes for the first time, in `chat` or to the bot itself."""
    person = incoming.person
    contact = work.add(
        Contact(
            name=clean_name(person.name) or f"Telegram {person.id}",
            first_name=clean_name(person.first_name) or None,
            language=language_of(person.language),
            source=incoming.door,
            created_at=work.now,
        )
    )
    shown = f"@{person.username}" if person.username else person.id
    identity = give_chat(work, contact, chat or person.id, shown)
    if person.username:
        _give_username(work, contact, person.username)
    return contact, identity


def give_chat(work: Work, contact: Contact, chat: str, shown: str) -> Identity:
    """From now on a contact is reached in that chat of Telegram, too."""
    return _give_address(work, contact, Address(IdentityKind.TELEGRAM, chat, shown))


def _give_username(work: Work, contact: Contact, username: str) -> None:
    # It may have been somebody else's before: the number is who they are.
    former = contacts.known_as(work, IdentityKind.USERNAME, username.lower())
    if former is not None:
        work.delete(former[0])
        work.flush()
    _give_address(work, contact, Address(IdentityKind.USERNAME, username.lower(), f"@{username}"))


@action(Permission.CUSTOMER)
def keep_username(work: Work, contact: Contact, identity: Identity, username: str) -> None:
    """What a customer is called in Telegram now; people change it."""
    shown = f"@{username}" if username else identity.value
    if shown == identity.shown:
        return
    identity.shown = shown
    for former in contacts.identities_of(work, contact):
        if former.kind is IdentityKind.USERNAME:
            work.delete(former)
    work.flush()
    if username:
        _give_username(work, contact, username)


@action(Permission.ANYONE)
def recognise(work: Work, telegram_id: str) -> tuple[Identity, Contact, Ticket | None] | None:
    """Who writes from that Telegram account, and their current ticket; None for a stranger."""
    known = contacts.known_as(work, IdentityKind.TELEGRAM, telegram_id)
    if known is None:
        return None
    identity, contact = known
    return identity, contact, work.get(Ticket, contact.ticket_id)


def _give_address(work: Work, contact: Contact, address: Address) -> Identity:
    return work.add(
        Identity(
            contact_id=contact.id,
            kind=address.kind,
            value=address.value[:512],
            shown=address.shown[:512],
            created_at=work.now,
        )
    )


@action(Permission.SERVE, audited=True)
def add_contact(
    work: Work,
    name: str,
    company: str = "",
    addresses: tuple[Address, ...] = (),
    tags: tuple[str, ...] = (),
) -> Contact:
    """Write down a customer.

    Raises Refused("contact.no_name") without a name, and Refused("contact.address_taken") when
    somebody else has one of the addresses: that is probably the same person.
    """
    name = clean_name(name)
    if not name:
        raise Refused("contact.no_name")
    for address in addresses:
        taken = contacts.known_as(work, address.kind, address.value)
        if taken is not None:
            raise Refused("contact.address_taken", address=address.shown, name=taken[1].name)
    first, _, rest = name.partition(" ")
    contact = work.add(
        Contact(
            name=name,
            first_name=first if rest else None,
            company=clean_name(company) or None,
            owner_id=work.actor.member.id if work.actor.member else None,
            language=work.actor.language,
            stage=Stage.LEAD,
            source="slack",
            created_at=work.now,
        )
    )
    companies.link(work, contact)
    for address in addresses:
        _give_address(work, contact, address)
    for tag in dict.fromkeys(tags):
        work.add(ContactTag(contact_id=contact.id, tag=tag_of(tag)))
    return contact


def tag_of(text: str) -> str:
    """A tag as it is kept. Raises Refused("tag.wrong")."""
    tag = text.strip().lstrip("#").lower()
    if not _TAG.fullmatch(tag):
        raise Refused("tag.wrong", tag=text[:64])
    return tag


@action(Permission.SERVE)
def add_tags(work: Work, contact: Contact, tags: tuple[str, ...]) -> list[str]:
    """Put tags on a contact; those that were there already stay. The new ones."""
    present = [each.tag for each in contacts.tags_of(work, contact)]
    new = [tag for tag in dict.fromkeys(map(tag_of, tags)) if tag not in present]
    changes.change(work, contact, {"tags": sorted([*present, *new])}, "command")
    return new


@action(Permission.SERVE)
def remove_tags(work: Work, contact: Contact, tags: tuple[str, ...]) -> list[str]:
    """Take tags off a contact. Those that were there."""
    wanted = {tag_of(tag) for tag in tags}
    present = [each.tag for each in contacts.tags_of(work, contact)]
    left = [tag for tag in present if tag not in wanted]
    changes.change(work, contact, {"tags": left}, "command")
    return [tag for tag in present if tag in wanted]


@action(Permission.SERVE, audited=True)
def log(work: Work, contact: Contact, text: str, origin: str | None = None) -> Interaction:
    """Note something down about a contact; it stays inside."""
    if not text.strip():
        raise Refused("note.empty")
    return work.add(
        Interaction(
            contact_id=contact.id,
            member_id=work.actor.member.id if work.actor.member else None,
            channel="slack",
            direction=Direction.NOTE,
            lane=Lane.INTERNAL,
            text=text,
            origin=origin,
            at=work.now,
        )
    )


@action(Permission.READ)
def find(work: Work, query: str, limit: int = 8) -> list[Hit]:
    """Contacts that `query` may mean, best first."""
    return search.people(work, query, limit)


# Only so many of the newest messages are looked through for words.
MESSAGES_LOOKED_THROUGH = LOOKED_THROUGH


@action(Permission.READ)
def find_said(work: Work, query: str) -> list[tuple[Interaction, Contact]]:
    """The newest messages that hold all words of `query`, with whose they are."""
    return search.messages(work, query)


@action(Permission.READ)
def can_find_all(work: Work) -> bool:
    """Whether names are found by a typo already; until then only as they are written."""
    return search.is_ready(work)


@action(Permission.SYSTEM)
def find_patiently(work: Work, query: str, limit: int) -> list[Hit]:
    """The same for somebody who can wait until the index of names is there."""
    return search.people(work, query, limit, patiently=True)


@action(Permission.SYSTEM)
def get_ready_to_find(work: Work) -> None:
    """Load the index of names before somebody asks."""
    search.get_ready(work)


@action(Permission.CUSTOMER)
def share_phone(work: Work, contact: Contact, number: str) -> str | None:
    """Keep the phone that a customer shared as their own; how it reads, or None for none."""
    try:
        address = phone(number if number.startswith("+") else f"+{number}")
    except Refused:
        return None
    if contacts.known_as(work, address.kind, address.value) is None:
        before = changes.value_of(work, contact, "phone")
        _give_address(work, contact, address)
        after = [*before, [address.value, address.shown]]
        changes.write_down(work, contact, [("phone", before, after)], "customer")
    return address.shown


@action(Permission.CUSTOMER)
def choose_language(work: Work, contact: Contact, language: str) -> None:
    """Speak another language to a customer from now on, whatever they write in."""
    before = contact.language
    contact.language, contact.language_chosen = language, True
    if before != language:
        changes.write_down(work, contact, [("language", before, language)], "customer")
