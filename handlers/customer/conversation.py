"""A customer says something: who is it, and is it a command, a stop, or words for the team?"""

import importlib
import pkgutil
from dataclasses import replace

from handlers import customer
from handlers.actions import (
    blocking,
    consents,
    contacts,
    groups,
    hearing,
    new_requests,
    personal,
    preferences,
    reachability,
    reactions,
)
from handlers.customer import asked, commands, start, topics
from handlers.customer import personal as personal_chats
from handlers.message import Incoming, Kind, Reply
from handlers.texts import Voice, language_of
from storage.records import Contact, Identity, Ticket
from storage.work import Actor, Work

# A file laid into this folder is found by itself: nobody has to list it.
for _module in pkgutil.iter_modules(customer.__path__):
    importlib.import_module(f"{customer.__name__}.{_module.name}")


def answer(work: Work, incoming: Incoming) -> Reply | None:
    """Handle what a customer said; what they are told goes through the outbox."""
    if incoming.kind in (Kind.GROUP, Kind.MIGRATED):
        groups.answer(work.as_system(), incoming)
        return None
    if incoming.connection:
        personal_chats.answer(work, incoming)
        return None
    known = contacts.recognise(work, incoming.person.id)
    if incoming.kind in (Kind.BLOCKED, Kind.UNBLOCKED):
        if known is not None:
            blocks = incoming.kind is Kind.BLOCKED
            note = reachability.note_block if blocks else reachability.note_unblock
            note(work.as_system(), known[0])
        return None
    if known is None:
        if incoming.kind is Kind.BUTTON:
            # Of somebody who had themselves forgotten: nobody is made of a press.
            return Voice(language_of(incoming.person.language)).reply("customer.stale")
        if incoming.kind is not Kind.MESSAGE:
            return None
        known = personal.meet(work, incoming, incoming.person.id)
    if known[1].blocked_at is not None:
        if incoming.kind is Kind.MESSAGE:
            blocking.keep_aside(work, incoming, known[1])
        return None
    return _spoken(work, incoming, *known)


def _spoken(
    work: Work, incoming: Incoming, identity: Identity, contact: Contact, ticket: Ticket | None
) -> Reply | None:
    work = work.acting_as(Actor(name=contact.name, contact=contact))
    if identity.blocked_at is not None:
        # Whoever writes to us can be reached again, whether or not Telegram has said so.
        reachability.note_unblock(work.as_system(), identity)
    contacts.keep_username(work, contact, identity, incoming.person.username)
    match incoming.kind:
        case Kind.MESSAGE:
            _message(work, incoming, identity, contact, ticket)
        case Kind.EDIT:
            hearing.hear_edit(work, incoming, contact)
        case Kind.REACTION:
            reactions.carry_in(work, incoming, contact)
        case Kind.BUTTON:
            return commands.press(work, incoming, contact, identity)
    return None


def _message(
    work: Work, incoming: Incoming, identity: Identity, contact: Contact, ticket: Ticket | None
) -> None:
    command = commands.COMMANDS.get(incoming.does)
    if command is not None:
        command(work, incoming, contact, identity)
        return
    if consents.says_stop(incoming.text):
        topics.stop(work, incoming, contact, identity)
        return
    if start.is_unknown(incoming) and new_requests.asked_for(work, incoming.text) is None:
        start.say_unknown(work, incoming, contact, identity)
        return
    if contact.asked is not None and asked.answers(work, incoming, contact, identity):
        return
    rest = new_requests.asked_for(work, incoming.text) if incoming.text else None
    if rest is not None:
        if not rest and not incoming.media:
            new_requests.await_words(work, incoming, contact, identity)
            return
        incoming, ticket = replace(incoming, text=rest), None
    if incoming.media and asked.share_card(work, incoming, contact, identity, ticket):
        return
    preferences.follow_language(work, contact, incoming.text)
    said = hearing.hear(work, incoming, contact, identity, ticket)
    asked.after(work, incoming, contact, identity, said)
