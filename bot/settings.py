"""The only reader of the environment: typed settings, and one sentence when one is wrong.

Each setting is read from the environment, from `.env`, or (secrets in files) from the file that
the same name with `_FILE` points at.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

TELEGRAM_CLOUD = "https://api.telegram.org"
SLACK_CLOUD = "https://slack.com/api/"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


class _FileSource(EnvSettingsSource):
    """`NAME_FILE=/run/secrets/name`: the setting is what stands in that file."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text("utf-8").strip(), field_name, False
        except OSError as missing:
            raise SettingsError(
                f"{field_name.upper()}_FILE: {path} cannot be read ({missing.strerror}). "
                "Give the path of a file that holds the value."
            ) from missing


class Settings(BaseSettings):
    """How this Rapport reaches the world. The description of each says what it is for."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    telegram_bot_token: SecretStr = Field(description="The bot's token, from @BotFather")
    slack_bot_token: SecretStr = Field(description="Bot User OAuth Token, begins with xoxb-")
    slack_app_token: SecretStr | None = Field(
        default=None, description="App-level token for Socket Mode, begins with xapp-"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Signing secret, for events over HTTP instead of Socket Mode"
    )
    database_url: str = Field(
        default="sqlite:///rapport.db", description="sqlite:///FILE or postgresql://…"
    )
    telegram_api_url: str = Field(
        default=TELEGRAM_CLOUD, description="Another Bot API server, without /bot"
    )
    slack_api_url: str = Field(
        default=SLACK_CLOUD, description="Another Slack cloud, ends with /api/"
    )
    telegram_webhook_url: str | None = Field(
        default=None,
        description="Public https address of this server: webhook instead of long polling",
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="What Telegram proves itself with; made up when empty"
    )
    public_url: str | None = Field(
        default=None, description="Address under which people reach this server: links to tickets"
    )
    slack_support_channel: str = Field(
        default="support", description="Name or id of the channel in which tickets appear"
    )
    rapport_admins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Slack user ids of the admins, with commas"
    )
    web_host: str = Field(default="127.0.0.1", description="Where the web server listens")
    web_port: int = Field(
        default=8480, ge=0, le=65535, description="Its port; 0 takes any that is free"
    )
    telegram_rate: float = Field(
        default=30.0, gt=0, le=10_000, description="Messages a second that Telegram allows the bot"
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FileSource(settings_cls), dotenv_settings

    @field_validator("telegram_bot_token")
    @classmethod
    def _telegram_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d{3,}:[\w-]{20,}", token.get_secret_value()):
            raise ValueError("does not look like 123456789:AAH…. Copy it from @BotFather again.")
        return token

    @field_validator("slack_bot_token")
    @classmethod
    def _slack_bot_token(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith("xoxb-"):
            raise ValueError(
                "does not begin with xoxb-. Copy the Bot User OAuth Token from the Slack app's "
                "page OAuth & Permissions."
            )
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _slack_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith("xapp-"):
            raise ValueError(
                "does not begin with xapp-. Make an app-level token with connections:write on the "
                "Slack app's page Basic Information."
            )
        return token

    @field_validator("telegram_api_url", "slack_api_url", "telegram_webhook_url", "public_url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"https?://[^\s/]+", url):
            raise ValueError("is not an address. It begins with https:// or http://.")
        return url

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if not re.match(r"(sqlite|postgresql|postgres)(\+\w+)?://", url):
            raise ValueError("must begin with sqlite:/// or postgresql://.")
        return url.replace("postgres://", "postgresql://", 1)

    @field_validator("rapport_admins", mode="before")
    @classmethod
    def _admins(cls, ids: Any) -> Any:
        return tuple(filter(None, re.split(r"[,\s]+", ids))) if isinstance(ids, str) else ids

    @field_validator("log_level")
    @classmethod
    def _level(cls, level: str) -> str:
        if level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR.")
        return level.upper()

    @property
    def slack_over_http(self) -> bool:
        """Whether Slack posts its events to us, because there is no token for Socket Mode."""
        return self.slack_app_token is None

    @property
    def slack_api(self) -> str:
        """The address before a method's name, with the slash that slack_sdk relies on."""
        return self.slack_api_url.rstrip("/") + "/"


_MISSING = {
    "telegram_bot_token": "Ask @BotFather in Telegram for one (/newbot).",
    "slack_bot_token": "Make a Slack app from the manifest (`rapport slack-manifest`), install it, "
    "and copy its Bot User OAuth Token.",
}


def load(**given: Any) -> Settings:
    """The settings. Raises SettingsError with one sentence about the first that is wrong."""
    try:
        settings = Settings(**given)
    except ValidationError as wrong:
        raise SettingsError(_sentence(wrong)) from None
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            "SLACK_APP_TOKEN is missing. Make an app-level token (xapp-…) for Socket Mode, or set "
            "SLACK_SIGNING_SECRET to receive events over HTTP."
        )
    return settings


def database_url() -> str:
    """Only where the database is: for commands that need no token."""
    given = os.environ.get("DATABASE_URL") or _dotenv().get("DATABASE_URL")
    return str(given or Settings.model_fields["database_url"].default)


def _dotenv() -> dict[str, str | None]:
    from dotenv import dotenv_values

    return dotenv_values(".env")


def _sentence(wrong: ValidationError) -> str:
    problem = wrong.errors()[0]
    name = str(problem["loc"][0])
    if problem["type"] == "missing":
        return f"{name.upper()} is missing. {_MISSING.get(name, '')} `rapport init` asks for it."
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] != "value_error":
        message = f"is wrong: {message}."
    return f"{name.upper()} {message}"
