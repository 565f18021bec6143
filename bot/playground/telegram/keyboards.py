"""Reading a reply_markup: what Telegram accepts as buttons, and what it says otherwise."""

from typing import Any

from bot.playground.telegram.answers import bad_request
from bot.playground.telegram.calls import Call
from bot.playground.telegram.messages import NO_MARKUP, Button, Markup, Rows

MAX_BUTTONS = 100
MAX_DATA_BYTES = 64


def read_markup(call: Call) -> Markup:
    raw = call.structure("reply_markup")
    if not raw:
        return NO_MARKUP
    if "inline_keyboard" in raw:
        return Markup(raw, buttons=_inline(raw["inline_keyboard"]))
    if "keyboard" in raw:
        keyboard = _reply_keyboard(raw["keyboard"])
        return Markup(raw, keyboard=keyboard, one_time=bool(raw.get("one_time_keyboard")))
    return Markup(raw, removes_keyboard=bool(raw.get("remove_keyboard")))


def _inline(raw: Any) -> Rows:
    rows = [[_inline_button(button) for button in row] for row in _rows(raw, "inline keyboard")]
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _rows(raw: Any, what: str) -> list[list[Any]]:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad_request(f"can't parse {what}: expected an Array of Arrays")
    return raw


def _inline_button(raw: Any) -> Button:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    url = raw.get("url") or raw.get("web_app", {}).get("url")
    data = raw.get("callback_data")
    if isinstance(url, str):
        if "." not in url and "://" not in url:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return Button(text, url=url, style=raw.get("style"))
    if isinstance(data, str):
        if not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(text, data=data, style=raw.get("style"))
    if "copy_text" in raw or "switch_inline_query" in raw:
        return Button(text, style=raw.get("style"))
    raise bad_request(
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    )


def _reply_keyboard(raw: Any) -> Rows:
    return [[_reply_button(button) for button in row] for row in _rows(raw, "keyboard")]


def _reply_button(raw: Any) -> Button:
    facts = {"text": raw} if isinstance(raw, str) else raw
    if not isinstance(facts, dict) or not facts.get("text"):
        raise bad_request("can't parse keyboard button: text must be non-empty")
    request = None
    if facts.get("request_contact"):
        request = "contact"
    elif facts.get("request_location"):
        request = "location"
    return Button(str(facts["text"]), request=request, style=facts.get("style"))
