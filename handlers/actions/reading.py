"""Reading along: what was said becomes suggestions to staff, and sometimes an article.

It is done beside the conversation, some messages at a time, so that no message waits for it. The
mark of how far it has come moves in the transaction of what follows: nothing is proposed twice.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions import articles, canned, learning, needs, promises, suggestions
from handlers.actions.access import Permission, action
from handlers.actions.policies import settled
from handlers.cards import shortened
from handlers.understanding import Intent, Phrases, Proposal, intents, wish_in
from storage.columns import id_before
from storage.queries import desk, knowledge
from storage.records import (
    Article,
    CannedReply,
    Contact,
    Direction,
    Interaction,
    Priority,
    ReadingMark,
    Suggestion,
    SuggestionKind,
    Ticket,
)
from storage.work import Work

NAME = "understanding"
# What is older when its turn comes has been seen by people; so a flood is not read to its end.
TOO_OLD = timedelta(minutes=2)
# Another process may store an id a moment after a later one; SQLite has only one process.
SETTLED_AFTER = timedelta(seconds=2)


@dataclass(frozen=True)
class _Shelf:
    """What customers' words are compared with."""

    stamp: tuple[int, ...]
    articles: Phrases[int]
    canned: Phrases[int]


_shelves: WeakKeyDictionary[Any, _Shelf] = WeakKeyDictionary()


@action(Permission.SYSTEM)
def read_along(work: Work, limit: int) -> int:
    """Read what was said since the last time; how much it was."""
    mark = knowledge.mark(work, NAME)
    oldest = id_before(TOO_OLD)
    after = max(mark.last_id, oldest) if mark is not None else oldest
    until = id_before(timedelta() if work.dialect == "sqlite" else SETTLED_AFTER)
    said = knowledge.said_between(work, after, until, limit)
    if not said:
        return 0
    if mark is None:
        mark = work.add(ReadingMark(name=NAME, last_id=after))
    mark.last_id = said[-1].id
    shelf = _shelf(work)
    for each in said:
        if each.ticket_id is not None and each.deleted_at is None:
            _read(work, each, shelf)
    return len(said)


def _shelf(work: Work) -> _Shelf:
    """The phrases of all articles and canned replies, made anew when one was changed."""
    stamp = knowledge.stamp(work)
    shelf = _shelves.get(work.engine)
    if shelf is None or shelf.stamp != stamp:
        shelf = _shelves[work.engine] = _Shelf(
            stamp,
            Phrases.of({each.id: _asked(each) for each in articles.listed(work) if each.active}),
            Phrases.of({each.id: each.cues for each in canned.listed(work) if each.cues}),
        )
    return shelf


def _asked(article: Article) -> list[str]:
    return [
        phrase for page in article.pages.values() for phrase in (page["title"], *page["questions"])
    ]


def _read(work: Work, said: Interaction, shelf: _Shelf) -> None:
    ticket_id = said.ticket_id or 0
    if said.direction is not Direction.NOTE and shelf.articles:
        articles.pass_by(work, ticket_id, said.id)
    if not said.text:
        return
    by_customer = said.direction is Direction.IN
    ticket = work.sure(Ticket, ticket_id)
    offered = by_customer and _offer(work, said, ticket, shelf)
    if settled(work, "suggestions") == "off":
        return
    found = _promised(work, said)
    if by_customer:
        found += _wanted(work, said) + _filed(work, said, ticket)
        if not offered:
            found += _answered(work, said, ticket, shelf)
    if found or by_customer:
        suggestions.show(work, said, found)


def _offer(work: Work, said: Interaction, ticket: Ticket, shelf: _Shelf) -> bool:
    """Whether an article was offered that answers what was asked; not to somebody who is angry."""
    if ticket.first_answered_at is not None or settled(work, "articles") == "off":
        return False
    match = shelf.articles.best(said.text)
    if match is None or Intent.COMPLAINT in intents(said.text):
        return False
    return articles.offer(work, work.sure(Article, match.key), said, ticket) is not None


def _promised(work: Work, said: Interaction) -> list[Suggestion]:
    """A follow-up, when something was promised or asked for at some time to come."""
    kind = SuggestionKind.FOLLOW_UP
    if said.direction is not Direction.IN and said.member_id is None:
        # What Rapport itself says promises nothing.
        return []
    found = promises.promise_in(work, said)
    if found is None:
        calls = said.direction is Direction.IN and Intent.CALL_BACK in intents(said.text)
        return [suggestions.propose(work, said, kind, shortened(said.text, 200))] if calls else []
    promise, zone = found
    walls = [each.isoformat() for each in promise.walls[: promises.MOST_READINGS]]
    return [suggestions.propose(work, said, kind, promise.said, walls=walls, zone=zone)]


def _wanted(work: Work, said: Interaction) -> list[Suggestion]:
    """A need, when something is surely looked for."""
    wish = wish_in(said.text)
    if wish is None:
        return []
    need = needs.propose(work, said, wish)
    price = [str(each) for each in (wish.lowest, wish.highest) if each is not None]
    detail = {"what": wish.what, "price": price, "currency": wish.currency or ""}
    return [suggestions.propose(work, said, SuggestionKind.NEED, str(need.id), **detail)]


def _filed(work: Work, said: Interaction, ticket: Ticket) -> list[Suggestion]:
    """A category and a priority as people gave them to requests like this one."""
    if not ticket.is_open or ticket.first_answered_at is not None:
        return []
    learnt = learning.learnt(work)
    angry = Intent.COMPLAINT in intents(said.text) and ticket.priority is Priority.NORMAL
    if learnt is None and not angry:
        return []
    known = knowledge.proposed_for(work, ticket.id)
    found: list[Suggestion] = []
    if learnt is not None and ticket.category is None and SuggestionKind.CATEGORY not in known:
        proposal = learnt.category.classify(said.text)
        if proposal is not None and desk.category(work, proposal.label) is not None:
            found.append(_proposed(work, said, SuggestionKind.CATEGORY, proposal))
    if ticket.priority is Priority.NORMAL and SuggestionKind.PRIORITY not in known:
        proposal = learnt.priority.classify(said.text) if learnt is not None else None
        if proposal is not None and proposal.label != ticket.priority:
            found.append(_proposed(work, said, SuggestionKind.PRIORITY, proposal))
        elif angry:
            kind = SuggestionKind.PRIORITY
            found.append(suggestions.propose(work, said, kind, Priority.HIGH, rule="complaint"))
    return found


def _proposed(
    work: Work, said: Interaction, kind: SuggestionKind, proposal: Proposal
) -> Suggestion:
    sure = round(proposal.confidence * 100)
    reasons = list(proposal.reasons)
    return suggestions.propose(work, said, kind, proposal.label, reasons=reasons, sure=sure)


def _answered(work: Work, said: Interaction, ticket: Ticket, shelf: _Shelf) -> list[Suggestion]:
    """A canned reply, when one surely answers what was said."""
    match = shelf.canned.best(said.text) if ticket.is_open else None
    if match is None:
        return []
    chosen = work.sure(CannedReply, match.key)
    text = canned.text_for(work, chosen, work.sure(Contact, said.contact_id))
    detail = {"name": chosen.name, "preview": shortened(text, 300)}
    return [suggestions.propose(work, said, SuggestionKind.CANNED, str(chosen.id), **detail)]
