"""An answer of which nobody could know whether it arrived: the customer's reply shows it."""

from bot.playground.slack import Message
from bot.playground.telegram.faults import Fault
from storage.queries import outbox
from storage.records import OutboxRow, OutboxState
from tests.world import World


async def unsure(w: World, words: str = "your code is 42") -> tuple[Message, Message, int]:
    """A line whose answer broke, the question about it, and where it stands all the same."""
    w.bob.says("Which code do I need?")
    card = await w.thread(1)
    await w.in_thread("Which code")
    w.telegram.faults.on("sendMessage", do=Fault.ACCEPT_THEN_RESET, times=1)
    line = await w.ann.says(w.support, words, thread_ts=card.ts)
    asked = await w.in_thread("may not have reached")
    await w.until(lambda: "question" in line.reactions)
    return line, asked, w.bob.last.id


def in_trouble(w: World) -> list[OutboxRow]:
    """What the team would still be told to look at."""
    return w.look(lambda work: outbox.in_trouble(work, (OutboxState.UNSURE, OutboxState.FAILED)))


async def test_a_reply_to_an_unsure_answer_shows_that_it_arrived(both: World) -> None:
    """The mark and the question say so, the reply stands under what it is about."""
    w = both
    line, asked, message = await unsure(w)
    w.bob.says("And where do I type it?", reply_to=message)
    shown = await w.in_thread("And where do I type it?")
    await w.until(lambda: "white_check_mark" in line.reactions)
    await w.until(lambda: "It did reach" in asked.plain)

    assert "↩️ your code is 42" in shown.plain
    assert "question" not in line.reactions
    assert "Send again" not in str(asked.all_blocks)
    assert in_trouble(w) == []
    assert w.bob.heard.count("your code is 42") == 1


async def test_after_a_reply_an_unsure_answer_is_one_like_others(w: World) -> None:
    """It takes the customer's emoji, their author's changes, and goes when it is deleted."""
    line, _, message = await unsure(w)
    w.bob.says("thanks!", reply_to=message)
    await w.until(lambda: "white_check_mark" in line.reactions)
    w.bob.reacts(message, "🔥")
    await w.until(lambda: "fire" in line.reactions)
    await w.ann.edits(line, "your code is 43")
    await w.until(lambda: "your code is 43" in w.bob.heard)
    await w.ann.deletes(line)

    await w.until(lambda: "your code is 43" not in w.bob.heard)


async def test_what_its_author_did_meanwhile_reaches_the_customer(w: World) -> None:
    """A change that could not be brought over while nobody knew where it stands comes then."""
    line, _, message = await unsure(w)
    await w.ann.edits(line, "your code is 43")
    await w.in_thread("Your change has not gone")
    w.bob.says("thanks!", reply_to=message)

    await w.until(lambda: "your code is 43" in w.bob.heard)
    assert "your code is 42" not in w.bob.heard


async def test_an_unsure_answer_that_was_deleted_goes_when_it_turns_up(w: World) -> None:
    """Staff took it back while nobody knew where it stands."""
    line, asked, message = await unsure(w)
    await w.ann.deletes(line)
    await w.until(lambda: "You have deleted this" in asked.plain)
    assert "Send again" not in str(asked.all_blocks)
    assert in_trouble(w) == []
    w.bob.says("what is this?", reply_to=message)

    await w.until(lambda: "your code is 42" not in w.bob.heard)


async def test_a_reply_to_a_file_shows_that_the_file_arrived(w: World) -> None:
    """It has no words of its own; its name is what it is known by."""
    w.bob.says("What does it cost?")
    card = await w.thread(1)
    w.telegram.faults.on("sendDocument", do=Fault.ACCEPT_THEN_RESET, times=1)
    line = await w.ann.uploads(w.support, "prices.pdf", b"%PDF-prices", card.ts, "All of them:")
    await w.until(lambda: "question" in line.reactions)
    w.bob.says("which page?", reply_to=w.bob.last.id)

    await w.until(lambda: "white_check_mark" in line.reactions)
    assert in_trouble(w) == []


async def test_a_reply_to_other_words_of_ours_proves_nothing(w: World) -> None:
    """Only what reads as the answer does is taken for it."""
    line, asked, _ = await unsure(w)
    receipt = next(each for each in w.bob.chat if each.from_bot)
    w.bob.says("who are you?", reply_to=receipt.id)
    await w.in_thread("who are you?")

    assert receipt.text != "your code is 42"
    assert "question" in line.reactions
    assert "may not have reached" in asked.plain
    assert len(in_trouble(w)) == 1


async def test_a_reply_to_the_first_of_two_copies_is_about_the_same_line(w: World) -> None:
    """It was sent again, and both have arrived: a change leaves the customer with one of them."""
    line, asked, message = await unsure(w)
    await w.ann.presses("Send again", channel=w.support, ts=asked.ts)
    await w.until(lambda: w.bob.heard.count("your code is 42") == 2)
    await w.until(lambda: "white_check_mark" in line.reactions)
    w.bob.says("you said it twice", reply_to=message)
    shown = await w.in_thread("you said it twice")
    await w.ann.edits(line, "your code is 43")

    await w.until(lambda: "your code is 43" in w.bob.heard)
    await w.until(lambda: "your code is 42" not in w.bob.heard)
    assert "↩️ your code is 42" in shown.plain
    assert w.bob.heard.count("your code is 43") == 1


async def test_a_reply_that_is_quicker_than_our_answer(w: World) -> None:
    """The customer replies while the call still hangs, and then it breaks: nothing is unsure."""
    w.bob.says("Which code do I need?")
    card = await w.thread(1)
    w.telegram.faults.on("sendMessage", do=Fault.HANG, accepted=True, seconds=8, times=1)
    line = await w.ann.says(w.support, "your code is 42", thread_ts=card.ts)
    await w.hears(w.bob, "your code is 42")
    w.bob.says("And where do I type it?", reply_to=w.bob.last.id)
    shown = await w.in_thread("And where do I type it?")
    await w.until(lambda: "white_check_mark" in line.reactions)

    assert "↩️ your code is 42" in shown.plain
    assert "question" not in line.reactions
    assert in_trouble(w) == []
    await w.until(lambda: w.look(outbox.sending) == [])
