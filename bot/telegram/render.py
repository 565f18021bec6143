"""A reply as Telegram shows it: HTML and buttons. The only place where text is escaped for it."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from handlers.message import (
    BOLD,
    CODE,
    ITALIC,
    AskWords,
    Button,
    Buttons,
    Chart,
    Facts,
    Files,
    Heading,
    Hint,
    KeyboardAway,
    Line,
    Media,
    Quote,
    Reply,
    ShareContact,
    Text,
    Words,
    flat,
)

LONGEST = 4096
LONGEST_DATA = 64
# Buttons whose words are shorter than this together stand beside each other.
ROW = 24
LONGEST_HINT = 64
# A campaign says the same below each of its messages.
KEYBOARDS = 256
Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
_TAGS = {BOLD: "b", ITALIC: "i", CODE: "code"}


@dataclass(frozen=True)
class Rendered:
    """What one message holds."""

    html: str
    plain: str
    buttons: tuple[Buttons, ...]
    below: Keyboard | None
    files: tuple[Media, ...]

    @property
    def keyboard(self) -> Keyboard | None:
        """What is below it: its buttons, else another keyboard."""
        return _inline(self.buttons) if self.buttons else self.below

    @property
    def markup(self) -> str | None:
        """The same as it goes to Telegram."""
        if self.buttons:
            return _markup(self.buttons)
        return self.below.to_json() if self.below else None


def render(reply: Reply, before: str = "") -> Rendered:
    """A reply as one message; `before` is a line that goes first."""
    html: list[str] = [escape(before, quote=False)] if before else []
    bare: list[str] = [before] if before else []
    pressed: list[Buttons] = []
    files: list[Media] = []
    below: Keyboard | None = None
    for part in reply.parts:
        match part:
            case Text(words) | Hint(words) | Line(words):
                html.append(_html(words))
                bare.append(flat(words))
            case Heading(text):
                html.append(_html(((text, BOLD),)))
                bare.append(text)
            case Quote(text):
                html.append(f"<blockquote>{escape(text, quote=False)}</blockquote>")
                bare.append(text)
            case Facts(pairs):
                html += [f"{escape(label)}: {_html(words)}" for label, words in pairs]
                bare += [f"{label}: {flat(words)}" for label, words in pairs]
            case Buttons(buttons, more) if buttons or more:
                pressed.append(part)
            case ShareContact() | AskWords() | KeyboardAway():
                below = _below(part)
            case Files(given):
                files += given
            case Chart(title):
                html.append(escape(title, quote=False))
                bare.append(title)
    return Rendered("\n".join(html), "\n".join(bare), tuple(pressed), below, tuple(files))


@lru_cache(maxsize=KEYBOARDS)
def _markup(groups: tuple[Buttons, ...]) -> str:
    """To take them apart anew for each message of a campaign costs as much as to send it."""
    return _inline(groups).to_json()


def _inline(groups: tuple[Buttons, ...]) -> InlineKeyboardMarkup:
    rows = [row for each in groups for row in _rows(each.buttons) + _rows(each.more)]
    return InlineKeyboardMarkup(rows)


def _rows(buttons: tuple[Button, ...]) -> list[list[InlineKeyboardButton]]:
    """Short ones beside each other, long ones below each other."""
    made = [
        InlineKeyboardButton(each.label, url=each.url)
        if each.url
        else InlineKeyboardButton(each.label, callback_data=data(each.does, each.value))
        for each in buttons
    ]
    # A Chinese character or an emoji is as wide as two letters.
    width = sum(1 + (letter > "\u2e80") for each in buttons for letter in each.label)
    if made and width <= ROW:
        return [made]
    return [[each] for each in made]


def _below(part: ShareContact | AskWords | KeyboardAway) -> Keyboard:
    match part:
        case ShareContact(label, no):
            keys = [[KeyboardButton(label, request_contact=True)], [KeyboardButton(no)]]
            return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
        case AskWords(hint):
            return ForceReply(input_field_placeholder=hint[:LONGEST_HINT] or None)
    return ReplyKeyboardRemove()


def data(does: str, value: str) -> str:
    """What a button sends back: at the most 64 bytes."""
    joined = f"{does}|{value}" if value else does
    if len(joined.encode()) > LONGEST_DATA:
        raise ValueError(f"the button {does} carries more than {LONGEST_DATA} bytes")
    return joined


def _html(words: Words) -> str:
    pieces = []
    for text, style in words:
        safe = escape(text, quote=False)
        tag = _TAGS.get(style)
        pieces.append(f"<{tag}>{safe}</{tag}>" if tag and text.strip() else safe)
    return "".join(pieces)
