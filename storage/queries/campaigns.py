"""Questions about messages to many, and the one statement that freezes who gets them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, case, insert, literal, literal_column, or_, update
from sqlalchemy import select as sa_select
from sqlmodel import col, func, select

from storage.columns import Id, new_id
from storage.queries import tallies
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    Direction,
    Interaction,
    OutboxRow,
    OutboxState,
    Recipient,
    RecipientState,
    Subject,
)
from storage.work import Work

Answered = tuple[Interaction, Recipient]

# Why somebody is held whose own hour has not come.
LOCAL_HOUR = "hour"
# Written out, not bound: only so can the partial indexes serve.
_HELD: Any = literal_column("'held'")
_QUEUED: Any = literal_column("'queued'")
_SENDING: Any = literal_column("'sending'")


_RUNNING = (
    select(Campaign).where(col(Campaign.state) == CampaignState.RUNNING).order_by(col(Campaign.id))
)


def running(work: Work) -> list[Campaign]:
    """Campaigns that are going out, oldest first."""
    return work.all(_RUNNING)


_RECENT = (
    select(Campaign)
    .where(col(Campaign.channel).is_not(None))
    .order_by(col(Campaign.id).desc())
    .limit(bindparam("limit"))
)


def recent(work: Work, limit: int = 10) -> list[Campaign]:
    """The newest campaigns; the steps of journeys are none of themselves."""
    return work.all(_RECENT, {"limit": limit})


def numbered(work: Work, number: int) -> Campaign | None:
    """The campaign of that number; the steps of journeys are none of themselves."""
    own = col(Campaign.channel).is_not(None)
    return work.first(select(Campaign).where(col(Campaign.number) == number, own))


def freezing(
    campaign: Campaign,
    conditions: Sequence[Any],
    hours: Mapping[str | None, datetime] | None = None,
) -> Any:
    """The statement that writes down the people for whom these conditions on contacts hold.

    `hours` says from which moment on each may get it, by zone; None is for every other zone.
    One INSERT … SELECT in the database, so that a million people take no memory of ours.
    """
    # Counted on from one id of ours: nobody else makes ids for this table.
    first: Any = bindparam("first_id", type_=Id)
    id: Any = first + func.row_number().over(order_by=col(Contact.id))
    names = ["id", "version", "campaign_id", "contact_id", "state"]
    state = RecipientState.WAITING if hours is None else RecipientState.HELD
    values = [id, literal(1), literal(campaign.id), col(Contact.id), literal(state.value)]
    if hours is not None:
        names += ["due_at", "reason"]
        values += [_hour_of(hours), literal(LOCAL_HOUR)]
    within = col(Contact.id) > bindparam("after"), col(Contact.id) <= bindparam("until")
    return insert(Recipient).from_select(names, sa_select(*values).where(*within, *conditions))


def freeze(
    work: Work, campaign: Campaign, statement: Any, ids: tuple[int, int], *, local: bool = False
) -> None:
    """Write down those of the contacts after one id and up to another."""
    given = {"first_id": new_id(), "after": ids[0], "until": ids[1]}
    many = int(work.execute(statement, given).rowcount)
    state = RecipientState.HELD if local else RecipientState.WAITING
    reason = LOCAL_HOUR if local else ""
    work.tally(Recipient, (campaign.id, state, reason, "", False, 0), many)


def _hour_of(hours: Mapping[str | None, datetime]) -> Any:
    kind = Recipient.metadata.tables["recipients"].c.due_at.type
    known = [
        (col(Contact.zone) == zone, literal(moment, kind)) for zone, moment in hours.items() if zone
    ]
    other = literal(hours[None], kind)
    return case(*known, else_=other) if known else other


@lru_cache(maxsize=8)
def _anybody_in(states: tuple[RecipientState, ...]) -> Any:
    return (
        select(Recipient.id)
        .where(
            col(Recipient.campaign_id) == bindparam("campaign"),
            or_(*(col(Recipient.state) == state for state in states)),
        )
        .limit(1)
    )


def is_open(work: Work, campaign: Campaign, *states: RecipientState) -> bool:
    """Whether anybody of a campaign is in one of these states."""
    return work.scalar(_anybody_in(states), {"campaign": campaign.id}) is not None


def hour_passed_before(work: Work, campaign: Campaign, moment: datetime) -> bool:
    """Whether somebody waits for an hour of their own that lies before a moment."""
    found = select(Recipient.id).where(
        col(Recipient.campaign_id) == campaign.id,
        col(Recipient.state) == _HELD,
        col(Recipient.due_at) < moment,
        col(Recipient.reason) == LOCAL_HOUR,
    )
    return work.scalar(found.limit(1)) is not None


def recipient_of(work: Work, campaign: Campaign, contact_id: int) -> Recipient | None:
    """One person of a campaign."""
    return work.first(
        select(Recipient).where(
            col(Recipient.campaign_id) == campaign.id, col(Recipient.contact_id) == contact_id
        )
    )


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


def named(
    work: Work, campaign: Campaign, state: RecipientState, reason: str | None, limit: int = 50
) -> list[tuple[Contact, str | None]]:
    """People of a campaign in that state, for that reason or any, with the reason, by name."""
    conditions = [col(Recipient.campaign_id) == campaign.id, col(Recipient.state) == state]
    if reason is not None:
        conditions.append(col(Recipient.reason) == reason)
    return [
        (contact, why)
        for contact, why in work.rows(
            select(Contact, Recipient.reason)
            .join(Recipient, col(Recipient.contact_id) == col(Contact.id))
            .where(*conditions)
            .order_by(col(Contact.name))
            .limit(limit)
        )
    ]


def end_some(
    work: Work,
    campaign: Campaign,
    states: Collection[RecipientState],
    to: RecipientState,
    limit: int,
) -> int:
    """Put the next people in some states into their last one; how many that were."""
    ended = 0
    for state in states:
        some = (
            select(Recipient.id)
            .where(col(Recipient.campaign_id) == campaign.id, col(Recipient.state) == state)
            .limit(limit - ended)
        )
        done = work.execute(
            update(Recipient)
            .where(col(Recipient.id).in_(some.scalar_subquery()))
            .values(state=to, settled_at=work.now, version=col(Recipient.version) + 1)
            .returning(col(Recipient.reason), col(Recipient.variant), col(Recipient.edit))
        ).all()
        tallies.recipients_moved(work, [(state, *row) for row in done], campaign, to)
        ended += len(done)
        if ended >= limit:
            break
    return ended


def recent_sent(work: Work, campaign: Campaign, after: int, limit: int) -> list[Recipient]:
    """The next people who have it, or may have it, after one of them."""
    return work.all(
        select(Recipient)
        .where(
            col(Recipient.campaign_id) == campaign.id,
            col(Recipient.id) > after,
            col(Recipient.state).in_((RecipientState.SENT, RecipientState.UNSURE)),
        )
        .order_by(col(Recipient.id))
        .limit(limit)
    )


def sent_rows(work: Work, recipient_ids: Collection[int]) -> list[OutboxRow]:
    """What went to these recipients and has a name in Telegram."""
    return work.all(
        select(OutboxRow).where(
            col(OutboxRow.subject) == Subject.RECIPIENT,
            col(OutboxRow.subject_id).in_(recipient_ids),
            col(OutboxRow.verb) == "say",
            col(OutboxRow.state) == OutboxState.SENT,
            col(OutboxRow.message).is_not(None),
        )
    )


def recalled_on_the_way(work: Work, campaign: Campaign) -> int:
    """How many messages are still to be deleted."""
    waiting_rows = select(func.count()).where(
        col(OutboxRow.state).in_((_QUEUED, _SENDING)),
        col(OutboxRow.line).startswith(f"recall:{campaign.id}:"),
    )
    return int(work.scalar(waiting_rows) or 0)


# They have the message, or may have it.
_HAVE_IT = (RecipientState.SENT, RecipientState.UNSURE)
_HEARD = (
    select(Interaction, Recipient)
    .join(Recipient, col(Recipient.contact_id) == col(Interaction.contact_id))
    .where(
        col(Interaction.id) > bindparam("after"),
        col(Interaction.direction) == Direction.IN,
        col(Recipient.campaign_id) == bindparam("campaign"),
        or_(*(col(Recipient.state) == state for state in _HAVE_IT)),
        col(Recipient.answered_at).is_(None),
    )
    .order_by(col(Interaction.id))
    .limit(bindparam("limit"))
)


def heard(work: Work, campaign: Campaign, limit: int) -> list[Answered]:
    """What recipients have said since they got a campaign's message, and was not looked at."""
    after = campaign.heard_to or campaign.id
    return list(work.rows(_HEARD, {"after": after, "campaign": campaign.id, "limit": limit}))


_LATELY = (
    select(Campaign)
    .where(
        col(Campaign.started_at).is_not(None),
        or_(col(Campaign.finished_at).is_(None), col(Campaign.finished_at) > bindparam("since")),
    )
    .order_by(col(Campaign.id))
)


def lately(work: Work, since: datetime) -> list[Campaign]:
    """Campaigns that may still be answered: begun, and not over since before a moment."""
    return work.all(_LATELY, {"since": since})


_RECALLING = select(Campaign).where(col(Campaign.recalled_to).is_not(None))


def recalling(work: Work) -> list[Campaign]:
    """Campaigns whose messages are being deleted, bit by bit."""
    return work.all(_RECALLING)
