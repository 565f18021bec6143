"""What a campaign has brought: who did what after it, of those who got it and those who did not."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, func, select

from storage.records import (
    TRIED,
    Campaign,
    Direction,
    Interaction,
    Order,
    OrderKind,
    PersonalLink,
    Recipient,
    RecipientState,
    Trial,
    TrialState,
)
from storage.work import Work

# Why somebody waits who gets the better text.
BETTER = "better"
# A recipient, their letter and moment, and when they did it first.
Did = tuple[int, str | None, datetime, datetime]
# The same with an order: letter, moment, recipient, when, kind, amount, currency.
Bought = tuple[str | None, datetime, int, datetime, OrderKind, Any, str]


_OF = select(Trial).where(col(Trial.campaign_id) == bindparam("campaign"))


def of(work: Work, campaign: Campaign) -> Trial | None:
    """What is tried out with a campaign."""
    return work.first(_OF, {"campaign": campaign.id})


_TO_DECIDE = select(Trial).where(
    col(Trial.state) == TrialState.OPEN, col(Trial.decide_at) <= bindparam("now")
)


def to_decide(work: Work) -> list[Trial]:
    """Trials whose moment has come."""
    return work.all(_TO_DECIDE, {"now": work.now})


def _compared(campaign: Campaign) -> Any:
    """Those who are compared: control, and everybody whose message was on its way."""
    tried = or_(
        col(Recipient.state).in_(TRIED),
        # Blocked us: that came to light only because we wrote to them.
        and_(col(Recipient.state) == RecipientState.STOPPED, col(Recipient.edit).is_not(None)),
    )
    return and_(
        col(Recipient.campaign_id) == campaign.id,
        col(Recipient.settled_at).is_not(None),
        or_(tried, col(Recipient.state) == RecipientState.CONTROL),
    )


def replies(work: Work, campaign: Campaign, until: datetime) -> list[Did]:
    """Who has written since, with when they did so first."""
    return _first(
        work,
        campaign,
        Interaction,
        col(Interaction.direction) == Direction.IN,
        col(Interaction.at) < until,
    )


def presses(work: Work, campaign: Campaign, until: datetime) -> list[Did]:
    """Who has pressed a button with an answer."""
    name = f"campaign:{campaign.id}"
    return _first(
        work,
        campaign,
        Interaction,
        col(Interaction.origin) >= f"{name}:",
        col(Interaction.origin) < f"{name};",
        col(Interaction.at) < until,
    )


def _first(work: Work, campaign: Campaign, model: Any, *conditions: Any) -> list[Did]:
    begun = campaign.started_at or campaign.created_at
    statement = (
        select(Recipient.id, Recipient.variant, Recipient.settled_at, func.min(model.at))
        .select_from(model)
        .join(Recipient, col(Recipient.contact_id) == model.contact_id)
        .where(
            _compared(campaign),
            model.at >= begun,
            model.at >= col(Recipient.settled_at),
            *conditions,
        )
        .group_by(col(Recipient.id), col(Recipient.variant), col(Recipient.settled_at))
    )
    return list(work.rows(statement))


def clicks(work: Work, campaign: Campaign) -> list[Did]:
    """Who has opened a link, with when they did so first."""
    statement = (
        select(Recipient.id, Recipient.variant, Recipient.settled_at, PersonalLink.clicked_at)
        .join(PersonalLink, col(PersonalLink.recipient_id) == col(Recipient.id))
        .where(
            _compared(campaign),
            col(PersonalLink.campaign_id) == campaign.id,
            col(PersonalLink.clicked_at).is_not(None),
        )
    )
    return list(work.rows(statement))


def bought(work: Work, campaign: Campaign, until: datetime) -> list[Bought]:
    """What was bought and given back since, by those who are compared."""
    begun = campaign.started_at or campaign.created_at
    statement: Any = (
        select(  # type: ignore[call-overload]
            Recipient.variant,
            Recipient.settled_at,
            Recipient.id,
            Order.at,
            Order.kind,
            Order.amount,
            Order.currency,
        )
        .select_from(Order)
        .join(Recipient, col(Recipient.contact_id) == col(Order.contact_id))
        .where(
            _compared(campaign),
            col(Order.at) >= begun,
            col(Order.at) < until,
            col(Order.at) >= col(Recipient.settled_at),
        )
    )
    return list(work.rows(statement))


# Links


def link_of(work: Work, token: str) -> PersonalLink | None:
    """The link that goes by a token."""
    return work.first(select(PersonalLink).where(col(PersonalLink.token) == token))


def links_of(work: Work, recipient_ids: Collection[int]) -> dict[int, PersonalLink]:
    """The links that these recipients have already."""
    found = work.all(select(PersonalLink).where(col(PersonalLink.recipient_id).in_(recipient_ids)))
    return {each.recipient_id: each for each in found}


def held_out_and_finished(work: Work, start: datetime, end: datetime) -> list[Campaign]:
    """Campaigns that held people out and finished in that time, oldest first."""
    return work.all(
        select(Campaign)
        .join(Trial, col(Trial.campaign_id) == col(Campaign.id))
        .where(
            col(Trial.hold_out) > 0,
            col(Campaign.finished_at) >= start,
            col(Campaign.finished_at) < end,
        )
        .order_by(col(Campaign.id))
    )
