"""What a manager may decide, with what holds until somebody does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions import moments
from handlers.actions.access import Permission, action
from handlers.amounts import is_currency
from handlers.texts import LANGUAGES, Voice
from storage.errors import Refused
from storage.queries import house, spending
from storage.records import Policy
from storage.work import Work


@dataclass(frozen=True)
class Choice:
    """One thing to decide: what holds by default, and the words that are possible."""

    default: Any
    words: tuple[str, ...] = ()
    # For a whole number: the least and the most.
    between: tuple[int, int] | None = None


POLICIES: dict[str, Choice] = {
    # The language of what everybody sees: cards and notes in the channels.
    "team_language": Choice("en", tuple(LANGUAGES)),
    "team_zone": Choice("UTC"),
    # Whether a new request is answered by a line of ours at once.
    "receipt": Choice("on", ("on", "off")),
    # Whether what goes to customers by itself (receipts, surveys, away messages) goes to those of
    # somebody's own Telegram account, too.
    "personal_notices": Choice("off", ("on", "off")),
    # Whether a customer who writes outside the hours hears when somebody is back.
    "away_message": Choice("on", ("on", "off")),
    # At so many percent of the promised time the assignee is warned.
    "sla_warning": Choice(75, between=(10, 95)),
    # Whether customers are asked how content they were, when a request is resolved.
    "csat": Choice("on", ("on", "off")),
    # After so many hours without an answer they are reminded, once; 0 is never.
    "csat_reminder_hours": Choice(24, between=(0, 168)),
    # Nobody is asked again within so many days; 0 asks each time.
    "csat_every_days": Choice(7, between=(0, 365)),
    # What plain text in a thread does: it goes to the customer, or stays inside. A channel may have
    # a rule of its own (`/crm lane`).
    "lane": Choice("customer", ("customer", "internal")),
    # Whether what is written in threads can go out at all; `alerts` only shows tickets. A channel
    # may have a rule of its own (`/crm threads`).
    "threads": Choice("two_way", ("two_way", "alerts")),
    # For so many seconds an answer can be taken back before it leaves.
    "hold_seconds": Choice(5, between=(0, 60)),
    # When the customer has said something during the hold: ask the author, or send all the same.
    "overtaken": Choice("ask", ("ask", "send")),
    # Which way emoji that are put on a message go: both ways, only to the team, or nowhere.
    "reactions": Choice("both", ("both", "inward", "off")),
    # For so many days a resolved request opens again when its customer writes; 0 is never.
    "reopen_days": Choice(7, between=(0, 90)),
    # After so many days a resolved request is closed by itself.
    "close_days": Choice(14, between=(1, 365)),
    # Who gets a new request: whoever takes it, the members in turn, or who has the fewest.
    "assignment": Choice("off", ("off", "round_robin", "least_busy")),
    # Whether articles are offered to customers, and for how long an answer is waited for.
    "articles": Choice("on", ("on", "off")),
    "article_minutes": Choice(5, between=(1, 120)),
    # Whether the thread shows what was understood: categories, needs, promises, canned replies.
    "suggestions": Choice("on", ("on", "off")),
    # What becomes of a follow-up when its customer and the team are in touch before it is due.
    "follow_up_touch": Choice("clear", ("clear", "re-arm", "keep")),
    # So many hours after a reminder that nobody looked after it is said again, and after as many
    # more to the managers; 0 is never.
    "follow_up_nudge_hours": Choice(24, between=(0, 720)),
    # Whether 3/4 is the third of April or the fourth of March, for members who did not say.
    "date_order": Choice("day_first", ("day_first", "month_first")),
    # Campaigns: to everybody who wrote to us and did not say stop, or only to those who said yes.
    "campaign_consent": Choice("willing", ("willing", "explicit")),
    # So many of them at the most for one person in so many days; 0 is as many as there are.
    "campaign_cap": Choice(0, between=(0, 100)),
    "campaign_cap_days": Choice(7, between=(1, 90)),
    # None between these hours of each recipient's clock: 21:00-09:00.
    "campaign_quiet": Choice("off"),
    # They wait for people with an open request, or only an urgent one; who wrote within so many
    # hours, was not content within so many days, or is to be called within so many days.
    "campaign_tickets": Choice("open", ("open", "angry", "off")),
    "campaign_wrote_hours": Choice(2, between=(0, 168)),
    "campaign_score_days": Choice(14, between=(0, 365)),
    "campaign_promised_days": Choice(2, between=(0, 60)),
    # For so many days a campaign waits for people who cannot have it yet.
    "campaign_days": Choice(7, between=(1, 90)),
    # Above so many people the number has to be typed; above so many a second person has to agree.
    "campaign_typed_above": Choice(1000, between=(0, 100_000_000)),
    "campaign_second_above": Choice(10_000, between=(0, 100_000_000)),
    # What is said within so many days after a campaign's message counts as an answer to it.
    "campaign_answer_days": Choice(3, between=(0, 60)),
    # An order within so many days after a campaign's message is counted with it.
    "campaign_order_days": Choice(7, between=(1, 90)),
    # The country of phones that are written without one: "DE"; auto is that of the team's zone.
    "phone_region": Choice("auto"),
    # The currency of amounts that are said without one.
    "currency": Choice(spending.HOUSE_CURRENCY),
    # The ways to pay that an order may name.
    "payment_methods": Choice("card, cash, bank transfer, PayPal, invoice"),
    # What loyalty tiers go by, and from how much of it on: spent (in the house currency) or orders.
    "tier_by": Choice(spending.TIER_BY, ("spent", "orders")),
    "tier_bronze": Choice(spending.TIERS["bronze"], between=(0, 1_000_000_000)),
    "tier_silver": Choice(spending.TIERS["silver"], between=(0, 1_000_000_000)),
    "tier_gold": Choice(spending.TIERS["gold"], between=(0, 1_000_000_000)),
    # So many days after their first order customers are asked whether they would recommend us; 0 is
    # never.
    "nps_days": Choice(0, between=(0, 365)),
    # After so many days without anything happening a deal's owner is told; 0 is never.
    "quiet_deal_days": Choice(14, between=(0, 365)),
    # Whether owners are asked, once a week at the most, for one thing that a record lacks.
    "gap_questions": Choice("weekly", ("weekly", "off")),
    # The channel in which every sale is told; off is nowhere.
    "win_channel": Choice("off"),
    # On so many closed deals a stage's share of won ones has to rest to be called one.
    "forecast_least": Choice(10, between=(1, 1000)),
    # A customer who writes one of these begins a new request with what comes behind it.
    "new_ticket_words": Choice("new ticket, new request, 新工单, 新问题"),
}


def policy(work: Work, key: str) -> Any:
    """What holds now."""
    row = house.policy(work, key)
    return POLICIES[key].default if row is None else row.value


# What was read lately, for what each message asks; another process's change counts soon after.
_KEEPS = timedelta(seconds=5)
_kept: WeakKeyDictionary[Any, dict[str, tuple[datetime, Any]]] = WeakKeyDictionary()


def settled(work: Work, key: str, channel: str = "") -> Any:
    """What held a moment ago, without asking the database each time."""
    kept = _kept.setdefault(work.engine, {})
    name = f"{key}:{channel}"
    known = kept.get(name)
    if known is None or not work.now - _KEEPS < known[0] <= work.now:
        value = policy_in(work, key, channel) if channel else policy(work, key)
        known = kept[name] = (work.now, value)
    return known[1]


def policy_in(work: Work, key: str, channel: str) -> Any:
    """What holds in a channel: what was decided for it, or else for all of them."""
    row = house.policy(work, f"{key}:{channel}")
    return policy(work, key) if row is None else row.value


@action(Permission.CAMPAIGN, audited=True)
def set_policy_in(work: Work, key: str, channel: str, value: str | None) -> None:
    """Decide something for one channel; None: as in all the others."""
    row = house.policy(work, f"{key}:{channel}")
    _kept.pop(work.engine, None)
    if value is None:
        if row is not None:
            work.delete(row)
        return
    typed = _typed(key, POLICIES[key], value)
    if row is None:
        row = work.add(Policy(key=f"{key}:{channel}", value=typed, changed_at=work.now))
    row.value, row.changed_at = typed, work.now
    row.changed_by = work.actor.member.id if work.actor.member else None


def team_voice(work: Work) -> Voice:
    """How Rapport speaks where everybody listens."""
    return Voice(policy(work, "team_language"), policy(work, "team_zone"))


def voice_of(work: Work) -> Voice:
    """How Rapport speaks to whoever acts."""
    return Voice(work.actor.language, work.actor.zone)


def day_first(work: Work) -> bool:
    """Whether 3/4 is the third of April to whoever acts: by their own word, or as everybody's."""
    own = work.actor.member.day_first if work.actor.member is not None else None
    return policy(work, "date_order") == "day_first" if own is None else own


