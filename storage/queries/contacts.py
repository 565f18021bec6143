"""Questions about customers."""

from collections.abc import Collection, Iterator

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.records import (
    Consent,
    Contact,
    ContactTag,
    Direction,
    Identity,
    IdentityKind,
    Interaction,
    Purpose,
)
from storage.work import Work


def known_as(work: Work, kind: IdentityKind, value: str) -> tuple[Identity, Contact] | None:
    """The identity of that kind and value, with whose it is."""
    identity = work.by_key(Identity, kind, value)
    if identity is None:
        return None
    return identity, work.sure(Contact, identity.contact_id)


def by_ids(work: Work, ids: Collection[int]) -> list[Contact]:
    """These contacts, in the order of `ids`."""
    found = {c.id: c for c in work.all(select(Contact).where(col(Contact.id).in_(ids)))}
    return [found[id] for id in ids if id in found]


def tagged(work: Work, tag: str, limit: int = 50) -> list[Contact]:
    """Contacts with a tag, by name; of very many the newest."""
    # To put all of them in order by their names, each would have to be read.
    newest = (
        select(ContactTag.contact_id)
        .where(col(ContactTag.tag) == tag)
        .order_by(col(ContactTag.contact_id).desc())
        .limit(limit)
    )
    return work.all(select(Contact).where(col(Contact.id).in_(newest)).order_by(col(Contact.name)))


def tags_in_use(work: Work) -> list[tuple[str, int]]:
    """Every tag with how many contacts have it, most used first."""
    counted = func.count()
    return list(
        work.rows(
            select(ContactTag.tag, counted).group_by(col(ContactTag.tag)).order_by(counted.desc())
        )
    )


def tags_of(work: Work, contact: Contact) -> list[ContactTag]:
    """A contact's tags, by name."""
    return work.all(
        select(ContactTag)
        .where(col(ContactTag.contact_id) == contact.id)
        .order_by(col(ContactTag.tag))
    )


def identities_of(work: Work, contact: Contact) -> list[Identity]:
    """The ways to reach a contact, oldest first."""
    return work.all(
        select(Identity).where(col(Identity.contact_id) == contact.id).order_by(col(Identity.id))
    )


def telegram_of(work: Work, contact: Contact, ticket_id: int | None = None) -> Identity | None:
    """The contact's Telegram account, if they have ever written to us.

    Of several, the one in which they were last heard, in that request if it is known which.
    """
    found = work.all(_TELEGRAMS, {"contact": contact.id, "kind": IdentityKind.TELEGRAM})
    if len(found) < 2:
        return found[0] if found else None
    chats = {each.value: each for each in found}
    heard = select(Interaction.origin).where(
        col(Interaction.contact_id) == contact.id,
        col(Interaction.direction) == Direction.IN,
        col(Interaction.channel) == "telegram",
        col(Interaction.origin).is_not(None),
    )
    newest = heard.order_by(col(Interaction.at).desc(), col(Interaction.id).desc()).limit(1)
    asked = [newest]
    if ticket_id is not None:
        asked.insert(0, newest.where(col(Interaction.ticket_id) == ticket_id))
    for statement in asked:
        origin = str(work.scalar(statement) or "")
        # An origin is the door, the account, the chat and the message.
        chat = origin.rsplit(":", 2)[1] if origin.count(":") > 2 else ""
        if chat in chats:
            return chats[chat]
    return next((each for each in found if each.blocked_at is None), found[0])


_TELEGRAMS = (
    select(Identity)
    .where(
        col(Identity.contact_id) == bindparam("contact"),
        col(Identity.kind) == bindparam("kind"),
    )
    .order_by(col(Identity.id))
    .limit(8)
)


def consent_of(work: Work, contact: Contact, purpose: Purpose, topic: str = "") -> Consent | None:
    """What the contact last said about a purpose and topic."""
    return work.first(
        select(Consent).where(
            col(Consent.contact_id) == contact.id,
            col(Consent.purpose) == purpose,
            col(Consent.topic) == topic,
        )
    )


_TIMELINE = (
    select(Interaction)
    .where(col(Interaction.contact_id) == bindparam("contact"))
    .order_by(col(Interaction.at).desc(), col(Interaction.id).desc())
    .limit(bindparam("limit"))
)


def timeline(work: Work, contact: Contact, limit: int = 8) -> list[Interaction]:
    """What was said with a contact, newest first."""
    return work.all(_TIMELINE, {"contact": contact.id, "limit": limit})


def every(work: Work) -> Iterator[Contact]:
    """Every contact, oldest first."""
    yield from work.all(select(Contact).order_by(col(Contact.id)))
