"""A Slack payload becomes an Incoming, and a row of the inbox before that."""

import hashlib
import html
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.inbox import Unreadable
from handlers.message import Incoming, Kind, Media, Person, clean
from storage.records import InboxRow

SLACK = "slack"
NOBODY = Person(id="", name="")

Payload = dict[str, Any]
Lookup = Callable[[str], Awaitable[Person]]

_LINK = re.compile(r"<((?:https?|mailto|tel|ftp):[^|>]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#\w+\|([^>]*)>")
_SPECIAL = re.compile(r"<!(\w+)(?:\^[^|>]*)?(?:\|([^>]*))?>")
_NAMED_CHANNEL = re.compile(r"<#([CG]\w+)(?:\|([^>]*))?>")
_TICKET_LINK = re.compile(r"https?://[^/\s]+/t/(\d{1,9})/?(?:[?#].*)?")
# What happened to a channel, and what follows from it for us.
_SHUTS = {
    "channel_archive": "is_archived",
    "group_archive": "is_archived",
    "channel_deleted": "channel_not_found",
    "group_deleted": "channel_not_found",
    "channel_left": "not_in_channel",
    "group_left": "not_in_channel",
    "channel_unarchive": "open",
    "group_unarchive": "open",
}
_USER = re.compile(r"<@([UW]\w+)(?:\|([^>]*))?>")


def event_key(body: Payload) -> str:
    """What Slack's retries of the same thing have in common."""
    team = _team(body)
    match body:
        case {
            "event": {
                "type": "message" | "app_mention",
                "channel": str(channel),
                "ts": str(ts),
            } as event
        } if event.get("subtype") in (None, "", "file_share", "thread_broadcast"):
            # A mention comes as two events, of the message and of the mention: one thing was said.
            return f"slack:{team}:said:{channel}:{ts}"
        case {"event_id": str(id)}:
            return f"slack:{team}:event:{id}"
        case {"command": str(), "trigger_id": str(id)}:
            return f"slack:{team}:command:{id}"
        case {
            "type": "block_actions",
            "user": {"id": str(user)},
            "actions": [{"action_ts": str(ts)}, *_],
        }:
            return f"slack:{team}:press:{user}:{ts}"
        case {"trigger_id": str(id)}:
            # A form too: sent off again after a correction it has the same view, and the same hash.
            return f"slack:{team}:trigger:{id}"
    content = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return f"slack:{team}:other:{content[:32]}"


def _team(body: Payload) -> str:
    team = body.get("team")
    found = body.get("team_id") or (team.get("id") if isinstance(team, dict) else team)
    return found if isinstance(found, str) else ""


def chat_key(body: Payload) -> str:
    """Whose order it is part of: a thread, or else a person."""
    event: Any = body.get("event")
    if isinstance(event, dict) and isinstance(event.get("item"), dict):
        return f"slack:{event['item'].get('channel')}:{event['item'].get('ts')}"[:96]
    if isinstance(event, dict):
        # A deletion belongs behind the words that it takes back, in their thread.
        told = (event.get(name) for name in ("message", "previous_message"))
        said: Any = next((each for each in told if isinstance(each, dict)), event)
        thread = said.get("thread_ts") or said.get("ts") or event.get("event_ts")
        return f"slack:{event.get('channel')}:{thread}"[:96]
    message = body.get("message")
    channel = body.get("channel")
    if isinstance(message, dict) and isinstance(channel, dict):
        return f"slack:{channel.get('id')}:{message.get('thread_ts') or message.get('ts')}"[:96]
    user = body.get("user")
    person = user.get("id") if isinstance(user, dict) else body.get("user_id")
    return f"slack:person:{person}"[:96]


_OF_FORMER = ("type", "subtype", "user", "bot_id", "app_id", "ts", "thread_ts")


def _without_former(body: Payload) -> Payload:
    """A payload without the words of a message that was deleted, or of ours before its update.

    Slack sends them along; whoever has them erased would find them here again.
    """
    event: Any = body.get("event")
    former: Any = event.get("previous_message") if isinstance(event, dict) else None
    if not isinstance(former, dict):
        return body
    if event.get("subtype") != "message_deleted" and not former.get("bot_id"):
        return body
    kept = {name: former[name] for name in _OF_FORMER if name in former}
    return body | {"event": event | {"previous_message": kept}}


