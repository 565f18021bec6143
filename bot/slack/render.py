"""A reply as Slack shows it: Block Kit. The only place where text is escaped for Slack.

No mention can be alive in what people wrote: `&`, `<` and `>` are escaped in mrkdwn, and in plain
text fields, where Slack reads no markup at all, angle brackets become ‹ and ›.
"""

import json
import re
from typing import Any

from handlers.message import (
    BOLD,
    CODE,
    ITALIC,
    Button,
    Buttons,
    Chart,
    Facts,
    Form,
    Heading,
    Hint,
    Line,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    flat,
)

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_OPTIONS = 100
# Slack's menu behind three dots holds five.
MOST_BEHIND = 5
MENU = "menu"
LONGEST_SECTION = 2900
LONGEST_FIELD = 1900
LONGEST_SUMMARY = 3500

_MARKS = {BOLD: "*", ITALIC: "_", CODE: "`"}
_LIKE_MARKUP = re.compile(r"[*_~`]|^\s*>|:\w+:", re.MULTILINE)
_BRACKETS = str.maketrans("<>", "‹›")


def escape(text: str) -> str:
    """Text that is nothing but text in mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare(text: str, longest: int) -> str:
    """Text for a field without markup: a title, a label, a name."""
    line = text.translate(_BRACKETS)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def message(reply: Reply, *, modern: bool = True) -> dict[str, Any]:
    """`text` and `blocks` of a message; without `modern` charts are drawn with characters."""
    parts = blocks(reply, modern=modern)[:MOST_BLOCKS]
    return {"text": summary(reply), "blocks": parts}


def plain_message(reply: Reply) -> dict[str, Any]:
    """The same without blocks, for when Slack refuses those: what is said is still said."""
    return {"text": summary(reply), "blocks": []}


def summary(reply: Reply) -> str:
    """The reply as one escaped text: for notifications, and where blocks cannot be shown."""
    lines = [line for part in reply.parts for line in _plainly(part)]
    return begun(escape("\n".join(lines)), LONGEST_SUMMARY) or " "


def _plainly(part: Part) -> list[str]:
    match part:
        case Text(words) | Hint(words) | Line(words):
            return [flat(words)]
        case Heading(text) | Quote(text):
            return [text]
        case Facts(pairs):
            return [f"{label}: {flat(words)}" for label, words in pairs]
        case Chart(title):
            return [title]
    return []


def blocks(reply: Reply, *, modern: bool = True) -> list[Block]:
    """The reply's parts as blocks, in order."""
    found: list[Block] = []
    for part in reply.parts:
        found += _blocks_of(part, modern)
    # An action's name may stand once in a block; over a message it tells the buttons apart.
    for number, block in enumerate(found):
        for element in _buttons_in(block):
            element["action_id"] = f"{element['action_id']}:{number}"[:255]
    return found


def _buttons_in(block: Block) -> list[Block]:
    elements = [*block.get("elements", []), block.get("accessory") or {}]
    return [element for element in elements if element.get("type") in ("button", "overflow")]


def _blocks_of(part: Part, modern: bool) -> list[Block]:
    match part:
        case Text(words) if _misread(words):
            return [_literal(piece, "rich_text_section") for piece in pieces(flat(words))]
        case Text(words):
            return [_section(piece) for piece in pieces(markdown(words))]
        case Heading(text):
            return [{"type": "header", "text": _plain(text, 150)}]
        case Quote(text):
            return [_literal(piece, "rich_text_quote") for piece in pieces(text)]
        case Hint(words):
            shown = begun(markdown(words), LONGEST_SECTION)
            return [{"type": "context", "elements": [_mrkdwn(shown)]}]
        case Facts(pairs):
            fields = [_mrkdwn(f"*{escape(label)}*\n{_value(words)}") for label, words in pairs[:10]]
            return [{"type": "section", "fields": fields}] if fields else []
        case Buttons(buttons, more):
            elements = [_button(each, number) for number, each in enumerate(buttons)]
            return [{"type": "actions", "elements": elements + _overflow(more)}]
        case Line(words, button):
            block = _section(begun(markdown(words), LONGEST_SECTION))
            return [block | {"accessory": _button(button, 0)} if button else block]
        case Chart():
            return [_chart(part)] if modern else [_section(drawn(part))]
    return []


def _misread(words: Words) -> bool:
    """Whether plain words look like markup: people write 2*3*4, and it is to read so."""
    return all(not style for _, style in words) and _LIKE_MARKUP.search(flat(words)) is not None


def _literal(text: str, kind: str) -> Block:
    """Text in which nothing at all is read as markup."""
    inside = {"type": kind, "elements": [{"type": "text", "text": text or " "}]}
    return {"type": "rich_text", "elements": [inside]}


def _value(words: Words) -> str:
    return begun(markdown(words), LONGEST_FIELD) or "–"


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text or " ")}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, longest: int) -> Block:
    return {"type": "plain_text", "text": bare(text, longest) or "–", "emoji": True}


def markdown(words: Words) -> str:
    """Words as mrkdwn, every piece escaped."""
    return "".join(_styled(text, style) for text, style in words)


def _styled(text: str, style: str) -> str:
    safe, mark = escape(text), _MARKS.get(style)
    if mark is None or not text.strip():
        return safe
    # A mark counts only next to a letter, so spaces at the edges stay outside of it, and a mark
    # inside would end it too early.
    inner = safe.strip().replace(mark, "")
    before, after = safe[: len(safe) - len(safe.lstrip())], safe[len(safe.rstrip()) :]
    lines = [f"{mark}{line}{mark}" if line.strip() else line for line in inner.split("\n")]
    return before + "\n".join(lines) + after


