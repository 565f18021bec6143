"""Laws of files of customers: what goes out comes in the same, and an import leaves no trace."""

import csv
import io
import itertools
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from bot import importing
from handlers.actions import import_rows, imports
from handlers.actions.contacts import log
from handlers.exporting.writers import KINDS, defused
from storage.engine import Store
from storage.errors import Stale
from storage.records import (
    Contact,
    Identity,
    Import,
    ImportMode,
    ImportRow,
    ImportState,
    OnKnown,
)
from storage.work import Work

_numbers = itertools.count()
# What the house writes about itself: what happened, and which names its index must learn.
ASIDE = {
    "imports",
    "import_rows",
    "import_pieces",
    "audit",
    "name_changes",
    "counters",
    "processes",
}

NAMES = st.one_of(
    st.sampled_from(
        ["Anna Lee", "王小明", "=cmd|' /C calc'!A0", "'quoted", "O'Neill; Pat", '"Q"', "-1+1"]
    ),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20),
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "Name": NAMES,
            "Company": st.sampled_from(["", "Acme", "＝1+1", "@home"]),
            "Phone": st.sampled_from(["", *(f"+49170123456{n}" for n in range(5))]),
            "Email": st.sampled_from(["", *(f"p{n}@example.org" for n in range(5))]),
            "Birthday": st.sampled_from(["", "1990-05-17", "--05-12", "17.6.1985", "nonsense"]),
            "Gender": st.sampled_from(["", "f", "男"]),
            "Stage": st.sampled_from(["", "customer", "lead"]),
            "Tags": st.sampled_from(["", "vip", "vip, north", "大客户"]),
            "Marketing": st.sampled_from(["", "yes", "no"]),
            "Note": st.sampled_from(["", "likes blue", "two\nlines"]),
            "City": st.sampled_from(["", "Berlin", "上海"]),
            "Street": st.sampled_from(["", "Main 1", "Side 2"]),
            "Plan": st.sampled_from(["", "gold", "=1+1", "\t=2", "--"]),
        }
    ),
    max_size=8,
)


@pytest.fixture
def places(tmp_path: Path, database_folder: Path, sqlite_template: Path) -> Iterator[Any]:
    """Empty databases and folders; a database that was used is emptied, not made anew."""
    free: list[Store] = []
    every: list[Store] = []

    @contextmanager
    def made() -> Iterator[tuple[Store, Path]]:
        folder = tmp_path / str(next(_numbers))
        folder.mkdir()
        if not free:
            path = database_folder / f"{next(_numbers)}.db"
            shutil.copyfile(sqlite_template, path)
            free.append(Store(f"sqlite:///{path}"))
            every.append(free[0])
        store = free.pop()
        yield store, folder
        store.write(_emptied)
        assert not any(everything(store).values())
        free.append(store)
        shutil.rmtree(folder)

    yield made
    for store in every:
        store.close()


def _emptied(work: Work) -> None:
    for each in reversed(SQLModel.metadata.sorted_tables):
        # The index of names has read so far in its journal.
        if each.name != "name_changes":
            work.execute(each.delete())


def table(folder: Path, rows: list[dict[str, str]], name: str = "in.csv") -> Path:
    """The rows as a file."""
    file = io.StringIO(newline="")
    headings = ["Name", "Company", "Phone", "Email", "Birthday", "Gender", "Stage", "Tags"]
    headings += ["Marketing", "Note", "City", "Street", "Plan"]
    writer = csv.DictWriter(file, headings)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_bytes(file.getvalue().encode())
    return path


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def bring(store: Store, file: Path, on_known: OnKnown = OnKnown.FILL) -> Import:
    """Import a file whole."""
    wish = importing.Wish(file, on_known=on_known)
    return importing.carried_out(store, wish, importing.looked(store, wish, quiet), quiet)


