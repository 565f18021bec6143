"""The playground's Telegram behaves as the real one, seen through real clients."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.playground.telegram import Fault, Limits, Person, TelegramCloud
from bot.playground.telegram.entities import formatted, parse_html
from bot.playground.telegram.files import sample_ogg, sample_png
from bot.playground.telegram.limits import Pace

# Reading `retry_after` warns of a type that will change; the wait itself is what matters here.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def cloud() -> AsyncIterator[TelegramCloud]:
    cloud = TelegramCloud(limits=None)
    await cloud.start()
    yield cloud
    await cloud.stop()


def client_of(cloud: TelegramCloud, token: str | None = None) -> Bot:
    return Bot(
        token or cloud.token,
        base_url=f"{cloud.url}/bot",
        base_file_url=f"{cloud.url}/file/bot",
    )


@pytest.fixture
async def bot(cloud: TelegramCloud) -> AsyncIterator[Bot]:
    async with client_of(cloud) as bot:
        yield bot


@pytest.fixture
def bob(cloud: TelegramCloud) -> Person:
    return cloud.person("Bob", started=True)


Raw = Callable[..., Coroutine[Any, Any, tuple[int, dict[str, Any]]]]


@pytest.fixture
async def raw(cloud: TelegramCloud) -> AsyncIterator[Raw]:
    """Calls a method as an independent client does: JSON in, status and JSON out."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **params: Any) -> tuple[int, dict[str, Any]]:
            address = f"{cloud.url}/bot{cloud.token}/{method}"
            async with session.post(address, json=params) as response:
                return response.status, await response.json()

        yield call


async def eventually(condition: Callable[[], object], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.005)


# Updates


async def test_an_update_stays_until_a_higher_offset_confirms_it(bot: Bot, bob: Person) -> None:
    """Telegram repeats what the bot has not confirmed."""
    bob.says("one")
    bob.says("two")
    first = await bot.get_updates()
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    none = await bot.get_updates(offset=first[1].update_id + 1)

    assert [update.effective_message.text for update in first if update.effective_message] == [
        "one",
        "two",
    ]
    assert [update.update_id for update in again] == [update.update_id for update in first]
    assert first[1].update_id == first[0].update_id + 1
    assert [update.update_id for update in rest] == [first[1].update_id]
    assert none == ()


async def test_a_limit_and_a_negative_offset_choose_updates(bot: Bot, bob: Person) -> None:
    """A negative offset keeps the last few and forgets the rest."""
    for number in range(5):
        bob.says(str(number))

    assert len(await bot.get_updates(limit=2)) == 2
    last = await bot.get_updates(offset=-1)
    assert [update.message.text for update in last if update.message] == ["4"]
    assert len(await bot.get_updates()) == 1


async def test_a_long_poll_answers_when_somebody_writes(bot: Bot, bob: Person) -> None:
    """A waiting poll answers at once, not at its timeout."""
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await eventually(lambda: bob.cloud.ledger.calls["getUpdates"])
    began = time.monotonic()
    bob.says("hello")

    assert len(await poll) == 1
    assert time.monotonic() - began < 5


async def test_a_second_poll_ends_the_first_with_a_conflict(
    cloud: TelegramCloud, bot: Bot, raw: Raw, bob: Person
) -> None:
    """The newest poll wins and the older one hears 409."""
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await eventually(lambda: cloud.ledger.calls["getUpdates"])
    second = asyncio.create_task(raw("getUpdates", timeout=20))

    with pytest.raises(Conflict, match="(?i)terminated by other getUpdates request"):
        await first
    bob.says("hello")
    status, answer = await second
    assert (status, len(answer["result"])) == (200, 1)


async def test_rare_updates_come_only_when_asked_for(bot: Bot, bob: Person) -> None:
    """Reactions are among the updates that a bot must request by name."""
    message = await bot.send_message(bob.id, "hello")
    bob.reacts(message.message_id, "👍")
    assert await bot.get_updates(allowed_updates=["message", "message_reaction"]) == ()

    bob.reacts(message.message_id, None)
    (update,) = await bot.get_updates()
    assert update.message_reaction
    assert [each.to_dict() for each in update.message_reaction.old_reaction] == [
        {"type": "emoji", "emoji": "👍"}
    ]
    assert update.message_reaction.new_reaction == ()


async def test_a_malformed_update_is_given_as_it_is(
    cloud: TelegramCloud, raw: Raw, bob: Person
) -> None:
    """Anything can be put in the queue, and it is confirmed like the rest."""
    junk: list[Any] = [
        {"update_id": cloud.next_update_id, "message": 7},
        "a string",
        {"message": {}},
        None,
    ]
    for each in junk:
        cloud.inject(each)
    bob.says("after")
    _, answer = await raw("getUpdates")

    assert answer["result"][:4] == junk
    await raw("getUpdates", offset=answer["result"][4]["update_id"])
    _, rest = await raw("getUpdates")
    assert [update["message"]["text"] for update in rest["result"]] == ["after"]


