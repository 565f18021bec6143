"""Questions about messages to many, and the one statement that freezes who gets them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, literal, update
from sqlalchemy import select as sa_select
from sqlmodel import col, func, select

from storage.columns import new_id
from storage.records import (
    Campaign,
    CampaignState,
    Consent,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Purpose,
    Recipient,
    RecipientState,
)
from storage.work import Work

# So many people a transaction: short enough for others to write in between (some 25 ms).
FREEZE_CHUNK = 20_000


def numbered(work: Work, number: int) -> Campaign | None:
    """The campaign that people call by that number."""
    return work.first(select(Campaign).where(col(Campaign.number) == number))


def running(work: Work) -> list[Campaign]:
    """Campaigns that are going out, oldest first."""
    return work.all(
        select(Campaign)
        .where(col(Campaign.state) == CampaignState.RUNNING)
        .order_by(col(Campaign.id))
    )


def recent(work: Work, limit: int = 10) -> list[Campaign]:
    """The newest campaigns."""
    return work.all(select(Campaign).order_by(col(Campaign.id).desc()).limit(limit))


def _stopped(topic: str) -> Any:
    """Contacts who said stop, to everything or to this topic, and those whom the team blocks."""
    said = select(Consent.contact_id).where(
        col(Consent.purpose) == Purpose.MARKETING,
        col(Consent.granted).is_(False),
        col(Consent.topic).in_({"", topic}),
    )
    return said.union(select(Contact.id).where(col(Contact.blocked_at).is_not(None)))


def audience_counts(work: Work, tag: str, topic: str) -> dict[str, int]:
    """How many have the tag, and of them who can be reached, has blocked us, or said stop."""
    base = (
        select(func.count(func.distinct(col(ContactTag.contact_id))))
        .select_from(ContactTag)
        .where(col(ContactTag.tag) == tag)
    )
    on_telegram = base.join(
        Identity,
        (col(Identity.contact_id) == col(ContactTag.contact_id))
        & (col(Identity.kind) == IdentityKind.TELEGRAM),
    )
    stopped = col(ContactTag.contact_id).in_(_stopped(topic))
    total = int(work.scalar(base) or 0)
    reachable = int(work.scalar(on_telegram) or 0)
    said_stop = int(work.scalar(on_telegram.where(stopped)) or 0)
    blocked = int(
        work.scalar(on_telegram.where(~stopped, col(Identity.blocked_at).is_not(None))) or 0
    )
    return {
        "total": total,
        "elsewhere": total - reachable,
        "stopped": said_stop,
        "blocked": blocked,
        "will_get": reachable - said_stop - blocked,
    }


def freeze(work: Work, campaign: Campaign, after_contact: int) -> int | None:
    """Write down the next 20,000 people of the audience; the last contact's id, or None at the end.

    One INSERT … SELECT in the database, so that a million people take no memory of ours.
    """
    wanted = (
        select(Identity.contact_id)
        .join(ContactTag, col(ContactTag.contact_id) == col(Identity.contact_id))
        .where(
            col(ContactTag.tag) == campaign.audience["tag"],
            col(Identity.kind) == IdentityKind.TELEGRAM,
            col(Identity.blocked_at).is_(None),
            col(Identity.contact_id) > after_contact,
            col(Identity.contact_id).not_in(_stopped(campaign.topic)),
        )
        .distinct()
        .order_by(col(Identity.contact_id))
        .limit(FREEZE_CHUNK)
        .subquery()
    )
    last: int | None = work.scalar(select(func.max(wanted.c.contact_id)))
    if last is None:
        return None
    # Counted on from one id of ours: nobody else makes ids for this table.
    id: Any = literal(new_id()) + func.row_number().over(order_by=wanted.c.contact_id)
    work.execute(
        insert(Recipient).from_select(
            ["id", "version", "campaign_id", "contact_id", "state"],
            sa_select(
                id,
                literal(1),
                literal(campaign.id),
                wanted.c.contact_id,
                literal(RecipientState.WAITING.value),
            ),
        )
    )
    return last


def waiting(
    work: Work, campaign: Campaign, limit: int
) -> list[tuple[Recipient, Contact, Identity]]:
    """The next people of a campaign whose message has not been queued."""
    return list(
        work.rows(
            select(Recipient, Contact, Identity)
            .join(Contact, col(Contact.id) == col(Recipient.contact_id))
            .join(
                Identity,
                (col(Identity.contact_id) == col(Contact.id))
                & (col(Identity.kind) == IdentityKind.TELEGRAM),
            )
            .where(
                col(Recipient.campaign_id) == campaign.id,
                col(Recipient.state) == RecipientState.WAITING,
            )
            .order_by(col(Recipient.id))
            .limit(limit)
        )
    )


def recipients(work: Work, ids: Collection[int]) -> list[Recipient]:
    """Recipients by id."""
    return work.all(select(Recipient).where(col(Recipient.id).in_(ids)))


def counts(work: Work, campaign: Campaign) -> dict[str, int]:
    """How many recipients are in each state."""
    rows = work.rows(
        select(Recipient.state, func.count())
        .where(col(Recipient.campaign_id) == campaign.id)
        .group_by(col(Recipient.state))
    )
    return {str(state): int(count) for state, count in rows}


def unsure(work: Work, campaign: Campaign, limit: int = 50) -> list[Contact]:
    """Whom the message may not have reached, by name."""
    return work.all(
        select(Contact)
        .join(Recipient, col(Recipient.contact_id) == col(Contact.id))
        .where(
            col(Recipient.campaign_id) == campaign.id,
            col(Recipient.state) == RecipientState.UNSURE,
        )
        .order_by(col(Contact.name))
        .limit(limit)
    )


def cancel_waiting(work: Work, campaign: Campaign) -> None:
    """Nobody who still waits will get it."""
    work.execute(
        update(Recipient)
        .where(
            col(Recipient.campaign_id) == campaign.id,
            col(Recipient.state).in_((RecipientState.WAITING, RecipientState.QUEUED)),
        )
        .values(
            state=RecipientState.CANCELLED,
            settled_at=work.now,
            version=col(Recipient.version) + 1,
        )
    )


def who_stopped(
    work: Work, contact_ids: Collection[int], topics: Collection[str]
) -> set[tuple[int, str]]:
    """Who of `contact_ids` said stop, with to which of `topics`; "" is to everything."""
    said = select(Consent.contact_id, Consent.topic).where(
        col(Consent.contact_id).in_(contact_ids),
        col(Consent.purpose) == Purpose.MARKETING,
        col(Consent.granted).is_(False),
        col(Consent.topic).in_({"", *topics}),
    )
    return {(int(id), str(topic)) for id, topic in work.rows(said)}
