"""Nothing is done and nothing is read past the one gate."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from handlers import actions
from handlers.actions.access import ACTIONS, GRANTED, Permission
from handlers.command import COMMANDS
from handlers.router import answer  # noqa: F401  (fills the tables)
from storage.records import Role

for _module in pkgutil.iter_modules(actions.__path__):
    importlib.import_module(f"{actions.__name__}.{_module.name}")

ROOT = Path(__file__).parent.parent
RULES = {path.stem for path in (ROOT / "handlers" / "actions").glob("*.py")}

# What may be called without a gate: it reads and changes nothing of its own, or only says how
# something is said. Everything else needs an @action.
OPEN = {
    "access": {"may"},
    "audiences": {"counts_of", "everybody", "note_rate", "reach"},
    "changes": {"changes_in", "was_undone"},
    "companies": {"key_of"},
    "consents": {"says_stop"},
    "contacts": {"phone", "email"},
    "feeding": {"shown_every"},
    "fields": {"bounds"},
    "inbox": {"dead_card", "mark_done"},
    "links": {"note_address"},
    "members": {"me"},
    "phones": {"was_asked", "wants_a_call"},
    "preferences": {"voice_for", "zone_of"},
    "pipelines": {"described", "probable"},
    "profiles": {"name_of"},
    "policies": {"day_first", "voice_of", "team_voice", "policy"},
    "tickets": {"survivor"},
}
UNGATED = {"moments", "outgoing", "templates"}
OUTSIDE = ("handlers/team", "handlers/customer", "jobs", "bot")


def _sources() -> Iterator[Path]:
    yield ROOT / "handlers" / "router.py"
    yield from sorted((ROOT / "handlers" / "grammar").glob("*.py"))
    for folder in OUTSIDE:
        yield from (ROOT / folder).rglob("*.py")


def _called(source: Path) -> Iterator[tuple[str, str]]:
    """(module of actions, function) for each call in a file."""
    tree = ast.parse(source.read_text("utf-8"))
    names: dict[str, str] = {}
    functions: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "handlers.actions":
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "handlers.actions."
        ):
            module = (node.module or "").rpartition(".")[2]
            functions |= {a.asname or a.name: (module, a.name) for a in node.names}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in names:
                yield names[module], name
            case ast.Name(id=name) if name in functions:
                yield functions[name]


def test_whatever_is_done_passes_the_gate() -> None:
    """People, jobs and doors call only functions that have a permission."""
    past_the_gate = {
        f"{source.relative_to(ROOT)}: {module}.{name}"
        for source in _sources()
        for module, name in _called(source)
        if module in RULES - UNGATED
        and name[0].islower()
        and name not in OPEN.get(module, set())
        and f"{module}.{name}" not in ACTIONS
        and module not in {"access", "outcomes"} | UNGATED
    }

    assert past_the_gate == set(), "give these an @action(Permission.…)"


def test_a_role_may_do_all_that_a_lesser_one_may() -> None:
    """An admin is a manager too, and a manager an agent; nobody has the house's own permission."""
    assert GRANTED[Role.AGENT] < GRANTED[Role.MANAGER] < GRANTED[Role.ADMIN]
    assert Permission.SYSTEM not in GRANTED[Role.ADMIN]


def test_commands_ask_for_something_that_a_role_has() -> None:
    """No command can be typed by nobody, and none by strangers."""
    for command in COMMANDS:
        assert command.needs in GRANTED[Role.ADMIN] - {Permission.ANYONE}, command.usage
