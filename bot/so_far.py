"""The settings as far as they are known, for commands that need no token."""

from typing import Any

from bot.settings import Settings, load

# Stand in for tokens that are not there yet; nothing is asked with them.
NOT_YET = {
    "telegram_bot_token": f"123:{'x' * 35}",
    "slack_bot_token": "xoxb-not-yet",
    "slack_app_token": "xapp-not-yet",
}


def settings_so_far(**given: Any) -> Settings:
    """The settings with `given`, and with made-up tokens where none is given.

    Raises SettingsError about the first that is wrong.
    """
    return load(**{**NOT_YET, **given})


def database_url() -> str:
    """Where the database is."""
    return settings_so_far().database_url


def public_url() -> str | None:
    """Under which address people reach us."""
    return settings_so_far().public_url