async def test_update_ids_may_start_again_elsewhere(
    cloud: TelegramCloud, raw: Raw, bob: Person
) -> None:
    """After an idle week ids restart lower, and an old offset must not swallow the new updates."""
    old = cloud.next_update_id
    cloud.restart_update_ids(at=500)
    bob.says("hello")
    _, answer = await raw("getUpdates", offset=old)

    assert [update["update_id"] for update in answer["result"]] == [500]


async def test_an_application_polls_and_answers(cloud: TelegramCloud) -> None:
    """Stock python-telegram-bot runs against the cloud, start to stop."""

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message:
            await update.effective_message.reply_text(f"you said {update.effective_message.text}")

    application = (
        Application.builder()
        .token(cloud.token)
        .base_url(f"{cloud.url}/bot")
        .base_file_url(f"{cloud.url}/file/bot")
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    ann = cloud.person("Ann", language_code="zh")
    async with application:
        assert application.updater
        await application.start()
        await application.updater.start_polling(timeout=2)
        ann.says("你好")
        await eventually(lambda: ann.heard)
        await application.updater.stop()
        await application.stop()

    assert ann.heard == ["you said 你好"]


# Webhooks


class Receiver:
    """A bot's own web server: answers each update with the next of the planned statuses."""

    def __init__(self, *statuses: int, answer: dict[str, Any] | None = None) -> None:
        self.statuses = list(statuses)
        self.answer = answer
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return runner

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer or {}, status=status)


async def test_a_webhook_gets_each_update_until_it_answers_2xx(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """A refused update comes again, in order, with the secret."""
    receiver = Receiver(500, 503)
    runner = await receiver.start()
    await bot.set_webhook(receiver.url, secret_token="s3cret", max_connections=5)
    bob.says("one")
    bob.says("two")
    await eventually(lambda: len(receiver.got) == 4)
    await eventually(lambda: not len(cloud.updates))
    info = await bot.get_webhook_info()
    await bot.delete_webhook()
    await runner.cleanup()

    assert [update["message"]["text"] for update in receiver.got] == ["one", "one", "one", "two"]
    assert set(receiver.secrets) == {"s3cret"}
    assert info.url == receiver.url
    assert info.last_error_message
    assert "503" in info.last_error_message
    assert info.pending_update_count == 0


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    """One way at a time."""
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="(?i)webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()

    assert await bot.get_updates() == ()


async def test_a_webhook_may_answer_with_a_method(bot: Bot, bob: Person) -> None:
    """The answer to an update may itself be a call."""
    receiver = Receiver(answer={"method": "sendMessage", "chat_id": bob.id, "text": "from afar"})
    runner = await receiver.start()
    await bot.set_webhook(receiver.url)
    bob.says("hi")
    await eventually(lambda: bob.heard)
    await bot.delete_webhook()
    await runner.cleanup()

    assert bob.heard == ["from afar"]


async def test_a_webhook_that_is_down_loses_nothing(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """What was not delivered waits for the next poll."""
    await bot.set_webhook("http://127.0.0.1:9/hook")
    bob.says("hello")
    assert cloud.webhook
    webhook = cloud.webhook
    await eventually(lambda: webhook.tries)
    await bot.delete_webhook()

    assert len(await bot.get_updates()) == 1


async def test_a_bad_secret_or_address_is_refused(bot: Bot) -> None:
    """Telegram checks both before it believes in a webhook."""
    with pytest.raises(BadRequest, match="(?i)unallowed characters"):
        await bot.set_webhook("http://127.0.0.1:9/", secret_token="no spaces please")
    with pytest.raises(BadRequest, match="(?i)bad webhook"):
        await bot.set_webhook("ftp://127.0.0.1/")


# Sending


async def test_a_message_arrives_with_its_entities(bot: Bot, bob: Person) -> None:
    """HTML becomes text and entities, counted in UTF-16."""
    message = await bot.send_message(
        bob.id,
        '😀 <b>Bold &amp; <i>both</i></b> <a href="https://x.io/?a=1&amp;b=2">link</a> @somebody',
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
    )

    assert bob.heard == ["😀 Bold & both link @somebody"]
    assert dict(_spans(message.parse_entities())) == {
        "bold": "Bold & both",
        "italic": "both",
        "text_link": "link",
        "mention": "@somebody",
    }
    assert message.link_preview_options and message.link_preview_options.is_disabled
    assert message.has_protected_content
    assert bob.last.silent


def _spans(entities: dict[Any, str]) -> list[tuple[str, str]]:
    return [(entity.type, text) for entity, text in entities.items()]


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_broken_html_is_refused_in_telegrams_words(
    raw: Raw, bob: Person, html: str, complaint: str
) -> None:
    """An error in the markup refuses the whole message."""
    status, answer = await raw("sendMessage", chat_id=bob.id, text=html, parse_mode="HTML")

    assert (status, answer) == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": f"Bad Request: can't parse entities: {complaint}",
        },
    )
    assert bob.heard == []


