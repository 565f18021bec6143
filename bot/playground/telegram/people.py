"""People with a phone: what they write to the bot and what they see of it."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.telegram import files
from bot.playground.telegram.entities import found_in
from bot.playground.telegram.messages import Button, Message, Rows

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

MAX_TEXT = 4096
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
# Telegram shows "typing…" for five seconds, or until the message comes.
TYPING_SECONDS = 5.0


@dataclass(slots=True)
class Person:
    """Somebody with a private chat with the bot; `chat` is what both sides see there now."""

    cloud: "TelegramCloud"
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    phone: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    unread: int = 0
    alerts: list[str] = field(default_factory=list)
    keyboard: Rows | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    typing_until: float = 0.0
    version: int = 0

    def __repr__(self) -> str:
        return f"<Person {self.id} {self.first_name}>"

    @property
    def chat(self) -> list[Message]:
        """Everything in the chat, oldest first; what was deleted is gone."""
        return list(self.messages.values())

    @property
    def heard(self) -> list[str]:
        """Texts and captions from the bot as they read now, oldest first."""
        return [each.text for each in self.messages.values() if each.from_bot and each.text]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        for message in reversed(self.messages.values()):
            if message.from_bot:
                return message
        raise LookupError(f"{self.first_name} has heard nothing from the bot")

    @property
    def typing(self) -> bool:
        """Whether the person sees the bot typing."""
        return time.monotonic() < self.typing_until

    def as_user(self) -> dict[str, Any]:
        """The User object of the Bot API."""
        user = self._names()
        user["is_bot"] = False
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def as_chat(self) -> dict[str, Any]:
        """The Chat object of the Bot API: in a private chat it is the person again."""
        chat = self._names()
        chat["type"] = "private"
        return chat

    def _names(self) -> dict[str, Any]:
        names: dict[str, Any] = {"id": self.id, "first_name": self.first_name}
        if self.last_name:
            names["last_name"] = self.last_name
        if self.username:
            names["username"] = self.username
        return names

    def says(self, text: str, reply_to: int | None = None) -> Message:
        """Write a text; one that is too long goes in pieces, and the last piece is returned."""
        while len(text) > MAX_TEXT:
            self._writes(text=text[:MAX_TEXT], reply_to=reply_to)
            text = text[MAX_TEXT:]
        return self._writes(text=text, reply_to=reply_to)

    def starts(self, payload: str = "") -> Message:
        """Press Start, perhaps having come by a link with a payload."""
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload is up to 64 of A-Z a-z 0-9 _ -")
        return self.says(f"/start {payload}".strip())

    def sends_photo(
        self, data: bytes | None = None, caption: str | None = None, album: str | None = None
    ) -> Message:
        return self._sends_file("photo", data or files.sample_png(), caption, album=album)

    def sends_voice(self, data: bytes | None = None, caption: str | None = None) -> Message:
        return self._sends_file("voice", data or files.sample_ogg(), caption, duration=2)

    def sends_document(
        self,
        data: bytes | None = None,
        name: str = "offer.pdf",
        mime: str = "application/pdf",
        caption: str | None = None,
        album: str | None = None,
    ) -> Message:
        contents = files.SAMPLE_PDF if data is None else data
        return self._sends_file("document", contents, caption, name=name, mime=mime, album=album)

    def sends_video(
        self, data: bytes | None = None, caption: str | None = None, album: str | None = None
    ) -> Message:
        contents = data or files.SAMPLE_VIDEO
        return self._sends_file("video", contents, caption, album=album, duration=3)

    def sends_video_note(self, data: bytes | None = None) -> Message:
        return self._sends_file("video_note", data or files.SAMPLE_VIDEO, None, duration=3)

    def sends_animation(self, data: bytes | None = None, caption: str | None = None) -> Message:
        return self._sends_file("animation", data or files.SAMPLE_VIDEO, caption, duration=3)

    def sends_poll(self, question: str, *options: str) -> Message:
        choices = [
            {"text": each, "voter_count": 0, "persistent_id": str(number)}
            for number, each in enumerate(options)
        ]
        about = {
            "id": str(self.cloud.new_message_id()),
            "question": question,
            "options": choices,
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return self._writes(kind="poll", content={"poll": about})

    def sends_dice(self, value: int = 4) -> Message:
        return self._writes(kind="dice", content={"dice": {"emoji": "🎲", "value": value}})

    def passes_on(self, text: str, whose: str) -> Message:
        """Forward what somebody else wrote, who does not show their account."""
        origin = {
            "type": "hidden_user",
            "sender_user_name": whose,
            "date": self.cloud.timestamp(),
        }
        return self._writes(text=text, extra={"forward_origin": origin})

    def sends_sticker(self, emoji: str = "👍") -> Message:
        return self._sends_file("sticker", files.SAMPLE_STICKER, None, about={"emoji": emoji})

    def sends_location(self, latitude: float = 51.5074, longitude: float = -0.1278) -> Message:
        place = {"latitude": latitude, "longitude": longitude}
        return self._writes(kind="location", content={"location": place})

    def sends_contact(
        self, own: bool = True, phone: str = "", first_name: str = "Someone"
    ) -> Message:
        """Share one's own number, or (own=False) the card of somebody else."""
        contact: dict[str, Any] = {"phone_number": phone or "+447700900999"}
        if own:
            contact["phone_number"] = phone or self.phone
            contact |= {"first_name": self.first_name, "user_id": self.id}
            if self.last_name:
                contact["last_name"] = self.last_name
        else:
            contact["first_name"] = first_name
        return self._writes(kind="contact", content={"contact": contact})

    def edits(self, message_id: int, text: str) -> Message:
        """Change the text or the caption of one's own message."""
        message = self._message(message_id)
        if message.from_bot:
            raise ValueError("people edit their own messages only")
        message.text, message.entities = text, found_in(text)
        message.edited_at = self.cloud.now()
        self._tell("edited_message", self.as_told(message))
        return message

    def deletes(self, message_id: int) -> None:
        """Delete for both sides; Telegram never tells a bot."""
        del self.messages[self._message(message_id).id]
        self.cloud.changed(self)

    def presses(self, label_or_data: str, message_id: int | None = None) -> None:
        """Press a button by its words or data: under a message (the newest first) or a keyboard."""
        for message in self._newest_first(message_id):
            for button in (button for row in message.buttons for button in row):
                if label_or_data in (button.text, button.data):
                    return self._presses(button, message)
        for button in (button for row in self.keyboard or [] for button in row):
            if button.text == label_or_data:
                return self._types(button)
        seen = [message.labels for message in self.messages.values() if message.buttons]
        raise LookupError(f"no button {label_or_data!r}; the buttons are {seen}")

    def reacts(self, message_id: int, emoji: str | None) -> None:
        """Put an emoji on a message, or (None) take one's own away."""
        message = self._message(message_id)
        before, message.person_reactions = message.person_reactions, [emoji] if emoji else []
        self._tell(
            "message_reaction",
            {
                "chat": self.as_chat(),
                "message_id": message_id,
                "user": self.as_user(),
                "date": self.cloud.timestamp(),
                "old_reaction": [{"type": "emoji", "emoji": each} for each in before],
                "new_reaction": [
                    {"type": "emoji", "emoji": each} for each in message.person_reactions
                ],
            },
        )

    def blocks(self) -> None:
        """Block the bot, which is told by a my_chat_member update."""
        if not self.blocked:
            self.blocked = True
            self._tell_membership("member", "kicked")

    def unblocks(self) -> None:
        if self.blocked:
            self.blocked = False
            self._tell_membership("kicked", "member")

    def reads(self) -> None:
        """Look at the chat, so that nothing in it is unread."""
        if self.unread:
            self.unread = 0
            self.cloud.changed(self)

    def next_message_id(self) -> int:
        """The number that the next message in this chat gets."""
        return self.cloud.new_message_id()

    def as_told(self, message: Message) -> dict[str, Any]:
        """A message of this chat as the Bot API tells it."""
        sender = self.cloud.bot_user if message.from_bot else self.as_user()
        answered = self.messages.get(message.reply_to or 0)
        quoted = None
        if answered is not None:
            author = self.cloud.bot_user if answered.from_bot else self.as_user()
            quoted = answered.as_api(author, self.as_chat())
        return message.as_api(sender, self.as_chat(), quoted)

    def hears(self, message: Message) -> None:
        """Keep a message of the bot as this person's phone does."""
        self.messages[message.id] = message
        self.unread += 1
        self.typing_until = 0.0
        if message.keyboard is not None:
            self.keyboard = message.keyboard
        elif message.markup.removes_keyboard:
            self.keyboard = None
        self.cloud.changed(self)

    def as_page(self, base_url: str, last: int | None = None) -> dict[str, Any]:
        """What the page's contract promises about a person; `last` messages, None is all."""
        shown = self.chat if last is None else self.chat[-last:]
        return {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "blocked": self.blocked,
            "started": self.started,
            "unread": self.unread,
            "typing": self.typing,
            "alerts": self.alerts[-3:],
            "keyboard": self.keyboard
            and [[button.as_json() for button in row] for row in self.keyboard],
            "messages": [message.as_page(base_url) for message in shown],
        }

    def _newest_first(self, message_id: int | None) -> Iterator[Message]:
        if message_id is not None:
            yield self._message(message_id)
        else:
            yield from reversed(self.messages.values())

    def _message(self, message_id: int) -> Message:
        message = self.messages.get(message_id)
        if message is None:
            raise LookupError(f"there is no message {message_id} in {self.first_name}'s chat")
        return message

    def _presses(self, button: Button, message: Message) -> None:
        self.unread = 0
        if button.data is None:
            # An address opens in a browser; the bot never hears of it.
            return
        query = {
            "id": self.cloud.new_query(self),
            "from": self.as_user(),
            "message": self.as_told(message),
            "chat_instance": str(self.id * 7919),
            "data": button.data,
        }
        self._tell("callback_query", query)

    def _types(self, button: Button) -> None:
        if button.request == "contact":
            self.sends_contact(own=True)
        elif button.request == "location":
            self.sends_location()
        else:
            self.says(button.text)
        if any(m.keyboard is self.keyboard and m.markup.one_time for m in self.messages.values()):
            self.keyboard = None

    def _sends_file(
        self,
        kind: str,
        data: bytes,
        caption: str | None,
        name: str = "",
        mime: str = "",
        album: str | None = None,
        duration: int = 0,
        about: dict[str, Any] | None = None,
    ) -> Message:
        file = self.cloud.files.keep(kind, data, name, mime)
        file.duration = duration
        file.extra = about or {}
        content = {kind: file.photo_sizes() if kind == "photo" else file.as_json()}
        return self._writes(kind=kind, text=caption or "", content=content, file=file, album=album)

    def _writes(
        self,
        kind: str = "text",
        text: str = "",
        content: dict[str, Any] | None = None,
        file: files.File | None = None,
        reply_to: int | None = None,
        album: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Message:
        # The client of somebody who has blocked the bot offers only "Restart bot".
        self.unblocks()
        self.started = True
        self.unread = 0
        message = Message(
            id=self.next_message_id(),
            chat_id=self.id,
            from_bot=False,
            at=self.cloud.now(),
            kind=kind,
            text=text,
            entities=found_in(text),
            content=content or {},
            file=file,
            reply_to=reply_to,
            album=album,
            extra=extra or {},
        )
        self.messages[message.id] = message
        self._tell("message", self.as_told(message))
        return message

    def _tell_membership(self, before: str, after: str) -> None:
        bot = self.cloud.bot_user
        statuses: dict[str, dict[str, Any]] = {"member": {"status": "member", "user": bot}}
        statuses["kicked"] = {"status": "kicked", "user": bot, "until_date": 0}
        self._tell(
            "my_chat_member",
            {
                "chat": self.as_chat(),
                "from": self.as_user(),
                "date": self.cloud.timestamp(),
                "old_chat_member": statuses[before],
                "new_chat_member": statuses[after],
            },
        )

    def _tell(self, kind: str, payload: dict[str, Any]) -> None:
        self.cloud.updates.put(kind, payload, lane=self.id)
        self.cloud.changed(self)
