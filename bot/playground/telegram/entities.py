"""Formatted text: Telegram's HTML, its complaints, and the entities that clients draw."""

import re
from collections.abc import Callable
from typing import Any

from bot.playground.telegram.answers import bad_request

Entity = dict[str, Any]

# Telegram silently drops what comes after the hundredth entity.
MAX_ENTITIES = 100

_PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TAGS = {*_PLAIN_TAGS, "a", "span", "tg-emoji"}
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9a-fA-F]{1,7})|(lt|gt|amp|quot));?")
_ATTRIBUTE = re.compile(r"""\s*([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_MARKUP = re.compile(r"[<&]")

_FOUND = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?')\]]"
    r"|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|dev|app|cn|de|uk)\b(?:/[^\s<>\"]*)?)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bot_command>(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?\b)"
    r"|(?P<mention>(?<![\w@])@[a-zA-Z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#(?!\d+\b)\w{1,256})"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d ()-]{6,16}\d\b)",
    re.IGNORECASE,
)
# Only a text with one of these characters can hold something that Telegram finds by itself.
_MAY_HOLD = re.compile(r"[/@#+.]")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def units_before(text: str) -> Callable[[int], int]:
    """A function from a position in the string to an offset in UTF-16 code units."""
    if text.isascii() or max(text) <= "\uffff":
        return lambda position: position
    return lambda position: utf16_length(text[:position])


def formatted(text: str, parse_mode: str, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """The text as people see it and its entities, or Telegram's refusal.

    Speaks HTML only: Rapport never sends Markdown, so a Markdown message here is a mistake.
    """
    if not parse_mode:
        spans = _checked(text, given or [])
    elif parse_mode.lower() == "html":
        text, spans = parse_html(text)
    else:
        raise bad_request("unsupported parse_mode")
    text, spans = _trimmed(text, spans)
    found = found_in(text)
    if not spans:
        return text, found[:MAX_ENTITIES]
    spans += [each for each in found if not any(_overlaps(each, span) for span in spans)]
    spans.sort(key=lambda span: (span["offset"], -span["length"]))
    return text, spans[:MAX_ENTITIES]


def found_in(text: str) -> list[Entity]:
    """Links, commands, mentions, hashtags, addresses and phone numbers found without markup."""
    if not _MAY_HOLD.search(text) and "www." not in text:
        return []
    unit = units_before(text)
    return [
        {
            "type": match.lastgroup,
            "offset": unit(match.start()),
            "length": unit(match.end()) - unit(match.start()),
        }
        for match in _FOUND.finditer(text)
    ]


def _overlaps(one: Entity, other: Entity) -> bool:
    # Bold may lie around a link; what Telegram must not do is find a link inside code or a link.
    if other["type"] not in ("code", "pre", "text_link", "text_mention", "url", "custom_emoji"):
        return False
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def _checked(text: str, given: list[Any]) -> list[Entity]:
    length = utf16_length(text)
    for entity in given:
        if not isinstance(entity, dict) or not isinstance(entity.get("offset"), int):
            raise bad_request("can't parse entities: expected an Object")
        if (
            not isinstance(entity.get("length"), int)
            or entity["offset"] + entity["length"] > length
        ):
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the "
                "text"
            )
    return [dict(entity) for entity in given if entity["length"] > 0]


def _trimmed(text: str, spans: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram strips white space around a text and moves the entities along."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, spans
    cut = len(text) - len(text.lstrip())
    length = utf16_length(stripped)
    kept = []
    for span in spans:
        start = max(0, span["offset"] - cut)
        end = min(length, span["offset"] + span["length"] - cut)
        if end > start:
            kept.append({**span, "offset": start, "length": end - start})
    return stripped, kept


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of Telegram's HTML; offsets in complaints are bytes, as the real ones."""
    if not _MARKUP.search(source):
        return source, []
    return _Html(source).parse()


class _Html:
    """One pass over the source: `parts` is the text so far, `units` its length in UTF-16."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.units = 0
        self.open: list[tuple[str, int, Entity | None]] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        at = 0
        while match := _MARKUP.search(self.source, at):
            self._write(self.source[at : match.start()])
            at = self._tag(match.start()) if match[0] == "<" else self._reference(match.start())
        self._write(self.source[at:])
        if self.open:
            name = self.open[-1][0]
            raise self._complaint(f'Can\'t find end tag corresponding to start tag "{name}"')
        self.entities.sort(key=lambda span: (span["offset"], -span["length"]))
        return "".join(self.parts), self.entities

    def _write(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.units += utf16_length(text)

    def _reference(self, at: int) -> int:
        match = _REFERENCE.match(self.source, at)
        if match is None:
            self._write("&")
            return at + 1
        decimal, hexadecimal, name = match.groups()
        if name:
            self._write(_CHARACTERS[name])
        else:
            code = int(decimal) if decimal else int(hexadecimal, 16)
            valid = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
            self._write(chr(code) if valid else match[0])
        return match.end()

    def _tag(self, at: int) -> int:
        end = self.source.find(">", at)
        closing = self.source.startswith("</", at)
        inner = self.source[at + 1 + closing : end if end >= 0 else len(self.source)]
        name = re.split(r"[\s>]", inner, maxsplit=1)[0].lower()
        if closing:
            self._close(name, at, complete=end >= 0)
        else:
            if name not in _TAGS:
                raise self._complaint(f'Unsupported start tag "{name}" at byte offset', at)
            if end < 0:
                raise self._complaint("Unclosed start tag at byte offset", at)
            self.open.append((name, self.units, self._entity(name, inner[len(name) :], at)))
        return end + 1

    def _close(self, name: str, at: int, *, complete: bool) -> None:
        if not complete:
            raise self._complaint("Unclosed end tag at byte offset", at)
        if not self.open:
            raise self._complaint("Unexpected end tag at byte offset", at)
        opened, start, entity = self.open.pop()
        if name and name != opened:
            raise self._complaint(
                f'Unmatched end tag at byte offset {self._bytes(at)}, expected "</{opened}>", '
                f'found "</{name}>"'
            )
        if entity is None or self.units == start:
            return
        span = {"type": entity["type"], "offset": start, "length": self.units - start}
        self.entities.append({**span, **entity})
        if entity["type"] == "pre":
            self._adopt_language(self.entities[-1])

    def _adopt_language(self, block: Entity) -> None:
        """`<pre><code class="language-x">` is one block with a language, not two entities."""
        for inner in self.entities[:-1]:
            if (
                inner["type"] == "code"
                and inner["offset"] == block["offset"]
                and inner["length"] == block["length"]
            ):
                self.entities.remove(inner)
                if "language" in inner:
                    block["language"] = inner["language"]
                return

    def _entity(self, name: str, rest: str, at: int) -> Entity | None:
        attributes = {
            match[1].lower(): _unescaped(match[2] or match[3] or match[4] or "")
            for match in _ATTRIBUTE.finditer(rest)
        }
        if name == "a":
            url = attributes.get("href", "")
            # Telegram draws a link without an address as plain text.
            return {"type": "text_link", "url": url} if url else None
        if name == "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
        if name == "span":
            if attributes.get("class") != "tg-spoiler":
                raise self._complaint('Tag "span" must have class "tg-spoiler" at byte offset', at)
            return {"type": "spoiler"}
        if name == "blockquote" and "expandable" in attributes:
            return {"type": "expandable_blockquote"}
        language = attributes.get("class", "")
        if name == "code" and language.startswith("language-"):
            return {"type": "code", "language": language.removeprefix("language-")}
        return {"type": _PLAIN_TAGS[name]}

    def _complaint(self, why: str, at: int | None = None) -> Exception:
        where = "" if at is None else f" {self._bytes(at)}"
        return bad_request(f"can't parse entities: {why}{where}")

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))


def _unescaped(value: str) -> str:
    if "&" not in value:
        return value
    return _REFERENCE.sub(
        lambda match: _CHARACTERS[match[3]] if match[3] else match[0],
        value,
    )