def test_references_and_nested_code_read_as_telegram_reads_them() -> None:
    """Only four names are known; a code block takes its language from the code inside."""
    assert parse_html("&lt;&#128512;&nbsp;&quot;") == ('<😀&nbsp;"', [])
    text, entities = parse_html('<pre><code class="language-py">x = 1</code></pre>')
    assert (text, entities) == (
        "x = 1",
        [{"type": "pre", "offset": 0, "length": 5, "language": "py"}],
    )
    assert formatted("  <b> hi</b> \n", "HTML", None) == (
        "hi",
        [{"type": "bold", "offset": 0, "length": 2}],
    )


async def test_the_length_limit_counts_after_markup_in_utf16(bot: Bot, bob: Person) -> None:
    """4096 units of text, however long the markup; an emoji is two."""
    await bot.send_message(bob.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="(?i)message is too long"):
        await bot.send_message(bob.id, "x" * 4095 + "😀")
    with pytest.raises(BadRequest, match="(?i)message text is empty"):
        await bot.send_message(bob.id, "  ")
    with pytest.raises(BadRequest, match="(?i)caption is too long"):
        await bot.send_photo(bob.id, sample_png(8, 8), caption="x" * 1025)

    assert len(bob.chat) == 1


async def test_a_reply_quotes_and_a_lost_quote_is_refused(bot: Bot, bob: Person) -> None:
    """A reply names its message unless it may go without."""
    asked = bob.says("how much?")
    answer = await bot.send_message(bob.id, "ten", reply_parameters=ReplyParameters(asked.id))
    with pytest.raises(BadRequest, match="(?i)to be replied not found"):
        await bot.send_message(bob.id, "?", reply_parameters=ReplyParameters(999_999))
    loose = ReplyParameters(999_999, allow_sending_without_reply=True)
    await bot.send_message(bob.id, "anyway", reply_parameters=loose)

    assert answer.reply_to_message
    assert answer.reply_to_message.text == "how much?"
    assert bob.chat[1].reply_to == asked.id
    assert bob.last.reply_to is None


async def test_every_kind_of_message_can_be_sent(bot: Bot, bob: Person) -> None:
    """Uploads of each kind come back as objects with files that can be fetched."""
    png, ogg = sample_png(16, 9), sample_ogg(1)
    photo = await bot.send_photo(bob.id, png, caption="<i>look</i>", parse_mode="HTML")
    document = await bot.send_document(bob.id, b"%PDF-1.1", filename="offer.pdf")
    voice = await bot.send_voice(bob.id, ogg, duration=1)
    video = await bot.send_video(bob.id, b"video", duration=3)
    audio = await bot.send_audio(bob.id, b"music", title="Song", performer="Ann")
    animation = await bot.send_animation(bob.id, b"gif")
    sticker = await bot.send_sticker(bob.id, b"webp")
    location = await bot.send_location(bob.id, 51.5, -0.12)
    contact = await bot.send_contact(bob.id, "+4420", "Ann")

    assert (photo.photo[-1].width, photo.photo[-1].height, photo.caption) == (16, 9, "look")
    assert document.document and document.document.file_name == "offer.pdf"
    assert voice.voice and voice.voice.mime_type == "audio/ogg"
    assert video.video and video.video.to_dict()["duration"] == 3
    assert audio.audio and audio.audio.title == "Song"
    assert animation.animation
    assert sticker.sticker
    assert location.location and location.location.latitude == 51.5
    assert contact.contact and contact.contact.phone_number == "+4420"
    assert [message.kind for message in bob.chat] == (
        "photo document voice video audio animation sticker location contact".split()
    )
    fetched = await (await bot.get_file(document.document.file_id)).download_as_bytearray()
    assert bytes(fetched) == b"%PDF-1.1"


