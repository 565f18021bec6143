"""People of the workspace: what Slack says of them, what they see, and what they do."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.playground.slack.channel import Channel
from bot.playground.slack.forms import Control, find_control, find_input
from bot.playground.slack.interactions import Answer, Interactions
from bot.playground.slack.message import File, Message
from bot.playground.slack.view import View
from bot.playground.slack.wire import Json

if TYPE_CHECKING:
    from bot.playground.slack.workspace import Workspace

Place = Message | View
COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "684b6c", "df3dc0", "2b6836")


@dataclass(eq=False)
class Member:
    workspace: "Workspace"
    desk: Interactions
    id: str
    name: str
    real_name: str
    tz: str = "Europe/London"
    email: str | None = None
    locale: str = "en-US"
    bot: bool = False
    guest: bool = False
    # A guest of one channel only.
    ultra_restricted: bool = False
    # Somebody of another company, met in a shared channel.
    stranger: bool = False
    deleted: bool = False
    admin: bool = False
    color: str = "9f69e7"
    modals: list[View] = field(default_factory=list)
    home: View | None = None
    # Everything that only this person can see, in order of arrival.
    heard_messages: list[Message] = field(default_factory=list)

    @property
    def team_id(self) -> str:
        """Strangers belong to another workspace."""
        return "T0ELSEWHERE" if self.stranger else self.workspace.team_id

    # What they see.

    @property
    def heard(self) -> list[str]:
        """Ephemerals, command answers and the app's direct messages as read, newest last."""
        return [message.plain for message in self.heard_messages if not message.deleted]

    @property
    def modal(self) -> View | None:
        """The modal in front, if one is open."""
        return self.modals[-1] if self.modals else None

    @property
    def dm(self) -> Channel:
        """The direct message with the app."""
        return self.workspace.dm_with(self.id)

    def sees(self, channel: Channel | str) -> list[Message]:
        """A channel with the eyes of this person: threads and ephemerals too, oldest first."""
        return list(reversed(list(self._channel(channel).newest_first(self.id))))

    # What they do. Each returns after the app has answered, or after Slack gave up waiting.

    async def says(
        self,
        channel: Channel | str,
        text: str,
        thread_ts: str | None = None,
        files: list[File] | None = None,
        broadcast: bool = False,
    ) -> Message:
        """Write a message; the event goes out beside, see SlackCloud.quiet."""
        content: Json = {"thread_ts": thread_ts, "files": files or []}
        if files:
            content["subtype"] = "file_share"
        elif broadcast and thread_ts:
            content["subtype"] = "thread_broadcast"
        return self.workspace.say(self._channel(channel), self.id, text, **content)

    async def command(self, line: str, channel: Channel | str | None = None) -> Answer:
        """Run a slash command, by default in the direct message with the app."""
        place = self.dm if channel is None else self._channel(channel)
        return await self.desk.command(self, line, place)

    async def presses(
        self,
        wanted: str,
        channel: Channel | str | None = None,
        ts: str | None = None,
        value: str | None = None,
        block_id: str | None = None,
    ) -> Answer:
        """Press a button, or an option of an overflow menu, by its label or action id.

        The newest one this person can see, the open modal before messages and messages before the
        home; channel "home" means the home only. Raises LookupError when there is none.
        """
        place, control = self._find(wanted, channel, ts, value, block_id)
        return await self._act(place, control, None if control.kind == "button" else value)

    async def selects(
        self,
        wanted: str,
        value: Any,
        channel: Channel | str | None = None,
        ts: str | None = None,
        block_id: str | None = None,
    ) -> Answer:
        """Choose in a menu, picker or input by its label, action id or block id."""
        place, control = self._find(wanted, channel, ts, None, block_id)
        return await self._act(place, control, value)

    async def suggested(
        self,
        wanted: str,
        words: str,
        channel: Channel | str | None = None,
        ts: str | None = None,
        block_id: str | None = None,
    ) -> list[Json]:
        """What an external menu offers for some typed words."""
        place, control = self._find(wanted, channel, ts, None, block_id)
        return await self.desk.suggest(self, place, control, words)

    async def submits(self, values: Mapping[str, Any] | None = None) -> Answer:
        """Fill the modal in front (by label, block id or action id) and submit it."""
        view = self._open_modal()
        for key, given in (values or {}).items():
            await self.fills(key, given)
        return await self.desk.submit(self, view)

    async def fills(self, key: str, given: Any) -> Answer:
        """Fill one field of the modal in front."""
        view = self._open_modal()
        control = find_input(view.blocks, key)
        if control is None:
            raise LookupError(f"no field {key!r} in {view.title!r}")
        if control.kind.endswith("external_select") and isinstance(given, str):
            await self.desk.suggest(self, view, control, given)
        return await self.desk.act_on_view(self, view, control, given)

    async def closes(self, clear: bool = False) -> Answer:
        """Close the modal in front, or with `clear` all of them."""
        return await self.desk.close(self, self._open_modal(), clear)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Answer:
        """Run a message shortcut on a message, or a global one without."""
        return await self.desk.shortcut(self, callback_id, message)

    async def reacts(self, message: Message, name: str) -> None:
        self.workspace.react(message, self.id, name.strip(":"))

    async def unreacts(self, message: Message, name: str) -> None:
        self.workspace.unreact(message, self.id, name.strip(":"))

    async def edits(self, ts: str | Message, text: str) -> None:
        message = self._own(ts)
        self.workspace.edit(message, self.id, text=self.workspace.typed(text))

    async def deletes(self, ts: str | Message) -> None:
        self.workspace.delete(self._own(ts))

    async def opens_home(self, tab: str = "home") -> None:
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.dm.id,
            "tab": tab,
        }
        if self.home is not None and tab == "home":
            event["view"] = self.home.as_slack()
        self.workspace.events.emit(event | {"event_ts": self.workspace.stamps.next()})

    async def uploads(
        self,
        channel: Channel | str,
        name: str,
        data: bytes,
        thread_ts: str | None = None,
        text: str = "",
    ) -> Message:
        """Share a file; Slack tells the app twice, as a message and as file_shared."""
        place = self._channel(channel)
        file = self.desk_file(name, data)
        message = await self.says(place, text, thread_ts, [file])
        if self.workspace.events.hears(place):
            event: Json = {"type": "file_shared", "file_id": file.id, "user_id": self.id}
            event |= {"file": {"id": file.id}, "channel_id": place.id, "event_ts": message.ts}
            self.workspace.events.emit(event)
        return message

    def desk_file(self, name: str, data: bytes) -> File:
        """A file of this person's, not shown anywhere yet."""
        file_id = self.workspace.ids.next("F")
        url = f"{self.desk.url()}/files-pri/{self.workspace.team_id}-{file_id}/{name}"
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(
            file_id, name, data, self.id, url, mimetype, created=self.workspace.stamps.epoch()
        )
        self.workspace.files[file_id] = file
        return file

    async def joins(self, channel: Channel | str, inviter: "Member | None" = None) -> None:
        self.workspace.join(self._channel(channel), self.id, inviter.id if inviter else None)

    async def archives(self, channel: Channel | str) -> None:
        self.workspace.archive(self._channel(channel), self.id)

    async def unarchives(self, channel: Channel | str) -> None:
        self.workspace.archive(self._channel(channel), self.id, archived=False)

    async def removes(self, member: "Member", channel: Channel | str) -> None:
        """Put somebody out of a channel; the app too."""
        self.workspace.leave(self._channel(channel), member.id)

    async def invites(self, member: "Member", channel: Channel | str) -> None:
        self.workspace.join(self._channel(channel), member.id, self.id)

    async def deletes_channel(self, channel: Channel | str) -> None:
        self.workspace.remove_channel(self._channel(channel), self.id)

    async def deletes_of_the_app(self, message: Message) -> None:
        """Take away what the app has said, as an admin may."""
        self.workspace.delete(message)

    async def changes(self, **facts: Any) -> None:
        """Change what the profile says: `tz`, `real_name`, `deleted` for who left, …"""
        for name, value in facts.items():
            setattr(self, name, value)
        self.workspace.member_changed(self)

    # How they find things.

    def _channel(self, wanted: Channel | str) -> Channel:
        channel = self.workspace.find_channel(wanted)
        if channel is None:
            raise LookupError(f"no channel {wanted!r}")
        return channel

    def _open_modal(self) -> View:
        if self.modal is None:
            raise LookupError(f"{self.name} has no modal open")
        return self.modal

    def _own(self, wanted: str | Message) -> Message:
        if isinstance(wanted, Message):
            return wanted
        for channel in self.workspace.channels.values():
            message = channel.by_ts.get(wanted)
            if message is not None and message.user == self.id:
                return message
        raise LookupError(f"{self.name} has no message {wanted}")

    async def _act(self, place: Place, control: Control, given: Any) -> Answer:
        if isinstance(place, View):
            return await self.desk.act_on_view(self, place, control, given)
        return await self.desk.act_on_message(self, place, control, given)

    def _find(
        self,
        wanted: str,
        channel: Channel | str | None,
        ts: str | None,
        value: str | None,
        block_id: str | None,
    ) -> tuple[Place, Control]:
        for place in self._places(channel, ts):
            blocks = place.blocks if isinstance(place, View) else place.all_blocks
            control = blocks and find_control(blocks, wanted, value, block_id)
            if not control and blocks and isinstance(place, View):
                control = find_input(blocks, wanted)
            if control:
                return place, control
        raise LookupError(f"{self.name} sees nothing called {wanted!r}")

    def _places(self, channel: Channel | str | None, ts: str | None) -> Iterator[Place]:
        """Where a control may be, in the order in which a person would look."""
        if channel is None and ts is None and self.modal:
            yield self.modal
        if channel != "home":
            yield from self._messages(channel, ts)
        if self.home and ts is None and channel in (None, "home"):
            yield self.home

    def _messages(self, channel: Channel | str | None, ts: str | None) -> Iterator[Message]:
        rooms = (
            [c for c in self.workspace.channels.values() if self.id in c.members]
            if channel is None
            else [self._channel(channel)]
        )
        if ts is not None:
            yield from (m for room in rooms if (m := room.find(ts)))
            return
        with_blocks = (m for room in rooms for m in room.newest_first(self.id) if m.all_blocks)
        yield from sorted(with_blocks, key=lambda m: m.ts, reverse=True)

    # What Slack says of them.

    def as_slack(self) -> Json:
        now = self.workspace.now()
        offset = _offset(self.tz, now)
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": offset,
            "locale": self.locale,
            "profile": self.profile(),
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest or self.ultra_restricted,
            "is_ultra_restricted": self.ultra_restricted,
            "is_bot": self.bot,
            "is_stranger": self.stranger,
            "is_app_user": False,
            "updated": int(now.timestamp()),
            "is_email_confirmed": True,
            "has_2fa": False,
        }

    def profile(self) -> Json:
        first, _, last = self.real_name.partition(" ")
        image = f"{self.desk.url()}/avatar/{self.id}"
        profile: Json = {
            "title": "",
            "phone": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "avatar_hash": "playground",
            "team": self.team_id,
            **{f"image_{size}": image for size in (24, 32, 48, 72, 192, 512)},
        }
        if self.email:
            profile["email"] = self.email
        if self.bot:
            profile |= {"bot_id": self.workspace.bot_id, "api_app_id": self.workspace.app_id}
        return profile


def _offset(zone: str, now: datetime) -> int:
    shift = now.astimezone(ZoneInfo(zone)).utcoffset()
    return int(shift.total_seconds()) if shift else 0
