"""Files of customers are fetched, read, written and taken back, a little at a time.

All that takes long (fetching, reading, checking values) happens beside the writer; a piece of rows
holds it for some twenty milliseconds, and others have their turn between two pieces. While somebody
writes to us pieces are smaller and further apart: a message goes through the writer several times
before it stands in front of the team. How far an import has come is in the piece's own transaction:
after a crash it goes on behind the last one.
"""

import asyncio
import hashlib
import logging
import tempfile
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from handlers.actions import import_rows, import_undo, imports
from handlers.importing.persons import Person
from handlers.importing.rows import Unreadable
from handlers.message import Media
from jobs import import_look
from storage.engine import Store
from storage.errors import Stale, StorageError
from storage.queries import imports as kept
from storage.records import Import, ImportState
from storage.work import Work

log = logging.getLogger(__name__)

Fetch = Callable[[Media], Awaitable[bytes]]
SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_AFTER_FAILURE = 5.0
TRIES_TO_FETCH = 5
PIECE = 1 << 19
# So much of a processor one piece of rows may take in the writer; the next one is as much larger
# or smaller. What others do at the same time does not count.
SECONDS_A_PIECE = 0.02
FEWEST, MOST = 10, 500
SECONDS_OF_PAUSE = 0.01
# … and while somebody has spoken so lately; the pause is so many times as long as the piece.
SECONDS_A_SMALL_PIECE = 0.007
LATELY = 3.0
PATIENCE = 3
# What is read and checked at a time, beside the writer.
BATCH = 200


