"""A change that overtakes the line it is about: Slack brings again, later, what failed at first.

So a line of staff may be changed or deleted before we hear of it at all.
"""

from datetime import timedelta

from handlers.actions import conversations
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK
from handlers.message import Incoming
from storage.queries import conversation
from storage.records import Post, Subject
from storage.work import Work

# Slack brings what failed three times more, the last time some six minutes later.
STILL_COMES = timedelta(minutes=10)


@action(Permission.SERVE)
def is_heard(work: Work, incoming: Incoming) -> bool:
    """Whether nothing is left to hear of a line: it came as its change, or it was deleted."""
    if conversation.by_origin(work, incoming.origin) is not None:
        return True
    post = conversation.post_at(work, SLACK, incoming.chat, incoming.message)
    return post is not None and post.subject is Subject.DELETED


@action(Permission.SERVE)
def is_first(work: Work, incoming: Incoming) -> bool:
    """Whether a change is the first that we hear of a line which must have been said just now."""
    if incoming.does == "mention" or incoming.at is None:
        # What a command was changed into is no command.
        return False
    return work.now - incoming.at < STILL_COMES and not is_heard(work, incoming)


@action(Permission.SERVE)
def note_deleted(work: Work, incoming: Incoming) -> None:
    """A line in a ticket's thread was deleted of which we have not heard: it must not go out."""
    ticket = conversations.ticket_at(work, incoming.chat, incoming.thread)
    if ticket is None or is_heard(work, incoming):
        return
    work.add(
        Post(
            door=SLACK,
            chat=incoming.chat,
            message=incoming.message,
            subject=Subject.DELETED,
            subject_id=ticket.id,
            at=work.now,
            gone_at=work.now,
        )
    )
