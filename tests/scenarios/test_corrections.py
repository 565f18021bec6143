"""An answer that became several messages is changed and taken back in all of them."""

from bot.playground.slack import Message
from bot.playground.telegram.faults import Fault
from tests.world import World

LONG = " ".join(f"word{number}" for number in range(1000))
OTHER = LONG.replace("word", "term")


async def answered(w: World, text: str) -> Message:
    """A line of Ann's that Bob has in full."""
    w.bob.says("my order 1001")
    card = await w.thread(1)
    await w.hears(w.bob, "#1")
    said = await w.ann.says(w.support, text, thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in said.reactions)
    return said


def heard(w: World, word: str) -> list[str]:
    """What stands in Bob's chat with that word in it, in order."""
    return [each for each in w.bob.heard if word in each]


async def test_a_long_answer_is_edited_in_all_its_messages(both: World) -> None:
    """Each piece is edited in its place, and nothing of the old words is left."""
    w = both
    said = await answered(w, LONG)
    assert len(heard(w, "word")) == 3
    before = len(w.bob.heard)
    await w.ann.edits(said, OTHER)
    await w.until(lambda: len(heard(w, "term")) == 3 and not heard(w, "word"))

    assert " ".join(heard(w, "term")) == OTHER
    assert len(w.bob.heard) == before


async def test_a_long_answer_made_short_leaves_one_message(both: World) -> None:
    """The pieces that there are too many of are deleted."""
    w = both
    said = await answered(w, LONG)
    await w.ann.edits(said, "Never mind")
    await w.until(lambda: heard(w, "Never mind") and not heard(w, "word"))


async def test_a_short_answer_made_long_gets_the_messages_that_are_missing(both: World) -> None:
    """The first piece is edited, the others are sent behind it."""
    w = both
    said = await answered(w, "One moment")
    await w.ann.edits(said, LONG)
    await w.until(lambda: len(heard(w, "word")) == 3)

    assert " ".join(heard(w, "word")) == LONG
    assert not heard(w, "One moment")


async def test_a_long_answer_with_files_is_taken_back_whole(both: World) -> None:
    """Every piece and every file goes from the customer's chat."""
    w = both
    w.bob.says("my order 1001")
    card = await w.thread(1)
    await w.hears(w.bob, "#1")
    before = len(w.bob.messages)
    files = [w.ann.desk_file("a.pdf", b"%PDF-a"), w.ann.desk_file("b.pdf", b"%PDF-b")]
    said = await w.ann.says(w.support, LONG, card.ts, files)
    await w.until(lambda: "white_check_mark" in said.reactions)
    assert len(w.bob.messages) == before + 5
    await w.ann.deletes(said)
    await w.until(lambda: len(w.bob.messages) == before)


async def test_the_change_of_a_line_in_doubt_is_not_said_beside_it(w: World) -> None:
    """It may stand there already: its author decides, and *Send again* sends what it says now."""
    w.bob.says("my order 1001")
    card = await w.thread(1)
    await w.hears(w.bob, "#1")
    w.telegram.faults.on("sendMessage", do=Fault.ACCEPT_THEN_RESET, times=1)
    said = await w.ann.says(w.support, "on Mnday", thread_ts=card.ts)
    await w.in_thread("may not have reached")
    await w.ann.edits(said, "on Monday")
    await w.in_thread("Your change has not gone to Bob Bell")
    assert heard(w, "day") == ["on Mnday"]
    await w.ann.presses("Send again", channel=w.support)
    await w.hears(w.bob, "on Monday")

    assert heard(w, "day") == ["on Mnday", "on Monday"]
