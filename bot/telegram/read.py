"""A Telegram update becomes an Incoming, and a row of the inbox before that."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from telegram import (
    Bot,
    BusinessConnection,
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionType,
    ReactionTypeEmoji,
    Update,
    User,
)
from telegram.error import TelegramError

from bot.inbox import Unreadable
from handlers.message import Incoming, Kind, Media, Ours, Person, clean, clean_name
from storage.records import InboxRow

TELEGRAM = "telegram"
NOBODY = Person(id="", name="")

# What we ask Telegram for; everything else it need not send.
WANTED = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
    # Of the accounts of people who let the bot answer for them.
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
)


# Made once: `json.dumps` makes such a thing for every call that asks for separators.
_AS_JSON = json.JSONEncoder(separators=(",", ":")).encode


def row(raw: Any, bot_id: str, owner: str, now: datetime) -> InboxRow:
    """What is kept of an update: all of it, readable or not."""
    content = _AS_JSON(raw)
    return InboxRow(
        door=TELEGRAM,
        event_key=_event_key(raw, content, bot_id)[:160],
        chat_key=_chat_key(raw, bot_id)[:96],
        raw=content.encode(),
        owner=owner,
        received_at=now,
    )


def _event_key(raw: Any, content: str, bot_id: str) -> str:
    """What a repeated delivery has in common with the first.

    After an idle week Telegram starts its update ids anew at random, so the id alone is not
    enough: what it is about is part of the key.
    """
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int):
        return f"telegram:{bot_id}:bad:{hashlib.sha256(content.encode()).hexdigest()[:32]}"
    about = _subject(raw)
    message = about.get("message_id") or about.get("id") or about.get("message_ids") or ""
    when = about.get("edit_date") or about.get("date") or ""
    return f"telegram:{bot_id}:{update_id}:{message}:{when}"


def _subject(raw: dict[str, Any]) -> dict[str, Any]:
    for name in WANTED:
        about = raw.get(name)
        if isinstance(about, dict):
            return about
    return {}


def _chat_key(raw: Any, bot_id: str) -> str:
    about = _subject(raw) if isinstance(raw, dict) else {}
    message = about.get("message") if isinstance(about.get("message"), dict) else about
    chat = message.get("chat") if isinstance(message, dict) else None
    person = about.get("from") or about.get("user")
    for holder in (chat, person):
        if isinstance(holder, dict) and isinstance(holder.get("id"), int):
            return f"telegram:{bot_id}:{holder['id']}"
    return f"telegram:{bot_id}:?"


def parse(raw: bytes, bot: Bot) -> Update:
    """The library's object. Raises Unreadable when the library cannot make one of it."""
    try:
        update: Any = Update.de_json(json.loads(raw.decode()), bot)
    except (
        TelegramError,
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
        OverflowError,
        OSError,
    ) as bad:
        raise Unreadable(f"not an update ({type(bad).__name__})") from bad
    if not isinstance(update, Update) or not isinstance(update.update_id, int):
        raise Unreadable("not an update")
    return update


def understand(update: Update, account: str) -> Incoming:
    """What an update says, in our words."""
    if update.message is not None:
        return _message(update.message, account, Kind.MESSAGE)
    if update.edited_message is not None:
        return _message(update.edited_message, account, Kind.EDIT)
    if update.callback_query is not None:
        query = update.callback_query
        does, _, value = (query.data or "").partition("|")
        message = query.message
        return Incoming(
            TELEGRAM,
            account,
            Kind.BUTTON,
            str(message.chat.id if message else query.from_user.id),
            _person(query.from_user),
            message=str(message.message_id) if message else "",
            does=clean(does),
            value=clean(value),
            answer_to=query.id,
            private=True,
        )
    if update.message_reaction is not None:
        return _reaction(update.message_reaction, account)
    if update.my_chat_member is not None:
        change = update.my_chat_member
        blocked = change.new_chat_member.status in ("kicked", "left")
        kind = Kind.BLOCKED if blocked else Kind.UNBLOCKED
        if change.chat.type != "private":
            kind = _of_group(change)
        return Incoming(TELEGRAM, account, kind, str(change.chat.id), _person(change.from_user))
    return _of_business(update, account) or Incoming(TELEGRAM, account, Kind.NOTHING, "", NOBODY)


# Of somebody's own account


def announced(raw: Any) -> str:
    """The connection that an update tells of; "" for nearly all of them."""
    about = raw.get("business_connection") if isinstance(raw, dict) else None
    return str(about.get("id") or "")[:255] if isinstance(about, dict) else ""


