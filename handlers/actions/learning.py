"""How earlier requests were filed: learnt beside the work, and kept in memory only."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions.access import Permission, action
from handlers.understanding import Classifier, train
from handlers.understanding.classifier import MOST_EXAMPLES
from storage.queries import knowledge
from storage.work import Work

# What was filed since is learnt so much later, at the latest at the next start.
LEARNS_EVERY = timedelta(minutes=1)
# So few are read at a time that a customer's message, which may come in behind, hardly waits.
READ_AT_A_TIME = 100
# What a customer writes first may be no more than a greeting, and teaches nothing.
SHORTEST = 8


@dataclass(frozen=True)
class Learnt:
    """What is known of categories and of priorities."""

    category: Classifier
    priority: Classifier


@dataclass
class _School:
    looked_at: datetime | None = None
    # What has been read so far, by request; None when nothing is being read.
    read: dict[int, knowledge.Filed] | None = None
    # What the last examples were, so that nothing is learnt twice.
    stamp: int = 0
    learnt: Learnt | None = None
    learning: "Future[Learnt] | None" = field(default=None)


_schools: WeakKeyDictionary[Any, _School] = WeakKeyDictionary()
# One at a time, and never in the thread that writes: a customer's message must not wait for it.
_beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="learning")


@action(Permission.SYSTEM)
def learn(work: Work) -> bool:
    """Look whether more was filed and begin to learn from it; True while there is more to read."""
    school = _schools.setdefault(work.engine, _School())
    if school.learning is not None:
        if not school.learning.done():
            return False
        school.learnt, school.learning = school.learning.result(), None
    if school.read is None:
        if school.looked_at is not None and abs(work.now - school.looked_at) < LEARNS_EVERY:
            return False
        school.looked_at, school.read = work.now, {}
    found = knowledge.filed(work, READ_AT_A_TIME, min(school.read, default=None))
    # By request, so that a transaction that is done again adds nothing twice.
    school.read |= found
    if len(found) == READ_AT_A_TIME and len(school.read) < MOST_EXAMPLES:
        return True
    examples = [each for each in school.read.values() if len(each[0]) >= SHORTEST]
    school.read = None
    _begin(school, examples)
    return False


def _begin(school: _School, examples: list[knowledge.Filed]) -> None:
    stamp = hash(tuple(examples))
    if stamp != school.stamp:
        school.stamp = stamp
        school.learning = _beside.submit(_learn, examples)


def _learn(examples: list[knowledge.Filed]) -> Learnt:
    return Learnt(
        category=train((text, category) for text, category, _ in examples if category),
        priority=train((text, priority) for text, _, priority in examples),
    )


@action(Permission.SYSTEM)
def learnt(work: Work) -> Learnt | None:
    """What is known by now; None before anything was learnt."""
    school = _schools.get(work.engine)
    return school.learnt if school is not None else None
