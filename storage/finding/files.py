"""The index on disk: whole, of this format, and for nobody else's eyes; or not at all."""

import glob
import json
import shutil
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from storage.finding.index import Arrays, Index
from storage.finding.lists import Firsts, Lists, Strings

# Grows when what is written, or how texts are folded, changes: an older index is made anew.
FORMAT = 3
FACTS = "facts.json"
# Seconds after which what is unfinished is nobody's: an index is written in a few.
UNFINISHED_FOR = 3600.0
_LISTS = ("holders", "pairs")
_STRINGS = ("texts", "words")
_PLAIN = ("columns", "of_length", "mixed", "letter_signs", "pair_signs")


def save(folder: Path, index: Index, facts: dict[str, int]) -> None:
    """Write it beside the one that is there, and put it in its place. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # For its owner only, like the database.
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        sums = {}
        for name, array in _arrays(index).items():
            np.save(unfinished / f"{name}.npy", array)
            sums[name] = zlib.crc32((unfinished / f"{name}.npy").read_bytes())
        stated = {"format": FORMAT, "sums": sums, **facts}
        (unfinished / FACTS).write_text(json.dumps(stated), "utf-8")
        former = unfinished.with_suffix(".old")
        if folder.exists():
            folder.replace(former)
        unfinished.replace(folder)
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        _remove_what_was_left(folder)


def _remove_what_was_left(folder: Path) -> None:
    """Whoever was killed while writing has left names behind, which nobody would ever read."""
    # What is written now says what time it is.
    with suppress(OSError), tempfile.NamedTemporaryFile(dir=folder.parent) as written:
        now = Path(written.name).stat().st_mtime
        for left in folder.parent.glob(f"{glob.escape(folder.name)}-*"):
            # Another process may be writing its own just now.
            if now - left.stat().st_mtime > UNFINISHED_FOR:
                shutil.rmtree(left)


def remove(folder: Path) -> None:
    """There is none any more."""
    shutil.rmtree(folder, ignore_errors=True)
    _remove_what_was_left(folder)


def stated(folder: Path) -> dict[str, int]:
    """What was stated with the index on disk; empty when there is none."""
    try:
        facts = json.loads((folder / FACTS).read_text("utf-8"))
        return {name: fact for name, fact in facts.items() if isinstance(fact, int)}
    except (OSError, ValueError, AttributeError):
        return {}


def load(folder: Path) -> tuple[Index, dict[str, int]] | None:
    """The index and what was stated with it; None when there is none, or it is damaged."""
    try:
        facts = json.loads((folder / FACTS).read_text("utf-8"))
        if facts["format"] != FORMAT:
            return None
        arrays: dict[str, Any] = {}
        for name, sum in facts["sums"].items():
            path = folder / f"{name}.npy"
            if zlib.crc32(path.read_bytes()) != sum:
                return None
            # A plain array over the file: a memmap answers each question more slowly.
            arrays[name] = np.asarray(np.load(path, mmap_mode="r"))
        parts = {name: arrays[name] for name in _PLAIN}
        for name in _LISTS:
            parts[name] = Lists(arrays[f"{name}_starts"], arrays[f"{name}_values"])
        for name in _STRINGS:
            parts[name] = Strings(arrays[f"{name}_starts"], arrays[f"{name}_letters"])
        others = Lists(arrays["meant_starts"], arrays["meant_values"])
        parts["meant"] = Firsts(arrays["meant_firsts"], arrays["meant_longer"], others)
        index = Index(Arrays(**parts))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return index, {name: fact for name, fact in facts.items() if isinstance(fact, int)}


def _arrays(index: Index) -> dict[str, Any]:
    parts = index.arrays
    found: dict[str, Any] = {name: getattr(parts, name) for name in _PLAIN}
    for name in _LISTS:
        lists: Lists = getattr(parts, name)
        found |= {f"{name}_starts": lists.starts, f"{name}_values": lists.values}
    for name in _STRINGS:
        strings: Strings = getattr(parts, name)
        found |= {f"{name}_starts": strings.starts, f"{name}_letters": strings.letters}
    meant = parts.meant
    found |= {"meant_firsts": meant.firsts, "meant_longer": meant.longer}
    return found | {"meant_starts": meant.others.starts, "meant_values": meant.others.values}


def size(index: Index) -> int:
    """How many bytes it takes."""
    return sum(int(array.nbytes) for array in _arrays(index).values())
