"""What the team writes once for many: canned replies, macros, articles; and what is proposed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class CannedReply(Record, table=True):
    """An answer that is given often; a text for each language: {"en": "Hello {first_name}"}."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=48)
    texts: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    # What customers write when this is the answer.
    cues: list[str] = Field(default_factory=list, sa_type=Json)
    used: int = 0
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class Macro(Record, table=True):
    """Several steps under one name: a list of [what, with what], ["reply", "refund"]."""

    __tablename__ = "macros"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=48)
    steps: list[list[str]] = Field(default_factory=list, sa_type=Json)
    used: int = 0
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class Article(Record, table=True):
    """A short text that answers a question, by language: {"en": {title, questions, text}}."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("number"),)

    number: int = Field(sa_type=Integer)
    pages: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=Json)
    active: bool = True
    offered: int = 0
    helped: int = 0
    did_not_help: int = 0
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class KnowledgeKind(StrEnum):
    """What the team writes once for many."""

    CANNED = "canned"
    MACRO = "macro"
    ARTICLE = "article"


class KnowledgeVersion(Record, table=True):
    """What one of these said before it was changed or removed."""

    __tablename__ = "knowledge_versions"
    __table_args__ = (Index("ix_knowledge_versions_kind_of_id", "kind", "of_id"),)

    kind: KnowledgeKind = Field(sa_type=Choice(KnowledgeKind))
    of_id: int = Field(sa_type=Id)
    name: str = Field(max_length=256)
    was: Any = Field(default=None, sa_type=Json, nullable=True)
    until: datetime
    changed_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class OfferState(StrEnum):
    """What became of an article that was offered."""

    OFFERED = "offered"
    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    # The customer wrote on, or somebody of the team answered.
    PASSED = "passed"
    # No button was pressed in time.
    UNANSWERED = "unanswered"


class ArticleOffer(Record, table=True):
    """An article shown to a customer who seemed to ask for it."""

    __tablename__ = "article_offers"
    __table_args__ = (
        UniqueConstraint("interaction_id"),
        Index("ix_article_offers_state_until", "state", "until"),
    )

    article_id: int = Field(foreign_key="articles.id", sa_type=Id)
    ticket_id: int = Field(foreign_key="tickets.id", index=True, sa_type=Id)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    interaction_id: int = Field(foreign_key="interactions.id", sa_type=Id)
    state: OfferState = Field(default=OfferState.OFFERED, sa_type=Choice(OfferState))
    at: datetime
    # Until when an answer is waited for before people are asked.
    until: datetime
    settled_at: datetime | None = None


class SuggestionKind(StrEnum):
    """What was understood and is proposed to staff."""

    CATEGORY = "category"
    PRIORITY = "priority"
    CANNED = "canned"
    NEED = "need"
    FOLLOW_UP = "follow_up"


class SuggestionState(StrEnum):
    """Whether a suggestion waits for somebody, was taken or was refused."""

    OPEN = "open"
    TAKEN = "taken"
    REFUSED = "refused"


class Suggestion(Record, table=True):
    """Something understood from what was said; never done before somebody says yes."""

    __tablename__ = "suggestions"
    __table_args__ = (UniqueConstraint("interaction_id", "kind"),)

    kind: SuggestionKind = Field(sa_type=Choice(SuggestionKind))
    interaction_id: int = Field(foreign_key="interactions.id", sa_type=Id)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True, sa_type=Id)
    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    # The category or priority, the canned reply's or need's id, the words of a follow-up.
    value: str = Field(max_length=256)
    # Wall times that a follow-up may mean, the likeliest first, and their zone.
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: SuggestionState = Field(default=SuggestionState.OPEN, sa_type=Choice(SuggestionState))
    at: datetime
    settled_at: datetime | None = None
    settled_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)


class ReadingMark(Record, table=True):
    """How far somebody who reads along has come: the id of the last interaction read."""

    __tablename__ = "reading_marks"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=32)
    last_id: int = Field(sa_type=Id)
