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
from storage.queries import house
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
    # The currency of amounts that are said without one.
    "currency": Choice("EUR"),
    # After so many days without anything happening a deal's owner is told; 0 is never.
    "quiet_deal_days": Choice(14, between=(0, 365)),
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
    if choice.between is None:
        return value
    least, most = choice.between
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Refused("policy.number", name=key, least=least, most=most)
    return int(value)
