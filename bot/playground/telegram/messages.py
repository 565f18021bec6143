"""A message in somebody's chat: as the Bot API tells it and as the page draws it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.playground.telegram.entities import Entity
from bot.playground.telegram.files import File


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message (`data` or `url`) or on the reply keyboard (`request` or none)."""

    text: str
    data: str | None = None
    url: str | None = None
    request: str | None = None
    style: str | None = None

    def as_json(self) -> dict[str, str]:
        facts = {
            "text": self.text,
            "data": self.data,
            "url": self.url,
            "request": self.request,
            "style": self.style,
        }
        return {name: value for name, value in facts.items() if value is not None}


Rows = list[list[Button]]


@dataclass(frozen=True, slots=True)
class Media:
    """What the page needs to draw a message that is more than text."""

    url: str
    name: str
    mime: str
    size: int
    width: int
    height: int
    duration: int

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, eq=False)
class Markup:
    """The keyboard of a message: the object as it was sent, and its buttons."""

    raw: dict[str, Any]
    buttons: Rows = field(default_factory=list)
    keyboard: Rows | None = None
    removes_keyboard: bool = False
    one_time: bool = False


NO_MARKUP = Markup({})


@dataclass(slots=True)
class Message:
    """One message; `text` is the text or the caption, `content` what else the Bot API tells."""

    id: int
    chat_id: int
    from_bot: bool
    at: datetime
    kind: str = "text"
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    file: File | None = None
    reply_to: int | None = None
    album: str | None = None
    edited_at: datetime | None = None
    markup: Markup = NO_MARKUP
    silent: bool = False
    protected: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    bot_reactions: list[str] = field(default_factory=list)
    person_reactions: list[str] = field(default_factory=list)

    @property
    def edited(self) -> bool:
        return self.edited_at is not None

    @property
    def buttons(self) -> Rows:
        return self.markup.buttons

    @property
    def keyboard(self) -> Rows | None:
        return self.markup.keyboard

    @property
    def reactions(self) -> list[str]:
        return self.bot_reactions + self.person_reactions

    @property
    def labels(self) -> list[str]:
        """The words on the buttons under this message, row by row."""
        return [button.text for row in self.buttons for button in row]

    def as_api(
        self, sender: dict[str, Any], chat: dict[str, Any], answered: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The Message object of the Bot API."""
        told: dict[str, Any] = {
            "message_id": self.id,
            "from": sender,
            "chat": chat,
            "date": int(self.at.timestamp()),
        }
        if self.edited_at is not None:
            told["edit_date"] = int(self.edited_at.timestamp())
        if self.album is not None:
            told["media_group_id"] = self.album
        if answered is not None:
            told["reply_to_message"] = answered
        told.update(self.content)
        if self.kind == "text":
            told["text"] = self.text
            if self.entities:
                told["entities"] = self.entities
        elif self.text:
            told["caption"] = self.text
            if self.entities:
                told["caption_entities"] = self.entities
        if self.buttons:
            told["reply_markup"] = self.markup.raw
        if self.protected:
            told["has_protected_content"] = True
        told.update(self.extra)
        return told

    def media(self, base_url: str) -> Media | None:
        if self.file is None:
            return None
        file = self.file
        return Media(
            url=f"{base_url}/media/{file.unique_id}",
            name=file.name,
            mime=file.mime,
            size=len(file.data),
            width=file.width,
            height=file.height,
            duration=file.duration,
        )

    def as_page(self, base_url: str) -> dict[str, Any]:
        """What the page's contract promises about a message."""
        media = self.media(base_url)
        keyboard = self.keyboard
        return {
            "id": self.id,
            "from": "bot" if self.from_bot else "person",
            "at": self.at.isoformat(),
            "kind": self.kind,
            "text": self.text,
            "entities": self.entities,
            "media": media.as_json() if media else None,
            "location": self.content.get("location"),
            "contact": self.content.get("contact"),
            "emoji": self.content.get("sticker", {}).get("emoji"),
            "reply_to": self.reply_to,
            "edited": self.edited,
            "album": self.album,
            "buttons": [[button.as_json() for button in row] for row in self.buttons],
            "keyboard": keyboard and [[button.as_json() for button in row] for row in keyboard],
            "reactions": self.reactions,
        }
