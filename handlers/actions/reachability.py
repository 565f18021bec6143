"""Whether a customer can be reached: the card and the thread show it when they block the bot."""

from handlers.actions import consents, tickets
from handlers.actions.access import Permission, action
from storage.queries.tickets import open_of
from storage.records import Contact, Identity
from storage.work import Work


@action(Permission.SYSTEM)
def note_block(work: Work, identity: Identity) -> None:
    """The customer has blocked us: the thread of each open request says so, once."""
    contact = work.sure(Contact, identity.contact_id)
    known = contact.unreachable_at is not None
    consents.note_block(work, identity)
    if not known:
        contact.unreachable_at = work.now
        _tell(work, contact, "customer.has_blocked")


@action(Permission.SYSTEM)
def note_unblock(work: Work, identity: Identity) -> None:
    """The customer can be reached again."""
    contact = work.sure(Contact, identity.contact_id)
    known = contact.unreachable_at is not None
    consents.note_unblock(work, identity)
    if known:
        contact.unreachable_at = None
        _tell(work, contact, "customer.is_back")


def _tell(work: Work, contact: Contact, key: str) -> None:
    for ticket in open_of(work, contact):
        tickets.refresh_card(work, ticket)
        tickets.tell_thread(work, ticket, key, name=contact.name)
