"""A row of the outbox goes to Telegram, and what came of it."""

import logging
import random
from datetime import timedelta
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.files import Fetch, fetched, send_files
from bot.telegram.render import Rendered, render
from bot.telegram.transport import AiohttpTransport, NotSent, seconds_of
from handlers.actions.outcomes import (
    Claimed,
    Failed,
    Later,
    Moved,
    NotSure,
    Outcome,
    Sent,
    backoff,
)
from handlers.actions.personal import ENDED
from handlers.message import Files, unpack
from handlers.texts import Voice

log = logging.getLogger(__name__)

# Telegram's words for a chat that will never take a message again.
_GONE = ("chat not found", "user is deactivated", "bot can't initiate", "peer_id_invalid")
# … and for a change that is already so, or that nothing is left to do about.
_MOOT = (
    "message is not modified",
    "message to delete not found",
    "message can't be deleted",
    "message to react not found",
    "reaction_invalid",
)
# … and for a message that the customer has deleted, or that is too old to be touched.
_OF_MESSAGES = ("edit", "delete", "react", "rewrite")
_MISSING = ("message to edit not found", "message can't be edited", "message_id_invalid")
# Nothing else ends a message that has no answer: a timer for each would cost a thirtieth of it.
SECONDS_FOR_WORDS = 30.0
SECONDS_FOR_FILES = 180.0
_WHOLE_PAUSE = timedelta(seconds=1)
_WHEN_REFUSED = timedelta(minutes=1)


