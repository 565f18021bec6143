"""What is stored about a customer is shown to them, and erased when they ask for it."""

import json
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, select

from bot.playground.telegram.faults import Fault
from handlers.texts.chinese import CHINESE
from storage.records import AuditEntry, Contact, Erasure, Identity, Interaction, Ticket
from storage.work import Work
from tests.world import World

INSIDE = "a-difficult-customer-we-think"
SECRETS = ("kettle-from-hell", "Bobbell", "7946")


def places_of(w: World, secret: str) -> list[str]:
    """The rows, by table, that hold a text anywhere."""

    def read(work: Work) -> list[str]:
        return [
            f"{table.name}: {tuple(row)}"
            for table in SQLModel.metadata.sorted_tables
            for row in work.execute(sa_select(table))
            if secret in str(tuple(row))
        ]

    return w.look(read)


async def served(w: World) -> None:
    """Bob has written, shared a phone and a photo, edited, was answered and noted about."""
    w.bob.phone = "+442079460958"
    said = w.bob.says("my kettle-from-hell leaks")
    thread = await w.thread(1)
    w.bob.edits(said.id, "my kettle-from-hell leaks again")
    w.bob.sends_contact()
    w.bob.sends_document(name="kettle-from-hell.pdf")
    await w.until(lambda: any(m.files for m in w.support.thread(thread.ts)))
    await w.ann.says(w.support, f"// {INSIDE}", thread_ts=thread.ts)
    await w.ann.says(w.support, "We send a new kettle-from-hell", thread_ts=thread.ts)
    await w.hears(w.bob, "We send a new")
    await w.says(w.ann, f"/crm log Bob Bell: {INSIDE}")


async def file_for(w: World) -> dict[str, Any]:
    """The file that Bob gets."""
    message = await w.until(
        lambda: next((m for m in w.bob.chat if m.from_bot and m.kind == "document"), None)
    )
    assert message.file is not None and message.file.name.endswith(".json")
    found: dict[str, Any] = json.loads(message.file.data)
    return found


async def test_mydata_is_a_page_and_a_file_without_the_teams_notes(both: World) -> None:
    """All of theirs is in it, before edits too, and nothing that was meant for the team."""
    w = both
    await served(w)
    w.bob.says("/mydata")
    page = await w.hears(w.bob, "What we know about you")
    found = await file_for(w)

    assert "Bob Bell" in page and "@bobbell" in page
    said = [each["text"] for each in found["messages"]]
    assert "my kettle-from-hell leaks again" in said and "We send a new kettle-from-hell" in said
    assert found["messages"][0]["before_edits"] == ["my kettle-from-hell leaks"]
    assert found["requests"][0]["number"] == 1
    assert {"kind": "phone", "value": "+44 20 7946 0958"}.items() <= next(
        each for each in found["how_to_reach_you"] if each["kind"] == "phone"
    ).items()
    assert INSIDE not in json.dumps(found) and INSIDE not in page


async def test_mydata_again_and_again_is_one_file(w: World) -> None:
    """Whoever types it ten times gets the page ten times and the file once."""
    w.bob.starts()
    for _ in range(5):
        w.bob.says("/mydata")
    await w.until(lambda: sum("What we know" in each for each in w.bob.heard) == 5)
    await file_for(w)

    assert sum(m.kind == "document" for m in w.bob.chat) == 1


async def test_forget_asks_first_and_no_keeps_everything(w: World) -> None:
    """One press on No, and all is as it was; the buttons are gone."""
    await served(w)
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    asked = w.bob.last
    w.bob.presses("No, keep it")
    await w.until(lambda: asked.text == "Nothing was erased.")

    assert asked.labels == []
    (contact,) = w.look(lambda work: work.all(select(Contact)))
    assert contact.name == "Bob Bell"


async def test_forget_erases_everything_and_keeps_that_it_was_asked(both: World) -> None:
    """Nothing of the person is left in any table; counts, scores and the request are."""
    w = both
    await served(w)
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    w.bob.presses("Yes, erase everything")
    await w.hears(w.bob, "has been erased")
    await w.in_thread("has asked to be forgotten")
    await w.until(lambda: w.look(lambda work: work.all(select(Erasure)))[0].finished_at)
    await w.until(lambda: "Erased customer" in w.cards()[0].plain)
    thread = w.cards()[0]
    await w.until(lambda: not any("leaks again" in m.plain for m in w.support.thread(thread.ts)))

    for secret in (*SECRETS, "Bob Bell", "bobbell", str(w.bob.id), INSIDE):
        assert places_of(w, secret) == []
    assert len(w.look(lambda work: work.all(select(Interaction)))) >= 4
    assert w.look(lambda work: work.all(select(Identity))) == []
    asked = w.look(lambda work: work.all(select(AuditEntry)))
    assert "privacy.forget" in {each.action for each in asked}
    (ticket,) = w.look(lambda work: work.all(select(Ticket)))
    assert not ticket.is_open


async def test_who_writes_again_is_somebody_new(both: World) -> None:
    """Another contact with another request; the old one stays erased."""
    w = both
    await served(w)
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    asked = w.bob.last
    w.bob.presses("Yes, erase everything")
    w.bob.presses("Yes, erase everything", asked.id)
    await w.hears(w.bob, "has been erased")
    w.bob.says("hello, I am new here")
    await w.in_thread("I am new here", number=2)

    names = {each.name for each in w.look(lambda work: work.all(select(Contact)))}
    assert names == {"Bob Bell", "Erased customer"}
    assert sum("has been erased" in each for each in w.bob.heard) == 1


async def test_what_was_to_be_sent_is_taken_back(w: World) -> None:
    """An answer that waits does not reach somebody who was erased meanwhile."""
    await served(w)
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    w.telegram.faults.on("sendMessage", do=Fault.TOO_MANY, retry_after=2, times=1)
    await w.ann.says(w.support, "one more thing", thread_ts=(await w.thread(1)).ts)
    w.bob.presses("Yes, erase everything")
    await w.in_thread("has asked to be forgotten")
    await w.ann.says(w.support, "are you there?", thread_ts=w.cards()[0].ts)
    await w.in_thread("has no Telegram chat with us")
    await w.hears(w.bob, "has been erased")

    assert not any("are you there" in each for each in w.bob.heard)


async def test_an_old_yes_is_asked_again_and_everything_is_chinese_too(w: World) -> None:
    """A question from yesterday erases nothing by a slip of the finger."""
    w.li.says("你好")
    await w.thread(1)
    w.li.says("/forget")
    await w.hears(w.li, "要全部删除吗")
    w.passes(hours=2)
    w.li.presses(CHINESE["forget.yes"])
    await w.until(lambda: CHINESE["customer.stale"] in w.li.alerts)
    w.li.says("/mydata")
    await w.hears(w.li, CHINESE["mydata.title"])

    (contact,) = w.look(lambda work: work.all(select(Contact)))
    assert contact.name == "王小明"
