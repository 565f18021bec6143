"""Two lanes: it is always clear what goes to the customer, and nothing internal ever leaks."""

import pytest
from sqlmodel import select

from bot.playground.slack import Message
from storage.records import Interaction, Lane
from tests.world import World


async def opened(w: World, words: str = "my order 1001") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


async def reacted(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


def notes(w: World) -> list[str]:
    """The words that stayed inside."""
    kept = w.look(
        lambda work: work.all(select(Interaction).where(Interaction.lane == Lane.INTERNAL))
    )
    return [note.text for note in kept]


MARKED = {
    "// he sounds upset": "he sounds upset",
    "  //he sounds upset": "he sounds upset",
    "note: he sounds upset": "he sounds upset",
    "Note:he sounds upset": "he sounds upset",
    "private: he sounds upset": "he sounds upset",
    "INTERNAL: he sounds upset": "he sounds upset",
    "／／ he sounds upset": "he sounds upset",
    "备注：he sounds upset": "he sounds upset",
    "内部：he sounds upset": "he sounds upset",
    "私密: he sounds upset": "he sounds upset",
    "*// he sounds upset*": "he sounds upset*",
    "\u200b// he sounds upset": "he sounds upset",
    "// he sounds upset\nand more": "he sounds upset\nand more",
}


async def test_every_way_to_mark_a_note_stays_inside(w: World) -> None:
    """Slashes and the words that people bring along from other desks; styles do not hide them."""
    card = await opened(w)
    for text in MARKED:
        line = await w.ann.says(w.support, text, thread_ts=card.ts)
        await reacted(w, line, "lock")
    after = await w.ann.says(w.support, "Sorry!", thread_ts=card.ts)
    await reacted(w, after, "white_check_mark")

    assert notes(w) == list(MARKED.values())
    assert not any("upset" in heard for heard in w.bob.heard)


async def test_an_answer_with_a_marked_line_in_it_waits_for_a_word(w: World) -> None:
    """A later line with slashes may be for colleagues: nothing leaves until its author says so."""
    card = await opened(w)
    line = await w.ann.says(w.support, "It left today.\n// what a grump", thread_ts=card.ts)
    await w.in_thread("Nothing has been sent")
    await reacted(w, line, "raised_hand")
    w.passes(minutes=5)
    after = await w.bo.says(w.support, "The number is 17", thread_ts=card.ts)
    await reacted(w, after, "white_check_mark")
    assert not any("left today" in heard for heard in w.bob.heard)
    await w.ann.presses("Send anyway", channel=w.support)

    assert "grump" in await w.hears(w.bob, "It left today.")
    await reacted(w, line, "white_check_mark")


async def test_the_card_shows_the_lane_and_follows_the_decision(both: World) -> None:
    """`/crm lane internal` in the channel: the card says so, plain text stays inside."""
    w = both
    card = await opened(w)
    assert "goes to Bob Bell" in card.plain
    said = await w.says(w.mia, "/crm lane internal")
    assert "stays inside" in said
    await w.until(lambda: "stays inside; > or !reply goes to Bob Bell" in card.plain)
    inside = await w.ann.says(w.support, "what a grump", thread_ts=card.ts)
    await reacted(w, inside, "lock")
    w.li.says("你好")
    await w.until(lambda: any("goes to 王小明" in each.plain for each in w.cards()))
    await w.says(w.mia, "/crm lane default")
    await w.until(lambda: "stays inside; > or" not in card.plain)

    assert not any("grump" in heard for heard in w.bob.heard)


async def test_an_agent_may_not_decide_the_lane(w: World) -> None:
    """That is a manager's matter."""
    await opened(w)
    await w.says(w.mia, "/crm team")
    said = await w.says(w.ann, "/crm lane internal")

    assert "needs another role" in said


OUTWARD = {
    "> it is on its way": "it is on its way",
    "!reply it is on its way": "it is on its way",
    "!r it is on its way": "it is on its way",
    "> two\n> lines": "two\nlines",
}


@pytest.mark.parametrize("text", OUTWARD)
async def test_in_the_internal_lane_a_marked_line_goes_out(w: World, text: str) -> None:
    """Only the words go, without the mark."""
    w.decides("lane", "internal")
    card = await opened(w)
    line = await w.ann.says(w.support, text, thread_ts=card.ts)
    await reacted(w, line, "white_check_mark")

    assert w.bob.heard[-1] == OUTWARD[text]


async def test_a_mention_replies_in_either_lane(both: World) -> None:
    """`@Rapport reply …` goes out with its lines as they were written, and can be edited."""
    w = both
    w.decides("lane", "internal")
    card = await opened(w)
    line = await w.ann.says(w.support, "@Rapport reply 3 apples\n  and a pear", thread_ts=card.ts)
    await reacted(w, line, "white_check_mark")
    assert w.bob.heard[-1] == "3 apples\n  and a pear"
    await w.ann.edits(line, "@Rapport reply 4 apples")
    await w.hears(w.bob, "4 apples")
    inside = await w.ann.says(w.support, "@Rapport reply // no", thread_ts=card.ts)
    await reacted(w, inside, "lock")

    assert not any(heard == "no" for heard in w.bob.heard)


async def test_a_marked_note_in_the_internal_lane_stays_a_note(w: World) -> None:
    """Even behind the mark that sends."""
    w.decides("lane", "internal")
    card = await opened(w)
    for text in ("!reply // upset", "> // upset", "> note: upset"):
        line = await w.ann.says(w.support, text, thread_ts=card.ts)
        await reacted(w, line, "lock")

    assert not any("upset" in heard for heard in w.bob.heard)


async def test_words_of_guests_and_strangers_never_go_out(w: World) -> None:
    """Somebody of another company in a shared channel, or a guest, cannot speak for the team."""
    card = await opened(w)
    guest = w.slack.member("gus", "Gus Guest", guest=True)
    stranger = w.slack.member("sam", "Sam Stranger", stranger=True)
    for person in (guest, stranger):
        await person.joins(w.support)
        await person.says(w.support, "buy my watches", thread_ts=card.ts)
        await person.says(w.support, "@Rapport reply buy my watches", thread_ts=card.ts)
        await person.says(w.support, "!reply buy my watches", thread_ts=card.ts)
    after = await w.ann.says(w.support, "Sorry!", thread_ts=card.ts)
    await reacted(w, after, "white_check_mark")
    await w.until(lambda: w.rapport.inbox.busy == 0)

    assert not any("watches" in heard for heard in w.bob.heard)


async def test_editing_a_sent_line_into_a_note_is_too_late_and_said_so(w: World) -> None:
    """The words behind the slashes do not reach the customer; the author learns what they see."""
    card = await opened(w)
    line = await w.ann.says(w.support, "it is on its way", thread_ts=card.ts)
    await reacted(w, line, "white_check_mark")
    await w.ann.edits(line, "// he is a pain")
    await w.sees(w.ann, "The customer has that line already")

    assert w.bob.heard[-1] == "it is on its way"


async def test_editing_a_note_never_sends_it(w: World) -> None:
    """Slashes taken away later change nothing: what has stayed inside stays there."""
    card = await opened(w)
    line = await w.ann.says(w.support, "// he is a pain", thread_ts=card.ts)
    await reacted(w, line, "lock")
    await w.ann.edits(line, "he is a pain")
    await w.until(lambda: notes(w) == ["he is a pain"])
    after = await w.ann.says(w.support, "Sorry!", thread_ts=card.ts)
    await reacted(w, after, "white_check_mark")

    assert not any("pain" in heard for heard in w.bob.heard)


async def test_reply_outside_of_a_thread_sends_nothing(w: World) -> None:
    """It says where it belongs."""
    await opened(w)
    said = await w.says(w.ann, "/crm reply hello")

    assert "thread" in said
    assert not any("hello" in heard for heard in w.bob.heard)