async def test_a_known_file_and_a_loopback_address_can_be_sent_again(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """A file travels by its id or its address, not only by upload."""
    photo = await bot.send_photo(bob.id, sample_png(20, 10))
    known = await bot.send_photo(bob.id, photo.photo[-1].file_id)
    address = f"{cloud.url}/media/{photo.photo[-1].file_unique_id}"
    fetched = await bot.send_photo(bob.id, address)

    assert known.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    assert fetched.photo[-1].width == 20
    with pytest.raises(BadRequest, match="(?i)wrong file identifier"):
        await bot.send_photo(bob.id, "AgACAgNobodyKnowsThis")
    with pytest.raises(BadRequest, match="(?i)failed to get HTTP URL content"):
        await bot.send_photo(bob.id, "https://example.com/x.png")


async def test_an_album_arrives_together(bot: Bot, bob: Person) -> None:
    """Several photos share one group id, and each may have its own caption."""
    media = [InputMediaPhoto(sample_png(9, 9), caption="one"), InputMediaPhoto(sample_png(8, 8))]
    messages = await bot.send_media_group(bob.id, media)

    assert len({message.media_group_id for message in messages}) == 1
    assert [message.text for message in bob.chat] == ["one", ""]
    assert bob.chat[0].album == bob.chat[1].album == messages[0].media_group_id
    with pytest.raises(BadRequest, match="(?i)too many messages"):
        await bot.send_media_group(bob.id, [InputMediaPhoto(sample_png(8, 8))] * 11)


async def test_what_people_send_can_be_downloaded(bot: Bot, bob: Person) -> None:
    """Each kind that a person sends comes as an update whose file the bot can fetch."""
    sent = sample_png(400, 300)
    bob.sends_photo(sent, caption="my kitchen", album="77")
    bob.sends_voice()
    bob.sends_document(b"hello", name="a.txt", mime="text/plain")
    bob.sends_video()
    bob.sends_sticker("🎉")
    bob.sends_location(1.5, 2.5)
    bob.sends_contact(own=True)
    bob.sends_contact(own=False, phone="+123", first_name="Eve")
    messages = [update.message for update in await bot.get_updates() if update.message]

    small, full = messages[0].photo
    assert (full.width, full.height) == (400, 300)
    assert small.width == 90
    assert bytes(await (await full.get_file()).download_as_bytearray()) == sent
    assert (messages[0].caption, messages[0].media_group_id) == ("my kitchen", "77")
    assert messages[1].voice
    voice = await (await messages[1].voice.get_file()).download_as_bytearray()
    assert voice.startswith(b"OggS")
    assert messages[2].document and messages[2].document.mime_type == "text/plain"
    assert messages[3].video
    assert messages[4].sticker and messages[4].sticker.emoji == "🎉"
    assert messages[5].location and messages[5].location.longitude == 2.5
    assert messages[6].contact and messages[6].contact.user_id == bob.id
    assert messages[7].contact and messages[7].contact.user_id is None


# Who can be reached


async def test_people_who_cannot_be_reached_are_refused(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """Unknown, never started and blocked are three different answers."""
    with pytest.raises(BadRequest, match="(?i)chat not found"):
        await bot.send_message(1, "hi")
    with pytest.raises(Forbidden, match="(?i)can't initiate conversation"):
        await bot.send_message(cloud.person("Shy").id, "hi")
    bob.blocks()
    with pytest.raises(Forbidden, match="(?i)bot was blocked by the user"):
        await bot.send_message(bob.id, "hi")
    bob.unblocks()
    await bot.send_message(bob.id, "welcome back")

    changes = [update.my_chat_member for update in await bot.get_updates()]
    statuses = [change.new_chat_member.status for change in changes if change]
    assert statuses == ["kicked", "member"]
    assert len(cloud.ledger.delivered_to(bob.id)) == 1


async def test_starting_by_a_link_carries_its_payload(bot: Bot, cloud: TelegramCloud) -> None:
    """A deep link's payload comes with /start, and the bot may write from then on."""
    eve = cloud.person("Eve", username="eve_m", language_code="de")
    eve.starts("autumn-fair_7")
    (update,) = await bot.get_updates()

    assert update.message and update.message.text == "/start autumn-fair_7"
    assert update.message.entities[0].type == "bot_command"
    assert update.effective_user and update.effective_user.language_code == "de"
    assert (await bot.send_message(eve.id, "hi")).chat.username == "eve_m"


# Changing what was sent


async def test_edits_go_both_ways(bot: Bot, bob: Person) -> None:
    """Each side sees the other's current text and that it was edited."""
    asked = bob.says("hepl")
    bob.edits(asked.id, "help")
    answer = await bot.send_message(bob.id, "coming")
    await bot.edit_message_text("<b>here</b>", bob.id, answer.message_id, parse_mode="HTML")
    updates = await bot.get_updates()

    assert updates[1].edited_message and updates[1].edited_message.text == "help"
    assert bob.heard == ["here"]
    assert [message.edited for message in bob.chat] == [True, True]
    with pytest.raises(BadRequest, match="(?i)not modified"):
        await bot.edit_message_text("<b>here</b>", bob.id, answer.message_id, parse_mode="HTML")
    with pytest.raises(BadRequest, match="(?i)can't be edited"):
        await bot.edit_message_text("mine", bob.id, asked.id)
    with pytest.raises(BadRequest, match="(?i)to edit not found"):
        await bot.edit_message_text("?", bob.id, 999_999)


async def test_captions_and_buttons_can_be_changed(bot: Bot, bob: Person) -> None:
    """A caption and a keyboard are edited by methods of their own."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    photo = await bot.send_photo(bob.id, sample_png(8, 8), caption="old", reply_markup=keyboard)
    await bot.edit_message_caption(bob.id, photo.message_id, caption="new", reply_markup=keyboard)
    assert bob.last.labels == ["Yes"]
    await bot.edit_message_reply_markup(bob.id, photo.message_id)

    assert bob.heard == ["new"]
    assert bob.last.labels == []
    with pytest.raises(BadRequest, match="(?i)no text in the message"):
        await bot.edit_message_text("x", bob.id, photo.message_id)


async def test_deleted_messages_are_gone_within_two_days(cloud: TelegramCloud, bot: Bot) -> None:
    """A bot may delete for 48 hours; many at once skips what is not there."""
    clock = [NOON]
    cloud.now = lambda: clock[0]
    bob = cloud.person("Bob", started=True)
    first = await bot.send_message(bob.id, "one")
    ids = [(await bot.send_message(bob.id, text)).message_id for text in ("two", "three")]
    await bot.delete_message(bob.id, first.message_id)
    await bot.delete_messages(bob.id, [ids[0], 999_999])
    clock[0] += timedelta(hours=49)

    assert bob.heard == ["three"]
    with pytest.raises(BadRequest, match="(?i)can't be deleted"):
        await bot.delete_message(bob.id, ids[1])
    with pytest.raises(BadRequest, match="(?i)to delete not found"):
        await bot.delete_message(bob.id, first.message_id)


async def test_a_reaction_is_a_light_receipt(bot: Bot, bob: Person) -> None:
    """One of Telegram's emoji on a message; any other is refused."""
    message = bob.says("thanks!")
    await bot.set_message_reaction(bob.id, message.id, "👀")
    assert message.reactions == ["👀"]
    with pytest.raises(BadRequest, match="(?i)reaction_invalid"):
        await bot.set_message_reaction(bob.id, message.id, "🥷")
    await bot.set_message_reaction(bob.id, message.id)

    assert message.reactions == []


async def test_a_pressed_button_asks_and_is_answered(bot: Bot, bob: Person) -> None:
    """A press is found by label or data, and its answer is seen as an alert."""
    rows = [
        [InlineKeyboardButton("Good", callback_data="rate:5")],
        [InlineKeyboardButton("Site", url="https://example.com")],
    ]
    await bot.send_message(bob.id, "How was it?", reply_markup=InlineKeyboardMarkup(rows))
    bob.presses("Good")
    bob.presses("rate:5")
    bob.presses("Site")
    updates = await bot.get_updates()
    query = updates[0].callback_query
    assert query and query.data == "rate:5"
    assert query.message and query.message.message_id == bob.last.id
    await query.answer("Thank you!")

    assert len(updates) == 2
    assert bob.alerts == ["Thank you!"]
    with pytest.raises(BadRequest, match="(?i)query is too old"):
        await bot.answer_callback_query("12345")
    with pytest.raises(LookupError, match="(?i)no button"):
        bob.presses("Bad")


async def test_buttons_that_telegram_refuses(raw: Raw, bob: Person) -> None:
    """Data over 64 bytes and buttons that do nothing are mistakes."""
    long = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}
    idle = {"inline_keyboard": [[{"text": "x"}]]}
    status, answer = await raw("sendMessage", chat_id=bob.id, text="x", reply_markup=long)
    assert (status, answer["description"]) == (400, "Bad Request: BUTTON_DATA_INVALID")
    status, answer = await raw("sendMessage", chat_id=bob.id, text="x", reply_markup=idle)

    assert status == 400
    assert "Text buttons are unallowed" in answer["description"]


async def test_a_reply_keyboard_shares_a_phone_once(bot: Bot, bob: Person) -> None:
    """A keyboard stays until it is removed; its contact button shares one's own number."""
    rows: list[list[str | KeyboardButton]] = [
        [KeyboardButton("Share my number", request_contact=True), "No thanks"]
    ]
    await bot.send_message(bob.id, "Your phone?", reply_markup=ReplyKeyboardMarkup(rows))
    bob.presses("Share my number")
    bob.presses("No thanks")
    await bot.send_message(bob.id, "Thanks", reply_markup=ReplyKeyboardRemove())
    contact, text = [update.message for update in await bot.get_updates()]

    assert contact and contact.contact and contact.contact.phone_number == bob.phone
    assert text and text.text == "No thanks"
    assert bob.keyboard is None


# The bot itself


async def test_commands_are_kept_by_scope_and_language(cloud: TelegramCloud, bot: Bot) -> None:
    """The page shows those of private chats, in each language."""
    everywhere = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("help", "All I can do")])
    await bot.set_my_commands([BotCommand("tickets", "Your tickets")], scope=everywhere)
    await bot.set_my_commands([("tickets", "您的工单")], scope=everywhere, language_code="zh")

    assert [each.command for each in await bot.get_my_commands()] == ["help"]
    assert cloud.snapshot()["bot"]["commands"] == {
        "": [{"command": "tickets", "description": "Your tickets"}],
        "zh": [{"command": "tickets", "description": "您的工单"}],
    }
    await bot.delete_my_commands(scope=everywhere, language_code="zh")
    assert list(cloud.snapshot()["bot"]["commands"]) == [""]
    with pytest.raises(BadRequest, match="(?i)bot_command_invalid"):
        await bot.set_my_commands([("Not Allowed", "x")])


