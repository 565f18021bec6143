"""The whole workspace as one JSON object, for the playground's page."""

from collections.abc import Iterator

from bot.playground.slack.channel import Channel
from bot.playground.slack.interactions import Interactions
from bot.playground.slack.member import Member
from bot.playground.slack.message import Message
from bot.playground.slack.wire import Json
from bot.playground.slack.workspace import Workspace


def snapshot(workspace: Workspace, desk: Interactions) -> Json:
    people = list(workspace.members.values())
    return {
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "bot": {"user_id": workspace.bot_user_id, "name": workspace.bot_name},
        "members": [_member(member) for member in people],
        "channels": [_channel(channel) for channel in workspace.channels.values()],
        "homes": {member.id: member.home.for_page() for member in people if member.home},
        "modals": {m.id: [view.for_page() for view in m.modals] for m in people if m.modals},
        "commands": [
            {part: command.get(part, "") for part in ("command", "description", "usage_hint")}
            for command in desk.commands.values()
        ],
        "shortcuts": [
            {part: shortcut.get(part, "") for part in ("callback_id", "name", "type")}
            for shortcut in desk.shortcuts.values()
        ],
    }


def _member(member: Member) -> Json:
    return {
        "id": member.id,
        "name": member.name,
        "real_name": member.real_name,
        "tz": member.tz,
        "bot": member.bot,
        "guest": member.guest,
        "deleted": member.deleted,
        "color": f"#{member.color}",
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "user": channel.user,
        "is_archived": channel.is_archived,
        "topic": channel.topic,
        "members": list(channel.members),
        "messages": [_message(message) for message in _in_order(channel)],
    }


def _in_order(channel: Channel) -> Iterator[Message]:
    everything = [*channel.by_ts.values(), *channel.ephemerals.values()]
    yield from sorted(everything, key=lambda message: message.ts)


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        "user": message.user,
        "bot": message.bot is not None,
        "username": message.username,
        "icon": message.icon,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "subtype": message.subtype,
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "mimetype": file.mimetype,
                "size": file.size,
                "url": f"control/file/{file.id}",
            }
            for file in message.files
        ],
        "reactions": [{"name": n, "users": list(u)} for n, u in message.reactions.items()],
        "thread_ts": message.thread_ts,
        "reply_count": len(message.replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in message.replies)),
        "edited": message.edited is not None,
        "ephemeral_for": message.ephemeral_for,
    }
