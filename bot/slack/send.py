"""A row of the outbox goes to Slack, and what came of it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import render
from handlers.actions.healing import SHUT
from handlers.actions.outcomes import (
    Claimed,
    Failed,
    Gone,
    Later,
    NotSure,
    Outcome,
    Sent,
    Shut,
    backoff,
)
from handlers.actions.outgoing import SUPPORT
from handlers.message import Media, Reply, unpack

log = logging.getLogger(__name__)

Fetch = Callable[[Media], Awaitable[bytes]]


class SlackPlaces(Protocol):
    """What the sender needs of the door: the client, and where our channels are."""

    client: AsyncWebClient

    async def place(self, chat: str, *, afresh: bool = False) -> str:
        """Slack's id for where a row goes, "" when there is none; `afresh`: look again."""

    def link(self, chat: str, message: str) -> str:
        """The address under which people open a message."""

    async def note_file(self, claimed: Claimed, file: str) -> None:
        """Keep how Slack calls a file that is about to be shown."""


EVENT = "rapport_out"
_PASSING = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
# What Slack calls a token that is no good any more.
TOKEN_REFUSED = {"invalid_auth", "token_revoked", "account_inactive", "not_authed", "token_expired"}
# … and a message whose form it does not take.
_UNFIT = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
# … a channel that we may not write in for want of a right, not of a place.
_WAITS = {"missing_scope", "restricted_action"}
# … a message that is no longer there,
_GONE = {"message_not_found", "thread_not_found", "cant_update_message"}
# … and what is so already, or cannot be so any more.
_MOOT = {
    "already_reacted",
    "no_reaction",
    "message_not_found",
    "cant_delete_message",
    "edit_window_closed",
    "cannot_unfurl_url",
    "cannot_find_message",
    "cannot_unfurl_message",
}
SECONDS_FOR_A_SEND = 180.0
_WHEN_REFUSED = timedelta(minutes=1)
_WHEN_AWAY = timedelta(seconds=30)


class _Loose(Exception):
    """A reply stood in the channel, since its thread is gone; it was taken away."""


