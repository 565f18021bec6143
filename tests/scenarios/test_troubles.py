"""What went wrong is listed until somebody has dealt with it, and can be tried again."""

import json
from functools import partial

from sqlmodel import col, select

from bot.playground.slack import Message
from bot.playground.telegram.faults import Fault
from handlers.actions import inbox
from storage.records import Contact, InboxRow, InboxState, Interaction, OutboxRow
from storage.work import Work
from tests.world import World


def update_of_bob(w: World, text: str) -> bytes:
    """What Telegram would send."""
    person = {"id": w.bob.id, "is_bot": False, "first_name": "Bob", "language_code": "en"}
    return json.dumps(
        {
            "update_id": 900_001,
            "message": {
                "message_id": 7001,
                "date": int(w.clock.now().timestamp()),
                "chat": {"id": w.bob.id, "type": "private", "first_name": "Bob"},
                "from": person,
                "text": text,
            },
        }
    ).encode()


def row_of_bob(w: World, state: InboxState, tries: int, owner: str = "") -> int:
    """A row as an earlier Rapport may have left it; its id."""

    def add(work: Work) -> int:
        row = InboxRow(
            door="telegram",
            event_key="telegram:1:900001",
            chat_key=f"telegram:{w.bob.id}",
            raw=update_of_bob(w, "from the dead"),
            state=state,
            tries=tries,
            owner=owner,
            error="KeyError",
            received_at=work.now,
        )
        return work.add(row).id

    return w.store.write(add)


def states(w: World) -> dict[int, tuple[InboxState, int, str | None]]:
    """How each row that came from Telegram stands."""
    rows = w.look(lambda work: work.all(select(InboxRow)))
    return {row.id: (row.state, row.tries, row.error) for row in rows if row.door == "telegram"}


async def test_a_dead_letter_that_is_tried_again_arrives(both: World) -> None:
    """What broke has been mended since: the words stand in a thread, once; no trouble is left."""
    w = both
    await w.says(w.mia, "/crm")
    w.bob.says("/start")
    await w.until(lambda: w.bob.heard)
    id = row_of_bob(w, InboxState.DEAD, 3)
    assert "could not be handled" in await w.says(w.mia, "/crm troubles")
    await w.mia.presses("Retry", channel=w.support)
    await w.in_thread("from the dead")
    await w.until(lambda: states(w)[id] == (InboxState.DONE, 1, None))
    assert "Nothing has failed" in await w.says(w.mia, "/crm troubles")

    said = w.look(lambda work: work.all(select(Interaction)))
    assert [each.text for each in said if "dead" in each.text] == ["from the dead"]
    assert len(w.look(lambda work: work.all(select(Contact)))) == 1


async def test_before_its_last_try_a_suspect_is_dead_and_after_it_done(both: World) -> None:
    """A row that two processes did not survive may still be an innocent one."""
    w = both
    id = row_of_bob(w, InboxState.NEW, 2, "gone")

    def begin(work: Work) -> InboxRow:
        return inbox.begin(work, work.sure(InboxRow, id))

    begun = w.store.write(begin)
    assert (begun.state, begun.tries) == (InboxState.DEAD, 3)
    w.store.write(lambda work: inbox.mark_done(work, work.sure(InboxRow, id)))

    assert states(w)[id] == (InboxState.DONE, 3, None)


async def test_admins_hear_of_what_ended_the_process_in_its_last_try(both: World) -> None:
    """The next process finds it dead in the hands of one that is no more, and tells them once."""
    w = both
    await w.says(w.mia, "/crm")
    row_of_bob(w, InboxState.DEAD, 3, "gone")
    await w.sees(w.mia, "could not be handled")
    await w.stop_rapport()
    await w.start_rapport()
    await w.says(w.mia, "/crm troubles")
    told = select(OutboxRow).where(col(OutboxRow.idem_key).startswith("inbox:"))

    assert len(w.look(lambda work: work.all(told))) == 1


async def test_what_was_sent_again_or_left_is_no_trouble_any_more(both: World) -> None:
    """Both buttons take a line off the list."""
    w = both
    await w.says(w.mia, "/crm")
    w.bob.says("my order 1001")
    card = await w.thread(1)
    await w.hears(w.bob, "#1")
    for words, pressed in (("first words", "Send again"), ("second words", "Leave it")):
        w.telegram.faults.on("sendMessage", do=Fault.ACCEPT_THEN_RESET, times=1)
        await w.ann.says(w.support, words, thread_ts=card.ts)
        offer = await w.in_thread("may not have reached")
        assert "unsure" in await w.says(w.mia, "/crm troubles")
        await w.ann.presses(pressed, channel=w.support, ts=offer.ts)
        await w.until(partial(_is_answered, offer))

        assert "Nothing has failed" in await w.says(w.mia, "/crm troubles")


def _is_answered(offer: Message) -> bool:
    return "may not have reached" not in offer.plain
