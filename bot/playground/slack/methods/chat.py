"""chat.*, reactions.*, pins.* and bookmarks.*: what the app says and shows."""

from bot.playground.slack.calls import Call, method
from bot.playground.slack.channel import Channel
from bot.playground.slack.message import Message
from bot.playground.slack.wire import ApiError, Json

LONGEST = 40_000


def _content(call: Call) -> Json:
    """Text, blocks and attachments of a call; raises no_text when it says nothing."""
    text = call.text("text") or call.text("markdown_text")
    blocks, attachments = call.blocks(), call.attachments()
    if not (text or blocks or attachments):
        raise ApiError("no_text")
    if len(text) > LONGEST:
        raise ApiError("msg_too_long")
    if attachments and len(attachments) > 100:
        raise ApiError("too_many_attachments")
    return {"text": text, "blocks": blocks, "attachments": attachments}


def _metadata(call: Call) -> Json | None:
    metadata = call.decoded("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise ApiError("invalid_metadata_format")
    return {
        "event_type": metadata["event_type"],
        "event_payload": metadata.get("event_payload", {}),
    }


@method("chat.postMessage")
def post_message(call: Call) -> Json:
    channel = call.writable()
    content = _content(call) | {"metadata": _metadata(call), "bot": call.workspace.bot_signature}
    thread_ts = call.text("thread_ts") or None
    if thread_ts and call.flag("reply_broadcast"):
        content["subtype"] = "thread_broadcast"
    message = call.workspace.post(
        channel,
        call.workspace.bot_user_id,
        thread_ts=thread_ts,
        username=call.text("username") or None,
        icon=call.text("icon_emoji") or call.text("icon_url") or None,
        unfurl_links=call.optional_flag("unfurl_links"),
        unfurl_media=call.optional_flag("unfurl_media"),
        mrkdwn=call.optional_flag("mrkdwn") is not False,
        **content,
    )
    call.note(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack(metadata=True)}


@method("chat.update")
def update(call: Call) -> Json:
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    content = _content_of_update(call, message)
    if call.args.get("metadata") is not None:
        content["metadata"] = _metadata(call)
    call.workspace.edit(message, call.workspace.bot_user_id, **content)
    call.note(message)
    shape = message.as_slack(metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def _content_of_update(call: Call, message: Message) -> Json:
    """Blocks and attachments that an update leaves out stay; an empty list takes them away."""
    content = _content(call)
    for part in ("blocks", "attachments"):
        if call.args.get(part) is None:
            content[part] = getattr(message, part)
    if call.args.get("text") is None:
        content["text"] = message.text
    return content


def _own(call: Call, channel: Channel, error: str) -> Message:
    if channel.is_archived:
        raise ApiError("is_archived")
    message = call.message(channel)
    if not message.bot or message.subtype == "tombstone":
        raise ApiError(error)
    return message


@method("chat.delete")
def delete(call: Call) -> Json:
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    call.workspace.delete(message)
    call.note(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral")
def post_ephemeral(call: Call) -> Json:
    channel, user = call.writable(), call.text("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(call) | {"bot": call.workspace.bot_signature}
    content["username"] = call.text("username") or None
    content["icon"] = call.text("icon_emoji") or call.text("icon_url") or None
    thread_ts = call.text("thread_ts") or None
    message = call.workspace.whisper(channel, user, thread_ts=thread_ts, **content)
    call.note(message)
    return {"message_ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.scheduleMessage")
def schedule_message(call: Call) -> Json:
    channel, post_at = call.writable(), call.number("post_at", 0)
    if post_at <= call.workspace.stamps.epoch():
        raise ApiError("time_in_past")
    content = _content(call)
    message = {"text": content["text"], "type": "delayed_message", "bot_id": call.workspace.bot_id}
    number = call.workspace.ids.next("Q")
    return {
        "channel": channel.id,
        "scheduled_message_id": number,
        "post_at": post_at,
        "message": message,
    }


@method("chat.unfurl")
def unfurl(call: Call) -> Json:
    unfurls = call.decoded("unfurls") or {}
    if call.text("channel"):
        message = call.message(call.channel())
        extra = [{**unfurl, "from_url": url} for url, unfurl in unfurls.items()]
        message.attachments = [*(message.attachments or ()), *extra]
        call.note(message)
        call.workspace.changed()
    return {}


@method("reactions.add")
def add_reaction(call: Call) -> Json:
    message = call.message(call.own_channel(), "timestamp")
    call.workspace.react(message, call.workspace.bot_user_id, _emoji(call))
    return {}


@method("reactions.remove")
def remove_reaction(call: Call) -> Json:
    message = call.message(call.own_channel(), "timestamp")
    call.workspace.unreact(message, call.workspace.bot_user_id, _emoji(call))
    return {}


def _emoji(call: Call) -> str:
    name = call.text("name").strip(":")
    if not name or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise ApiError("invalid_name")
    return name


@method("reactions.get")
def get_reactions(call: Call) -> Json:
    channel = call.own_channel()
    message = call.message(channel, "timestamp")
    return {"type": "message", "channel": channel.id, "message": message.as_slack()}


@method("pins.add")
def pin(call: Call) -> Json:
    channel = call.own_channel()
    message = call.message(channel, "timestamp")
    if message.ts in channel.pins:
        raise ApiError("already_pinned")
    channel.pins.append(message.ts)
    return {}


@method("pins.remove")
def unpin(call: Call) -> Json:
    channel = call.own_channel()
    message = call.message(channel, "timestamp")
    if message.ts not in channel.pins:
        raise ApiError("no_pin")
    channel.pins.remove(message.ts)
    return {}


@method("bookmarks.add")
@method("bookmarks.edit")
@method("bookmarks.remove")
def bookmark(call: Call) -> Json:
    channel = call.own_channel("channel_id")
    link = {"title": call.text("title"), "link": call.text("link"), "channel_id": channel.id}
    return {"bookmark": {"id": call.text("bookmark_id") or call.workspace.ids.next("Bk"), **link}}


@method("bookmarks.list")
def bookmarks(call: Call) -> Json:
    call.own_channel("channel_id")
    return {"bookmarks": []}
