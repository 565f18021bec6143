"""Questions about what was said and where it stands in the chats."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.records import Direction, Interaction, Post, Subject, Ticket
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
        col(Post.gone_at).is_(None),
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


def posts_of(work: Work, door: str, subject: Subject, id: int) -> list[Post]:
    """Every message that a record became behind a door, oldest first."""
    return work.all(
        select(Post)
        .where(
            col(Post.door) == door,
            col(Post.subject) == subject,
            col(Post.subject_id) == id,
            col(Post.gone_at).is_(None),
        )
        .order_by(col(Post.id))
    )


def last_of(work: Work, ticket: Ticket, limit: int = 3) -> list[Interaction]:
    """The newest lines of a ticket, oldest first."""
    found = work.all(
        select(Interaction)
        .where(col(Interaction.ticket_id) == ticket.id)
        .order_by(col(Interaction.id).desc())
        .limit(limit)
    )
    return found[::-1]


def all_of(work: Work, ticket: Ticket) -> list[Interaction]:
    """Everything that was said in a ticket, oldest first."""
    return work.all(
        select(Interaction)
        .where(col(Interaction.ticket_id) == ticket.id)
        .order_by(col(Interaction.id))
    )


def count_heard(work: Work, ticket: Ticket) -> int:
    """How many messages of the customer's a ticket has."""
    heard = select(func.count()).where(
        col(Interaction.ticket_id) == ticket.id, col(Interaction.direction) == Direction.IN
    )
    return int(work.scalar(heard) or 0)


def waits_since(work: Work, ticket: Ticket) -> datetime | None:
    """The oldest words of the customer's since our last answer; None when there are none."""
    answered = select(func.max(Interaction.id)).where(
        col(Interaction.ticket_id) == ticket.id, col(Interaction.direction) == Direction.OUT
    )
    oldest = work.first(
        select(Interaction)
        .where(
            col(Interaction.ticket_id) == ticket.id,
            col(Interaction.direction) == Direction.IN,
            col(Interaction.id) > func.coalesce(answered.scalar_subquery(), 0),
        )
        .order_by(col(Interaction.id))
    )
    return None if oldest is None else oldest.at


def album_of(work: Work, contact_id: int, album: str) -> Interaction | None:
    """The interaction that gathers an album's pictures."""
    return work.first(
        select(Interaction)
        .where(col(Interaction.contact_id) == contact_id, col(Interaction.album) == album)
        .order_by(col(Interaction.id).desc())
        .limit(1)
    )


_LAST_HEARD = (
    select(Interaction)
    .where(
        col(Interaction.contact_id) == bindparam("contact"),
        col(Interaction.direction) == Direction.IN,
    )
    .order_by(col(Interaction.id).desc())
    .limit(1)
)
_LAST_ANSWER = (
    select(Interaction)
    .where(
        col(Interaction.ticket_id) == bindparam("ticket"),
        col(Interaction.direction) == Direction.OUT,
    )
    .order_by(col(Interaction.id).desc())
    .limit(1)
)


def last_heard(work: Work, contact_id: int) -> Interaction | None:
    """What a customer said last."""
    return work.first(_LAST_HEARD, {"contact": contact_id})


def last_answer(work: Work, ticket: Ticket) -> Interaction | None:
    """What was said last to the customer about a request."""
    return work.first(_LAST_ANSWER, {"ticket": ticket.id})


def last_post_in(work: Work, door: str, chat: str, subject: Subject) -> Post | None:
    """The newest post of a kind in a chat."""
    return work.first(
        select(Post)
        .where(col(Post.door) == door, col(Post.chat) == chat, col(Post.subject) == subject)
        .order_by(col(Post.id).desc())
        .limit(1)
    )
