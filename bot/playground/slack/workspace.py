"""The workspace itself: people, channels, messages and files, and what happens to them."""

import re
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.playground.slack.channel import Channel
from bot.playground.slack.events import Events
from bot.playground.slack.message import File, Message
from bot.playground.slack.text import typed
from bot.playground.slack.wire import ApiError, Ids, Json, Stamps

if TYPE_CHECKING:
    from bot.playground.slack.member import Member

LINK = re.compile(r"<(https?://([^/|>\s]+)[^|>\s]*)")


class Workspace:
    def __init__(
        self, team_id: str, app_id: str, bot_user_id: str, bot_id: str, now: Callable[[], datetime]
    ) -> None:
        self.team_id = team_id
        self.team_name = "Playground"
        self.team_domain = "playground"
        self.app_id = app_id
        self.bot_user_id = bot_user_id
        self.bot_id = bot_id
        self.bot_name = "Rapport"
        self.ids = Ids()
        self.stamps = Stamps(now)
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.unfurl_domains: set[str] = set()
        self.deliver: Callable[[Any], None] = lambda _payload: None
        identity = {"team_id": team_id, "api_app_id": app_id}
        self.events = Events(identity, bot_user_id, self.stamps, self.ids, self._pass_on)
        self.listeners: list[Callable[[], None]] = []

    @property
    def now(self) -> Callable[[], datetime]:
        return self.stamps.now

    @property
    def bot_signature(self) -> Json:
        """What marks a message as the app's."""
        return {
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "bot_profile": {
                "id": self.bot_id,
                "app_id": self.app_id,
                "name": self.bot_name,
                "deleted": False,
                "team_id": self.team_id,
            },
        }

    def _pass_on(self, payload: Any) -> None:
        self.deliver(payload)

    def changed(self) -> None:
        for listener in self.listeners:
            listener()

    # People.

    def find_member(self, wanted: str) -> "Member | None":
        """By id, name or real name."""
        if found := self.members.get(wanted):
            return found
        name = wanted.removeprefix("@").lower()
        for member in self.members.values():
            if name in (member.name.lower(), member.real_name.lower()):
                return member
        return None

    def display_name(self, some_id: str) -> str | None:
        member = self.members.get(some_id)
        channel = self.channels.get(some_id)
        return member.name if member else channel.name if channel else None

    def team_of(self, user: str) -> str:
        member = self.members.get(user)
        return member.team_id if member else self.team_id

    def add_member(self, member: "Member") -> None:
        self.members[member.id] = member
        if self.events.listening():
            self.events.emit({"type": "team_join", "user": member.as_slack(), **self._event_ts()})
        if not member.guest and not member.bot:
            for channel in self.channels.values():
                if channel.open_to_all:
                    self.join(channel, member.id)
        self.changed()

    def member_changed(self, member: "Member") -> None:
        user = member.as_slack()
        self.events.emit({"type": "user_change", "user": user, **self._event_ts()})
        self.changed()

    def _event_ts(self) -> Json:
        return {"event_ts": self.stamps.next()}

    # Channels.

    def add_channel(
        self, name: str, creator: str, members: Iterable[str], private: bool = False, **more: Any
    ) -> Channel:
        channel_id = self.ids.next("C")
        channel = Channel(
            self,
            channel_id,
            name,
            creator,
            self.stamps.epoch(),
            private,
            members=[*members],
            **more,
        )
        self.channels[channel_id] = channel
        self.changed()
        return channel

    def dm_with(self, user: str) -> Channel:
        for channel in self.channels.values():
            if channel.user == user:
                return channel
        channel = Channel(self, self.ids.next("D"), "", user, self.stamps.epoch(), is_im=True)
        channel.user, channel.members = user, [user, self.bot_user_id]
        self.channels[channel.id] = channel
        return channel

    def find_channel(self, wanted: "Channel | str") -> Channel | None:
        """By id, by name with or without #, or a person's id for the direct message with them."""
        if isinstance(wanted, Channel):
            return wanted
        if found := self.channels.get(wanted):
            return found
        if wanted in self.members:
            return self.dm_with(wanted)
        name = wanted.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and name), None)

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        if user not in channel.members:
            channel.members.append(user)
            self.events.joined(channel, user, inviter)
            self.changed()

    def archive(self, channel: Channel, user: str, archived: bool = True) -> None:
        channel.is_archived = archived
        kind = "channel_archive" if archived else "channel_unarchive"
        self.events.channel(kind, channel, user)
        self.changed()

    def leave(self, channel: Channel, user: str) -> None:
        """Somebody leaves or is put out; the app hears of itself by channel_left."""
        if user not in channel.members:
            return
        if user == self.bot_user_id:
            self.events.channel("channel_left", channel, user)
        channel.members.remove(user)
        if user != self.bot_user_id:
            self.events.left(channel, user)
        self.changed()

    def remove_channel(self, channel: Channel, user: str) -> None:
        """Delete a channel for good, with everything that was said there."""
        self.events.channel("channel_deleted", channel, user)
        self.channels.pop(channel.id, None)
        self.changed()

    # Messages.

    def typed(self, text: str) -> str:
        """A typed line as Slack stores it."""

        def user_of(name: str) -> str | None:
            member = self.find_member(name)
            return member.id if member else None

        def channel_of(name: str) -> str | None:
            channel = self.find_channel("#" + name)
            return channel.id if channel else None

        return typed(text, user_of, channel_of)

    def post(self, channel: Channel, user: str, text: str = "", **content: Any) -> Message:
        """Put a message in a channel, as everybody there sees it, and tell the app."""
        message = Message(channel, self.stamps.next(), user, text, **content)
        self._thread(message)
        channel.by_ts[message.ts] = message
        for file in message.files:
            shown = {"ts": message.ts, "channel_name": channel.name}
            if message.thread_ts:
                shown["thread_ts"] = message.thread_ts
            file.shares.setdefault(channel.id, []).append(shown)
        if channel.is_im and message.bot and channel.user in self.members:
            self.members[channel.user].heard_messages.append(message)
        self.events.message(message)
        self._share_links(message)
        self.changed()
        return message

    def _thread(self, message: Message) -> None:
        if message.thread_ts is None:
            return
        root = message.channel.by_ts.get(message.thread_ts)
        if root is None:
            # Slack does not fail here: it shows the reply outside any thread.
            message.thread_ts = None
            message.subtype = None if message.subtype == "thread_broadcast" else message.subtype
            return
        if root.is_reply:
            root = message.channel.by_ts[str(root.thread_ts)]
            message.thread_ts = root.ts
        root.thread_ts = root.ts
        root.replies.append(message)

    def _share_links(self, message: Message) -> None:
        if self.unfurl_domains and not message.bot:
            links = [
                {"url": url, "domain": domain}
                for url, domain in LINK.findall(message.text)
                if any(domain == d or domain.endswith("." + d) for d in self.unfurl_domains)
            ]
            if links:
                self.events.links(message, links)

    def say(self, channel: Channel, user: str, text: str, **content: Any) -> Message:
        """A person's own message."""
        client_msg_id = str(uuid.uuid4())
        return self.post(channel, user, self.typed(text), client_msg_id=client_msg_id, **content)

    def whisper(self, channel: Channel, to: str, text: str = "", **content: Any) -> Message:
        """An ephemeral message: only one person sees it, and no history keeps it."""
        ts = self.stamps.next()
        message = Message(channel, ts, self.bot_user_id, text, ephemeral_for=to, **content)
        channel.ephemerals[ts] = message
        if to in self.members:
            self.members[to].heard_messages.append(message)
        self.changed()
        return message

    def edit(self, message: Message, by: str, **content: Any) -> None:
        previous = message.as_slack() if self.events.listening() else {}
        for name, value in content.items():
            setattr(message, name, value)
        message.states.clear()
        if not message.ephemeral_for:
            message.edited = {"user": by, "ts": self.stamps.next()}
            self.events.changed(message, previous)
        self.changed()

    def delete(self, message: Message) -> None:
        message.deleted = True
        channel = message.channel
        if message.ephemeral_for:
            channel.ephemerals.pop(message.ts, None)
        else:
            self._take_out(message)
            self.events.deleted(message)
        self.changed()

    def _take_out(self, message: Message) -> None:
        channel = message.channel
        if message.replies:
            # A thread outlives its first message: Slack keeps a tombstone in its place.
            message.subtype, message.text = "tombstone", "This message was deleted."
            message.blocks = message.attachments = None
            message.files = []
            return
        channel.by_ts.pop(message.ts, None)
        root = channel.by_ts.get(message.thread_ts or "")
        if root and message in root.replies:
            root.replies.remove(message)

    def react(self, message: Message, user: str, name: str) -> None:
        people = message.reactions.setdefault(name, [])
        if user in people:
            raise ApiError("already_reacted")
        people.append(user)
        self.events.reaction("reaction_added", message, user, name)
        self.changed()

    def unreact(self, message: Message, user: str, name: str) -> None:
        people = message.reactions.get(name, [])
        if user not in people:
            raise ApiError("no_reaction")
        people.remove(user)
        if not people:
            del message.reactions[name]
        self.events.reaction("reaction_removed", message, user, name)
        self.changed()
