"""What Slack accepts as blocks and views, and the words in which it refuses the rest."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.playground.slack.wire import ApiError, Json

MODERN = {"data_visualization", "data_table", "card", "carousel", "container", "alert"}
MODERN |= {"markdown", "table", "task_card", "plan", "context_actions"}
ANYWHERE = {"section", "divider", "image", "actions", "context", "input", "header", "rich_text"}
IN_MESSAGES = ANYWHERE | MODERN | {"file", "video", "call"}
IN_VIEWS = ANYWHERE | MODERN | {"video"}

MENUS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
ENTRIES = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
ENTRIES |= {"rich_text_input", "file_input"}
BUTTONS = {"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"}
CHOICES = {"checkboxes", "radio_buttons"}
INTERACTIVE = MENUS | PICKERS | ENTRIES | BUTTONS | CHOICES
IN_ACTIONS = INTERACTIVE - {"file_input"}
IN_SECTIONS = (INTERACTIVE | {"image"}) - ENTRIES
IN_INPUTS = INTERACTIVE - BUTTONS
WITH_OPTIONS = {"static_select", "multi_static_select", "overflow"} | CHOICES

Problem = tuple[str, str]
Problems = Iterator[Problem]


def check_blocks(blocks: Any, surface: str, modern: bool) -> None:
    """Raises invalid_blocks, with Slack's own kind of sentences, when one block is not right."""
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    found = list(problems(blocks, surface, modern))
    if found:
        messages = [f"[ERROR] {words} [json-pointer:{place}]" for words, place in found]
        raise ApiError("invalid_blocks", response_metadata={"messages": messages})


def problems(blocks: list[Any], surface: str, modern: bool) -> Problems:
    most = 50 if surface == "message" else 100
    if len(blocks) > most:
        yield f"no more than {most} items allowed", "/blocks"
    allowed = IN_MESSAGES if surface == "message" else IN_VIEWS
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        place = f"/blocks/{index}"
        kind = _kind(block)
        if kind not in allowed or (kind in MODERN and not modern):
            yield f"unsupported type: {kind}", f"{place}/type"
            continue
        block_id = block.get("block_id")
        yield from _words(block, "block_id", place, 255)
        if isinstance(block_id, str) and block_id in seen:
            yield "block_id already exists", f"{place}/block_id"
        seen.add(str(block_id or f"#{index}"))
        if kind in CHECKS:
            yield from CHECKS[kind](block, place)


def _kind(value: Any) -> str:
    return str(value.get("type")) if isinstance(value, dict) else "None"


def _words(value: Json, part: str, place: str, most: int) -> Problems:
    """A bare string, if it is there at all."""
    words = value.get(part)
    if words is not None and not isinstance(words, str):
        yield "must be a string", f"{place}/{part}"
    elif words and len(words) > most:
        yield f"must be less than {most + 1} characters", f"{place}/{part}"


def _list(block: Json, part: str, place: str, most: int) -> tuple[list[Any], list[Problem]]:
    """A list inside a block, empty when it is none, and what is wrong with it as a whole."""
    value = block.get(part)
    if value is None:
        return [], []
    if not isinstance(value, list):
        return [], [("must be an array", f"{place}/{part}")]
    too_many = [(f"no more than {most} items allowed", f"{place}/{part}")]
    return value, too_many if len(value) > most else []


def _text(value: Any, place: str, most: int, plain: bool = False) -> Problems:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        yield "missing required field: text", place
    elif value.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield f"unsupported type: {value.get('type')}", f"{place}/type"
    elif not value["text"]:
        yield "must be more than 0 characters", f"{place}/text"
    elif len(value["text"]) > most:
        yield f"must be less than {most + 1} characters", f"{place}/text"


def _section(block: Json, place: str) -> Problems:
    if "text" not in block and not block.get("fields"):
        yield "missing required field: text", place
    if "text" in block:
        yield from _text(block["text"], f"{place}/text", 3000)
    fields, wrong = _list(block, "fields", place, 10)
    yield from wrong
    for index, field in enumerate(fields):
        yield from _text(field, f"{place}/fields/{index}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{place}/accessory", IN_SECTIONS)


def _header(block: Json, place: str) -> Problems:
    yield from _text(block.get("text"), f"{place}/text", 150, plain=True)


def _image(block: Json, place: str) -> Problems:
    if not block.get("image_url") and not block.get("slack_file"):
        yield "missing required field: image_url", place
    if not isinstance(block.get("alt_text"), str):
        yield "missing required field: alt_text", place
    elif len(block["alt_text"]) > 2000:
        yield "must be less than 2001 characters", f"{place}/alt_text"


def _actions(block: Json, place: str) -> Problems:
    elements, wrong = _list(block, "elements", place, 25)
    yield from wrong
    if not elements:
        yield "must be more than 0 items", f"{place}/elements"
    seen: set[str] = set()
    for index, element in enumerate(elements):
        yield from _element(element, f"{place}/elements/{index}", IN_ACTIONS)
        action = str(element.get("action_id") or "") if isinstance(element, dict) else ""
        if action in seen:
            yield f'`action_id` "{action}" already exists', f"{place}/elements/{index}/action_id"
        if action:
            seen.add(action)


def _context(block: Json, place: str) -> Problems:
    elements, wrong = _list(block, "elements", place, 10)
    yield from wrong
    if not elements:
        yield "must be more than 0 items", f"{place}/elements"
    for index, element in enumerate(elements):
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _image(element, f"{place}/elements/{index}")
        else:
            yield from _text(element, f"{place}/elements/{index}", 3000)


