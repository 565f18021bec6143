"""The Slack door: slack-bolt brings payloads, they are kept, and only then acknowledged.

One listener for everything, run to its end before Bolt acknowledges (`process_before_response`):
stock Bolt would say "received" first, and lose the event when the process dies.
"""

import asyncio
import json
import logging
import time
from datetime import timedelta
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.crossing import write
from bot.inbox import Inbox, NotNow
from bot.settings import Settings
from bot.slack import read, render
from bot.slack.send import TOKEN_REFUSED, error_of
from handlers.actions import delivery, house
from handlers.actions.outcomes import Claimed
from handlers.actions.outgoing import SUPPORT
from handlers.message import Incoming, Kind, Media, Person, Reply, clean_name
from storage.engine import Store
from storage.errors import Busy, StorageError

log = logging.getLogger(__name__)
# At each start Bolt warns that it will not use its own way to a token, which is what we want.
_BOLT = logging.getLogger("slack_bolt")
_BOLT.setLevel(logging.ERROR)

SECONDS_TO_KNOW_SOMEBODY = 300.0
# Slack waits three seconds for what a form says; the rest is for the way.
SECONDS_FOR_A_FORM = 2.3
LARGEST_FILE = 50 * 1024 * 1024
# What was never meant to be sent breaks a library in one of these ways.
MALFORMED = (AttributeError, TypeError, KeyError, IndexError, ValueError, RecursionError)