def row(body: Payload, owner: str, now: datetime) -> InboxRow:
    """What is kept of a payload: all of it but words that are no longer there."""
    return InboxRow(
        door=SLACK,
        event_key=clean(event_key(body))[:160],
        chat_key=clean(chat_key(body)),
        raw=json.dumps(_without_former(body)).encode(),
        owner=owner,
        received_at=now,
    )


class Reader:
    """Understands payloads; `lookup` says who a user id is."""

    def __init__(
        self, lookup: Lookup, bot_user: Callable[[], str], forget: Callable[[str], None]
    ) -> None:
        self._lookup = lookup
        self._forget = forget
        self._bot_user = bot_user

    async def read(self, raw: bytes) -> Incoming:
        """The payload as an Incoming. Raises Unreadable when it is none of Slack's."""
        body: Any = json.loads(raw)
        if not isinstance(body, dict) or "unreadable" in body:
            raise Unreadable("not an object")
        try:
            return await self._understood(body)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as strange:
            raise Unreadable(f"unlike anything of Slack's ({type(strange).__name__})") from strange

    async def _understood(self, body: Payload) -> Incoming:
        if "event" in body:
            return await self._event(body, body["event"])
        if "command" in body:
            return await self._command(body)
        match body.get("type"):
            case "block_actions":
                return await self._press(body)
            case "view_submission":
                return await self._form(body)
            case "message_action" | "shortcut":
                return await self._shortcut(body)
        return nothing(body)

    async def _event(self, body: Payload, event: Payload) -> Incoming:
        match event.get("type"), event.get("subtype"):
            case "message" | "app_mention", None | "file_share" | "thread_broadcast":
                return await self._said(body, event)
            case "message", "message_changed":
                return await self._changed(body, event)
            case "message", "message_deleted" if self._is_ours(event.get("previous_message")):
                return place(body, event["channel"], "deleted", event["deleted_ts"])
            case "message", "message_deleted":
                before = event.get("previous_message") or {}
                return await self._other(body, event, Kind.DELETE, before)
            case "reaction_added" | "reaction_removed", _:
                return await self._reaction(body, event)
            case "user_change", _:
                # They may be a guest now, or gone: whoever they are is asked anew.
                self._forget(event["user"]["id"])
                person = await self._lookup(event["user"]["id"])
                if not person.belongs:
                    return incoming(body, Kind.LEFT, "", person)
            case "link_shared", _:
                return await self._link_shared(body, event)
            case str(kind), _ if kind in _SHUTS:
                return place(body, event["channel"], _SHUTS[kind])
            case "member_left_channel", _ if event["user"] == self._bot_user():
                return place(body, event["channel"], "not_in_channel")
            case "member_joined_channel", _ if event["user"] == self._bot_user():
                return place(body, event["channel"], "open")
            case "app_home_opened", _ if event.get("tab") == "home":
                person = await self._lookup(event["user"])
                return incoming(body, Kind.HOME, event["channel"], person, private=True)
        return nothing(body)

    def _is_ours(self, said: Payload | None) -> bool:
        """Whether no person said it; a message under another name has no user at all."""
        return not said or bool(said.get("bot_id")) or said.get("user") == self._bot_user()

    async def _link_shared(self, body: Payload, event: Payload) -> Incoming:
        """A link to a ticket; in a channel with people from outside it stays a link."""
        for link in event.get("links") or ():
            found = _TICKET_LINK.fullmatch(link["url"])
            outside = body.get("is_ext_shared_channel") or event.get("channel") == "COMPOSER"
            if found and not outside:
                person = await self._lookup(event["user"])
                return incoming(
                    body,
                    Kind.LINK,
                    event["channel"],
                    person,
                    message=event["message_ts"],
                    text=link["url"],
                    value=found[1],
                )
        return nothing(body)

    async def _said(self, body: Payload, event: Payload) -> Incoming:
        channel, text = event["channel"], event.get("text") or ""
        private = event.get("channel_type") == "im"
        mention = f"<@{self._bot_user()}>"
        mentioned = text.lstrip().startswith(mention)
        thread = event.get("thread_ts") or ""
        ours = event.get("bot_id") or not event.get("user") or event["user"] == self._bot_user()
        if ours or not (private or mentioned or thread):
            return nothing(body)
        person = await self._lookup(event["user"])
        # A line for the grammar keeps its mentions; words for a customer have names in them.
        line = private or mentioned
        said = typed(text.lstrip().removeprefix(mention)) if line else await self.spoken(text)
        return incoming(
            body,
            Kind.MENTION if mentioned else Kind.MESSAGE,
            channel,
            person,
            message=event["ts"],
            thread=thread,
            text=said,
            # A mention may ask for words to be passed on: those as a person would read them.
            value=await self.spoken(text.lstrip().removeprefix(mention)) if mentioned else "",
            reply_to=_shared(event, channel),
            media=tuple(map(_file, event.get("files") or ())),
            at=_moment(event["ts"]),
            channels=tuple(_NAMED_CHANNEL.findall(text)) if line else (),
            private=private,
        )

    async def _reaction(self, body: Payload, event: Payload) -> Incoming:
        item = event["item"]
        if event["user"] == self._bot_user() or item.get("type") != "message":
            return nothing(body)
        return incoming(
            body,
            Kind.REACTION,
            item["channel"],
            await self._lookup(event["user"]),
            message=item["ts"],
            # "wave::skin-tone-3": the tone says nothing.
            text=str(event["reaction"]).partition("::")[0],
            does=event["type"].removeprefix("reaction_"),
        )

    async def _changed(self, body: Payload, event: Payload) -> Incoming:
        after, before = event["message"], event.get("previous_message") or {}
        if after.get("subtype") == "tombstone" and self._is_ours(before or after):
            return place(body, event["channel"], "deleted", after["ts"])
        if after.get("text") == before.get("text"):
            # Slack also tells of link previews and files that it has added by itself.
            return nothing(body)
        return await self._other(body, event, Kind.EDIT, after)

    async def _other(self, body: Payload, event: Payload, kind: Kind, said: Payload) -> Incoming:
        if said.get("bot_id") or not said.get("user") or said["user"] == self._bot_user():
            return nothing(body)
        person = await self._lookup(said["user"])
        text, mention = said.get("text") or "", f"<@{self._bot_user()}>"
        mentioned = text.lstrip().startswith(mention)
        return incoming(
            body,
            kind,
            event["channel"],
            person,
            message=said["ts"],
            thread=said.get("thread_ts") or "",
            text=await self.spoken(text.lstrip().removeprefix(mention) if mentioned else text),
            # What a mention says is behind its first word.
            does="mention" if mentioned else "",
            reply_to=_shared(said, event["channel"]),
            media=tuple(map(_file, said.get("files") or ())),
            at=_moment(said["ts"]),
        )

    async def _command(self, body: Payload) -> Incoming:
        person = await self._lookup(body["user_id"])
        return incoming(
            body,
            Kind.COMMAND,
            body["channel_id"],
            person,
            text=typed(body.get("text") or ""),
            channels=tuple(_NAMED_CHANNEL.findall(body.get("text") or "")),
            answer_to=body.get("response_url") or "",
            trigger=body.get("trigger_id") or "",
        )

    async def _press(self, body: Payload) -> Incoming:
        if (body.get("view") or {}).get("type") == "modal":
            return await self._look(body)
        action = body["actions"][0]
        does, value = _pressed(action)
        person = await self._lookup(body["user"]["id"])
        container = body.get("container") or {}
        message = body.get("message") or {}
        # A press in the Home tab has no channel: it is answered in the person's messages.
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or person.id
        return incoming(
            body,
            Kind.BUTTON,
            channel,
            person,
            message=message.get("ts") or container.get("message_ts") or "",
            thread=message.get("thread_ts") or "",
            home=(body.get("view") or {}).get("type") == "home",
            does=does,
            value=value,
            answer_to=body.get("response_url") or "",
            trigger=body.get("trigger_id") or "",
        )

    async def _look(self, body: Payload) -> Incoming:
        """Something was typed or chosen in a form that shows what comes of it."""
        filled = await self._form(body)
        view = str(body["view"]["id"])
        return replace(filled, kind=Kind.BUTTON, does=f"{filled.does}.look", view=view, trigger="")

    async def _form(self, body: Payload) -> Incoming:
        view = body["view"]
        person = await self._lookup(body["user"]["id"])
        metadata = json.loads(view.get("private_metadata") or "{}")
        fields = {
            name: clean(_filled(_first(elements)))
            for name, elements in (view.get("state") or {}).get("values", {}).items()
        }
        return incoming(
            body,
            Kind.FORM,
            metadata.get("channel") or person.id,
            person,
            does=view["callback_id"],
            value=metadata.get("value") or "",
            fields=fields,
            trigger=body.get("trigger_id") or "",
        )

    async def _shortcut(self, body: Payload) -> Incoming:
        person = await self._lookup(body["user"]["id"])
        message = body.get("message") or {}
        does = body["callback_id"]
        return incoming(
            body,
            Kind.SHORTCUT,
            (body.get("channel") or {}).get("id") or person.id,
            person,
            message=message.get("ts") or "",
            text=await self.spoken(message.get("text") or ""),
            does=does,
            answer_to=body.get("response_url") or "",
            trigger=body.get("trigger_id") or "",
        )

    async def spoken(self, text: str) -> str:
        """Slack's text as a person would read it: names instead of ids, links as they are."""
        for user, label in set(_USER.findall(text)):
            name = label or (await self._lookup(user)).name
            text = re.sub(rf"<@{user}(\|[^>]*)?>", lambda _, name=name: f"@{name}", text)  # type: ignore[misc]
        return with_emoji(typed(text))


