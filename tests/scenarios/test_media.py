"""Photos, voices, files, places and faces, both ways."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.playground.slack import Fault as SlackFault
from bot.playground.slack import Message
from bot.playground.telegram import Person
from bot.playground.telegram.faults import Fault
from storage.records import Identity, IdentityKind, Interaction, InteractionVersion
from tests.world import World


async def opened(w: World) -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says("my order 1001")
    await w.in_thread("my order 1001")
    return await w.thread(1)


async def reacted(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


async def test_an_album_arrives_whole_and_is_one_interaction(both: World) -> None:
    """Three photos sent together are three files in the thread and one thing said."""
    w = both
    for number in range(3):
        w.bob.sends_photo(caption="these three" if number == 0 else None, album="77")
    card = await w.thread(1)
    await w.until(lambda: sum(len(m.files) for m in w.support.thread(card.ts)) == 3)

    (said,) = w.look(lambda work: work.all(select(Interaction)))
    assert len(said.media) == 3 and said.text == "these three"
    assert len(w.cards()) == 1


SENDS: dict[str, tuple[Callable[[Person], object], str]] = {
    "location": (lambda bob: bob.sends_location(51.5, -0.12), "51.50000, -0.12000"),
    "somebody's contact": (lambda bob: bob.sends_contact(own=False, first_name="Eve"), "Eve +4477"),
    "sticker": (lambda bob: bob.sends_sticker("👍"), "👍"),
}


@pytest.mark.parametrize("kind", SENDS)
async def test_what_has_no_file_is_put_into_words(w: World, kind: str) -> None:
    """Locations, contacts and stickers can be read in the thread."""
    sends, words = SENDS[kind]
    sends(w.bob)
    await w.in_thread(words)


async def test_a_file_whose_answer_was_lost_is_looked_for_and_not_shown_twice(both: World) -> None:
    """Slack has shown it and the connection broke: once is enough."""
    w = both
    card = await opened(w)
    w.slack.faults.on("files.completeUploadExternal", SlackFault.ACCEPT_THEN_RESET)
    w.bob.sends_document(name="offer.pdf", caption="the offer")
    w.bob.says("please look at it")
    await w.in_thread("please look at it")

    shown = [file.name for m in w.support.thread(card.ts) for file in m.files]
    assert shown == ["offer.pdf"]


async def test_a_file_that_did_not_arrive_is_sent_once_more(w: World) -> None:
    """The connection broke before Slack had it: looked for in vain, it goes again."""
    card = await opened(w)
    w.slack.faults.on("files.completeUploadExternal", SlackFault.RESET_BEFORE)
    w.bob.sends_document(name="offer.pdf", caption="the offer")
    w.bob.says("please look at it")
    await w.in_thread("please look at it")

    shown = [file.name for m in w.support.thread(card.ts) for file in m.files]
    assert shown == ["offer.pdf"]


FILES: dict[str, Callable[[Person], object]] = {
    "voice": lambda bob: bob.sends_voice(),
    "document": lambda bob: bob.sends_document(name="offer.pdf", caption="the offer"),
    "video": lambda bob: bob.sends_video(),
}


@pytest.mark.parametrize("kind", FILES)
async def test_what_is_a_file_is_a_file_in_the_thread(w: World, kind: str) -> None:
    """Voice messages, documents and videos are uploaded."""
    FILES[kind](w.bob)
    card = await w.thread(1)
    shown = await w.until(lambda: next((m for m in w.support.thread(card.ts) if m.files), None))

    assert shown.files[0].size > 0
    if kind == "document":
        await w.in_thread("the offer")
        assert shown.files[0].name == "offer.pdf"


async def test_ones_own_contact_keeps_the_phone(both: World) -> None:
    """The contact-share button says what the phone is; somebody else's card does not."""
    w = both
    w.bob.sends_contact(own=False, phone="+447700900111")
    await w.in_thread("+447700900111")
    w.bob.sends_contact(own=True, phone="+447700900222")
    await w.in_thread("+447700900222")

    found = w.look(
        lambda work: work.all(select(Identity).where(Identity.kind == IdentityKind.PHONE))
    )
    assert [each.value for each in found] == ["+447700900222"]


async def test_a_file_of_staff_reaches_the_customer(both: World) -> None:
    """With its name, its bytes, and the words beside it."""
    w = both
    card = await opened(w)
    sent = await w.ann.uploads(w.support, "label.pdf", b"%PDF-label", card.ts, "Print this")
    await reacted(w, sent, "white_check_mark")
    await w.hears(w.bob, "Print this")

    got = [message for message in w.bob.chat if message.from_bot and message.file]
    assert [(m.file.name, m.file.data) for m in got if m.file] == [("label.pdf", b"%PDF-label")]


async def test_several_files_of_staff_arrive_all_and_in_order(w: World) -> None:
    """Three files in one message are three files at the customer's, ✅ after the last."""
    card = await opened(w)
    files = [w.ann.desk_file(f"page{n}.pdf", f"page {n}".encode()) for n in (1, 2, 3)]
    sent = await w.ann.says(w.support, "All pages", thread_ts=card.ts, files=files)
    await reacted(w, sent, "white_check_mark")

    got = [m.file.name for m in w.bob.chat if m.from_bot and m.file]
    assert got == ["page1.pdf", "page2.pdf", "page3.pdf"]


async def test_a_picture_of_staff_is_a_photo_for_the_customer(w: World) -> None:
    """Not a file to be downloaded first."""
    card = await opened(w)
    png = w.bob.sends_photo().file
    assert png is not None
    sent = await w.ann.uploads(w.support, "map.png", png.data, card.ts)
    await reacted(w, sent, "white_check_mark")

    assert [m.kind for m in w.bob.chat if m.from_bot and m.file] == ["photo"]


async def test_a_file_with_two_slashes_stays_inside(w: World) -> None:
    """A note may have a file too."""
    card = await opened(w)
    inside = await w.ann.uploads(w.support, "invoice.pdf", b"%PDF", card.ts, "// for us only")
    await reacted(w, inside, "lock")
    after = await w.ann.says(w.support, "Hello", thread_ts=card.ts)
    await reacted(w, after, "white_check_mark")

    assert [m for m in w.bob.chat if m.from_bot and m.file] == []


async def test_a_caption_that_is_edited_is_edited_in_the_thread(w: World) -> None:
    """The words under a photo are words."""
    sent = w.bob.sends_photo(caption="the brokn one")
    await w.in_thread("the brokn one")
    w.bob.edits(sent.id, "the broken one")
    await w.in_thread("the broken one")

    (before,) = w.look(lambda work: work.all(select(InteractionVersion)))
    assert before.text == "the brokn one"


async def test_a_file_that_cannot_be_fetched_at_once_arrives_later(w: World) -> None:
    """Telegram's file server is away for a moment: the words come, the file after."""
    w.telegram.faults.on("getFile", do=Fault.STATUS, times=1)
    w.bob.sends_document(name="offer.pdf", caption="the offer")
    await w.in_thread("the offer")
    card = await w.thread(1)
    shown = await w.until(lambda: next((m for m in w.support.thread(card.ts) if m.files), None))

    assert shown.files[0].name == "offer.pdf"


async def test_a_file_that_telegram_no_longer_has_does_not_stop_the_thread(w: World) -> None:
    """What cannot be had is given up with a word; what was said after it arrives."""
    await opened(w)
    w.telegram.faults.on("getFile", do=Fault.BAD_ENTITIES)
    w.bob.sends_document(name="offer.pdf", caption="the offer")
    w.bob.says("did you get it?")
    await w.in_thread("did you get it?")
    await w.in_thread("could not be brought here")
