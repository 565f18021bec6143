"""A Rapport for measuring: a new database on disk, settings that point at the clouds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import settings
from storage import schema
from storage.engine import Store

TOKENS = {
    "slack_bot_token": "xoxb-measured",
    "slack_app_token": "xapp-measured",
    "web_port": 0,
    "telegram_webhook_url": None,
}


@contextmanager
def store() -> Iterator[Store]:
    """A database that is there while it is measured."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        made = Store(f"sqlite:///{Path(folder) / 'rapport.db'}")
        schema.upgrade(made.engine)
        try:
            yield made
        finally:
            made.close()


def settings_for(store: Store, telegram: dict[str, str], **given: Any) -> settings.Settings:
    """Settings for a Rapport on that database and that Telegram."""
    return settings.load(
        **(
            TOKENS
            | {
                "telegram_bot_token": telegram["token"],
                "telegram_api_url": telegram["url"],
                "database_url": store.url,
            }
            | given
        )
    )
