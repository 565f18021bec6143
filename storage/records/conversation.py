"""What was said, to whom, where it stands in the chats, and what became of the requests."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Integer, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class Direction(StrEnum):
    """From the customer, to the customer, or only written down."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Lane(StrEnum):
    """Who may see it: the customer lane reaches the customer, the internal one stays inside."""

    CUSTOMER = "customer"
    INTERNAL = "internal"


class Interaction(Record, table=True):
    """One thing said or done with a contact: a message, a note, a call."""

    __tablename__ = "interactions"
    __table_args__ = (
        Index("ix_interactions_contact_id_at", "contact_id", "at"),
        Index("ix_interactions_at_direction", "at", "direction"),
        Index("ix_interactions_origin", "origin", unique=True),
    )

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True, sa_type=Id)
    member_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    channel: str = Field(max_length=24)
    direction: Direction = Field(sa_type=Choice(Direction))
    lane: Lane = Field(default=Lane.CUSTOMER, sa_type=Choice(Lane))
    text: str = Field(default="", sa_type=Text)
    # What came with it, as the platform describes it: a list of {kind, file, name, mime, size, …}.
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    # Where it was said: "telegram:<bot>:<chat>:<message>", "slack:<team>:<channel>:<ts>".
    origin: str | None = Field(default=None, max_length=128)
    album: str | None = Field(default=None, max_length=64)
    reply_to_id: int | None = Field(default=None, sa_type=Id)
    at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


class InteractionVersion(Record, table=True):
    """What an interaction said before it was edited."""

    __tablename__ = "interaction_versions"

    interaction_id: int = Field(foreign_key="interactions.id", index=True, sa_type=Id)
    text: str = Field(sa_type=Text)
    until: datetime


class TicketStatus(StrEnum):
    """Where a request stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN_STATUSES = (
    TicketStatus.NEW,
    TicketStatus.OPEN,
    TicketStatus.WAITING,
    TicketStatus.ON_HOLD,
)


class Priority(StrEnum):
    """How pressing a request is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Ticket(Record, table=True):
    """A request of a customer, from the first message until it is resolved."""

    __tablename__ = "tickets"
    remembered = True
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_tickets_contact_id_status", "contact_id", "status"),
    )

    number: int = Field(sa_type=Integer)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    subject: str = Field(max_length=256)
    status: TicketStatus = Field(default=TicketStatus.NEW, sa_type=Choice(TicketStatus), index=True)
    priority: Priority = Field(default=Priority.NORMAL, sa_type=Choice(Priority))
    category: str | None = Field(default=None, max_length=64)
    assignee_id: int | None = Field(default=None, foreign_key="members.id", index=True, sa_type=Id)
    # The Slack channel in which its thread stands.
    channel: str | None = Field(default=None, max_length=96)
    opened_at: datetime = Field(index=True)
    first_answered_at: datetime | None = None
    # Since when the customer has been waiting for an answer; empty when it is their turn.
    customer_waits_since: datetime | None = None
    # On hold without a moment: until the customer writes.
    snoozed_until: datetime | None = Field(default=None, index=True)
    resolved_at: datetime | None = Field(default=None, index=True)
    # What the customer thought of it, 1 (bad) to 5 (good).
    csat: int | None = None
    # The request that this one became a part of.
    merged_into_id: int | None = Field(default=None, foreign_key="tickets.id", sa_type=Id)
    # The members who are told what happens; none at all is the ordinary case, and costs nothing.
    watchers: list[int] | None = Field(default=None, sa_type=Json, nullable=True)
    # Service levels: when each promise is due, empty while its clock stands or nothing is promised.
    first_answer_due_at: datetime | None = None
    next_answer_due_at: datetime | None = None
    resolution_due_at: datetime | None = None
    # Since when a clock runs, and the seconds of working time that it ran before.
    answer_clock_since: datetime | None = None
    answer_clock_spent: int = 0
    resolution_clock_since: datetime | None = None
    resolution_clock_spent: int = 0
    # When the next warning or breach is to be looked at.
    attention_at: datetime | None = Field(default=None, index=True)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN_STATUSES

    @property
    def due_at(self) -> datetime | None:
        """When the first of its promises is due, or was; None when none is."""
        promised = (self.first_answer_due_at, self.next_answer_due_at, self.resolution_due_at)
        return min((due for due in promised if due is not None), default=None)

    def reopens_at(self, moment: datetime, within: timedelta) -> bool:
        """Whether a new message at `moment` belongs to this request although it was resolved.

        One that was closed is over: what comes after it is another matter.
        """
        if self.status is TicketStatus.CLOSED or self.resolved_at is None:
            return False
        return moment - self.resolved_at < within


class TicketEvent(Record, table=True):
    """One step in a ticket's history."""

    __tablename__ = "ticket_events"

    ticket_id: int = Field(foreign_key="tickets.id", index=True, sa_type=Id)
    at: datetime
    member_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    what: str = Field(max_length=24)
    before: str | None = Field(default=None, max_length=256)
    after: str | None = Field(default=None, max_length=256)


