"""A process that is killed while it reminds of what is due: each of them is said once."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from handlers.actions.reminding import EACH, LIST, MANY
from storage import schema
from storage.engine import Store
from storage.records import FollowUp, FollowUpState, Member, OutboxRow
from storage.work import Clock, Work

DUE_AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
DUE = 100
Lives = subprocess.Popen[str]

# Of each line that it reads it makes a child, at once since all is imported already. The child
# reminds of a few at a time, and says so after each of its commits.
PROCESS = """
import os
import sys
from handlers.actions.reminding import remind_of_due
from storage.engine import Store

for _ in sys.stdin:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        print("gone", flush=True)
        continue
    print(os.getpid(), flush=True)
    store = Store(sys.argv[1])
    more = True
    while more:
        more = store.write(lambda work: remind_of_due(work, 3))
        print(more, flush=True)
    os._exit(0)
"""


@pytest.fixture
def process(database_url: str) -> Iterator[Lives]:
    """What makes children that remind."""
    command = [sys.executable, "-c", PROCESS, database_url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("seed", [1, 2])
def test_each_is_said_once_however_often_the_process_is_killed(
    database_url: str, process: Lives, seed: int
) -> None:
    """A hundred are due at one instant, some owners have one and some have many."""
    dice = random.Random(seed)
    store = Store(database_url, Clock(DUE_AT - timedelta(hours=1)))
    schema.upgrade(store.engine)
    store.write(lambda work: remember(work, dice))
    store.close()

    kills = 0
    while not reminds(process, dice.randrange(4, 20)):
        kills += 1

    store = Store(database_url)
    said, listed, owed = store.read(found)
    store.close()
    assert kills > 1
    assert not owed["open"]
    for owner, count in owed.items():
        # Each by itself once, or on a list of its owner's.
        assert owner == "open" or said[owner] + listed[owner] == count, owner


def reminds(process: Lives, steps: int) -> bool:
    """A life that ends by a kill after so many commits; whether it was done before."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    child, is_done = int(process.stdout.readline()), False
    for commits, line in enumerate(process.stdout, 1):
        if line.strip() == "gone":
            return is_done
        is_done = line.strip() == "False"
        if commits == steps and not is_done:
            os.kill(child, signal.SIGKILL)
    raise AssertionError("the process that makes them is gone")


def remember(work: Work, dice: random.Random) -> None:
    """Forty members, of whom a few have most of what is due."""
    owners = [
        work.add(Member(slack_team="T", slack_user=f"U{number}", name="M", created_at=work.now)).id
        for number in range(40)
    ]
    for _ in range(DUE):
        work.add(
            FollowUp(
                owner_id=dice.choice(owners if dice.random() < 0.4 else owners[:3]),
                text="call back",
                wall=DUE_AT.replace(tzinfo=None).isoformat(timespec="minutes"),
                zone="UTC",
                due_at=DUE_AT,
                armed_at=work.now,
                created_at=work.now,
            )
        )


def found(work: Work) -> tuple[Counter[object], Counter[object], Counter[object]]:
    """By owner: how many are said each by itself, how many on lists, and how many there are."""
    owed: Counter[object] = Counter()
    said: Counter[object] = Counter()
    listed: Counter[object] = Counter()
    lists: dict[int, datetime] = {}
    rows = work.all(select(OutboxRow).order_by(col(OutboxRow.id)))
    apart = Counter(row.subject_id for row in rows if EACH in row.payload)
    assert all(count == 1 for count in apart.values())
    for row in rows:
        if LIST in row.payload:
            owner = row.payload[LIST]
            # The first of them has not gone, so what is due afterwards is on it too.
            assert owner not in lists
            lists[owner] = datetime.fromisoformat(row.payload["since"])
    for each in work.all(select(FollowUp)):
        owed["open"] += each.state is FollowUpState.OPEN
        owed[each.owner_id] += 1
        said[each.owner_id] += apart[each.id]
        since = lists.get(each.owner_id)
        on_it = since is not None and each.reminded_at is not None and each.reminded_at >= since
        listed[each.owner_id] += on_it
    assert any(count >= MANY for count in listed.values())
    return said, listed, owed
