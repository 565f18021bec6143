"""The documents say what is so: their tables are up to date, their commands and links exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from bot.__main__ import app
from bot.manual import command_table
from bot.settings import Settings
from handlers.actions.policies import POLICIES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
CALL = re.compile(r"(?:^|[\s/])rapport ([a-z][a-z-]*)")


def document(path: Path) -> str:
    return path.read_text("utf-8")


def between(text: str, name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found is not None, f"the markers of {name} are gone"
    return found[1].strip() + "\n"


def settings_table() -> str:
    """Every setting with its default and what it is for, as the README shows it."""
    rows = ["| Setting | Default | What it is for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if field.is_required():
            default = "must be set"
        elif field.default in (None, ()):
            default = ""
        else:
            assert not isinstance(field.default, SecretStr)
            default = f"`{field.default}`"
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def test_the_table_of_commands_is_what_rapport_commands_prints() -> None:
    """Between its markers the README has what `rapport commands` prints, and nothing else."""
    assert between(document(README), "commands") == command_table()


def test_the_table_of_settings_is_up_to_date() -> None:
    """Each setting has its line, with the default and the words that the code has for it."""
    assert between(document(README), "settings") == settings_table()


def code_in(text: str) -> Iterator[str]:
    for block in FENCE.findall(text):
        yield from block.splitlines()
    yield from CODE.findall(FENCE.sub("", text))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    """`rapport something` is something that the command line knows."""
    known = {
        each.name or getattr(each.callback, "__name__", "") for each in app.registered_commands
    }
    named = {found for line in code_in(document(path)) for found in CALL.findall(line)}

    assert sorted(named - known) == []


def test_every_command_of_the_command_line_is_documented() -> None:
    """Nobody has to guess what there is."""
    text = "\n".join(map(document, DOCUMENTS))
    group = typer.main.get_group(app)

    assert [name for name in group.commands if f"rapport {name}" not in text] == []


def anchors(text: str) -> set[str]:
    """How a page's headings are called in its address."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    bare = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in bare}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    """What a relative link points at is there, its heading too."""
    lost = []
    for link in LINK.findall(FENCE.sub("", document(path))):
        if "://" in link:
            continue
        name, _, heading = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists() or (heading and heading not in anchors(document(target))):
            lost.append(link)

    assert lost == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_of_the_code_that_is_named_exists(path: Path) -> None:
    """A path such as `handlers/router.py` is one of this repository."""
    named = {
        found
        for code in CODE.findall(FENCE.sub("", document(path)))
        for found in re.findall(r"^(?:bot|handlers|jobs|storage|tests|benchmarks)/[\w./-]*$", code)
    }

    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []


def test_every_policy_stands_in_the_manual_as_it_comes() -> None:
    """Each with its default, in the order in which a row names several."""
    manual = document(ROOT / "docs" / "desk.md")
    told: dict[str, str] = {}
    for named, values in re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", manual, re.MULTILINE):
        names = re.findall(r"`(\w+)`", named)
        # Of a list its first is enough, and one stands for two that are equal.
        each = values.split(";" if ";" in values else ",")
        firsts = [value.split(",")[0].strip() for value in each]
        told |= dict(zip(names, firsts if len(firsts) > 1 else firsts * len(names), strict=False))

    assert told == {name: str(way.default).split(",")[0] for name, way in POLICIES.items()}


def test_the_picture_is_light_enough_to_load() -> None:
    """The playground's picture weighs 400 KB at the most."""
    assert (ROOT / "docs" / "playground.png").stat().st_size <= 400 * 1024