async def test_the_small_methods_answer(bot: Bot, bob: Person) -> None:
    """Descriptions, chats, photos, typing and the menu button are there too."""
    await bot.set_my_description("A CRM")
    await bot.set_my_short_description("CRM", language_code="de")
    await bot.set_chat_menu_button(bob.id)
    await bot.send_chat_action(bob.id, "typing")

    assert (await bot.get_me()).username == "rapport_demo_bot"
    assert (await bot.get_my_description()).description == "A CRM"
    assert (await bot.get_my_short_description("de")).short_description == "CRM"
    assert (await bot.get_chat(bob.id)).first_name == "Bob"
    assert (await bot.get_user_profile_photos(bob.id)).total_count == 0
    assert bob.typing
    await bot.send_message(bob.id, "done")
    assert not bob.typing


async def test_wrong_tokens_and_methods_are_refused(cloud: TelegramCloud, raw: Raw) -> None:
    """A wrong token is 401, a malformed one and an unknown method are 404."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{cloud.url}/bot12:wrong/getMe") as response:
            assert await response.json() == {
                "ok": False,
                "error_code": 401,
                "description": "Unauthorized",
            }
        async with session.get(f"{cloud.url}/botnonsense/getMe") as response:
            assert response.status == 404
        async with session.get(f"{cloud.url}/file/bot12:wrong/photos/file_1.png") as response:
            assert response.status == 401
    status, answer = await raw("sendTelepathy")
    assert (status, answer["error_code"]) == (404, 404)
    with pytest.raises(InvalidToken):
        async with client_of(cloud, "12:wrong"):
            raise AssertionError("a bot with a wrong token must not start")


async def test_calls_come_as_query_form_multipart_or_json(
    cloud: TelegramCloud, bob: Person
) -> None:
    """Four ways to say the same, and any capitals."""
    address = f"{cloud.url}/bot{cloud.token}"
    told = {"chat_id": str(bob.id), "text": "hi"}
    multipart = aiohttp.FormData(told, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        for response in (
            await session.get(f"{address}/sendmessage", params=told),
            await session.post(f"{address}/sendMessage", data=told),
            await session.post(f"{address}/SENDMESSAGE", data=multipart),
            await session.post(f"{address}/sendMessage", json=told),
        ):
            assert (await response.json())["ok"]

    assert bob.heard == ["hi"] * 4
    assert cloud.ledger.calls["sendMessage"] == 4


# Limits


def test_a_sliding_second_holds_only_so_many_messages() -> None:
    """The window slides: what was sent a second ago makes room, nothing earlier does."""
    now = [100.0]
    pace = Pace(Limits(per_second=3, per_chat_second=None), clock=lambda: now[0])
    taken = []
    for moment in (0.0, 0.5, 0.6, 0.9, 1.0, 1.4, 1.5):
        now[0] = 100.0 + moment
        taken.append(pace.take(chat_id=int(moment * 10)) == 0)

    assert taken == [True, True, True, False, True, False, True]


def test_a_chat_takes_a_small_burst_and_then_one_a_second() -> None:
    """Three at once, then the chat needs to rest; other chats do not."""
    now = [0.0]
    pace = Pace(Limits(per_second=None, chat_burst=3), clock=lambda: now[0])

    assert [pace.take(1) for _ in range(4)] == [0, 0, 0, 1]
    assert pace.take(2) == 0
    now[0] = 1.0
    assert [pace.take(1), pace.take(1)] == [0, 1]
    now[0] = 10.0
    assert pace.take(1, messages=10) == 0
    assert pace.take(1) == 8


async def test_going_too_fast_is_refused_and_counted(cloud: TelegramCloud, bot: Bot) -> None:
    """A 429 names the wait, delivers nothing, and is written down as avoidable."""
    cloud.pace = Pace(Limits(per_second=5, per_chat_second=None))
    bob = cloud.person("Bob", started=True)
    results = await asyncio.gather(
        *(bot.send_message(bob.id, str(number)) for number in range(8)), return_exceptions=True
    )
    refusals = [result for result in results if isinstance(result, RetryAfter)]

    assert len(refusals) == 3
    assert cloud.ledger.avoidable_429 == 3
    assert len(cloud.ledger.delivered_to(bob.id)) == 5


# Faults


async def test_an_accepted_message_whose_answer_is_lost(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """The person has it, the caller sees a broken connection, the ledger tells both."""
    cloud.faults.on("sendMessage", nth=2, do=Fault.ACCEPT_THEN_RESET)
    await bot.send_message(bob.id, "one")
    with pytest.raises(NetworkError):
        await bot.send_message(bob.id, "two")
    await bot.send_message(bob.id, "three")

    assert bob.heard == ["one", "two", "three"]
    outcomes = [delivery.outcome for delivery in cloud.ledger.delivered_to(bob.id)]
    assert outcomes == ["ok", "accept_then_reset", "ok"]


async def test_a_reset_before_acceptance_delivers_nothing(
    cloud: TelegramCloud, raw: Raw, bob: Person
) -> None:
    """Nothing arrives, and the connection is reset rather than closed."""
    cloud.faults.on("sendMessage", do=Fault.RESET_BEFORE, times=1)
    with pytest.raises(aiohttp.ClientOSError):
        await raw("sendMessage", chat_id=bob.id, text="lost")
    assert bob.heard == []

    await raw("sendMessage", chat_id=bob.id, text="found")
    assert bob.heard == ["found"]


@pytest.mark.parametrize(("accepted", "heard"), [(True, ["x"]), (False, [])])
async def test_a_bad_gateway_may_hide_a_delivery(
    cloud: TelegramCloud, bot: Bot, bob: Person, accepted: bool, heard: list[str]
) -> None:
    """502 says nothing about whether the message went out."""
    cloud.faults.on("sendMessage", do=Fault.STATUS, status=502, accepted=accepted)
    with pytest.raises(NetworkError):
        await bot.send_message(bob.id, "x")

    assert bob.heard == heard


async def test_planned_refusals_read_like_real_ones(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """Each refusing fault raises the library's own error."""
    plan: list[tuple[Fault, type[TelegramError]]] = [
        (Fault.TOO_MANY, RetryAfter),
        (Fault.BLOCKED, Forbidden),
        (Fault.MIGRATE, ChatMigrated),
        (Fault.BAD_ENTITIES, BadRequest),
        (Fault.UNAUTHORIZED, InvalidToken),
        (Fault.GARBAGE, TelegramError),
    ]
    for fault, error in plan:
        cloud.faults.clear()
        cloud.faults.on("*", do=fault, retry_after=7, chat=bob.id)
        with pytest.raises(error):
            await bot.send_message(bob.id, "x")

    assert bob.heard == []
    assert cloud.ledger.planned_429 == 1
    assert cloud.ledger.avoidable_429 == 0


