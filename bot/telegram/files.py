"""Files on their way to a customer: one alone, or several as one album."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import (
    Bot,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.telegram.transport import NotSent
from handlers.message import Media

Fetch = Callable[[Media], Awaitable[bytes]]

# The door of a file that is known by its address.
IN_THE_WEB = "web"
# Telegram shows a picture only up to this size; a larger one goes as a document.
LARGEST_PHOTO = 10 * 1024 * 1024
_IN_ALBUM: dict[str, Any] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}


async def fetched(fetch: Fetch, files: Sequence[Media]) -> list[bytes]:
    """The bytes of files, all of them. Raises FileNotFoundError, or NotSent: try again later.

    What stands in the web has none here: Telegram fetches it by its address.
    """
    try:
        return list(await asyncio.gather(*(_bytes_of(fetch, file) for file in files)))
    except FileNotFoundError:
        raise
    except (OSError, TimeoutError) as away:
        raise NotSent(f"the file could not be fetched ({type(away).__name__})") from away


async def _bytes_of(fetch: Fetch, file: Media) -> bytes:
    return b"" if file.door == IN_THE_WEB else await fetch(file)


async def send_files(
    bot: Bot,
    chat: int,
    files: Sequence[Media],
    contents: Sequence[bytes],
    caption: str,
    reply_to: ReplyParameters | None,
    keyboard: Any = None,
    *,
    connection: str | None = None,
) -> list[Message]:
    """Send files in one call; the messages that they became."""
    given: dict[str, Any] = {"caption": caption or None, "reply_parameters": reply_to}
    if connection is not None:
        given["business_connection_id"] = connection
    if caption:
        given["parse_mode"] = "HTML"
    if keyboard is not None and len(files) == 1:
        given["reply_markup"] = keyboard
    kinds = [_kind(media, len(content)) for media, content in zip(files, contents, strict=True)]
    try:
        return await _send(bot, chat, files, contents, kinds, given)
    except BadRequest as refusal:
        if "photo" not in refusal.message.lower() and "image" not in refusal.message.lower():
            raise
        # Surely not sent: a picture of a shape or a make that Telegram does not show.
        return await _send(bot, chat, files, contents, ["document"] * len(files), given)


def _kind(media: Media, size: int) -> str:
    return "document" if media.kind == "photo" and size > LARGEST_PHOTO else media.kind


async def _send(
    bot: Bot,
    chat: int,
    files: Sequence[Media],
    contents: Sequence[bytes],
    kinds: Sequence[str],
    given: dict[str, Any],
) -> list[Message]:
    if len(files) == 1:
        return [await _send_one(bot, chat, kinds[0], _input(files[0], contents[0]), given)]
    if "document" in kinds:
        # An album is pictures and films, or documents, never both.
        kinds = ["document"] * len(kinds)
    album = [
        _IN_ALBUM[kind](content, filename=media.name or media.kind)
        for media, content, kind in zip(files, contents, kinds, strict=True)
    ]
    return list(await bot.send_media_group(chat, album, **given))


def _input(media: Media, content: bytes) -> InputFile | str:
    if media.door == IN_THE_WEB:
        return media.file
    return InputFile(content, filename=media.name or media.kind)


async def _send_one(
    bot: Bot, chat: int, kind: str, file: InputFile | str, given: dict[str, Any]
) -> Message:
    match kind:
        case "photo":
            return await bot.send_photo(chat, file, **given)
        case "voice":
            return await bot.send_voice(chat, file, **given)
        case "video":
            return await bot.send_video(chat, file, **given)
        case "audio":
            return await bot.send_audio(chat, file, **given)
        case "animation":
            return await bot.send_animation(chat, file, **given)
    return await bot.send_document(chat, file, **given)
