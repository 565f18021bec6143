"""Delivery over HTTP: signed POSTs, the way Slack calls a public request URL."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.delivery import Ack, Patience
from bot.playground.slack.wire import Json

FORM = "application/x-www-form-urlencoded"


class HttpEvents:
    def __init__(self, url: str, signing_secret: str, patience: Patience) -> None:
        self.url = url
        self.signing_secret = signing_secret
        self.patience = patience
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        elif kind == "slash_commands":
            body, content_type = urlencode(payload), FORM
        else:
            body, content_type = urlencode({"payload": json.dumps(payload)}), FORM
        retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        return await self.post(body, content_type, retry if attempt else {})

    async def post(self, body: str, content_type: str, headers: dict[str, str]) -> Ack:
        """One signed request; any body, so that tests may send nonsense."""
        signed = {**self.signature(body), "Content-Type": content_type, **headers}
        timeout = aiohttp.ClientTimeout(total=self.patience.ack_within)
        session = self._open_session()
        try:
            async with session.post(
                self.url, data=body.encode(), headers=signed, timeout=timeout
            ) as answer:
                text = await answer.text()
                if answer.status // 100 == 2:
                    return Ack(True, _body(answer.content_type, text))
                if answer.headers.get("X-Slack-No-Retry") == "1":
                    return Ack(False, reason="no_retry")
                return Ack(False, reason="http_error")
        except TimeoutError:
            return Ack(False, reason="http_timeout")
        except (aiohttp.ClientError, ConnectionError):
            return Ack(False, reason="connection_failed")

    def signature(self, body: str) -> dict[str, str]:
        # Receivers compare with their own clock, so this is real time, not the playground's.
        stamp = str(int(time.time()))
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def verify(self) -> bool:
        """Slack's url_verification handshake: the answer must repeat the challenge."""
        challenge = "playground-challenge"
        body = json.dumps(
            {"token": "playground", "challenge": challenge, "type": "url_verification"}
        )
        ack = await self.post(body, "application/json", {})
        said = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        return ack.ok and said == challenge

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()


def _body(content_type: str, text: str) -> Json | str | None:
    if not text:
        return None
    if content_type == "application/json":
        decoded = json.loads(text)
        return decoded if isinstance(decoded, dict) else None
    return text
