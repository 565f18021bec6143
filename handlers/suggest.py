""" "Did you mean …?" for what people type."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

# Twelve typos of twelve come out above it, and rubbish below 0.4 (WRatio likes "x" for "export").
ALIKE = 0.6


def nearest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """The known words that `word` is most probably meant to be, best first; empty if none is."""
    found = process.extract(
        word.casefold()[:64],
        list(known),
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=ALIKE,
        limit=limit,
    )
    return [name for name, _, _ in found]
