"""What customers buy, look at, look for and think."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Numeric, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record

Money = Numeric(18, 4)


class Product(Record, table=True):
    """Something we sell."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("sku"),)

    sku: str = Field(max_length=64)
    name: str = Field(max_length=256)
    category: str | None = Field(default=None, max_length=64)
    price: Decimal | None = Field(default=None, sa_type=Money)
    currency: str | None = Field(default=None, max_length=3)
    active: bool = True
    created_at: datetime


class OrderKind(StrEnum):
    """Which way goods and money went."""

    PURCHASE = "purchase"
    REFUND = "refund"
    RETURN = "return"


class Order(Record, table=True):
    """One transaction of a contact; the sum of its lines is its amount, in one currency."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_orders_contact_id_at", "contact_id", "at"),
    )

    number: str = Field(max_length=64)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    kind: OrderKind = Field(default=OrderKind.PURCHASE, sa_type=Choice(OrderKind))
    status: str = Field(default="placed", max_length=24)
    payment_method: str | None = Field(default=None, max_length=32)
    amount: Decimal = Field(sa_type=Money)
    currency: str = Field(max_length=3)
    # The order that a refund or a return gives back.
    refunds_id: int | None = Field(default=None, foreign_key="orders.id", sa_type=Id)
    at: datetime = Field(index=True)


class OrderLine(Record, table=True):
    """One position of an order."""

    __tablename__ = "order_lines"

    order_id: int = Field(foreign_key="orders.id", index=True, sa_type=Id)
    product_id: int | None = Field(default=None, foreign_key="products.id", sa_type=Id)
    description: str = Field(max_length=256)
    quantity: Decimal = Field(sa_type=Money)
    unit_price: Decimal = Field(sa_type=Money)
    amount: Decimal = Field(sa_type=Money)


class Behaviour(StrEnum):
    """What a contact did with a product."""

    VIEW = "view"
    PURCHASE = "purchase"
    REVIEW = "review"


class BehaviourEvent(Record, table=True):
    """One view, purchase or review."""

    __tablename__ = "behaviour_events"
    __table_args__ = (Index("ix_behaviour_events_contact_id_at", "contact_id", "at"),)

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    product_id: int | None = Field(default=None, foreign_key="products.id", sa_type=Id)
    kind: Behaviour = Field(sa_type=Choice(Behaviour))
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    at: datetime


class Need(Record, table=True):
    """What a contact looks for, in which price range, and where they said so."""

    __tablename__ = "needs"

    contact_id: int = Field(foreign_key="contacts.id", index=True, sa_type=Id)
    interaction_id: int | None = Field(default=None, foreign_key="interactions.id", sa_type=Id)
    what: str = Field(max_length=512)
    lowest_price: Decimal | None = Field(default=None, sa_type=Money)
    highest_price: Decimal | None = Field(default=None, sa_type=Money)
    currency: str | None = Field(default=None, max_length=3)
    state: str = Field(default="open", max_length=24, index=True)
    created_at: datetime
    # What was offered for it, and when it last became something else. No foreign key: a column that
    # came later cannot have one everywhere.
    product_id: int | None = Field(default=None, sa_type=Id)
    changed_at: datetime | None = None


class FeedbackKind(StrEnum):
    """How the opinion was asked for."""

    CSAT = "csat"
    NPS = "nps"
    SUGGESTION = "suggestion"
    REVIEW = "review"


class Feedback(Record, table=True):
    """What a contact thinks: a score (CSAT 1 to 5, NPS 0 to 10), words, or both."""

    __tablename__ = "feedback"

    contact_id: int = Field(foreign_key="contacts.id", index=True, sa_type=Id)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", sa_type=Id)
    interaction_id: int | None = Field(default=None, foreign_key="interactions.id", sa_type=Id)
    kind: FeedbackKind = Field(sa_type=Choice(FeedbackKind))
    score: int | None = None
    text: str = Field(default="", sa_type=Text)
    at: datetime = Field(index=True)
    # What a review is about.
    product_id: int | None = Field(default=None, sa_type=Id)