def connection_in(update: Update) -> str:
    """The connection of the account in which something was said; "" for everything else."""
    told = (
        update.business_message
        or update.edited_business_message
        or update.deleted_business_messages
    )
    return (told.business_connection_id or "") if told is not None else ""


def _of_business(update: Update, account: str) -> Incoming | None:
    if update.business_connection is not None:
        return connection(update.business_connection, account)
    if update.business_message is not None:
        return _in_account(update.business_message, account, Kind.MESSAGE)
    if update.edited_business_message is not None:
        return _in_account(update.edited_business_message, account, Kind.EDIT)
    gone = update.deleted_business_messages
    if gone is None:
        return None
    return Incoming(
        TELEGRAM,
        account,
        Kind.DELETE if gone.business_connection_id else Kind.NOTHING,
        str(gone.chat.id),
        NOBODY,
        value=" ".join(map(str, gone.message_ids)),
        connection=clean(gone.business_connection_id)[:255],
    )


def connection(told: BusinessConnection, account: str) -> Incoming:
    """What Telegram says of a connection, asked or by itself."""
    rights = told.rights
    # Before rights were told one by one there was only this one.
    old: Any = told.api_kwargs.get("can_reply")
    replies = bool(rights.can_reply) if rights is not None else bool(old)
    does = "reply" if replies else "listen"
    return Incoming(
        TELEGRAM,
        account,
        Kind.CONNECTION,
        str(told.user_chat_id),
        _person(told.user),
        at=told.date,
        does=does if told.is_enabled else "ended",
        connection=clean(told.id)[:255],
    )


def _in_account(message: Message, account: str, kind: Kind) -> Incoming:
    """What a customer says to the account, or its owner by hand; not what we said there."""
    said = _message(message, account, kind)
    sender, own = message.from_user, message.sender_business_bot
    name = clean(message.business_connection_id)[:255]
    if not name or (own is not None and str(own.id) == account):
        return Incoming(TELEGRAM, account, Kind.NOTHING, "", NOBODY)
    if said.kind is kind and sender is not None and sender.id != message.chat.id:
        edited = "edited" if kind is Kind.EDIT else ""
        by_itself = own is not None or bool(message.is_from_offline)
        does = edited or ("by itself" if by_itself else "")
        return replace(said, kind=Kind.OWNER, connection=name, does=does, value="")
    return replace(said, connection=name, does="", value="")


def _of_group(change: ChatMemberUpdated) -> Kind:
    """We were put into a group; that our rights in one change, or that we leave, is nothing new."""
    inside = ("member", "administrator")
    new = change.new_chat_member.status in inside and change.old_chat_member.status not in inside
    return Kind.GROUP if new and change.chat.type in ("group", "supergroup") else Kind.NOTHING


def _reaction(change: MessageReactionUpdated, account: str) -> Incoming:
    # In a group, or without a name, it is nobody's whom we know.
    private = change.chat.type == "private" and change.user is not None
    before, after = _emoji(change.old_reaction), _emoji(change.new_reaction)
    return Incoming(
        TELEGRAM,
        account,
        Kind.REACTION if private else Kind.NOTHING,
        str(change.chat.id),
        _person(change.user) if change.user else NOBODY,
        at=change.date,
        message=str(change.message_id),
        text=" ".join(each for each in after if each not in before),
        value=" ".join(each for each in before if each not in after),
        private=private,
    )


def _emoji(reactions: Iterable[ReactionType]) -> list[str]:
    """Those that are emoji; a custom one has only a number, and counts as a star."""
    return [
        clean(each.emoji).replace("\ufe0f", "") if isinstance(each, ReactionTypeEmoji) else "⭐"
        for each in reactions
    ]


# What Telegram itself says in a chat: nobody has spoken.
_SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
    "boost_added",
    "proximity_alert_triggered",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "new_chat_members",
    "left_chat_member",
)


def _is_service(message: Message) -> bool:
    if message.text or message.caption:
        return False
    return any(getattr(message, name, None) for name in _SERVICE)


def _message(message: Message, account: str, kind: Kind) -> Incoming:
    # Groups are not conversations with one customer.
    private = message.chat.type == "private" and message.from_user is not None
    if message.migrate_to_chat_id is not None:
        chat, new = str(message.chat.id), str(message.migrate_to_chat_id)
        return Incoming(TELEGRAM, account, Kind.MIGRATED, chat, NOBODY, value=new)
    if _is_service(message):
        private = False
    text = clean(message.text or message.caption or "")
    does, value = _command(text) if kind is Kind.MESSAGE else ("", "")
    reply = message.reply_to_message
    return Incoming(
        TELEGRAM,
        account,
        kind if private else Kind.NOTHING,
        str(message.chat.id),
        _person(message.from_user) if message.from_user else NOBODY,
        at=message.date,
        message=str(message.message_id),
        text=text,
        media=_media(message),
        reply_to=str(reply.message_id) if reply else "",
        replied=_ours(reply, account) if reply else None,
        quote=clean(message.quote.text) if message.quote and message.quote.is_manual else "",
        forwarded_from=_forwarded_from(message),
        album=message.media_group_id or "",
        does=does,
        value=value,
        private=private,
    )


