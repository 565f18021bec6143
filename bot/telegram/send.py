"""A row of the outbox goes to Telegram, and what came of it."""

import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, InputFile, Message, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.render import Rendered, render
from bot.telegram.transport import NotSent, seconds_of
from handlers.actions.delivery import Claimed, Failed, Later, NotSure, Outcome, Sent, backoff
from handlers.message import Media, unpack
from handlers.texts import Voice

log = logging.getLogger(__name__)

Fetch = Callable[[Media], Awaitable[bytes]]

# Telegram's words for a chat that will never take a message again.
_GONE = ("chat not found", "user is deactivated", "bot can't initiate", "peer_id_invalid")
# … and for a change that is already so, or that nothing is left to do about.
_MOOT = ("message is not modified", "message to delete not found", "message can't be deleted")
_WHOLE_PAUSE = timedelta(seconds=1)
_WHEN_REFUSED = timedelta(minutes=1)


class TelegramSender:
    """Puts claimed rows on the socket, one call each."""

    def __init__(self, bot: Bot, fetch: Fetch) -> None:
        self._bot = bot
        self._fetch = fetch

    async def send(self, claimed: Claimed) -> Outcome:
        """Do what the row says and tell how it went; never raises for what Telegram does."""
        try:
            return await self._do(claimed)
        except RetryAfter as limit:
            return _wait(limit)
        except (Forbidden, ChatMigrated) as refusal:
            return Failed(refusal.message, blocked=isinstance(refusal, Forbidden))
        except InvalidToken as refusal:
            return Later(_WHEN_REFUSED, refusal.message, whole=True, token_refused=True)
        except NotSent as refusal:
            return Later(backoff(claimed.row.attempts), refusal.message, counts=True)
        except BadRequest as refusal:
            return _refused(refusal)
        except NetworkError as broken:
            return NotSure(broken.message)
        except FileNotFoundError as gone:
            return Failed(str(gone))
        except TelegramError as strange:
            return NotSure(strange.message)

    async def _do(self, claimed: Claimed) -> Outcome:
        chat = int(claimed.chat)
        match claimed.row.verb:
            case "say":
                return await self._say(claimed, chat)
            case "edit":
                rendered = render(unpack(claimed.row.payload["parts"]))
                await self._bot.edit_message_text(
                    rendered.html, chat_id=chat, message_id=int(claimed.message), parse_mode="HTML"
                )
            case "delete":
                await self._bot.delete_message(chat, int(claimed.message))
            case other:
                return Failed(f"Telegram cannot {other}")
        return Sent(claimed.chat, claimed.message)

    async def _say(self, claimed: Claimed, chat: int) -> Outcome:
        payload = claimed.row.payload
        before = (
            Voice(payload.get("language", "en")).say("answer.again") if payload.get("again") else ""
        )
        rendered = render(unpack(payload["parts"]), before)
        reply_to = (
            ReplyParameters(int(claimed.reply_to), allow_sending_without_reply=True)
            if claimed.reply_to
            else None
        )
        if rendered.files:
            message = await self._file(chat, rendered, reply_to)
        else:
            message = await self._text(chat, rendered, reply_to)
        return Sent(claimed.chat, str(message.message_id))

    async def _text(
        self, chat: int, rendered: Rendered, reply_to: ReplyParameters | None
    ) -> Message:
        try:
            return await self._bot.send_message(
                chat,
                rendered.html,
                parse_mode="HTML",
                reply_markup=rendered.keyboard,
                reply_parameters=reply_to,
            )
        except BadRequest as refusal:
            if "parse entities" not in refusal.message:
                raise
            # It has surely not gone; without markup there is nothing left to misread.
            log.error("Telegram could not read our HTML: %s", refusal.message)
            return await self._bot.send_message(
                chat, rendered.plain, reply_markup=rendered.keyboard, reply_parameters=reply_to
            )

    async def _file(
        self, chat: int, rendered: Rendered, reply_to: ReplyParameters | None
    ) -> Message:
        media = rendered.files[0]
        try:
            content = await self._fetch(media)
        except FileNotFoundError:
            raise
        except (OSError, TimeoutError) as away:
            raise NotSent(f"the file could not be fetched ({type(away).__name__})") from away
        given: dict[str, Any] = {
            "caption": rendered.html or None,
            "parse_mode": "HTML",
            "reply_parameters": reply_to,
        }
        file = InputFile(content, filename=media.name or media.kind)
        match media.kind:
            case "photo":
                return await self._bot.send_photo(chat, file, **given)
            case "voice":
                return await self._bot.send_voice(chat, file, **given)
            case "video":
                return await self._bot.send_video(chat, file, **given)
            case "audio":
                return await self._bot.send_audio(chat, file, **given)
        return await self._bot.send_document(chat, file, **given)


def _wait(limit: RetryAfter) -> Later:
    return Later(
        timedelta(seconds=seconds_of(limit.retry_after) + random.uniform(0, 0.2)), "rate limit"
    )


def _refused(refusal: BadRequest) -> Outcome:
    words = refusal.message.lower()
    if any(each in words for each in _MOOT):
        return Sent()
    return Failed(refusal.message, blocked=any(each in words for each in _GONE))
