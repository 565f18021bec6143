"""A customer's phone: asked for once, when it is of use, with the reason and a way to say no."""

import re
from datetime import datetime, timedelta

from handlers.actions import contacts as people
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import say_to_customer
from handlers.actions.preferences import preference
from handlers.message import KeyboardAway, Media, Reply, ShareContact, Text
from handlers.texts import LANGUAGES, Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import contacts
from storage.records import Contact, Identity, IdentityKind
from storage.work import Work

# A request to be called, in the usual words of both languages.
_CALL_BACK = re.compile(
    r"\b(?:call|ring|phone) me\b|\bcall(?: |-)?back\b|\bgive me a (?:call|ring)\b"
    r"|回(?:个)?电|给我(?:打|回)|打(?:个)?电话给我|打我(?:的)?电话",
    re.IGNORECASE,
)
# Each of these words has one of these in it.
_HINTS = ("call", "ring", "phone", "电", "给我")
PHONE = "phone"
# For so long the words on the button that shares nothing are an answer, and no message.
ANSWERS = timedelta(days=2)


def wants_a_call(text: str) -> bool:
    """Whether somebody asks to be called."""
    lower = text.casefold()
    # Nearly all messages hold none of them, and that is seen ten times as fast.
    return any(hint in lower for hint in _HINTS) and _CALL_BACK.search(text) is not None


def was_asked(contact: Contact) -> bool:
    """Whether somebody has been asked and has not answered yet."""
    return (contact.asked or "").partition("|")[0] == PHONE


@action(Permission.CUSTOMER)
def says_no_thanks(work: Work, contact: Contact, text: str) -> bool:
    """Whether it is what the button says that shares nothing, while it may still stand there."""
    until = (contact.asked or "").partition("|")[2]
    if text not in {Voice(language).say("phone.no") for language in LANGUAGES}:
        return False
    return was_asked(contact) and work.now <= datetime.fromisoformat(until)


@action(Permission.CUSTOMER)
def ask_if_useful(work: Work, contact: Contact, identity: Identity, reason: str) -> bool:
    """Ask for the phone unless it is known or was asked before; whether it was asked now."""
    if _phone_of(work, contact) or preference(work, contact).phone_asked_at is not None:
        return False
    _ask(work, contact, identity, reason)
    return True


@action(Permission.SERVE, audited=True)
def ask(work: Work, contact: Contact) -> None:
    """Ask on behalf of a member, even when it was asked before.

    Raises Refused when the phone is known, or there is no chat to ask in.
    """
    known = _phone_of(work, contact)
    if known:
        raise Refused("phone.known", name=contact.name, phone=known)
    identity = contacts.telegram_of(work, contact)
    if identity is None or identity.blocked_at is not None:
        raise Refused("answer.no_telegram", name=contact.name)
    _ask(work, contact, identity, "team")


def _ask(work: Work, contact: Contact, identity: Identity, reason: str) -> None:
    preference(work, contact).phone_asked_at = work.now
    contact.asked = f"{PHONE}|{(work.now + ANSWERS).isoformat()}"
    voice = Voice(contact.language)
    parts = (
        Text(voice.words(f"phone.ask_{reason}")),
        ShareContact(voice.say("phone.share"), voice.say("phone.no")),
    )
    say_to_customer(work, identity, Reply(parts), key=f"phone:{contact.id}:{new_id()}")


def _phone_of(work: Work, contact: Contact) -> str:
    found = contacts.identities_of(work, contact)
    return next((each.shown for each in found if each.kind is IdentityKind.PHONE), "")


@action(Permission.CUSTOMER)
def shared(work: Work, contact: Contact, identity: Identity, card: Media, origin: str) -> None:
    """Keep a number that was shared, if it is the sender's own, and say so."""
    voice = Voice(contact.language)
    if card.name != identity.value:
        # Whose card it is Telegram says only of one's own: other people's are words for the team.
        if was_asked(contact):
            say_to_customer(work, identity, voice.reply("phone.not_yours"), key=f"phone:{origin}")
        return
    shown = people.share_phone(work, contact, card.detail.rpartition(" ")[2])
    key = "phone.thanks" if shown else "phone.not_read"
    contact.asked = None if was_asked(contact) else contact.asked
    parts = (Text(voice.words(key, phone=shown or "")), KeyboardAway())
    say_to_customer(work, identity, Reply(parts), key=f"phone:{origin}")


@action(Permission.CUSTOMER)
def declined(work: Work, contact: Contact, identity: Identity, origin: str) -> None:
    """They would rather not; nobody asks again by itself."""
    contact.asked = None
    words = Text(Voice(contact.language).words("phone.declined"))
    say_to_customer(work, identity, Reply((words, KeyboardAway())), key=f"phone:{origin}")
