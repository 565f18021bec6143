"""An answer is held for some seconds: it can be taken back, kept inside, changed, asked about."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from bot.playground.slack import Message
from bot.playground.slack.faults import Fault
from bot.playground.telegram.faults import Fault as TelegramFault
from storage.queries import tickets
from storage.records import Direction, Interaction, Lane, OutboxRow, OutboxState, TicketStatus
from tests.scenarios.conftest import QUICK, unlimited
from tests.world import World, world

HOLD = 6


@pytest.fixture
async def held(database_url: str) -> AsyncIterator[World]:
    """A world in which answers are held, on both databases."""
    async with world(database_url, hold=HOLD, tempo=QUICK) as started:
        yield unlimited(started)


async def opened(w: World, words: str = "my order 1001") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


async def reacted(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


async def vanished(w: World, card: Message, text: str) -> None:
    """Wait until nothing in the thread reads so."""
    await w.until(lambda: not any(text in m.plain for m in w.support.thread(card.ts)))


def saids(w: World) -> list[Interaction]:
    """Everything that was said, oldest first."""
    return w.look(lambda work: work.all(select(Interaction).order_by(Interaction.id)))  # type: ignore[arg-type]


def answers(w: World) -> list[OutboxRow]:
    """The rows by which answers go to Telegram."""
    rows = w.look(lambda work: work.all(select(OutboxRow).order_by(OutboxRow.id)))  # type: ignore[arg-type]
    return [row for row in rows if row.door == "telegram" and row.subject == "interaction"]


async def test_an_answer_goes_when_its_hold_is_over_and_its_line_vanishes(held: World) -> None:
    """Nothing is heard during the hold; afterwards it is sent, marked, and counted as an answer."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell in 6 seconds")
    before = w.look(lambda work: tickets.numbered(work, 1))
    assert before is not None and before.first_answered_at is None
    assert not any("on its way" in heard for heard in w.bob.heard)
    w.passes(seconds=HOLD)
    await w.hears(w.bob, "It is on its way")
    await reacted(w, line, "white_check_mark")
    await vanished(w, card, "Goes to Bob Bell")

    after = w.look(lambda work: tickets.numbered(work, 1))
    assert after is not None and after.status is TicketStatus.WAITING
    assert after.first_answered_at is not None and after.assignee_id is not None


async def test_undo_leaves_nothing_outside(held: World) -> None:
    """The line is marked, nothing leaves, and it is still the team's turn."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "the wrong window", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    await w.ann.presses("Undo", channel=w.support)
    await reacted(w, line, "no_entry_sign")
    await vanished(w, card, "Goes to Bob Bell")
    w.passes(seconds=HOLD * 2)
    after = await w.ann.says(w.support, "the right words", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.passes(seconds=HOLD)
    await reacted(w, after, "white_check_mark")

    assert not any("wrong window" in heard for heard in w.bob.heard)
    (undone,) = [each for each in saids(w) if each.text == "the wrong window"]
    assert undone.deleted_at is not None and undone.lane is Lane.INTERNAL
    assert undone.direction is Direction.NOTE


async def test_make_it_a_note_keeps_it_inside(held: World) -> None:
    """A lock on the line, a note in the timeline, nothing outside."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "he sounds upset", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    await w.bo.presses("Make it a note", channel=w.support)
    await reacted(w, line, "lock")
    await vanished(w, card, "Goes to Bob Bell")
    w.passes(seconds=HOLD * 2)
    w.bob.says("hello?")
    await w.in_thread("hello?")

    assert not any("upset" in heard for heard in w.bob.heard)
    (note,) = [each for each in saids(w) if each.text == "he sounds upset"]
    assert note.lane is Lane.INTERNAL and note.deleted_at is None


async def test_undo_pressed_by_two_at_once_is_once(w: World) -> None:
    """One of them wins, the other is answered in words."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    line = await w.ann.says(w.support, "twice", thread_ts=card.ts)
    shown = await w.in_thread("Goes to Bob Bell")
    await asyncio.gather(
        w.ann.presses("Undo", channel=w.support, ts=shown.ts),
        w.bo.presses("Make it a note", channel=w.support, ts=shown.ts),
    )
    await w.until(lambda: "decided already" in " ".join([*w.ann.heard, *w.bo.heard]))
    await w.until(lambda: line.reactions)

    assert [row.state for row in answers(w)] == [OutboxState.CANCELLED]
    assert len(line.reactions) == 1


async def test_undo_after_it_has_gone_says_so(w: World) -> None:
    """Too late is said in words, with what can still be done."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    line = await w.ann.says(w.support, "gone", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.slack.faults.on("chat.delete", Fault.ERROR("restricted_action"), times=50)
    w.passes(seconds=HOLD)
    await reacted(w, line, "white_check_mark")
    await w.ann.presses("Undo", channel=w.support)
    await w.sees(w.ann, "It has gone already")

    assert "gone" in w.bob.heard[-1]


