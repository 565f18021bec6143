"""How much of what somebody types is taken at all: as the manual says it."""

from pathlib import Path

import pytest

from handlers.grammar.words import LONGEST_LINE, normal
from handlers.message import LONGEST_NAME, LONGEST_TEXT, clean, clean_name
from storage.queries.search import LONGEST_QUERY, plain

SECURITY = (Path(__file__).parents[2] / "docs" / "security.md").read_text()


def test_what_is_too_long_is_cut_where_the_manual_says() -> None:
    """A message, a typed command, a search and a name."""
    endless = "x" * 100_000
    taken = [len(cut(endless)) for cut in (clean, normal, plain, clean_name)]

    assert taken == [LONGEST_TEXT, LONGEST_LINE, LONGEST_QUERY, LONGEST_NAME]


@pytest.mark.parametrize(
    "sentence",
    [
        f"A message keeps {LONGEST_TEXT:,} characters at the most",
        f"a typed command {LONGEST_LINE:,}, a search {LONGEST_QUERY}.",
        f"Names are one line of at most {LONGEST_NAME} characters",
    ],
)
def test_the_manual_names_the_limits_of_the_code(sentence: str) -> None:
    """Whoever changes one finds the other here."""
    assert sentence in SECURITY
