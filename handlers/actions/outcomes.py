"""How putting a row of the outbox on the socket may end, as the doors tell it."""

import random
from dataclasses import dataclass
from datetime import timedelta

from handlers.message import Reply
from storage.records import (
    OutboxRow,
)


@dataclass(frozen=True)
class Claimed:
    """A row to be put on the socket now, and where: the places of our own posts are looked up."""

    row: OutboxRow
    chat: str
    thread: str = ""
    message: str = ""
    reply_to: str = ""
    # Every message that it is about, where those may be several.
    messages: tuple[str, ...] = ()
    # By which connection somebody's own account is reached, or why it is not.
    connection: str = ""
    why_not: str = ""
    # What a campaign says to this one person; of every other row that is in its payload.
    words: Reply | None = None


@dataclass(frozen=True)
class Sent:
    """The platform has accepted it and calls it so."""

    chat: str = ""
    message: str = ""
    # Every message that it became: a long text is several.
    messages: tuple[str, ...] = ()
    # Where people can open it, if the platform says so.
    link: str = ""


@dataclass(frozen=True)
class Later:
    """Surely not sent; may go after that time. `whole`: nothing at all may go through the door."""

    after: timedelta
    why: str
    whole: bool = False
    # A limit says nothing about the row; a connection that fails counts as an attempt.
    counts: bool = False
    token_refused: bool = False
    # A limit of the platform's: so many are too many.
    too_many: bool = False


@dataclass(frozen=True)
class Failed:
    """The platform says no, and will go on saying no."""

    why: str
    blocked: bool = False


@dataclass(frozen=True)
class Shut:
    """The channel is archived, gone, or we are not in it; surely not sent.

    `support` is the support channel as it was found just now, empty when it cannot be had.
    """

    chat: str
    why: str
    support: str = ""


@dataclass(frozen=True)
class Gone:
    """The message that it changes, or stands under, is no longer there; surely not sent."""

    why: str


@dataclass(frozen=True)
class Moved:
    """The chat has another name now; surely not sent."""

    chat: str


@dataclass(frozen=True)
class NotSure:
    """It was on the socket and the answer broke: nobody can know."""

    why: str


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many connections that failed: 1 s, doubled up to a minute.

    Not quite, so that many rows do not come back at one moment.
    """
    seconds = min(60.0, 2.0 ** min(attempts - 1, 6))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


Outcome = Sent | Later | Failed | Shut | Gone | Moved | NotSure
