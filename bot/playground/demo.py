"""The demo: both clouds, the page and a real Rapport in one process, with people and a past."""

import asyncio
import signal
import tempfile
import webbrowser
from pathlib import Path

from bot import logs, settings
from bot.app import Rapport
from bot.crossing import write
from bot.playground import sample
from bot.playground.page import PlaygroundPage
from bot.playground.slack import SlackCloud
from bot.playground.telegram import TelegramCloud
from bot.slack.manifest import manifest
from storage import schema
from storage.engine import Store
from storage.errors import Busy
from storage.work import Clock

HOST = "127.0.0.1"


class Demo:
    """One playground, on one port and one database that is thrown away."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.clock = Clock()
        self.telegram = TelegramCloud(now=self.clock.now)
        self.slack = SlackCloud(now=self.clock.now)
        self.slack.install(manifest())
        # English is what nobody had to ask for: then the browser says which it prefers.
        shown = language if language != "en" else ""
        self.page = PlaygroundPage(self.telegram, self.slack, self.clock, shown)
        self.store = Store(f"sqlite:///{folder / 'playground.db'}", self.clock)
        self._language = language
        self._rapport: Rapport | None = None

    async def start(self, port: int) -> str:
        """Open everything; the page's address. Raises Busy when the port is taken."""
        schema.upgrade(self.store.engine)
        sample.people(self.telegram, self._language)
        team = sample.staff(self.slack, self._language)
        language = self._language
        await write(
            self.store,
            lambda work: sample.remember(work, self.telegram, self.slack, team, language),
        )
        try:
            await self.page.start(HOST, port)
        except OSError as taken:
            raise Busy(
                f"Port {port} is taken. Choose another one: rapport demo --port {port + 1}"
            ) from taken
        self._rapport = Rapport(self._settings(), self.store)
        await self._rapport.start()
        return self.page.url

    def _settings(self) -> settings.Settings:
        return settings.load(
            telegram_bot_token=self.telegram.token,
            slack_bot_token=self.slack.bot_token,
            slack_app_token=self.slack.app_token,
            telegram_api_url=self.telegram.url,
            slack_api_url=self.slack.api_url,
            database_url=self.store.url,
            web_port=0,
            telegram_webhook_url=None,
            rapport_admins=(),
        )

    async def stop(self) -> None:
        """Close everything in good order."""
        if self._rapport is not None:
            await self._rapport.stop()
        self.store.close()
        await self.slack.stop()
        await self.telegram.stop()
        await self.page.stop()


def main(port: int = 8000, *, browser: bool = True, language: str = "en") -> None:
    """Run the demo until Ctrl-C."""
    logs.quiet()
    with tempfile.TemporaryDirectory(prefix="rapport-demo-") as folder:
        asyncio.run(_run(Path(folder), port, browser, language))


async def _run(folder: Path, port: int, browser: bool, language: str) -> None:
    demo = Demo(folder, language)
    address = await demo.start(port)
    print(
        f"\n  Rapport playground: {address}\n\n"
        "  Left a customer's phone, right the team's desk. Ctrl-C ends it.\n",
        flush=True,
    )
    if browser:
        webbrowser.open(address)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await demo.stop()
