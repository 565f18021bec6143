"""How the log looks, and what must never stand in it: secrets, and who our customers are."""

import logging
import re

from bot.settings import Settings

HIDDEN = "[hidden]"
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# They log every request, some with the token in its address, or what Bolt likes to warn of.
TALKATIVE = ("httpx", "httpcore", "aiohttp.access", "slack_sdk")
# A tick that takes longer than the time between two is nothing to be told; see `jobs.scheduler`.
SILENT_BUT_FOR_ERRORS = ("slack_bolt", "apscheduler")

_TOKENS = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}|x(?:ox[abeprs]|app)-[A-Za-z0-9-]{6,}")
_PERSONAL = re.compile(r"\+\d[\d ()-]{6,}\d|[\w.+-]+@[\w-]+\.[\w.]+")


class _Discreet(logging.Formatter):
    """Lines without secrets, phone numbers and e-mail addresses, tracebacks included."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__(LINE)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, whole and safe to be kept."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _PERSONAL.sub(HIDDEN, _TOKENS.sub(HIDDEN, line))


def set_up(settings: Settings) -> None:
    """Log to stderr from the level of the settings on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Discreet(secrets_of(settings)))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    # A full disk or a closed pipe under the log must not stop the house.
    logging.raiseExceptions = False
    quiet()


def quiet() -> None:
    """Let the libraries speak only of what went wrong."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT_BUT_FOR_ERRORS:
        logging.getLogger(name).setLevel(logging.ERROR)


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that the settings hold, the password of the database among them."""
    values = [value for _, value in settings]
    found = [value.get_secret_value() for value in values if hasattr(value, "get_secret_value")]
    _, _, behind = settings.database_url.partition("://")
    password = behind.rpartition("@")[0].partition(":")[2]
    return [secret for secret in [*found, password] if secret]
