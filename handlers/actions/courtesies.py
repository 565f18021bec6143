"""Thanks and goodbyes: said when all is done, they ask for nothing and open nothing again."""

from handlers.message import Incoming
from handlers.understanding import is_only_thanks
from storage.queries import members
from storage.records import Ticket
from storage.work import Work


def asks_nothing(work: Work, ticket: Ticket | None, incoming: Incoming) -> bool:
    """Whether a customer's words after a request is over are surely nothing but a courtesy."""
    if ticket is None or ticket.is_open:
        return False
    if any(media.kind != "sticker" for media in incoming.media):
        return False
    said = incoming.text or "".join(media.detail for media in incoming.media)
    if not said or len(said) > 120:
        return False
    names = [word for member in members.active(work) for word in member.name.split()]
    return is_only_thanks(said, names)
