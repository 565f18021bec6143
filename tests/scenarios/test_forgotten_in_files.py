"""Whoever wants to be forgotten is forgotten in what imports keep of their files, too."""

import json

import pytest
from sqlmodel import select

from handlers.actions.import_keeping import Named
from storage.columns import new_id
from storage.records import Contact, Erasure, Identity, IdentityKind, Import, ImportRow, ImportState
from storage.work import Work
from tests.world import World

# Bob stands in it five times: as he is known, and in rows that nobody came of.
FILE = """\
First,Last,Phone,E-mail,Note
Bob,Bell,+49 170 1234567,,our oldest
Bell,Bob,,,too,many,cells
,,0170/123 45 67,,,,,and no name
,,,BOB@bell.example,,,,,an address
,,12,,bob bell lives here,,,
Carla,Cole,,,somebody,else,,with too many
"""


def _has_more(work: Work) -> None:
    contact = work.all(select(Contact))[0]
    for kind, value, shown in (
        (IdentityKind.PHONE, "+491701234567", "+49 170 1234567"),
        (IdentityKind.EMAIL, "bob@bell.example", "Bob@bell.example"),
    ):
        work.add(
            Identity(
                id=new_id(),
                contact_id=contact.id,
                kind=kind,
                value=value,
                shown=shown,
                created_at=work.now,
            )
        )


async def test_rows_that_nobody_came_of_forget_them_too(both: World) -> None:
    """However the row has written them; the rows of others stay, and so does the count."""
    w = both
    w.bob.says("hello")
    await w.in_thread("hello")
    w.store.write(_has_more)
    await w.mia.uploads(w.mia.dm, "customers.csv", FILE.encode())
    card = await w.until(
        lambda: next((m for m in w.mia.dm.messages if "known already" in m.plain), None)
    )
    await w.mia.presses("Import good rows", ts=card.ts)
    await w.until(
        lambda: w.look(lambda work: work.all(select(Import)))[-1].state is ImportState.DONE
    )
    assert len([each for each in _held(w) if "bell" in each.casefold()]) >= 3
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    w.bob.presses("Yes, erase everything")
    await w.hears(w.bob, "has been erased")
    await w.until(lambda: w.look(lambda work: work.all(select(Erasure)))[0].finished_at)

    kept = " ".join(_held(w)).casefold()
    assert "carla" in kept
    for secret in ("bob", "bell", "1234567", "123 45 67"):
        assert secret not in kept
    (record,) = w.look(lambda work: work.all(select(Import)))
    shown = json.dumps(record.found).casefold()
    assert "bob" not in shown and "123 45 67" not in shown
    assert len(w.look(lambda work: work.all(select(ImportRow)))) == 6


def _held(w: World) -> list[str]:
    rows = w.look(lambda work: work.all(select(ImportRow)))
    return [each.detail for each in rows if each.detail]


@pytest.mark.parametrize(
    ("cells", "is_them"),
    [
        (["Anna", "Lee"], True),
        (["LEE,  anna"], True),
        (["Anna Marie Lee"], True),
        (["Anna"], False),
        (["Annabel", "Leeds"], False),
        (["0170 / 1234567"], True),
        (["+49 (170) 123-4567"], True),
        (["0170 1234568"], False),
        (["Anna <ANNA@lee.example>"], True),
        (["anna@leeds.example"], False),
        (["客户 王小明 先生"], True),
        (["王小"], False),
        ([], False),
    ],
)
def test_a_row_names_somebody_however_it_is_written(cells: list[str], is_them: bool) -> None:
    """A name by its words, a phone by its last digits, an address and Chinese as they stand."""
    wanted = Named(["Anna Lee", "+491701234567", "anna@lee.example", "王小明"])

    assert wanted.is_in(cells) is is_them
