"""Edits, quotes, reactions, albums, files of every kind: both ways, nothing lost on the way."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.playground.slack import Message
from bot.playground.telegram import Person
from storage.records import (
    InboxRow,
    InboxState,
    Interaction,
    InteractionVersion,
    OutboxRow,
    OutboxState,
)
from tests.world import World


async def opened(w: World, words: str = "my order 1001") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


async def reacted(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


# Edits


async def test_a_customers_edit_shows_what_stood_there_before(both: World) -> None:
    """In place, with both texts; the timeline keeps both."""
    w = both
    sent = w.bob.says("my order 1O01")
    await w.in_thread("my order 1O01")
    w.bob.edits(sent.id, "my order 1001")
    line = await w.in_thread("my order 1001")

    assert "edited" in line.plain and "before: my order 1O01" in line.plain
    (before,) = w.look(lambda work: work.all(select(InteractionVersion)))
    assert before.text == "my order 1O01"


async def test_a_caption_that_is_edited_leaves_the_picture_where_it_is(both: World) -> None:
    """A picture with words: after an edit both are still there."""
    w = both
    sent = w.bob.sends_photo(caption="the brokn one")
    await w.in_thread("the brokn one")
    card = await w.thread(1)
    await w.until(lambda: any(m.files for m in w.support.thread(card.ts)))
    w.bob.edits(sent.id, "the broken one")
    await w.in_thread("the broken one")

    assert sum(len(m.files) for m in w.support.thread(card.ts)) == 1


# Quotes


async def test_a_quote_at_the_head_of_an_answer_replies_to_that_line(both: World) -> None:
    """With several questions open the customer sees which one is answered."""
    w = both
    first = w.bob.says("Is the red one in stock?")
    card = await w.thread(1)
    await w.in_thread("red one")
    w.bob.says("And when do you open?")
    await w.in_thread("when do you open")
    line = await w.ann.says(
        w.support, "> Is the red one in stock?\nYes, three of them", thread_ts=card.ts
    )
    await reacted(w, line, "white_check_mark")

    assert w.bob.last.reply_to == first.id
    assert w.bob.last.text == "Yes, three of them"


async def test_a_link_to_a_line_at_the_head_of_an_answer_replies_to_it(w: World) -> None:
    """What Slack's *Copy link* gives."""
    first = w.bob.says("Is the red one in stock?")
    card = await w.thread(1)
    shown = await w.in_thread("red one")
    link = f"https://team.slack.com/archives/{w.support.id}/p{shown.ts.replace('.', '')}"
    line = await w.ann.says(
        w.support, f"{link}?thread_ts={card.ts}&cid={w.support.id}\nYes", thread_ts=card.ts
    )
    await reacted(w, line, "white_check_mark")

    assert w.bob.last.reply_to == first.id
    assert w.bob.last.text == "Yes"


async def test_a_quote_of_something_else_is_shown_as_a_quote(w: World) -> None:
    """Nothing of what was written is lost."""
    card = await opened(w)
    line = await w.ann.says(w.support, "> § 7 of our terms\nPlease note", thread_ts=card.ts)
    await reacted(w, line, "white_check_mark")

    assert w.bob.last.text == "§ 7 of our terms\nPlease note"
    assert any(entity["type"] == "blockquote" for entity in w.bob.last.entities)
    assert w.bob.last.reply_to is None


# Reactions


async def test_a_customers_emoji_comes_onto_the_line_and_goes_again(both: World) -> None:
    """👍 on an answer is 👍 on the line in the thread."""
    w = both
    card = await opened(w)
    line = await w.ann.says(w.support, "On its way", thread_ts=card.ts)
    await w.hears(w.bob, "On its way")
    w.bob.reacts(w.bob.last.id, "👍")
    await reacted(w, line, "+1")
    w.bob.reacts(w.bob.last.id, "🎉")
    await reacted(w, line, "tada")
    await w.until(lambda: "+1" not in line.reactions)
    w.bob.reacts(w.bob.last.id, None)
    await w.until(lambda: "tada" not in line.reactions)


async def test_a_customers_emoji_on_what_has_no_line_is_told_in_words(w: World) -> None:
    """On their own words, for instance: the thread says which."""
    sent = w.bob.says("is it far?")
    await w.in_thread("is it far?")
    w.bob.reacts(sent.id, "🤔")
    told = await w.in_thread("Bob Bell reacted 🤔")

    assert "is it far?" in told.plain


async def test_staffs_emoji_reaches_the_customer_and_can_be_taken_away(both: World) -> None:
    """Where Telegram has the emoji; a colour of the skin does not matter."""
    w = both
    sent = w.bob.says("thank you!")
    line = await w.in_thread("thank you!")
    await w.ann.reacts(line, "heart")
    await w.until(lambda: sent.bot_reactions == ["❤"])
    await w.ann.unreacts(line, "heart")
    await w.until(lambda: sent.bot_reactions == [])
    await w.ann.reacts(line, "+1::skin-tone-3")
    await w.until(lambda: sent.bot_reactions == ["👍"])


async def test_what_emoji_say_among_the_team_does_not_go_out(w: World) -> None:
    """👀 is who looks at it, the internal lane takes no emoji out, and a guest's is nobody's."""
    sent = w.bob.says("thank you!")
    line = await w.in_thread("thank you!")
    guest = w.slack.member("gus", "Gus Guest", guest=True)
    await guest.joins(w.support)
    await guest.reacts(line, "fire")
    await w.ann.reacts(line, "eyes")
    w.decides("lane", "internal")
    await w.ann.reacts(line, "clown_face")
    await w.until(lambda: _handled(w, b"clown_face"))
    w.decides("lane", "customer")
    await w.ann.reacts(line, "heart")
    await w.until(lambda: sent.bot_reactions == ["❤"])
    rows = w.look(lambda work: work.all(select(OutboxRow).where(OutboxRow.door == "telegram")))

    assert [row.payload["emoji"] for row in rows if row.verb == "react"] == ["❤"]


