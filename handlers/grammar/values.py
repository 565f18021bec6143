"""What is read from a line besides records: tags, manners, subjects; and what has to be asked."""

from dataclasses import dataclass
from datetime import datetime

from handlers.when import When
from storage.queries.search import Hit
from storage.records import Contact, Deal, Ticket, Touch


class Tags(tuple[str, ...]):
    """The words that were typed with a #."""

    __slots__ = ()


class Ambiguous(Exception):
    """Several people may be meant. `line` is the command with `{}` where the person stands."""

    def __init__(self, query: str, hits: list[Hit], line: str) -> None:
        super().__init__(query)
        self.query = query
        self.hits = hits
        self.line = line


class Unclear(Exception):
    """A date that is over or unclear; `line` runs the command with the reading in place of `{}`."""

    def __init__(self, said: str, found: When, readings: tuple[datetime, ...], line: str) -> None:
        super().__init__(said)
        self.said = said
        self.found = found
        self.readings = readings
        self.line = line


@dataclass(frozen=True)
class Manner:
    """How a moment is meant: by whose clock, only if nothing is heard, and what a touch does."""

    theirs: bool = False
    no_reply: bool = False
    on_touch: Touch | None = None


@dataclass(frozen=True)
class About:
    """What something is about besides a person: a ticket or a deal."""

    ticket: Ticket | None = None
    deal: Deal | None = None


@dataclass(frozen=True)
class Context:
    """Where it was typed: in a ticket's thread the ticket and its customer go without saying."""

    ticket: Ticket | None = None
    contact: Contact | None = None
