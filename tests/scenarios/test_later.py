"""A message to one customer at a moment to come: said once, or asked about when things changed."""

from datetime import UTC, datetime

from sqlmodel import select

from storage.records import LaterMessage, LaterState
from tests.scenarios.test_reminders import reminded
from tests.world import World


def message(w: World) -> LaterMessage:
    """The only message that waits, or waited."""
    (found,) = w.look(lambda work: work.all(select(LaterMessage)))
    return found


async def known(w: World) -> None:
    """Bob has written, and his request is resolved."""
    w.bob.says("hello")
    await w.thread()


async def test_it_is_said_at_its_moment_once(both: World) -> None:
    """Tomorrow at nine, also when the process starts anew in between."""
    w = both
    await known(w)
    said = await w.says(w.ann, "/crm later bob tomorrow 9am Your parcel is on its way")
    assert "Bob Bell" in said and "Thu 19 Nov" in said.replace(",", "")
    w.clock.push(datetime(2026, 11, 19, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    await w.hears(w.bob, "Your parcel is on its way")
    await w.stop_rapport()
    await w.start_rapport()
    w.passes(minutes=5)
    await w.until(lambda: message(w).state is LaterState.SENT)

    assert sum("parcel" in words for words in w.bob.heard) == 1


async def test_when_the_customer_has_written_its_author_is_asked(both: World) -> None:
    """Held; it goes when they say so."""
    w = both
    await known(w)
    await w.says(w.ann, "/crm later bob tomorrow 9am Your parcel is on its way")
    w.passes(hours=2)
    w.bob.says("please cancel my order")
    await w.in_thread("please cancel")
    w.clock.push(datetime(2026, 11, 19, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    card = await reminded(w, w.ann, "Send it anyway?")
    assert "please cancel my order" in card.plain
    assert not any("parcel" in words for words in w.bob.heard)
    await w.ann.presses("Send anyway", channel=w.ann.dm, ts=card.ts)

    await w.hears(w.bob, "Your parcel is on its way")


async def test_it_can_be_listed_changed_and_cancelled(w: World) -> None:
    """Other words at another hour, and then not at all; pressed twice is once."""
    await known(w)
    await w.says(w.ann, "/crm later bob tomorrow 9am Your parcel is on its way")
    assert "1 message waits" in await w.says(w.ann, "/crm laters")
    await w.ann.presses("Edit")
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"Message": "Your parcel is late", "When": "friday 10am"})
    await w.until(lambda: message(w).due_at == datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert message(w).text == "Your parcel is late"
    await w.says(w.ann, "/crm laters")
    await w.ann.presses("Don't send")
    await w.until(lambda: message(w).state is LaterState.CANCELLED)
    w.passes(days=3)

    assert "No messages wait" in await w.says(w.ann, "/crm laters")
    assert not any("parcel" in words for words in w.bob.heard)


async def test_who_cannot_be_reached_is_said_at_once(w: World) -> None:
    """Without Telegram there is no way."""
    await w.says(w.ann, "/crm add Anna Lee, Acme")

    assert "no Telegram" in await w.says(w.ann, "/crm later anna tomorrow 9am hello")


async def test_words_for_who_has_blocked_the_bot_come_back(w: World) -> None:
    """What was written is not lost: its author has it again, with the reason."""
    await known(w)
    await w.says(w.ann, "/crm later bob tomorrow 9am Your parcel is on its way")
    w.bob.blocks()
    await w.in_thread("blocked")
    w.passes(days=1)
    told = await w.until(
        lambda: next((each.plain for each in w.ann.dm.messages if "parcel" in each.plain), None)
    )

    assert "has blocked the bot" in told and "Your parcel is on its way" in told


async def test_what_is_much_too_late_is_asked_about(w: World) -> None:
    """What was right at nine may be wrong at noon."""
    await known(w)
    await w.says(w.ann, "/crm later bob in 2 hours We are at your door")
    await w.stop_rapport()
    w.passes(hours=5)
    await w.start_rapport()
    await reminded(w, w.ann, "Rapport was not running")

    assert message(w).state is LaterState.ASKED


async def test_what_somebody_planned_who_has_left_is_asked_of_the_managers(w: World) -> None:
    """Nobody else would ever know that the customer was to hear something."""
    await known(w)
    await w.says(w.mia, "/crm")
    await w.says(w.ann, "/crm later bob tomorrow 9am Your parcel is on its way")
    await w.ann.changes(deleted=True)
    w.passes(hours=2)
    w.bob.says("and my parcel?")
    await w.in_thread("and my parcel?")
    w.passes(days=1)
    told = await reminded(w, w.mia, "Your parcel is on its way")

    assert "Ann Archer, who has left, had planned a message" in told.plain
    assert message(w).state is LaterState.ASKED
    await w.mia.presses("Send anyway", channel=w.mia.dm, ts=told.ts)
    await w.hears(w.bob, "Your parcel is on its way")


async def test_a_moment_that_comes_again_or_never_is_no_moment_for_a_message(w: World) -> None:
    """A message goes once, and within ten years; a reminder too is due at some time."""
    await known(w)
    assert "A message goes once" in await w.says(w.ann, "/crm later bob every day 9am hi")
    assert "ten years" in await w.says(w.ann, "/crm later bob in 100 years hi")
    assert "ten years" in await w.says(w.ann, "/crm remind bob in 100 years call")

    assert not w.look(lambda work: work.all(select(LaterMessage)))
