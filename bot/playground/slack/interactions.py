"""What people do besides writing: commands, buttons, menus, modals and shortcuts, as payloads."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.slack.blocks import check_view
from bot.playground.slack.channel import Channel
from bot.playground.slack.delivery import Ack, Delivery
from bot.playground.slack.forms import Control, action_of, complaints, filled, state_of
from bot.playground.slack.message import Message
from bot.playground.slack.response_urls import Reply, ResponseUrls
from bot.playground.slack.view import View
from bot.playground.slack.wire import ApiError, Json
from bot.playground.slack.workspace import Workspace

if TYPE_CHECKING:
    from bot.playground.slack.member import Member

TOKEN = "playground-verification-token"  # noqa: S105 (a name that apps may compare, no secret)


@dataclass(frozen=True)
class Answer:
    """What came back at once: Slack's error word, the ack's text, or errors beside fields."""

    ok: bool
    error: str = ""
    text: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Trigger:
    user: str
    born: float
    view: View | None = None
    exchanged: bool = False


class Interactions:
    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        responses: ResponseUrls,
        url: Callable[[], str],
    ) -> None:
        self.workspace = workspace
        self.delivery = delivery
        self.responses = responses
        self.url = url
        self.modern_blocks = True
        self.triggers: dict[str, Trigger] = {}
        # By name with the slash; empty until a manifest is installed, and then the only ones.
        self.commands: dict[str, Json] = {}
        self.shortcuts: dict[str, Json] = {}
        self._offered: dict[tuple[str, str], list[Json]] = {}

    # Triggers and views.

    def trigger(self, user: str, view: View | None = None) -> str:
        trigger_id = (
            f"{len(self.triggers) + 1}.{self.workspace.stamps.epoch()}.{secrets.token_hex(16)}"
        )
        self.triggers[trigger_id] = Trigger(user, time.monotonic(), view)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """The trigger behind an id, once and only while it lives."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if time.monotonic() - trigger.born > self.delivery.patience.trigger_lives:
            raise ApiError("expired_trigger_id")
        if trigger.exchanged:
            raise ApiError("exchanged_trigger_id")
        trigger.exchanged = True
        return trigger

    def new_view(self, user: str, source: Json, below: View | None = None) -> View:
        check_view(source, self.modern_blocks)
        owner = {
            "team_id": self.workspace.team_id,
            "app_id": self.workspace.app_id,
            "app_installed_team_id": self.workspace.team_id,
            "bot_id": self.workspace.bot_id,
        }
        view_id, name_of = self.workspace.ids.next("V"), self.workspace.display_name
        view = View(view_id, user, source, self.new_hash(), owner, name_of)
        if below is not None:
            view.root_id, view.previous_id = below.root_id, below.id
        return view

    def new_hash(self) -> str:
        return f"{self.workspace.stamps.epoch()}.{secrets.token_hex(4)}"

    # Payloads.

    def _common(self, member: "Member") -> Json:
        return {
            "token": TOKEN,
            "api_app_id": self.workspace.app_id,
            "team": {"id": self.workspace.team_id, "domain": self.workspace.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {
                "id": member.id,
                "username": member.name,
                "name": member.name,
                "team_id": member.team_id,
            },
        }

    def _response_url(
        self, channel: Channel, member: "Member", original: Message | None = None
    ) -> tuple[str, Reply]:
        key, reply = self.responses.open(channel, member.id, original)
        return f"{self.url()}/response/{key}", reply

    # Commands.

    async def command(self, member: "Member", line: str, channel: Channel) -> Answer:
        command, _, words = line.partition(" ")
        if self.commands and command not in self.commands:
            return self._failed(
                member, channel, f"{command} is not a valid command.", "unknown_command"
            )
        escaped = self.commands.get(command, {"should_escape": True}).get("should_escape")
        words = words.strip()
        response_url, reply = self._response_url(channel, member)
        payload = {
            "token": TOKEN,
            "team_id": self.workspace.team_id,
            "team_domain": self.workspace.team_domain,
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.is_im else channel.name,
            "user_id": member.id,
            "user_name": member.name,
            "command": command,
            "text": self.workspace.typed(words) if escaped else words,
            "api_app_id": self.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": self.trigger(member.id),
        }
        ack = await self.delivery.ask("slash_commands", payload)
        return self._after_command(member, command, reply, ack)

    def _after_command(self, member: "Member", command: str, reply: Reply, ack: Ack) -> Answer:
        if not ack.ok:
            error = "dispatch_failed" if ack.reason == "dispatch_failed" else "operation_timeout"
            words = f"{command} failed with the error “{error}”"
            return self._failed(member, reply.channel, words, error)
        body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
        if not body or not (body.get("text") or body.get("blocks") or body.get("attachments")):
            return Answer(True)
        try:
            message = self.responses.answer(reply, body)
        except ApiError as refused:
            words = f"{command} failed with the error “{refused.error}”"
            return self._failed(member, reply.channel, words, refused.error)
        return Answer(True, text=message.plain if message else "")

    def _failed(self, member: "Member", channel: Channel, words: str, error: str) -> Answer:
        """Slack itself tells the person, in its own name."""
        self.workspace.whisper(channel, member.id, words, username="Slackbot")
        return Answer(False, error, words)

    # Buttons and menus.

    async def act_on_message(
        self, member: "Member", message: Message, control: Control, given: Any = None
    ) -> Answer:
        before = message.states.get(member.id)
        values = state_of(message.all_blocks, before)
        value = self._value(member, control, given)
        if value is not None and control.kind != "overflow":
            values.setdefault(control.block_id, {})[control.action_id] = value
        message.states[member.id] = values
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel.id,
            "is_ephemeral": message.ephemeral_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = self._block_actions(member, control, value, container, values)
        payload["channel"] = {"id": message.channel.id, "name": _spoken_name(message.channel)}
        # Slack does not repeat the content of an ephemeral message.
        if message.ephemeral_for is None:
            payload["message"] = message.as_slack()
        payload["response_url"] = self._response_url(message.channel, member, message)[0]
        return _answer(await self.delivery.ask("interactive", payload))

    async def act_on_view(
        self, member: "Member", view: View, control: Control, given: Any = None
    ) -> Answer:
        value = self._value(member, control, given)
        if value is not None and control.kind != "overflow":
            view.values.setdefault(control.block_id, {})[control.action_id] = value
            view.errors.pop(control.block_id, None)
            self.workspace.changed()
        if control.block.get("type") == "input" and not control.block.get("dispatch_action"):
            return Answer(True)
        container = {"type": "view", "view_id": view.id}
        payload = self._block_actions(member, control, value, container, None)
        payload["view"] = view.as_slack()
        payload["trigger_id"] = self.trigger(member.id, view if view.type == "modal" else None)
        return _answer(await self.delivery.ask("interactive", payload))

    def _value(self, member: "Member", control: Control, given: Any) -> Json | None:
        if control.option is not None and given is None:
            given = control.option.get("value")
        if control.kind == "button":
            return None
        if control.kind.endswith(("users_select", "conversations_select", "channels_select")):
            given = self._resolve(control.kind, given)
        return filled(control, given, self._offered.get((member.id, control.action_id)))

    def _resolve(self, kind: str, given: Any) -> Any:
        """People and channels may be named by their names."""
        if isinstance(given, list) or (kind.startswith("multi_") and given):
            many = given if isinstance(given, list) else str(given).split(",")
            return [self._resolve("one", each.strip()) for each in many]
        if not given:
            return given
        found = self.workspace.find_member(given) or self.workspace.find_channel(given)
        return found.id if found else given

    def _block_actions(
        self,
        member: "Member",
        control: Control,
        value: Json | None,
        container: Json,
        values: Json | None,
    ) -> Json:
        action = action_of(control, value, self.workspace.stamps.next())
        payload = {"type": "block_actions", **self._common(member), "container": container}
        payload |= {"trigger_id": self.trigger(member.id), "actions": [action]}
        return payload if values is None else payload | {"state": {"values": values}}

    async def suggest(
        self, member: "Member", where: Message | View, control: Control, words: str
    ) -> list[Json]:
        """Ask the app for the options of an external menu."""
        payload = {
            "type": "block_suggestion",
            **self._common(member),
            "action_id": control.action_id,
            "block_id": control.block_id,
            "value": words,
        }
        if isinstance(where, View):
            payload |= {
                "container": {"type": "view", "view_id": where.id},
                "view": where.as_slack(),
            }
        else:
            container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel.id}
            payload |= {"container": container, "message": where.as_slack()}
            payload["channel"] = {"id": where.channel.id, "name": _spoken_name(where.channel)}
        ack = await self.delivery.ask("interactive", payload)
        options = _options(ack.body)
        self._offered[member.id, control.action_id] = options
        return options

    # Modals.

    async def submit(self, member: "Member", view: View) -> Answer:
        view.errors = complaints(view.blocks, view.values)
        if view.errors:
            self.workspace.changed()
            return Answer(False, "invalid_input", errors=view.errors)
        payload = {
            "type": "view_submission",
            **self._common(member),
            "trigger_id": self.trigger(member.id, view),
            "view": view.as_slack(),
            "response_urls": [],
        }
        ack = await self.delivery.ask("interactive", payload)
        if not ack.ok:
            return _answer(ack)
        return self._after_submit(member, view, ack.body if isinstance(ack.body, dict) else {})

    def _after_submit(self, member: "Member", view: View, body: Json) -> Answer:
        action = body.get("response_action")
        try:
            if action == "errors":
                view.errors = dict(body.get("errors") or {})
            elif action == "update":
                check_view(body.get("view"), self.modern_blocks)
                view.show(body["view"], self.new_hash())
            elif action == "push":
                member.modals.append(self.new_view(member.id, body.get("view") or {}, view))
            elif action == "clear":
                member.modals.clear()
            elif view in member.modals:
                member.modals.remove(view)
        except ApiError as refused:
            return Answer(False, refused.error)
        self.workspace.changed()
        return Answer(not view.errors, "errors" if view.errors else "", errors=view.errors)

    async def close(self, member: "Member", view: View, clear: bool = False) -> Answer:
        closed = [view] if not clear else list(reversed(member.modals))
        member.modals = [] if clear else [open_ for open_ in member.modals if open_ is not view]
        self.workspace.changed()
        for each in closed:
            if each.source.get("notify_on_close"):
                payload = {"type": "view_closed", **self._common(member), "view": each.as_slack()}
                payload |= {"is_cleared": clear}
                answer = _answer(await self.delivery.ask("interactive", payload))
                if not answer.ok:
                    return answer
        return Answer(True)

    # Shortcuts.

    async def shortcut(
        self, member: "Member", callback_id: str, message: Message | None = None
    ) -> Answer:
        payload = {
            "type": "shortcut" if message is None else "message_action",
            **self._common(member),
            "action_ts": self.workspace.stamps.next(),
            "callback_id": callback_id,
            "trigger_id": self.trigger(member.id),
        }
        if message is not None:
            payload |= {
                "channel": {"id": message.channel.id, "name": _spoken_name(message.channel)},
                "message_ts": message.ts,
                "message": message.as_slack(),
                "response_url": self._response_url(message.channel, member)[0],
            }
        return _answer(await self.delivery.ask("interactive", payload))


def _spoken_name(channel: Channel) -> str:
    return (
        "directmessage" if channel.is_im else "privategroup" if channel.is_private else channel.name
    )


def _answer(ack: Ack) -> Answer:
    if ack.ok:
        return Answer(True)
    error = "dispatch_failed" if ack.reason == "dispatch_failed" else "operation_timeout"
    return Answer(False, error, "We had some trouble connecting. Try again?")


def _options(body: Any) -> list[Json]:
    if not isinstance(body, dict):
        return []
    options = list(body.get("options") or ())
    for group in body.get("option_groups") or ():
        options += group.get("options") or ()
    return options
