"""A customer says something: who is it, and is it a command, a stop, or words for the team?"""

from handlers.actions import consents, contacts, conversations
from handlers.customer import commands
from handlers.message import Incoming, Kind, Reply, Text, plain
from storage.records import Contact, Identity, Ticket
from storage.work import Actor, Work


def answer(work: Work, incoming: Incoming) -> Reply | None:
    """Handle what a customer said; what they are told goes through the outbox."""
    known = contacts.recognise(work, incoming.person.id)
    if incoming.kind in (Kind.BLOCKED, Kind.UNBLOCKED):
        if known is not None:
            note = consents.note_block if incoming.kind is Kind.BLOCKED else consents.note_unblock
            note(work.as_system(), known[0])
        return None
    if known is None:
        if incoming.kind is not Kind.MESSAGE:
            return None
        contact, identity = contacts.meet(work, incoming)
        known = (identity, contact, None)
    return _spoken(work, incoming, *known)


def _spoken(
    work: Work, incoming: Incoming, identity: Identity, contact: Contact, ticket: Ticket | None
) -> Reply | None:
    work = work.acting_as(Actor(name=contact.name, contact=contact))
    if identity.blocked_at is not None:
        # Whoever writes to us can be reached again, whether or not Telegram has said so.
        consents.note_unblock(work.as_system(), identity)
    contacts.keep_username(work, contact, identity, incoming.person.username)
    match incoming.kind:
        case Kind.MESSAGE:
            _message(work, incoming, identity, contact, ticket)
        case Kind.EDIT:
            conversations.hear_edit(work, incoming, contact)
        case Kind.BUTTON if incoming.does in commands.BUTTONS:
            return Reply((Text(plain(commands.BUTTONS[incoming.does](work, incoming, contact))),))
    return None


def _message(
    work: Work, incoming: Incoming, identity: Identity, contact: Contact, ticket: Ticket | None
) -> None:
    command = commands.COMMANDS.get(incoming.does)
    if command is not None:
        command(work, incoming, contact, identity)
        return
    if consents.says_stop(incoming.text):
        commands.stop(work, incoming, contact, identity)
        return
    for media in incoming.media:
        if media.kind == "contact" and media.name == incoming.person.id:
            # Only their own contact says what their phone is.
            contacts.share_phone(work, contact, media.detail.rpartition(" ")[2])
    conversations.hear(work, incoming, contact, identity, ticket)
