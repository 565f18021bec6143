"""Where people live: by which clock a customer does, and in which country the house is."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from handlers.actions.access import Permission, action
from handlers.actions.policies import policy
from storage.queries import contacts
from storage.records import Contact, Identity, IdentityKind
from storage.work import Work


@action(Permission.READ)
def clock_of(work: Work, contact: Contact) -> str:
    """The zone of a customer's "their time"; the team's as long as nothing tells it."""
    if contact.zone:
        return contact.zone
    likely = zone_of_phone(contacts.identities_of(work, contact), work.now)
    return likely or str(policy(work, "team_zone"))


@action(Permission.READ)
def home_region(work: Work) -> str | None:
    """The country of phones that are written without one."""
    chosen = str(policy(work, "phone_region"))
    if chosen != "auto":
        return chosen
    from babel.core import get_global

    found = get_global("zone_territories").get(str(policy(work, "team_zone")), "")
    return found if len(found) == 2 and found.isalpha() else None


def zone_of_phone(identities: Iterable[Identity], now: datetime) -> str | None:
    """The zone of the country of their phone, when it has the same time everywhere."""
    phones = [each.value for each in identities if each.kind is IdentityKind.PHONE]
    if not phones:
        return None
    import phonenumbers

    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(phones[0]))
    except phonenumbers.NumberParseException:
        return None
    zones = _zones_of(region or "")
    times = {now.astimezone(ZoneInfo(each)).utcoffset() for each in zones}
    return zones[0] if len(times) == 1 else None


@lru_cache(maxsize=512)
def _zones_of(region: str) -> list[str]:
    """The zones of a country, those that are called after a city."""
    from babel.core import get_global

    territories = get_global("zone_territories")
    known = available_timezones()
    return sorted(z for z, of in territories.items() if of == region and "/" in z and z in known)
