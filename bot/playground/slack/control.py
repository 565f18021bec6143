"""Routes by which the playground's page, and tests of other processes, move people and faults."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.playground.slack.faults import Fault
from bot.playground.slack.interactions import Answer
from bot.playground.slack.limits import Limits
from bot.playground.slack.member import Member
from bot.playground.slack.message import Message
from bot.playground.slack.wire import ApiError, Json

if TYPE_CHECKING:
    from bot.playground.slack.cloud import SlackCloud

Act = Callable[[Json], Awaitable[Json]]


class Control:
    """Each act takes one JSON object; `member` and `channel` are ids or names."""

    def __init__(self, cloud: "SlackCloud") -> None:
        self.cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        acts: dict[str, Act] = {
            "post": self.post,
            "command": self.command,
            "press": self.press,
            "select": self.select,
            "suggest": self.suggest,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "react": self.react,
            "edit": self.edit,
            "delete": self.delete,
            "home": self.home,
            "upload": self.upload,
            "member": self.member,
            "channel": self.channel,
            "join": self.join,
            "archive": self.archive,
            "unarchive": self.unarchive,
            "remove": self.remove,
            "delete_channel": self.delete_channel,
            "change": self.change,
            "inject": self.inject,
            "faults": self.faults,
            "limits": self.limits,
            "deliver": self.deliver,
            "install": self.install,
        }
        return [
            *(web.post(f"/control/{name}", _route(act)) for name, act in acts.items()),
            web.get("/control/snapshot", self.snapshot),
            web.get("/control/ledger", self.ledger),
        ]

    async def snapshot(self, _request: web.Request) -> web.Response:
        return web.json_response(self.cloud.snapshot())

    async def ledger(self, _request: web.Request) -> web.Response:
        return web.json_response(self.cloud.ledger.as_json())

    def _who(self, raw: Json) -> Member:
        member = self.cloud.workspace.find_member(str(raw["member"]))
        if member is None:
            raise LookupError(f"no member {raw['member']!r}")
        return member

    def _message(self, raw: Json) -> Message:
        channel = self.cloud.workspace.find_channel(str(raw["channel"]))
        message = channel.find(str(raw["ts"])) if channel else None
        if message is None:
            raise LookupError(f"no message {raw['ts']!r} in {raw['channel']!r}")
        return message

    async def post(self, raw: Json) -> Json:
        message = await self._who(raw).says(
            raw["channel"],
            str(raw["text"]),
            raw.get("thread_ts"),
            broadcast=bool(raw.get("broadcast")),
        )
        return {"ts": message.ts}

    async def command(self, raw: Json) -> Json:
        line = str(raw.get("text") or raw.get("command"))
        return _said(await self._who(raw).command(line, raw.get("channel")))

    async def press(self, raw: Json) -> Json:
        wanted = str(raw.get("action_id") or raw.get("label"))
        places = {part: raw.get(part) for part in ("channel", "ts", "value", "block_id")}
        return _said(await self._who(raw).presses(wanted, **places))

    async def select(self, raw: Json) -> Json:
        wanted = str(raw.get("action_id") or raw.get("label"))
        places = {part: raw.get(part) for part in ("channel", "ts", "block_id")}
        return _said(await self._who(raw).selects(wanted, raw.get("value"), **places))

    async def suggest(self, raw: Json) -> Json:
        wanted, words = str(raw["action_id"]), str(raw.get("value", ""))
        places = {part: raw.get(part) for part in ("channel", "ts", "block_id")}
        return {"options": await self._who(raw).suggested(wanted, words, **places)}

    async def submit(self, raw: Json) -> Json:
        """Submit the modal in front; words beside its fields are an answer and no failure."""
        answer = await self._who(raw).submits(raw.get("values"))
        return _said(answer) | {"ok": answer.ok or bool(answer.errors)}

    async def close(self, raw: Json) -> Json:
        return _said(await self._who(raw).closes(bool(raw.get("clear"))))

    async def shortcut(self, raw: Json) -> Json:
        message = self._message(raw) if raw.get("ts") else None
        return _said(await self._who(raw).shortcut(str(raw["callback_id"]), message))

    async def react(self, raw: Json) -> Json:
        """Add a reaction, or take it away when this person already gave it."""
        member, message, name = self._who(raw), self._message(raw), str(raw["name"]).strip(":")
        if member.id in message.reactions.get(name, ()):
            await member.unreacts(message, name)
        else:
            await member.reacts(message, name)
        return {}

    async def edit(self, raw: Json) -> Json:
        await self._who(raw).edits(self._message(raw), str(raw["text"]))
        return {}

    async def delete(self, raw: Json) -> Json:
        await self._who(raw).deletes(self._message(raw))
        return {}

    async def home(self, raw: Json) -> Json:
        await self._who(raw).opens_home(str(raw.get("tab", "home")))
        return {}

    async def upload(self, raw: Json) -> Json:
        """Share a file; its content comes as base64 in `data`."""
        content = base64.b64decode(str(raw["data"]))
        message = await self._who(raw).uploads(
            raw["channel"],
            str(raw["name"]),
            content,
            raw.get("thread_ts"),
            str(raw.get("text", "")),
        )
        return {"ts": message.ts, "file": message.files[0].id}

    async def member(self, raw: Json) -> Json:
        return {"id": self.cloud.member(**raw).id}

    async def channel(self, raw: Json) -> Json:
        names = raw.get("members")
        members = None if names is None else [self._who({"member": name}) for name in names]
        channel = self.cloud.channel(**{**raw, "members": members})
        return {"id": channel.id}

    async def join(self, raw: Json) -> Json:
        await self._who(raw).joins(raw["channel"])
        return {}

    async def archive(self, raw: Json) -> Json:
        await self._who(raw).archives(raw["channel"])
        return {}

    async def unarchive(self, raw: Json) -> Json:
        await self._who(raw).unarchives(raw["channel"])
        return {}

    async def remove(self, raw: Json) -> Json:
        """Put `whom` out of a channel, by default the app."""
        whom = self._who({"member": raw.get("whom", self.cloud.bot.id)})
        await self._who(raw).removes(whom, raw["channel"])
        return {}

    async def delete_channel(self, raw: Json) -> Json:
        await self._who(raw).deletes_channel(raw["channel"])
        return {}

    async def change(self, raw: Json) -> Json:
        facts = {name: value for name, value in raw.items() if name != "member"}
        await self._who(raw).changes(**facts)
        return {}

    async def inject(self, raw: Json) -> Json:
        """Deliver `event` in an envelope, or send `envelope` as it is."""
        if "event" in raw:
            self.cloud.inject_event(raw["event"])
        if "envelope" in raw:
            await self.cloud.inject_envelope(raw["envelope"])
        return {}

    async def faults(self, raw: Json) -> Json:
        """Plan one fault, clear all, set the latency, or go through the sockets' switches."""
        faults = self.cloud.faults
        if raw.get("clear"):
            faults.clear()
        if "latency" in raw:
            faults.latency = float(raw["latency"])
        if "method" in raw:
            known = ("nth", "times", "every", "chance", "channel")
            plan = {name: raw[name] for name in known if name in raw}
            faults.on(str(raw["method"]), Fault.from_json(raw), **plan)
        if "sockets" in raw:
            self.cloud.sockets.switch(raw["sockets"])
        if "disconnect" in raw:
            await self.cloud.sockets.disconnect(str(raw["disconnect"]))
        if "modern_blocks" in raw:
            self.cloud.modern_blocks = bool(raw["modern_blocks"])
        return {}

    async def limits(self, raw: Json) -> Json:
        self.cloud.limits = Limits(**raw)
        return {}

    async def deliver(self, raw: Json) -> Json:
        self.cloud.deliver_http_to(str(raw["url"]))
        return {}

    async def install(self, raw: Json) -> Json:
        self.cloud.install(raw)
        return {}


def _said(answer: Answer) -> Json:
    return asdict(answer)


def _route(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        try:
            raw: Any = json.loads(await request.read() or b"{}")
        except ValueError:
            return web.json_response({"ok": False, "error": "no JSON"}, status=400)
        try:
            return web.json_response({"ok": True, **await act(raw)})
        except ApiError as refused:
            return web.json_response(refused.answer())
        except (LookupError, TypeError, ValueError) as mistake:
            return web.json_response({"ok": False, "error": str(mistake)}, status=400)

    return serve