def _handled(w: World, what: bytes) -> bool:
    rows = w.look(lambda work: work.all(select(InboxRow)))
    return any(what in row.raw and row.state is InboxState.DONE for row in rows)


# Albums and files


async def test_pictures_of_one_message_are_one_album(both: World) -> None:
    """What was shared together arrives together."""
    w = both
    card = await opened(w)
    png = w.bob.sends_photo().file
    assert png is not None
    files = [w.ann.desk_file(f"side{n}.png", png.data) for n in range(3)]
    line = await w.ann.says(w.support, "All sides", thread_ts=card.ts, files=files)
    await reacted(w, line, "white_check_mark")

    got = [m for m in w.bob.chat if m.from_bot and m.file]
    assert [m.kind for m in got] == ["photo"] * 3
    assert len({m.album for m in got}) == 1 and got[0].album is not None


async def test_a_mixed_bag_of_files_arrives_whole(w: World) -> None:
    """Pictures beside documents, more than ten: several albums, all files, in order."""
    card = await opened(w)
    png = w.bob.sends_photo().file
    assert png is not None
    files = [w.ann.desk_file(f"side{n}.png", png.data) for n in range(12)]
    files.append(w.ann.desk_file("terms.pdf", b"%PDF"))
    line = await w.ann.says(w.support, "", thread_ts=card.ts, files=files)
    await reacted(w, line, "white_check_mark")

    got = [m for m in w.bob.chat if m.from_bot and m.file]
    assert [m.kind for m in got] == ["photo"] * 12 + ["document"]
    assert len({m.album for m in got}) == 3


KINDS: dict[str, tuple[Callable[[Person], object], str, bool]] = {
    "video note": (lambda bob: bob.sends_video_note(), "a video message", True),
    "animation": (lambda bob: bob.sends_animation(), "an animation", True),
    "poll": (lambda bob: bob.sends_poll("Which?", "red", "blue"), "Which? red / blue", False),
    "dice": (lambda bob: bob.sends_dice(4), "🎲 4", False),
    "forwarded": (lambda bob: bob.passes_on("look", "Eve"), "forwarded from Eve", False),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_is_shown_or_said(w: World, kind: str) -> None:
    """Whatever Telegram has, the thread has words for, and the file where there is one."""
    sends, words, has_file = KINDS[kind]
    sends(w.bob)
    await w.in_thread(words)
    card = await w.thread(1)
    if has_file:
        await w.until(lambda: any(m.files for m in w.support.thread(card.ts)))


async def test_a_file_too_large_for_a_bot_is_said_to_both(both: World) -> None:
    """The customer learns at once what to do; the thread knows that there was something."""
    w = both
    await opened(w)
    w.bob.sends_document(data=bytes(21 * 1024 * 1024), name="film.mov", caption="see this")
    await w.in_thread("film.mov (21 MB) is too large")
    await w.in_thread("see this")
    await w.hears(w.bob, "that file is too large for me")

    failed = w.look(lambda work: work.all(select(OutboxRow)))
    assert not [row for row in failed if row.state is OutboxState.FAILED]


async def test_a_file_too_large_for_telegram_is_said_to_its_author(w: World) -> None:
    """Nothing is sent, neither words nor file: half an answer would be worse."""
    card = await opened(w)
    line = await w.ann.uploads(
        w.support, "film.mov", bytes(51 * 1024 * 1024), card.ts, "Here is the film"
    )
    await reacted(w, line, "warning")
    await w.sees(w.ann, "film.mov is too large")

    assert not any("Here is the film" in heard for heard in w.bob.heard)


async def test_what_telegram_itself_says_in_a_chat_opens_no_ticket(w: World) -> None:
    """A message that was pinned is nobody's words."""
    w.bob.starts()
    await w.until(lambda: w.bob.heard)
    w.telegram.inject(
        {
            "update_id": w.telegram.next_update_id,
            "message": {
                "message_id": 990,
                "date": 1_700_000_000,
                "chat": w.bob.as_chat(),
                "from": w.bob.as_user(),
                "pinned_message": {
                    "message_id": 1,
                    "date": 1_700_000_000,
                    "chat": w.bob.as_chat(),
                    "text": "x",
                },
            },
        }
    )
    w.bob.says("hello")
    await w.in_thread("hello")

    found = w.look(lambda work: work.all(select(Interaction)))
    assert [each.text for each in found] == ["hello"]


async def test_no_address_with_a_token_ever_stands_in_a_chat(w: World) -> None:
    """Files are carried as bytes, both ways."""
    card = await opened(w)
    w.bob.sends_document(name="offer.pdf", caption="the offer")
    await w.in_thread("the offer")
    await w.until(lambda: any(m.files for m in w.support.thread(card.ts)))
    line = await w.ann.uploads(w.support, "label.pdf", b"%PDF-label", card.ts, "Print this")
    await reacted(w, line, "white_check_mark")
    posts = w.support.messages + w.support.thread(card.ts)
    shown = str([post.as_slack(metadata=True) for post in posts])
    sent = str(list(w.telegram.ledger.as_json(0)))

    for secret in (w.telegram.token, w.slack.bot_token):
        assert secret not in shown and secret not in sent
