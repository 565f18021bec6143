"""A customer says that something is another matter: their words begin a new request."""

from functools import lru_cache

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import say_to_customer
from handlers.actions.policies import settled
from handlers.message import Incoming
from handlers.texts import Voice
from storage.records import Contact, Direction, Identity, Interaction
from storage.work import Work

# A line that begins so is about something: "new ticket: the printer".
# No such words are longer.
LONGEST_WORDS = 128
_BETWEEN = " \t\n:：,，.。-–—!！"


@action(Permission.CUSTOMER)
def asked_for(work: Work, text: str) -> str | None:
    """What stands behind the words that begin a new request; None when there are no such words."""
    said = text.strip()
    lower = said[:LONGEST_WORDS].casefold()
    for word in _words(str(settled(work, "new_ticket_words"))):
        if lower.startswith(word):
            rest = said[len(word) :]
            if not rest or rest[0] in _BETWEEN:
                return rest.strip(_BETWEEN)
    return None


@lru_cache(maxsize=8)
def _words(listed: str) -> list[str]:
    words = listed.replace("，", ",").split(",")
    return [word.strip().casefold() for word in words if word.strip()]


@action(Permission.CUSTOMER)
def await_words(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Nothing but those words was said: what comes next begins a new request."""
    work.add(
        Interaction(
            contact_id=contact.id,
            channel=incoming.door,
            direction=Direction.IN,
            text=incoming.text,
            origin=incoming.origin,
            at=incoming.at or work.now,
        )
    )
    contact.last_heard_at = work.now
    contact.ticket_id = None
    reply = Voice(contact.language).reply("customer.new_request")
    say_to_customer(work, identity, reply, key=f"answer:{incoming.origin}")
