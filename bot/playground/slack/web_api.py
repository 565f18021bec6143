"""The Web API's front door: tokens, arguments, limits and planned faults around every method."""

import asyncio
import json
import math
from collections.abc import Callable

from aiohttp import web

from bot.playground.slack import methods
from bot.playground.slack.calls import METHODS, Call
from bot.playground.slack.faults import Fault, Faults, Kind
from bot.playground.slack.interactions import Interactions
from bot.playground.slack.ledger import Ledger
from bot.playground.slack.limits import Gate
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.wire import ApiError, Json
from bot.playground.slack.workspace import Workspace

JSON = {"Content-Type": "application/json; charset=utf-8"}
# Calls that count as messages for the limit of a channel.
POSTS = {"chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal"}
FAMILIES = methods.__all__


class WebApi:
    def __init__(
        self,
        workspace: Workspace,
        desk: Interactions,
        ledger: Ledger,
        faults: Faults,
        gate: Gate,
        sockets: SocketMode,
        url: Callable[[], str],
    ) -> None:
        self.workspace = workspace
        self.desk = desk
        self.ledger = ledger
        self.faults = faults
        self.gate = gate
        self.sockets = sockets
        self.url = url
        self.bot_token = ""
        self.app_token = ""
        self.scopes: frozenset[str] = frozenset()
        self.on_socket_opened: Callable[[], None] = lambda: None
        self.on_found: Callable[[str], None] = lambda _url: None

    async def serve(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        if not self.url():
            # Mounted into another server, this cloud learns its address from its first caller.
            self.on_found(str(request.url.origin()) + request.path.removesuffix(f"/api/{name}"))
        args = await arguments(request)
        self.ledger.calls[name] += 1
        fault = self.faults.strike(name, args)
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if fault is None:
            return self.answer(name, args, request.headers.get("Authorization", ""))
        if not fault.after:
            return await self._fail(request, fault, name)
        self.answer(name, args, request.headers.get("Authorization", ""))
        return await self._fail(request, fault, name)

    def answer(self, name: str, args: Json, authorization: str) -> web.Response:
        try:
            self._authorise(
                name, authorization.removeprefix("Bearer ").strip() or args.get("token")
            )
            if wait := self._wait(name, args):
                return self._too_many(name, wait)
            return _json({"ok": True, **self._perform(name, args)})
        except ApiError as refused:
            return _json(refused.answer())

    def _authorise(self, name: str, token: str | None) -> None:
        if name not in METHODS and name != "apps.connections.open":
            raise ApiError("unknown_method", req_method=name)
        if name == "api.test":
            return
        if not token:
            raise ApiError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise ApiError("invalid_auth")
        if (token == self.app_token) != (name == "apps.connections.open"):
            raise ApiError("not_allowed_token_type")

    def _perform(self, name: str, args: Json) -> Json:
        if name == "apps.connections.open":
            ticket = self.sockets.ticket()
            self.on_socket_opened()
            # http becomes ws and https becomes wss.
            return {"url": f"ws{self.url().removeprefix('http')}/link?ticket={ticket}"}
        call = Call(name, args, self.workspace, self.desk, self.ledger, self.url(), self.scopes)
        return METHODS[name](call)

    def _wait(self, name: str, args: Json) -> int:
        channel = None
        if name in POSTS:
            wanted = str(args.get("channel") or args.get("channel_id") or "")
            found = self.workspace.find_channel(wanted)
            channel = found.id if found else None
        return self.gate.retry_after(name, channel)

    def _too_many(self, name: str, wait: float) -> web.Response:
        self.ledger.limited[name] += 1
        headers = {"Retry-After": str(math.ceil(wait))}
        return _json({"ok": False, "error": "ratelimited"}, 429, headers)

    async def _fail(self, request: web.Request, fault: Fault, name: str) -> web.Response:
        match fault.kind:
            case Kind.STATUS:
                return web.Response(status=fault.status, text="upstream error")
            case Kind.TOO_MANY:
                return self._too_many(name, fault.seconds)
            case Kind.ERROR:
                return _json({"ok": False, "error": fault.error})
            case Kind.GARBAGE:
                return web.Response(text="<html>not what you asked for", content_type="text/html")
            case Kind.HANG:
                await asyncio.sleep(fault.seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


async def arguments(request: web.Request) -> Json:
    """The arguments of a call from its query and its body, whatever the body's form."""
    args: Json = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return args
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            return args
        return args | body if isinstance(body, dict) else args
    form = await request.post()
    return args | {name: value for name, value in form.items() if isinstance(value, str)}


def _json(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, headers={**JSON, **(headers or {})})
