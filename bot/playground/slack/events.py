"""The shapes of Slack's events, and which of them the app has subscribed to."""

from collections.abc import Callable
from typing import Any

from bot.playground.slack.channel import Channel
from bot.playground.slack.message import Message
from bot.playground.slack.wire import Ids, Json, Stamps

MESSAGE_SCOPES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Events:
    """Wraps events in event_callback envelopes and hands them to the delivery."""

    def __init__(
        self,
        identity: Json,
        bot_user_id: str,
        stamps: Stamps,
        ids: Ids,
        deliver: Callable[[Any], None],
    ) -> None:
        self.identity = identity
        self.bot_user_id = bot_user_id
        self.stamps = stamps
        self.ids = ids
        self.deliver = deliver
        self.listening: Callable[[], bool] = lambda: True
        # None means everything; an installed manifest narrows it.
        self.subscribed: set[str] | None = None

    def emit(self, event: Json, scope: str | None = None, shared: bool = False) -> None:
        if self.subscribed is None or (scope or event["type"]) in self.subscribed:
            self.deliver(self.envelope(event, shared))

    def envelope(self, event: Any, shared: bool = False) -> Json:
        team_id = self.identity["team_id"]
        return {
            "token": "playground-verification-token",
            **self.identity,
            "context_team_id": team_id,
            "context_enterprise_id": None,
            "event": event,
            "type": "event_callback",
            "event_id": self.ids.next("Ev0"),
            "event_time": self.stamps.epoch(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team_id,
                    "user_id": self.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": shared,
            "event_context": f"4-{team_id}",
        }

    def message(self, message: Message) -> None:
        if self.hears(message.channel):
            place = self._place(message.channel, message.ts)
            shared = message.channel.is_ext_shared
            self.emit(message.as_slack() | place, self._scope(message.channel), shared)
            self._mention(message)

    def _mention(self, message: Message) -> None:
        mentioned = f"<@{self.bot_user_id}>" in message.text
        # In a direct message a mention stays a message, as on Slack.
        if mentioned and not message.bot and not message.channel.is_im:
            place = self._place(message.channel, message.ts)
            del place["channel_type"]
            self.emit(message.as_slack() | {"type": "app_mention"} | place)

    def changed(self, message: Message, previous: Json) -> None:
        if self.hears(message.channel):
            event = {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": message.as_slack(),
                "previous_message": previous,
                **self._place(message.channel, self.stamps.next(), with_ts=True),
            }
            self.emit(event, self._scope(message.channel))

    def deleted(self, message: Message) -> None:
        if self.hears(message.channel):
            event = {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "deleted_ts": message.ts,
                "previous_message": message.as_slack(),
                **self._place(message.channel, self.stamps.next(), with_ts=True),
            }
            self.emit(event, self._scope(message.channel))

    def reaction(self, kind: str, message: Message, user: str, name: str) -> None:
        if self.hears(message.channel):
            item = {"type": "message", "channel": message.channel.id, "ts": message.ts}
            event = {
                "type": kind,
                "user": user,
                "reaction": name,
                "item": item,
                "item_user": message.user,
            }
            self.emit(event | {"event_ts": self.stamps.next()})

    def joined(self, channel: Channel, user: str, inviter: str | None) -> None:
        if self.hears(channel):
            event: Json = {
                "type": "member_joined_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "G" if channel.is_private else "C",
                "team": self.identity["team_id"],
                "event_ts": self.stamps.next(),
            }
            self.emit(event | ({"inviter": inviter} if inviter else {}))

    def left(self, channel: Channel, user: str) -> None:
        if self.hears(channel):
            event: Json = {
                "type": "member_left_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "G" if channel.is_private else "C",
                "team": self.identity["team_id"],
                "event_ts": self.stamps.next(),
            }
            self.emit(event)

    def channel(self, kind: str, channel: Channel, user: str) -> None:
        """channel_archive, _unarchive, _left, _deleted, or their group_ twins for private ones."""
        kind = kind.replace("channel_", "group_") if channel.is_private else kind
        if self.hears(channel):
            event = {"type": kind, "channel": channel.id, "user": user}
            self.emit(event | {"event_ts": self.stamps.next()})

    def links(self, message: Message, links: list[Json]) -> None:
        event: Json = {
            "type": "link_shared",
            "user": message.user,
            "channel": message.channel.id,
            "message_ts": message.ts,
            "unfurl_id": f"{message.channel.id}.{message.ts}.playground",
            "source": "conversations_history",
            "is_bot_user_member": self.bot_user_id in message.channel.members,
            "links": links,
            "event_ts": message.ts,
        }
        thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        self.emit(event | thread, shared=message.channel.is_ext_shared)

    def hears(self, channel: Channel) -> bool:
        """Whether the app learns what happens there: only where its bot is."""
        # Shapes are not worth building while no transport would carry them.
        return self.listening() and (channel.is_im or self.bot_user_id in channel.members)

    def _scope(self, channel: Channel) -> str:
        return MESSAGE_SCOPES[channel.kind]

    def _place(self, channel: Channel, ts: str, with_ts: bool = False) -> Json:
        place = {"channel": channel.id, "event_ts": ts, "channel_type": channel.kind}
        return place | ({"ts": ts} if with_ts else {})