def _input(block: Json, place: str) -> Problems:
    yield from _text(block.get("label"), f"{place}/label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], f"{place}/hint", 2000, plain=True)
    yield from _element(block.get("element"), f"{place}/element", IN_INPUTS)


def _markdown(block: Json, place: str) -> Problems:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield "must be more than 0 characters", f"{place}/text"
    elif len(block["text"]) > 12_000:
        yield "must be less than 12001 characters", f"{place}/text"


def _rich_text(block: Json, place: str) -> Problems:
    if not isinstance(block.get("elements"), list):
        yield "missing required field: elements", place
        return
    for index, element in enumerate(block["elements"]):
        inner = f"{place}/elements/{index}"
        if not isinstance(element, dict) or not isinstance(element.get("type"), str):
            yield "unsupported type", f"{inner}/type"
        elif "elements" in element:
            yield from _rich_text(element, inner)
        else:
            yield from _words(element, "text", inner, 40_000)


def _card(block: Json, place: str) -> Problems:
    if not any(block.get(part) for part in ("hero_image", "title", "actions", "body")):
        yield "missing required field: title", place
    for part, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        if part in block:
            yield from _text(block[part], f"{place}/{part}", most)
    actions, wrong = _list(block, "actions", place, 25)
    yield from wrong
    for index, element in enumerate(actions):
        yield from _element(element, f"{place}/actions/{index}", BUTTONS)


def _table(block: Json, place: str) -> Problems:
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows:
        yield "missing required field: rows", place
    elif len(rows) > 100:
        yield "no more than 100 items allowed", f"{place}/rows"


CHECKS: dict[str, Callable[[Json, str], Problems]] = {
    "section": _section,
    "header": _header,
    "image": _image,
    "actions": _actions,
    "context": _context,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "card": _card,
    "table": _table,
}


def _element(element: Any, place: str, allowed: set[str]) -> Problems:
    kind = _kind(element)
    if kind not in allowed:
        yield f"unsupported type: {kind}", f"{place}/type"
        return
    if kind == "image":
        yield from _image(element, place)
        return
    yield from _words(element, "action_id", place, 255)
    if kind == "button":
        yield from _button(element, place)
    if kind in WITH_OPTIONS:
        yield from _options(element, place)
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{place}/placeholder", 150, plain=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{place}/confirm")


def _button(element: Json, place: str) -> Problems:
    yield from _text(element.get("text"), f"{place}/text", 75, plain=True)
    yield from _words(element, "value", place, 2000)
    yield from _words(element, "url", place, 3000)
    if element.get("style") not in (None, "primary", "danger"):
        yield "must be one of: primary, danger", f"{place}/style"


def _options(element: Json, place: str) -> Problems:
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(element["type"], 100)
    groups, wrong = _list(element, "option_groups", place, 100)
    options, too = _list(element, "options", place, most)
    for group in groups:
        more = _list(group, "options", place, most) if isinstance(group, dict) else ([], [])
        options, too = options + more[0], too + more[1]
    yield from wrong + too
    if not options:
        yield "must be more than 0 items", f"{place}/options"
    plain = element["type"] not in CHOICES
    for index, option in enumerate(options):
        if not isinstance(option, dict):
            yield "must be an object", f"{place}/options/{index}"
            continue
        yield from _text(option.get("text"), f"{place}/options/{index}/text", 75, plain)
        yield from _words(option, "value", f"{place}/options/{index}", 150)


def _confirm(confirm: Any, place: str) -> Problems:
    if not isinstance(confirm, dict):
        yield "must be an object", place
        return
    yield from _text(confirm.get("title"), f"{place}/title", 100, plain=True)
    yield from _text(confirm.get("text"), f"{place}/text", 300)
    for part in ("confirm", "deny"):
        if part in confirm:
            yield from _text(confirm[part], f"{place}/{part}", 30, plain=True)


def check_view(view: Any, modern: bool) -> None:
    """Raises invalid_arguments or invalid_blocks when Slack would not open this view."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        raise ApiError("invalid_arguments", response_metadata={"messages": ["invalid view"]})
    found: list[Problem] = []
    if view["type"] == "modal":
        found += _text(view.get("title"), "/view/title", 24, plain=True)
        for part in ("submit", "close"):
            if view.get(part):
                found += _text(view[part], f"/view/{part}", 24, plain=True)
        blocks = view.get("blocks")
        inputs = isinstance(blocks, list) and any(_kind(block) == "input" for block in blocks)
        if inputs and not view.get("submit"):
            found.append(("missing required field: submit", "/view"))
    found += _words(view, "private_metadata", "/view", 3000)
    found += _words(view, "callback_id", "/view", 255)
    if found:
        messages = [f"[ERROR] {words} [json-pointer:{place}]" for words, place in found]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})
    try:
        check_blocks(view.get("blocks"), "view", modern)
    except ApiError as refused:
        # Views answer every fault of their blocks as an invalid argument.
        raise ApiError("invalid_arguments", **refused.details) from refused


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: a block without an id gets one, and so does an element."""
    taken = {block.get("block_id") for block in blocks}
    kept: list[Json] = []
    for index, block in enumerate(blocks):
        copy = dict(block)
        if not copy.get("block_id"):
            block_id = f"b{index}"
            while block_id in taken:
                block_id += "_"
            copy["block_id"] = block_id
        for part in ("element", "accessory"):
            if part in copy:
                copy[part] = _with_action_id(copy[part], f"a{index}")
        for part in ("elements", "actions"):
            if isinstance(copy.get(part), list):
                copy[part] = [_with_action_id(e, f"a{index}_{n}") for n, e in enumerate(copy[part])]
        kept.append(copy)
    return kept


def _with_action_id(element: Any, action_id: str) -> Any:
    if not isinstance(element, dict) or element.get("type") not in INTERACTIVE:
        return element
    return element if element.get("action_id") else {**element, "action_id": action_id}
