"""Channels and direct messages as the workspace keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.slack.message import Message
from bot.playground.slack.wire import Json

if TYPE_CHECKING:
    from bot.playground.slack.workspace import Workspace


@dataclass(eq=False)
class Channel:
    workspace: "Workspace"
    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    # The person at the other end of a direct message.
    user: str | None = None
    is_archived: bool = False
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    # Whether people who come to the workspace later come in too.
    open_to_all: bool = False
    pins: list[str] = field(default_factory=list)
    # Everything still there, oldest first: timestamps only ever grow, so order of arrival is order.
    by_ts: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The channel_type of events."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    @property
    def messages(self) -> list[Message]:
        """What everyone in it sees outside threads, oldest first."""
        return [m for m in self.by_ts.values() if not m.is_reply or _is_broadcast(m)]

    def thread(self, ts: str) -> list[Message]:
        """The replies under a message, oldest first, without the message itself."""
        root = self.by_ts.get(ts)
        return list(root.replies) if root else []

    def find(self, ts: str) -> Message | None:
        return self.by_ts.get(ts) or self.ephemerals.get(ts)

    def newest_first(self, member: str) -> Iterator[Message]:
        """What one member sees of it, replies and ephemerals too."""
        hidden = [m for m in self.ephemerals.values() if m.ephemeral_for == member]
        for message in reversed(self.by_ts.values()):
            while hidden and hidden[-1].ts > message.ts:
                yield hidden.pop()
            yield message
        yield from reversed(hidden)

    def as_slack(self) -> Json:
        shape: Json = {"id": self.id, "created": self.created, "is_archived": self.is_archived}
        if self.is_im:
            return shape | {
                "is_im": True,
                "user": self.user,
                "is_open": True,
                "is_user_deleted": False,
            }
        return shape | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": self.name == "general",
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_member": self.workspace.bot_user_id in self.members,
            "creator": self.creator,
            "context_team_id": self.workspace.team_id,
            "topic": {"value": self.topic, "creator": self.creator, "last_set": self.created},
            "purpose": {"value": self.purpose, "creator": self.creator, "last_set": self.created},
            "num_members": len(self.members),
        }


def _is_broadcast(message: Message) -> bool:
    return message.subtype == "thread_broadcast"
