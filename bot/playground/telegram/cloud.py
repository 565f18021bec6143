"""The cloud itself: its bot, its people, their chats, and what happens between them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiohttp import web

from bot.playground.telegram import business
from bot.playground.telegram.answers import Refusal, bad_request, too_many
from bot.playground.telegram.api import BotApi
from bot.playground.telegram.business import PersonalAccount, PersonalChat
from bot.playground.telegram.calls import MAX_UPLOAD, Call
from bot.playground.telegram.control import control_routes
from bot.playground.telegram.faults import Faults
from bot.playground.telegram.files import FileStore
from bot.playground.telegram.groups import Group
from bot.playground.telegram.ledger import Delivery, Ledger
from bot.playground.telegram.limits import Limits, Pace
from bot.playground.telegram.messages import Message
from bot.playground.telegram.people import Person
from bot.playground.telegram.updates import WEBHOOK_SET, UpdateQueue
from bot.playground.telegram.webhook import Webhook

DEMO_TOKEN = "1000001:PLAYGROUND-TOKEN-for-the-demo-bot-0000"  # noqa: S105 - opens nothing.


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Profile:
    """What people see of the bot before they write: commands, descriptions, menu buttons."""

    commands: dict[tuple[str, int, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)

    def in_private_chats(self) -> dict[str, list[dict[str, str]]]:
        """The commands of a private chat by language; those for private chats hide the general."""
        shown: dict[str, list[dict[str, str]]] = {}
        for kind in ("default", "all_private_chats"):
            for (scope, _, language), commands in self.commands.items():
                if scope == kind:
                    shown[language] = commands
        return shown


class TelegramCloud:
    """A Telegram with one bot; everything in it lives in one event loop.

    `now` is the clock that people see on their messages; limits run on real time. `url` is set by
    `start()`, or by whoever mounts `routes()` under an address of their own.
    """

    def __init__(
        self,
        token: str = DEMO_TOKEN,
        bot_username: str = "rapport_demo_bot",
        now: Callable[[], datetime] = _utc_now,
        limits: Limits | None = Limits(),  # noqa: B008 - frozen.
        bot_name: str = "Rapport",
        webhook_pause: float = 0.2,
    ) -> None:
        self.token = token
        self.now = now
        self.url = ""
        self.pace = Pace(limits)
        self.bot_user: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.accounts: dict[str, PersonalAccount] = {}
        self.files = FileStore()
        self.ledger = Ledger()
        self.faults = Faults()
        self.profile = Profile()
        self.updates = UpdateQueue()
        self.webhook: Webhook | None = None
        self.api = BotApi(self)
        self._webhook_pause = webhook_pause
        self._ids = count(1)
        self._person_ids = count(700_000_001)
        self._album_ids = count(13_000_000_000_001)
        self._queries: dict[str, Person] = {}
        self._listeners: list[Callable[[], None]] = []
        self._runner: web.AppRunner | None = None
        self._background: set[asyncio.Task[None]] = set()

    # People and time.

    def person(
        self,
        first_name: str,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
        id: int | None = None,
        *,
        started: bool = False,
    ) -> Person:
        """Somebody new; the bot cannot write to them until they have written, or `started`."""
        number = next(self._person_ids) if id is None else id
        person = Person(
            cloud=self,
            id=number,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            phone=f"+4477009{number % 100_000:05d}",
            started=started,
        )
        self.people[number] = person
        self.changed(person)
        return person

    def group(self, title: str, kind: str = "group") -> Group:
        """A group of people, without the bot at first; its id is below zero."""
        number = -next(self._person_ids) - (10**12 if kind == "supergroup" else 0)
        made = Group(cloud=self, id=number, first_name=title, title=title, kind=kind)
        self.groups[number] = made
        return made

    def connects(self, owner: Person, *, can_reply: bool = True) -> PersonalAccount:
        """Somebody connects their own account to the bot."""
        account = PersonalAccount(cloud=self, owner=owner, can_reply=can_reply)
        account.connects()
        return account

    def inject(self, raw: Any) -> int:
        """Queue any JSON as an update, as it is; returns the number by which it is confirmed."""
        number = self.updates.put_raw(raw)
        self.changed()
        return number

    def restart_update_ids(self, at: int | None = None) -> None:
        """Number the next updates from elsewhere, as Telegram does after an idle week."""
        self.updates.renumber(at)

    @property
    def next_update_id(self) -> int:
        return self.updates.next_id

    def timestamp(self) -> int:
        return int(self.now().timestamp())

    @staticmethod
    def monotonic() -> float:
        return time.monotonic()

    def new_message_id(self) -> int:
        # One counter for all private chats of a bot, as in the real one.
        return next(self._ids)

    def new_album_id(self) -> str:
        return str(next(self._album_ids))

    def new_query(self, person: Person) -> str:
        number = str((person.id << 20) + next(self._ids))
        self._queries[number] = person
        return number

    def asker(self, query_id: str) -> Person | None:
        return self._queries.get(query_id)

    def chat_partner(self, call: Call) -> Person:
        if "chat_id" not in call.params:
            raise bad_request("chat_id is empty")
        number = call.chat_id or 0
        connection = call.text("business_connection_id")
        if connection:
            return business.chat_of(self, connection, number)
        person = self.people.get(number) or self.groups.get(number)
        if person is None:
            raise bad_request("chat not found")
        return person

    def check_reachable(self, person: Person) -> None:
        if isinstance(person, Group | PersonalChat):
            person.check()
        if person.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if person.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not person.started and not isinstance(person, PersonalChat):
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")

    def deliver(
        self, call: Call, person: Person, messages: Sequence[Message]
    ) -> list[dict[str, Any]]:
        """Put checked messages into the chat and the ledger, if pace and person allow it."""
        if wait := self.pace.take(person.id, len(messages)):
            self.ledger.avoidable_429 += 1
            raise too_many(wait)
        self.check_reachable(person)
        for message in messages:
            message.id = person.next_message_id()
            person.hears(message)
            self.ledger.deliveries.append(self._delivery(call, person, message.id, message.text))
        return [person.as_told(message) for message in messages]

    def record_change(self, call: Call, person: Person, message_id: int, text: str) -> None:
        self.ledger.changes.append(self._delivery(call, person, message_id, text))
        self.changed(person)

    def _delivery(self, call: Call, person: Person, message_id: int, text: str) -> Delivery:
        return Delivery(call.method, person.id, message_id, text, self.now(), call.params)

    # Listening, and what the page shows.

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change, in the loop; returns a function that ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def changed(self, person: Person | None = None) -> None:
        """Something that can be seen is different; `person.version` says whose chat it was."""
        if person is not None:
            person.version += 1
        for callback in self._listeners:
            callback()

    def snapshot(self, last: int | None = None) -> dict[str, Any]:
        """Everything that the page draws, as JSON; `last` limits the messages of each person."""
        return {
            "bot": {
                "id": self.bot_user["id"],
                "name": self.bot_user["first_name"],
                "username": self.bot_user["username"],
                "commands": self.profile.in_private_chats(),
            },
            "people": [person.as_page(self.url, last) for person in self.people.values()],
        }

    # The server.

    def routes(self, prefix: str = "") -> list[web.RouteDef]:
        """The Bot API, its files, the page's media and the remote control."""
        return [*self.api.routes(prefix), *control_routes(self, prefix)]

    @property
    def app(self) -> web.Application:
        """An application of its own, to be run or mounted below another one."""
        app = web.Application(client_max_size=MAX_UPLOAD)
        app.add_routes(self.routes())
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, backlog=1024).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop serving; the queue and the chats stay, so that the cloud may start again."""
        self.updates.interrupt(None)
        self.drop_webhook()
        await asyncio.gather(*self._background)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def set_webhook(self, url: str, secret: str, connections: int) -> None:
        self.drop_webhook()
        self.updates.interrupt(WEBHOOK_SET)
        self.webhook = Webhook(
            self.updates,
            url,
            secret,
            connections,
            now=self.now,
            answer=self.api.answer_of_webhook,
            first_pause=self._webhook_pause,
        )
        self.webhook.start()

    def drop_webhook(self) -> None:
        if self.webhook is not None:
            task = asyncio.get_running_loop().create_task(self.webhook.stop())
            self._background.add(task)
            task.add_done_callback(self._background.discard)
            self.webhook = None
