"""The index on disk: whole, of this format, and for nobody else's eyes; or not at all."""

import json
import shutil
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from storage.finding.index import Index
from storage.finding.lists import Lists, Strings

# Grows when what is written, or how texts are folded, changes: an older index is made anew.
FORMAT = 1
FACTS = "facts.json"
_LISTS = ("holders", "pairs", "meant")


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
        lists = {n: Lists(arrays[f"{n}_starts"], arrays[f"{n}_values"]) for n in _LISTS}
        texts = Strings(arrays["texts_starts"], arrays["texts_letters"])
        words = Strings(arrays["words_starts"], arrays["words_letters"])
        index = Index(
            texts, words, lists["holders"], arrays["columns"], lists["pairs"], lists["meant"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return index, {name: fact for name, fact in facts.items() if isinstance(fact, int)}


def _arrays(index: Index) -> dict[str, Any]:
    found: dict[str, Any] = {"columns": index.columns}
    for name in _LISTS:
        lists: Lists = getattr(index, name)
        found |= {f"{name}_starts": lists.starts, f"{name}_values": lists.values}
    for name, strings in (("texts", index.texts), ("words", index.words)):
        found |= {f"{name}_starts": strings.starts, f"{name}_letters": strings.letters}
    return found


def size(index: Index) -> int:
    """How many bytes it takes."""
    return sum(int(array.nbytes) for array in _arrays(index).values())