class FollowUpState(StrEnum):
    """Whether a follow-up is still to come, was reminded of, or is over."""

    OPEN = "open"
    REMINDED = "reminded"
    DONE = "done"
    CANCELLED = "cancelled"
    # It has become needless by itself: the customer and the team have been in touch.
    CLEARED = "cleared"


class Touch(StrEnum):
    """What becomes of a follow-up when its customer and the team are in touch before it is due."""

    KEEP = "keep"
    CLEAR = "clear"
    RE_ARM = "re-arm"


class FollowUp(Record, table=True):
    """What a member wants to be reminded of, kept as the wall time that was meant.

    `due_at` is computed from `wall`, `zone` and `rule`; the wall time is what stays true when a
    government moves its clocks.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_state_due_at", "state", "due_at"),
        # Only those that were reminded of and may be ignored.
        Index(
            "ix_follow_ups_nudge_at",
            "nudge_at",
            sqlite_where=sql("nudge_at IS NOT NULL"),
            postgresql_where=sql("nudge_at IS NOT NULL"),
        ),
    )

    contact_id: int | None = Field(default=None, foreign_key="contacts.id", index=True, sa_type=Id)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", sa_type=Id)
    deal_id: int | None = Field(default=None, foreign_key="deals.id", sa_type=Id)
    owner_id: int = Field(foreign_key="members.id", index=True, sa_type=Id)
    text: str = Field(max_length=1024)
    # Local date and time without offset, ISO 8601 to the minute: "2026-11-22T15:00".
    wall: str = Field(max_length=32)
    zone: str = Field(max_length=48)
    rule: str | None = Field(default=None, max_length=256)
    due_at: datetime
    state: FollowUpState = Field(default=FollowUpState.OPEN, sa_type=Choice(FollowUpState))
    snoozes: int = 0
    reminded_at: datetime | None = None
    done_at: datetime | None = None
    created_at: datetime
    # What a touch does; empty is to keep it.
    on_touch: Touch | None = Field(default=None, sa_type=Choice(Touch))
    # Only what the customer says counts as a touch: "if no reply in 3 days".
    awaits_reply: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    # Since when touches count, and the time from then to `due_at` begins anew.
    armed_at: datetime | None = None
    # The touch that cleared it: when, and by which member; by the customer when by none.
    touched_at: datetime | None = None
    touched_by_id: int | None = Field(default=None, sa_type=Id)
    # When somebody is told that it is ignored, and how often that has happened.
    nudge_at: datetime | None = None
    nudges: int = Field(default=0, sa_column_kwargs={"server_default": sql("0")})


class LaterState(StrEnum):
    """Whether a message still waits for its moment, for its author's word, or is over."""

    WAITING = "waiting"
    ASKED = "asked"
    SENT = "sent"
    CANCELLED = "cancelled"


class LaterMessage(Record, table=True):
    """What a member wants one customer to be told at a moment to come, kept as wall time."""

    __tablename__ = "later_messages"
    __table_args__ = (Index("ix_later_messages_state_due_at", "state", "due_at"),)

    contact_id: int = Field(foreign_key="contacts.id", index=True, sa_type=Id)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", sa_type=Id)
    author_id: int = Field(foreign_key="members.id", index=True, sa_type=Id)
    text: str = Field(sa_type=Text)
    wall: str = Field(max_length=32)
    zone: str = Field(max_length=48)
    due_at: datetime
    state: LaterState = Field(default=LaterState.WAITING, sa_type=Choice(LaterState))
    created_at: datetime
    settled_at: datetime | None = None


class Subject(StrEnum):
    """What a message in a chat stands for."""

    TICKET = "ticket"
    INTERACTION = "interaction"
    # A post that shows several lines of a rush: the newest of them.
    JOINED = "joined"
    # A line of staff that was deleted before we heard of it: the ticket in whose thread it stood.
    DELETED = "deleted"
    # What the thread shows of an answer that is held: the interaction that it is about.
    HOLD = "hold"
    FOLLOW_UP = "follow_up"
    CAMPAIGN = "campaign"
    RECIPIENT = "recipient"
    DIGEST = "digest"
    CONTACT = "contact"
    SURVEY = "survey"
    # What is said of a sale in the channel for that.
    DEAL = "deal"
    # What the thread shows of what was understood: the interaction that it is about.
    SUGGESTION = "suggestion"
    # The last lines of a ticket, once more at the head of its new thread.
    RETOLD = "retold"
    # The card of a file of customers.
    IMPORT = "import"
    # The card of a journey.
    JOURNEY = "journey"


class Post(Record, table=True):
    """Where something of ours stands in a chat, so that it can be found, updated and answered."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("door", "chat", "message"),
        Index("ix_posts_subject_subject_id", "subject", "subject_id"),
    )

    door: str = Field(max_length=16)
    # Chat and message as the platform names them: a Telegram chat id, a Slack channel and ts.
    chat: str = Field(max_length=64)
    message: str = Field(max_length=64)
    subject: Subject = Field(sa_type=Choice(Subject))
    subject_id: int = Field(sa_type=Id)
    at: datetime
    # It was deleted, or the thread goes on elsewhere: nothing new belongs there.
    gone_at: datetime | None = None
