"""`rapport`, as people type it: what it prints, what it refuses, and with which exit code."""

import asyncio
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.first_steps import write_env
from bot.manual import command_table
from bot.playground.slack import Limits, SlackCloud
from bot.playground.telegram import TelegramCloud
from bot.slack.manifest import manifest
from handlers.actions.house import is_held
from storage.engine import Store
from storage.guard import Guard
from storage.records import InboxRow, InboxState

ROOT = Path(__file__).parent.parent
HEAVY = ("telegram", "slack_bolt", "slack_sdk", "sqlalchemy", "sqlmodel", "aiohttp", "pydantic")


class Clouds:
    """Both clouds in a thread of their own: commands have event loops of their own, too."""

    def __init__(self) -> None:
        self.telegram = TelegramCloud(limits=None)
        self.slack = SlackCloud(limits=Limits.off())
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)

    def start(self) -> None:
        """Open both."""
        self._thread.start()
        self._do(self.telegram.start())
        self._do(self.slack.start())

    def stop(self) -> None:
        """Close both."""
        self._do(self.telegram.stop())
        self._do(self.slack.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _do(self, coroutine: object) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)  # type: ignore[arg-type]


@pytest.fixture
def clouds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    """Both clouds, with the settings that lead to them, but no tokens."""
    opened = Clouds()
    opened.start()
    monkeypatch.setenv("TELEGRAM_API_URL", opened.telegram.url)
    monkeypatch.setenv("SLACK_API_URL", opened.slack.api_url)
    yield opened
    opened.stop()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads the settings of whoever runs it, and files keep their usual permissions."""
    for name in list(os.environ):
        if name.startswith(("TELEGRAM_", "SLACK_", "RAPPORT_", "DATABASE_", "WEB_", "LOG_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    umask = os.umask(0o022)
    yield
    os.umask(umask)


def rapport(*words: str, typed: str = "") -> Result:
    """What a command does, in this process."""
    return CliRunner().invoke(app, list(words), input=typed)


def tokens(clouds: Clouds) -> dict[str, str]:
    """The tokens that the clouds know."""
    return {
        "TELEGRAM_BOT_TOKEN": clouds.telegram.token,
        "SLACK_BOT_TOKEN": clouds.slack.bot_token,
        "SLACK_APP_TOKEN": clouds.slack.app_token,
    }


@pytest.fixture
def ready(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> Clouds:
    """A folder in which everything is set up, with a database."""
    for name, token in tokens(clouds).items():
        monkeypatch.setenv(name, token)
    clouds.slack.channel("support")
    assert rapport("migrate").exit_code == 0
    return clouds


def test_help_loads_nothing_heavy() -> None:
    """Asking for help is quick, because nothing of the CRM is imported for it."""
    code = (
        "import sys\nsys.argv = ['rapport', '--help']\nfrom bot.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
    assert "doctor" in done.stdout


def test_a_missing_setting_is_one_sentence() -> None:
    """`run` without tokens names the first that is missing and what to do; no traceback."""
    done = rapport("run")

    assert done.exit_code == 2
    assert done.stderr.startswith("TELEGRAM_BOT_TOKEN is missing.")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["migrate", "backup", "doctor", "release"])
@pytest.mark.parametrize("url", ["rapport.db", "mysql://localhost/crm"])
def test_a_wrong_database_is_named(command: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever needs the database says which setting is wrong, without a traceback."""
    monkeypatch.setenv("DATABASE_URL", url)

    done = rapport(command)

    assert done.exit_code in (1, 2)
    assert "DATABASE_URL must begin with sqlite:/// or postgresql://" in done.output


def test_a_server_that_is_away_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator hears that the database cannot be reached, and not from where in the code."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/crm")

    done = rapport("migrate")

    assert done.exit_code == 1
    assert done.stderr.startswith("The database cannot be reached:")
    assert done.stderr.count("\n") == 1


def test_the_manifest_can_be_pasted() -> None:
    """What is printed is the manifest as JSON and nothing else."""
    assert json.loads(rapport("slack-manifest").stdout) == manifest()


def test_slack_posts_to_https_only() -> None:
    """An address that Slack would refuse is refused here."""
    done = rapport("slack-manifest", "--url", "http://crm.example.com")

    assert done.exit_code == 2
    assert "https://" in done.stderr


def test_the_table_of_commands_is_printed() -> None:
    """The README's table comes from the commands themselves."""
    assert rapport("commands").stdout == command_table()


def test_a_new_database_is_made_once() -> None:
    """The first `migrate` makes it, the second finds nothing to do."""
    first, second = rapport("migrate"), rapport("migrate")

    assert "has schema" in first.stdout
    assert "up to date" in second.stdout


def test_an_older_database_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    """When an upgrade was not wanted after all, the database as it was is still there."""
    rapport("migrate")
    with closing(sqlite3.connect("rapport.db", isolation_level=None)) as raw:
        raw.execute("DROP TABLE counters")
        raw.execute("UPDATE alembic_version SET version_num = '0000'")
    before = sorted((tmp_path / "backups").glob("*"))

    done = rapport("migrate")

    # There is no step 0000, so the upgrade itself is refused; the copy stands by then.
    assert done.exit_code != 0
    assert len(sorted((tmp_path / "backups").glob("*.db"))) == len(before) + 1


