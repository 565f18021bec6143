"""Finding people by what somebody typed: names with typos, phones, e-mails, tags.

Names are matched word by word: each word typed is compared with every distinct word of all names
(far fewer than names), and a contact scores the mean of its best words. The table of words is
kept per engine and made again when a contact was added or changed.
"""

import unicodedata
import weakref
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process
from sqlmodel import func, select

from storage.queries import contacts
from storage.records import Contact
from storage.work import Work

LONGEST_QUERY = 128
# Similarity (0 to 100) below which two words have nothing to do with each other.
ALIKE = 72.0
# What it is worth that a name's word starts with what was typed.
STARTS_WITH = 92.0


@dataclass(frozen=True)
class Hit:
    """Somebody found: `score` 0 to 100; `exact` when every word typed is a word of the name."""

    contact: Contact
    score: float
    why: str
    exact: bool = False


@dataclass
class _Words:
    stamp: tuple[int, int]
    # Each distinct word with the contacts that have it in their name or company.
    owners: dict[str, list[int]] = field(default_factory=dict)
    full: dict[int, str] = field(default_factory=dict)


_words: "weakref.WeakKeyDictionary[Any, _Words]" = weakref.WeakKeyDictionary()


def folded(text: str) -> str:
    """Lower case, without accents, one space between words; what names are compared as."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def words_of(text: str) -> list[str]:
    """The words that a name can be found by; a Chinese name also by its given name."""
    words = []
    for word in folded(text).replace(",", " ").split():
        words.append(word)
        if len(word) > 1 and all("\u4e00" <= c <= "\u9fff" for c in word):
            words.append(word[1:])
    return words


def _table(work: Work) -> _Words:
    stamp_of = select(func.count(), func.coalesce(func.sum(Contact.version), 0)).select_from(
        Contact
    )
    stamp: Any = next(work.rows(stamp_of))
    table = _words.get(work.engine)
    if table is None or table.stamp != stamp:
        table = _Words(stamp)
        for id, name, company in contacts.names(work):
            table.full[id] = folded(name)
            for word in {*words_of(name), *words_of(company or "")}:
                table.owners.setdefault(word, []).append(id)
        _words[work.engine] = table
    return table


def people(work: Work, query: str, limit: int = 8) -> list[Hit]:
    """Contacts that `query` may mean, best first; empty when nobody comes near."""
    query = query.strip()[:LONGEST_QUERY]
    hits = _by_address(work, query, limit)
    found = {hit.contact.id for hit in hits}
    hits += [hit for hit in _by_name(work, query, limit) if hit.contact.id not in found]
    return hits[:limit]


def _by_address(work: Work, query: str, limit: int) -> list[Hit]:
    if query.startswith("#") and len(query) > 1:
        return [Hit(c, 100, "tag") for c in contacts.tagged(work, query[1:].lower(), limit)]
    if "@" in query:
        sought = query.lower().lstrip("@")
        return [Hit(c, 100, "address") for c in contacts.with_identity_like(work, sought, limit)]
    digits = "".join(c for c in query if c.isdigit())
    if len(digits) >= 4 and not any(c.isalpha() for c in query):
        return [Hit(c, 100, "phone") for c in contacts.with_identity_like(work, digits, limit)]
    return []


def _by_name(work: Work, query: str, limit: int) -> list[Hit]:
    sought = folded(query).replace(",", " ").split()[:8]
    if not sought:
        return []
    table = _table(work)
    totals: dict[int, float] = {}
    exact: dict[int, int] = {}
    for word in sought:
        best: dict[int, float] = {}
        for known, score in _alike(table, word):
            for id in table.owners[known]:
                best[id] = max(best.get(id, 0.0), score)
        for id, score in best.items():
            totals[id] = totals.get(id, 0.0) + score
            exact[id] = exact.get(id, 0) + (score == 100)
    ranked = sorted(
        ((total / len(sought), id) for id, total in totals.items()),
        # Among equals the name nearest as a whole, then the newest.
        key=lambda pair: (
            -round(pair[0]),
            -fuzz.ratio(folded(query), table.full[pair[1]]),
            -pair[1],
        ),
    )
    ranked = [pair for pair in ranked if pair[0] >= ALIKE][:limit]
    by_id = {c.id: c for c in contacts.by_ids(work, [id for _, id in ranked])}
    return [
        Hit(by_id[id], score, "name", exact[id] == len(sought))
        for score, id in ranked
        if id in by_id
    ]


def _alike(table: _Words, word: str) -> list[tuple[str, float]]:
    """Distinct words near `word`, with how near (0 to 100)."""
    near = process.extract(
        word, table.owners.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=200
    )
    found = {known: score for known, score, _ in near}
    if len(word) > 1:
        # Some typing ends early: "le" is a good way to say "Lee".
        starting = [known for known in table.owners if known.startswith(word)][:500]
        found |= {known: max(found.get(known, 0), STARTS_WITH) for known in starting}
    if word in table.owners:
        found[word] = 100.0
    return list(found.items())
