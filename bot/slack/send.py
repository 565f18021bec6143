"""A row of the outbox goes to Slack, and what came of it."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import render
from handlers.actions.delivery import Claimed, Failed, Later, NotSure, Outcome, Sent, backoff
from handlers.message import Media, Reply, unpack

log = logging.getLogger(__name__)

Fetch = Callable[[Media], Awaitable[bytes]]


class SlackPlaces(Protocol):
    """What the sender needs of the door: the client, and where our channels are."""

    client: AsyncWebClient

    async def place(self, chat: str) -> str:
        """Slack's id for where a row goes."""


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
_WAITS = {
    "is_archived",
    "not_in_channel",
    "channel_not_found",
    "missing_scope",
    "restricted_action",
}
_MOOT = {
    "already_reacted",
    "no_reaction",
    "message_not_found",
    "cant_delete_message",
    "cant_update_message",
    "edit_window_closed",
}
_WHEN_REFUSED = timedelta(minutes=1)
_WHEN_AWAY = timedelta(seconds=30)


class SlackSender:
    """Puts claimed rows on the socket, one call each."""

    def __init__(self, door: SlackPlaces, fetch: Fetch) -> None:
        self._door = door
        self._fetch = fetch
        # Until a Slack refuses it, charts are native blocks.
        self._modern = True

    @property
    def _client(self) -> AsyncWebClient:
        return self._door.client

    async def send(self, claimed: Claimed) -> Outcome:
        """Do what the row says and tell how it went; never raises for what Slack does."""
        try:
            chat = await self._door.place(claimed.chat)
            return await self._do(claimed, chat)
        except SlackApiError as refusal:
            return self._outcome(refusal, claimed)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as refused:
            return Later(backoff(claimed.row.attempts), type(refused).__name__, counts=True)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as broken:
            return NotSure(f"the connection broke ({type(broken).__name__})")

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
            case "delete":
                await self._client.chat_delete(channel=chat, ts=claimed.message)
                return Sent(chat, claimed.message)
            case other:
                return Failed(f"Slack cannot {other}")

    async def _say(self, claimed: Claimed, chat: str) -> Outcome:
        payload = claimed.row.payload
        if payload.get("again"):
            found = await self._said_already(claimed, chat)
            if found is not None:
                return Sent(chat, found)
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
        return Sent(str(content["channel"]), str(content["ts"]))

    async def _fitting(self, reply: Reply, call: Any, **more: Any) -> Any:
        """Call with the reply's blocks; where Slack refuses them, with older ones, then without."""
        best = render.message(reply, modern=self._modern)
        try:
            return await call(**best, **more)
        except SlackApiError as refusal:
            # A refusal is surely not sent, so it may be said differently.
            if refusal.response.get("error") not in _UNFIT:
                raise
        older = render.message(reply, modern=False)
        if older != best:
            try:
                done = await call(**older, **more)
            except SlackApiError as refusal:
                if refusal.response.get("error") not in _UNFIT:
                    raise
            else:
                self._modern = False
                return done
        log.error("Slack refuses our blocks; their words go without them")
        return await call(**render.plain_message(reply), **more)

    async def _said_already(self, claimed: Claimed, chat: str) -> str | None:
        """The ts of the message with our key, if the earlier try did arrive."""
        since = str(claimed.row.created_at.timestamp() - 60)
        looking: dict[str, Any] = {
            "channel": chat,
            "oldest": since,
            "limit": 200,
            "include_all_metadata": True,
        }
        # To the last page: in a busy channel a few hundred others may have come since.
        while True:
            if claimed.thread:
                found = await self._client.conversations_replies(ts=claimed.thread, **looking)
            else:
                found = await self._client.conversations_history(**looking)
            for message in found.get("messages") or ():
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("k") == claimed.row.idem_key:
                    return str(message["ts"])
            looking["cursor"] = (found.get("response_metadata") or {}).get("next_cursor")
            if not looking["cursor"]:
                return None

    async def _react(self, chat: str, payload: dict[str, Any]) -> None:
        where = {"channel": chat, "timestamp": payload["message"]}
        if payload.get("instead_of"):
            try:
                await self._client.reactions_remove(name=payload["instead_of"], **where)
            except SlackApiError as refusal:
                # It was never there, or somebody has taken it away.
                if refusal.response.get("error") not in _MOOT:
                    raise
        if payload["emoji"]:
            await self._client.reactions_add(name=payload["emoji"], **where)

    async def _upload(self, claimed: Claimed, chat: str) -> Outcome:
        payload = claimed.row.payload
        media = Media(**payload["file"])
        try:
            content = await self._fetch(media)
        except FileNotFoundError as gone:
            return Failed(str(gone))
        except (aiohttp.ClientError, OSError, TimeoutError) as away:
            why = f"the file could not be fetched ({type(away).__name__})"
            return Later(backoff(claimed.row.attempts), why, counts=True)
        name = media.name or f"{media.kind}{_ENDINGS.get(media.kind, '')}"
        place = await self._client.files_getUploadURLExternal(filename=name, length=len(content))
        await self._put(str(place["upload_url"]), name, content)
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

    def _outcome(self, refusal: SlackApiError, claimed: Claimed) -> Outcome:
        response = refusal.response
        status = getattr(response, "status_code", 200)
        error = str(response.get("error") or status)
        if status == 429 or error in ("ratelimited", "rate_limited"):
            seconds = float(response.headers.get("Retry-After", 1) or 1)
            return Later(timedelta(seconds=seconds), "rate limit", too_many=True)
        if error in _MOOT and claimed.row.verb in ("react", "update", "delete"):
            return Sent(claimed.chat, claimed.message)
        if error in TOKEN_REFUSED:
            return Later(_WHEN_REFUSED, error, whole=True, token_refused=True)
        if error in _WAITS and not claimed.chat.startswith("U"):
            # The channel is archived, gone, or we are not in it: kept until somebody mends that.
            return Later(_WHEN_AWAY, error)
        if status >= 500 or error in _PASSING:
            return NotSure(f"Slack: {error}")
        return Failed(f"Slack: {error}")


_ENDINGS = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "audio": ".mp3", "animation": ".mp4"}
