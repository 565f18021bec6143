"""Writing down who gets a campaign: beside one bare INSERT … SELECT, and how long others wait."""

import resource
import time
from dataclasses import dataclass
from typing import Any

from benchmarks import house
from handlers.actions import audiences, campaigns, feeding
from storage.engine import Store
from storage.queries import audiences as found
from storage.queries import campaigns as queries
from storage.queries import tallies
from storage.queries.house import next_number
from storage.records import (
    Campaign,
    CampaignState,
    Consent,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Member,
    Purpose,
    Role,
)
from storage.work import Actor, Work

PEOPLE = 1_000_000
AT_ONCE = 20_000
FILTER = "tag:vip -tag:staff lang:en"


def measure(people: int = PEOPLE) -> dict[str, Any]:
    """`freeze_ratio` in seconds of the processor, `longest_lock_ms`, `freeze_s`, memory.

    `longest_lock_work_ms` is without what other programs take of the machine, and the commit.
    """
    with house.store() as store:
        mia = fill(store, people)
        actor = Actor(name="Mia", member=mia)
        ours, bare = (store.write(lambda work: drafted(work, mia)) for _ in range(2))
        before = memory()
        spent, took, locks = in_pieces(store, ours)
        grown = memory() - before
        bare_spent, bare_took = at_once(store, bare, actor)
        counted = store.read(lambda work: tallies.by_state(work, work.sure(Campaign, ours)))
    return {
        "frozen": sum(counted.values()),
        "freeze_ratio": round(spent / bare_spent, 2),
        "freeze_ratio_wall": round(took / bare_took, 2),
        "freeze_s": round(took, 2),
        "longest_lock_ms": round(locks.seen * 1000, 1),
        "longest_lock_work_ms": round(locks.worked * 1000, 1),
        "freeze_memory_mb": round(grown / 1024, 1),
    }


def memory() -> int:
    """The most that this process has ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@dataclass
class Locks:
    """The longest lock: as whoever asks for it sees it, and what of it was its own work."""

    seen: float = 0.0
    worked: float = 0.0


def in_pieces(store: Store, id: int) -> tuple[float, float, Locks]:
    """Frozen as it is in earnest: seconds of the processor and of the clock, and the locks."""
    locks = Locks()

    def some(work: Work) -> bool:
        begun = time.thread_time()
        more = feeding.freeze_more(work, work.sure(Campaign, id))
        locks.worked = max(locks.worked, time.thread_time() - begun)
        return more

    spent, begun = time.process_time(), time.monotonic()
    more = True
    while more:
        at = time.monotonic()
        more = store.write(some)
        locks.seen = max(locks.seen, time.monotonic() - at)
    return time.process_time() - spent, time.monotonic() - begun, locks


def at_once(store: Store, id: int, actor: Actor) -> tuple[float, float]:
    """The same people by one statement."""

    def freeze(work: Work) -> None:
        campaign = work.sure(Campaign, id)
        wanted, unwanted = audiences.filters_of(work, campaign)
        checks = audiences.checks_of(work, campaign)
        everybody = (0, found.until(work, 0, 100_000_000) or 0)
        statement = queries.freezing(campaign, found.who(work, checks, wanted, unwanted))
        queries.freeze(work, campaign, statement, everybody)

    spent, begun = time.process_time(), time.monotonic()
    store.write(freeze, actor)
    return time.process_time() - spent, time.monotonic() - begun


def drafted(work: Work, mia: Member) -> int:
    """A campaign that is going out."""
    made = work.add(
        Campaign(
            number=next_number(work, "campaign"),
            texts={"": "Hello"},
            audience={"filter": FILTER, "except": ""},
            state=CampaignState.RUNNING,
            created_by=mia.id,
            created_at=work.now,
            started_at=work.now,
        )
    )
    campaigns.set_going(work, made)
    return made.id


def fill(store: Store, people: int) -> Member:
    """A house of so many people, of whom a few have said stop or are of the staff."""

    def some(work: Work, begin: int, end: int) -> None:
        for number in range(begin, end):
            contact = work.add(Contact(name=f"Person {number}", created_at=work.now))
            work.add(ContactTag(contact_id=contact.id, tag="vip"))
            if number % 50 == 0:
                work.add(ContactTag(contact_id=contact.id, tag="staff"))
            if number % 20 == 1:
                stop = Consent(
                    contact_id=contact.id,
                    purpose=Purpose.MARKETING,
                    granted=False,
                    channel="telegram",
                    at=work.now,
                )
                work.add(stop)
            value = str(1_000_000 + number)
            work.add(
                Identity(
                    contact_id=contact.id,
                    kind=IdentityKind.TELEGRAM,
                    value=value,
                    shown=value,
                    created_at=work.now,
                )
            )

    for begin in range(0, people, AT_ONCE):
        end = min(people, begin + AT_ONCE)
        store.write(lambda work, begin=begin, end=end: some(work, begin, end))  # type: ignore[misc]
    return store.write(
        lambda work: work.add(
            Member(
                slack_team="T",
                slack_user="U",
                name="Mia",
                role=Role.MANAGER,
                created_at=work.now,
            )
        )
    )
