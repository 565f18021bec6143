"""The composition root: what the house is made of, in which order it starts and stops."""

import asyncio
import gc
import logging
import signal
import uuid
from typing import Any

from bot.crossing import read, write
from bot.endless import Endless
from bot.inbox import Handler, Inbox
from bot.settings import Settings
from bot.slack.app import SlackDoor
from bot.slack.send import SlackSender
from bot.telegram.app import TelegramDoor
from bot.telegram.send import TelegramSender
from bot.web.server import WebServer
from handlers import router
from handlers.actions import (
    audiences,
    calendars,
    contacts,
    exports,
    house,
    imports,
    inbox,
    links,
    privacy,
    processes,
)
from handlers.actions import delivery as rules
from handlers.message import Media
from handlers.when import get_ready
from jobs.delivery import Delivery
from jobs.importing import Importer
from jobs.pace import USUAL, SlackPace, TelegramPace, Tempo
from jobs.scheduler import Scheduler
from storage.engine import Store
from storage.errors import StorageError
from storage.records import InboxRow
from storage.work import Work

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 3.0
OBJECTS_BETWEEN_LOOKS = 20_000


class Rapport:
    """One running Rapport on one database."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        tempo: Tempo = USUAL,
        handle: Handler = router.answer,
    ) -> None:
        # A name made anew at each start: a host's or a container's would be somebody else's later.
        self.name = str(uuid.uuid4())
        self.store = store
        self.inbox = Inbox(store, self.name, handle)
        self.telegram = TelegramDoor(settings, store, self.inbox)
        self.slack = SlackDoor(settings, store, self.inbox, tempo.token_every)
        self.inbox.open(self.telegram)
        self.inbox.open(self.slack)
        self.web = WebServer(self.telegram, self.slack, self.health, self._open_link)
        self.scheduler = Scheduler(store, tempo.jobs_every)
        self._settings = settings
        self._telegram_pace = TelegramPace(settings.telegram_rate, tempo=tempo)
        audiences.note_rate(store.engine, settings.telegram_rate)
        links.note_address(store.engine, settings.public_url)
        self._slack_pace = SlackPace(tempo=tempo)
        self._deliveries: list[Delivery] = []
        self._importer = Importer(store, self._fetch)
        self._names: asyncio.Task[None] | None = None
        self._looking_around = Endless("looking around", self._rounds)
        self._endless = [
            Endless("the way in from Telegram", self.telegram.start),
            Endless("the way in from Slack", self.slack.start),
            self._looking_around,
        ]

    async def start(self) -> None:
        """Begin with what was left undone, then listen. Returns before the platforms answer."""
        await asyncio.to_thread(self.store.be_present, self.name)
        absent_since = await write(self.store, processes.last_alive)
        await self._round()
        if absent_since is not None:
            await write(self.store, lambda work: house.tell_of_absence(work, absent_since))
        await self.web.start(self._settings.web_host, self._settings.web_port)
        held = await write(self.store, house.is_held)
        self._deliveries = self._ways_out(held)
        for way in self._deliveries:
            way.start()
        self.scheduler.start()
        self._importer.start()
        for each in self._endless:
            each.begin()
        # Nobody waits for it: whoever asks before it is loaded waits for their own question.
        self._names = asyncio.create_task(read(self.store, contacts.get_ready_to_find))

    def _ways_out(self, held: bool) -> list[Delivery]:
        telegram = TelegramSender(self.telegram.bot, self._fetch)
        slack = SlackSender(self.slack, self._fetch)
        ways = [
            Delivery(
                self.store,
                "telegram",
                self.name,
                telegram,
                self._telegram_pace,
            ),
            Delivery(self.store, "slack", self.name, slack, self._slack_pace),
        ]
        for way in ways:
            way.held = held
        if held:
            log.warning("This database was restored: nothing is sent until `rapport release`.")
        return ways

    async def _fetch(self, media: Media) -> bytes:
        if media.door == privacy.RECORDS:
            # No platform has it: it is made of what we know, when it goes.
            return await read(self.store, lambda work: privacy.file_of(work, int(media.file)))
        if media.door == calendars.CALENDAR:
            return await read(self.store, lambda work: calendars.file_of(work, int(media.file)))
        if media.door == imports.PROBLEMS:
            return await read(self.store, lambda work: imports.problems_of(work, int(media.file)))
        if media.door == exports.DOOR:
            return await read(self.store, lambda work: exports.file_of(work, media.file))
        door = self.telegram if media.door == "telegram" else self.slack
        return await door.fetch(media)

    async def _open_link(self, token: str, button: int) -> str | None:
        return await write(self.store, lambda work: links.open_link(work, token, button))

    async def stop(self) -> None:
        """End in good order: hear no more, finish what is begun, know what was sent."""
        if self._names is not None:
            await asyncio.wait([self._names])
        await asyncio.gather(*(each.end() for each in self._endless))
        await asyncio.gather(self.telegram.hear_no_more(), self.slack.hear_no_more())
        await self.web.stop()
        await self.scheduler.stop()
        await self._importer.stop()
        await self.inbox.stop()
        await asyncio.gather(*(each.stop() for each in self._deliveries))
        await write(self.store, lambda work: processes.say_goodbye(work, self.name))
        await self.telegram.stop()
        await self.slack.stop()

    # The rounds: who is there, and what did those leave behind who are not?

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
            try:
                await self._round()
                held = await write(self.store, house.is_held)
            except StorageError as trouble:
                log.warning("the round waits: %s", type(trouble).__name__)
                continue
            for each in self._deliveries:
                each.held = held
            self._looking_around.runs_well()

    async def _round(self) -> None:
        await asyncio.to_thread(self.store.be_present, self.name)
        while left_behind := await write(self.store, self._look_around):
            for row in left_behind:
                self.inbox.take_over(row)

    def _look_around(self, work: Work) -> list[InboxRow]:
        living = processes.say_alive(work, self.name)
        if len(living) > 1 and not self._deliveries:
            # The others learn of us at their next round, and until then use the whole rate.
            self._telegram_pace.pause(2 * SECONDS_BETWEEN_ROUNDS)
        self._telegram_pace.share(len(living))
        rules.take_over(work, living)
        return inbox.adopt_orphans(work, self.name, living)

    def health(self) -> dict[str, Any]:
        """What `/health` says: no data, only whether things move, and what does not."""
        ticking = self.scheduler.silent_for < 30
        troubles = self._troubles()
        return {
            "ok": ticking and not troubles,
            "status": "stalled" if not ticking else "degraded" if troubles else "ok",
            "troubles": troubles,
            "tick_seconds_ago": round(self.scheduler.silent_for, 1),
            "inbox": self.inbox.busy,
            "sending": sum(each.under_way for each in self._deliveries),
        }

    def _troubles(self) -> list[str]:
        """What keeps a door shut or a body from running, each in a few words."""
        doors: list[TelegramDoor | SlackDoor] = [self.telegram, self.slack]
        found = [f"{door.name}: {door.trouble}" for door in doors if door.trouble]
        found += [f"{way.door}: {way.trouble}" for way in self._deliveries if way.trouble]
        found += [each.trouble for each in self._endless if each.trouble]
        # Both directions of a door may suffer from one thing.
        return list(dict.fromkeys(found))


async def run(
    settings: Settings, store: Store, tempo: Tempo = USUAL, handle: Handler = router.answer
) -> None:
    """Run until SIGTERM or SIGINT."""
    rapport = Rapport(settings, store, tempo, handle)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await rapport.start()
    await _welcome(store, rapport)
    collect_seldom()
    # The grammars of dates are made at their first use; nobody need wait for that.
    await asyncio.to_thread(get_ready)
    await ended.wait()
    log.info("stopping in good order")
    await rapport.stop()


def collect_seldom() -> None:
    """Have the garbage collector look less often, and not at what start-up has built.

    That stays until the end. Messages make very many objects and hardly ever circles of them; as
    often as Python looks by itself it takes a fifth of the time of a campaign.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, 20, 20)
    gc.enable()


async def _welcome(store: Store, rapport: Rapport) -> None:
    from handlers.actions.members import first_code

    code = await write(store, first_code)
    log.info("Rapport is running; health on port %s", rapport.web.port)
    if code is not None:
        log.warning("There is no admin yet. In Slack, type: /crm admin %s", code)