async def test_a_hanging_answer_times_out_after_delivery(
    cloud: TelegramCloud, bot: Bot, bob: Person
) -> None:
    """The caller gives up, yet the message is there."""
    cloud.faults.on("sendMessage", do=Fault.HANG, seconds=30, accepted=True)
    with pytest.raises(TimedOut):
        await bot.send_message(bob.id, "x", read_timeout=0.05)

    assert bob.heard == ["x"]


async def test_a_seeded_chance_strikes_the_same_calls_each_time() -> None:
    """Random faults can be replayed from their seed."""

    def struck() -> list[int]:
        cloud = TelegramCloud()
        cloud.faults.on("sendMessage", chance=0.3, seed=11, do=Fault.RESET_BEFORE)
        cloud.faults.on("sendMessage", every=5, do=Fault.BLOCKED)
        return [number for number in range(40) if cloud.faults.strike("sendMessage", 1)]

    assert struck() == struck()
    assert set(range(4, 40, 5)) < set(struck())


async def test_latency_is_added_to_each_call(cloud: TelegramCloud, raw: Raw) -> None:
    """The round trip of a far Telegram can be had on loopback."""
    cloud.faults.latency = 0.1
    began = time.monotonic()
    await raw("getMe")

    assert time.monotonic() - began >= 0.1


