"""Questions about what was said and where it stands in the chats."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.records import Interaction, Post, Subject, Ticket
from storage.work import Work

_BY_ORIGIN = select(Interaction).where(col(Interaction.origin) == bindparam("origin"))
_AT = select(Post).where(
    col(Post.door) == bindparam("door"),
    col(Post.chat) == bindparam("chat"),
    col(Post.message) == bindparam("message"),
)
_OF = (
    select(Post)
    .where(
        col(Post.door) == bindparam("door"),
        col(Post.subject) == bindparam("subject"),
        col(Post.subject_id) == bindparam("id"),
    )
    .order_by(col(Post.id).desc())
    .limit(1)
)


def by_origin(work: Work, origin: str) -> Interaction | None:
    """The interaction that was said there."""
    return work.first(_BY_ORIGIN, {"origin": origin})


def post_at(work: Work, door: str, chat: str, message: str) -> Post | None:
    """What of ours stands at that place in a chat."""
    return work.first(_AT, {"door": door, "chat": chat, "message": message})


def post_of(work: Work, door: str, subject: Subject, id: int) -> Post | None:
    """Where a record was shown last behind a door."""
    return work.first(_OF, {"door": door, "subject": subject, "id": id})


def last_of(work: Work, ticket: Ticket, limit: int = 3) -> list[Interaction]:
    """The newest lines of a ticket, oldest first."""
    found = work.all(
        select(Interaction)
        .where(col(Interaction.ticket_id) == ticket.id)
        .order_by(col(Interaction.id).desc())
        .limit(limit)
    )
    return found[::-1]


def album_of(work: Work, contact_id: int, album: str) -> Interaction | None:
    """The interaction that gathers an album's pictures."""
    return work.first(
        select(Interaction)
        .where(col(Interaction.contact_id) == contact_id, col(Interaction.album) == album)
        .order_by(col(Interaction.id).desc())
        .limit(1)
    )