class SlackSender:
    """Puts claimed rows on the socket, one call each."""

    def __init__(self, door: SlackPlaces, fetch: Fetch) -> None:
        self._door = door
        self._fetch = fetch
        # Until a Slack refuses it, charts are native blocks.
        self._modern = True
        # Whether this Slack tells of a message in which thread it stands.
        self._tells_threads = True

    @property
    def _client(self) -> AsyncWebClient:
        return self._door.client

    def patience(self, claimed: Claimed) -> float:
        """Long: a file is several calls, and the library's look at the clock by themselves."""
        return SECONDS_FOR_A_SEND

    async def send(self, claimed: Claimed) -> Outcome:
        """Do what the row says and tell how it went; never raises for what Slack does."""
        try:
            chat = await self._door.place(claimed.chat)
            if not chat:
                return await self._shut(claimed.chat, "channel_not_found")
            return await self._do_or_join(claimed, chat)
        except SlackApiError as refusal:
            return await self._refused(refusal, claimed)
        except _Loose:
            return Gone("thread_not_found")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as refused:
            return Later(backoff(claimed.row.attempts), type(refused).__name__, counts=True)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as broken:
            return NotSure(f"the connection broke ({type(broken).__name__})")

    async def _do_or_join(self, claimed: Claimed, chat: str) -> Outcome:
        try:
            return await self._do(claimed, chat)
        except SlackApiError as refusal:
            error = error_of(refusal)
            if error not in SHUT or _is_person(claimed):
                raise
            # Into a public channel we may go by ourselves.
            if error == "not_in_channel" and await self._joins(chat):
                return await self._do(claimed, chat)
            return await self._shut(chat, error)

    async def _joins(self, chat: str) -> bool:
        try:
            await self._client.conversations_join(channel=chat)
        except SlackApiError:
            return False
        return True

    async def _shut(self, chat: str, why: str) -> Outcome:
        """Where it cannot go, and where the support channel is now: it may be another one."""
        try:
            support = await self._door.place(SUPPORT, afresh=True)
        except SlackApiError:
            support = ""
        return Shut(chat, why, support)

    async def _do(self, claimed: Claimed, chat: str) -> Outcome:
        payload = claimed.row.payload
        match claimed.row.verb:
            case "say":
                return await self._say(claimed, chat)
            case "upload":
                return await self._upload(claimed, chat)
            case "update":
                reply = unpack(payload["parts"])
                content = await self._fitting(
                    reply, self._client.chat_update, channel=chat, ts=claimed.message
                )
                return Sent(chat, str(content["ts"]))
            case "react":
                await self._react(chat, payload)
                return Sent(chat, claimed.message)
            case "unfurl":
                await self._unfurl(claimed, chat)
                return Sent(chat)
            case "delete":
                await self._client.chat_delete(channel=chat, ts=claimed.message)
                return Sent(chat, claimed.message)
            case other:
                return Failed(f"Slack cannot {other}")

    async def _say(self, claimed: Claimed, chat: str) -> Outcome:
        payload = claimed.row.payload
        if payload.get("again"):
            found = await self._said_already(claimed, chat, claimed.thread)
            if found is not None:
                return Sent(chat, found)
            await self._take_from_old_thread(claimed)
        more: dict[str, Any] = {"channel": chat}
        if claimed.thread:
            more["thread_ts"] = claimed.thread
        if payload.get("as"):
            more["username"] = render.bare(payload["as"], 80)
        key = {"event_type": EVENT, "event_payload": {"k": claimed.row.idem_key}}
        content = await self._fitting(
            unpack(payload["parts"]),
            self._client.chat_postMessage,
            metadata=key,
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
            **more,
        )
        where, message = str(content["channel"]), str(content["ts"])
        if claimed.thread:
            await self._must_be_in_thread(claimed, where, message, content.get("message"))
        return Sent(where, message, link=self._door.link(where, message))

    async def _must_be_in_thread(
        self, claimed: Claimed, chat: str, message: str, shown: dict[str, Any] | None
    ) -> None:
        """Slack lets a reply to a deleted message stand loose in the channel: take it away again.

        Raises _Loose then.
        """
        if not self._tells_threads or not shown or shown.get("thread_ts"):
            return
        if await self._has_thread(chat, claimed.thread):
            self._tells_threads = False
            return
        await self._client.chat_delete(channel=chat, ts=message)
        raise _Loose

    async def _has_thread(self, chat: str, thread: str) -> bool:
        try:
            found = await self._client.conversations_replies(channel=chat, ts=thread, limit=1)
        except SlackApiError as refusal:
            if error_of(refusal) in _GONE:
                return False
            raise
        return bool(found.get("messages"))

    async def _fitting(self, reply: Reply, call: Any, **more: Any) -> Any:
        """Call with the reply's blocks; where Slack refuses them, with older ones, then without."""
        best = render.message(reply, modern=self._modern)
        try:
            return await call(**best, **more)
        except SlackApiError as refusal:
            # A refusal is surely not sent, so it may be said differently.
            if error_of(refusal) not in _UNFIT:
                raise
        older = render.message(reply, modern=False)
        if older != best:
            try:
                done = await call(**older, **more)
            except SlackApiError as refusal:
                if error_of(refusal) not in _UNFIT:
                    raise
            else:
                self._modern = False
                return done
        log.error("Slack refuses our blocks; their words go without them")
        return await call(**render.plain_message(reply), **more)

    async def _take_from_old_thread(self, claimed: Claimed) -> None:
        """Where it was tried first its thread is no more: what arrived there comes away."""
        chat, thread = claimed.row.payload.get("tried") or ("", "")
        if not thread or thread == claimed.thread:
            return
        try:
            found = await self._said_already(claimed, chat, thread)
            if found is not None:
                await self._client.chat_delete(channel=chat, ts=found)
        except SlackApiError as refusal:
            # The channel is gone or shut: then nobody reads it there.
            if error_of(refusal) not in (*SHUT, *_GONE, "cant_delete_message"):
                raise

    async def _said_already(self, claimed: Claimed, chat: str, thread: str) -> str | None:
        """The ts of the message with our key, if the earlier try did arrive."""
        async for message in self._since(claimed, chat, thread):
            metadata = message.get("metadata") or {}
            if (metadata.get("event_payload") or {}).get("k") == claimed.row.idem_key:
                return str(message["ts"])
        return None

    async def _is_shown(self, claimed: Claimed, chat: str) -> bool:
        """Whether the file of an earlier try stands there."""
        file = claimed.row.payload.get("called")
        async for message in self._since(claimed, chat, claimed.thread):
            if any(each.get("id") == file for each in message.get("files") or ()):
                return True
        return False

    async def _since(
        self, claimed: Claimed, chat: str, thread: str
    ) -> AsyncIterator[dict[str, Any]]:
        """What has been said in a thread, or in the channel, since a row was written."""
        since = str(claimed.row.created_at.timestamp() - 60)
        looking: dict[str, Any] = {
            "channel": chat,
            "oldest": since,
            "limit": 200,
            "include_all_metadata": True,
        }
        # To the last page: in a busy channel a few hundred others may have come since.
        while True:
            if thread:
                found = await self._client.conversations_replies(ts=thread, **looking)
            else:
                found = await self._client.conversations_history(**looking)
            for message in found.get("messages") or ():
                yield message
            looking["cursor"] = (found.get("response_metadata") or {}).get("next_cursor")
            if not looking["cursor"]:
                return

    async def _react(self, chat: str, payload: dict[str, Any]) -> None:
        where = {"channel": chat, "timestamp": payload["message"]}
        if payload.get("instead_of"):
            try:
                await self._client.reactions_remove(name=payload["instead_of"], **where)
            except SlackApiError as refusal:
                # It was never there, or somebody has taken it away.
                if error_of(refusal) not in _MOOT:
                    raise
        if payload["emoji"]:
            await self._client.reactions_add(name=payload["emoji"], **where)

    async def _unfurl(self, claimed: Claimed, chat: str) -> None:
        """Show what a link stands for, unless people of another company would see it."""
        about = (await self._client.conversations_info(channel=chat)).get("channel") or {}
        if any(about.get(name) for name in ("is_ext_shared", "is_pending_ext_shared")):
            return
        payload = claimed.row.payload
        card = render.message(unpack(payload["parts"]))["blocks"]
        unfurls = {payload["link"]: {"blocks": card}}
        await self._client.chat_unfurl(channel=chat, ts=claimed.message, unfurls=unfurls)

    async def _upload(self, claimed: Claimed, chat: str) -> Outcome:
        payload = claimed.row.payload
        if chat[:1] in ("U", "W"):
            # Files go into conversations only, and not to people as messages may.
            opened = await self._client.conversations_open(users=chat)
            chat = str(opened["channel"]["id"])
        if payload.get("again") and "called" in payload and await self._is_shown(claimed, chat):
            return Sent(chat)
        media = Media(**payload["file"])
        try:
            content = await self._fetch(media)
        except FileNotFoundError as gone:
            return Failed(str(gone))
        except (aiohttp.ClientError, OSError, TimeoutError) as away:
            why = f"the file could not be fetched ({type(away).__name__})"
            return Later(backoff(claimed.row.attempts), why, counts=True)
        # Slack would not say that the file stands loose in the channel.
        if claimed.thread and not await self._has_thread(chat, claimed.thread):
            raise _Loose
        name = media.name or f"{media.kind}{_ENDINGS.get(media.kind, '')}"
        place = await self._client.files_getUploadURLExternal(filename=name, length=len(content))
        await self._put(str(place["upload_url"]), name, content)
        # A file carries no key of ours: if what follows breaks, it is looked for by this.
        await self._door.note_file(claimed, str(place["file_id"]))
        more: dict[str, Any] = {"thread_ts": claimed.thread} if claimed.thread else {}
        await self._client.files_completeUploadExternal(
            files=[{"id": str(place["file_id"]), "title": name}],
            channel_id=chat,
            initial_comment=f"*{render.escape(payload.get('as') or '')}*",
            **more,
        )
        return Sent(chat)

    async def _put(self, url: str, name: str, content: bytes) -> None:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
        timeout = aiohttp.ClientTimeout(total=120)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=form) as done,
        ):
            done.raise_for_status()

    async def _refused(self, refusal: SlackApiError, claimed: Claimed) -> Outcome:
        error = error_of(refusal)
        # The support channel cannot be had by its name: it is archived, and the name is taken.
        if claimed.chat.startswith("#") and error in (*SHUT, "name_taken"):
            return Shut(claimed.chat, "is_archived" if error == "name_taken" else str(error))
        if error in _GONE and (claimed.thread or claimed.row.verb == "update"):
            return Gone(str(error))
        return self._outcome(refusal, claimed)

    def _outcome(self, refusal: SlackApiError, claimed: Claimed) -> Outcome:
        response = refusal.response
        status = getattr(response, "status_code", 200)
        error = str(error_of(refusal) or status)
        if status == 429 or error in ("ratelimited", "rate_limited"):
            seconds = float(response.headers.get("Retry-After", 1) or 1)
            return Later(timedelta(seconds=seconds), "rate limit", too_many=True)
        if error in _MOOT and claimed.row.verb in ("react", "update", "delete", "unfurl"):
            return Sent(claimed.chat, claimed.message)
        if error in TOKEN_REFUSED:
            return Later(_WHEN_REFUSED, error, whole=True, token_refused=True)
        if error in _WAITS and not _is_person(claimed):
            # Kept until somebody mends that.
            return Later(_WHEN_AWAY, error)
        if status >= 500 or error in _PASSING:
            return NotSure(f"Slack: {error}")
        return Failed(f"Slack: {error}")


def error_of(refusal: SlackApiError) -> str:
    """Slack's word for it; "" when it was not Slack who answered, but something on the way."""
    found = getattr(refusal.response, "data", refusal.response)
    return str(found.get("error") or "") if isinstance(found, dict) else ""


def _is_person(claimed: Claimed) -> bool:
    return claimed.chat.startswith(("U", "W"))


_ENDINGS = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "audio": ".mp3", "animation": ".mp4"}
