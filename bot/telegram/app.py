"""The Telegram door: updates are kept first, confirmed after, then go through python-telegram-bot.

The library's own Updater confirms updates before handlers run and stumbles over one that it
cannot parse for ever; so we poll ourselves, and give the library one kept update at a time.
"""

import asyncio
import hashlib
import json
import logging
from typing import Any

from telegram import BotCommand, Update
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.crossing import read as look
from bot.crossing import write
from bot.inbox import Inbox, NotNow, Unreadable
from bot.settings import Settings
from bot.telegram import read
from bot.telegram.transport import AiohttpTransport, NotSent, seconds_of
from handlers.actions import deep_links, house, personal, processes
from handlers.customer.commands import MENU
from handlers.message import Incoming, Kind, Media, Reply
from handlers.texts import LANGUAGES, Voice
from storage.engine import Store
from storage.errors import Busy, StorageError

log = logging.getLogger(__name__)

SECONDS_TO_POLL = 25
SECONDS_MOST_APART = 60.0
DUTY = "telegram-poll"
LARGEST_DOWNLOAD = 20 * 1024 * 1024


class TelegramDoor:
    """Everything that comes from Telegram, and the answers to button presses."""

    name = read.TELEGRAM

    def __init__(self, settings: Settings, store: Store, inbox: Inbox) -> None:
        self._settings = settings
        self._store = store
        self._inbox = inbox
        self._polling: asyncio.Task[None] | None = None
        self._read: dict[int, Incoming | BaseException] = {}
        self._ready = False
        # Of somebody's own account, each of which we know whose it is.
        self._connections: set[str] = set()
        # … and those of which Telegram has told us just now.
        self._announced: set[str] = set()
        # What keeps us from hearing anything, for whoever asks how the house is doing.
        self.trouble = ""
        self._poll_transport = AiohttpTransport()
        token = settings.telegram_bot_token.get_secret_value()
        self.bot_id = token.partition(":")[0]
        base = settings.telegram_api_url.rstrip("/")
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{base}/bot")
            .base_file_url(f"{base}/file/bot")
            .request(AiohttpTransport())
            .get_updates_request(self._poll_transport)
            .updater(None)
            .build()
        )
        self.application.add_handler(TypeHandler(Update, self._understand))
        self.application.add_error_handler(self._misunderstood)
        self.bot = self.application.bot

    # Starting and stopping

    async def start(self) -> None:
        """Say hello, set the menus, and begin to listen."""
        await self.introduce()
        await self._until_it_answers(self._set_up)
        if self._settings.telegram_webhook_url is None:
            self._begin_to_poll()

    async def introduce(self) -> None:
        """Learn who we are; from then on updates can be understood."""
        await self._until_it_answers(self.application.initialize)
        self._ready = True

    def _begin_to_poll(self) -> None:
        self._polling = asyncio.get_running_loop().create_task(self._poll())
        self._polling.add_done_callback(self._polling_ended)

    def _polling_ended(self, task: asyncio.Task[None]) -> None:
        """Polling has no end: if it broke, a bug did it, and it begins again."""
        if not task.cancelled() and task.exception() is not None:
            log.error("polling broke", exc_info=task.exception())
            self.trouble = "polling broke"
            asyncio.get_running_loop().call_later(1.0, self._begin_to_poll)

    async def _until_it_answers(self, ask: Any) -> None:
        wait = 0.5
        while True:
            try:
                await ask()
            except InvalidToken as refusal:
                await self._refused(refusal)
                wait = SECONDS_MOST_APART
            except RetryAfter as limit:
                wait = seconds_of(limit.retry_after)
            except TelegramError as away:
                log.warning("Telegram does not answer yet: %s", away.message)
            else:
                self.trouble = ""
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, SECONDS_MOST_APART)

    async def _refused(self, refusal: InvalidToken) -> None:
        """Our token is no good any more: the log, `/health` and the admins in Slack say so."""
        why = refusal.message
        if not self.trouble:
            # Only the sentence: the traceback would tell nothing more.
            log.error("Telegram refuses TELEGRAM_BOT_TOKEN; `rapport doctor` says what to do")
        self.trouble = f"the token is refused ({why})"
        try:
            await write(self._store, lambda work: house.tell_of_refusal(work, self.name, why))
        except StorageError as busy:
            log.warning("nobody could be told: %s", type(busy).__name__)

    async def _set_up(self) -> None:
        for language in LANGUAGES:
            menu = [BotCommand(name, Voice(language).say(f"menu.{name}")) for name in MENU]
            await self.bot.set_my_commands(menu, language_code="" if language == "en" else language)
        await self._keep_name(self.bot.username)
        address = self._settings.telegram_webhook_url
        if address is None:
            await self.bot.delete_webhook()
        else:
            await self.bot.set_webhook(
                f"{address.rstrip('/')}/telegram",
                secret_token=self.webhook_secret,
                allowed_updates=list(read.WANTED),
                max_connections=40,
            )

    async def _keep_name(self, username: str) -> None:
        """Links to the bot are made elsewhere, where nobody can ask Telegram."""
        if await look(self._store, deep_links.bot_name) == username:
            return
        try:
            await write(self._store, lambda work: deep_links.keep_bot_name(work, username))
        except StorageError as trouble:
            # At the next start, then.
            log.warning("the bot's name is not kept: %s", type(trouble).__name__)

    @property
    def webhook_secret(self) -> str:
        """What Telegram proves itself with; made of the token, so that every process knows it."""
        given = self._settings.telegram_webhook_secret
        if given is not None:
            return given.get_secret_value()
        token = self._settings.telegram_bot_token.get_secret_value()
        return hashlib.sha256(f"webhook of {token}".encode()).hexdigest()

    async def hear_no_more(self) -> None:
        """Stop listening; what was kept is still handled, and answers still go."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.wait([self._polling])

    async def stop(self) -> None:
        """Close everything."""
        await self.application.shutdown()

    # Receiving

    async def _poll(self) -> None:
        """Ask for updates for ever. A higher offset confirms, so it moves only after the commit."""
        offset: int | None = None
        wait = 0.5
        while True:
            try:
                if not await self._is_mine_to_poll():
                    await asyncio.sleep(2)
                    continue
                updates = await self._updates(offset)
                new = await self.keep(updates)
            except Busy:
                log.warning("the database is busy: updates stay with Telegram")
                await asyncio.sleep(1)
                continue
            except InvalidToken as refusal:
                await self._refused(refusal)
                await asyncio.sleep(wait)
                wait = min(wait * 2, SECONDS_MOST_APART)
                continue
            except TelegramError as trouble:
                log.warning("polling: %s; again in %.0f s", _said(trouble), wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, SECONDS_MOST_APART if isinstance(trouble, Conflict) else 15.0)
                continue
            wait, self.trouble = 0.5, ""
            ids = [each["update_id"] for each in updates if _has_id(each)]
            if ids:
                offset = max(ids) + 1
            elif updates and not new:
                # Nothing that could be confirmed: do not ask for it again at once.
                await asyncio.sleep(1)

    async def _is_mine_to_poll(self) -> bool:
        if self._store.dialect == "sqlite":
            return True
        owner = self._inbox.owner
        return await write(self._store, lambda work: processes.take_duty(work, DUTY, owner))

    async def _updates(self, offset: int | None) -> list[Any]:
        # On PostgreSQL the duty must be renewed in time, so the wait is shorter than its lease.
        seconds = SECONDS_TO_POLL if self._store.dialect == "sqlite" else 5
        if self.trouble:
            # Whether it is over we want to know at once, not when somebody writes.
            seconds = 0
        asked: dict[str, Any] = {
            "timeout": seconds,
            "limit": 100,
            "allowed_updates": list(read.WANTED),
        }
        if offset is not None:
            asked["offset"] = offset
        # Not by Bot.get_updates: that parses all of them, and one that it cannot parse loses all.
        url = f"{self.bot.base_url}/getUpdates"
        found = await self._poll_transport.ask(url, asked, seconds + 10)
        return found if isinstance(found, list) else []

    async def keep(self, updates: list[Any]) -> int:
        """Store updates; when this returns they are on disk. How many of them were new."""
        if not updates:
            return 0
        now = self._store.clock.now()
        owner = self._inbox.owner
        rows = [read.row(raw, self.bot_id, owner, now) for raw in updates]
        self._announced.update(filter(None, map(read.announced, updates)))
        return len(await self._inbox.keep(rows))

    async def over_webhook(self, body: bytes) -> int:
        """An update that Telegram posts to us; the status to answer: 200 once it is on disk."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            raw = {"unreadable": body[:1000].decode("utf-8", "replace")}
        try:
            await self.keep([raw])
        except Busy:
            return 503
        return 200

    async def read(self, raw: bytes) -> Incoming:
        """Understand a kept update, by the library's way of dispatching it.

        Raises NotNow until Telegram has told us who we are: what an earlier process left behind
        comes before that.
        """
        if not self._ready:
            raise NotNow("Telegram has not answered yet")
        update = read.parse(raw, self.bot)
        await self._know(read.connection_in(update))
        await self.application.process_update(update)
        understood = self._read.pop(update.update_id)
        if isinstance(understood, BaseException):
            raise Unreadable(f"strange ({type(understood).__name__})") from understood
        return understood

    async def _know(self, connection: str) -> None:
        """Learn whose account a connection is that was made before we listened for them.

        Raises NotNow while Telegram does not answer.
        """
        if not connection or connection in self._connections:
            return
        if not await look(self._store, lambda work: personal.is_known(work, connection)):
            if connection in self._announced:
                # What was told of it is being handled; if not, Telegram is asked the next time.
                self._announced.discard(connection)
                raise NotNow("an account is being connected")
            try:
                told = await self.bot.get_business_connection(connection)
            except (BadRequest, Forbidden, InvalidToken) as refusal:
                # Ended long ago, or never ours: what is said there is not for us.
                log.info("an account that is not connected: %s", refusal.message)
                return
            except TelegramError as away:
                raise NotNow(_said(away)) from away
            incoming = read.connection(told, self.bot_id)
            await write(self._store, lambda work: personal.connected(work, incoming))
        self._connections.add(connection)

    async def _understand(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        self._read[update.update_id] = read.understand(update, self.bot_id)

    async def _misunderstood(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if isinstance(update, Update) and context.error is not None:
            self._read[update.update_id] = context.error

    # Answering and fetching

    async def answer(self, incoming: Incoming, reply: Reply | None) -> None:
        """Answer a press, so that the button stops turning; everything else goes by the outbox."""
        if incoming.kind is not Kind.BUTTON:
            return
        try:
            words = reply.summary[:200] if reply else None
            await self.bot.answer_callback_query(incoming.answer_to, words)
        except TelegramError as lost:
            log.warning("an answer did not reach Telegram: %s", _said(lost))

    async def fetch(self, media: Media) -> bytes:
        """The bytes of a file that a customer sent.

        Raises FileNotFoundError when it can never be had (it is too big for a bot, or gone),
        another OSError when it cannot be had now.
        """
        try:
            file = await self.bot.get_file(media.file)
            return bytes(await file.download_as_bytearray())
        except BadRequest as refusal:
            # For the library a refusal is a kind of NetworkError; asking again would not help.
            raise FileNotFoundError(refusal.message) from refusal
        except TelegramError as away:
            raise OSError(_said(away)) from away


def _has_id(update: Any) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def _said(trouble: TelegramError) -> str:
    # The library's own words never hold the token; those of what it wraps might.
    return (
        trouble.message if isinstance(trouble, NotSent | NetworkError) else type(trouble).__name__
    )
