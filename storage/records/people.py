"""Who we know: the members of the team, the customers, how to reach them, what they agreed to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, column, text
from sqlmodel import Field

from storage.columns import Choice, CityWord, Id, Json
from storage.records.record import Record


class Role(StrEnum):
    """What a member may do: an agent serves, a manager also campaigns, an admin also sets up."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


class Member(Record, table=True):
    """Somebody of the team, known by the Slack account."""

    __tablename__ = "members"
    natural_key = ("slack_team", "slack_user")
    __table_args__ = (UniqueConstraint("slack_team", "slack_user"),)

    slack_team: str = Field(max_length=32)
    slack_user: str = Field(max_length=32)
    name: str = Field(max_length=128)
    email: str | None = Field(default=None, max_length=254)
    role: Role = Field(default=Role.AGENT, sa_type=Choice(Role))
    language: str = Field(default="en", max_length=8)
    zone: str = Field(default="UTC", max_length=48)
    # Whether 3/4 is the third of April to them; empty is as everybody has it.
    day_first: bool | None = None
    active: bool = True
    # Since when they are away, and until when; away without an end lasts until they say so.
    away_since: datetime | None = None
    away_until: datetime | None = None
    # When a request was last given to them by turns.
    last_given_at: datetime | None = None
    # When the managers were offered what they had left behind.
    work_offered_at: datetime | None = None
    created_at: datetime

    def is_away(self, moment: datetime) -> bool:
        """Whether they cannot be counted on at that moment."""
        if self.away_since is None or moment < self.away_since:
            return False
        return self.away_until is None or moment < self.away_until


