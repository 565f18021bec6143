"""A send that never ends is ended, and what nobody can know is called unsure."""

import asyncio
from datetime import UTC, datetime

from telegram import Bot

from bot.telegram.send import SECONDS_FOR_FILES, SECONDS_FOR_WORDS, TelegramSender
from handlers.actions.outcomes import Claimed, Outcome
from handlers.actions.outgoing import TELEGRAM, send
from handlers.message import Files, Media, Reply, Text, pack, plain
from jobs.delivery import Delivery
from jobs.pace import SlackPace
from storage.engine import Store
from storage.queries import outbox
from storage.records import OutboxRow, OutboxState
from storage.work import Work

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Silence:
    """A platform that takes what it is given and never says a word."""

    def patience(self, claimed: Claimed) -> float:
        """Hardly any."""
        return 0.1

    async def send(self, claimed: Claimed) -> Outcome:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError(claimed)


async def test_a_send_without_any_answer_becomes_unsure(sqlite_store: Store) -> None:
    """The row does not stay on the socket for ever, and it is not sent a second time."""
    sqlite_store.write(lambda work: send(work, TELEGRAM, "1", "say", {"parts": []}, key="one"))
    delivery = Delivery(sqlite_store, TELEGRAM, "me", Silence(), SlackPace())
    delivery.start()
    try:
        async with asyncio.timeout(10):
            while sqlite_store.read(outbox.counts) != {OutboxState.UNSURE: 1}:
                await asyncio.sleep(0.02)
    finally:
        await delivery.stop()

    assert sqlite_store.read(_why) == "no answer in time"


def _row(payload: dict[str, object], verb: str = "say") -> OutboxRow:
    return OutboxRow(
        idem_key="one",
        door=TELEGRAM,
        chat="1",
        line="one",
        verb=verb,
        payload=payload,
        not_before=NOW,
        created_at=NOW,
    )


async def fetch(_: Media) -> bytes:
    """No file is sent here."""
    raise FileNotFoundError


def test_words_are_given_up_sooner_than_files() -> None:
    """What is only words has no other clock; a file may be large, whoever it comes from."""
    sender = TelegramSender(Bot("1:A"), fetch)
    words, files = Reply((Text(plain("Hello")),)), Reply((Files((Media("photo", "f"),)),))
    for of_a_campaign in (True, False):
        short, long = (
            sender.patience(
                Claimed(_row({}), "1", words=each)
                if of_a_campaign
                else Claimed(_row({"parts": pack(each)}), "1")
            )
            for each in (words, files)
        )
        assert (short, long) == (SECONDS_FOR_WORDS, SECONDS_FOR_FILES)

    # These go by calls of the library's, which look at the clock by themselves.
    assert sender.patience(Claimed(_row({}, "delete"), "1")) == SECONDS_FOR_FILES


def _why(work: Work) -> str | None:
    (row,) = outbox.in_trouble(work, (OutboxState.UNSURE,))
    return row.error