def pieces(text: str, longest: int = LONGEST_SECTION) -> list[str]:
    """A text cut where it hurts least: between paragraphs, lines, words; never inside `&amp;`."""
    found = []
    while len(text) > longest:
        ends = (text.rfind(mark, longest // 2, longest) + 1 for mark in ("\n", "。", ". ", " "))
        cut = next((each for each in ends if each), 0) or len(begun(text, longest))
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text]


def begun(text: str, longest: int) -> str:
    """The beginning of an escaped text; never cut inside `&amp;`."""
    return text if len(text) <= longest else re.sub(r"&[a-z]{0,3}$", "", text[:longest])


def _button(button: Button, number: int) -> Block:
    element: Block = {
        "type": "button",
        "text": _plain(button.label, 75),
        "action_id": f"{button.does}:{number}",
    }
    if button.url:
        element["url"] = button.url[:3000]
    if button.value:
        element["value"] = button.value[:2000]
    if button.look:
        element["style"] = button.look.value
    if button.confirm:
        element["confirm"] = {
            "title": _plain(button.label, 100),
            "text": _plain(button.confirm, 300),
            "confirm": _plain(button.label, 30),
            "deny": _plain(button.stay or "✕", 30),
        }
    return element


def _overflow(buttons: tuple[Button, ...]) -> list[Block]:
    """What is behind a menu: each option says what it does and with what."""
    options = [
        {"text": _plain(each.label, 75), "value": f"{each.does}|{each.value}"[:150]}
        for each in buttons[:MOST_BEHIND]
    ]
    return [{"type": "overflow", "action_id": MENU, "options": options}] if options else []


def _chart(chart: Chart) -> Block:
    series = [
        {
            "name": bare(name, 20),
            "data": [
                {"label": bare(label, 20), "value": value}
                for label, value in zip(chart.categories, values, strict=True)
            ],
        }
        for name, values in chart.series
    ]
    axis = {"categories": [bare(label, 20) for label in chart.categories]}
    return {
        "type": "data_visualization",
        "title": bare(chart.title, 50),
        "chart": {"type": "bar", "series": series, "axis_config": axis},
    }


def drawn(chart: Chart) -> str:
    """The chart in characters, for a Slack that does not know chart blocks yet."""
    highest = max((value for _, values in chart.series for value in values), default=0) or 1
    lines = [escape(chart.title)]
    for name, values in chart.series:
        lines.append(escape(name))
        for label, value in zip(chart.categories, values, strict=True):
            bar = "█" * round(value / highest * 16)
            lines.append(f"{escape(label):<5}{bar} {value:g}")
    return "```" + "\n".join(lines) + "```"


def modal(form: Form, metadata: dict[str, str]) -> dict[str, Any]:
    """A form as a modal; `metadata` comes back with what is filled in."""
    return {
        "type": "modal",
        "callback_id": form.does,
        "title": _plain(form.title, 24),
        "submit": _plain(form.submit, 24),
        "close": _plain(form.cancel, 24),
        "private_metadata": json.dumps(metadata | {"value": form.value}),
        "blocks": [_input(field) for field in form.fields] + blocks(Reply(form.shown)),
    }


def _input(field: Any) -> Block:
    element = _menu(field) if field.options else _TYPED.get(field.kind, _line)(field)
    if field.hint:
        element["placeholder"] = _plain(field.hint, 150)
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, 2000),
        "optional": field.optional,
        "element": element,
    } | ({"dispatch_action": True} if field.live else {})


def _line(field: Any) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": field.name,
        "multiline": field.long,
        "max_length": 3000 if field.long else 300,
    }
    if field.value:
        element["initial_value"] = field.value[: element["max_length"]]
    if field.live:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def _menu(field: Any) -> Block:
    options = [
        {"text": _plain(words, 75), "value": value[:150]}
        for value, words in field.options[:MOST_OPTIONS]
    ]
    kind = "multi_static_select" if field.several else "static_select"
    element: Block = {"type": kind, "action_id": field.name, "options": options}
    wanted = field.value.split("\n") if field.several else [field.value]
    chosen = [option for option in options if option["value"] in wanted]
    if not chosen:
        return element
    first = {"initial_options": chosen} if field.several else {"initial_option": chosen[0]}
    return element | first


def _date(field: Any) -> Block:
    element: Block = {"type": "datepicker", "action_id": field.name}
    # Slack refuses the whole form for a first date that is none.
    is_date = re.fullmatch(r"\d{4}-\d{2}-\d{2}", field.value) is not None
    return element | ({"initial_date": field.value} if is_date else {})


def _number(field: Any) -> Block:
    element: Block = {
        "type": "number_input",
        "action_id": field.name,
        "is_decimal_allowed": True,
    }
    is_number = re.fullmatch(r"-?\d{1,30}(\.\d{1,12})?", field.value) is not None
    return element | ({"initial_value": field.value} if is_number else {})


def _link(field: Any) -> Block:
    element: Block = {"type": "url_text_input", "action_id": field.name}
    return element | ({"initial_value": field.value} if field.value else {})


_TYPED = {"date": _date, "number": _number, "link": _link}


def home(reply: Reply) -> dict[str, Any]:
    """A reply as the Home tab; a hundred blocks at the most."""
    return {"type": "home", "blocks": blocks(reply)[:100]}
