"""Who is in the book twice: how right the verdicts are, and what a look at the whole book costs.

`f1` is of whole records and `names_f1` of names alone, both with the weights as they are and on
people that were never used to fit them; beside them `linear_f1`, a logistic regression trained on
half of the very same set (how alike each field is, by Jaro-Winkler), and `wratio_f1`, rapidfuzz's
WRatio at the threshold that is best for this set. `pass_seconds` is a look at so many `people`,
`rss_mb` what the memory grew by while it was going on.
"""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from sqlalchemy import insert

from benchmarks.made_names import Maker
from benchmarks.made_people import MadePeople
from storage import schema
from storage.doubles.judging import LIKELY, judge
from storage.doubles.person import Person
from storage.engine import connect
from storage.queries.sweeping import Sweep
from storage.records import Contact, Identity
from storage.work import table_of

# Never used to fit anything.
SEED = 7_411
PEOPLE = 1_000_000
PAIRS = 6000
PROPOSED = 0.8
PAGE = 20_000
# One in so many is there twice.
TWICE = 50


async def measure(people: int = PEOPLE) -> dict[str, Any]:
    """`f1`, `linear_f1`, `names_f1`, `wratio_f1`, `pass_seconds`, `rss_mb`, `found`, `recall`."""
    return {**rightness(), **a_pass(people)}


def rightness(pairs: int = PAIRS) -> dict[str, float]:
    """How right the verdicts are, beside what is usually taken."""
    made = MadePeople(SEED)
    records = list(made.pairs(pairs))
    is_same = np.array([same for *_, same in records])
    ours = np.array([judge(a, b).score >= LIKELY for a, b, _ in records])
    names = made.name_pairs(pairs)
    named = np.array([same for *_, same in names])
    by_name = np.array(
        [judge(Person(names=(a,)), Person(names=(b,))).score >= LIKELY for a, b, _ in names]
    )
    ratios = np.array([fuzz.WRatio(a, b) for a, b, _ in names])
    half = pairs // 2
    return {
        "f1": f1(ours[half:], is_same[half:]),
        "linear_f1": f1(_linear(records, is_same, half), is_same[half:]),
        "names_f1": f1(by_name, named),
        "wratio_f1": max(f1(ratios >= least, named) for least in range(40, 101)),
    }


def f1(said: Any, true: Any) -> float:
    """The harmonic mean of precision and recall."""
    right = int((said & true).sum())
    return round(2 * right / max(1, int(said.sum()) + int(true.sum())), 4)


def _linear(records: list[tuple[Person, Person, bool]], is_same: Any, half: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    told = np.array([_features(a, b) for a, b, _ in records])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(told[:half], is_same[:half])
    return model.predict(told[half:])


def _features(a: Person, b: Person) -> list[float]:
    found: list[float] = []
    for read in _FIELDS:
        one, other = read(a), read(b)
        there = bool(one and other)
        found += [JaroWinkler.similarity(one, other) if there else 0.0, float(there)]
        found.append(float(there and one == other))
    return found


_FIELDS: tuple[Callable[[Person], str], ...] = (
    lambda p: " ".join(p.names).lower(),
    lambda p: "".join(p.phones),
    lambda p: "".join(p.emails),
    lambda p: str(p.birthday or "").replace("-", ""),
    lambda p: "".join(p.addresses),
    lambda p: (p.company or "").lower(),
    lambda p: "".join(p.ids),
)


# The whole book


def a_pass(people: int) -> dict[str, Any]:
    """A look at so many contacts, a fiftieth of them there twice."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rapport.db'}"
        twice = fill(url, people)
        sweep = Sweep(partial(connect, url), datetime.now(UTC), PROPOSED, rest=0.0)
        before, began = _rss(), time.perf_counter()
        sweep.start()
        found: set[tuple[int, int]] = set()
        most = before
        while not (sweep.is_over and sweep.found.empty()):
            time.sleep(0.01)
            most = max(most, _rss())
            while not sweep.found.empty():
                first, second, _ = sweep.found.get()
                found.add((first, second))
        seconds = time.perf_counter() - began
    assert not sweep.is_broken
    return {
        "pass_people": sweep.contacts,
        "pass_seconds": round(seconds, 1),
        "pass_pairs": sweep.pairs,
        "rss_mb": round(most - before, 1),
        "found": len(found),
        "recall": round(len(found & twice) / max(1, len(twice)), 4),
    }


def _rss() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def fill(url: str, people: int) -> set[tuple[int, int]]:
    """A book of so many people; the pairs of those who are there twice."""
    engine = connect(url, "BEGIN IMMEDIATE")
    schema.upgrade(engine)
    names = Maker(SEED).names(people)
    made, dice = MadePeople(SEED), random.Random(SEED)
    twice: set[tuple[int, int]] = set()
    now = datetime.now(UTC)
    former = _Entry("", "", "", None)
    with engine.connect() as connection, connection.begin():
        for part in _parts(range(1, people + 1), PAGE):
            contacts, identities = [], []
            for id in part:
                entry = _entry(names[id - 1], id, dice)
                if id % TWICE == 0:
                    entry = _again(former, entry, made, dice)
                    twice.add((id - 1, id))
                former = entry
                contact = Contact(id=id, name=entry.name, birthday=entry.birthday, created_at=now)
                contacts.append(contact.content())
                if entry.email:
                    identities.append(_identity(2 * id, id, "email", entry.email, now))
                if entry.phone:
                    identities.append(_identity(2 * id + 1, id, "phone", entry.phone, now))
            connection.execute(insert(table_of(Contact)), contacts)
            connection.execute(insert(table_of(Identity)), identities)
    engine.dispose()
    return twice


class _Entry(NamedTuple):
    name: str
    email: str
    phone: str
    birthday: date | None


def _entry(name: str, id: int, dice: random.Random) -> _Entry:
    letters = "".join(dice.choices("abcdefghiklmnoprstuvwy", k=6))
    birthday = date(1940, 1, 1) + timedelta(days=dice.randrange(25_000))
    return _Entry(
        name, f"{letters}{id}@a.test", f"+49{dice.randrange(10**9, 10**10)}{id}", birthday
    )


def _again(one: _Entry, other: _Entry, made: MadePeople, dice: random.Random) -> _Entry:
    """The same person once more: one thing of theirs as it was, and mostly the name otherwise."""
    name = one.name if dice.random() < 0.3 else made.same_name(one.name) or one.name
    form = dice.random()
    if form < 0.4:
        # No number is there twice letter for letter; this one was noted with the zero before it.
        phone = one.phone.replace("+49", "+490", 1)
        return _Entry(name, other.email if form < 0.2 else "", phone, None)
    if form < 0.8:
        box, _, _ = one.email.partition("@")
        return _Entry(name, f"{box}@b.test", other.phone if form < 0.6 else "", None)
    return _Entry(name, "", "", one.birthday)


def _identity(id: int, contact: int, kind: str, value: str, now: datetime) -> dict[str, Any]:
    return {
        "id": id,
        "version": 1,
        "contact_id": contact,
        "kind": kind,
        "value": value,
        "shown": value,
        "blocked_at": None,
        "created_at": now,
    }


def _parts(ids: range, size: int) -> Iterable[range]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
