"""One process for one SQLite file: whoever comes second is told who is there already."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from storage.errors import Busy


class Guard:
    """Holds `<database>.lock` for as long as this process works with the database.

    The system lets go of the lock when a process ends in whatever way, so nobody has to tidy up
    after a crash; the file itself stays, for taking it away would let two processes in.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Become the one process. Raises Busy, naming the other one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with file:
                pid = file.read().strip() or "unknown"
            raise Busy(
                f"Another Rapport (process {pid}) works with {self.path.with_suffix('')}: "
                "stop it first."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def is_taken(self) -> bool:
        """Whether some process holds it now."""
        if self._file is not None:
            return True
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            try:
                # Shared, and let go at once: looking must not keep out who wants to begin.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def release(self) -> None:
        """Let others in."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