class Gender(StrEnum):
    """As the customer names it; unknown is no gender at all (an empty field)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Stage(StrEnum):
    """How far a contact has come."""

    LEAD = "lead"
    CUSTOMER = "customer"
    FORMER = "former"


class Contact(Record, table=True):
    """A customer or one who may become one."""

    __tablename__ = "contacts"
    __table_args__ = (
        # Of the few who are blocked, for the audience of each campaign.
        Index(
            "ix_contacts_blocked_at",
            "blocked_at",
            sqlite_where=text("blocked_at IS NOT NULL"),
            postgresql_where=text("blocked_at IS NOT NULL"),
        ),
        Index(
            "ix_contacts_company_id",
            "company_id",
            sqlite_where=text("company_id IS NOT NULL"),
            postgresql_where=text("company_id IS NOT NULL"),
        ),
        # Where they work, first those whose company is still to be looked up.
        Index(
            "ix_contacts_company",
            "company_id",
            "company",
            sqlite_where=text("company IS NOT NULL"),
            postgresql_where=text("company IS NOT NULL"),
        ),
        Index(
            "ix_contacts_city",
            CityWord(column("custom")),
            sqlite_where=text("lower(json_extract(custom, '$.city')) IS NOT NULL"),
            postgresql_where=text("lower(custom ->> 'city') IS NOT NULL"),
        ),
        # By what people are looked for: `stage:former`, `lang:de`, `source:fair`, `age>80`, …
        Index("ix_contacts_stage", "stage"),
        Index("ix_contacts_tongue", text("lower(substr(language, 1, 2))")),
        Index(
            "ix_contacts_source",
            text("lower(source)"),
            sqlite_where=text("source IS NOT NULL"),
            postgresql_where=text("source IS NOT NULL"),
        ),
        Index(
            "ix_contacts_birthday",
            "birthday",
            sqlite_where=text("birthday IS NOT NULL"),
            postgresql_where=text("birthday IS NOT NULL"),
        ),
        Index(
            "ix_contacts_gender",
            "gender",
            sqlite_where=text("gender IS NOT NULL"),
            postgresql_where=text("gender IS NOT NULL"),
        ),
    )
    remembered = True

    name: str = Field(max_length=256, index=True)
    first_name: str | None = Field(default=None, max_length=128)
    gender: Gender | None = Field(default=None, sa_type=Choice(Gender))
    birthday: date | None = None
    company: str | None = Field(default=None, max_length=256)
    language: str = Field(default="en", max_length=8)
    # They chose it themselves: what they write in no longer changes it.
    language_chosen: bool = False
    zone: str | None = Field(default=None, max_length=48)
    source: str | None = Field(default=None, max_length=64)
    stage: Stage = Field(default=Stage.LEAD, sa_type=Choice(Stage))
    owner_id: int | None = Field(default=None, foreign_key="members.id", index=True, sa_type=Id)
    custom: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # The request that their next words belong to: the one most lately active. No foreign key,
    # since requests point at contacts already.
    ticket_id: int | None = Field(default=None, sa_type=Id)
    # Since when the team does not want to hear from them.
    blocked_at: datetime | None = None
    created_at: datetime = Field(index=True)
    last_heard_at: datetime | None = None
    # Since when their Telegram takes nothing of ours: they have blocked the bot, or are gone.
    unreachable_at: datetime | None = None
    # How many more messages have come lately than one a second: a bucket that leaks.
    rush: int = 0
    # When the team is back, as they were told when they wrote outside its hours.
    told_back_at: datetime | None = None
    # What we asked and they may answer in plain words: "comment|<id>|<until>".
    asked: str | None = Field(default=None, max_length=96)
    # When they had everything about them erased.
    erased_at: datetime | None = None
    # The company that `company` names; nothing until it has been looked up. No foreign key, since
    # SQLite would have to write the whole table anew for it.
    company_id: int | None = Field(default=None, sa_type=Id)
    # When somebody of the team last changed or confirmed what stands here.
    confirmed_at: datetime | None = None

    def greeting_name(self) -> str:
        """What a message may call them."""
        return self.first_name or self.name


class IdentityKind(StrEnum):
    """The ways to know or reach a person."""

    TELEGRAM = "telegram"
    USERNAME = "username"
    SLACK = "slack"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    # What another program calls them: "shopify:6023".
    EXTERNAL = "external"


class Identity(Record, table=True):
    """One way to reach a contact; nobody else can have the same.

    `value` is normalised: a Telegram user id, an E.164 phone, a lower-case e-mail address.
    """

    __tablename__ = "identities"
    natural_key = ("kind", "value")
    __table_args__ = (
        UniqueConstraint("kind", "value"),
        Index("ix_identities_contact_id_kind", "contact_id", "kind"),
        Index(
            "ix_identities_tail",
            "tail",
            sqlite_where=text("tail IS NOT NULL"),
            postgresql_where=text("tail IS NOT NULL"),
        ),
    )

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    kind: IdentityKind = Field(sa_type=Choice(IdentityKind))
    value: str = Field(max_length=512)
    # As it was given, for people to read: "+44 20 7946 0958", "@Anna_Lee".
    shown: str = Field(max_length=512)
    # Since when this address has refused us: a blocked bot, a dead mailbox.
    blocked_at: datetime | None = None
    # By what end it is looked up; the database itself notes it (see `storage.lookups`).
    tail: str | None = Field(default=None, max_length=64)
    created_at: datetime


class ContactTag(Record, table=True):
    """A word that the team has put on a contact, lower case, without the #."""

    __tablename__ = "contact_tags"
    __table_args__ = (UniqueConstraint("tag", "contact_id"),)

    contact_id: int = Field(foreign_key="contacts.id", index=True, sa_type=Id)
    tag: str = Field(max_length=64)


class Purpose(StrEnum):
    """What a person may agree to or object to."""

    SERVICE = "service"
    MARKETING = "marketing"
    PROFILING = "profiling"


class Consent(Record, table=True):
    """What a contact said about one purpose, the newest word for it, with its evidence.

    Service messages need no consent. For marketing, a customer who wrote to us counts as
    willing until they say stop; `granted=False` is that stop.
    """

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("contact_id", "purpose", "topic"),)

    contact_id: int = Field(foreign_key="contacts.id", sa_type=Id)
    purpose: Purpose = Field(sa_type=Choice(Purpose))
    topic: str = Field(default="", max_length=64)
    granted: bool
    channel: str = Field(max_length=24)
    # The words, button or file that says so, so that it can be shown later.
    evidence: str = Field(default="", max_length=512)
    at: datetime
