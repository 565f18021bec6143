"""Socket Mode: WebSockets that apps open with a ticket, envelopes, acks, and ways to go wrong."""

import asyncio
import json
import secrets
import uuid
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.slack.delivery import Ack, Patience
from bot.playground.slack.wire import ApiError, Json


class Connection:
    """One WebSocket of the app."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.listening = asyncio.Event()
        self.listening.set()
        # A closing connection finishes what it has and is given nothing new.
        self.closing = False

    async def send(self, frame: str) -> None:
        # A peer that is gone without a word swallows what it is sent.
        if not self.listening.is_set():
            return
        try:
            await self.socket.send_str(frame)
        except ConnectionError:
            self.closing = True

    def abort(self) -> None:
        self.closing = True
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketMode:
    """All connections of the app. Also the fault switches: drop, half-open, duplicates, order."""

    def __init__(self, app_id: str, patience: Patience) -> None:
        self.app_id = app_id
        self.patience = patience
        self.connections: list[Connection] = []
        self.disabled = False
        self.silent = False
        self.duplicates = 0
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._arrived = asyncio.Condition()
        self._turn = 0
        self._held: list[str] = []
        self._hold = 0
        # The envelopes that the app acknowledged lately, those too that a test made up.
        self.acked: deque[str] = deque(maxlen=1000)

    def ticket(self) -> str:
        """A ticket for one connection, as apps.connections.open gives it."""
        if self.disabled:
            raise ApiError("socket_mode_not_enabled")
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.disabled:
            return web.Response(status=408 if ticket else 404)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=True, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        await connection.send(json.dumps(self._hello()))
        async with self._arrived:
            self.connections.append(connection)
            self._arrived.notify_all()
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": {
                "host": "applink-playground",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self.app_id},
        }

    async def _listen(self, connection: Connection) -> None:
        while True:
            frame = await connection.socket.receive()
            if frame.type is not WSMsgType.TEXT:
                if frame.type is WSMsgType.BINARY:
                    continue
                return
            # A half-open connection is read no further, so its acks and pings go nowhere.
            await connection.listening.wait()
            self._take(frame.data)

    def _take(self, frame: str) -> None:
        try:
            answer = json.loads(frame)
        except ValueError:
            return
        if not isinstance(answer, dict):
            return
        self.acked.append(str(answer.get("envelope_id")))
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(Ack(True, answer.get("payload")))

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        try:
            async with asyncio.timeout(self.patience.ack_within):
                await self.send_frame(json.dumps(envelope))
                return await waiting
        except TimeoutError:
            return Ack(False, reason="timeout")
        finally:
            del self._waiting[envelope_id]

    async def send_frame(self, frame: str) -> None:
        """Any text to one connection, in turn; waits for a connection when there is none."""
        if self._hold:
            self._held.append(frame)
            if len(self._held) < self._hold:
                return
            frames, self._held, self._hold = self._held[::-1], [], 0
        else:
            frames = [frame]
        if self.duplicates:
            self.duplicates -= 1
            frames = [copy for frame in frames for copy in (frame, frame)]
        for each in frames:
            connection = await self._next()
            if not self.silent:
                await connection.send(each)

    async def _next(self) -> Connection:
        while not (ready := [c for c in self.connections if not c.closing]):
            async with self._arrived:
                await self._arrived.wait()
        self._turn += 1
        return ready[self._turn % len(ready)]

    async def connected(self, count: int = 1, within: float = 10.0) -> None:
        """Wait until so many connections are open."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: self.open_count >= count)

    @property
    def open_count(self) -> int:
        return sum(not connection.closing for connection in self.connections)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Say goodbye as Slack does: warning, refresh_requested or link_disabled."""
        if reason == "link_disabled":
            self.disabled = True
        goodbye = {
            "type": "disconnect",
            "reason": reason,
            "debug_info": {"host": "applink-playground"},
        }
        for connection in list(self.connections):
            await connection.send(json.dumps(goodbye))
            # After a warning the connection still works for a while; after the rest it does not.
            if reason != "warning":
                connection.closing = True
                await connection.socket.close()

    def drop(self) -> None:
        """Cut every connection without a closing frame."""
        for connection in list(self.connections):
            connection.abort()

    def half_open(self) -> None:
        """Leave the connections standing, but neither read nor write them any more."""
        for connection in self.connections:
            connection.listening.clear()

    def duplicate(self, count: int = 1) -> None:
        """Deliver each of the next envelopes twice."""
        self.duplicates += count

    def reorder(self, count: int = 2) -> None:
        """Hold the next envelopes back until there are so many, and send them in reverse."""
        self._hold = count

    async def ping(self, data: bytes = b"playground") -> None:
        for connection in self.connections:
            await connection.socket.ping(data)

    def switch(self, raw: Json) -> None:
        """The fault switches by name, as the control route sends them."""
        for name, value in raw.items():
            match name:
                case "drop" | "half_open":
                    getattr(self, name)()
                case "duplicate" | "reorder":
                    getattr(self, name)(int(value))
                case "silent" | "disabled":
                    setattr(self, name, bool(value))

    async def stop(self) -> None:
        for connection in list(self.connections):
            connection.closing = True
            connection.listening.set()
            await connection.socket.close()
            connection.abort()
        self._waiting.clear()

    def inject(self, raw: Any) -> str:
        return raw if isinstance(raw, str) else json.dumps(raw)
