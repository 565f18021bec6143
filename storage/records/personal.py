"""The Telegram accounts of people that the bot answers for: their connections to it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.records.record import Record


class BusinessConnection(Record, table=True):
    """One connection of somebody's own Telegram account to the bot, as Telegram last told it.

    Who ends it and begins again has another one; in chats it is the owner who counts.
    """

    __tablename__ = "business_connections"
    __table_args__ = (
        UniqueConstraint("connection"),
        Index("ix_business_connections_owner", "owner"),
    )

    connection: str = Field(max_length=255)
    # The Telegram id of whose account it is, and what they are called.
    owner: str = Field(max_length=32)
    name: str = Field(max_length=256)
    # Whether the owner lets us write in their chats.
    may_reply: bool
    since: datetime
    ended_at: datetime | None = None
    # Since when an admin does not want to hear what is said there.
    refused_at: datetime | None = None
