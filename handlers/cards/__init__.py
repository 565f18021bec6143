"""What records look like in a chat: pure functions from records to parts of a reply."""

from handlers.cards.campaigns import campaign_card
from handlers.cards.contacts import Profile, contact_card
from handlers.cards.digests import Day, Digest, digest_card
from handlers.cards.follow_ups import follow_up_line, reminder
from handlers.cards.lines import shortened
from handlers.cards.tickets import ticket_card, ticket_line
from handlers.cards.timeline import timeline_words

__all__ = [
    "Day",
    "Digest",
    "Profile",
    "campaign_card",
    "contact_card",
    "digest_card",
    "follow_up_line",
    "reminder",
    "shortened",
    "ticket_card",
    "ticket_line",
    "timeline_words",
]
