"""`rapport import` and `rapport export`: files of this machine, of any size."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from handlers.actions import exports, import_rows, import_undo, imports
from handlers.actions.imports import Look
from handlers.cards.imports import field_name, problem_words, wrong_of
from handlers.importing.persons import Person
from handlers.importing.rows import Unreadable
from handlers.texts import Voice
from jobs import import_look
from storage.engine import Store
from storage.errors import Refused
from storage.records import Import, ImportMode, ImportState, OnKnown
from storage.work import Work

Progress = Callable[[int, int], None]
Say = Callable[[str], None]

# So many rows share a transaction.
PIECE = 1000
_ENGLISH = Voice("en")


@dataclass(frozen=True)
class Wish:
    """What somebody wants done with a file."""

    file: Path
    mode: ImportMode = ImportMode.SKIP_BAD
    on_known: OnKnown = OnKnown.FILL
    again: bool = False
    # How it is read: {"changes", "order", "use_encoding", …}.
    told: dict[str, Any] = field(default_factory=dict)


class CannotImport(Exception):
    """Why nothing was written, in a sentence."""


def looked(store: Store, wish: Wish, progress: Progress) -> Look:
    """What is in the file. Raises CannotImport."""
    try:
        return import_look.look(store, wish.file, wish.told, wish.on_known, progress)
    except Unreadable as wrong:
        raise CannotImport(_ENGLISH.say(str(wrong))) from None
    except UnicodeError:
        raise CannotImport(_ENGLISH.say("import.not_a_table")) from None


def told(look: Look) -> list[str]:
    """A preview in lines."""
    reading = look.reading
    lines = [f"{look.total:,} rows: {look.new:,} new, {look.known:,} known already."]
    header = reading["header"]
    for at, target in enumerate(reading["targets"]):
        heading = header[at] if at < len(header) and header[at] else f"column {at + 1}"
        lines.append(f"  {_visible(heading)[:40]:<40} -> {field_name(_ENGLISH, target)}")
    lines += ["  " + _visible(" · ".join(row)) for row in look.first]
    if reading["open_dates"] and not reading.get("order"):
        lines.append("Day or month first? Say --dates dmy or --dates mdy; until then left out.")
    if look.bad or look.flawed or look.likely:
        lines.append(
            f"{look.bad:,} rows cannot be imported, {look.flawed:,} lose a value, "
            f"{look.likely:,} are probably there already:"
        )
    for line, *problem in look.problems[:20]:
        lines.append(f"  line {line}: {_visible(problem_words(_ENGLISH, *problem))}")
    if look.perhaps:
        lines.append(f"{look.perhaps:,} look like somebody known; see the doubles later.")
    return lines


def _visible(text: str) -> str:
    # A file may hold what a terminal obeys.
    return "".join(sign for sign in text if sign.isprintable())


def begun(store: Store, wish: Wish) -> Import | None:
    """An import of this content that was broken off, or is finished already.

    Raises CannotImport when it is finished and nobody said that it is wanted again.
    """
    for each in store.read(partial(imports.same_content, digest=digest_of(wish.file))):
        if each.state is ImportState.RUNNING and each.channel is None:
            return each
        if each.state is ImportState.DONE and not wish.again:
            raise CannotImport(
                f"Exactly this content was imported as import {each.number}; "
                "--again imports it once more."
            )
    return None


def digest_of(path: Path) -> str:
    """What a file's content comes to."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def carried_out(store: Store, wish: Wish, look: Look, progress: Progress) -> Import:
    """Write the rows; the import as it is then. Raises CannotImport."""
    if wish.mode is ImportMode.ALL_OR_NOTHING:
        wrong = look.bad + look.flawed + look.likely
        if wrong:
            raise CannotImport(f"{wrong:,} rows are not as they should be: nothing was written.")
        return _at_once(store, wish, look, progress)
    digest, size = digest_of(wish.file), wish.file.stat().st_size
    record = store.write(
        partial(imports.begin_here, file_name=wish.file.name, digest=digest, size=size)
    )
    record = store.write(
        partial(
            imports.start_here,
            import_id=record.id,
            look=look,
            mode=wish.mode,
            on_known=wish.on_known,
        )
    )
    return gone_on(store, record, wish.file, progress)


