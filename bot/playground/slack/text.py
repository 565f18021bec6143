"""How typed text becomes Slack's markup, and how a reader sees markup and blocks."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.playground.slack.wire import Json

NameOf = Callable[[str], str | None]

MENTION = re.compile(r"(?<![\w.@&])@([\w][\w.\-]*)")
CHANNEL = re.compile(r"(?<![\w&])#([\w][\w\-]*)")
LINK = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+)")
BROADCASTS = {"here", "channel", "everyone"}
MARKUP = re.compile(r"<([^<>]+)>")
LIVE = re.compile(r"<(?:[!@#][^<>]*|(?:https?|mailto|tel):[^<>]*)>")
STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, user_of: NameOf, channel_of: NameOf) -> str:
    """What Slack stores for a line that a person typed: escaped, with names and links marked up."""

    def mention(match: re.Match[str]) -> str:
        name = match[1].rstrip(".-")
        rest = match[1][len(name) :]
        if name in BROADCASTS:
            return f"<!{name}>{rest}"
        user = user_of(name)
        return f"<@{user}>{rest}" if user else match[0]

    def room(match: re.Match[str]) -> str:
        channel = channel_of(match[1])
        return f"<#{channel}|{match[1]}>" if channel else match[0]

    parts = LINK.split(escape(text))
    for index in range(0, len(parts), 2):
        parts[index] = CHANNEL.sub(room, MENTION.sub(mention, parts[index]))
    for index in range(1, len(parts), 2):
        parts[index] = f"<{parts[index]}>"
    return "".join(parts)


def read(mrkdwn: str, name_of: NameOf) -> str:
    """Markup as its reader sees it: names for ids, labels for links, no escapes and no stars."""

    def shown(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        kind, rest = target[0], target[1:]
        if kind == "@":
            return "@" + (name_of(rest) or label or rest)
        if kind == "#":
            return "#" + (label or name_of(rest) or rest)
        if kind == "!":
            return label or "@" + rest.partition("^")[0]
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    plain = STYLED.sub(r"\2", STYLED.sub(r"\2", mrkdwn))
    return html.unescape(MARKUP.sub(shown, plain)).replace("`", "")


def read_blocks(blocks: list[Json], name_of: NameOf) -> str:
    """Blocks as lines of text, with buttons in square brackets."""
    lines = (_read_block(block, name_of) for block in blocks)
    return "\n".join(line for line in lines if line)


def live_mentions(text: str, blocks: list[Json] | None) -> list[str]:
    """Markup that would notify somebody or make a link, wherever Slack would obey it."""
    found = LIVE.findall(text)
    for block in blocks or ():
        for node in _nodes(block):
            match node.get("type"):
                case "mrkdwn" | "markdown":
                    found += LIVE.findall(str(node.get("text", "")))
                case "user" | "usergroup" | "broadcast" | "channel" | "link":
                    found.append(_rich_mention(node))
    return found


def rich_text(markup: str) -> list[Json]:
    """The rich_text block that Slack's own composer makes of a person's message."""
    elements: list[Json] = []
    for index, part in enumerate(MARKUP.split(markup)):
        if index % 2:
            elements.append(_rich_element(part))
        elif part:
            elements.append({"type": "text", "text": html.unescape(part)})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def text_of(value: Any, name_of: NameOf) -> str:
    """The words of a text object or of a bare string."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    words = str(value.get("text", ""))
    return read(words, name_of) if value.get("type") == "mrkdwn" else words


def _nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _rich_mention(node: Json) -> str:
    match node["type"]:
        case "user":
            return f"<@{node.get('user_id')}>"
        case "usergroup":
            return f"<!subteam^{node.get('usergroup_id')}>"
        case "broadcast":
            return f"<!{node.get('range')}>"
        case "channel":
            return f"<#{node.get('channel_id')}>"
        case _:
            return f"<{node.get('url')}>"


def _rich_element(part: str) -> Json:
    target, _, label = part.partition("|")
    match target[0]:
        case "@":
            return {"type": "user", "user_id": target[1:]}
        case "#":
            return {"type": "channel", "channel_id": target[1:]}
        case "!":
            return {"type": "broadcast", "range": target[1:]}
        case _:
            return {
                "type": "link",
                "url": html.unescape(target),
                **({"text": label} if label else {}),
            }


def _read_block(block: Json, name_of: NameOf) -> str:
    match block.get("type"):
        case "section":
            parts = [text_of(block.get("text"), name_of)]
            parts += [text_of(field, name_of) for field in block.get("fields") or ()]
            parts.append(_read_element(block.get("accessory"), name_of))
        case "actions" | "context" | "context_actions":
            parts = [" ".join(_read_element(e, name_of) for e in block.get("elements") or ())]
        case "input":
            parts = [text_of(block.get("label"), name_of), text_of(block.get("hint"), name_of)]
        case "image":
            parts = [text_of(block.get("title"), name_of) or str(block.get("alt_text", ""))]
        case "markdown":
            parts = [str(block.get("text", ""))]
        case "rich_text":
            parts = [_read_rich(element, name_of) for element in block.get("elements") or ()]
        case "table" | "data_table":
            parts = [_read_words(block.get("title"), name_of)]
            parts += [" | ".join(_read_words(c, name_of) for c in row) for row in _rows(block)]
        case "divider":
            parts = []
        case "header":
            parts = [text_of(block.get("text"), name_of)]
        case _:
            parts = [_read_words(block, name_of)]
    return "\n".join(part for part in parts if part)


def _rows(block: Json) -> list[list[Any]]:
    rows = block["rows"] if isinstance(block.get("rows"), list) else []
    head = [block["columns"]] if isinstance(block.get("columns"), list) else []
    return [
        list(row.values()) if isinstance(row, dict) else row
        for row in head + rows
        if isinstance(row, dict | list)
    ]


def _read_element(element: Any, name_of: NameOf) -> str:
    if not isinstance(element, dict):
        return ""
    match element.get("type"):
        case "button":
            return f"[{text_of(element.get('text'), name_of)}]"
        case "mrkdwn" | "plain_text":
            return text_of(element, name_of)
        case "image":
            return ""
        case _:
            chosen = element.get("initial_option") or element.get("placeholder") or {}
            words = text_of(chosen.get("text") if "text" in chosen else chosen, name_of)
            return f"[{words}]" if words else ""


def _read_rich(element: Any, name_of: NameOf) -> str:
    if not isinstance(element, dict):
        return ""
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "emoji":
            return f":{element.get('name')}:"
        case "link":
            return str(element.get("text") or element.get("url"))
        case "user" | "usergroup" | "broadcast" | "channel":
            return read(_rich_mention(element), name_of)
        case "rich_text_list":
            items = element.get("elements") or ()
            return "\n".join("• " + _read_rich(item, name_of) for item in items)
        case _:
            inner = element.get("elements")
            parts = inner if isinstance(inner, list) else []
            return "".join(_read_rich(part, name_of) for part in parts)


def _read_words(value: Any, name_of: NameOf) -> str:
    """Every word anywhere inside a structure: for blocks whose layout we need not know."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return " ".join(filter(None, (_read_words(inner, name_of) for inner in value)))
    match value.get("type"):
        case "rich_text":
            return _read_rich(value, name_of)
        case "mrkdwn" | "plain_text" | "raw_text":
            return text_of(value, name_of)
        case "button":
            return _read_element(value, name_of)
    hidden = {"type", "block_id", "action_id", "url", "image_url", "value_type"}
    return _read_words([v for key, v in value.items() if key not in hidden], name_of)
