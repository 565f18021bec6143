"""How the Bot API says yes and no: the JSON envelope of every answer."""

import json
from typing import Any

from aiohttp import web

_encode = json.JSONEncoder(separators=(",", ":")).encode


def to_json(value: object) -> bytes:
    """Compact JSON in plain ASCII, as Telegram writes it; even half a character survives."""
    return _encode(value).encode()


class Refusal(Exception):
    """An answer with `"ok": false`, in Telegram's own words."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}")


def too_many(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def success(result: object) -> web.Response:
    return json_response(200, b'{"ok":true,"result":' + to_json(result) + b"}")


def refused(refusal: Refusal) -> web.Response:
    answer: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return json_response(refusal.code, to_json(answer))


def json_response(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