def test_a_newer_database_is_left_alone() -> None:
    """Older code says so in one sentence and changes nothing."""
    rapport("migrate")
    with closing(sqlite3.connect("rapport.db", isolation_level=None)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")

    done = rapport("migrate")

    assert done.exit_code == 1
    assert "9999" in done.stderr
    assert "newer" in done.stderr


def test_a_second_process_is_refused(ready: Clouds) -> None:
    """Two processes on one SQLite file would be in each other's way; the second is told."""
    with Guard(Path("rapport.db")):
        done = rapport("run")

    assert done.exit_code == 1
    assert f"process {os.getpid()}" in done.stderr


def test_run_serves_until_it_is_told_to_stop(ready: Clouds) -> None:
    """It says that it runs, keeps others out meanwhile, and ends in good order."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "WEB_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        said = next(line for line in running.stderr if "is running" in line or "Error" in line)
        held = Guard(Path("rapport.db")).is_taken()
        running.send_signal(signal.SIGTERM)
        rest = running.stderr.read()

    assert "is running" in said
    assert held
    assert running.returncode == 0
    assert not any(token in rest for token in tokens(ready).values())
    assert not Guard(Path("rapport.db")).is_taken()


def test_backup_restore_and_release_say_what_they_did() -> None:
    """The way back: copy, restore, look, release."""
    rapport("migrate")

    copied = rapport("backup", "copy.db")
    restored = rapport("restore", "copy.db")
    store = Store("sqlite:///rapport.db")
    held = store.read(is_held)
    store.close()
    released, again = rapport("release"), rapport("release")

    assert "The copy is copy.db" in copied.stdout
    assert "is kept in" in restored.stdout
    assert held
    assert released.stdout == "Messages go again.\n"
    assert again.stdout == "Nothing was held.\n"


def test_what_cannot_be_restored_is_one_sentence() -> None:
    """A missing file is no reason for a traceback."""
    done = rapport("restore", "nowhere.db")

    assert done.exit_code == 1
    assert done.stderr == "There is no file nowhere.db.\n"


def test_init_asks_tries_and_writes(clouds: Clouds) -> None:
    """A wrong token is asked for again; what works is written for the owner's eyes only."""
    Path(".env").write_text("# mine\nWEB_PORT=9000\nTELEGRAM_BOT_TOKEN=old\n")
    known = tokens(clouds)
    wrong = f"999:{'y' * 35}"
    typed = [
        "no token at all",
        wrong,
        known["TELEGRAM_BOT_TOKEN"],
        known["SLACK_APP_TOKEN"],
        known["SLACK_BOT_TOKEN"],
        "#help-desk",
    ]

    done = rapport("init", typed="\n".join(typed) + "\n")

    assert done.exit_code == 0, done.output
    assert "It does not work" in done.stdout
    assert "/crm admin " in done.stdout
    assert not any(token in done.output for token in known.values())
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600
    lines = Path(".env").read_text().splitlines()
    assert lines[:3] == ["# mine", "WEB_PORT=9000", f"TELEGRAM_BOT_TOKEN={clouds.telegram.token}"]
    assert "SLACK_SUPPORT_CHANNEL=help-desk" in lines
    assert rapport("doctor").exit_code == 0


@pytest.mark.parametrize(
    "value", ["plain", "two words", "it's", "back\\slash", 'a "b" #c', "$HOME"]
)
def test_what_is_written_to_the_settings_is_read_again(value: str, tmp_path: Path) -> None:
    """Whatever stands in a value, it comes back as it was."""
    from dotenv import dotenv_values

    write_env(tmp_path / ".env", {"NAME": value})
    write_env(tmp_path / ".env", {"OTHER": "x"})

    read = dotenv_values(tmp_path / ".env", interpolate=False)
    assert read == {"NAME": value, "OTHER": "x"}


def test_the_doctor_finds_all_well(ready: Clouds) -> None:
    """With everything in place there is no ✗."""
    done = rapport("doctor")

    assert done.exit_code == 0, done.stdout
    assert "✗" not in done.stdout
    assert "Tickets appear in #support." in done.stdout
    assert "long polling" in done.stdout


def test_the_doctor_says_what_to_do(ready: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong tokens and what lies dead are found, and the exit code says so."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f"999:{'y' * 35}")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    store = Store("sqlite:///rapport.db")
    store.write(
        lambda work: work.add(
            InboxRow(
                door="telegram",
                event_key="telegram:1:1",
                chat_key="telegram:1",
                raw=b"{}",
                state=InboxState.DEAD,
                owner="",
                received_at=work.now,
            )
        )
    )
    store.close()

    done = rapport("doctor")

    assert done.exit_code == 1
    assert "✗ Telegram refuses TELEGRAM_BOT_TOKEN" in done.stdout
    assert "✗ Slack refuses SLACK_BOT_TOKEN" in done.stdout
    assert "! 1 message(s) could not be handled" in done.stdout
    assert "y" * 35 not in done.stdout


def test_the_doctor_finds_damage(ready: Clouds) -> None:
    """A damaged file is told from a good one before it hurts."""
    path = Path("rapport.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    content = bytearray(path.read_bytes())
    content[4096 * 5 : 4096 * 40] = b"\xff" * (4096 * 35)
    path.write_bytes(content)

    done = rapport("doctor")

    assert done.exit_code == 1
    assert "✗" in done.stdout


def test_the_doctor_without_settings_still_looks_at_the_database() -> None:
    """What is missing is told first; the rest is looked at anyway."""
    rapport("migrate")

    done = rapport("doctor")

    assert done.exit_code == 1
    assert "✗ TELEGRAM_BOT_TOKEN is missing" in done.stdout
    assert "✓ The database can be read" in done.stdout
