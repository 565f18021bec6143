"""Deals with which nothing happens: their owner hears of it once in each silence."""

from datetime import datetime, timedelta

from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.actions.policies import AFTERWARDS, policy
from handlers.cards.deals import quiet_card, quiet_list
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import deals
from storage.records import Contact, Deal, Member, Urgency
from storage.work import Work

# Nobody is told by night: what was quiet for days can wait for the morning.
FROM_HOUR, TO_HOUR = 8, 19


# With more at once a list is kinder than so many messages.
MOST_APART = 3
AT_A_TIME = 50


# When a deal is looked at again: that its owner was told of already, or sleeps.
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@action(Permission.SYSTEM)
def alert(work: Work) -> bool:
    """Tell owners of deals with which nothing has happened for so long; whether there are more."""
    days = int(policy(work, "quiet_deal_days"))
    if not days:
        return False
    found = deals.to_look_at(work, AT_A_TIME)
    of_owner: dict[int, list[tuple[Deal, Contact]]] = {}
    for deal in found:
        if _is_news(work, deal, timedelta(days=days)):
            contact = work.sure(Contact, deal.contact_id)
            of_owner.setdefault(deal.owner_id, []).append((deal, contact))
    for owner_id, quiet in of_owner.items():
        _tell(work, work.sure(Member, owner_id), quiet)
    return len(found) == AT_A_TIME


def _is_news(work: Work, deal: Deal, length: timedelta) -> bool:
    """Whether its owner is to be told of a silence now; and when to look at it next."""
    active_at = deals.active_at(work, deal)
    planned_at = deals.planned_at(work, deal)
    quiet_at = max(active_at + length, planned_at or active_at)
    owner = work.sure(Member, deal.owner_id)
    if quiet_at > work.now:
        deal.attention_at = quiet_at
        return False
    if not owner.active or (deal.told_quiet_at is not None and deal.told_quiet_at >= active_at):
        deal.attention_at = work.now + A_DAY
        return False
    if not _may_be_told(work.now, owner):
        deal.attention_at = work.now + AN_HOUR
        return False
    deal.told_quiet_at, deal.attention_at = work.now, work.now + A_DAY
    return True


def _may_be_told(now: datetime, owner: Member) -> bool:
    by_day = FROM_HOUR <= now.astimezone(moments.zone_named(owner.zone)).hour < TO_HOUR
    return by_day and not owner.is_away(now)


def _tell(work: Work, owner: Member, quiet: list[tuple[Deal, Contact]]) -> None:
    voice = Voice(owner.language, owner.zone)
    if len(quiet) > MOST_APART:
        key = f"member:{owner.id}:quiet:{work.now.isoformat()}"
        tell(work, owner, quiet_list(voice, quiet), key=key, urgency=Urgency.REMINDER)
        return
    for deal, contact in quiet:
        card = quiet_card(voice, deal, contact, work.now - deals.active_at(work, deal))
        key = f"deal:{deal.id}:quiet:{work.now.isoformat()}"
        tell(work, owner, card, key=key, urgency=Urgency.REMINDER)


@action(Permission.READ)
def listed(work: Work) -> list[tuple[Deal, Contact]]:
    """Deals with which nothing has happened for so long, quietest first."""
    days = int(policy(work, "quiet_deal_days")) or 14
    return deals.quiet(work, work.now - timedelta(days=days))


@action(Permission.SERVE, audited=True)
def hush(work: Work, deal: Deal, until: datetime) -> Deal:
    """Hear nothing of a deal's silence until a moment; then once more, if it is still quiet."""
    if not deal.is_open:
        raise Refused("deal.over", number=deal.number)
    if until <= work.now:
        raise Refused("follow_up.past", at=until)
    deal.attention_at, deal.told_quiet_at = until, None
    return deal


# What counts as silence is another length now.
AFTERWARDS["quiet_deal_days"] = deals.look_at_all
