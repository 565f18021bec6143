"""What a manager may decide, with what holds until somebody does."""

from dataclasses import dataclass
from typing import Any

from handlers.actions.access import Permission, action
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
}


def policy(work: Work, key: str) -> Any:
    """What holds now."""
    row = house.policy(work, key)
    return POLICIES[key].default if row is None else row.value


def team_voice(work: Work) -> Voice:
    """How Rapport speaks where everybody listens."""
    return Voice(policy(work, "team_language"), policy(work, "team_zone"))


def voice_of(work: Work) -> Voice:
    """How Rapport speaks to whoever acts."""
    return Voice(work.actor.language, work.actor.zone)


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
    return row


def _typed(key: str, choice: Choice, value: str) -> Any:
    if choice.words and value not in choice.words:
        raise Refused("policy.words", name=key, words=", ".join(choice.words))
    if choice.between is None:
        return value
    least, most = choice.between
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Refused("policy.number", name=key, least=least, most=most)
    return int(value)
