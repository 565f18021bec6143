"""A typed line becomes a verb and typed values: people, tickets, moments, tags, and the rest.

Forgiving: curly quotes, commas and the order of "tomorrow 3pm" and the text are all fine. What is
ambiguous is never guessed: `Ambiguous` carries the candidates, and the line to run for each.
"""

from handlers.grammar.moments import readings_of
from handlers.grammar.people import member_called, the_one
from handlers.grammar.reading import fits, likeliest, read
from handlers.grammar.usage import usage_of, verb_of
from handlers.grammar.values import About, Ambiguous, Context, Manner, Tags, Unclear
from handlers.grammar.words import LARGEST_ID, first_word, normal, numbers_in

__all__ = [
    "LARGEST_ID",
    "About",
    "Ambiguous",
    "Context",
    "Manner",
    "Tags",
    "Unclear",
    "first_word",
    "fits",
    "likeliest",
    "member_called",
    "normal",
    "numbers_in",
    "read",
    "readings_of",
    "the_one",
    "usage_of",
    "verb_of",
]
