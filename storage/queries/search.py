"""Finding people by what somebody typed: names, phones, e-mails, tags, orders, and filters."""

from dataclasses import dataclass

from sqlmodel import col, select

from storage.finding import filters
from storage.finding.folding import folded, ways_to_type
from storage.finding.judging import ALIKE, judge_name
from storage.queries import contacts, segments
from storage.queries.names import names_of
from storage.records import Contact, Order
from storage.work import Work

LONGEST_QUERY = 256
LONGEST_NAME = 96
# Why somebody was found without a doubt; by a name there may be others.
SURE = frozenset({"tag", "address", "phone", "order"})


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
    text, conditions = filters.parse(query.strip()[:LONGEST_QUERY])
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


def get_ready(work: Work) -> None:
    """Load the index of names, or begin to build it, before somebody asks."""
    names_of(work).follow(work)


def _by_address(work: Work, query: str, limit: int) -> list[Hit]:
    if query.startswith("#") and len(query) > 1:
        return [Hit(c, 100, "tag") for c in contacts.tagged(work, query[1:].lower(), limit)]
    if "@" in query:
        sought = query.lower().lstrip("@")
        return [Hit(c, 100, "address") for c in contacts.with_identity_like(work, sought, limit)]
    ordered = work.first(
        select(Contact)
        .join(Order, col(Order.contact_id) == col(Contact.id))
        .where(col(Order.number) == query)
        .limit(1)
    )
    hits = [Hit(ordered, 100, "order")] if ordered is not None else []
    digits = "".join(c for c in query if c.isdigit())
    if len(digits) >= 4 and not any(c.isalpha() for c in query):
        reachable = contacts.with_identity_like(work, digits, limit)
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
    verdicts = [pair for pair in verdicts if pair[1].score >= ALIKE][:limit]
    by_id = {c.id: c for c in contacts.by_ids(work, [id for id, _ in verdicts])}
    hits = []
    for id, verdict in verdicts:
        if id in by_id:
            contact = by_id[id]
            by_own = judge_name(typed, ways_to_type(contact.name))
            # What was near is not the name: it is where they work.
            why = by_own.why if by_own.score >= verdict.score - 1 else "company"
            hits.append(Hit(contact, verdict.score, why, verdict.exact))
    return hits