# The page and the remote control


async def test_a_snapshot_shows_both_sides(cloud: TelegramCloud, bot: Bot, bob: Person) -> None:
    """The page gets every message with media, buttons and reactions, and hears of changes."""
    changes: list[int] = []
    stop = cloud.listen(lambda: changes.append(1))
    photo = bob.sends_photo(caption="broken tap")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Call me", callback_data="call")]])
    await bot.send_message(bob.id, "On it", reply_markup=keyboard)
    await bot.set_message_reaction(bob.id, photo.id, "👀")
    stop()
    (person,) = cloud.snapshot()["people"]
    theirs, ours = person["messages"]

    assert len(changes) >= 3
    assert (person["first_name"], person["unread"], person["blocked"]) == ("Bob", 1, False)
    assert (theirs["kind"], theirs["text"], theirs["reactions"]) == ("photo", "broken tap", ["👀"])
    assert ours["buttons"] == [[{"text": "Call me", "data": "call"}]]
    json.dumps(person)
    async with aiohttp.ClientSession() as session, session.get(theirs["media"]["url"]) as response:
        assert response.content_type == "image/png"
        assert (await response.read()).startswith(b"\x89PNG")


async def test_people_can_be_driven_over_http(cloud: TelegramCloud, bot: Bot) -> None:
    """Another process makes people, lets them act, plans faults and reads the ledger."""
    async with aiohttp.ClientSession(cloud.url) as session:

        async def post(path: str, body: Any = None) -> Any:
            async with session.post(f"/control/{path}", json=body or {}) as response:
                return await response.json()

        ann = (await post("person", {"first_name": "Ann", "language_code": "zh"}))["id"]
        said = await post(f"{ann}/say", {"text": "hello"})
        for deed in ("start", "photo", "voice", "document", "location", "contact"):
            await post(f"{ann}/{deed}")
        await post(f"{ann}/edit", {"message_id": said["id"], "text": "hello!"})
        await post(f"{ann}/block")
        await post(f"{ann}/unblock")
        await post("inject", [{"update_id": cloud.next_update_id + 50}, 7])
        rows = [[InlineKeyboardButton("Yes", callback_data="y")]]
        await bot.send_message(ann, "ok?", reply_markup=InlineKeyboardMarkup(rows))
        await post(f"{ann}/press", {"button": "Yes"})
        mistake = await post(f"{ann}/press", {"button": "No"})
        await post("faults", {"rules": [{"method": "sendMessage", "do": "blocked", "nth": 1}]})
        with pytest.raises(Forbidden):
            await bot.send_message(ann, "x")
        await post("limits", {"per_second": 1000})
        async with session.get("/control/ledger") as response:
            ledger = await response.json()
        async with session.get("/control/snapshot") as response:
            snapshot = await response.json()

    assert [each["text"] for each in ledger["deliveries"]] == ["ok?"]
    assert snapshot["people"][0]["messages"][0]["text"] == "hello!"
    assert "no button" in mistake["error"]
    assert cloud.pace.limits == Limits(per_second=1000)
    assert len(cloud.updates) == 13


