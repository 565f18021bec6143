"""The index of names follows the database, on both kinds of it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import Store
from storage.finding.folding import folded
from storage.queries.names import Names, forget_the_erased
from storage.records import Contact, Erasure
from storage.work import Clock, Work

THEN = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ["Anna Lee", "张三", "José Núñez", "Robert Smith", "Иван Петров", "Greta Holm"]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


class HandClock(Clock):
    """Says what it is set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """What it was set to."""
        return self.at


def add(store: Store, *names: str) -> list[Contact]:
    return store.write(
        lambda work: [work.add(Contact(name=name, created_at=THEN)) for name in names]
    )


def change(store: Store, contact: Contact, name: str | None) -> None:
    def do(work: Work) -> None:
        found = work.sure(Contact, contact.id)
        if name is None:
            work.delete(found)
        else:
            found.name = name

    store.write(do)


def best(store: Store, names: Names, typed: str) -> int | None:
    found = store.read(lambda work: names.nearest(work, folded(typed)))
    return found[0][0] if found and found[0][1].score > 80 else None


@pytest.mark.parametrize("few", [1000, 2])
def test_what_changes_is_found_at_once(store: Store, tmp_path: Path, few: int) -> None:
    """Added, renamed and deleted, with an index and without; by another process too."""
    made = dict(zip(NAMES, add(store, *NAMES), strict=True))
    names = [Names(tmp_path / str(n), few) for n in range(2)]
    for each in names:
        store.read(each.follow)
        each.wait()
    (later,) = add(store, "Wilhelmina Zorn")
    change(store, made["Greta Holm"], "Greta Garbo")
    change(store, made["Иван Петров"], None)
    for each in names:
        assert best(store, each, "wilhelmnia zorn") == later.id
        assert best(store, each, "greta gabro") == made["Greta Holm"].id
        assert best(store, each, "greta holm") != made["Greta Holm"].id
        assert best(store, each, "иван петров") is None
        assert best(store, each, "zhang san") == made["张三"].id
        assert best(store, each, "bob smith") == made["Robert Smith"].id
        assert best(store, each, "nunez jose") == made["José Núñez"].id


def test_a_large_import_is_learnt_aside(store: Store, tmp_path: Path) -> None:
    """More changes than are read at once: nobody waits for them, and then they are all known."""
    names = Names(tmp_path / "names", 100)
    store.read(names.follow)
    add(store, *(f"Person Number{number}" for number in range(3000)), "Wilhelmina Zorn")
    store.read(names.follow)
    # Beside other processes the last seconds are read once more, so it may be made twice.
    for _ in range(100):
        names.wait()
        store.read(names.follow)
        if names.is_ready:
            break
        time.sleep(0.1)
    assert best(store, names, "wilhelmina zron") is not None
    (later,) = add(store, "Greta Holmqvist")
    assert best(store, names, "greta holmqvist") == later.id


def test_what_was_rolled_back_is_not_found(store: Store, tmp_path: Path) -> None:
    """Although its own transaction had found it."""
    add(store, *NAMES)
    names = Names(tmp_path / "names", 1000)
    seen: list[int] = []

    def fail(work: Work) -> None:
        work.add(Contact(name="Nobody Never", created_at=THEN))
        seen.extend(id for id, verdict in names.nearest(work, "nobody never")[:1])
        raise KeyError

    with pytest.raises(KeyError):
        store.write(fail)
    assert seen
    assert best(store, names, "nobody never") is None
    (there,) = add(store, "Somebody Ever")
    assert best(store, names, "somebody ever") == there.id
    assert best(store, names, "nobody never") is None


def test_the_next_start_finds_the_index_and_what_came_since(store: Store, tmp_path: Path) -> None:
    """Nothing is built again, unless the files are damaged."""
    made = add(store, *NAMES)
    first = Names(tmp_path / "names", 2)
    store.read(first.follow)
    first.wait()
    (later,) = add(store, "Wilhelmina Zorn")
    second = Names(tmp_path / "names", 2)
    store.read(second.follow)
    assert second.is_ready
    assert best(store, second, "ana lee") == made[0].id
    assert best(store, second, "wilhelmnia zorn") == later.id

    damaged = tmp_path / "names" / "columns.npy"
    damaged.unlink()
    damaged.write_bytes(b"rubbish")
    third = Names(tmp_path / "names", 2)
    store.read(third.follow)
    third.wait()
    assert best(store, third, "ana lee") == made[0].id


LETTERS = st.text("abcäß三明 '-", max_size=9)
WHAT = st.sampled_from(["add", "rename", "delete"])
STEP = st.tuples(WHAT, st.integers(0, 50), LETTERS, st.sampled_from(NAMES))


@given(steps=st.lists(STEP, max_size=12))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_followed_equals_what_is_built_anew(
    sqlite_template: Path, steps: list[tuple[str, int, str, str]]
) -> None:
    """After any changes, whichever of the names is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(sqlite_template, Path(folder) / "house.db")
        store = Store(f"sqlite:///{folder}/house.db")
        living = add(store, *NAMES)
        following = Names(None, 2)
        store.read(following.follow)
        following.wait()
        for what, whom, extra, base in steps:
            if what == "add" or not living:
                living += add(store, f"{base} {extra}")
            elif what == "rename":
                change(store, living[whom % len(living)], f"{extra} {base}")
            else:
                change(store, living.pop(whom % len(living)), None)
            store.read(following.follow)
        anew = Names(None, 1000)
        for name in NAMES:
            expected = exact_ones(store, anew, name)
            assert exact_ones(store, following, name) == expected
        store.close()


def exact_ones(store: Store, names: Names, typed: str) -> set[int]:
    found = store.read(lambda work: names.nearest(work, folded(typed)))
    exact = {id for id, verdict in found if verdict.exact}
    assert not exact or found[0][0] in exact
    return exact


def test_who_is_erased_is_gone_from_the_files_within_a_day(store: Store, tmp_path: Path) -> None:
    """Not a byte of the name is left, also of a writer that was killed; nobody else is lost."""
    made = dict(zip(NAMES, add(store, *NAMES, "Wilhelmina Zorn"), strict=False))
    folder = tmp_path / "names"
    kept = Names(folder, 2)
    clock = store.clock = HandClock(THEN)
    store.read(kept.follow)
    kept.wait()
    left = tmp_path / "names-killed"
    shutil.copytree(folder, left)
    os.utime(left, (0, 0))
    clock.at = erased = THEN + timedelta(hours=9)

    def forget(work: Work) -> None:
        contact = work.sure(Contact, made["Greta Holm"].id)
        contact.name, contact.erased_at = "Erased", work.now
        work.add(Erasure(contact_id=contact.id, until_id=0, asked_at=work.now))

    store.write(forget)
    clock.at = erased + timedelta(hours=1)
    store.write(lambda work: forget_the_erased(work, kept))
    kept.wait()
    assert holds(tmp_path, "greta holm"), "the day is not disturbed"
    clock.at = erased + timedelta(hours=20)
    store.write(lambda work: forget_the_erased(work, kept))
    kept.wait()
    assert not holds(tmp_path, "greta")
    assert not holds(tmp_path, "holm")
    assert not left.exists()
    assert best(store, kept, "greta holm") is None
    assert best(store, kept, "wilhelmnia zorn") is not None
    other = Names(folder, 2)
    store.read(other.follow)
    assert other.is_ready, "the files are whole"
    assert best(store, other, "ana lee") == made["Anna Lee"].id


def holds(folder: Path, word: str) -> bool:
    return any(word.encode() in each.read_bytes() for each in folder.rglob("*") if each.is_file())
