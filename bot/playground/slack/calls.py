"""One call of the Web API: its arguments, what it may touch, and the table of methods."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.playground.slack.blocks import check_blocks, with_ids
from bot.playground.slack.channel import Channel
from bot.playground.slack.interactions import Interactions
from bot.playground.slack.ledger import Entry, Ledger
from bot.playground.slack.member import Member
from bot.playground.slack.message import Message
from bot.playground.slack.wire import ApiError, Json
from bot.playground.slack.workspace import Workspace

TRUE = (True, "1", "true", "True", 1)


@dataclass(slots=True)
class Call:
    """Arguments come from query, form and JSON alike; nested ones may be JSON in a string."""

    method: str
    args: Json
    workspace: Workspace
    desk: Interactions
    ledger: Ledger
    url: str
    scopes: frozenset[str]

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        value = self.text(name)
        if not value:
            raise ApiError(
                error, response_metadata={"messages": [f"missing required field: {name}"]}
            )
        return value

    def flag(self, name: str) -> bool:
        return self.args.get(name) in TRUE

    def optional_flag(self, name: str) -> bool | None:
        return self.flag(name) if self.args.get(name) is not None else None

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        return int(value) if value.isdigit() else default

    def decoded(self, name: str) -> Any:
        """A nested argument, whether it came as JSON or as a string of JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
            raise ApiError(error) from None

    def blocks(self) -> list[Json] | None:
        blocks = self.decoded("blocks")
        if not blocks:
            return None
        check_blocks(blocks, "message", self.desk.modern_blocks)
        return with_ids(blocks)

    def attachments(self) -> list[Json] | None:
        attachments = self.decoded("attachments")
        if not attachments:
            return None
        if not isinstance(attachments, list):
            raise ApiError("invalid_attachments")
        for number, attachment in enumerate(attachments, 1):
            if attachment.get("blocks"):
                check_blocks(attachment["blocks"], "message", self.desk.modern_blocks)
                attachment["blocks"] = with_ids(attachment["blocks"])
            attachment.setdefault("id", number)
        return attachments

    def channel(self, name: str = "channel") -> Channel:
        """The channel meant; private ones without the bot are as good as absent."""
        wanted = self.needed(name, "channel_not_found")
        channel = self.workspace.find_channel(wanted)
        if channel is None or (channel.is_private and not self._inside(channel)):
            raise ApiError("channel_not_found")
        return channel

    def own_channel(self, name: str = "channel") -> Channel:
        """A channel that the bot is in."""
        channel = self.channel(name)
        if not self._inside(channel):
            raise ApiError("not_in_channel")
        return channel

    def writable(self, name: str = "channel") -> Channel:
        """A channel in which the bot may post."""
        channel = self.channel(name)
        if channel.is_archived:
            raise ApiError("is_archived")
        if not self._inside(channel) and "chat:write.public" not in self.scopes:
            raise ApiError("not_in_channel")
        return channel

    def _inside(self, channel: Channel) -> bool:
        return channel.is_im or self.workspace.bot_user_id in channel.members

    def message(self, channel: Channel, name: str = "ts") -> Message:
        message = channel.by_ts.get(self.text(name))
        if message is None:
            raise ApiError("message_not_found")
        return message

    def member(self, name: str = "user") -> Member:
        member = self.workspace.members.get(self.text(name))
        if member is None:
            raise ApiError("user_not_found")
        return member

    def note(self, message: Message) -> None:
        """Write into the ledger what just became true."""
        entry = Entry(
            self.method,
            message.channel.id,
            message.ts,
            message.thread_ts,
            message.text,
            message.blocks,
            message.metadata,
            self.workspace.now(),
            message.ephemeral_for,
        )
        self.ledger.entries.append(entry)

    def page(self, items: list[Json], default: int = 100) -> tuple[list[Json], Json]:
        """One page of a list and the response_metadata that leads to the next."""
        cursor, limit = self.text("cursor"), max(1, min(self.number("limit", default), 1000))
        start = 0
        if cursor:
            if not cursor.startswith("at:") or not cursor[3:].isdigit():
                raise ApiError("invalid_cursor")
            start = int(cursor[3:])
        following = f"at:{start + limit}" if start + limit < len(items) else ""
        return items[start : start + limit], {"next_cursor": following}


Method = Callable[[Call], Json]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register what answers one Web API method; ok=true is added to what it returns."""

    def register(function: Method) -> Method:
        METHODS[name] = function
        return function

    return register