async def test_an_edit_during_the_hold_changes_what_goes(held: World) -> None:
    """The customer never sees the words before, and the order of two answers stays."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "It arrives on Munday", thread_ts=card.ts)
    second = await w.ann.says(w.support, "and it is red", thread_ts=card.ts)
    await w.until(lambda: len(answers(w)) == 2)
    await w.ann.edits(line, "It arrives on Monday")
    await w.until(lambda: any(each.edited_at for each in saids(w)))
    w.passes(seconds=HOLD)
    await reacted(w, second, "white_check_mark")

    said = [heard for heard in w.bob.heard if "#1" not in heard]
    assert said == ["It arrives on Monday", "and it is red"]


async def test_a_deletion_during_the_hold_cancels(held: World) -> None:
    """Nothing goes, and nothing is left of the hold in the thread."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "never mind", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    await w.ann.deletes(line)
    await vanished(w, card, "Goes to Bob Bell")
    w.passes(seconds=HOLD * 2)
    w.bob.says("hello?")
    await w.in_thread("hello?")

    assert not any("never mind" in heard for heard in w.bob.heard)


async def test_slashes_put_before_a_held_line_keep_it_inside(w: World) -> None:
    """Who sees the slip in time corrects it where it stands."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    line = await w.ann.says(w.support, "what a grump", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    await w.ann.edits(line, "// what a grump")
    await reacted(w, line, "lock")
    w.passes(seconds=HOLD * 2)
    w.bob.says("hello?")
    await w.in_thread("hello?")

    assert not any("grump" in heard for heard in w.bob.heard)


async def test_when_the_customer_speaks_during_the_hold_the_author_is_asked(held: World) -> None:
    """The line stops; *Send anyway* lets it go, and a second press is once."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "Shall I refund it?", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.bob.says("I have found it!")
    await w.in_thread("I have found it!")
    w.passes(seconds=HOLD)
    asked = await w.in_thread("Send it anyway?")
    await reacted(w, line, "raised_hand")
    assert "I have found it!" in asked.plain and "ago" in asked.plain
    assert not any("refund" in heard for heard in w.bob.heard)
    await w.ann.presses("Send anyway", channel=w.support, ts=asked.ts)
    await w.hears(w.bob, "Shall I refund it?")
    await reacted(w, line, "white_check_mark")
    await vanished(w, card, "Send it anyway?")

    assert "raised_hand" not in line.reactions
    assert len([heard for heard in w.bob.heard if "refund" in heard]) == 1


