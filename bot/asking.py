"""One question to Telegram or Slack with a token, for the commands that look before Rapport runs.

An answer is data, never an exception: what cannot be reached is a finding like any other.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.settings import Settings

SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """What a cloud said: its content, or why not, and the time on its own clock."""

    content: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    at: datetime | None = None
    # What a Slack token is allowed to do; empty when the cloud does not say.
    scopes: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        """Whether the cloud gave what was asked for."""
        return not self.error


async def ask_telegram(settings: Settings, method: str) -> Answer:
    """Ask the Bot API as the bot of the settings."""
    token = settings.telegram_bot_token.get_secret_value()
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{token}/{method}"
    answer = await _ask(url, {}, {})
    if answer.error:
        return answer
    if answer.content.get("ok"):
        return Answer(dict(answer.content["result"]), at=answer.at)
    return Answer(error=str(answer.content.get("description", "no reason given")), at=answer.at)


async def ask_slack(settings: Settings, token: str, method: str, **values: str) -> Answer:
    """Ask Slack's Web API with a token."""
    answer = await _ask(settings.slack_api + method, {"Authorization": f"Bearer {token}"}, values)
    if answer.error or answer.content.get("ok"):
        return answer
    return Answer(error=str(answer.content.get("error", "no reason given")), at=answer.at)


async def _ask(url: str, headers: dict[str, str], values: dict[str, str]) -> Answer:
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.post(url, headers=headers, data=values) as response,
        ):
            at = _clock(response.headers.get("Date"))
            scopes = response.headers.get("x-oauth-scopes", "")
            content = await response.json(content_type=None)
    # The address holds the token, so what the library says of it is not passed on.
    except TimeoutError:
        return Answer(error=f"no answer within {SECONDS} seconds")
    except aiohttp.ClientConnectorError as refused:
        return Answer(error=f"no connection to {refused.host}")
    except (aiohttp.ClientError, ValueError, OSError) as broken:
        return Answer(error=f"the connection broke ({type(broken).__name__})")
    if not isinstance(content, dict):
        return Answer(error="the answer is not from this service", at=at)
    allowed = frozenset(scope.strip() for scope in scopes.split(",") if scope.strip())
    return Answer(content, at=at, scopes=allowed)


def _clock(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except ValueError:
        return None
