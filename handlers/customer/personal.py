"""A customer's chat with the owner of a personal account: all that is said there is plain words."""

from handlers.actions import blocking, contacts, hearing, personal, preferences
from handlers.message import Incoming, Kind
from storage.work import Actor, Work


def answer(work: Work, incoming: Incoming) -> None:
    """Bring what happened in such a chat where it belongs; no menus, no questions, no courtesy."""
    if incoming.kind is Kind.CONNECTION:
        personal.connected(work.as_system(), incoming)
        return
    placed = personal.placed(work, incoming)
    if placed is None:
        return
    known = contacts.recognise(work, placed.chat)
    if known is None:
        if placed.kind is not Kind.MESSAGE:
            # The owner's friends are nobody's customers until they have written themselves.
            return
        known = personal.meet(work, placed, placed.chat)
    identity, contact, ticket = known
    if contact.blocked_at is not None:
        if placed.kind is Kind.MESSAGE:
            blocking.keep_aside(work, placed, contact)
        return
    work = work.acting_as(Actor(name=contact.name, contact=contact))
    match placed.kind:
        case Kind.MESSAGE:
            preferences.follow_language(work, contact, placed.text)
            hearing.hear(work, placed, contact, identity, ticket)
        case Kind.EDIT:
            hearing.hear_edit(work, placed, contact)
        case Kind.OWNER:
            personal.hear_owner(work, placed, contact)
        case Kind.DELETE:
            personal.hear_deleted(work, placed)
