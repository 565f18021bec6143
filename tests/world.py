"""The whole CRM on both playground clouds, with a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot import app, settings
from bot.playground.slack import Channel, Member, Message, SlackCloud
from bot.playground.telegram import Person, TelegramCloud
from jobs.pace import USUAL, Tempo
from storage.engine import Store
from storage.queries import house
from storage.records import Policy
from storage.work import Clock, Piece, Work

T = TypeVar("T")

# A Wednesday morning in winter, in a week without clock changes.
START = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)


class World:
    """Two clouds, the people in them, and a Rapport between."""

    def __init__(
        self, database_url: str, *, hold: int = 0, tempo: Tempo = USUAL, **given: Any
    ) -> None:
        # Seconds for which answers are held; most tests are not about that.
        self.hold = hold
        self.tempo = tempo
        self.clock = Clock(START)
        self.telegram = TelegramCloud(now=self.clock.now)
        self.slack = SlackCloud(now=self.clock.now)
        self.database_url = database_url
        self.given = given
        self.support: Channel = self.slack.channel("support")
        self.ann: Member = self.slack.member("ann", "Ann Archer")
        self.bo: Member = self.slack.member("bo", "Bo Berg")
        self.mia: Member = self.slack.member("mia", "Mia Moss", admin=True)
        self.bob: Person = self.telegram.person("Bob", "Bell", username="bobbell")
        self.li: Person = self.telegram.person("小明", "王", language_code="zh-hans")
        self.store: Store
        self.rapport: app.Rapport

    async def start(self) -> None:
        """Open the clouds and start a Rapport on them."""
        await self.telegram.start()
        await self.slack.start()
        await self.start_rapport()
        self.decides("hold_seconds", self.hold)

    def decides(self, key: str, value: object) -> None:
        """Have a policy be so, whoever decides it."""

        def decide(work: Work) -> None:
            row = house.policy(work, key)
            if row is None:
                row = work.add(Policy(key=key, value=value, changed_at=work.now))
            row.value = value

        self.store.write(decide)

    async def start_rapport(self) -> None:
        """Start a Rapport on the clouds and the database as they stand."""
        self.store = Store(self.database_url, self.clock)
        given = self.settings()
        self.rapport = app.Rapport(given, self.store, self.tempo)
        await self.rapport.start()
        # Every job has looked once: what a test lets come due is then not what came due before.
        await self.rapport.scheduler.tick()
        if not given.slack_over_http:
            await self.slack.connected()

    def settings(self) -> settings.Settings:
        """Settings that point at the clouds."""
        given = {
            "telegram_bot_token": self.telegram.token,
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "telegram_api_url": self.telegram.url,
            "slack_api_url": self.slack.api_url,
            "database_url": self.database_url,
            "web_port": 0,
        }
        return settings.load(**(given | self.given))

    async def stop_rapport(self) -> None:
        """Stop in good order."""
        await self.rapport.stop()
        self.store.close()

    async def stop(self) -> None:
        """Stop everything."""
        await self.stop_rapport()
        await self.slack.stop()
        await self.telegram.stop()

    def passes(self, **length: float) -> None:
        """Let time pass at once; whatever comes by the clock is looked at with the next tick."""
        self.clock.push(timedelta(**length))
        if hasattr(self, "rapport"):
            self.rapport.scheduler._next.clear()

    def look(self, piece: Piece[T]) -> T:
        """Look into the database."""
        return self.store.read(piece)

    async def until(self, holds: Callable[[], T | None], seconds: float = 20.0) -> T:
        """Wait until something is so, and return it."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            found = holds()
            if found:
                return found
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"it did not become so within {seconds} s")
            await asyncio.sleep(0.02)

    # What people see

    def cards(self) -> list[Message]:
        """The heads of the tickets' threads."""
        return [message for message in self.support.messages if "#" in message.plain]

    async def thread(self, number: int = 1) -> Message:
        """The card of the nth ticket, once it is there."""
        return await self.until(
            lambda: next((m for m in self.cards() if f"#{number} " in m.plain), None)
        )

    async def in_thread(self, text: str, number: int = 1) -> Message:
        """A message with that text in the thread of a ticket, once it is there."""
        card = await self.thread(number)
        return await self.until(
            lambda: next((m for m in self.support.thread(card.ts) if text in m.plain), None)
        )

    async def hears(self, person: Person, text: str) -> str:
        """What the customer hears with that text in it, once they do."""
        return await self.until(lambda: next((w for w in person.heard if text in w), None))

    async def sees(self, member: Member, text: str) -> str:
        """What only this member sees with that text in it, once they do."""
        return await self.until(lambda: next((w for w in member.heard if text in w), None))

    async def says(self, member: Member, line: str) -> str:
        """Type a command and return the newest answer to it."""
        before = len(member.heard)
        await member.command(line, channel=self.support)
        await self.until(lambda: len(member.heard) > before)
        return member.heard[-1]


@asynccontextmanager
async def world(database_url: str, **given: Any) -> AsyncIterator[World]:
    """A world that is started, and stopped at the end."""
    made = World(database_url, **given)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
