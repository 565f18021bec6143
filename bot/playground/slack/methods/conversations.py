"""conversations.*: channels, who is in them, and what was said there."""

import re

from bot.playground.slack.calls import Call, method
from bot.playground.slack.channel import Channel
from bot.playground.slack.message import Message
from bot.playground.slack.wire import ApiError, Json, micros

NAME = re.compile(r"[\w\-]{1,80}")


@method("conversations.list")
def list_(call: Call) -> Json:
    types = set((call.text("types") or "public_channel").replace(" ", "").split(","))
    bot, hide = call.workspace.bot_user_id, call.flag("exclude_archived")
    shown = [
        channel.as_slack()
        for channel in call.workspace.channels.values()
        if _type(channel) in types
        and not (hide and channel.is_archived)
        and (not channel.is_private or bot in channel.members)
    ]
    channels, more = call.page(shown)
    return {"channels": channels, "response_metadata": more}


def _type(channel: Channel) -> str:
    return "im" if channel.is_im else "private_channel" if channel.is_private else "public_channel"


@method("conversations.info")
def info(call: Call) -> Json:
    return {"channel": call.channel().as_slack()}


@method("conversations.history")
def history(call: Call) -> Json:
    """Newest first, without replies; a page is counted from its oldest side of the cursor."""
    channel = call.own_channel()
    oldest, latest = _span(call)
    limit = max(1, min(call.number("limit", 100), 999))
    found: list[Message] = []
    for message in reversed(channel.by_ts.values()):
        at = micros(message.ts)
        if at < oldest or len(found) > limit:
            break
        if at <= latest and (not message.is_reply or message.subtype == "thread_broadcast"):
            found.append(message)
    return _page_of_messages(call, found, limit) | {"pin_count": len(channel.pins)}


@method("conversations.replies")
def replies(call: Call) -> Json:
    """The first message of the thread and its replies, oldest first."""
    channel = call.own_channel()
    root = channel.by_ts.get(call.text("ts"))
    if root is not None and root.is_reply:
        root = channel.by_ts.get(str(root.thread_ts))
    if root is None:
        raise ApiError("thread_not_found")
    oldest, latest = _span(call)
    limit = max(1, min(call.number("limit", 1000), 1000))
    within = [m for m in root.replies if oldest <= micros(m.ts) <= latest]
    return _page_of_messages(call, [root, *within][: limit + 1], limit)


def _span(call: Call) -> tuple[int, int]:
    """The wanted stretch of time in microseconds, both ends included."""
    edge = 0 if call.flag("inclusive") else 1
    oldest, latest = call.text("oldest"), call.text("latest")
    low = micros(oldest) + edge if oldest and micros(oldest) else 0
    high = micros(latest) - edge if latest and micros(latest) else 1 << 63
    if cursor := call.text("cursor"):
        if not cursor.startswith(("before:", "after:")):
            raise ApiError("invalid_cursor")
        kind, _, ts = cursor.partition(":")
        low, high = (low, micros(ts) - 1) if kind == "before" else (micros(ts) + 1, high)
    return low, high


def _page_of_messages(call: Call, found: list[Message], limit: int) -> Json:
    """The page; `found` holds one message more when there is another page."""
    page, more = found[:limit], len(found) > limit
    metadata = call.flag("include_all_metadata")
    answer: Json = {"messages": [m.as_slack(metadata) for m in page], "has_more": more}
    side = "before" if call.method == "conversations.history" else "after"
    answer["response_metadata"] = {"next_cursor": f"{side}:{page[-1].ts}" if more else ""}
    return answer


@method("conversations.members")
def members(call: Call) -> Json:
    everyone: list[Json] = [{"id": user} for user in call.channel().members]
    page, more = call.page(everyone)
    return {"members": [each["id"] for each in page], "response_metadata": more}


@method("conversations.open")
def open_(call: Call) -> Json:
    if call.text("channel"):
        return {"channel": call.channel().as_slack()}
    users = call.needed("users", "users_list_not_supplied").split(",")
    if len(users) > 1 or users[0] not in call.workspace.members:
        raise ApiError("user_not_found")
    channel = call.workspace.dm_with(users[0])
    if call.flag("return_im"):
        return {"channel": channel.as_slack()}
    return {"channel": {"id": channel.id}}


@method("conversations.join")
def join(call: Call) -> Json:
    channel = call.channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_private or channel.is_im:
        raise ApiError("method_not_supported_for_channel_type")
    known = call.workspace.bot_user_id in channel.members
    call.workspace.join(channel, call.workspace.bot_user_id)
    return {"channel": channel.as_slack(), **({"warning": "already_in_channel"} if known else {})}


@method("conversations.create")
def create(call: Call) -> Json:
    name = call.needed("name", "invalid_name_required")
    if not NAME.fullmatch(name) or name != name.lower():
        raise ApiError("invalid_name_specials")
    if call.workspace.find_channel("#" + name):
        raise ApiError("name_taken")
    bot, private = call.workspace.bot_user_id, call.flag("is_private")
    return {"channel": call.workspace.add_channel(name, bot, [bot], private).as_slack()}


@method("conversations.archive")
def archive(call: Call) -> Json:
    channel = call.own_channel()
    if channel.is_archived:
        raise ApiError("already_archived")
    call.workspace.archive(channel, call.workspace.bot_user_id)
    return {}


@method("conversations.unarchive")
def unarchive(call: Call) -> Json:
    channel = call.channel()
    if not channel.is_archived:
        raise ApiError("not_archived")
    call.workspace.archive(channel, call.workspace.bot_user_id, archived=False)
    return {}


@method("conversations.invite")
def invite(call: Call) -> Json:
    channel = call.own_channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    users = [user for user in call.needed("users", "no_user").split(",") if user]
    if any(user not in call.workspace.members for user in users):
        raise ApiError("user_not_found")
    if all(user in channel.members for user in users):
        raise ApiError("already_in_channel")
    for user in users:
        call.workspace.join(channel, user, call.workspace.bot_user_id)
    return {"channel": channel.as_slack()}


@method("conversations.kick")
def kick(call: Call) -> Json:
    channel, user = call.own_channel(), call.text("user")
    if user not in channel.members:
        raise ApiError("not_in_channel")
    call.workspace.leave(channel, user)
    return {}


@method("conversations.setTopic")
def set_topic(call: Call) -> Json:
    channel = call.own_channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    topic = call.text("topic")
    if len(topic) > 250:
        raise ApiError("too_long")
    channel.topic = topic
    call.workspace.changed()
    return {"channel": channel.as_slack()}


@method("conversations.setPurpose")
def set_purpose(call: Call) -> Json:
    channel = call.own_channel()
    channel.purpose = call.text("purpose")
    call.workspace.changed()
    return {"purpose": channel.purpose, "channel": channel.as_slack()}
