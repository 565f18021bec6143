"""What customers have spent, kept beside their orders, and how they compare with each other."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class CustomerTotal(Record, table=True):
    """What a contact's orders in one currency come to: always equal to a recount of them.

    Amounts are in the currency's smallest unit. What is cancelled counts nowhere.
    """

    __tablename__ = "customer_totals"
    natural_key = ("contact_id", "currency")
    __table_args__ = (
        UniqueConstraint("contact_id", "currency"),
        # For the best customers of a currency, and for those who spent more than so much.
        Index("ix_customer_totals_currency_spent", "currency", "spent"),
    )

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    currency: str = Field(max_length=3)
    # How many purchases.
    orders: int = 0
    # What they paid, less what they got back.
    spent: int = Field(default=0, sa_type=BigInteger)
    # What they got back.
    refunded: int = Field(default=0, sa_type=BigInteger)
    first_at: datetime
    last_at: datetime


class CutState(StrEnum):
    """How far the cuts of a currency are."""

    # Going through the customers to see where the fifths begin.
    MEASURING = "measuring"
    # Going through them once more to see who belongs where.
    COUNTING = "counting"
    HOLDS = "holds"


class RfmCuts(Record, table=True):
    """Where the fifths of a currency's customers begin: four cuts each for three questions.

    A score is one more than the number of cuts that a value lies above. The cuts are the 20th,
    40th, 60th and 80th percentile of the customers with an order: of the day of the last order
    (UTC), of the number of orders, and of what was spent, of which three digits are looked at. Who
    is equal has the same score, the lower one when they lie across a cut.
    """

    __tablename__ = "rfm_cuts"

    currency: str = Field(max_length=3, index=True)
    state: CutState = Field(default=CutState.MEASURING, sa_type=Choice(CutState))
    # While it is measured: how often each value was seen, {"day": {...}, "orders": …, "spent": …}.
    seen: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # The last day, number and amount of each fifth but the best: days as ISO dates.
    recency: list[str] = Field(default_factory=list, sa_type=Json)
    frequency: list[int] = Field(default_factory=list, sa_type=Json)
    money: list[int] = Field(default_factory=list, sa_type=Json)
    customers: int = 0
    # The last total that has been counted; those behind it count once we get there.
    counted_to: int = Field(default=0, sa_type=Id)
    at: datetime

    def cell_of(self, last_at: datetime, orders: int, spent: int) -> int:
        """The three scores as one number, 111 (worst) to 555 (best)."""
        day = last_at.date().isoformat()
        recent = 1 + sum(day > cut for cut in self.recency)
        frequent = 1 + sum(orders > cut for cut in self.frequency)
        worth = 1 + sum(spent > cut for cut in self.money)
        return 100 * recent + 10 * frequent + worth

    def days_of(self, score: int) -> tuple[date | None, date | None]:
        """The first and the last day of a last order that has this score; None for no bound."""
        cuts = [date.fromisoformat(cut) for cut in self.recency]
        first = cuts[score - 2] + timedelta(days=1) if score > 1 else None
        return first, (cuts[score - 1] if score <= len(cuts) else None)


class RfmCell(Record, table=True):
    """How many customers have the same three scores, and what they have spent."""

    __tablename__ = "rfm_cells"
    __table_args__ = (UniqueConstraint("cuts_id", "cell"),)

    cuts_id: int = Field(foreign_key="rfm_cuts.id", sa_type=Id)
    # 111 to 555.
    cell: int
    customers: int = 0
    spent: int = Field(default=0, sa_type=BigInteger)


class OrderEvent(Record, table=True):
    """One step in an order's history."""

    __tablename__ = "order_events"

    order_id: int = Field(foreign_key="orders.id", index=True, sa_type=Id)
    at: datetime
    member_id: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    what: str = Field(max_length=24)
    before: str = Field(default="", sa_type=Text)
    after: str = Field(default="", sa_type=Text)


class NpsQuestion(Record, table=True):
    """The question how likely somebody would recommend us, and what they answered."""

    __tablename__ = "nps_questions"
    __table_args__ = (Index("ix_nps_questions_contact_id_asked_at", "contact_id", "asked_at"),)

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    asked_at: datetime = Field(index=True)
    # 0 (never) to 10 (certainly).
    score: int | None = None
    answered_at: datetime | None = Field(default=None, index=True)
    feedback_id: int | None = Field(default=None, foreign_key="feedback.id", sa_type=Id)