class SlackDoor:
    """Everything that comes from Slack, and the answers that go straight back."""

    name = read.SLACK

    def __init__(
        self,
        settings: Settings,
        store: Store,
        inbox: Inbox,
        token_every: timedelta = timedelta(minutes=1),
    ) -> None:
        self._settings = settings
        self._store = store
        self._inbox = inbox
        self._token_every = token_every
        self._session: aiohttp.ClientSession | None = None
        self._people: dict[str, tuple[float, Person]] = {}
        self._channels: dict[str, str] = {}
        # What keeps us from hearing or saying anything, for whoever asks how the house is doing.
        self.trouble = ""
        self._watching: asyncio.Task[None] | None = None
        self._bot_user = ""
        self._team = ""
        self._url = "https://slack.com/"
        self._reader = read.Reader(self.person, lambda: self._bot_user, self.forget)
        self._handler: Any = None
        # The library's own retry would post a message twice: only the outbox decides.
        self.client = AsyncWebClient(
            settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api,
            retry_handlers=[],
        )
        self.app: AsyncApp | None = None

    # Starting and stopping

    async def start(self) -> None:
        """Learn who we are and listen: over Socket Mode, or for the web server's calls."""
        await self._let_go()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self.client.session = self._session
        secret = self._settings.slack_signing_secret
        self.app = AsyncApp(
            # Else it reads source files to learn who makes it.
            name="rapport",
            client=self.client,
            logger=_BOLT,
            signing_secret=secret.get_secret_value() if secret else "",
            process_before_response=True,
            authorize=self._authorizer(),
            ignoring_self_events_enabled=False,
            request_verification_enabled=secret is not None,
        )
        self.app.middleware(self._keep)
        self.app.error(self._strange)
        await self._introduce()
        if not self._settings.slack_over_http:
            await self._listen()
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def _let_go(self) -> None:
        """What an earlier start that broke had opened."""
        if self._handler is not None:
            await self._handler.close_async()
        if self._session is not None:
            await self._session.close()

    async def _watch(self) -> None:
        """Ask now and then whether our token holds: while nothing is said nobody would notice."""
        while True:
            await asyncio.sleep(self._token_every.total_seconds())
            try:
                await self.client.auth_test()
            except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError) as away:
                await self._note(away, "SLACK_BOT_TOKEN")
                continue
            connected = self._handler is None or await self._handler.client.is_connected()
            self.trouble = "" if connected else "the socket is closed"

    async def _note(self, away: Exception, token: str) -> None:
        """A refused token is told: in the log, by `/health`, and to admins in Telegram."""
        why = _reason(away)
        if not isinstance(away, SlackApiError) or why not in TOKEN_REFUSED:
            return
        if not self.trouble:
            log.error("Slack refuses %s; `rapport doctor` says what to do", token)
        self.trouble = f"{token} is refused ({why})"
        try:
            await write(self._store, lambda work: house.tell_of_refusal(work, self.name, why))
        except StorageError as busy:
            log.warning("nobody could be told: %s", type(busy).__name__)

    async def _introduce(self) -> None:
        """Ask Slack who we are until it answers: without it we cannot tell our own messages."""
        wait = 0.5
        while True:
            try:
                us = await self.client.auth_test()
            except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError) as away:
                log.warning("Slack does not answer yet: %s", _reason(away))
                await self._note(away, "SLACK_BOT_TOKEN")
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
                continue
            self._bot_user, self._team = str(us.get("user_id") or ""), str(us.get("team_id") or "")
            self._url = str(us.get("url") or "https://slack.com/")
            self.trouble = ""
            return

    async def _listen(self) -> None:
        from bot.slack.socket import Socket

        token = self._settings.slack_app_token
        assert token is not None
        assert self.app is not None
        self._handler = Socket(self.app, token.get_secret_value(), self._take, self._put_aside, log)
        wait = 0.5
        while True:
            try:
                await self._handler.connect_async()
            except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError) as away:
                log.warning("Slack's socket does not open yet: %s", _reason(away))
                await self._note(away, "SLACK_APP_TOKEN")
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
                continue
            self.trouble = ""
            return

    async def hear_no_more(self) -> None:
        """Close the socket; what was kept is still handled, and answers still go."""
        if self._watching is not None:
            self._watching.cancel()
        if self._handler is not None:
            await self._handler.close_async()

    async def stop(self) -> None:
        """Close everything."""
        if self._session is not None:
            await self._session.close()

    def _authorizer(self) -> Any:
        """Bolt asks at each request whose token to use; there is one, and no need to call Slack."""

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=self._team,
                bot_user_id=self._bot_user,
                bot_token=self._settings.slack_bot_token.get_secret_value(),
            )

        return authorize

    # Receiving

    async def _take(self, payload: Any) -> BoltResponse:
        """What the socket brought, by Bolt's way of dispatching it."""
        assert self.app is not None
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=payload)
            return await self.app.async_dispatch(request)
        except MALFORMED:
            # Bolt breaks before its own error handler, or within it.
            return await self._put_aside(payload)

    async def _put_aside(self, found: Any) -> BoltResponse:
        """Keep what Bolt cannot read: it becomes a dead letter, and Slack need not repeat it."""
        log.warning("a payload of Slack's is unlike any other; it is kept")
        known = isinstance(found, dict)
        return await self._keep(found if known else {"unreadable": str(found)[:1000]})

    async def _keep(self, body: dict[str, Any]) -> BoltResponse:
        try:
            row = read.row(body, self._inbox.owner, self._store.clock.now())
        except RecursionError:
            body = {"unreadable": "nested too deeply"}
            row = read.row(body, self._inbox.owner, self._store.clock.now())
        try:
            if body.get("type") != "view_submission":
                await self._inbox.keep([row])
                return BoltResponse(status=200, body="")
            reply = await self._inbox.keep_and_wait(row, SECONDS_FOR_A_FORM)
        except Busy:
            # Not on disk, so not acknowledged: Slack sends it again.
            return BoltResponse(status=503, body="busy")
        if reply is not None and reply.wrong:
            return BoltResponse(
                status=200, body={"response_action": "errors", "errors": reply.wrong}
            )
        return BoltResponse(status=200, body="")

    async def _strange(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        """Bolt tripped over a payload: it is kept all the same, and an admin is shown it."""
        log.error("Bolt could not read a payload (%s)", type(error).__name__)
        return await self._put_aside(request.body)

    async def over_http(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """A request of Slack's to our web server; what it gets back. Forged ones get 401."""
        if not self._settings.slack_over_http:
            # Socket Mode needs no signing secret, and without one anybody could speak as Slack.
            return 404, "Slack speaks over Socket Mode here"
        if self.app is None:
            # Not started yet: Slack tries again.
            return 503, "not yet"
        if not self._is_slacks(body, headers):
            return 401, "not a request of Slack's"
        try:
            request = AsyncBoltRequest(body=body.decode(), headers=headers)  # type: ignore[arg-type]
            response = await self.app.async_dispatch(request)
        except MALFORMED:
            # Signed, so Slack's: whatever it is, it is kept, or Slack would send it again.
            response = await self._put_aside(_json_of(body))
        return response.status, response.body

    def _is_slacks(self, body: bytes, headers: dict[str, str]) -> bool:
        """Whether Slack has signed it, in the last five minutes; Bolt answers nonsense by a 500."""
        secret = self._settings.slack_signing_secret
        if secret is None:
            return False
        try:
            body.decode()
            return SignatureVerifier(secret.get_secret_value()).is_valid_request(body, headers)
        except (ValueError, TypeError):
            return False

    async def read(self, raw: bytes) -> Incoming:
        """Understand a kept payload. Raises NotNow until we know which messages are our own."""
        if not self._bot_user:
            raise NotNow("Slack has not answered yet")
        return await self._reader.read(raw)

    async def person(self, user: str) -> Person:
        """Who a Slack user is, asked every five minutes at the most. Raises NotNow."""
        known = self._people.get(user)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        try:
            found = await self.client.users_info(user=user, include_locale=True)
            person = self._described(found["user"])
        except SlackApiError as refusal:
            if error_of(refusal) not in ("user_not_found", "user_not_visible"):
                raise NotNow(_reason(refusal)) from refusal
            person = Person(id=user, name=user)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as away:
            raise NotNow(_reason(away)) from away
        self._people[user] = (time.monotonic() + SECONDS_TO_KNOW_SOMEBODY, person)
        return person

    def forget(self, user: str) -> None:
        """Ask about somebody anew next time: Slack says that they have changed."""
        self._people.pop(user, None)

    def _described(self, user: dict[str, Any]) -> Person:
        profile = user.get("profile") or {}
        outside = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
        name = (
            user.get("real_name")
            or profile.get("real_name")
            or profile.get("display_name")
            or user.get("name")
        )
        same_team = not self._team or user.get("team_id", self._team) == self._team
        return Person(
            id=str(user["id"]),
            name=clean_name(name) or str(user["id"]),
            language=str(user.get("locale") or ""),
            zone=str(user.get("tz") or ""),
            email=str(profile.get("email") or ""),
            belongs=same_team and not any(user.get(each) for each in outside),
            administers=bool(user.get("is_admin") or user.get("is_owner")),
            appointed=user["id"] in self._settings.rapport_admins,
        )

    # Answering, after the commit; what is lost here was nobody's only copy

    async def answer(self, incoming: Incoming, reply: Reply | None) -> None:
        """Show a reply to whoever asked."""
        if reply is None or (not reply.parts and reply.form is None):
            return
        try:
            await self._answer(incoming, reply)
        except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError) as lost:
            log.warning("an answer did not reach Slack: %s", _reason(lost))

    async def _answer(self, incoming: Incoming, reply: Reply) -> None:
        if reply.form is not None and incoming.view:
            view = render.modal(reply.form, {"channel": incoming.chat})
            await self.client.views_update(view_id=incoming.view, view=view)
        elif reply.form is not None:
            view = render.modal(reply.form, {"channel": incoming.chat})
            await self.client.views_open(trigger_id=incoming.trigger, view=view)
        elif incoming.kind is Kind.HOME or (incoming.home and reply.instead):
            await self.client.views_publish(user_id=incoming.person.id, view=render.home(reply))
        elif incoming.answer_to:
            await self._respond(incoming.answer_to, reply)
        elif incoming.private or incoming.chat == incoming.person.id:
            await self.client.chat_postMessage(
                channel=incoming.chat, unfurl_links=False, **render.message(reply)
            )
        else:
            thread = incoming.thread or None
            await self.client.chat_postEphemeral(
                channel=incoming.chat,
                user=incoming.person.id,
                thread_ts=thread,
                **render.message(reply),
            )

    async def _respond(self, url: str, reply: Reply) -> None:
        assert self._session is not None
        content = render.message(reply) | {
            "response_type": "in_channel" if reply.for_all else "ephemeral",
            "replace_original": reply.instead,
        }
        async with self._session.post(url, json=content) as response:
            if response.status >= 400:
                log.warning("a response URL answered %s", response.status)

    # Places and files

    async def place(self, chat: str, *, afresh: bool = False) -> str:
        """Slack's id for where a row goes; our support channel is looked up, or made.

        "" when there is no channel of that name.
        """
        if not chat.startswith("#"):
            return chat
        if afresh:
            self._channels.clear()
        if chat not in self._channels:
            found = await self._place_named(chat)
            if not found:
                return ""
            self._channels[chat] = found
        return self._channels[chat]

    async def _place_named(self, chat: str) -> str:
        if chat == SUPPORT:
            return await self._support_channel()
        found = await self._channel_named(chat.removeprefix("#"))
        return "" if found is None else str(found["id"])

    def link(self, chat: str, message: str) -> str:
        """The address under which people open a message."""
        return f"{self._url}archives/{chat}/p{message.replace('.', '')}"

    async def note_file(self, claimed: Claimed, file: str) -> None:
        """Keep how Slack calls a file that is about to be shown."""
        await write(self._store, lambda work: delivery.note_file(work, claimed, file))

    async def _support_channel(self) -> str:
        name = self._settings.slack_support_channel.lstrip("#")
        if name[:1] in "CG" and name.isupper() and name.isalnum() and len(name) >= 8:
            return name
        found = await self._channel_named(name)
        if found is None:
            made = await self.client.conversations_create(name=name)
            return str(made["channel"]["id"])
        if not found.get("is_member", True):
            await self.client.conversations_join(channel=found["id"])
        return str(found["id"])

    async def _channel_named(self, name: str) -> dict[str, Any] | None:
        cursor = ""
        while True:
            page = await self.client.conversations_list(
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=200,
                cursor=cursor,
            )
            for channel in page.get("channels") or ():
                if channel.get("name") == name:
                    return dict(channel)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def fetch(self, media: Media) -> bytes:
        """The bytes of a file that somebody shared in Slack; the token goes in a header only.

        Raises FileNotFoundError when it can never be had, another OSError when it cannot now.
        """
        try:
            return await self._downloaded(media)
        except aiohttp.ClientError as away:
            raise OSError(type(away).__name__) from away

    async def _downloaded(self, media: Media) -> bytes:
        assert self._session is not None
        token = self._settings.slack_bot_token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.get(media.file, headers=headers) as response:
            if response.status in (403, 404, 410):
                raise FileNotFoundError("the file is gone")
            response.raise_for_status()
            if response.content_type == "text/html" and media.mime != "text/html":
                raise OSError("Slack shows its sign-in page instead of the file")
            if (response.content_length or 0) > LARGEST_FILE:
                raise FileNotFoundError("the file is too large")
            return await response.read()


def _json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _reason(trouble: BaseException) -> str:
    if isinstance(trouble, SlackApiError):
        return error_of(trouble) or "an answer that is none"
    return type(trouble).__name__
