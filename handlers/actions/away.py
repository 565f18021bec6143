"""Outside the hours a customer hears, once, when somebody is back."""

from datetime import datetime

from handlers.actions import business_hours
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import say_to_customer
from handlers.actions.policies import settled
from handlers.hours import Hours
from handlers.message import Reply, Text
from handlers.texts import Voice
from storage.columns import new_id
from storage.records import Contact, Identity, Ticket
from storage.work import Work


@action(Permission.ANYONE)
def tell(work: Work, contact: Contact, identity: Identity, ticket: Ticket | None) -> bool:
    """Say when somebody is back, once for each time that nobody is there; whether it was said."""
    hours = business_hours.hours_of(work, ticket.channel if ticket else None)
    # The ordinary case first: it is asked with each message, and all of it is at hand.
    if hours.is_open(work.now) or _knows(contact, work.now):
        return False
    back = hours.next_opening(work.now)
    if back is None or settled(work, "away_message") == "off":
        return False
    contact.told_back_at = back
    words = _words(contact, hours, back, ticket)
    key = f"away:{contact.id}:{back.isoformat()}:{new_id()}"
    say_to_customer(work, identity, Reply((Text(words),)), key=key)
    return True


def _knows(contact: Contact, now: datetime) -> bool:
    return contact.told_back_at is not None and now < contact.told_back_at


def _words(
    contact: Contact, hours: Hours, back: datetime, ticket: Ticket | None
) -> tuple[tuple[str, str], ...]:
    """By the customer's own clock where it is known, else by the team's, and saying whose."""
    key = "away.received" if ticket is not None else "away.hello"
    number = ticket.number if ticket is not None else 0
    if contact.zone:
        return Voice(contact.language, contact.zone).words(key, number=number, at=back, zone="")
    voice = Voice(contact.language, hours.zone.key)
    city = hours.zone.key.rpartition("/")[2].replace("_", " ")
    zone = voice.say("away.zone", zone=city)
    return voice.words(key, number=number, at=back, zone=zone)


def team_is_there(work: Work, contact: Contact, ticket: Ticket) -> None:
    """Somebody has answered outside the hours: that nobody is there would be odd to hear now."""
    hours = business_hours.hours_of(work, ticket.channel)
    if not hours.is_open(work.now) and not _knows(contact, work.now):
        contact.told_back_at = hours.next_opening(work.now)
