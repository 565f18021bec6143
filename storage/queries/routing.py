"""Questions about channels: where requests go, which are shut, what stands in them."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from storage.records import (
    OPEN_STATUSES,
    OutboxRow,
    OutboxState,
    Post,
    Route,
    ShutChannel,
    Subject,
    Ticket,
)
from storage.work import Work


def routes(work: Work) -> list[Route]:
    """Every route, by name."""
    return work.all(select(Route).order_by(col(Route.name)))


def route(work: Work, name: str) -> Route | None:
    """The route of that name."""
    return work.first(select(Route).where(col(Route.name) == name))


def shut(work: Work) -> list[ShutChannel]:
    """The channels that are shut to us."""
    return work.all(select(ShutChannel))


def live_posts_of(work: Work, subject: Subject, id: int) -> list[Post]:
    """Where a record stands in Slack, as far as we know; the newest is the place of new words."""
    return work.all(
        select(Post).where(
            col(Post.door) == "slack",
            col(Post.subject) == subject,
            col(Post.subject_id) == id,
            col(Post.gone_at).is_(None),
        )
    )


def open_in(work: Work, channel: str, limit: int = 200) -> list[Ticket]:
    """The open tickets that have their thread in a channel."""
    return work.all(
        select(Ticket)
        .where(col(Ticket.channel) == channel, col(Ticket.status).in_(OPEN_STATUSES))
        .order_by(col(Ticket.id))
        .limit(limit)
    )


def waiting_in(work: Work, line: str) -> list[OutboxRow]:
    """What has yet to go in a line, oldest first."""
    return work.all(
        select(OutboxRow)
        .where(
            col(OutboxRow.line) == line,
            col(OutboxRow.state).in_((OutboxState.QUEUED, OutboxState.SENDING)),
        )
        .order_by(col(OutboxRow.id))
    )


def wake(work: Work, chats: Collection[str], within: timedelta) -> None:
    """Let go at once what was to be tried again in these Slack channels after a while."""
    work.execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.door) == "slack",
            col(OutboxRow.chat).in_(chats),
            col(OutboxRow.state) == OutboxState.QUEUED,
            col(OutboxRow.not_before) > work.now,
            col(OutboxRow.not_before) <= work.now + within,
        )
        .values(not_before=work.now, version=col(OutboxRow.version) + 1)
    )