def with_emoji(text: str) -> str:
    """Slack's `:truck:` as 🚚, since customers see no codes."""
    if text.count(":") < 2:
        return text
    import emoji

    return emoji.emojize(text, language="alias")


def typed(text: str) -> str:
    """Slack's text as it was typed, with mentions of people left alone."""
    text = _LINK.sub(_link, text)
    text = _CHANNEL.sub(r"#\1", text)
    text = _SPECIAL.sub(lambda found: f"@{found[2] or found[1]}", text)
    return clean(html.unescape(text)).strip()


def _link(found: re.Match[str]) -> str:
    address, label = found[1], found[2]
    plain = address.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (plain, address) or address.endswith(label):
        return label or plain
    return f"{label} ({plain})"


def _first(elements: Payload) -> Payload:
    """The one element of an input block."""
    return next(iter(elements.values()), None) or {}


def _filled(element: Payload) -> str | None:
    """What was typed into a field, or the values of what was chosen there, a line each."""
    if "selected_options" in element:
        return "\n".join(each["value"] for each in element["selected_options"] or ())
    chosen = element.get("selected_option")
    if chosen:
        return str(chosen["value"])
    found: str | None = element.get("selected_date") or element.get("value")
    return found


def _pressed(action: Payload) -> tuple[str, str]:
    """What a press does and with what; an option of a menu says both in its value."""
    if action.get("type") == "overflow":
        does, _, value = str(action["selected_option"]["value"]).partition("|")
        return does, value
    return _name(action["action_id"]), str(action.get("value") or "")


