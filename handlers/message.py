"""The words shared by doors, handlers and jobs: what was said, and what we answer, as structure.

A reply never holds markup: each door renders these parts, so escaping happens in one place a
platform. `pack` and `unpack` turn a reply into JSON and back, for the way through the outbox.
"""

import re
from dataclasses import dataclass, field, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

LONGEST_TEXT = 40_000
LONGEST_NAME = 64

# Controls that turn the reading direction, hide themselves or make a name look like another.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u001f\u007f-\u009f]")
_UNSTORABLE = re.compile("[\u0000\ud800-\udfff]")


def clean(text: str | None) -> str:
    """Text that every database can hold: no NUL, no half characters, no more than 40,000."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", (text or "")[:LONGEST_TEXT])


def clean_name(text: str | None) -> str:
    """A name as people may see it: one line, 64 characters, nothing invisible."""
    text = (text or "")[: LONGEST_NAME * 4]
    # Nearly all names: in printable ASCII nothing is invisible, and nobody need look.
    ordinary = text.isascii() and text.isprintable()
    visible = text if ordinary else _INVISIBLE.sub("", _UNSTORABLE.sub("", text))
    return " ".join(visible.split())[:LONGEST_NAME]


# What we answer

Span = tuple[str, str]
Words = tuple[Span, ...]

PLAIN, BOLD, ITALIC, CODE = "", "b", "i", "c"


def plain(text: str) -> Words:
    """Text exactly as it stands; nothing in it means anything."""
    return ((text, PLAIN),)


def flat(words: Words) -> str:
    """The text of words without their styles."""
    return "".join(text for text, _ in words)


class Look(StrEnum):
    """How a button presents itself."""

    NORMAL = ""
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True)
class Button:
    """Something to press: `does` names a handler, `value` says with what (a record's id)."""

    label: str
    does: str
    value: str = ""
    look: Look = Look.NORMAL
    # Asked before it counts; only for what leaves the house. `stay` is the way out of it.
    confirm: str = ""
    stay: str = ""
    # An address that it opens; then nothing comes back to us.
    url: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    words: Words


@dataclass(frozen=True)
class Heading:
    """A title."""

    text: str


@dataclass(frozen=True)
class Quote:
    """What somebody else said, set apart from our own words."""

    text: str


@dataclass(frozen=True)
class Hint:
    """Small print."""

    words: Words


@dataclass(frozen=True)
class Facts:
    """Labels with values, two in a row."""

    pairs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Buttons:
    """Things to press, in a row; `more` are behind a menu at its end, five at the most."""

    buttons: tuple[Button, ...]
    more: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Line:
    """One entry of a list, with a button of its own."""

    words: Words
    button: Button | None = None


@dataclass(frozen=True)
class Chart:
    """Numbers over categories: bars, one series a name."""

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True)
class Media:
    """A file: `file` is how its door calls it; the bytes are fetched when they are needed."""

    kind: str
    door: str = ""
    file: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    seconds: int = 0
    # For what has no file: a location, a contact, a sticker's emoji.
    detail: str = ""


@dataclass(frozen=True)
class Files:
    """Files that go with the message."""

    files: tuple[Media, ...]


@dataclass(frozen=True)
class ShareContact:
    """A button that shares the person's own phone, and one that does not; below the chat."""

    label: str
    no: str


@dataclass(frozen=True)
class AskWords:
    """The person's next words answer this message, as far as the platform can see to it."""

    hint: str


@dataclass(frozen=True)
class KeyboardAway:
    """The buttons below the chat go away again."""


