"""Words that are said by their key: each key has a text, each text gets its values, and is said."""

import ast
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from handlers.texts import LANGUAGES

ROOT = Path(__file__).parents[2]
# These hold patterns, tables and a stand-in for the platforms, and say nothing of ours.
SILENT = {"texts", "when", "migrations", "playground", "finding", "doubles"}
SAYS = {"say", "words", "reply", "instead", "Refused"}
FIELD = re.compile(r"\{(\w+)(?::[^{}|]*\|[^{}|]*)?\}")


@dataclass
class Heard:
    """What the code says: calls with their values, other words, and keys that it puts together."""

    # None stands for values that are handed on as they came.
    calls: list[tuple[str, str, set[str] | None]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


@lru_cache
def heard() -> Heard:
    """Everything in the code that may say something."""
    found = Heard()
    for folder in ("bot", "handlers", "jobs", "storage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if SILENT.isdisjoint(path.parts):
                for node in ast.walk(ast.parse(path.read_text())):
                    listen(found, str(path.relative_to(ROOT)), node)
    return found


def listen(found: Heard, path: str, node: ast.AST) -> None:
    """Note what one piece of the code says."""
    match node:
        case ast.Constant(value=str() as words):
            found.words.add(words)
        case ast.JoinedStr():
            found.made.add(keys_of(node))
        case ast.Call(args=[ast.Constant(value=str() as key), *_]) if "." in key:
            if getattr(node.func, "attr", getattr(node.func, "id", "")) in SAYS:
                names = [each.arg for each in node.keywords]
                values = None if None in names else {str(each) for each in names}
                found.calls.append((f"{path}:{node.lineno}", key, values))


def keys_of(node: ast.JoinedStr) -> str:
    """What keys an f-string can be, as a pattern; nothing when it does not look like one."""
    parts = [each.value if isinstance(each, ast.Constant) else None for each in node.values]
    if not re.fullmatch(r"[\w.-]*", "".join(str(each or "") for each in parts)):
        return ""
    if parts[0] is None and not str(parts[-1] or "").strip("._").isidentifier():
        return ""
    return "".join(".+" if each is None else re.escape(str(each)) for each in parts)


def test_what_is_said_has_words_and_all_its_values() -> None:
    """A key without a text, or a text with a gap in it, would be a bug before somebody's eyes."""
    wrong = []
    for where, key, values in heard().calls:
        for language, texts in LANGUAGES.items():
            if key not in texts:
                wrong.append(f"{where}: {key} is not in {language}")
            elif values is not None and (gaps := set(FIELD.findall(texts[key])) - values):
                wrong.append(f"{where}: {key} in {language} lacks {', '.join(sorted(gaps))}")

    assert not wrong, "\n".join(wrong)


def test_no_words_lie_about_unsaid() -> None:
    """Every text is said somewhere, by its key or by a key that is put together."""
    made = re.compile("|".join(sorted(filter(None, heard().made))))

    unsaid = [
        key
        for key in LANGUAGES["en"]
        if key not in heard().words and not made.fullmatch(key) and not goes_on(key)
    ]

    assert not unsaid, f"nobody says {', '.join(unsaid)}"


def goes_on(key: str) -> bool:
    """Whether it is another key with something behind it: `follow_up.set` and `_about`."""
    return any(key[:at] in heard().words for at in range(len(key)) if key[at] == "_")
