"""Questions about messages that wait for their moment."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.records import Contact, LaterMessage, LaterState, Member
from storage.work import Work

_DUE = (
    select(LaterMessage)
    .where(
        col(LaterMessage.state) == LaterState.WAITING,
        col(LaterMessage.due_at) <= bindparam("now"),
    )
    .order_by(col(LaterMessage.due_at))
    .limit(bindparam("limit"))
)


def due(work: Work, limit: int) -> list[LaterMessage]:
    """Those whose moment has come, the longest overdue first."""
    return work.all(_DUE, {"now": work.now, "limit": limit})


def of_author(work: Work, member: Member, limit: int) -> list[tuple[LaterMessage, Contact]]:
    """What a member still has to be said, soonest first."""
    return list(
        work.rows(
            select(LaterMessage, Contact)
            .join(Contact, col(Contact.id) == col(LaterMessage.contact_id))
            .where(
                col(LaterMessage.author_id) == member.id,
                col(LaterMessage.state).in_((LaterState.WAITING, LaterState.ASKED)),
            )
            .order_by(col(LaterMessage.due_at))
            .limit(limit)
        )
    )


def every_waiting(work: Work, after_id: int, limit: int) -> list[LaterMessage]:
    """What still waits, a page at a time, by id."""
    return work.all(
        select(LaterMessage)
        .where(col(LaterMessage.state) == LaterState.WAITING, col(LaterMessage.id) > after_id)
        .order_by(col(LaterMessage.id))
        .limit(limit)
    )
