"""What a team knows of its customers beyond the usual: fields of its own, companies, gaps."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class FieldKind(StrEnum):
    """What a field of the team's own may hold."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    LINK = "link"
    MONEY = "money"


class CustomField(Record, table=True):
    """A field that the team has added to its customers; its values stand in `Contact.custom`.

    There they are: text, a number, "2026-11-18", a word, a list of words, true or false, an
    address, {"amount": 12.5, "currency": "EUR"}.
    """

    __tablename__ = "custom_fields"
    __table_args__ = (UniqueConstraint("key"),)

    key: str = Field(max_length=32)
    # {language: words}; "" is for every language that has none of its own.
    labels: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    kind: FieldKind = Field(sa_type=Choice(FieldKind))
    choices: list[str] = Field(default_factory=list, sa_type=Json)
    required: bool = False
    # Within which bounds a number or an amount makes sense.
    least: float | None = None
    most: float | None = None
    position: int
    created_at: datetime
    # Its values are kept, but nobody is asked for it any more.
    retired_at: datetime | None = None

    def label(self, language: str) -> str:
        """What people call it."""
        found = self.labels.get(language) or self.labels.get("") or self.key
        return str(found)


class Company(Record, table=True):
    """Where customers work. `key` is the name without what may be left out: "acme"."""

    __tablename__ = "companies"
    __table_args__ = (UniqueConstraint("key"),)

    name: str = Field(max_length=256)
    key: str = Field(max_length=256)
    # It is another name of that one: they were made one, or it was renamed.
    into_id: int | None = Field(default=None, sa_type=Id)
    created_at: datetime


class GapAsk(Record, table=True):
    """One thing that the owner of a customer was asked to fill in."""

    __tablename__ = "gap_asks"
    __table_args__ = (Index("ix_gap_asks_contact_id_field", "contact_id", "field"),)

    member_id: int = Field(foreign_key="members.id", index=True, sa_type=Id)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    field: str = Field(max_length=32)
    asked_at: datetime
    answered_at: datetime | None = None
    # They do not want to be asked that again.
    hushed_at: datetime | None = None


class QualityPass(Record, table=True):
    """One count of how complete and how plausible all customers' records are.

    It goes through the contacts bit by bit (`at_id`), so that nobody waits for it.
    """

    __tablename__ = "quality_passes"

    started_at: datetime
    finished_at: datetime | None = Field(default=None, index=True)
    at_id: int = Field(default=0, sa_type=Id)
    # {"contacts": …, "complete": …, "valid": …, "gaps": {field: …}, "faults": {fault: …}}
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
