"""Members and customers, made for the tests of rules as if they had always been there."""

from datetime import UTC, datetime

from storage.records import (
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Member,
    Policy,
    Role,
)
from storage.work import Actor, Work

START = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)


def member(work: Work, name: str, role: Role = Role.MANAGER) -> Member:
    """Somebody of the team."""
    return work.add(
        Member(
            slack_team="T",
            slack_user=f"U{name}",
            name=name,
            role=role,
            created_at=work.now,
        )
    )


def acting(work: Work, who: Member | Contact) -> Work:
    """The work as this member or this customer does it."""
    if isinstance(who, Member):
        return work.acting_as(Actor(name=who.name, member=who))
    return work.acting_as(Actor(name=who.name, contact=who))


def customer(work: Work, name: str, *chats: str, tag: str = "vip") -> Contact:
    """A customer with these chats in Telegram."""
    contact = work.add(Contact(name=name, created_at=work.now))
    work.add(ContactTag(contact_id=contact.id, tag=tag))
    for chat in chats:
        work.add(
            Identity(
                contact_id=contact.id,
                kind=IdentityKind.TELEGRAM,
                value=chat,
                shown=chat,
                created_at=work.now,
            )
        )
    work.flush()
    return contact


def decide(work: Work, **policies: object) -> None:
    """Have policies be so."""
    for key, value in policies.items():
        work.add(Policy(key=key, value=value, changed_at=work.now))
