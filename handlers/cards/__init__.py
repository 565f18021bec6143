"""What records look like in a chat: pure functions from records to parts of a reply."""

from handlers.cards.campaigns import campaign_card
from handlers.cards.contacts import Profile, contact_card
from handlers.cards.digests import Day, Digest, digest_card
from handlers.cards.follow_ups import follow_up_line, handed, reminder
from handlers.cards.knowledge import (
    article_card,
    article_line,
    canned_card,
    canned_line,
    macro_line,
    macro_steps,
)
from handlers.cards.lines import shortened
from handlers.cards.orders import order_line
from handlers.cards.satisfaction import (
    Opinions,
    Scores,
    face,
    opinions_card,
    rating_buttons,
    score_words,
)
from handlers.cards.suggestions import suggestion_parts
from handlers.cards.ticket_history import history_card
from handlers.cards.tickets import linked_ticket, ticket_card, ticket_line
from handlers.cards.timeline import timeline_words

__all__ = [
    "Day",
    "Digest",
    "Opinions",
    "Profile",
    "Scores",
    "article_card",
    "article_line",
    "campaign_card",
    "canned_card",
    "canned_line",
    "contact_card",
    "digest_card",
    "face",
    "follow_up_line",
    "handed",
    "history_card",
    "linked_ticket",
    "macro_line",
    "macro_steps",
    "opinions_card",
    "order_line",
    "rating_buttons",
    "reminder",
    "score_words",
    "shortened",
    "suggestion_parts",
    "ticket_card",
    "ticket_line",
    "timeline_words",
]
