"""A file of customers, from the moment it is dropped into Slack until it is undone."""

from sqlmodel import select

from bot.playground.slack import Message
from storage.records import (
    AuditEntry,
    Consent,
    Contact,
    ContactTag,
    Identity,
    Import,
    ImportRow,
    ImportState,
    Interaction,
)
from tests.world import World

CUSTOMERS = """\
Name,Company,Mobile Phone,E-mail,Birthday,Tags,Marketing,Notes,Plan
Anna Lee,Acme,+49 170 1234567,anna@acme.example,1990-05-17,"vip, north",yes,Likes blue,gold
王小明,某公司,+86 138 0013 8000,xm@example.cn,17.6.1985,大客户,no,,
Broken Phone,,12,broken@example.org,,,,,
,,,,,,,,
Nobody Known,,,,,,,,
"""


def _problems(message: Message) -> bool:
    return bool(message.files) and "problems" in message.files[0].name


async def dropped(w: World, content: bytes, name: str = "customers.csv") -> Message:
    """Mia drops a file into her messages with us; the card with what is in it."""
    await w.mia.uploads(w.mia.dm, name, content)
    return await card(w, "known already")


async def card(w: World, text: str) -> Message:
    """The card of the import, once it says so."""
    return await w.until(lambda: next((m for m in w.mia.dm.messages if text in m.plain), None))


def record(w: World) -> Import:
    """The newest import as it stands."""
    return w.look(lambda work: work.all(select(Import).order_by(Import.id.desc())))[0]  # type: ignore[attr-defined]


def everything(w: World) -> dict[str, list[object]]:
    """All that is known about customers, but for what the house itself looks up later."""
    tables = (Contact, Identity, ContactTag, Consent, Interaction)
    return w.look(
        lambda work: {
            table.__name__: [
                {k: v for k, v in each.content().items() if k not in ("version", "company_id")}
                for each in work.all(select(table).order_by(table.id))  # type: ignore[arg-type]
            ]
            for table in tables
        }
    )


async def test_a_dropped_file_is_shown_first_then_written_then_undone(both: World) -> None:
    """Nothing is written before somebody says so, and all of it can be taken back."""
    w = both
    before = everything(w)
    shown = await dropped(w, CUSTOMERS.encode())

    assert "4 rows" in shown.plain and "4 new" in shown.plain
    assert "“12” is no phone number" in shown.plain and "Line 4" in shown.plain
    assert everything(w) == before

    await w.mia.presses("Import good rows", ts=shown.ts)
    await w.until(lambda: record(w).state is ImportState.DONE)
    found = {each.name: each for each in w.look(lambda work: work.all(select(Contact)))}
    anna = found["Anna Lee"]
    assert (anna.company, str(anna.birthday), anna.custom) == (
        "Acme",
        "1990-05-17",
        {"plan": "gold"},
    )
    assert str(found["王小明"].birthday) == "1985-06-17" and found["王小明"].language == "zh"
    consents = w.look(lambda work: work.all(select(Consent)))
    assert {each.granted for each in consents} == {True, False}
    assert all("import 1" in each.evidence for each in consents)
    sent = await w.until(lambda: next((m for m in w.mia.dm.messages if _problems(m)), None))
    assert b'"4","' in sent.files[0].data

    shown = await card(w, "can be undone")
    await w.mia.presses("Undo the import", ts=shown.ts)
    await w.until(lambda: record(w).state is ImportState.UNDONE)
    assert everything(w) == before
    assert w.look(lambda work: work.all(select(ImportRow)))


async def test_the_same_file_twice_makes_nobody_twice(w: World) -> None:
    """It is said that the file is known, and who is there already is not written again."""
    shown = await dropped(w, CUSTOMERS.encode())
    await w.mia.presses("Import good rows", ts=shown.ts)
    await w.until(lambda: record(w).state is ImportState.DONE)
    before = everything(w)
    await w.mia.uploads(w.mia.dm, "again.csv", CUSTOMERS.encode())
    shown = await card(w, "Exactly this file")
    await w.mia.presses("Import good rows", ts=shown.ts)
    await w.until(lambda: record(w).number == 2 and record(w).state is ImportState.DONE)

    assert everything(w) == before
    assert record(w).counts["likely"] == 1 and "created" not in record(w).counts


async def test_who_looks_like_somebody_known_is_told_before(w: World) -> None:
    """A new number and a name written otherwise: they are told, never made twice in silence."""
    await w.says(w.ann, "/crm add Katherine Johansson, katherine.johansson@acme.example")
    rows = "Name,Email\nJohansson Katherine,katherine.johanson@acme.example\nLi Lei,li@x.example\n"
    shown = await dropped(w, rows.encode())

    assert "1 row looks like somebody" in shown.plain and "2 new" in shown.plain


async def test_an_agent_may_not_bring_in_files(w: World) -> None:
    """That is a manager's matter."""
    await w.ann.uploads(w.ann.dm, "customers.csv", CUSTOMERS.encode())
    await w.until(lambda: len(w.ann.heard) > 0)

    assert not w.look(lambda work: work.all(select(Import)))


async def test_customers_go_out_as_a_file_to_whoever_asks(w: World) -> None:
    """In their direct messages; an agent may not, and that somebody did is in the audit log."""
    await w.says(w.ann, "/crm add Anna Lee, anna@acme.example #vip")
    assert "1 customer" in await w.says(w.mia, "/crm export tag:vip xlsx")
    sent = await w.until(lambda: next((m for m in w.mia.dm.messages if m.files), None))
    assert sent.files[0].name.endswith(".xlsx") and sent.files[0].data.startswith(b"PK")
    assert "1 customer" not in await w.says(w.ann, "/crm export tag:vip")

    noted = w.look(lambda work: work.all(select(AuditEntry)))
    assert [each.action for each in noted].count("exports.send_file") == 1
