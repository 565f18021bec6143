"""Slack's socket: each envelope is kept before it is acknowledged, however strange it is.

Stock Bolt builds its request outside of its own error handling, and the SDK drops an envelope that
lacks something without a word; Slack would send both again and again.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

log = logging.getLogger(__name__)

Take = Callable[[Any], Awaitable[BoltResponse]]


class Socket(AsyncSocketModeHandler):
    """Bolt's handler, which stumbles over nothing."""

    def __init__(
        self, app: AsyncApp, token: str, take: Take, put_aside: Take, logger: logging.Logger
    ) -> None:
        super().__init__(app, token, ping_interval=5, logger=logger)
        self._take = take
        self._put_aside = put_aside
        self.client.message_listeners.append(self._incomplete)

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Have a payload kept, and acknowledge it when it is."""
        response = await self._take(req.payload)
        try:
            # The moment of its beginning would only be logged.
            await send_async_response(client, req, response, 0.0)
        except (aiohttp.ClientError, ConnectionError) as closed:
            # Slack sends it again through another socket, and we know it by its key.
            log.info("an acknowledgement did not reach Slack: %s", type(closed).__name__)

    async def _incomplete(
        self, client: AsyncBaseSocketModeClient, message: Any, _: str | None
    ) -> None:
        """Acknowledge what the SDK would pass over: an envelope without a payload that it knows."""
        envelope = message.get("envelope_id")
        known = isinstance(message.get("payload"), dict | str) and "type" in message
        if not isinstance(envelope, str) or known:
            return
        response = await self._put_aside(message)
        if response.status == 200:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope))
