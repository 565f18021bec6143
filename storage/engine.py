"""The database: opened, read from any thread, written by one.

All writing goes through one thread that owns the one writing connection. It takes everything that
waits into one transaction, so that a message costs a share of a commit and not a commit, and
answers each caller after the commit. When one piece fails, each gets a transaction of its own.
"""

import asyncio
import json
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.util import LRUCache

from storage.errors import Busy, Stale
from storage.memory import Memory
from storage.queries.house import PRESENCE, presence_of
from storage.work import SYSTEM, Actor, Clock, Piece, Transaction, Work

T = TypeVar("T")

# How many pieces of work may share a commit, and how often one is done again after Stale.
LARGEST_GROUP = 256
STALE_TRIES = 5

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",
    "PRAGMA journal_size_limit=67108864",
    # What a few thousand customers write touches more pages than the usual two megabytes hold.
    "PRAGMA cache_size=-16000",
    # A page that is written again and again goes into the file itself once in 8 MB, and not 4.
    "PRAGMA wal_autocheckpoint=2000",
)


def connect(url: str, begin: str = "BEGIN") -> Engine:
    """An engine for `url`; `begin` is how its transactions start on SQLite."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=4,
            hide_parameters=True,
        )
    if parsed.database:
        _make_private(Path(parsed.database))
    engine = create_engine(
        parsed,
        connect_args={"check_same_thread": False},
        pool_size=4,
        # What people said would stand in tracebacks, and so in the log.
        hide_parameters=True,
        json_serializer=_as_json,
        json_deserializer=_from_json,
    )

    @event.listens_for(engine, "connect")
    def set_up(raw: sqlite3.Connection, _: object) -> None:
        # The driver's own idea of when a transaction starts would split a migration in two.
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(pragma)

    _share_statements(engine)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


# SQLAlchemy keeps what it has compiled by engine and by dialect. A process has several engines for
# SQLite, one that writes and some that read: what one has compiled the others need not.
_compiled: LRUCache[Any, Any] = LRUCache(2000)
_dialects: list[Dialect] = []


def _share_statements(engine: Engine) -> None:
    if not _dialects:
        _dialects.append(engine.dialect)
    engine.dialect = _dialects[0]
    engine.update_execution_options(compiled_cache=_compiled)


# Made once: `json.dumps` and `json.loads` look at ten arguments first.
_encode = json.JSONEncoder().encode
_decode = json.JSONDecoder().decode


def _as_json(value: Any) -> str:
    # Most messages come without files, and most records without fields of one's own.
    return "[]" if value == [] else "{}" if value == {} else _encode(value)


def _from_json(text: str) -> Any:
    return {} if text == "{}" else _decode(text)


def _make_private(path: Path) -> None:
    """Customers' words will be in that file: nobody else on this machine may read it.

    SQLite gives the files that it lays beside it the same rights.
    """
    path.resolve().parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL; None for every other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


@dataclass
class _Waiting:
    piece: Piece[Any]
    actor: Actor
    answer: "Future[Any] | asyncio.Future[Any]"
    # The event loop in which somebody waits for the answer, if it is not a thread.
    loop: asyncio.AbstractEventLoop | None = None
    # What must be on disk before the piece is begun, and nothing else in between.
    before: Piece[Any] | None = None


@dataclass(frozen=True)
class _Listener:
    table: str
    call: Callable[[], object]
    loop: asyncio.AbstractEventLoop


class Store:
    """One database, with its clock."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = url
        self.clock = clock or Clock()
        self._writing = connect(url, "BEGIN IMMEDIATE")
        self._reading = connect(url)
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        # With a server others write too, and nothing may be taken for granted.
        self._memory = Memory() if self.dialect == "sqlite" else None
        self._presence: Connection | None = None
        self._listeners: list[_Listener] = []
        self._thread = threading.Thread(target=self._write_for_ever, name="writer", daemon=True)
        self._thread.start()

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._writing.dialect.name

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and backups."""
        return self._writing

    def when_written(self, table: str, listener: Callable[[], object]) -> None:
        """Call `listener` after each commit that wrote this table, in the event loop of now."""
        self._listeners.append(_Listener(table, listener, asyncio.get_running_loop()))

    def submit(self, piece: Piece[T], actor: Actor = SYSTEM) -> "Future[T]":
        """Have `piece` done by the writer; the future answers after the commit."""
        answer: Future[T] = Future()
        self._waiting.put(_Waiting(piece, actor, answer))
        return answer

    def ask(self, piece: Piece[T], actor: Actor = SYSTEM) -> "asyncio.Future[T]":
        """The same for whoever waits in an event loop: it is woken once for a whole group."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._waiting.put(_Waiting(piece, actor, answer, loop))
        return answer

    def ask_after(self, before: Piece[Any], piece: Piece[T]) -> "asyncio.Future[T]":
        """Have `before` committed and then `piece` done, by themselves and with nothing between.

        For what must be noted before something is tried that may end the process: the shorter the
        time between, the less often it is noted of something else that just happened to be there.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._waiting.put(_Waiting(piece, SYSTEM, answer, loop, before))
        return answer

    def write(self, piece: Piece[T], actor: Actor = SYSTEM) -> T:
        """Do `piece` and wait for its commit. Not from the event loop."""
        return self.submit(piece, actor).result()

    def read(self, piece: Piece[T], actor: Actor = SYSTEM) -> T:
        """Do `piece` on a reading connection in this thread; what it writes is thrown away."""
        with self._reading.connect() as connection, connection.begin() as transaction:
            answer = piece(Work(Transaction(connection), self.clock.now(), actor))
            transaction.rollback()
        return answer

    def be_present(self, name: str) -> None:
        """On PostgreSQL, hold a lock that says that this process is there, until it ends.

        Asked again it only looks: a server that was restarted has forgotten the lock. Raises Busy.
        """
        if self.dialect != "postgresql":
            return
        keys = {"class": PRESENCE, "name": presence_of(name)}
        ask = "SELECT pg_advisory_lock(:class, :name)" if self._presence is None else "SELECT 1"
        try:
            if self._presence is None:
                self._presence = self._reading.connect()
            self._presence.execute(text(ask), keys)
            # The lock belongs to the session; an open transaction would hold back the vacuum.
            self._presence.commit()
        except (OperationalError, InterfaceError) as lost:
            if self._presence is not None:
                self._presence.close()
            self._presence = None
            raise Busy(str(lost.orig)) from lost

    def close(self) -> None:
        """Finish what waits and let go of the database."""
        self._waiting.put(None)
        self._thread.join()
        if self._presence is not None:
            self._presence.close()
        self._writing.dispose()
        self._reading.dispose()

    # The writer's thread

    def _write_for_ever(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            group = [first]
            goes_on = True
            while len(group) < LARGEST_GROUP and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    goes_on = False
                    break
                group.append(following)
            self._do(group)
            if not goes_on:
                return

    def _do(self, group: list[_Waiting]) -> None:
        if any(waiting.before is not None for waiting in group) and len(group) > 1:
            for waiting in group:
                self._do([waiting])
            return
        try:
            if group[0].before is not None:
                self._together([replace(group[0], piece=group[0].before)])
            answers = self._together(group)
        except BaseException as failure:  # noqa: BLE001 (not stopped here: whoever waits gets it)
            if len(group) > 1:
                for waiting in group:
                    self._do([waiting])
            else:
                _tell(group, [failure], failed=True)
            return
        _tell(group, answers)

    def _together(self, group: list[_Waiting]) -> list[Any]:
        tries = STALE_TRIES if len(group) == 1 else 1
        while True:
            tries -= 1
            try:
                return self._in_one_transaction(group)
            except Stale:
                if not tries:
                    raise
            except (OperationalError, InterfaceError) as trouble:
                raise Busy(str(trouble.orig)) from trouble

    def _in_one_transaction(self, group: list[_Waiting]) -> list[Any]:
        now = self.clock.now()
        with self._writing.connect() as connection:
            transaction = Transaction(connection, memory=self._memory)
            with ExitStack() as otherwise:
                otherwise.callback(transaction.undone)
                with connection.begin():
                    answers = []
                    for waiting in group:
                        work = Work(transaction, now, waiting.actor)
                        answers.append(waiting.piece(work))
                        work.note_changes()
                    transaction.flush()
                    transaction.count_up()
                otherwise.pop_all()
        transaction.committed()
        self._tell_listeners(transaction.written)
        return answers

    def _tell_listeners(self, tables: set[str]) -> None:
        for listener in self._listeners:
            if listener.table in tables:
                # A loop that has ended has nobody left who listens.
                with suppress(RuntimeError):
                    listener.loop.call_soon_threadsafe(listener.call)


def _tell(group: list[_Waiting], answers: list[Any], *, failed: bool = False) -> None:
    """Give everybody their answer; an event loop is called once for all who wait in it."""
    in_loops: dict[asyncio.AbstractEventLoop, list[tuple[Any, Any]]] = {}
    for waiting, answer in zip(group, answers, strict=True):
        if waiting.loop is not None:
            in_loops.setdefault(waiting.loop, []).append((waiting.answer, answer))
        else:
            _settle([(waiting.answer, answer)], failed)
    for loop, pairs in in_loops.items():
        # A loop that has ended has nobody left who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, pairs, failed)


def _settle(pairs: list[tuple[Any, Any]], failed: bool) -> None:
    for future, answer in pairs:
        if future.done():
            continue
        if failed:
            future.set_exception(answer)
        else:
            future.set_result(answer)
