"""`rapport doctor`: what is well and what is not, each with what to do about it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.asking import Answer, ask_slack, ask_telegram
from bot.settings import Settings, SettingsError, load
from bot.slack.manifest import SCOPES
from bot.so_far import database_url
from handlers.actions import house, processes
from storage import ready
from storage.backup import problems_of
from storage.engine import Store, sqlite_path
from storage.errors import StorageError
from storage.guard import Guard
from storage.health import Health, health
from storage.work import Clock

WELL, LOOK, ILL = "✓", "!", "✗"
LARGEST_SKEW = timedelta(seconds=30)
# A running process says every three seconds that it is well.
SILENCE = timedelta(seconds=60)
MEGABYTE = 1_000_000
LITTLE_SPACE, NO_SPACE = 1000 * MEGABYTE, 100 * MEGABYTE
PAGES_OF_CHANNELS = 20


@dataclass(frozen=True)
class Finding:
    """One line: how it is, what it is about, and what to do unless it is well."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.text}"


def well(text: str) -> Finding:
    """Nothing to do."""
    return Finding(WELL, text)


def look(text: str) -> Finding:
    """Rapport runs, but somebody should look at it."""
    return Finding(LOOK, text)


def ill(text: str) -> Finding:
    """Rapport cannot do its work like that."""
    return Finding(ILL, text)


async def examine(clock: Clock) -> list[Finding]:
    """Everything that can be looked at from here."""
    try:
        findings = list(_database(database_url(), clock.now()))
    except SettingsError as wrong:
        return [ill(str(wrong))]
    try:
        settings = load()
    except SettingsError as missing:
        return [ill(str(missing)), *findings]
    findings.insert(0, well("The settings are complete."))
    findings += await _telegram(settings, clock)
    findings += await _slack(settings, clock)
    return findings


# The database


def _database(url: str, now: datetime) -> Iterator[Finding]:
    path = sqlite_path(url)
    if path is not None:
        yield _space(path)
        if not path.exists():
            yield look(f"There is no database at {path} yet: `rapport run` makes it.")
            return
    try:
        schema = ready.state(url)
        trouble = problems_of(url)
    except StorageError as away:
        yield ill(str(away))
        return
    if trouble:
        yield ill(f"The database is damaged: {trouble[0]}. Bring back a copy: `rapport restore`.")
        return
    yield well(f"The database can be read{' and is whole' if path else ''}.")
    if schema.is_newer:
        yield ill(f"Its schema {schema.current} is newer than this Rapport: install the newer one.")
    elif schema.pending:
        yield look(f"{schema.pending} migration(s) are pending: `rapport migrate` runs them.")
    else:
        yield well(f"Its schema is up to date ({schema.current}).")
        yield from _house(url, now)


def _space(path: Path) -> Finding:
    folder = path.resolve().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free // MEGABYTE:,} MB are free where the database lies"
    if free < NO_SPACE:
        return ill(f"Only {text}: make room, or nothing can be kept.")
    return look(f"Only {text}: make room.") if free < LITTLE_SPACE else well(f"{text}.")


def _house(url: str, now: datetime) -> Iterator[Finding]:
    store = Store(url)
    try:
        found = store.read(health)
        held, heard = store.read(house.is_held), store.read(processes.last_alive)
    finally:
        store.close()
    if held:
        yield look(
            "Messages are held since a backup was restored: look at what waits, then "
            "`rapport release`."
        )
    yield from _troubles(found)
    yield _running(url, found, heard, now)


def _running(url: str, found: Health, heard: datetime | None, now: datetime) -> Finding:
    path = sqlite_path(url)
    running = found.alive if path is None else int(Guard(path).is_taken())
    if not running:
        return look("Rapport is not running: `rapport run`.")
    if heard is None or now - heard > SILENCE:
        return ill(
            f"{running} process(es) run, but none has said for {SILENCE.seconds} s that it is "
            "well: look into its log and start it again."
        )
    return well(f"{running} process(es) are running.")


