"""Deals with which nothing happens: their owner hears of it once in each silence."""

from datetime import datetime, timedelta

from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.actions.policies import policy
from handlers.cards.deals import quiet_card
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import deals
from storage.records import Contact, Deal, Member, Urgency
from storage.work import Work

# Nobody is told by night: what was quiet for days can wait for the morning.
FROM_HOUR, TO_HOUR = 8, 19


@action(Permission.SYSTEM)
def alert(work: Work) -> int:
    """Tell owners of deals with which nothing has happened for so long; how many were told."""
    days = int(policy(work, "quiet_deal_days"))
    if not days:
        return 0
    told = 0
    for deal, contact, owner in deals.quiet(work, work.now - timedelta(days=days), untold=True):
        if owner.is_away(work.now) or not _is_day(work.now, owner):
            continue
        since = work.now - deal.touched_at
        card = quiet_card(Voice(owner.language, owner.zone), deal, contact, since)
        key = f"deal:{deal.id}:quiet:{work.now.isoformat()}"
        tell(work, owner, card, key=key, urgency=Urgency.REMINDER)
        deal.told_quiet_at, deal.quiet_until = work.now, None
        told += 1
    return told


def _is_day(now: datetime, owner: Member) -> bool:
    return FROM_HOUR <= now.astimezone(moments.zone_named(owner.zone)).hour < TO_HOUR


@action(Permission.READ)
def listed(work: Work, owner: Member | None = None) -> list[tuple[Deal, Contact]]:
    """Deals with which nothing has happened for so long, quietest first."""
    days = int(policy(work, "quiet_deal_days")) or 14
    found = deals.quiet(work, work.now - timedelta(days=days), owner=owner)
    return [(deal, contact) for deal, contact, _ in found]


@action(Permission.SERVE, audited=True)
def hush(work: Work, deal: Deal, until: datetime) -> Deal:
    """Hear nothing of a deal's silence until a moment; then once more, if it is still quiet."""
    if not deal.is_open:
        raise Refused("deal.over", number=deal.number)
    if until <= work.now:
        raise Refused("follow_up.past", at=until)
    deal.quiet_until, deal.told_quiet_at = until, None
    return deal
