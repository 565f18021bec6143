"""What Slack has to know about the app, made from the tables that the app itself answers by."""

from typing import Any
from urllib.parse import urlsplit

# For the table of commands to be full.
import handlers.router  # noqa: F401
from handlers.team.help import daily_first

SLASH_COMMAND = "/crm"
EVENTS_PATH = "/slack/events"
HINT_LENGTH = 80

# What each permission is for; Slack shows the list to whoever installs the app.
SCOPES = (
    "app_mentions:read",  # "@Rapport done" inside a thread
    "channels:history",  # answers to customers, written in ticket threads
    "channels:join",
    "channels:manage",  # making the support channel when there is none
    "channels:read",
    "chat:write",
    "chat:write.customize",  # what customers write stands under their own name
    "commands",
    "files:read",  # pictures and files, both ways
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "links:read",  # a link to a ticket shows how it stands
    "links:write",
    "metadata.message:read",  # finding out whether a message did arrive
    "reactions:read",
    "reactions:write",
    "users:read",
    "users:read.email",
)

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_unarchive",
    "link_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "user_change",
)

# Kind, name, what answers it (in handlers/team), and what Slack says of it.
SHORTCUTS = (
    ("message", "Log to CRM", "log_to_crm", "Keep this message with a customer"),
    (
        "message",
        "Open ticket from message",
        "ticket.from_message",
        "Give this message a ticket of its own",
    ),
    (
        "message",
        "Move message to ticket",
        "ticket.move",
        "Put a customer's message to the ticket it is about",
    ),
    ("global", "New customer", "contact.form", "Add a customer"),
)


def manifest(url: str | None = None, public_url: str | None = None) -> dict[str, Any]:
    """The app's manifest: for Socket Mode, or for events posted to the server at `url`.

    Links to tickets begin with `public_url`; without it they are links as any other.
    """
    linked = urlsplit(public_url or url or "").hostname
    address = None if url is None else url.rstrip("/") + EVENTS_PATH
    there = {} if address is None else {"request_url": address}
    return {
        "display_information": {
            "name": "Rapport",
            "description": "Customers write in Telegram, you answer in Slack, nothing is lost.",
            "background_color": "#2c3e50",
        },
        "features": {
            **({"unfurl_domains": [linked]} if linked else {}),
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Rapport", "always_online": True},
            "slash_commands": [_slash_command(address)],
            "shortcuts": [
                {"type": kind, "name": name, "callback_id": does, "description": said}
                for kind, name, does, said in SHORTCUTS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**there, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **there},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }


def _slash_command(address: str | None) -> dict[str, Any]:
    """The one command; in Socket Mode it has no address."""
    command = {
        "command": SLASH_COMMAND,
        "description": "Customers, tickets, follow-ups: type help to see all of it",
        "usage_hint": usage_hint(),
        "should_escape": True,
    }
    return command if address is None else {**command, "url": address}


def usage_hint() -> str:
    """The verbs of every day, and as many others as fit beside the command in Slack's menu."""
    hint = ""
    for verb in dict.fromkeys(command.verb for command in daily_first()):
        longer = f"{hint} | {verb}" if hint else verb
        if len(longer) > HINT_LENGTH:
            break
        hint = longer
    return f"{hint} …"