def _troubles(found: Health) -> Iterator[Finding]:
    if found.dead:
        yield look(f"{found.dead} message(s) could not be handled: `/crm troubles` in Slack.")
    if found.unsure:
        yield look(f"{found.unsure} message(s) may not have arrived: `/crm troubles` in Slack.")
    if found.failed:
        yield look(f"{found.failed} message(s) were refused: `/crm troubles` in Slack.")
    if not (found.dead or found.unsure or found.failed):
        yield well("Everything was handled, everything was sent.")


# Telegram


async def _telegram(settings: Settings, clock: Clock) -> list[Finding]:
    me = await ask_telegram(settings, "getMe")
    if not me.ok:
        return [ill(f"Telegram refuses TELEGRAM_BOT_TOKEN: {me.error}. Ask @BotFather for it.")]
    findings = [well(f"Telegram knows the bot as @{me.content.get('username')}.")]
    findings += _skew("Telegram", me, clock.now())
    webhook = await ask_telegram(settings, "getWebhookInfo")
    if webhook.ok:
        findings += _webhook(settings, webhook.content)
    return findings


def _webhook(settings: Settings, info: dict[str, Any]) -> Iterator[Finding]:
    there = str(info.get("url") or "")
    ours = settings.telegram_webhook_url
    if there and ours is None:
        yield look(
            "Telegram posts to a webhook, so polling would get nothing: `rapport run` removes it, "
            "unless another program uses this token."
        )
    elif ours is not None and not there.startswith(ours.rstrip("/")):
        yield look("Telegram does not post to TELEGRAM_WEBHOOK_URL yet: `rapport run` sets it.")
    else:
        yield well("Telegram delivers by " + ("webhook." if there else "long polling."))
    if there and info.get("last_error_message"):
        yield look(f"Telegram could not reach the webhook lately: {info['last_error_message']}.")


def _skew(cloud: str, answer: Answer, now: datetime) -> list[Finding]:
    if answer.at is None or abs(now - answer.at) <= LARGEST_SKEW:
        return []
    seconds = round((now - answer.at).total_seconds())
    way = "ahead of" if seconds > 0 else "behind"
    return [look(f"This clock is {abs(seconds)} s {way} {cloud}'s: let it follow a time server.")]


# Slack


async def _slack(settings: Settings, clock: Clock) -> list[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    auth = await ask_slack(settings, token, "auth.test")
    findings = []
    if auth.ok:
        findings.append(well(f"Slack knows the app in {auth.content.get('team')}."))
        findings += _skew("Slack", auth, clock.now())
        findings += _scopes(auth)
        findings.append(await _support_channel(settings, token))
    else:
        findings.append(
            ill(f"Slack refuses SLACK_BOT_TOKEN: {auth.error}. Copy it from OAuth & Permissions.")
        )
    if settings.slack_app_token is not None:
        findings.append(await _socket_mode(settings, settings.slack_app_token.get_secret_value()))
    return findings


def _scopes(auth: Answer) -> Iterator[Finding]:
    missing = sorted(set(SCOPES) - auth.scopes) if auth.scopes else []
    if missing:
        yield ill(
            f"The Slack app lacks {', '.join(missing)}: paste `rapport slack-manifest` into its "
            "App Manifest and install it again."
        )


async def _socket_mode(settings: Settings, token: str) -> Finding:
    opened = await ask_slack(settings, token, "apps.connections.open")
    if opened.ok:
        return well("Slack opens Socket Mode for SLACK_APP_TOKEN.")
    return ill(
        f"Slack refuses SLACK_APP_TOKEN: {opened.error}. It needs connections:write, and Socket "
        "Mode must be on."
    )


async def _support_channel(settings: Settings, token: str) -> Finding:
    wanted = settings.slack_support_channel.lstrip("#")
    cursor = ""
    for _ in range(PAGES_OF_CHANNELS):
        listed = await ask_slack(
            settings,
            token,
            "conversations.list",
            types="public_channel,private_channel",
            exclude_archived="true",
            limit="1000",
            cursor=cursor,
        )
        if not listed.ok:
            return ill(f"Slack does not list its channels: {listed.error}.")
        for channel in listed.content.get("channels", ()):
            if wanted in (channel.get("name"), channel.get("id")):
                return well(f"Tickets appear in #{channel.get('name')}.")
        cursor = (listed.content.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return look(f"There is no channel #{wanted} yet: `rapport run` makes it.")
