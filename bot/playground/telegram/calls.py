"""One call of the Bot API as it came over HTTP: its method, typed parameters and uploaded files."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.playground.telegram.answers import Refusal, bad_request

# Telegram's own ceiling for an upload is 50 MB; anything above is refused before it is kept.
MAX_UPLOAD = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that travelled inside the call."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Call:
    """Parameters may be strings (forms) or typed values (JSON); the accessors take both."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def chat_id(self) -> int | None:
        """The chat that the call is about; None when it names none, or by @username."""
        try:
            return int(self.params.get("chat_id", ""))
        except (TypeError, ValueError):
            return None

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        value = self.params.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'can\'t parse parameter "{name}": must be a number') from None

    def number(self, name: str, default: float | None = None) -> float:
        value = self.params.get(name)
        if value in (None, "") and default is not None:
            return default
        try:
            return float(value or "")
        except (TypeError, ValueError):
            raise bad_request(f"{name} is empty") from None

    def flag(self, name: str) -> bool:
        value = self.params.get(name)
        return value is True or str(value).lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:
        """A structured parameter, decoded; None when it was not given."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            what = name.replace("_", " ")
            raise bad_request(f"can't parse {what} JSON object") from None

    def structure(self, name: str) -> dict[str, Any]:
        """A parameter that must be a JSON object; empty when it was not given."""
        value = self.json(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value


async def read_call(request: web.Request, method: str) -> Call:
    params: dict[str, Any] = {}
    if request.query_string:
        params.update(parse_qsl(request.query_string, keep_blank_values=True))
    files: dict[str, Upload] = {}
    if request.body_exists:
        kind = request.content_type
        if kind == "multipart/form-data":
            await _read_parts(request, params, files)
        elif kind == "application/json":
            params.update(_from_json(await request.read()))
        else:
            body = (await request.read()).decode("utf-8", "replace")
            params.update(parse_qsl(body, keep_blank_values=True))
    return Call(method, params, files)


def _from_json(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        raise bad_request("can't parse request: JSON object expected") from None
    if not isinstance(value, dict):
        raise bad_request("can't parse request: JSON object expected")
    return value


async def _read_parts(
    request: web.Request, params: dict[str, Any], files: dict[str, Upload]
) -> None:
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytearray()
        while chunk := await part.read_chunk(1 << 16):
            size += len(chunk)
            if size > MAX_UPLOAD:
                raise Refusal(413, "Request Entity Too Large")
            data += chunk
        if part.filename is None:
            params[part.name] = data.decode("utf-8", "replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, mime, bytes(data))
