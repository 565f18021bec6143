"""A look for doubles in a thread of its own, on a connection that only reads.

Pairs that may be one person wait in a queue until somebody writes them down: the writer is never
held by comparing, and memory does not grow with the number of pairs that are found.
"""

import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from storage.doubles.judging import Verdict
from storage.errors import StorageError
from storage.work import Transaction, Work

T = TypeVar("T")

log = logging.getLogger(__name__)

WAITING = 1000
# How much of the time the thread rests, so that everybody else gets on.
REST = 0.5


class Broken(Exception):
    """A look at contacts has ended before its end."""


class Look(ABC):
    """A look at some contacts or all; `found` is to be emptied by whoever started it."""

    def __init__(
        self,
        connect: Callable[[], Engine],
        now: datetime,
        least: float,
        after: int = 0,
        rest: float = REST,
    ) -> None:
        # A connection of its own: the writer's begins with taking the lock.
        self._connect = connect
        self._now = now
        self._least = least
        self._rest = rest
        self._stopping = threading.Event()
        self.found: queue.Queue[tuple[int, int, Verdict]] = queue.Queue(WAITING)
        # How far it has come: an id, and what has been found up to there is in the queue.
        self.at = after
        self._thread = threading.Thread(target=self._run, name="doubles", daemon=True)
        self._came_to_its_end = False

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Leave off soon; what has been found can still be taken."""
        self._stopping.set()

    @property
    def is_over(self) -> bool:
        """Whether everybody has been looked at, or nobody will be."""
        return not self._thread.is_alive()

    @property
    def is_broken(self) -> bool:
        """Whether it ended before its end, the database being busy or gone."""
        return self.is_over and not self._came_to_its_end

    def _run(self) -> None:
        engine = self._connect()
        try:
            self._look(engine)
            self._came_to_its_end = True
        except (SQLAlchemyError, StorageError, OSError) as trouble:
            # Busy, gone, or no room on the disk for what is set aside.
            log.warning("the look for doubles waits: %s", type(trouble).__name__)
        finally:
            engine.dispose()

    @abstractmethod
    def _look(self, engine: Engine) -> None:
        """Look, and hand over what is found; leaves off when it is to stop."""

    def _read(self, engine: Engine, piece: Callable[[Work], T]) -> T:
        """A short transaction: a long one would keep the write-ahead log from being emptied."""
        begun = time.perf_counter()
        with engine.connect() as connection, connection.begin():
            answer = piece(Work(Transaction(connection), self._now))
        self._pause(begun)
        return answer

    def _pause(self, begun: float) -> None:
        """Rest for as long as what was begun then deserves."""
        if self._rest:
            time.sleep((time.perf_counter() - begun) * self._rest)

    def _hand_over(self, found: tuple[int, int, Verdict]) -> None:
        while not self._stopping.is_set():
            try:
                self.found.put(found, timeout=0.5)
            except queue.Full:
                continue
            return
