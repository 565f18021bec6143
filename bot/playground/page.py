"""The playground's page: a customer's phone beside the staff's desk, served from one port."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from bot.playground.feed import Cloud, Feed, changes

STATIC = Path(__file__).parent / "static"
HEARTBEAT = 15.0
MOST_UPLOADED = 32 * 1024 * 1024

# The page asks nothing of the outside, and the browser holds it to that.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Clock(Protocol):
    """The playground's clock, which a person may push."""

    def now(self) -> datetime: ...

    def push(self, by: timedelta) -> None: ...


class MountedCloud(Cloud, Protocol):
    """A cloud whose routes the page serves under a prefix; `url` tells it where that is."""

    url: str

    def routes(self) -> Iterable[web.AbstractRouteDef]: ...


@web.middleware
async def own_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses what another site's page sends: a browser would let it post to loopback."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden(text="The playground answers only its own page.")
    return await handler(request)


async def add_policy(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    # A browser asks again each time, so that a newer version never meets an older one's scripts.
    response.headers.setdefault("Cache-Control", "no-cache")


def next_wall_time(now: datetime, wall: time, zone: ZoneInfo) -> datetime:
    """The first moment after `now` at which clocks in `zone` show `wall`."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), wall, zone)
    if today > local:
        return today
    return datetime.combine(local.date() + timedelta(days=1), wall, zone)


def leap_asked(body: Any, now: datetime) -> timedelta:
    """How far {"seconds": 3600} or {"to": "09:00", "zone": "Asia/Shanghai"} wants time to go on."""
    try:
        if "to" in body:
            zone = ZoneInfo(body.get("zone", "UTC"))
            wanted = next_wall_time(now, time.fromisoformat(body["to"]), zone)
            # Both in UTC: within one zone Python subtracts wall times and forgets a clock change.
            leap = wanted.astimezone(UTC) - now.astimezone(UTC)
        else:
            leap = timedelta(seconds=float(body["seconds"]))
    except (KeyError, TypeError, ValueError, OverflowError, ZoneInfoNotFoundError) as wrong:
        raise web.HTTPBadRequest(text=f"That is not a time: {wrong}") from wrong
    if leap < timedelta(0):
        raise web.HTTPBadRequest(text="The playground's clock only goes forward.")
    return leap


async def ring(bell: asyncio.Event, pause: float) -> None:
    """Waits for news and for what comes together with it, or until a sign of life is due."""
    try:
        await asyncio.wait_for(bell.wait(), HEARTBEAT)
    except TimeoutError:
        return
    await asyncio.sleep(pause)


class PlaygroundPage:
    """One port: the page at /, the Telegram cloud at /telegram, the Slack cloud at /slack."""

    def __init__(
        self, telegram: MountedCloud, slack: MountedCloud, clock: Clock, language: str = ""
    ) -> None:
        # What the page opens in; empty for whatever the browser prefers.
        self.language = language
        self.telegram = telegram
        self.slack = slack
        self.clock = clock
        self.feed = Feed({"telegram": telegram, "slack": slack})
        self.url = ""
        self._runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        """The page and both clouds as one web application."""
        app = web.Application(middlewares=[own_origin], client_max_size=MOST_UPLOADED)
        app.on_response_prepare.append(add_policy)
        app.on_shutdown.append(self._close_feed)
        app.router.add_get("/", self._index)
        app.router.add_get("/events", self._events)
        app.router.add_post("/clock", self._push_clock)
        app.router.add_static("/static/", STATIC)
        for name, cloud in (("telegram", self.telegram), ("slack", self.slack)):
            mounted = web.Application(client_max_size=MOST_UPLOADED)
            mounted.add_routes(cloud.routes())
            app.add_subapp(f"/{name}", mounted)
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serves until `stop`; port 0 takes a free one, and `url` says which."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://{host}:{bound}"
        self.telegram.url = f"{self.url}/telegram"
        self.slack.url = f"{self.url}/slack"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _close_feed(self, _app: web.Application) -> None:
        self.feed.close()

    async def _index(self, _request: web.Request) -> web.Response:
        page = (STATIC / "index.html").read_text("utf-8")
        page = page.replace("<html", f'<html data-language="{self.language}"', 1)
        return web.Response(text=page, content_type="text/html")

    async def _push_clock(self, request: web.Request) -> web.Response:
        self.clock.push(leap_asked(await request.json(), self.clock.now()))
        self.feed.wake()
        return web.json_response({"now": self.clock.now().isoformat()})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        bell = self.feed.enter()
        try:
            await self._tell(response, bell)
        except ConnectionError:
            # The reader closed the page, which is how this stream ends.
            pass
        finally:
            self.feed.leave(bell)
        return response

    async def _tell(self, response: web.StreamResponse, bell: asyncio.Event) -> None:
        sent: dict[str, str] = {}
        while not self.feed.closed:
            bell.clear()
            parts = self.feed.parts()
            moment = self.clock.now().isoformat()
            news = f'{{"now": "{moment}", "parts": {changes(sent, parts)}}}'
            sent = parts
            await response.write(f"data: {news}\n\n".encode())
            await ring(bell, self.feed.pause)
