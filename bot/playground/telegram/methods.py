"""The table of Bot API methods, and those that speak of the bot rather than of a message."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.playground.telegram.answers import Refusal, bad_request
from bot.playground.telegram.calls import Call

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

Method = Callable[["TelegramCloud", Call], object]

METHODS: dict[str, Method] = {}
# Telegram does not mind how a method is capitalised. Polling is the one method with a wait in it,
# so it lives beside the HTTP code.
_SPELLING = {"getupdates": "getUpdates"}

MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_EVERYWHERE = {"type": "default"}


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function in the table; it returns the result, or raises a Refusal."""

    def enter(function: Method) -> Method:
        METHODS[name] = function
        _SPELLING[name.lower()] = name
        return function

    return enter


@method("getMe")
def get_me(cloud: "TelegramCloud", _call: Call) -> object:
    return cloud.bot_user | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": True,
        "has_main_web_app": False,
    }


@method("logOut")
def log_out(_cloud: "TelegramCloud", _call: Call) -> object:
    return True


@method("close")
def close(_cloud: "TelegramCloud", _call: Call) -> object:
    return True


@method("getFile")
def get_file(cloud: "TelegramCloud", call: Call) -> object:
    return cloud.files.about(call.text("file_id"))


@method("getChat")
def get_chat(cloud: "TelegramCloud", call: Call) -> object:
    return cloud.chat_partner(call).as_chat() | {
        "accent_color_id": 0,
        "max_reaction_count": 1,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


@method("getUserProfilePhotos")
def get_user_profile_photos(cloud: "TelegramCloud", call: Call) -> object:
    if call.integer("user_id") not in cloud.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


@method("setMyCommands")
def set_my_commands(cloud: "TelegramCloud", call: Call) -> object:
    commands = call.json("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    cloud.profile.commands[_scope(call)] = [_command(each) for each in commands]
    cloud.changed()
    return True


def _command(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(raw.get("command", "")).removeprefix("/"), raw.get("description")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _scope(call: Call) -> tuple[str, int, str]:
    """Commands are kept for each kind of chat, for single chats, and for each language."""
    scope = call.structure("scope") or _EVERYWHERE
    chat_id = Call(call.method, scope).chat_id or 0
    return str(scope.get("type")), chat_id, call.text("language_code")


@method("getMyCommands")
def get_my_commands(cloud: "TelegramCloud", call: Call) -> object:
    return cloud.profile.commands.get(_scope(call), [])


@method("deleteMyCommands")
def delete_my_commands(cloud: "TelegramCloud", call: Call) -> object:
    cloud.profile.commands.pop(_scope(call), None)
    cloud.changed()
    return True


def _text_of_the_profile(key: str, longest: int) -> tuple[Method, Method]:
    def set_it(cloud: "TelegramCloud", call: Call) -> object:
        text = call.text(key)
        if len(text) > longest:
            raise bad_request(f"{key} is too long")
        cloud.profile.texts[key, call.text("language_code")] = text
        cloud.changed()
        return True

    def get_it(cloud: "TelegramCloud", call: Call) -> object:
        texts = cloud.profile.texts
        return {key: texts.get((key, call.text("language_code")), texts.get((key, ""), ""))}

    return set_it, get_it


for _name, _key, _longest in (
    ("MyName", "name", 64),
    ("MyDescription", "description", 512),
    ("MyShortDescription", "short_description", 120),
):
    _set, _get = _text_of_the_profile(_key, _longest)
    method(f"set{_name}")(_set)
    method(f"get{_name}")(_get)


@method("setChatMenuButton")
def set_chat_menu_button(cloud: "TelegramCloud", call: Call) -> object:
    cloud.profile.menu_buttons[call.chat_id or 0] = call.structure("menu_button") or _EVERYWHERE
    return True


@method("getChatMenuButton")
def get_chat_menu_button(cloud: "TelegramCloud", call: Call) -> object:
    buttons = cloud.profile.menu_buttons
    return buttons.get(call.chat_id or 0, buttons.get(0, _EVERYWHERE))


@method("setWebhook")
def set_webhook(cloud: "TelegramCloud", call: Call) -> object:
    kinds = call.json("allowed_updates")
    cloud.updates.allow(kinds)
    if call.flag("drop_pending_updates"):
        cloud.updates.clear()
    url = call.text("url")
    if not url:
        return delete_webhook(cloud, call)
    if not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: invalid URL specified")
    secret = call.text("secret_token")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = call.integer("max_connections", 40) or 40
    if not 1 <= connections <= 100_000:
        raise bad_request("bad webhook: max_connections must be between 1 and 100")
    cloud.set_webhook(url, secret, connections)
    return True


@method("deleteWebhook")
def delete_webhook(cloud: "TelegramCloud", call: Call) -> object:
    if call.flag("drop_pending_updates"):
        cloud.updates.clear()
    cloud.drop_webhook()
    return True


@method("getWebhookInfo")
def get_webhook_info(cloud: "TelegramCloud", _call: Call) -> object:
    info: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(cloud.updates),
    }
    if cloud.updates.allowed is not None:
        info["allowed_updates"] = sorted(cloud.updates.allowed)
    return info | (cloud.webhook.about() if cloud.webhook else {})


def spelt(name: str) -> str:
    """The name as the table spells it; a name that is not there stays as it came."""
    return _SPELLING.get(name.lower(), name)


def find(name: str) -> Method:
    try:
        return METHODS[name]
    except KeyError:
        raise Refusal(404, "Not Found: method not found") from None
