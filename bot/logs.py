"""How the log looks, and what must never stand in it."""

import logging

from bot.settings import Settings

HIDDEN = "[hidden]"
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# They log every request (with the token in its address), every tick, every step.
TALKATIVE = ("httpx", "httpcore", "aiohttp.access", "apscheduler", "alembic")


class _WithoutSecrets(logging.Formatter):
    """Lines with every secret of the settings taken out, tracebacks included."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__(LINE)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, whole and safe to be kept."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def set_up(settings: Settings) -> None:
    """Log to stderr from the level of the settings on, without any secret."""
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutSecrets(secrets_of(settings)))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that the settings hold, the password of the database among them."""
    values = [value for _, value in settings]
    found = [value.get_secret_value() for value in values if hasattr(value, "get_secret_value")]
    _, _, behind = settings.database_url.partition("://")
    password = behind.rpartition("@")[0].partition(":")[2]
    return [secret for secret in [*found, password] if secret]
