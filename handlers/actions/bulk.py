"""Many requests at once: found by a filter, then resolved, given away or put aside together."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.actions import filing
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.owners import assign
from handlers.actions.tickets import resolve, snooze
from storage.errors import Refused
from storage.queries import desk
from storage.queries import tickets as tickets_found
from storage.queries.tickets import Filter
from storage.records import OPEN_STATUSES, Contact, Member, Priority, Ticket, TicketStatus
from storage.work import Work

# So many at once: more fit neither a message nor a hasty decision.
MOST_AT_ONCE = 100

_STATUSES: dict[str, tuple[TicketStatus, ...]] = {
    "new": (TicketStatus.NEW,),
    "新": (TicketStatus.NEW,),
    "open": OPEN_STATUSES,
    "未结": OPEN_STATUSES,
    "waiting": (TicketStatus.WAITING,),
    "等客户": (TicketStatus.WAITING,),
    "hold": (TicketStatus.ON_HOLD,),
    "snoozed": (TicketStatus.ON_HOLD,),
    "搁置": (TicketStatus.ON_HOLD,),
    "resolved": (TicketStatus.RESOLVED,),
    "已解决": (TicketStatus.RESOLVED,),
    "closed": (TicketStatus.CLOSED,),
    "已关闭": (TicketStatus.CLOSED,),
}
_MINE = frozenset({"mine", "my", "me", "我的"})
_NOBODYS = frozenset({"unassigned", "free", "nobody", "未分配", "无人"})


@dataclass(frozen=True)
class Outcome:
    """What became of many: the numbers that were done, and those that need not or could not."""

    done: tuple[int, ...]
    left: tuple[int, ...]


@action(Permission.READ)
def filter_of(
    work: Work,
    words: str,
    tags: Sequence[str] = (),
    priority: Priority | None = None,
    member: Callable[[str], Member] | None = None,
) -> Filter:
    """The filter that words such as "mine waiting billing" mean.

    `member` knows colleagues by name. Raises Refused for a word that means nothing.
    """
    wanted = Filter(tags=tuple(tag.casefold() for tag in tags), priority=priority)
    rest = re.sub(r"\bon hold\b", "hold", words, flags=re.IGNORECASE)
    for category in desk.categories(work):
        # Names of several words first: they would be taken apart below.
        found = re.search(rf"(?<!\w){re.escape(category.name)}(?!\w)", rest, re.IGNORECASE)
        if found:
            wanted = replace(wanted, category=category.name)
            rest = rest[: found.start()] + rest[found.end() :]
    for word in rest.split():
        wanted = _narrowed(work, wanted, word, member)
    return wanted


def _narrowed(
    work: Work, wanted: Filter, word: str, member: Callable[[str], Member] | None
) -> Filter:
    if word.startswith(("@", "<@")) and member is not None:
        return replace(wanted, assignee=member(word))
    word = word.casefold()
    if word in _MINE:
        return replace(wanted, assignee=me(work))
    if word in _NOBODYS:
        return replace(wanted, unassigned=True)
    if word in _STATUSES:
        return replace(wanted, statuses=_STATUSES[word])
    if word in set(Priority):
        return replace(wanted, priority=Priority(word))
    names = ", ".join(each.name for each in filing.categories(work))
    raise Refused("bulk.what" if names else "bulk.what_no_category", word=word, categories=names)


@action(Permission.READ)
def matching(work: Work, wanted: Filter) -> tuple[list[tuple[Ticket, Contact]], int]:
    """What a filter lets through with whose it is, what is due first in front, and how many.

    At most as many as may be done at once.
    """
    found = tickets_found.matching(work, wanted, MOST_AT_ONCE)
    many = len(found) == MOST_AT_ONCE
    return found, tickets_found.count_matching(work, wanted) if many else len(found)


def _each(work: Work, numbers: Sequence[int], do: Callable[[Ticket], bool]) -> Outcome:
    """Do something to each that is open; `do` says whether there was anything to do."""
    if len(numbers) > MOST_AT_ONCE:
        raise Refused("bulk.too_many", most=MOST_AT_ONCE)
    found = tickets_found.all_numbered(work, numbers)
    done = [ticket.number for ticket in found if ticket.is_open and do(ticket)]
    return Outcome(tuple(done), tuple(n for n in dict.fromkeys(numbers) if n not in done))


@action(Permission.SERVE)
def resolve_all(work: Work, numbers: Sequence[int]) -> Outcome:
    """Resolve many; those that are over already stay as they are."""

    def done(ticket: Ticket) -> bool:
        resolve(work, ticket)
        return True

    return _each(work, numbers, done)


@action(Permission.SERVE)
def assign_all(work: Work, numbers: Sequence[int], member: Member) -> Outcome:
    """Give many to one; those that they have, or that are over, stay as they are."""

    def given(ticket: Ticket) -> bool:
        if ticket.assignee_id == member.id:
            return False
        assign(work, ticket, member)
        return True

    return _each(work, numbers, given)


@action(Permission.SERVE)
def snooze_all(work: Work, numbers: Sequence[int], until: datetime | None) -> Outcome:
    """Put many aside; those that are over, or put aside until then already, stay as they are."""

    def put_aside(ticket: Ticket) -> bool:
        if ticket.status is TicketStatus.ON_HOLD and ticket.snoozed_until == until:
            return False
        snooze(work, ticket, until)
        return True

    return _each(work, numbers, put_aside)
