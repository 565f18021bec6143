"""Deals: opened, changed, given to colleagues, and looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from handlers.actions import follow_ups, pipelines
from handlers.actions.access import Permission, action
from handlers.actions.deal_history import step, write_down
from handlers.actions.deal_moves import announce, move, must_be_kept
from handlers.actions.members import me
from handlers.actions.outgoing import tell
from handlers.actions.policies import policy, team_voice
from handlers.amounts import Amount, in_units
from handlers.cards.deals import Column, deal_line
from handlers.cards.lines import shortened
from handlers.message import Reply, Text
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import deals, house
from storage.queries.deals import Sums
from storage.records import (
    Contact,
    Deal,
    DealStage,
    DealState,
    FollowUp,
    Member,
    Pipeline,
    Urgency,
)
from storage.work import Work

LONGEST = 256
MOST_PRODUCTS = 20


@dataclass(frozen=True)
class Terms:
    """All that may be said about a deal; nothing of it is known of many."""

    title: str
    amount: Amount | None = None
    close_on: date | None = None
    stage: DealStage | None = None
    owner: Member | None = None
    probability: int | None = None
    next_step: str = ""
    products: tuple[str, ...] = ()


# Finding


@action(Permission.READ)
def numbered(work: Work, number: int) -> Deal:
    """The deal of that number. Raises Refused("deal.unknown")."""
    deal = deals.numbered(work, number)
    if deal is None:
        raise Refused("deal.unknown", number=number)
    return deal


@action(Permission.READ)
def newest(work: Work, state: DealState) -> tuple[Sums, list[tuple[Deal, Contact]]]:
    """What was won or lost: the sums of all of it, and the newest."""
    return deals.sums(work, state), deals.listed(work, state)


@action(Permission.READ)
def columns(
    work: Work,
    *,
    owner: Member | None = None,
    pipeline: Pipeline | None = None,
    stage: DealStage | None = None,
) -> list[tuple[Pipeline, list[Column]]]:
    """Pipelines in which something is open, with their stages: sums, and what closes first."""
    totals = deals.totals(work, owner=owner, stage=stage)
    if not totals:
        return []
    found = []
    for way in pipelines.ways(work):
        if pipeline is not None and way.pipeline.id != pipeline.id:
            continue
        filled = [
            Column(
                each,
                totals.get(each.id, []),
                deals.listed(work, owner=owner, stage=each) if each.id in totals else [],
            )
            for each in way.stages
        ]
        if any(column.sums for column in filled):
            found.append((way.pipeline, filled))
    return found


# Opening


@action(Permission.SERVE, audited=True)
def open_deal(work: Work, contact: Contact, terms: Terms) -> Deal:
    """Write down that something may be sold to a contact. Raises Refused without a title."""
    title = shortened(terms.title, LONGEST)
    if not title:
        raise Refused("deal.no_title")
    stage = terms.stage or _first_stage(work)
    deal = work.add(
        Deal(
            number=house.next_number(work, "deal"),
            contact_id=contact.id,
            owner_id=(terms.owner or me(work)).id,
            pipeline_id=stage.pipeline_id,
            stage_id=stage.id,
            title=title,
            amount=_units(work, terms.amount),
            currency=_currency(work, terms.amount),
            probability=terms.probability,
            close_on=terms.close_on,
            next_step=shortened(terms.next_step, LONGEST) or None,
            products=_products(terms.products),
            opened_at=work.now,
            stage_since=work.now,
            touched_at=work.now,
            attention_at=work.now + timedelta(days=1),
        )
    )
    step(work, deal, "opened", stage_id=stage.id)
    write_down(work, deal, "deal.noted_opened")
    return deal


def _first_stage(work: Work) -> DealStage:
    """The first stage of the first pipeline that has one."""
    return next(stage for way in pipelines.ways(work) for stage in way.stages)


def _currency(work: Work, amount: Amount | None) -> str:
    return (amount.currency if amount else None) or str(policy(work, "currency"))


def _units(work: Work, amount: Amount | None) -> int | None:
    return None if amount is None else in_units(amount.value, _currency(work, amount))


def _products(names: tuple[str, ...]) -> list[str]:
    found = (shortened(name, 128) for name in names)
    return list(dict.fromkeys(filter(None, found)))[:MOST_PRODUCTS]


# Changing


@action(Permission.SERVE, audited=True)
def change(work: Work, deal: Deal, terms: Terms) -> list[str]:
    """Have a deal be as said; the names of what is different now."""
    title = shortened(terms.title, LONGEST)
    if not title:
        raise Refused("deal.no_title")
    must_be_kept(deal)
    voice = team_voice(work)
    wanted: dict[str, Any] = {
        "title": title,
        "close_on": terms.close_on,
        "probability": terms.probability,
        "next_step": shortened(terms.next_step, LONGEST) or None,
        "products": _products(terms.products),
    }
    changed = [name for name, value in wanted.items() if getattr(deal, name) != value]
    for name in changed:
        before = getattr(deal, name)
        setattr(deal, name, wanted[name])
        step(work, deal, name, _shown(voice, before), _shown(voice, wanted[name]))
    changed += _reprice(work, deal, terms.amount)
    if terms.owner is not None and give(work, deal, terms.owner):
        changed.append("owner")
    if terms.stage is not None and deal.is_open:
        probability = deal.probability
        if move(work, deal, terms.stage) is not None:
            changed.append("stage")
            if "probability" in changed:
                deal.probability = probability
    if deal.state is DealState.WON and changed:
        announce(work, deal)
    return changed


def _shown(voice: Voice, value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(value) or None
    return None if value is None else str(value)


def _reprice(work: Work, deal: Deal, amount: Amount | None) -> list[str]:
    voice = team_voice(work)
    # Without a currency it keeps its own: only the number was changed.
    currency = (amount.currency if amount else None) or deal.currency
    units = None if amount is None else in_units(amount.value, currency)
    if (units, currency) == (deal.amount, deal.currency):
        return []
    before = None if deal.amount is None else voice.money(deal.amount, deal.currency)
    after = None if units is None else voice.money(units, currency)
    deal.amount, deal.currency = units, currency
    step(work, deal, "amount", before, after)
    return ["amount"]


@action(Permission.SERVE, audited=True)
def give(work: Work, deal: Deal, member: Member) -> bool:
    """Have a colleague look after a deal; they are told. False when they do already."""
    if deal.owner_id == member.id:
        return False
    hand_to(work, deal, member)
    by = work.actor.member
    if by is None or by.id != member.id:
        voice = Voice(member.language, member.zone)
        contact = work.sure(Contact, deal.contact_id)
        words = Text(voice.words("deal.yours_now", name=by.name if by else "Rapport"))
        reply = Reply((words, deal_line(voice, deal, contact)))
        key = f"deal:{deal.id}:owner:{new_id()}"
        tell(work, member, reply, key=key, urgency=Urgency.SERVICE)
    return True


def hand_to(work: Work, deal: Deal, member: Member) -> None:
    """It is theirs from now on."""
    before = work.sure(Member, deal.owner_id)
    deal.owner_id = member.id
    step(work, deal, "owner", before.name, member.name)


@action(Permission.SERVE, audited=True)
def follow_up(
    work: Work, deal: Deal, wall: datetime, text: str, rule: str | None = None
) -> FollowUp:
    """Set a follow-up about a deal for whoever asks, at a wall time of their own zone."""
    contact = work.sure(Contact, deal.contact_id)
    made = follow_ups.remind(work, contact, wall, text, rule)
    made.deal_id = deal.id
    return made
