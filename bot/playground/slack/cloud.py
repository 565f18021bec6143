"""The cloud as a whole: one workspace, its doors over HTTP and WebSocket, and its switches."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.playground.slack.channel import Channel
from bot.playground.slack.control import Control
from bot.playground.slack.delivery import Delivery, Patience
from bot.playground.slack.faults import Faults
from bot.playground.slack.file_doors import FileDoors
from bot.playground.slack.http_events import HttpEvents
from bot.playground.slack.interactions import Interactions
from bot.playground.slack.ledger import Ledger
from bot.playground.slack.limits import Gate, Limits
from bot.playground.slack.member import COLORS, Member
from bot.playground.slack.response_urls import ResponseUrls
from bot.playground.slack.snapshot import snapshot
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.web_api import WebApi
from bot.playground.slack.wire import Json
from bot.playground.slack.workspace import Workspace

BOT_TOKEN = "xoxb-playground-0000000000-rapport"  # noqa: S105 (a playground's token is no secret)
APP_TOKEN = "xapp-1-playground-0000000000-rapport"  # noqa: S105
SIGNING_SECRET = "playground-signing-secret"  # noqa: S105


def utc_now() -> datetime:
    return datetime.now(UTC)


class SlackCloud:
    """A Slack workspace on loopback. Either `start()` it, or mount `routes()` and set `url`."""

    def __init__(
        self,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        team_id: str = "T0PLAYGRND",
        bot_user_id: str = "U0RAPPORT",
        bot_id: str = "B0RAPPORT",
        app_id: str = "A0RAPPORT",
        now: Callable[[], datetime] = utc_now,
        limits: Limits | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.url = ""
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self.ledger = Ledger()
        self.faults = Faults()
        self.patience = patience or Patience()
        self.gate = Gate(limits or Limits())
        self.workspace = Workspace(team_id, app_id, bot_user_id, bot_id, now)
        self.delivery = Delivery(self.patience, self.ledger)
        self.workspace.deliver = self.delivery.event
        self.workspace.events.listening = lambda: self.delivery.transport is not None
        self.sockets = SocketMode(app_id, self.patience)
        self.responses = ResponseUrls(self.workspace, self.ledger, self.patience)
        self.desk = Interactions(self.workspace, self.delivery, self.responses, self._where)
        self.web_api = WebApi(
            self.workspace,
            self.desk,
            self.ledger,
            self.faults,
            self.gate,
            self.sockets,
            self._where,
        )
        self.web_api.bot_token, self.web_api.app_token = bot_token, app_token
        self.web_api.on_socket_opened = self._use_sockets
        self.web_api.on_found = self._found_at
        self._request_urls: list[HttpEvents] = []
        self._runner: web.AppRunner | None = None
        self.bot = self.member("rapport", self.workspace.bot_name, bot=True, id=bot_user_id)

    # Serving.

    def routes(self) -> list[web.RouteDef]:
        """Everything this cloud answers, relative to where it is mounted."""
        files = FileDoors(self.workspace, self.bot_token)
        return [
            web.post("/api/{method}", self.web_api.serve),
            web.get("/api/{method}", self.web_api.serve),
            web.get("/link", self.sockets.serve),
            web.post("/response/{key}", self.responses.serve),
            *files.routes(),
            *Control(self).routes(),
        ]

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self.delivery.stop()
        await self.sockets.stop()
        for request_url in self._request_urls:
            await request_url.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base_url for slack_sdk's clients."""
        return f"{self.url}/api/"

    def _where(self) -> str:
        return self.url

    def _found_at(self, url: str) -> None:
        self.url = url

    # Delivery.

    def _use_sockets(self) -> None:
        # An app that opens sockets has Socket Mode on; request URLs are not used any more.
        self.delivery.transport = self.sockets

    def deliver_http_to(self, url: str) -> HttpEvents:
        """Deliver by signed HTTP requests from now on."""
        request_url = HttpEvents(url, self.signing_secret, self.patience)
        self._request_urls.append(request_url)
        self.delivery.transport = request_url
        return request_url

    async def connected(self, count: int = 1, within: float = 10.0) -> None:
        """Wait until the app has so many sockets open."""
        await self.sockets.connected(count, within)

    async def quiet(self, within: float = 10.0) -> None:
        """Wait until the app has acked every event, or Slack has given it up."""
        await self.delivery.quiet(within)

    def inject_event(self, raw: Any) -> None:
        """Deliver any event, malformed too, in a proper envelope."""
        self.delivery.event(self.workspace.events.envelope(raw))

    async def inject_envelope(self, raw: Any) -> None:
        """Send any frame to the app's socket, or post any body to its request URL."""
        frame = self.sockets.inject(raw)
        if isinstance(self.delivery.transport, HttpEvents):
            await self.delivery.transport.post(frame, "application/json", {})
        else:
            await self.sockets.send_frame(frame)

    # People and places.

    def member(
        self,
        name: str,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str | None = None,
        guest: bool = False,
        bot: bool = False,
        id: str | None = None,
        locale: str = "en-US",
        **more: Any,
    ) -> Member:
        """The member of this name, who joins the workspace when there is none yet."""
        if found := self.workspace.find_member(id or name):
            return found
        shown = real_name or name.replace(".", " ").title()
        member_id = id or self.workspace.ids.next("U")
        member = Member(
            self.workspace, self.desk, member_id, name, shown, tz, email, locale, bot, guest
        )
        member.color = COLORS[len(self.workspace.members) % len(COLORS)]
        for field, value in more.items():
            setattr(member, field, value)
        self.workspace.add_member(member)
        return member

    def channel(
        self,
        name: str,
        private: bool = False,
        members: list[Member] | None = None,
        bot: bool = True,
        shared: bool = False,
    ) -> Channel:
        """The channel of this name, made when there is none; without `members` it is for all."""
        if found := self.workspace.find_channel("#" + name.removeprefix("#")):
            return found
        everyone = [m for m in self.workspace.members.values() if not (m.bot or m.guest)]
        inside = [member.id for member in (everyone if members is None else members)]
        if bot and self.bot.id not in inside:
            inside.append(self.bot.id)
        creator = inside[0] if inside else self.bot.id
        return self.workspace.add_channel(
            name.removeprefix("#"),
            creator,
            inside,
            private,
            open_to_all=members is None,
            is_ext_shared=shared,
        )

    # Switches.

    @property
    def limits(self) -> Limits:
        return self.gate.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.gate.limits = limits
        self.gate.buckets.clear()

    @property
    def modern_blocks(self) -> bool:
        """Whether this workspace knows the block types of the last years."""
        return self.desk.modern_blocks

    @modern_blocks.setter
    def modern_blocks(self, known: bool) -> None:
        self.desk.modern_blocks = self.responses.modern_blocks = known

    def install(self, manifest: Json) -> None:
        """Install the app as its manifest says: commands, shortcuts, events, scopes, domains."""
        features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
        commands = features.get("slash_commands") or ()
        self.desk.commands = {command["command"]: command for command in commands}
        shortcuts = features.get("shortcuts") or ()
        self.desk.shortcuts = {shortcut["callback_id"]: shortcut for shortcut in shortcuts}
        self.workspace.unfurl_domains = set(features.get("unfurl_domains") or ())
        subscriptions = settings.get("event_subscriptions") or {}
        self.workspace.events.subscribed = set(subscriptions.get("bot_events") or ())
        scopes = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot")
        self.web_api.scopes = frozenset(scopes or ())
        name = (features.get("bot_user") or {}).get("display_name")
        if name:
            self.workspace.bot_name = self.bot.real_name = name
            self.bot.name = name.lower().replace(" ", "")
        self.workspace.changed()

    def snapshot(self) -> Json:
        return snapshot(self.workspace, self.desk)

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every visible change; returns what ends that."""
        self.workspace.listeners.append(callback)
        return lambda: self.workspace.listeners.remove(callback)
