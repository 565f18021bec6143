"""The house stands as the design says: who imports whom, and every table is complete."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import handlers.router  # noqa: F401  (fills the tables)
from bot.manual import command_table
from bot.slack.manifest import manifest, usage_hint
from handlers.actions.access import ACTIONS
from handlers.actions.policies import POLICIES
from handlers.command import BUTTONS, COMMANDS, FORMS
from handlers.team.help import DAILY, SUBJECTS
from handlers.team.policy import GROUPS
from handlers.texts import LANGUAGES
from handlers.texts.chinese import CHINESE
from handlers.texts.english import ENGLISH

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "jobs", "storage")
FIELD = re.compile(r"\{(\w+)")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service"}


def test_rooms_import_only_what_they_may() -> None:
    """Every contract in pyproject.toml is kept."""
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_address(lock: str) -> None:
    """Where packages come from is the matter of whoever installs them."""
    text = (ROOT / lock).read_text("utf-8")

    assert "://" not in text
    assert "--hash=sha256:" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_words_for_the_help(language: str) -> None:
    """Help says of each command what it does, in every language."""
    missing = [each.name for each in COMMANDS if not LANGUAGES[language].get(f"help.{each.name}")]

    assert missing == []


def test_every_text_is_there_in_both_languages() -> None:
    """What can be said in English can be said in Chinese, and the other way round."""
    assert sorted(ENGLISH.keys() ^ CHINESE.keys()) == []


def test_a_text_names_the_same_values_in_both_languages() -> None:
    """No translation forgets a value or invents one."""
    differing = [
        key
        for key in ENGLISH.keys() & CHINESE.keys()
        if set(FIELD.findall(ENGLISH[key])) != set(FIELD.findall(CHINESE[key]))
    ]

    assert differing == []


def test_what_is_pressed_is_answered() -> None:
    """Commands, buttons and forms are there at all, and commands name what they do."""
    assert COMMANDS
    assert BUTTONS
    assert FORMS
    assert [each.usage for each in COMMANDS if not each.do.__doc__] == []


def test_every_action_asks_for_a_permission() -> None:
    """The gate knows every action by name."""
    assert len(ACTIONS) > 20


def test_the_table_of_commands_in_the_readme_is_up_to_date() -> None:
    """The README shows what `rapport commands` prints."""
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README yet")

    assert command_table() in readme.read_text("utf-8")


def _sources(of: Callable[[Path], bool] = lambda _: True) -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if of(path)]


def test_every_module_says_what_lives_in_it() -> None:
    """The first line of a module is its docstring."""
    silent = [
        str(path.relative_to(ROOT))
        for path in _sources()
        if not path.read_text("utf-8").lstrip().startswith(('"""', 'r"""'))
    ]

    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A name says what is inside."""
    assert [path.name for path in _sources(lambda path: path.stem in BANNED_NAMES)] == []


def test_the_wheel_holds_what_is_not_python(tmp_path: Path) -> None:
    """Migrations can be made, and the demo's page shown, from an installed Rapport."""
    if not (ROOT / "README.md").exists():
        pytest.skip("there is no README yet, and a wheel has to have one")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "storage/migrations/script.py.mako" in names
    assert "storage/migrations/versions/0001_the_first_schema.py" in names
    assert "bot/playground/static/index.html" in names
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


def test_the_manifest_has_what_the_app_answers() -> None:
    """Each shortcut of the manifest has a form or a button behind it."""
    shortcuts = manifest()["features"]["shortcuts"]

    assert [s["callback_id"] for s in shortcuts if s["callback_id"] not in BUTTONS | FORMS] == []


def test_the_manifest_is_for_socket_mode_unless_there_is_an_address() -> None:
    """With an address, Slack posts everything to one path of it."""
    there = manifest("https://crm.example.com/")
    address = "https://crm.example.com/slack/events"

    assert manifest()["settings"]["socket_mode_enabled"]
    assert not there["settings"]["socket_mode_enabled"]
    assert there["settings"]["event_subscriptions"]["request_url"] == address
    assert there["settings"]["interactivity"]["request_url"] == address
    assert there["features"]["slash_commands"][0]["url"] == address


def test_help_has_every_command_under_one_subject() -> None:
    """No command is missing from the list by subject, none stands in it twice."""
    listed = [file for files in SUBJECTS.values() for file in files]
    files = {each.do.__module__.rpartition(".")[2] for each in COMMANDS}

    assert sorted(files) == sorted(listed)
    assert {each.name for each in COMMANDS} >= set(DAILY)


def test_every_policy_stands_in_one_group_with_its_words() -> None:
    """`/crm policy` leaves none out, and says of each what it decides."""
    listed = [name for names in GROUPS.values() for name in names]

    assert sorted(listed) == sorted(POLICIES)
    assert {f"policy.is.{name}" for name in POLICIES} <= set(ENGLISH)


def test_the_hint_names_commands() -> None:
    """What Slack shows beside /crm are verbs that exist."""
    verbs = set(usage_hint().removesuffix(" …").split(" | "))

    assert verbs <= {each.verb for each in COMMANDS}
