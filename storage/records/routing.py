"""Which requests have a channel of their own in Slack, and which channels are shut to us."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.columns import Id
from storage.records.record import Record


class Route(Record, table=True):
    """Where the threads of a category stand; the one called "default" is for all the others."""

    __tablename__ = "routes"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=64)
    # The channel as Slack calls it, or "#name" when only its name is known.
    channel: str = Field(max_length=96)
    # As people call it.
    shown: str = Field(max_length=96)
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class ShutChannel(Record, table=True):
    """A channel in which we can no longer write: the team has been told, once."""

    __tablename__ = "shut_channels"
    __table_args__ = (UniqueConstraint("channel"),)

    channel: str = Field(max_length=96)
    # Slack's word for it: "is_archived", "not_in_channel", "channel_not_found".
    why: str = Field(max_length=64)
    since: datetime