def _ours(message: Message, account: str) -> Ours | None:
    sender = message.sender_business_bot or message.from_user
    if sender is None or str(sender.id) != account:
        return None
    return Ours(clean(message.text or message.caption or ""), _media(message))


def _forwarded_from(message: Message) -> str:
    origin: Any = message.forward_origin
    if origin is None:
        return ""
    sender: Any = getattr(origin, "sender_user", None)
    if sender is not None:
        return clean_name(full_name(sender.first_name, sender.last_name)) or "?"
    chat: Any = getattr(origin, "sender_chat", None) or getattr(origin, "chat", None)
    name = getattr(origin, "sender_user_name", None) or getattr(chat, "title", None)
    return clean_name(name) or "?"


def _command(text: str) -> tuple[str, str]:
    if not text.startswith("/"):
        return "", ""
    word, _, rest = text[1:].partition(" ")
    return word.partition("@")[0].casefold(), rest.strip()


def _person(user: User) -> Person:
    return _named(user.id, user.first_name, user.last_name, user.username, user.language_code)


# Who writes, writes again.
@lru_cache(maxsize=4096)
def _named(
    id: int, first: str, last: str | None, username: str | None, language: str | None
) -> Person:
    return Person(
        id=str(id),
        name=clean_name(full_name(first, last)),
        first_name=clean_name(first),
        username=clean_name(username),
        language=language or "",
    )


def full_name(first: str, last: str | None) -> str:
    """A person's whole name; a Chinese one begins with the family's and has no space."""
    if last and re.fullmatch(r"[\u3400-\u9fff]+", first + last):
        return last + first
    return f"{first} {last or ''}".strip()


def _media(message: Message) -> tuple[Media, ...]:
    if message.text:
        return ()
    found = _file(message) or _thing(message)
    return (found,) if found else ()


def _file(message: Message) -> Media | None:
    if message.photo:
        largest = message.photo[-1]
        return Media(
            "photo", TELEGRAM, largest.file_id, size=largest.file_size or 0, mime="image/jpeg"
        )
    for kind in ("voice", "video", "video_note", "animation", "audio", "document"):
        file: Any = getattr(message, kind)
        if file is None:
            continue
        length = getattr(file, "duration", 0) or 0
        return Media(
            kind,
            TELEGRAM,
            file.file_id,
            name=clean(getattr(file, "file_name", "") or "")[:128],
            mime=clean(getattr(file, "mime_type", "") or "")[:128],
            size=file.file_size or 0,
            seconds=int(length.total_seconds() if hasattr(length, "total_seconds") else length),
        )
    return None


def _thing(message: Message) -> Media | None:
    if message.sticker is not None:
        return Media("sticker", detail=clean(message.sticker.emoji or "🙂"))
    if message.venue is not None:
        spot, place = message.venue, message.venue.location
        where = f"{place.latitude:.5f}, {place.longitude:.5f}"
        return Media("location", detail=clean(f"{spot.title}, {spot.address} ({where})"))
    if message.location is not None:
        place = message.location
        return Media("location", detail=f"{place.latitude:.5f}, {place.longitude:.5f}")
    if message.contact is not None:
        whose = message.contact
        name = clean_name(" ".join(filter(None, (whose.first_name, whose.last_name))))
        owner = str(whose.user_id or "")
        return Media("contact", name=owner, detail=f"{name} {clean(whose.phone_number)}".strip())
    if message.poll is not None:
        options = " / ".join(option.text for option in message.poll.options)
        return Media("poll", detail=clean(f"{message.poll.question} {options}"))
    if message.dice is not None:
        return Media("dice", detail=clean(f"{message.dice.emoji} {message.dice.value}"))
    for kind in _UNKNOWN:
        if getattr(message, kind, None) is not None:
            return Media("other", detail=kind.replace("_", " "))
    return None


_UNKNOWN = (
    "game",
    "story",
    "invoice",
    "successful_payment",
    "paid_media",
    "giveaway",
    "giveaway_winners",
    "checklist",
    "gift",
    "users_shared",
    "chat_shared",
    "video_chat_started",
)
