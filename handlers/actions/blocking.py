"""People whom the team does not want to hear: kept out of the threads, answered by nothing."""

from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.message import Incoming
from storage.errors import Refused
from storage.queries import tickets as tickets_found
from storage.records import Contact, Direction, Interaction, TicketStatus
from storage.work import Work


@action(Permission.SERVE, audited=True)
def block(work: Work, contact: Contact) -> int:
    """Hear a person no more; their open requests are closed. How many those were.

    Raises Refused when they are blocked already.
    """
    if contact.blocked_at is not None:
        raise Refused("block.already", name=contact.name)
    contact.blocked_at = work.now
    open_ones = tickets_found.open_of(work, contact)
    for ticket in open_ones:
        # They are not told: whoever floods us learns nothing from it.
        tickets.end(work, ticket, TicketStatus.CLOSED)
        tickets.tell_thread(work, ticket, "block.by", by=me(work).name, name=contact.name)
    return len(open_ones)


@action(Permission.SERVE, audited=True)
def unblock(work: Work, contact: Contact) -> Contact:
    """Hear a person again. Raises Refused when they are not blocked."""
    if contact.blocked_at is None:
        raise Refused("block.not", name=contact.name)
    contact.blocked_at = None
    return contact


@action(Permission.ANYONE)
def keep_aside(work: Work, incoming: Incoming, contact: Contact) -> Interaction:
    """A blocked person writes: it stands in their timeline, and nobody is bothered."""
    return work.add(
        Interaction(
            contact_id=contact.id,
            channel=incoming.door,
            direction=Direction.IN,
            text=incoming.text,
            media=[vars(media) for media in incoming.media],
            origin=incoming.origin,
            at=incoming.at or work.now,
        )
    )
