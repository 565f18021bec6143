"""How complete and how plausible one customer's record is, with the reasons."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from storage.records import Contact, CustomField, Identity, IdentityKind, Stage

# What a whole record has, each with its weight; what is worth most is asked for first.
WEIGHTS = {
    "reachable": 25,
    "name": 20,
    "phone": 12,
    "email": 12,
    "owner": 8,
    "company": 6,
    "birthday": 6,
    "zone": 6,
    "first_name": 5,
}
# What each field of the team's own that is required weighs.
OWN_WEIGHT = 8
STALE_AFTER = timedelta(days=365)
OLDEST = 120
# What each thing that cannot be so takes off a hundred.
FAULT_COSTS = {
    "no_birthday": 30,
    "too_old": 30,
    "phone": 30,
    "email": 20,
    "capitals": 10,
    "digits": 15,
    "stale": 10,
    "own": 20,
    "spaces": 5,
}

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_DIGITS = re.compile(r"\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_MADE_UP = re.compile(r"Telegram \d+")


@dataclass(frozen=True)
class Verdict:
    """Two scores of 100, what is missing (what is worth most first), and what cannot be so."""

    complete: int
    valid: int
    gaps: tuple[str, ...]
    faults: tuple[str, ...]


def verdict(
    contact: Contact, identities: Collection[Identity], own: list[CustomField], now: datetime
) -> Verdict:
    """How a record stands. Pure: everything that it needs is given."""
    kinds = {each.kind for each in identities if each.blocked_at is None}
    has = {
        "reachable": bool(kinds & {IdentityKind.TELEGRAM, IdentityKind.PHONE, IdentityKind.EMAIL}),
        "name": is_whole_name(contact.name),
        "phone": IdentityKind.PHONE in kinds,
        "email": IdentityKind.EMAIL in kinds,
        "owner": contact.owner_id is not None,
        "company": bool(contact.company),
        "birthday": contact.birthday is not None,
        "zone": bool(contact.zone),
        "first_name": bool(contact.first_name) or bool(_HAN.search(contact.name)),
    }
    weights = dict(WEIGHTS)
    for field in own:
        if field.required and field.retired_at is None:
            weights[f"custom.{field.key}"] = OWN_WEIGHT
            has[f"custom.{field.key}"] = contact.custom.get(field.key) is not None
    if contact.stage is Stage.FORMER:
        # Nobody need be found any more who looks after them.
        weights.pop("owner")
    whole = sum(weights.values())
    gaps = sorted((name for name in weights if not has[name]), key=lambda name: -weights[name])
    missing = sum(weights[name] for name in gaps)
    faults = tuple(_faults(contact, identities, own, now))
    # A phone and an e-mail that are missing say already that nobody can be reached.
    if "reachable" in gaps:
        gaps = [name for name in gaps if name not in ("phone", "email")]
    valid = max(0, 100 - sum(FAULT_COSTS[name.partition(":")[0]] for name in faults))
    return Verdict(round(100 * (whole - missing) / whole), valid, tuple(gaps), faults)


def is_whole_name(name: str) -> bool:
    """Whether a name is one that a person could be found by: two words, or Chinese letters."""
    if _MADE_UP.fullmatch(name):
        return False
    return len(name.split()) >= 2 or len(_HAN.findall(name)) >= 2


def _faults(
    contact: Contact, identities: Collection[Identity], own: list[CustomField], now: datetime
) -> list[str]:
    found = []
    born = contact.birthday
    if born is not None and born > now.date():
        found.append("no_birthday")
    elif born is not None and now.year - born.year > OLDEST:
        found.append("too_old")
    if any(e.kind is IdentityKind.PHONE and not _is_phone(e.value) for e in identities):
        found.append("phone")
    if any(e.kind is IdentityKind.EMAIL and not _EMAIL.fullmatch(e.value) for e in identities):
        found.append("email")
    name = contact.name
    if shouts(name):
        found.append("capitals")
    if _DIGITS.search(name) and not _MADE_UP.fullmatch(name):
        found.append("digits")
    if name != " ".join(name.split()):
        found.append("spaces")
    confirmed = max(filter(None, (contact.confirmed_at, contact.last_heard_at, contact.created_at)))
    if now - confirmed > STALE_AFTER:
        found.append("stale")
    found += [f"own:{field.key}" for field in own if not _fits(field, contact)]
    return found


def shouts(name: str) -> bool:
    """Whether a name stands in capitals, or in small letters only."""
    letters = [each for each in name if each.isalpha()]
    if len(letters) < 4 or not name.isascii():
        return False
    return name.isupper() or name.islower()


@lru_cache(maxsize=4096)
def _is_phone(value: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value))
    except phonenumbers.NumberParseException:
        return False


def _fits(field: CustomField, contact: Contact) -> bool:
    """Whether what is kept in a field of the team's own can be: it may have come by other ways."""
    held = contact.custom.get(field.key)
    if held is None or field.retired_at is not None:
        return True
    match field.kind.value:
        case "choice":
            return held in field.choices
        case "choices":
            return isinstance(held, list) and set(held) <= set(field.choices)
        case "number":
            return isinstance(held, int | float) and not isinstance(held, bool)
        case "yes_no":
            return isinstance(held, bool)
        case "money":
            return isinstance(held, dict) and "amount" in held
    return isinstance(held, str)
