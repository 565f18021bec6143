"""The routes. Where only polling and Socket Mode are used it listens on loopback, for health."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.slack.app import SlackDoor
from bot.telegram.app import TelegramDoor
from handlers.texts import Voice, language_of

# Telegram's updates and Slack's payloads are far smaller; a larger body is nobody's.
LARGEST_BODY = 1024 * 1024

Health = Callable[[], dict[str, Any]]
# Where a personal link leads, by its token and the place of its button.
OpenLink = Callable[[str, int], Awaitable[str | None]]


class WebServer:
    """Listens on one port."""

    def __init__(
        self, telegram: TelegramDoor, slack: SlackDoor, health: Health, open_link: OpenLink
    ) -> None:
        self._telegram = telegram
        self._slack = slack
        self._health = health
        self._open_link = open_link
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Open the port; 0 takes any that is free. Raises OSError when it is taken."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get("/health", self._on_health)
        app.router.add_get(r"/t/{number:\d{1,9}}", self._on_ticket)
        # Asked by GET alone: what only looks ahead (HEAD) has not opened it.
        opened = r"/c/{token:[A-Za-z0-9_]{8,24}}-{button:\d}"
        app.router.add_get(opened, self._on_link, allow_head=False)
        app.router.add_post("/telegram", self._on_telegram)
        app.router.add_post("/slack/events", self._on_slack)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _on_health(self, _: web.Request) -> web.Response:
        state = self._health()
        # A refused token is no reason to start us anew; a clock that stands still is.
        return web.json_response(state, status=503 if state["status"] == "stalled" else 200)

    async def _on_ticket(self, request: web.Request) -> web.Response:
        """A link to a ticket in a browser: where to read it, and not even whether there is one."""
        voice = Voice(language_of(request.headers.get("Accept-Language")))
        words = voice.say("link.page", number=request.match_info["number"])
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return web.Response(text=f"{words}\n", headers=headers)

    async def _on_link(self, request: web.Request) -> web.Response:
        """A campaign's link, opened by whoever got it: noted, and on to where it leads."""
        info = request.match_info
        leads_to = await self._open_link(info["token"], int(info["button"]))
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        if leads_to is None:
            voice = Voice(language_of(request.headers.get("Accept-Language")))
            return web.Response(status=404, text=f"{voice.say('link.gone')}\n", headers=headers)
        # Where they came from is nobody's business.
        headers |= {"Location": leads_to, "Referrer-Policy": "no-referrer"}
        return web.Response(status=302, headers=headers)

    async def _on_telegram(self, request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self._telegram.webhook_secret.encode()):
            return web.Response(status=401)
        return web.Response(status=await self._telegram.over_webhook(await request.read()))

    async def _on_slack(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, body = await self._slack.over_http(await request.read(), headers)
        kind = "application/json" if body[:1] in "{[" and body else "text/plain"
        return web.Response(status=status, text=body, content_type=kind)