# What follows from another value, by the policy's name: other rules add theirs.
AFTERWARDS: dict[str, Callable[[Work], None]] = {}


@action(Permission.CAMPAIGN, audited=True)
def set_policy(work: Work, key: str, value: str) -> Policy:
    """Decide something. Raises Refused when there is no such policy or no such word."""
    choice = POLICIES.get(key)
    if choice is None:
        raise Refused("policy.unknown", name=key, keys=", ".join(sorted(POLICIES)))
    typed = _typed(key, choice, value)
    row = house.policy(work, key)
    if row is None:
        row = work.add(Policy(key=key, value=typed, changed_at=work.now))
    row.value, row.changed_at = typed, work.now
    row.changed_by = work.actor.member.id if work.actor.member else None
    _kept.pop(work.engine, None)
    if key in AFTERWARDS:
        AFTERWARDS[key](work)
    return row


def _typed(key: str, choice: Choice, value: str) -> Any:
    if choice.words and value not in choice.words:
        raise Refused("policy.words", name=key, words=", ".join(choice.words))
    if key.endswith("_zone"):
        return moments.zone_named(value).key
    if key == "currency":
        code = value.upper()
        if not is_currency(code):
            raise Refused("deal.no_currency", text=value[:16])
        return code
    if key == "phone_region":
        return _region(value)
    if choice.between is None:
        return value
    least, most = choice.between
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Refused("policy.number", name=key, least=least, most=most)
    return int(value)


def _region(value: str) -> str:
    """A country's code, or auto. Raises Refused("policy.region")."""
    import phonenumbers

    if value.casefold() == "auto":
        return "auto"
    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise Refused("policy.region", name=value[:16])
    return value.upper()
