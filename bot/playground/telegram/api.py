"""The HTTP side of the cloud: the Bot API's methods, its file downloads, and the page's media."""

import asyncio
import json
import re
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot.playground.telegram import editing, methods, sending
from bot.playground.telegram.answers import Refusal, bad_request, json_response, refused, success
from bot.playground.telegram.calls import Call, Upload, read_call
from bot.playground.telegram.misfortune import suffer

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

_TOKEN = re.compile(r"\d+:[\w-]+")
_UNSAFE_NAME = re.compile(r"[^\w. -]")
_LOOPBACK = re.compile(r"https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:/|$)")
LONGEST_POLL = 50.0
# Each of these enters its functions in the table when it is imported.
WHERE_METHODS_LIVE = (methods, sending, editing)


class BotApi:
    """Reads each call, meets the fault plan, and answers as Telegram does."""

    def __init__(self, cloud: "TelegramCloud") -> None:
        self._cloud = cloud

    def routes(self, prefix: str) -> list[web.RouteDef]:
        return [
            web.route("*", prefix + "/bot{token}/{method}", self._serve_method),
            web.get(prefix + "/file/bot{token}/{path:.+}", self._serve_file),
            web.get(prefix + "/media/{unique_id}", self._serve_media),
        ]

    async def answer_of_webhook(self, body: bytes) -> None:
        """A bot may answer an update with a method to call; nobody hears how that went."""
        try:
            params = json.loads(body)
        except ValueError:
            return
        if isinstance(params, dict) and isinstance(params.get("method"), str):
            call = Call(methods.spelt(params.pop("method")), params)
            self._cloud.ledger.calls[call.method] += 1
            await self.perform(call)

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        if token != self._cloud.token:
            malformed = not _TOKEN.fullmatch(token)
            return refused(Refusal(404, "Not Found") if malformed else Refusal(401, "Unauthorized"))
        try:
            call = await read_call(request, methods.spelt(request.match_info["method"]))
        except Refusal as refusal:
            return refused(refusal)
        self._cloud.ledger.calls[call.method] += 1
        faults = self._cloud.faults
        if faults.latency:
            await asyncio.sleep(faults.latency)
        if faults.rules and (rule := faults.strike(call.method, call.chat_id)):
            return await suffer(self._cloud, request, call, rule)
        return await self.perform(call)

    async def perform(self, call: Call) -> web.Response:
        """Do what the call asks and answer it."""
        try:
            return await self._perform(call)
        except Refusal as refusal:
            self._cloud.ledger.refusals[refusal.code] += 1
            return refused(refusal)

    async def _perform(self, call: Call) -> web.Response:
        if call.method == "getUpdates":
            return await self._get_updates(call)
        function = methods.find(call.method)
        for address in sending.addresses(call):
            call.files[address] = await self._fetch(address)
        return success(function(self._cloud, call))

    async def _get_updates(self, call: Call) -> web.Response:
        if self._cloud.webhook is not None:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
            )
        self._cloud.updates.allow(call.json("allowed_updates"))
        offset = call.integer("offset", 0) or 0
        limit = min(100, max(1, call.integer("limit", 100) or 100))
        timeout = min(LONGEST_POLL, call.number("timeout", 0.0))
        found = await self._cloud.updates.poll(offset, limit, timeout)
        return json_response(200, b'{"ok":true,"result":' + found + b"}")

    async def _fetch(self, address: str) -> Upload:
        """A file from the web, of which this Telegram knows only this machine."""
        if not _LOOPBACK.match(address):
            raise bad_request("failed to get HTTP URL content")
        try:
            async with aiohttp.ClientSession() as session, session.get(address) as response:
                if response.status != 200:
                    raise bad_request("failed to get HTTP URL content")
                name = response.url.name
                return Upload(name, response.content_type, await response.read())
        except aiohttp.ClientError:
            raise bad_request("failed to get HTTP URL content") from None

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._cloud.token:
            return refused(Refusal(401, "Unauthorized"))
        file = self._cloud.files.by_path(request.match_info["path"])
        if file is None:
            return refused(Refusal(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _serve_media(self, request: web.Request) -> web.StreamResponse:
        file = self._cloud.files.by_unique_id(request.match_info["unique_id"])
        if file is None:
            raise web.HTTPNotFound
        # What people send must never run as a page of ours.
        headers = {
            "Content-Type": file.mime,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{_UNSAFE_NAME.sub("_", file.name)}"',
        }
        return web.Response(body=file.data, headers=headers)