@dataclass(frozen=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False
    long: bool = False
    # A choice of these: each with its value and the words for it. `value` is the one chosen first.
    options: tuple[tuple[str, str], ...] = ()
    # What is typed here is told at once, so that the form can show what comes of it.
    live: bool = False
    # Several of the options may be chosen: `value` and what comes back are those, a line each.
    several: bool = False
    # What is typed into it: "number", "date" (2026-11-18), "link"; anything when it is empty.
    kind: str = ""


@dataclass(frozen=True)
class Form:
    """Several values asked at once: a modal in Slack."""

    does: str
    title: str
    submit: str
    cancel: str
    fields: tuple[Field, ...]
    value: str = ""
    # Shown below the fields: what comes of them.
    shown: tuple["Part", ...] = ()


Part = (
    Text
    | Heading
    | Quote
    | Hint
    | Facts
    | Buttons
    | Line
    | Chart
    | Files
    | ShareContact
    | AskWords
    | KeyboardAway
)


@dataclass(frozen=True)
class Reply:
    """What we answer."""

    parts: tuple[Part, ...] = ()
    # Shown to everybody in the chat, not only to who asked.
    for_all: bool = False
    # Takes the place of the message whose button was pressed.
    instead: bool = False
    form: Form | None = None
    # For a form that was filled in wrongly: what is wrong, by field.
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first words of it: for notifications, and where nothing but text is possible."""
        for part in self.parts:
            match part:
                case Text(words) | Line(words) | Hint(words):
                    return flat(words)
                case Heading(text) | Quote(text):
                    return text
        return ""


_PARTS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(Text, Heading, Quote, Hint, Facts, Buttons, Line, Chart, Files),
        *(ShareContact, AskWords, KeyboardAway),
    )
}


def pack(reply: Reply) -> list[Any]:
    """The parts of a reply as JSON."""
    return [_packed_part(part) for part in reply.parts]


def _packed_part(part: Part) -> list[Any]:
    # Plain words are most of what is ever said.
    if type(part) is Text:
        return ["Text", {"words": [list(span) for span in part.words]}]
    packed = _packed_buttons(part) if type(part) is Buttons else _packed(part)
    return [type(part).__name__, packed]


@lru_cache(maxsize=256)
def _packed_buttons(buttons: Buttons) -> Any:
    """The same stand below every message of a campaign, and below most cards."""
    return _packed(buttons)


def _packed(thing: Any) -> Any:
    if isinstance(thing, str):
        return thing
    if isinstance(thing, tuple):
        return [_packed(each) for each in thing]
    if is_dataclass(thing):
        # What these hold is their fields; asking `fields` for them takes three times as long.
        return {name: _packed(value) for name, value in vars(thing).items()}
    return thing


def unpack(packed: list[Any]) -> Reply:
    """The reply that `pack` packed."""
    return Reply(tuple(_unpacked(kind, content) for kind, content in packed))


def _unpacked(kind: str, content: dict[str, Any]) -> Any:
    match kind:
        case "Text" | "Hint":
            return _PARTS[kind](_words(content["words"]))
        case "Facts":
            return Facts(tuple((label, _words(words)) for label, words in content["pairs"]))
        case "Buttons":
            rows = (content["buttons"], content.get("more", ()))
            return Buttons(*(tuple(_button(each) for each in row) for row in rows))
        case "Line":
            button = content["button"]
            return Line(_words(content["words"]), _button(button) if button else None)
        case "Chart":
            series = tuple((name, tuple(values)) for name, values in content["series"])
            return Chart(content["title"], tuple(content["categories"]), series)
        case "Files":
            return Files(tuple(Media(**each) for each in content["files"]))
        case _:
            return _PARTS[kind](**content)


def _button(packed: dict[str, Any]) -> Button:
    return Button(**packed | {"look": Look(packed["look"])})


def _words(packed: list[list[str]]) -> Words:
    return tuple((text, style) for text, style in packed)


# What was said


class Kind(StrEnum):
    """What happened in a chat."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETE = "delete"
    COMMAND = "command"
    MENTION = "mention"
    BUTTON = "button"
    FORM = "form"
    SHORTCUT = "shortcut"
    # An emoji put on a message (`does` is "added") or taken off it; `text` is which one. Where the
    # platform tells both at once, `text` are those put on it and `value` those taken off.
    REACTION = "reaction"
    HOME = "home"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    # We were put into a group; a group has another name from now on (`value`).
    GROUP = "group"
    MIGRATED = "migrated"
    # A message of ours or a channel of the team's: `does` is "deleted", "open", or why it is shut.
    PLACE = "place"
    # A member is no longer of the workspace.
    LEFT = "left"
    # Somebody shared a link to a record: `text` is the link, `value` the ticket's number.
    LINK = "link"
    # Somebody's own account was connected to us: `does` is "reply", "listen" or "ended".
    CONNECTION = "connection"
    # The owner of such an account wrote there by hand; `does` is "edited", "by itself" or nothing.
    OWNER = "owner"
    # Nothing that concerns us: an event type that we do not know, our own message come back.
    NOTHING = "nothing"


@dataclass(frozen=True)
class Person:
    """Who said it, as the platform knows them."""

    id: str
    name: str
    first_name: str = ""
    username: str = ""
    language: str = ""
    zone: str = ""
    email: str = ""
    # Staff of the workspace: no guest, no outsider of a shared channel, no bot.
    belongs: bool = False
    # The platform itself calls them an administrator.
    administers: bool = False
    # Our settings name them as one.
    appointed: bool = False


@dataclass(frozen=True)
class Ours:
    """A message of ours that somebody replies to, as the platform shows it to us."""

    text: str = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """What somebody said, whichever platform it came from."""

    door: str
    account: str
    kind: Kind
    chat: str
    person: Person
    # When it was said, by the platform's clock; None for what has no time of its own.
    at: datetime | None = None
    # The platform's name for the message; with the chat it is unique.
    message: str = ""
    text: str = ""
    media: tuple[Media, ...] = ()
    thread: str = ""
    reply_to: str = ""
    # The words that were marked in the message that this one replies to.
    quote: str = ""
    # That message itself, where it is one of ours and the platform shows it.
    replied: Ours | None = None
    # Who said it first, when it was passed on.
    forwarded_from: str = ""
    album: str = ""
    # A command's parameter of /start, a button's or form's handler and value.
    does: str = ""
    value: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    # What the door needs to answer: a response URL, a trigger, a callback query.
    answer_to: str = ""
    trigger: str = ""
    # The form that stands open, where a press or a choice in it is told.
    view: str = ""
    # The channels that a line names, as the platform calls them, each with how people call it.
    channels: tuple[tuple[str, str], ...] = ()
    # Whether the chat is just the person and us.
    private: bool = False
    # Somebody's own account to which it was said, as the platform calls its connection to us.
    connection: str = ""
    # Whether it was pressed on the person's own page, where no message stands to be replaced.
    home: bool = False

    @property
    def origin(self) -> str:
        """The one name of this message among all platforms."""
        return f"{self.door}:{self.account}:{self.chat}:{self.message}"