def everything(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, byte for byte."""
    with store.engine.connect() as connection, connection.begin():
        return {
            each.name: sorted(
                map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{each.name}"')), key=repr
            )
            for each in SQLModel.metadata.sorted_tables
            if each.name not in ASIDE
        }


HEAVY = settings(
    # To make a failing example of these small would take minutes.
    phases=[Phase.explicit, Phase.generate],
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@HEAVY
@given(before=PEOPLE, then=PEOPLE, on_known=st.sampled_from(OnKnown))
def test_undoing_an_import_restores_byte_for_byte(
    places: Any, before: list[dict[str, str]], then: list[dict[str, str]], on_known: OnKnown
) -> None:
    """Whoever was there and whatever the file says of them."""
    with places() as (store, folder):
        bring_or_not(store, table(folder, before), OnKnown.FILL)
        was = everything(store)
        record = bring_or_not(store, table(folder, then, "then.csv"), on_known)
        if record is not None:
            undone = importing.undone(store, record.number, quiet)
            assert undone.state is ImportState.UNDONE and "kept" not in undone.counts

        assert everything(store) == was


def bring_or_not(store: Store, file: Path, on_known: OnKnown) -> Import | None:
    """Import it, unless there is nothing in it."""
    try:
        return bring(store, file, on_known)
    except importing.CannotImport:
        return None


def told(store: Store) -> list[dict[str, Any]]:
    """What is known of everybody, without what tells one database from another."""

    def read(work: Work) -> list[dict[str, Any]]:
        found = []
        for contact in work.all(select(Contact)):
            facts = {
                name: value
                for name, value in contact.content().items()
                if name not in ("id", "version")
            }
            reached = work.all(select(Identity).where(Identity.contact_id == contact.id))
            facts["identities"] = sorted((str(each.kind), each.value) for each in reached)
            found.append(facts)
        return sorted(found, key=repr)

    return store.read(read)


@HEAVY
@given(rows=PEOPLE, kind=st.sampled_from(["csv", "xlsx"]))
def test_what_goes_out_comes_in_the_same(
    places: Any, rows: list[dict[str, str]], kind: str
) -> None:
    """An empty house gets the customers of another as they were; at home nothing changes."""
    with places() as (store, folder), places() as (other, _):
        if bring_or_not(store, table(folder, rows), OnKnown.FILL) is None or not told(store):
            return
        out = folder / f"out.{kind}"
        importing.exported(store, out, "", quiet)
        was = everything(store)
        bring(store, out, OnKnown.OVERWRITE)
        assert everything(store) == was
        bring(other, out)
        pairs = list(zip(told(other), told(store), strict=True))
        assert [(k, a[k], b[k]) for a, b in pairs for k in b if a[k] != b[k]] == []


@HEAVY
@given(rows=PEOPLE)
def test_no_cell_of_an_export_is_a_formula(places: Any, rows: list[dict[str, str]]) -> None:
    """In no width and behind no sign."""
    live = re.compile(r"[=+\-@＝＋－＠\t\r]")
    with places() as (store, folder):
        bring_or_not(store, table(folder, rows), OnKnown.FILL)
        for kind in KINDS:
            importing.exported(store, folder / f"out.{kind}", "", quiet)
        with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if live.match(cell)]
        book = openpyxl.load_workbook(folder / "out.xlsx")
        kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "inlineStr"}
        book.close()


def test_a_sign_before_a_formula_goes_again() -> None:
    """What was defused is read as it was, also what looked defused before."""
    from handlers.importing.persons import _DEFUSED

    for text in ("=1", "'=1", "''=1", "'x", "x", "+49", "@a", "＝1", " =1"):
        cell = defused(text)
        read = _DEFUSED.sub("", cell, count=1) if cell[:1] == "'" else cell
        assert read == text


def test_what_people_have_done_since_stays(store: Store, tmp_path: Path) -> None:
    """A note about somebody who came with a file keeps them; a changed field is not set back."""
    file = tmp_path / "a.csv"
    file.write_text("Name,Email,City\nAnna,a@example.org,\nBob,b@example.org,\n", encoding="utf-8")
    bring(store, file)
    more = tmp_path / "b.csv"
    more.write_text("Email,City,Company\na@example.org,Berlin,Acme\n", encoding="utf-8")
    second = bring(store, more)

    def change(work: Work) -> None:
        anna = next(each for each in work.all(select(Contact)) if each.name == "Anna")
        bob = next(each for each in work.all(select(Contact)) if each.name == "Bob")
        anna.company = "Other"
        log(work, bob, "called")

    store.write(change)
    done = importing.undone(store, second.number, quiet)
    anna = next(
        each for each in store.read(lambda w: w.all(select(Contact))) if each.name == "Anna"
    )
    assert (anna.company, anna.custom) == ("Other", {}) and done.counts["kept"] == 1

    done = importing.undone(store, 1, quiet)
    names = {each.name for each in store.read(lambda w: w.all(select(Contact)))}
    assert "Bob" in names and done.counts["kept"] >= 1


def test_a_piece_is_written_once(store: Store, tmp_path: Path) -> None:
    """Whoever comes second with the same rows is told so, and nothing is there twice."""
    file = tmp_path / "a.csv"
    file.write_text("Name,Email\nAnna,a@example.org\nBob,b@example.org\n", encoding="utf-8")
    wish = importing.Wish(file)
    look = importing.looked(store, wish, quiet)
    record = store.write(partial(imports.begin_here, file_name="a", digest="x", size=1))
    store.write(
        partial(
            imports.start_here,
            import_id=record.id,
            look=look,
            mode=ImportMode.SKIP_BAD,
            on_known=OnKnown.FILL,
        )
    )
    (piece,) = importing._pieces(file, look.reading, store, 0)
    write = partial(import_rows.write, import_id=record.id, people=piece, after=0)
    store.write(write)
    with pytest.raises(Stale):
        store.write(write)

    assert len(store.read(lambda w: w.all(select(Contact)))) == 2
    assert len(store.read(lambda w: w.all(select(ImportRow)))) == 2


RICH = """\
Name,Company,Phone,Email,Birthday,Gender,Stage,Tags,Marketing,Note,City,Street,Plan
Anna Lee,Acme,+491701234560,P0@example.org,1990-05-17,f,customer,"vip, north",yes,"two
lines",Berlin,Main 1,gold
王小明,,+491701234561,p1@example.org,17.6.1985,男,lead,大客户,no,,上海,,
=1+1,,+491701234562,,nonsense,,,,,,,,
,,,p3@example.org,,,,vip,,,,,
Anna Lee,Other,,p0@example.org,,,,new,no,,Lyon,,"silver, or not"
"""


@pytest.mark.parametrize("on_known", list(OnKnown))
def test_both_databases_take_it_in_and_back(
    store: Store, tmp_path: Path, on_known: OnKnown
) -> None:
    """All kinds of values, somebody twice, and over what was there before."""
    file = tmp_path / "rich.csv"
    file.write_text("Name,Phone,Tags\nAnna,+491701234560,old\n", encoding="utf-8")
    bring(store, file)
    was = everything(store)
    file.write_text(RICH, encoding="utf-8")
    record = bring(store, file, on_known)
    assert (record.counts["created"], record.counts["flawed"]) == (3, 1)
    for kind in KINDS:
        importing.exported(store, tmp_path / f"out.{kind}", "", quiet)
    undone = importing.undone(store, record.number, quiet)

    assert "kept" not in undone.counts
    assert everything(store) == was


def test_all_or_nothing_writes_nothing_when_a_row_is_bad(store: Store, tmp_path: Path) -> None:
    """And everything when all are good."""
    file = tmp_path / "a.csv"
    file.write_text("Name,Email\nAnna,a@example.org\n,\nBob,nonsense\n", encoding="utf-8")
    wish = importing.Wish(file, ImportMode.ALL_OR_NOTHING)
    was = everything(store)
    with pytest.raises(importing.CannotImport, match="nothing was written"):
        importing.carried_out(store, wish, importing.looked(store, wish, quiet), quiet)
    assert everything(store) == was

    file.write_text("Name,Email\nAnna,a@example.org\nBob,b@example.org\n", encoding="utf-8")
    record = importing.carried_out(store, wish, importing.looked(store, wish, quiet), quiet)
    assert record.counts == {"created": 2} and record.state is ImportState.DONE