class TelegramSender:
    """Puts claimed rows on the socket, one call each."""

    def __init__(self, bot: Bot, fetch: Fetch) -> None:
        self._bot = bot
        self._fetch = fetch

    def patience(self, claimed: Claimed) -> float:
        """Files take long, and the library's own calls look at the clock by themselves."""
        only_words = claimed.row.verb == "say" and not _has_files(claimed)
        return SECONDS_FOR_WORDS if only_words else SECONDS_FOR_FILES

    async def send(self, claimed: Claimed) -> Outcome:
        """Do what the row says and tell how it went; never raises for what Telegram does."""
        try:
            return await self._do(claimed)
        except RetryAfter as limit:
            return _wait(limit)
        except ChatMigrated as moved:
            return Moved(str(moved.new_chat_id))
        except Forbidden as refusal:
            return _forbidden(refusal, claimed)
        except InvalidToken as refusal:
            return Later(_WHEN_REFUSED, refusal.message, whole=True, token_refused=True)
        except NotSent as refusal:
            return Later(backoff(claimed.row.attempts), refusal.message, counts=True)
        except BadRequest as refusal:
            return _refused(refusal, claimed)
        except NetworkError as broken:
            return NotSure(broken.message)
        except FileNotFoundError as gone:
            return Failed(str(gone))
        except TelegramError as strange:
            return NotSure(strange.message)

    async def _do(self, claimed: Claimed) -> Outcome:
        if claimed.why_not:
            return Failed(claimed.why_not)
        chat, through = int(claimed.chat.partition("@")[0]), claimed.connection or None
        match claimed.row.verb:
            case "say":
                return await self._say(claimed, chat)
            case "edit":
                rendered = render(unpack(claimed.row.payload["parts"]))
                await self._bot.edit_message_text(
                    rendered.html,
                    chat_id=chat,
                    message_id=int(claimed.message),
                    parse_mode="HTML",
                    business_connection_id=through,
                )
            case "rewrite" | "react" if through is not None:
                # We put no buttons there, and Telegram takes no emoji from us there.
                log.debug("no %s in somebody's own account", claimed.row.verb)
            case "rewrite":
                await self._rewrite(claimed, chat)
            case "react":
                emoji = claimed.row.payload["emoji"]
                await self._bot.set_message_reaction(chat, int(claimed.message), emoji or None)
            case "delete":
                messages = claimed.messages or (claimed.message,)
                surely = bool(claimed.row.payload.get("surely"))
                if through is not None:
                    await self._delete_there(through, messages)
                elif not await self._delete(chat, messages) and surely:
                    return Failed("too old to be deleted")
            case "leave":
                await self._bot.leave_chat(chat)
            case other:
                return Failed(f"Telegram cannot {other}")
        return Sent(claimed.chat, claimed.message)

    async def _delete(self, chat: int, messages: tuple[str, ...]) -> bool:
        """One call each; done again after a break it ends the same. Whether all are gone."""
        gone = True
        for message in messages:
            try:
                await self._bot.delete_message(chat, int(message))
            except BadRequest as refusal:
                words = refusal.message.lower()
                if not any(moot in words for moot in _MOOT):
                    raise
                gone = gone and "can't be deleted" not in words
        return gone

    async def _delete_there(self, connection: str, messages: tuple[str, ...]) -> None:
        try:
            await self._bot.delete_business_messages(connection, list(map(int, messages)))
        except BadRequest as refusal:
            if not any(moot in refusal.message.lower() for moot in _MOOT):
                raise

    async def _rewrite(self, claimed: Claimed, chat: int) -> None:
        """Put other words and buttons into a message of ours, or only take its buttons away."""
        message, parts = int(claimed.message), claimed.row.payload.get("parts")
        try:
            if parts is None:
                await self._bot.edit_message_reply_markup(chat, message)
                return
            rendered = render(unpack(parts))
            keyboard = rendered.keyboard
            await self._bot.edit_message_text(
                rendered.html,
                chat_id=chat,
                message_id=message,
                parse_mode="HTML",
                reply_markup=keyboard if isinstance(keyboard, InlineKeyboardMarkup) else None,
            )
        except BadRequest as refusal:
            # The person has deleted it, or it is so already.
            log.debug("a message was not rewritten: %s", refusal.message)

    async def _say(self, claimed: Claimed, chat: int) -> Outcome:
        payload = claimed.row.payload
        before = (
            Voice(payload.get("language", "en")).say("answer.again") if payload.get("again") else ""
        )
        rendered = render(claimed.words or unpack(payload["parts"]), before)
        reply_to = (
            ReplyParameters(int(claimed.reply_to), allow_sending_without_reply=True)
            if claimed.reply_to
            else None
        )
        if rendered.files:
            contents = await fetched(self._fetch, rendered.files)
            messages = await send_files(
                self._bot,
                chat,
                rendered.files,
                contents,
                rendered.html,
                reply_to,
                rendered.keyboard,
                connection=claimed.connection or None,
            )
            names = tuple(str(message.message_id) for message in messages)
        else:
            names = (await self._text(chat, rendered, reply_to, claimed.connection or None),)
        return Sent(claimed.chat, names[-1], names)

    async def _text(
        self,
        chat: int,
        rendered: Rendered,
        reply_to: ReplyParameters | None,
        through: str | None = None,
    ) -> str:
        """Send words; what Telegram calls the message."""
        asked: dict[str, Any] = {
            "chat_id": str(chat),
            "text": rendered.html,
            "parse_mode": "HTML",
            "reply_markup": rendered.markup,
            "reply_parameters": reply_to and reply_to.to_json(),
            "business_connection_id": through,
        }
        try:
            return await self._message(asked)
        except BadRequest as refusal:
            if "parse entities" not in refusal.message:
                raise
            # It has surely not gone; without markup there is nothing left to misread.
            log.error("Telegram could not read our HTML: %s", refusal.message)
            return await self._message(asked | {"text": rendered.plain, "parse_mode": None})

    async def _message(self, asked: dict[str, Any]) -> str:
        # Not by Bot.send_message: that parses the whole message that comes back, a third of what
        # a send costs, and one that it could not parse would be unsure.
        transport = self._bot.request
        assert isinstance(transport, AiohttpTransport)
        said = await transport.ask(f"{self._bot.base_url}/sendMessage", asked, None)
        try:
            return str(said["message_id"])
        except (KeyError, TypeError) as unnamed:
            raise TelegramError("an answer that names no message") from unnamed


def _has_files(claimed: Claimed) -> bool:
    if claimed.words is not None:
        return any(isinstance(part, Files) for part in claimed.words.parts)
    return any(kind == "Files" for kind, _ in claimed.row.payload.get("parts", ()))


def _wait(limit: RetryAfter) -> Later:
    return Later(
        timedelta(seconds=seconds_of(limit.retry_after) + random.uniform(0, 0.2)), "rate limit"
    )


def _forbidden(refusal: Forbidden, claimed: Claimed) -> Outcome:
    # A group that we have left, or were put out of; people have numbers above zero.
    if claimed.chat.startswith("-"):
        return Sent(claimed.chat) if claimed.row.verb == "leave" else Failed(refusal.message)
    # In somebody's own account it is that one which we may not use; nobody has blocked us.
    return Failed(refusal.message, blocked=not claimed.connection)


def _refused(refusal: BadRequest, claimed: Claimed) -> Outcome:
    words = refusal.message.lower()
    if claimed.row.verb in _OF_MESSAGES and any(each in words for each in _MISSING):
        return Sent()
    if any(each in words for each in _MOOT):
        return Sent()
    if claimed.connection and "business_connection" in words:
        return Failed(ENDED)
    gone = any(each in words for each in _GONE) and not claimed.connection
    return Failed(refusal.message, blocked=gone)
