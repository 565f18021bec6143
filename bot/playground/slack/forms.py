"""Buttons, menus and inputs: finding the one somebody means, and what Slack says of its value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.playground.slack.blocks import BUTTONS, INTERACTIVE
from bot.playground.slack.text import escape, rich_text
from bot.playground.slack.wire import Json

NAMED = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
ONE_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
SINGLE = ONE_OPTION | {kind for kind, key in NAMED.items() if not key.endswith("s")}
MANY_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}


@dataclass(frozen=True)
class Control:
    """One interactive element in its block, and the option of it that was meant, if any."""

    block: Json
    element: Json
    option: Json | None = None

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def label(self) -> str:
        words = self.element.get("text") or self.block.get("label") or self.block.get("text") or {}
        return str(words.get("text", "")) if isinstance(words, dict) else str(words)

    @property
    def options(self) -> list[Json]:
        options = list(self.element.get("options") or ())
        for group in self.element.get("option_groups") or ():
            options += group.get("options") or ()
        return options

    def option_called(self, words: str) -> Json | None:
        for option in self.options:
            if words in (option.get("value"), (option.get("text") or {}).get("text")):
                return option
        return None


def controls(blocks: list[Json]) -> Iterator[Control]:
    for block in blocks:
        if block.get("type") in ("carousel", "container"):
            yield from controls(block.get("elements") or block.get("child_blocks") or [])
            continue
        parts = [block.get("accessory"), block.get("element")]
        for name in ("elements", "actions"):
            parts += block.get(name) or ()
        for element in parts:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE:
                yield Control(block, element)


def find_control(
    blocks: list[Json], wanted: str, value: str | None = None, block_id: str | None = None
) -> Control | None:
    """The first control with this label, action id or (for overflow menus) option."""
    for control in controls(blocks):
        if block_id not in (None, control.block_id):
            continue
        if value is not None and control.kind == "button" and control.element.get("value") != value:
            continue
        if wanted in (control.action_id, control.label):
            option = control.option_called(value) if value is not None else None
            return Control(control.block, control.element, option)
        if control.kind == "overflow" and (option := control.option_called(wanted)):
            return Control(control.block, control.element, option)
    return None


def find_input(blocks: list[Json], key: str) -> Control | None:
    """The input with this block id, action id or label."""
    for control in controls(blocks):
        if control.kind not in BUTTONS and key in (
            control.block_id,
            control.action_id,
            control.label,
            control.label.rstrip(" *:"),
        ):
            return control
    return None


def initial(element: Json) -> Json:
    """The value with which Slack shows a control first."""
    kind = str(element["type"])
    if kind in NAMED:
        key = NAMED[kind]
        return {"type": kind, key: element.get(key.replace("selected_", "initial_"), _none(key))}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": element.get("initial_value")}
    if kind == "file_input":
        return {"type": kind, "files": []}
    return {"type": kind, "value": element.get("initial_value")}


def _none(key: str) -> Any:
    return [] if key.endswith("s") else None


def filled(control: Control, given: Any, offered: list[Json] | None = None) -> Json:
    """The value of a control after somebody chose or typed; raises LookupError for no such option.

    `offered` are the options that an external menu was answered with.
    """
    kind = control.kind
    if isinstance(given, list) and kind in SINGLE:
        given = given[0] if given else None
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": _option(control, given, offered)}
    many = given if isinstance(given, list) else [part.strip() for part in str(given).split(",")]
    many = [part for part in many if part != ""]
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": [_option(control, m, offered) for m in many]}
    if kind == "datetimepicker":
        return {"type": kind, NAMED[kind]: _epoch(given)}
    if kind in NAMED:
        key = NAMED[kind]
        return {"type": kind, key: many if key.endswith("s") else (given or None)}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": rich_text(escape(str(given)))[0]}
    return {"type": kind, "value": str(given) if given not in (None, "") else None}


def _option(control: Control, given: Any, offered: list[Json] | None) -> Json | None:
    if given in (None, ""):
        return None
    options: list[Json] = [*control.options, *(offered or ())]
    for option in options:
        if given in (option.get("value"), (option.get("text") or {}).get("text")):
            return option
    raise LookupError(f"no option {given!r} in {control.action_id!r}")


def _epoch(given: Any) -> int | None:
    if given in (None, ""):
        return None
    text = str(given)
    return int(text) if text.isdigit() else int(datetime.fromisoformat(text).timestamp())


def state_of(blocks: list[Json], before: Json | None = None) -> Json:
    """state.values of a surface: initial values, or what was there before under the same ids."""
    values: Json = {}
    for control in controls(blocks):
        if control.kind in BUTTONS:
            continue
        old = (before or {}).get(control.block_id, {}).get(control.action_id)
        kept = old if old and old["type"] == control.kind else initial(control.element)
        values.setdefault(control.block_id, {})[control.action_id] = kept
    return values


def is_empty(value: Json) -> bool:
    return not any(inner for key, inner in value.items() if key != "type")


def complaints(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own client says of a form before it lets go of it, by block id."""
    wrong: dict[str, str] = {}
    for control in controls(blocks):
        if control.block.get("type") != "input":
            continue
        value = values.get(control.block_id, {}).get(control.action_id, {})
        words = value.get("value") or ""
        most, least = control.element.get("max_length"), control.element.get("min_length")
        if is_empty(value):
            if not control.block.get("optional"):
                wrong[control.block_id] = "Please complete this required field."
        elif most is not None and len(words) > most:
            wrong[control.block_id] = f"This field can be up to {most} characters."
        elif least is not None and len(words) < least:
            wrong[control.block_id] = f"This field needs at least {least} characters."
    return wrong


def action_of(control: Control, value: Json | None, action_ts: str) -> Json:
    """One entry of a block_actions payload's `actions`."""
    action: Json = {"action_id": control.action_id, "block_id": control.block_id}
    if control.kind == "button":
        action |= {"text": control.element.get("text")}
        for part in ("value", "style", "url"):
            if control.element.get(part):
                action[part] = control.element[part]
    elif value is not None:
        action |= value
    return {**action, "type": control.kind, "action_ts": action_ts}
