"""Files of customers: kept, read, shown, started, finished; the file goes when it is over."""

import csv
import io
import json
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers.actions import whereabouts
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, post, refresh, send
from handlers.actions.policies import team_voice
from handlers.cards import imports as cards
from handlers.exporting.writers import defused
from handlers.importing import columns
from handlers.importing.opening import ENDINGS
from handlers.message import Incoming, Media, Reply
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import house, imports
from storage.records import (
    Import,
    ImportMode,
    ImportPiece,
    ImportState,
    Member,
    OnKnown,
    Subject,
    Unsure,
)
from storage.work import Work

# A file that comes through a chat; the command line takes larger ones.
LARGEST = 50 * 1024 * 1024
SHOWN_EVERY = timedelta(seconds=2)
# The door by which our own files are fetched, when they go out.
PROBLEMS = "import-problems"
_WAITING = (ImportState.READY, ImportState.READING, ImportState.FETCHING)


def is_table(media: Media) -> bool:
    """Whether a file may be one of customers, by its name."""
    return media.name.lower().endswith(ENDINGS)


@action(Permission.CAMPAIGN, audited=True)
def receive(work: Work, incoming: Incoming) -> Import:
    """Take a file that was dropped into a chat; it is fetched and read soon."""
    media = next((each for each in incoming.media if is_table(each)), None)
    if media is None:
        raise Refused("import.which_file")
    if media.size > LARGEST:
        raise Refused("import.too_large_for_chat", most=LARGEST // 1024 // 1024)
    return work.add(
        Import(
            number=house.next_number(work, "import"),
            file_name=media.name,
            size=media.size,
            media=vars(media),
            channel=incoming.chat,
            created_by=me(work).id,
            created_at=work.now,
        )
    )


@action(Permission.SYSTEM, audited=True)
def begin_here(work: Work, file_name: str, digest: str, size: int) -> Import:
    """Begin with a file of this machine, which the command line reads by itself."""
    return work.add(
        Import(
            number=house.next_number(work, "import"),
            file_name=file_name[:128],
            digest=digest,
            size=size,
            state=ImportState.READING,
            created_at=work.now,
        )
    )


@action(Permission.SYSTEM)
def same_content(work: Work, digest: str) -> list[Import]:
    """Imports of exactly this content, the newest first."""
    return imports.of_content(work, digest)


@action(Permission.SYSTEM)
def under_way(work: Work) -> list[Import]:
    """Imports from chats that something is to be done about, the oldest first."""
    return imports.under_way(work)


@action(Permission.READ)
def numbered(work: Work, number: int) -> Import:
    """The import of that number. Raises Refused("import.unknown")."""
    found = imports.numbered(work, number)
    if found is None:
        raise Refused("import.unknown", number=number)
    return found


@action(Permission.READ)
def recent(work: Work) -> list[Import]:
    """The newest imports."""
    return imports.recent(work)


# The file


@action(Permission.SYSTEM)
def keep_piece(work: Work, import_id: int, position: int, content: bytes) -> None:
    """Keep a part of a file."""
    work.add(ImportPiece(import_id=import_id, position=position, packed=zlib.compress(content, 1)))


@action(Permission.SYSTEM)
def forget_pieces(work: Work, import_id: int) -> None:
    """Begin anew with the content of a file."""
    imports.forget_content(work, import_id)


@action(Permission.SYSTEM)
def arrived(work: Work, import_id: int, digest: str, size: int) -> Import:
    """All of a file is kept; it is read next."""
    record = work.sure(Import, import_id)
    if record.state is ImportState.FETCHING:
        record.state, record.digest, record.size = ImportState.READING, digest, size
    return record


@dataclass
class Look:
    """What a look at a whole file found."""

    reading: dict[str, Any] = field(default_factory=dict)
    total: int = 0
    bad: int = 0
    flawed: int = 0
    # How many would be new, known, perhaps somebody who is known.
    new: int = 0
    known: int = 0
    likely: int = 0
    perhaps: int = 0
    # The first people, each as shown, and the first problems: [line, key, field, value].
    first: list[list[str]] = field(default_factory=list)
    problems: list[list[Any]] = field(default_factory=list)


@action(Permission.SYSTEM)
def looked_at(work: Work, import_id: int, look: Look) -> Import:
    """Note what was found, and show it to whoever brought the file."""
    record = work.sure(Import, import_id)
    if record.state is not ImportState.READING:
        return record
    names = ("changes", "order", "unknown")
    told = {name: record.reading[name] for name in names if name in record.reading}
    record.reading = look.reading | told
    record.found = {name: value for name, value in vars(look).items() if name != "reading"}
    earlier = [each for each in imports.of_content(work, record.digest or "") if _counts(each)]
    if earlier:
        record.found = record.found | {"again": earlier[0].number}
    record.state = ImportState.READY
    show(work, record)
    return record


def _counts(record: Import) -> bool:
    return record.state in (ImportState.DONE, ImportState.RUNNING)


# Deciding


@action(Permission.CAMPAIGN, audited=True)
def start(work: Work, record: Import, mode: ImportMode) -> Import:
    """Write what is good, or all or nothing."""
    if record.state is ImportState.RUNNING:
        return record
    if record.state is not ImportState.READY:
        raise Refused("import.not_ready", number=record.number)
    found = record.found
    wrong = found.get("bad", 0) + found.get("flawed", 0) + found.get("likely", 0)
    if mode is ImportMode.ALL_OR_NOTHING and wrong:
        raise Refused("import.has_bad", number=record.number, count=wrong)
    record.mode, record.state, record.started_at = mode, ImportState.RUNNING, work.now
    record.cursor, record.done, record.counts = 0, 0, {}
    return record


@action(Permission.SYSTEM, audited=True)
def start_here(
    work: Work, import_id: int, look: Look, mode: ImportMode, on_known: OnKnown
) -> Import:
    """The same for a file of this machine."""
    record = work.sure(Import, import_id)
    record.reading = look.reading
    record.found = {name: value for name, value in vars(look).items() if name != "reading"}
    record.mode, record.on_known = mode, on_known
    record.state, record.started_at = ImportState.RUNNING, work.now
    return record


@action(Permission.CAMPAIGN, audited=True)
def change_reading(
    work: Work,
    record: Import,
    changes: str,
    order: str,
    on_known: OnKnown,
    unknown: str = "make",
) -> Import:
    """Say what columns mean, which way dates are written, and what happens to known people."""
    if record.state not in _WAITING:
        raise Refused("import.not_ready", number=record.number)
    header = record.reading.get("header", [])
    if changes and columns.read_map(changes, header, record.reading.get("targets", [])) is None:
        raise Refused("import.bad_map")
    record.reading = record.reading | {
        "changes": changes,
        "order": order,
        "unknown": unknown,
    }
    record.on_known, record.state = on_known, ImportState.READING
    return record


@action(Permission.CAMPAIGN, audited=True)
def cancel(work: Work, record: Import) -> Import:
    """Leave it; what was not begun is forgotten, what was begun is undone."""
    if record.state is ImportState.RUNNING:
        record.state, record.cursor = ImportState.UNDOING, 0
        record.problem = "import.stopped"
    elif record.state in _WAITING:
        record.state, record.finished_at = ImportState.CANCELLED, work.now
        imports.forget_content(work, record.id)
    return record


@action(Permission.CAMPAIGN, audited=True)
def undo(work: Work, record: Import) -> Import:
    """Take all of it back, bit by bit."""
    if record.state is ImportState.UNDOING:
        return record
    if record.state is not ImportState.DONE:
        raise Refused("import.not_done", number=record.number)
    record.state, record.cursor = ImportState.UNDOING, 0
    return record


@action(Permission.SYSTEM)
def stop(work: Work, import_id: int, problem: str) -> Import:
    """It cannot go on: nothing was written yet, or what was written is undone."""
    record = work.sure(Import, import_id)
    begun = record.state is ImportState.RUNNING and record.done > 0
    record.problem = problem
    record.state = ImportState.UNDOING if begun else ImportState.FAILED
    record.cursor = 0
    if not begun:
        record.finished_at = work.now
        imports.forget_content(work, record.id)
    show(work, record)
    return record


@action(Permission.SYSTEM)
def finish(work: Work, import_id: int) -> Import:
    """All rows are written: tell so, with the rows that are not as they should be."""
    record = work.sure(Import, import_id)
    if record.state is not ImportState.RUNNING:
        return record
    record.state, record.finished_at = ImportState.DONE, work.now
    imports.forget_content(work, record.id)
    if record.channel and cards.wrong_of(record):
        _send_problems(work, record)
    show(work, record)
    return record


def _send_problems(work: Work, record: Import) -> None:
    file = Media(
        "document",
        PROBLEMS,
        str(record.id),
        f"import-{record.number}-problems.csv",
        "text/csv",
    )
    words = team_voice(work).say("import.problems_file", number=record.number)
    send(
        work,
        SLACK,
        record.channel or "",
        "upload",
        {"parts": [], "file": vars(file), "as": words},
        key=f"import:{record.id}:problems",
        when_unsure=Unsure.HOLD,
    )


@action(Permission.SYSTEM)
def problems_of(work: Work, import_id: int) -> bytes:
    """The rows that are not there as they stand in the file: as a file, each with what is wrong."""
    record = work.sure(Import, import_id)
    voice = team_voice(work)
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    header = record.reading.get("header", [])
    writer.writerow(["Line", "Problem", *map(defused, header)])
    after = -1
    while rows := imports.rows_with_problems(work, import_id, after, 500):
        for row in rows:
            detail = json.loads(row.detail or "{}")
            told = [cards.problem_words(voice, *each) for each in detail.get("problems", ())]
            if told:
                cells = [defused(cell) for cell in detail.get("cells", ())]
                writer.writerow([row.line, defused("; ".join(told)), *cells])
        after = rows[-1].line
    return file.getvalue().encode("utf-8-sig", "replace")


# The card


@action(Permission.SYSTEM)
def show(work: Work, record: Import) -> None:
    """Post the card, or bring it up to date."""
    if not record.channel:
        return
    is_first = record.shown_at is None
    record.shown_at = work.now
    reply = card(work, record)
    line = f"import:{record.id}"
    if is_first:
        post(
            work,
            record.channel,
            reply,
            key=f"import:{record.id}:card",
            subject=Subject.IMPORT,
            subject_id=record.id,
            line=line,
        )
    else:
        refresh(work, Subject.IMPORT, record.id, reply, line=line, chat=record.channel)


@action(Permission.SYSTEM)
def show_now_and_then(work: Work, record: Import) -> None:
    """Bring the card up to date, but not with every piece."""
    if record.shown_at is None or work.now - record.shown_at >= SHOWN_EVERY:
        show(work, record)


@action(Permission.READ)
def card(work: Work, record: Import) -> Reply:
    """How an import stands, for whoever brought it."""
    owner = work.get(Member, record.created_by)
    voice = Voice(owner.language, owner.zone) if owner is not None else team_voice(work)
    return cards.import_card(voice, record)


@action(Permission.SYSTEM)
def region(work: Work) -> str | None:
    """The country of phones that are written without one."""
    return whereabouts.home_region(work)
