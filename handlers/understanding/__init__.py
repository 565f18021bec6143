"""What a text means, as far as that can be told from its words: by rules, and by what was learnt.

Nothing here knows of tickets or customers, and nothing here goes over a network.
"""

from handlers.understanding.classifier import Classifier, Proposal, train
from handlers.understanding.intents import (
    Intent,
    intents,
    is_only_thanks,
    order_numbers,
)
from handlers.understanding.matching import Match, Phrases
from handlers.understanding.needs import Wish, wish_in
from handlers.understanding.promises import Promise, asked_for, promised

__all__ = [
    "Classifier",
    "Intent",
    "Match",
    "Phrases",
    "Promise",
    "Proposal",
    "Wish",
    "asked_for",
    "intents",
    "is_only_thanks",
    "order_numbers",
    "promised",
    "train",
    "wish_in",
]
