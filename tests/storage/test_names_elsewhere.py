"""Two processes on one PostgreSQL: what one of them does to a name, the other knows at once."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from handlers.actions import merging
from storage.engine import Store
from storage.records import Contact
from storage.work import Work

THEN = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ["Anna Lee", "Greta Holm", "张三丰", "Wilhelmina Zorn", "Wilhelmina Zohrn"]
# Prints for each line that it reads the numbers of those whom it finds.
ELSEWHERE = """
import json, sys
from storage.engine import Store
from storage.queries import search
store = Store(sys.argv[1])
store.read(search.get_ready)
for line in sys.stdin:
    hits = store.read(lambda work: search.people(work, line.strip()))
    print(json.dumps([hit.contact.id for hit in hits]), flush=True)
"""
Search = Callable[[str], list[int]]


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Search]:
    """Search in another process, which has begun before anything happened."""
    other = subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asks, says = other.stdin, other.stdout
    assert asks is not None
    assert says is not None

    def search(typed: str) -> list[int]:
        asks.write(typed + "\n")
        asks.flush()
        found: list[int] = json.loads(says.readline())
        return found

    assert search("nobody at all") == []
    yield search
    asks.close()
    other.wait(timeout=30)
    says.close()


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_what_becomes_of_a_name_is_known_in_another_process(
    database_url: str, elsewhere: Search
) -> None:
    """Added, renamed, merged, that undone, erased: the very next search there says so."""
    store = Store(database_url)
    added = store.write(
        lambda work: [work.add(Contact(name=name, created_at=THEN)) for name in NAMES]
    )
    made = {contact.name: contact.id for contact in added}

    def rename(name: str, to: str, *, erased: bool = False) -> None:
        def do(work: Work) -> None:
            contact = work.sure(Contact, made[name])
            contact.name = to
            contact.erased_at = work.now if erased else None

        store.write(do)

    assert elsewhere("ana lee") == [made["Anna Lee"]]
    assert elsewhere("zhang sanfeng") == [made["张三丰"]]

    rename("Anna Lee", "Bertha Quill")
    assert elsewhere("ana lee") == []
    assert elsewhere("berta quill") == [made["Anna Lee"]]

    both = {made["Wilhelmina Zorn"], made["Wilhelmina Zohrn"]}
    assert set(elsewhere("wilhelmnia zorn")) == both
    merged = store.write(
        lambda work: merging.merge(
            work,
            work.sure(Contact, made["Wilhelmina Zorn"]),
            work.sure(Contact, made["Wilhelmina Zohrn"]),
        )
    )
    assert elsewhere("wilhelmnia zorn") == [made["Wilhelmina Zorn"]]
    store.write(lambda work: merging.undo(work, merged))
    assert set(elsewhere("wilhelmnia zorn")) == both

    rename("Greta Holm", "Erased", erased=True)
    assert elsewhere("greta holm") == []
    store.close()
