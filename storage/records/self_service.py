"""What customers decide for themselves: how they came, what they want to hear, what they think."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Json
from storage.records.record import Record


class DeepLink(Record, table=True):
    """A link into the bot that says where somebody came from: a poster, a mail, a QR code."""

    __tablename__ = "deep_links"
    __table_args__ = (UniqueConstraint("code"),)

    # What stands behind ?start= in the address.
    code: str = Field(max_length=64)
    name: str = Field(max_length=64)
    # Who looks after those who come by it.
    owner_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    tags: list[str] = Field(default_factory=list, sa_type=Json)
    # What they are greeted with, with `{field|fallback}`; empty for the usual words.
    greeting: str = Field(default="", max_length=1024)
    # How many people came by it, and how many of them were new.
    came: int = 0
    were_new: int = 0
    created_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    created_at: datetime


class Topic(Record, table=True):
    """Something that news may be about; customers choose which of them they want."""

    __tablename__ = "topics"
    __table_args__ = (UniqueConstraint("name"),)

    # As campaigns and consents call it.
    name: str = Field(max_length=64)
    # As customers read it, by language.
    titles: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    active: bool = True
    created_at: datetime


class Preference(Record, table=True):
    """When a customer does not want to be disturbed, and what they were asked once already."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("contact_id"),)

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    # Hours of the day without news, "22:00" to "08:00" by the customer's clock.
    quiet_from: str | None = Field(default=None, max_length=5)
    quiet_to: str | None = Field(default=None, max_length=5)
    # No news at all before this moment.
    quiet_until: datetime | None = None
    phone_asked_at: datetime | None = None


class Survey(Record, table=True):
    """The question how content a customer was with one request, and what they answered."""

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("ticket_id"),
        Index("ix_surveys_contact_id_asked_at", "contact_id", "asked_at"),
        Index("ix_surveys_remind_at", "remind_at"),
        Index("ix_surveys_rated_at", "rated_at"),
    )

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    ticket_id: int = Field(foreign_key="tickets.id", sa_type=Id)
    asked_at: datetime
    # When they are reminded; empty when they were, or need not be.
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    # 1 (bad) to 5 (good).
    score: int | None = None
    rated_at: datetime | None = None
    feedback_id: int | None = Field(default=None, foreign_key="feedback.id", sa_type=Id)
    # The follow-ups that a low score has become.
    follow_ups: list[int] = Field(default_factory=list, sa_type=Json)


class Erasure(Record, table=True):
    """A customer's request to be forgotten: that it was made, and how far it has been carried out.

    The records are erased at once; the long tables of what came in and went out are gone through
    bit by bit. What says who it was goes last.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_finished_at", "finished_at"),)

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    # Where they wrote from: "telegram:<bot>:<chat>"; empty once nothing is left to be erased.
    chat_key: str = Field(default="", max_length=96)
    tickets: list[int] = Field(default_factory=list, sa_type=Json)
    # What they are called by, to find where staff have typed it; empty in the end, too.
    words: list[str] = Field(default_factory=list, sa_type=Json)
    # How far the inbox, the outbox and the rows of imports have been gone through, by id.
    inbox_to: int = Field(default=0, sa_type=Id)
    outbox_to: int = Field(default=0, sa_type=Id)
    rows_to: int = Field(default=0, sa_type=Id, sa_column_kwargs={"server_default": "0"})
    # The last id that there was when it was asked for: what came later is of a new contact.
    until_id: int = Field(sa_type=Id)
    asked_at: datetime
    finished_at: datetime | None = None
