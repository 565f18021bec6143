"""Merging, writing, undoing, forgetting, an import taken back: in any order, nobody gets lost."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot import importing
from handlers.actions import changes, merging, privacy
from handlers.message import Incoming, Kind, Person
from storage.engine import Store
from storage.errors import Refused
from storage.records import Contact, Member, Merge, Role
from storage.work import Work
from tests.rules.made import acting, customer, member
from tests.rules.test_import_laws import bring, everything, quiet
from tests.rules.test_merging import empty

__all__ = ["empty"]

PEOPLE = 4
_WHO = st.integers(0, PEOPLE + 1)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), _WHO, _WHO),
        st.tuples(st.just("write"), _WHO, st.integers(0, 99)),
        st.tuples(st.just("undo"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("forget"), st.integers(0, PEOPLE - 1), st.just(0)),
        st.tuples(st.just("take back"), st.just(0), st.just(0)),
    ),
    max_size=12,
)
# The answer to who asked for it is on its way yet, and until then it is known what to look for.
_UNTIL_DELIVERED = {"erasures", "inbox", "outbox"}
_BORN = iter(range(1, 1_000_000))


class _Story:
    """Six people, two of them from a file, and what becomes of them."""

    def __init__(self, store: Store, file: Path) -> None:
        self.store = store
        self.number = next(_BORN)
        self.forgotten: set[str] = set()
        self.taken_back = False
        self.names = [f"Person{self.number}q{who}x" for who in range(PEOPLE + 2)]
        self.ids = store.write(self._people)
        file.write_text(
            "Name,Email\n" + "".join(f"{name},{name}@example.org\n" for name in self.names[PEOPLE:])
        )
        self.imported = bring(store, file).number
        self.ids += store.read(self._from_file)

    def _people(self, work: Work) -> list[int]:
        if work.first(select(Member)) is None:
            member(work, "Mia", Role.ADMIN)
        return [
            customer(work, name, f"{self.number}{who}").id
            for who, name in enumerate(self.names[:PEOPLE])
        ]

    def _from_file(self, work: Work) -> list[int]:
        found = {each.name: each.id for each in work.all(select(Contact))}
        return [found[name] for name in self.names[PEOPLE:]]

    def now(self, work: Work, who: int) -> Contact | None:
        """Whom somebody is today."""
        return merging.survivor_of(work, self.ids[who])

    def step(self, work: Work, does: str, one: int, other: int) -> None:
        """One thing that somebody does; what may not be is refused, and no more than that."""
        mia = work.first(select(Member))
        assert mia is not None
        work = acting(work, mia)
        try:
            getattr(self, f"_{does}")(work, one, other)
        except Refused:
            return

    def _merge(self, work: Work, one: int, other: int) -> None:
        survivor, gone = self.now(work, one), self.now(work, other)
        if survivor is not None and gone is not None:
            merging.merge(work, survivor, gone)

    def _write(self, work: Work, one: int, other: int) -> None:
        contact = self.now(work, one)
        if contact is not None and contact.erased_at is None:
            changes.change(work, contact, {"company": f"Company {other}"}, "test")

    def _undo(self, work: Work, one: int, other: int) -> None:
        merges = self.merges(work)
        if one < len(merges):
            merging.undo(work, merges[one])

    def merges(self, work: Work) -> list[Merge]:
        """Every merge of theirs, the newest first."""
        mine = set(self.ids)
        found = [each for each in work.all(select(Merge)) if each.gone_id in mine]
        return sorted(found, key=lambda each: -each.id)

    def _forget(self, work: Work, one: int, other: int) -> None:
        contact = self.now(work, one)
        if contact is None or contact.erased_at is not None:
            return
        before = merging.names_before(work, contact) | {contact.name}
        chat = f"{self.number}{one}"
        asked = Incoming("telegram", "", Kind.BUTTON, chat, Person(chat, contact.name))
        if privacy.forget(acting(work, contact), contact, asked) is not None:
            self.forgotten |= before


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(steps=_STEPS)
def test_nobody_gets_lost_and_nobody_comes_back(
    empty: Store, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    """Whoever was not forgotten is there with their name once all is undone; who was, is not."""
    story = _Story(empty, tmp_path_factory.mktemp("file") / "people.csv")
    for does, one, other in steps:
        if does == "take back":
            if not story.taken_back:
                importing.undone(empty, story.imported, quiet)
            story.taken_back = True
            continue
        empty.write(partial(story.step, does=does, one=one, other=other))
    for _ in range(len(steps)):
        for at in range(len(empty.read(story.merges))):
            empty.write(partial(story.step, does="undo", one=at, other=0))
    while empty.write(privacy.erase_more):
        pass

    for who, name in enumerate(story.names[:PEOPLE]):
        there = empty.read(partial(story.now, who=who))
        if name not in story.forgotten:
            assert there is not None and there.name == name
    for name in story.forgotten & set(story.names[:PEOPLE]):
        there_yet = {table for table, rows in everything(empty).items() if name in str(rows)}
        assert there_yet <= _UNTIL_DELIVERED
