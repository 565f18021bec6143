"""An import is taken back after people have been made one, and what old imports held goes."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlmodel import select

from bot import importing
from handlers.actions import import_keeping, merging
from handlers.actions.merging import merge
from storage.engine import Store
from storage.records import Contact, Import, ImportRow, ImportState
from storage.work import Work
from tests.rules.test_import_laws import bring, quiet

BEFORE = "Name,Email,City\nAnna Lee,anna@example.org,\nBob Bell,bob@example.org,\n"
THEN = (
    "Name,Email,City\nAnn Lee,ann@example.org,Berlin\nBob Bell,bob@example.org,Lyon\n"
    "Cleo,cleo@example.org,\nDan,dan@example.org,\n,,\n"
)


def called(work: Work, name: str) -> Contact:
    """The contact of that name."""
    return next(each for each in work.all(select(Contact)) if each.name == name)


def test_who_was_made_one_since_stays(store: Store, tmp_path: Path) -> None:
    """Into somebody who was there before, or the other way round; the rest goes, and it is told."""
    file = tmp_path / "a.csv"
    file.write_text(BEFORE, encoding="utf-8")
    bring(store, file)
    file.write_text(THEN, encoding="utf-8")
    record = bring(store, file)

    def make_one(work: Work) -> tuple[int, int]:
        ann, bob = called(work, "Ann Lee").id, called(work, "Bob Bell").id
        merge(work, called(work, "Anna Lee"), called(work, "Ann Lee"))
        merge(work, called(work, "Cleo"), called(work, "Bob Bell"))
        return ann, bob

    ann, bob = store.write(make_one)
    undone = importing.undone(store, record.number, quiet)

    assert undone.state is ImportState.UNDONE
    assert (undone.counts["taken_back"], undone.counts["kept"]) == (1, 3)
    left = {each.name for each in store.read(lambda w: w.all(select(Contact)))}
    assert "Anna Lee" in left and "Cleo" in left and "Dan" not in left
    for id in (ann, bob):
        assert store.read(partial(merging.survivor_of, id=id)) is not None


def test_after_ninety_days_rows_tell_of_nobody_any_more(store: Store, tmp_path: Path) -> None:
    """What they held is gone; that they were stays, and nothing younger is touched."""
    file = tmp_path / "a.csv"
    file.write_text(THEN.replace(",,\n", ",nonsense,\n"), encoding="utf-8")
    bring(store, file)

    def details(work: Work) -> int:
        return sum(each.detail is not None for each in work.all(select(ImportRow)))

    assert store.read(details) == 1
    store.write(lambda work: import_keeping.forget_old(work, 100))
    assert store.read(details) == 1
    store.clock.push(timedelta(days=91))
    assert not store.write(lambda work: import_keeping.forget_old(work, 100))

    assert store.read(details) == 0
    (record,) = store.read(lambda w: w.all(select(Import)))
    assert record.found == {} and record.counts["created"] == 4
    assert importing.undone(store, record.number, quiet).state is ImportState.UNDONE
