"""What is tried out with a campaign: several texts, people who get nothing, links that are told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class Metric(StrEnum):
    """By what people do a text is better than another."""

    REPLY = "reply"
    CLICK = "click"
    ORDER = "order"


class TrialState(StrEnum):
    """How it was decided: one text won, none was ahead beyond chance, or too few had done it."""

    OPEN = "open"
    WON = "won"
    TIE = "tie"


class Trial(Record, table=True):
    """Which part of a campaign's people gets which text, and who gets none, to see what it brings.

    The campaign's own text is A. Everything is said before it starts, and is looked at once.
    """

    __tablename__ = "trials"
    __table_args__ = (UniqueConstraint("campaign_id"),)

    campaign_id: int = Field(foreign_key="campaigns.id", sa_type=Id)
    # {"B": {language: template}, …}
    texts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # So many percent get nothing.
    hold_out: int = 0
    # So many percent of the others get one of the texts at once, the rest after so many hours the
    # better one; without them everybody gets one of the texts.
    first: int | None = None
    hours: int | None = None
    metric: Metric = Field(default=Metric.REPLY, sa_type=Choice(Metric))
    decide_at: datetime | None = None
    state: TrialState = Field(default=TrialState.OPEN, sa_type=Choice(TrialState), index=True)
    # The letter that the rest gets, and {letter: [people, how many did it]} as it was decided.
    winner: str | None = Field(default=None, max_length=8)
    figures: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    decided_at: datetime | None = None

    @property
    def letters(self) -> tuple[str, ...]:
        """The texts, by their letters."""
        return ("A", *sorted(self.texts))

    @property
    def staged(self) -> bool:
        """Whether some wait for the better text."""
        return self.first is not None and len(self.letters) > 1


class PersonalLink(Record, table=True):
    """The way by our own door to a campaign's links, for one person: so we know it was opened.

    The token is chance and says nothing about them. No foreign key: a recipient goes when two
    people turn out to be one.
    """

    __tablename__ = "personal_links"
    __table_args__ = (UniqueConstraint("token"), UniqueConstraint("recipient_id"))

    token: str = Field(max_length=24)
    campaign_id: int = Field(foreign_key="campaigns.id", index=True, sa_type=Id)
    recipient_id: int = Field(sa_type=Id)
    clicked_at: datetime | None = None
    # The buttons that were opened, by their places.
    opened: list[int] = Field(default_factory=list, sa_type=Json)