def _name(action_id: str) -> str:
    """The name without the numbers that tell the buttons of a message apart."""
    return re.sub(r"(:\d+)+$", "", action_id)


def _shared(event: Payload, channel: str) -> str:
    """The message of the same channel that was shared together with the words."""
    for attachment in event.get("attachments") or ():
        if attachment.get("is_share") and attachment.get("channel_id") == channel:
            return str(attachment.get("ts") or "")
    return ""


# What Telegram shows as a picture or a film; everything else is a document for it.
_KINDS = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "image/gif": "animation",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/x-m4a": "audio",
    "audio/m4a": "audio",
}


def _file(file: Payload) -> Media:
    mime = str(file.get("mimetype") or "application/octet-stream")
    kind = _KINDS.get(mime, "document")
    return Media(
        kind=kind,
        door=SLACK,
        file=str(file.get("url_private_download") or file.get("url_private") or ""),
        name=clean(str(file.get("name") or file.get("title") or "file"))[:128],
        mime=mime[:128],
        size=int(file.get("size") or 0),
    )


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def place(body: Payload, channel: str, does: str, message: str = "") -> Incoming:
    """Something happened to a channel, or to a message of ours there."""
    return incoming(body, Kind.PLACE, channel, NOBODY, does=does, message=message)


def nothing(body: Payload) -> Incoming:
    """What does not concern us."""
    return incoming(body, Kind.NOTHING, "", NOBODY)


def incoming(body: Payload, kind: Kind, chat: str, person: Person, **more: Any) -> Incoming:
    """An Incoming of this team."""
    return Incoming(SLACK, _team(body), kind, chat, person, **more)