def gone_on(store: Store, record: Import, file: Path, progress: Progress) -> Import:
    """Write the rows that are not written yet, piece by piece."""
    after, done = record.cursor, record.done
    total = int(record.found.get("total", 0))
    for piece in _pieces(file, record.reading, store, after):
        store.write(partial(import_rows.write, import_id=record.id, people=piece, after=after))
        after = piece[-1].ends
        done += len(piece)
        progress(done, total)
    return store.write(partial(imports.finish, import_id=record.id))


def _pieces(
    file: Path, reading: dict[str, Any], store: Store, after: int
) -> Iterator[list[Person]]:
    people = import_look.people_of(file, reading, store.clock.now().date(), after)
    while piece := list(islice(people, PIECE)):
        yield piece


def _at_once(store: Store, wish: Wish, look: Look, progress: Progress) -> Import:
    """All rows in one transaction: whatever happens, they are all there or none is."""

    def write(work: Work) -> Import:
        digest, size = digest_of(wish.file), wish.file.stat().st_size
        begun = imports.begin_here(work, wish.file.name, digest, size)
        imports.start_here(work, begun.id, look, wish.mode, wish.on_known)
        after = done = 0
        for piece in _pieces(wish.file, look.reading, store, 0):
            record = import_rows.write(work, begun.id, piece, after)
            if wrong_of(record):
                raise Refused("import.has_bad", number=record.number, count=1)
            after = piece[-1].ends
            done += len(piece)
            work.let_go()
            progress(done, look.total)
        return imports.finish(work, begun.id)

    try:
        return store.write(write)
    except Refused as refused:
        raise CannotImport(_ENGLISH.say(refused.key, **refused.values)) from None


def summary(record: Import) -> str:
    """What it did, in a line."""
    names = (*_NAMES,)
    parts = [
        f"{record.counts[name]:,} {_ENGLISH.say(f'import.count.{name}').lower()}"
        for name in names
        if record.counts.get(name)
    ]
    return f"Import {record.number}: " + (", ".join(parts) or "nothing to do") + "."


_NAMES = (
    *("created", "changed", "same", "skipped", "flawed", "likely", "perhaps", "bad"),
    *("orders", "taken_back", "restored", "kept"),
)


def problems(store: Store, record: Import, path: Path) -> bool:
    """Write the rows that are not there as they stand in the file; whether there are any."""
    if not wrong_of(record):
        return False
    path.write_bytes(store.read(partial(imports.problems_of, import_id=record.id)))
    return True


def undone(store: Store, number: int, progress: Progress) -> Import:
    """Take a whole import back. Raises CannotImport."""
    try:
        record = store.write(lambda work: imports.numbered(work, number))
        if record.state is ImportState.RUNNING:
            # Broken off, and not to be gone on with.
            record = store.write(lambda work: imports.cancel(work, imports.numbered(work, number)))
        else:
            record = store.write(lambda work: imports.undo(work, imports.numbered(work, number)))
    except Refused as refused:
        raise CannotImport(_ENGLISH.say(refused.key, **refused.values)) from None
    total = record.done
    while record.state is ImportState.UNDOING:
        record = store.write(partial(import_undo.undo_piece, import_id=record.id, limit=PIECE // 2))
        progress(total - record.done, total)
    return record


def exported(store: Store, path: Path, words: str, progress: Progress) -> int:
    """Write customers into a file; how many. Raises CannotImport."""
    kind = path.suffix.lower().lstrip(".")
    kind = {"vcard": "vcf"}.get(kind, kind)
    if kind not in ("csv", "xlsx", "vcf", "json"):
        raise CannotImport("The file's name ends in .csv, .xlsx, .vcf or .json.")
    beside = path.with_name(f".{path.name}.part")
    try:
        count = store.read(lambda work: exports.write(work, words, kind, beside, progress))
        beside.replace(path)
    except Refused as refused:
        raise CannotImport(_ENGLISH.say(refused.key, **refused.values)) from None
    finally:
        beside.unlink(missing_ok=True)
    return count