async def test_an_answer_that_was_stopped_can_be_taken_back(w: World) -> None:
    """Undo in the question works as in the hold; what was said after it goes its way."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    line = await w.ann.says(w.support, "Shall I refund it?", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.bob.says("I have found it!")
    await w.in_thread("I have found it!")
    w.passes(seconds=HOLD)
    asked = await w.in_thread("Send it anyway?")
    after = await w.ann.says(w.support, "Good to hear!", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.passes(seconds=HOLD)
    await reacted(w, after, "white_check_mark")
    await w.ann.presses("Undo", channel=w.support, ts=asked.ts)
    await reacted(w, line, "no_entry_sign")

    assert not any("refund" in heard for heard in w.bob.heard)


async def test_where_the_team_has_decided_so_it_is_sent_all_the_same(w: World) -> None:
    """The policy `overtaken` = send asks nobody."""
    w.decides("hold_seconds", HOLD)
    w.decides("overtaken", "send")
    card = await opened(w)
    line = await w.ann.says(w.support, "Shall I refund it?", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.bob.says("I have found it!")
    await w.in_thread("I have found it!")
    w.passes(seconds=HOLD)
    await reacted(w, line, "white_check_mark")


async def test_who_answers_second_is_told_that_somebody_else_is_answering(held: World) -> None:
    """Only the second of the two is told, and both can still be taken back."""
    w = held
    card = await opened(w)
    await w.bo.says(w.support, "Let me look", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    await w.ann.says(w.support, "I will look", thread_ts=card.ts)
    told = await w.sees(w.ann, "Bo Berg is answering too")

    assert "Let me look" in told
    assert not any("answering too" in heard for heard in w.bo.heard)


async def test_a_hold_survives_a_restart(held: World) -> None:
    """Rapport stops during the hold: the answer goes afterwards, once, and the line vanishes."""
    w = held
    card = await opened(w)
    line = await w.ann.says(w.support, "after the restart", thread_ts=card.ts)
    other = await w.bo.says(w.support, "taken back", thread_ts=card.ts)
    await w.until(lambda: len(w.support.thread(card.ts)) >= 5)
    await w.stop_rapport()
    await w.start_rapport()
    shown = [m for m in w.support.thread(card.ts) if "Goes to Bob Bell" in m.plain]
    await w.bo.presses("Undo", channel=w.support, ts=shown[-1].ts)
    await reacted(w, other, "no_entry_sign")
    w.passes(seconds=HOLD)
    await reacted(w, line, "white_check_mark")
    await vanished(w, card, "Goes to Bob Bell")

    said = [heard for heard in w.bob.heard if "#1" not in heard]
    assert said == ["after the restart"]


async def test_an_answer_that_waits_for_telegram_shows_it(w: World) -> None:
    """⏳ while Telegram is down; ✅ in its place when it has gone."""
    w.decides("hold_seconds", 1)
    card = await opened(w)
    w.telegram.faults.on("sendMessage", do=TelegramFault.TOO_MANY, times=1, retry_after=20)
    line = await w.ann.says(w.support, "patience", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.passes(seconds=2)
    await w.until(lambda: any(row.error for row in answers(w)))
    w.passes(seconds=7)
    await reacted(w, line, "hourglass_flowing_sand")
    w.passes(seconds=20)
    await w.hears(w.bob, "patience")
    await reacted(w, line, "white_check_mark")

    assert "hourglass_flowing_sand" not in line.reactions


async def test_an_answer_with_a_line_marked_as_a_note_is_asked_about(w: World) -> None:
    """A second line that starts with // may be a slip: nothing goes before somebody has looked."""
    card = await opened(w)
    line = await w.ann.says(w.support, "Dear Bob,\n// he is a pain", thread_ts=card.ts)
    asked = await w.in_thread("Send all of it?")
    await reacted(w, line, "raised_hand")
    await w.ann.presses("Make it a note", channel=w.support, ts=asked.ts)
    await reacted(w, line, "lock")

    assert not any("pain" in heard for heard in w.bob.heard)


async def test_a_hold_of_several_rows_is_taken_back_whole(w: World) -> None:
    """A long text with files is several calls; none of them leaves after Undo."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    files = [w.ann.desk_file(f"page{n}.pdf", b"page") for n in (1, 2)]
    text = " ".join(f"word{n}" for n in range(1500))
    line = await w.ann.says(w.support, text, thread_ts=card.ts, files=files)
    await w.in_thread("Goes to Bob Bell")
    await w.ann.presses("Undo", channel=w.support)
    await reacted(w, line, "no_entry_sign")
    w.passes(seconds=HOLD * 2)
    w.bob.says("hello?")
    await w.in_thread("hello?")

    assert not any("word1" in heard for heard in w.bob.heard)
    assert {row.state for row in answers(w)} == {OutboxState.CANCELLED}


async def test_who_was_asked_and_does_not_look_is_reminded(w: World) -> None:
    """A stopped answer is not forgotten: after some minutes its author has it in their messages."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    line = await w.ann.says(w.support, "Shall I refund it?", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.bob.says("I have found it!")
    await w.in_thread("I have found it!")
    w.passes(seconds=HOLD)
    await w.in_thread("Send it anyway?")
    assert not any("Send it anyway?" in heard for heard in w.ann.heard)
    w.passes(minutes=6)
    await w.sees(w.ann, "Send it anyway?")
    await w.ann.presses("Undo", channel=w.ann.dm)
    await reacted(w, line, "no_entry_sign")
    await vanished(w, card, "Send it anyway?")
    await w.sees(w.ann, "Taken back")


async def test_a_stopped_answer_does_not_go_to_somebody_who_was_forgotten(w: World) -> None:
    """`/forget` while an answer is asked about: nobody can let it go any more."""
    w.decides("hold_seconds", HOLD)
    card = await opened(w)
    await w.ann.says(w.support, "Shall I refund it?", thread_ts=card.ts)
    await w.in_thread("Goes to Bob Bell")
    w.bob.says("I have found it!")
    await w.in_thread("I have found it!")
    w.passes(seconds=HOLD)
    await w.in_thread("Send it anyway?")
    w.bob.says("/forget")
    await w.until(lambda: w.bob.last.buttons)
    w.bob.presses(w.bob.last.buttons[0][0].text)
    await w.until(lambda: [row.state for row in answers(w)] == [OutboxState.CANCELLED])

    assert not any("refund" in heard for heard in w.bob.heard)
