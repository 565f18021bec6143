"""Lines of the log without secrets and without people, tracebacks included."""

import logging

import pytest

from bot import logs
from bot.settings import load

TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SETTINGS = {
    "telegram_bot_token": TOKEN,
    "slack_bot_token": "xoxb-1234-abcdef",
    "slack_app_token": "xapp-1-A1-1234-abcdef",
    "slack_signing_secret": "8f742231b10e8888abcd99yyyzzz85a5",
    "database_url": "postgresql://rapport:hunter2secret@db.example.com/rapport",
}


def line(words: str) -> str:
    """What a line becomes that ends in a traceback with these words, too."""
    formatter = logs._Discreet(logs.secrets_of(load(**SETTINGS)))
    error = ValueError(words)
    told = (ValueError, error, error.__traceback__)
    return formatter.format(
        logging.LogRecord("rapport", logging.ERROR, __file__, 1, "it said %s", (words,), told)
    )


@pytest.mark.parametrize(
    "words",
    [
        *SETTINGS.values(),
        "hunter2secret",
        # Of another house, or one that was in use before.
        "654321:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "xoxp-999999-zzzzzz",
        "anna.lee@acme.example",
        "+49 170 1234567",
    ],
)
def test_nothing_that_must_not_be_kept_stands_in_a_line(words: str) -> None:
    """Neither in what is said nor in the error behind it; that something was there is shown."""
    said = line(f"about {words} here")
    secret = "hunter2secret" if "hunter2" in words else words

    assert secret not in said and said.count(logs.HIDDEN) >= 2


def test_numbers_of_rows_and_names_of_errors_stay() -> None:
    """By these an admin finds what is meant."""
    said = line("row 1234567890 failed: StaleError")

    assert "row 1234567890" in said and "StaleError" in said and logs.HIDDEN not in said