class Importer:
    """What is to be done about files of customers, one after the other."""

    def __init__(self, store: Store, fetch: Fetch) -> None:
        self._store = store
        self._fetch = fetch
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._rows = FEWEST
        self._spoken_at = -LATELY
        self._failures: dict[int, int] = {}

    def start(self) -> None:
        """Begin with what was left undone."""
        self._store.when_written("imports", self._wake.set)
        self._task = asyncio.get_running_loop().create_task(self._for_ever())

    async def stop(self) -> None:
        """End behind the piece that is being written."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _for_ever(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                busy = await self._next()
            except Stale:
                # Somebody has pressed a button, or another process was quicker: look again.
                busy = True
            except StorageError as trouble:
                log.warning("imports wait: %s", type(trouble).__name__)
                await asyncio.sleep(SECONDS_AFTER_FAILURE)
                continue
            if not busy:
                await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), SECONDS_BETWEEN_LOOKS)
        except TimeoutError:
            return

    async def _next(self) -> bool:
        """Do what is next for the oldest import; whether there was any."""
        waiting = await asyncio.to_thread(self._store.read, imports.under_way)
        if not waiting:
            return False
        record = waiting[0]
        try:
            await self._one(record)
        except (Unreadable, UnicodeError) as wrong:
            key = str(wrong) if isinstance(wrong, Unreadable) else "import.not_a_table"
            await self._store.ask(partial(imports.stop, import_id=record.id, problem=key))
        return True

    async def _one(self, record: Import) -> None:
        match record.state:
            case ImportState.FETCHING:
                await self._take(record)
            case ImportState.READING:
                await self._look(record)
            case ImportState.RUNNING:
                await self._run(record)
            case ImportState.UNDOING:
                await self._undo(record)

    # The file

    async def _take(self, record: Import) -> None:
        try:
            content = await self._fetch(Media(**(record.media or {})))
        except FileNotFoundError:
            raise Unreadable("import.file_gone") from None
        except (OSError, TimeoutError, ConnectionError) as away:
            tried = self._failures[record.id] = self._failures.get(record.id, 0) + 1
            log.warning("the file of import %s: %s", record.number, type(away).__name__)
            if tried >= TRIES_TO_FETCH:
                raise Unreadable("import.file_gone") from away
            await asyncio.sleep(SECONDS_AFTER_FAILURE)
            return
        await self._store.ask(partial(imports.forget_pieces, import_id=record.id))
        for position, start in enumerate(range(0, len(content), PIECE)):
            piece = content[start : start + PIECE]
            await self._store.ask(
                partial(imports.keep_piece, import_id=record.id, position=position, content=piece)
            )
        digest = hashlib.sha256(content).hexdigest()
        await self._store.ask(
            partial(imports.arrived, import_id=record.id, digest=digest, size=len(content))
        )

    def _laid_out(self, record: Import, folder: str) -> Path:
        """The file on this machine's disk, for as long as it is read."""
        path = Path(folder) / "file"

        def lay_out(work: Work) -> None:
            with path.open("wb") as file:
                for packed in kept.pieces(work, record.id):
                    file.write(zlib.decompress(packed))

        self._store.read(lay_out)
        return path

    # The look

    async def _look(self, record: Import) -> None:
        with tempfile.TemporaryDirectory(prefix="rapport-import-") as folder:
            look = await asyncio.to_thread(self._looked, record, folder)
        await self._store.ask(partial(imports.looked_at, import_id=record.id, look=look))

    def _looked(self, record: Import, folder: str) -> imports.Look:
        path = self._laid_out(record, folder)
        return import_look.look(self._store, path, record.reading, record.on_known)

    # The rows

    async def _run(self, record: Import) -> None:
        with tempfile.TemporaryDirectory(prefix="rapport-import-") as folder:
            rows = await asyncio.to_thread(self._opened, record, folder)
            after = record.cursor
            while not self._stopping:
                batch = await asyncio.to_thread(lambda: list(islice(rows, BATCH)))
                if not batch:
                    await self._store.ask(partial(imports.finish, import_id=record.id))
                    return
                while batch and not self._stopping:
                    piece, batch = batch[: self._rows], batch[self._rows :]
                    goes_on = await self._write(record.id, piece, after)
                    if not goes_on:
                        return
                    after = piece[-1].ends

    def _opened(self, record: Import, folder: str) -> Iterator[Person]:
        path = self._laid_out(record, folder)
        now = self._store.clock.now()
        return import_look.people_of(path, record.reading, now.date(), record.cursor)

    async def _write(self, import_id: int, piece: list[Person], after: int) -> bool:
        """Write a piece; whether the import goes on."""
        spent = _Spent()

        def write(work: Work) -> bool:
            with spent:
                record = import_rows.write(work, import_id, piece, after)
                goes_on = record.state is ImportState.RUNNING
                imports.show_now_and_then(work, record)
                work.flush()
            return goes_on

        goes_on = await self._store.ask(write)
        self._rows = self._fitting(len(piece), spent)
        await self._let_others(spent)
        return goes_on

    def _fitting(self, rows: int, spent: "_Spent") -> int:
        """How many rows the next piece may have, after one of so many."""
        allowed = SECONDS_A_SMALL_PIECE if self._somebody_speaks else SECONDS_A_PIECE
        return max(FEWEST, min(MOST, int(rows * min(2.0, allowed / max(spent.processor, 1e-4)))))

    async def _let_others(self, spent: "_Spent") -> None:
        """Whoever else wants to write has as long, or longer while somebody speaks to us."""
        times = PATIENCE if self._somebody_speaks else 1
        await asyncio.sleep(max(times * spent.clock, SECONDS_OF_PAUSE))

    @property
    def _somebody_speaks(self) -> bool:
        return time.monotonic() - self._spoken_at < LATELY

    async def _undo(self, record: Import) -> None:
        rows = FEWEST
        spent = _Spent()

        def undo(work: Work) -> bool:
            with spent:
                done = import_undo.undo_piece(work, record.id, rows)
                if done.state is ImportState.UNDOING:
                    imports.show_now_and_then(work, done)
                else:
                    imports.show(work, done)
                work.flush()
            return done.state is ImportState.UNDOING

        while not self._stopping and await self._store.ask(undo):
            rows = self._fitting(rows, spent)
            await self._let_others(spent)


class _Spent:
    """What something took, in seconds: of the processor, and by the clock."""

    processor = clock = 0.0

    def __enter__(self) -> None:
        self._begun = time.thread_time(), time.monotonic()

    def __exit__(self, *_: object) -> None:
        processor, clock = self._begun
        self.processor, self.clock = time.thread_time() - processor, time.monotonic() - clock