async def test_ten_thousand_updates_are_made_and_read_quickly(
    cloud: TelegramCloud, raw: Raw
) -> None:
    """A flood costs the cloud little, and keeps the order of each chat."""
    began = time.monotonic()
    async with (
        aiohttp.ClientSession(cloud.url) as session,
        session.post(
            "/control/bulk", json={"people": 100, "messages": 100, "text": "{n}"}
        ) as response,
    ):
        made = await response.json()
    seen: dict[int, list[str]] = {}
    offset = made["first"]
    while offset < made["next"]:
        _, answer = await raw("getUpdates", offset=offset)
        for update in answer["result"]:
            message = update["message"]
            seen.setdefault(message["chat"]["id"], []).append(message["text"])
        offset = answer["result"][-1]["update_id"] + 1

    assert time.monotonic() - began < 10
    assert len(seen) == 100
    assert all(texts == [str(number) for number in range(1, 101)] for texts in seen.values())


async def test_the_cloud_mounts_below_another_server(bob: Person) -> None:
    """Its routes work under a prefix, beside a page of somebody else's."""
    cloud = TelegramCloud(limits=None)
    app = web.Application()
    app.add_routes(cloud.routes("/telegram"))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    cloud.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    ann = cloud.person("Ann", started=True)
    async with client_of(cloud) as bot:
        await bot.send_message(ann.id, "mounted")
    await runner.cleanup()

    assert ann.heard == ["mounted"]


async def test_it_runs_alone_from_the_command_line() -> None:
    """One line of JSON says where it is; a signal ends it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.playground.telegram", "--per-second", "1000"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    ready = json.loads(await process.stdout.readline())
    async with Bot(ready["token"], base_url=ready["base_url"]) as bot:
        assert (await bot.get_me()).is_bot
    process.terminate()

    assert await process.wait() == 0
