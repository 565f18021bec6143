"""Finding people by what somebody typed: names, phones, e-mails, tags, orders, and filters."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.finding.folding import folded, ways_to_type
from storage.finding.judging import ALIKE, PLACES, Verdict, in_places, judge_name
from storage.queries import addresses, contacts, said, segments
from storage.queries.names import names_of
from storage.records import Contact, Interaction, Order
from storage.work import Work

LONGEST_QUERY = 256
LONGEST_NAME = 96
# So many more than asked for are read, for the order among equals.
AMONG_EQUALS = 8
# Why somebody was found without a doubt; by a name there may be others.
SURE = frozenset({"tag", "address", "phone", "order"})
# With an @, or one word with a dot inside: the end of an address.
_LIKE_AN_ADDRESS = re.compile(r"\S*@\S*|[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ORDERED = (
    select(Contact)
    .join(Order, col(Order.contact_id) == col(Contact.id))
    .where(col(Order.number) == bindparam("number"))
    .limit(1)
)


@dataclass(frozen=True)
class Hit:
    """Somebody found: `score` 0 to 100; `exact` when every word typed is a word of the name.

    `why` is one of name, sound, nickname, initials, company, tag, address, phone, order, filter.
    """

    contact: Contact
    score: float
    why: str
    exact: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether what was typed can hardly mean another."""
        return self.exact or self.why in SURE


def people(work: Work, query: str, limit: int = 8, *, patiently: bool = False) -> list[Hit]:
    """Contacts that `query` may mean, best first; empty when nobody comes near.

    `patiently` waits until the index of names is there. Raises Refused("filter.wrong").
    """
    text, conditions = segments.parse(work, plain(query))
    if conditions and not text:
        return [Hit(c, 100, "filter") for c in segments.matching(work, conditions, limit)]
    hits = _by_address(work, text, limit)
    found = {hit.contact.id for hit in hits}
    most = limit if not conditions else 20 * limit
    by_name = _by_name(work, text, most, patiently=patiently)
    hits += [hit for hit in by_name if hit.contact.id not in found]
    if conditions:
        among = [hit.contact.id for hit in hits]
        left = {c.id for c in segments.matching(work, conditions, len(among), among)}
        hits = [hit for hit in hits if hit.contact.id in left]
    return hits[:limit]


def plain(query: str) -> str:
    """What was typed as a database can be asked for it, and no more than is sensible."""
    return _UNSTORABLE.sub(" ", query[:LONGEST_QUERY]).strip()


def messages(work: Work, query: str, limit: int = 3) -> list[tuple[Interaction, Contact]]:
    """The newest messages that hold all words of `query`, with whose they are."""
    text, conditions = segments.parse(work, plain(query))
    return [] if conditions else said.holding(work, text, limit)


def is_ready(work: Work) -> bool:
    """Whether names are found by a typo already; until then only as they are written."""
    names = names_of(work)
    names.follow(work)
    return names.is_ready


def get_ready(work: Work) -> None:
    """Load the index of names, or begin to build it, before somebody asks."""
    names_of(work).follow(work)


def _by_address(work: Work, query: str, limit: int) -> list[Hit]:
    if query.startswith("#") and len(query) > 1:
        return [Hit(c, 100, "tag") for c in contacts.tagged(work, query[1:].lower(), limit)]
    if _LIKE_AN_ADDRESS.fullmatch(query):
        return [Hit(c, 100, "address") for c in addresses.with_address(work, query, limit)]
    ordered = work.first(_ORDERED, {"number": query[:64]})
    hits = [Hit(ordered, 100, "order")] if ordered is not None else []
    digits = "".join(c for c in query if c.isdecimal() and c.isascii())
    if len(digits) >= addresses.FEWEST_DIGITS and not any(c.isalpha() for c in query):
        reachable = addresses.with_phone(work, digits, limit)
        hits += [Hit(c, 100, "phone") for c in reachable if c != ordered]
    return hits


def _by_name(work: Work, query: str, limit: int, *, patiently: bool) -> list[Hit]:
    typed = folded(query[:LONGEST_NAME])
    if not typed:
        return []
    names = names_of(work)
    if patiently:
        names.follow(work)
        names.wait()
    verdicts = names.nearest(work, typed)
    if not names.is_large:
        verdicts = [pair for pair in verdicts if pair[1].score >= ALIKE]
    elif verdicts and verdicts[0][1].score >= ALIKE:
        # Nobody knows a large house by heart: the first places are filled.
        verdicts = in_places(typed, verdicts)
        behind = [pair for pair in verdicts[PLACES:] if pair[1].score >= ALIKE]
        verdicts = verdicts[:PLACES] + behind
    else:
        verdicts = []
    verdicts = verdicts[: limit + AMONG_EQUALS]
    by_id = {c.id: c for c in contacts.by_ids(work, [id for id, _ in verdicts])}
    hits: list[tuple[Hit, Verdict]] = []
    for id, verdict in verdicts:
        if id in by_id:
            contact = by_id[id]
            by_own = judge_name(typed, ways_to_type(contact.name))
            # What was near is not the name: it is where they work.
            why = by_own.why if by_own.score >= verdict.score - 1 else "company"
            hits.append((Hit(contact, verdict.score, why, verdict.exact), verdict))
    # Among equals whoever was heard of last is meant.
    hits.sort(key=_last_heard, reverse=True)
    hits.sort(key=lambda found: -round(found[0].score, 1))
    if names.is_large:
        hits = in_places(typed, hits)
    return [hit for hit, _ in hits[:limit]]


def _last_heard(found: tuple[Hit, Verdict]) -> datetime:
    hit, _ = found
    return hit.contact.last_heard_at or hit.contact.created_at
