"""`rapport init`: asks for one thing at a time, tries it at once, and writes `.env`."""

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import typer

from bot.asking import Answer, ask_slack, ask_telegram
from bot.settings import Settings, SettingsError, load
from bot.slack.manifest import manifest
from bot.so_far import settings_so_far
from handlers.actions.members import first_code
from storage.engine import Store
from storage.ready import ready
from storage.work import Clock

ENV_FILE = Path(".env")

Check = Callable[[Settings], Awaitable[Answer]]

TELEGRAM = """
1. Telegram
   Write to @BotFather in Telegram, send /newbot, choose a name, and copy the token it gives you."""

SLACK_APP = """
2. Slack
   Open https://api.slack.com/apps, press "Create New App", choose "From a manifest", choose your
   workspace, and paste this (`rapport slack-manifest` prints it again):
"""

SOCKET_MODE = """
   On the app's page "Basic Information", under "App-Level Tokens", make one with the scope
   connections:write and copy it."""

INSTALL_APP = """
   On the page "Install App", install the app to the workspace and copy the Bot User OAuth Token."""

SUPPORT = """
3. The channel in Slack in which requests of customers appear; it is made when there is none."""


def begin() -> None:
    """Ask, try, write, and say what comes next."""
    typer.echo("Rapport asks for three tokens. Nothing is kept until each has been tried.")
    found: dict[str, str] = {}
    typer.echo(TELEGRAM)
    me = _ask(found, "telegram_bot_token", "Token", _try_telegram)
    typer.echo(f"   ✓ Telegram knows the bot as @{me.content.get('username')}.")

    typer.echo(SLACK_APP)
    typer.echo(json.dumps(manifest(), indent=2, ensure_ascii=False))
    typer.echo(SOCKET_MODE)
    _ask(found, "slack_app_token", "Token (xapp-…)", _try_socket_mode)
    typer.echo("   ✓ Slack opens Socket Mode.")
    typer.echo(INSTALL_APP)
    auth = _ask(found, "slack_bot_token", "Token (xoxb-…)", _try_slack)
    typer.echo(f"   ✓ Slack knows the app in {auth.content.get('team')}.")

    typer.echo(SUPPORT)
    channel = typer.prompt("   Channel", default=load(**found).slack_support_channel)
    found["slack_support_channel"] = channel.strip().lstrip("#")
    write_env(ENV_FILE, {name.upper(): value for name, value in found.items()})
    typer.echo(f"\n✓ {ENV_FILE} is written; only you may read it.")
    _prepare(load(**found).database_url)


def _prepare(url: str) -> None:
    clock = Clock()
    with ready(url, clock):
        typer.echo("✓ The database is ready.")
        store = Store(url, clock)
        try:
            code = store.write(first_code)
        finally:
            store.close()
    typer.echo("\nNow start it: rapport run")
    if code is not None:
        typer.echo(f"Then become its admin, in Slack: /crm admin {code}")


def _ask(found: dict[str, str], name: str, label: str, check: Check) -> Answer:
    """Ask until what was given works; it is in `found` then, and the cloud's answer comes back."""
    while True:
        given = typer.prompt(f"   {label}", hide_input=True).strip()
        try:
            settings = settings_so_far(**{**found, name: given})
        except SettingsError as wrong:
            typer.echo(f"   ✗ {wrong}")
            continue
        answer = asyncio.run(_checked(check, settings))
        if answer.ok:
            found[name] = given
            return answer
        typer.echo(f"   ✗ It does not work: {answer.error}. Try again, or stop with Ctrl+C.")


async def _checked(check: Check, settings: Settings) -> Answer:
    return await check(settings)


async def _try_telegram(settings: Settings) -> Answer:
    return await ask_telegram(settings, "getMe")


async def _try_slack(settings: Settings) -> Answer:
    return await ask_slack(settings, settings.slack_bot_token.get_secret_value(), "auth.test")


async def _try_socket_mode(settings: Settings) -> Answer:
    assert settings.slack_app_token is not None
    token = settings.slack_app_token.get_secret_value()
    return await ask_slack(settings, token, "apps.connections.open")


def write_env(path: Path, values: dict[str, str]) -> None:
    """Set these in a `.env`, leaving every other line as it is; only the owner may read it."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    left = dict(values)
    kept = []
    for line in lines:
        name = re.match(r"\s*(?:export\s+)?(\w+)\s*=", line)
        if name is not None and name[1].upper() in values:
            value = left.pop(name[1].upper(), None)
            if value is not None:
                kept.append(f"{name[1].upper()}={_quoted(value)}")
        else:
            kept.append(line)
    kept += [f"{name}={_quoted(value)}" for name, value in left.items()]
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(kept) + "\n")
    unfinished.replace(path)


def _quoted(value: str) -> str:
    if re.fullmatch(r"[\w.:/@+=,-]*", value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
