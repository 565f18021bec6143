"""What runs for as long as the process: a bug that ends it is told, and it begins again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.columns import new_id

log = logging.getLogger(__name__)

SECONDS_AT_FIRST = 1.0
SECONDS_AT_MOST = 60.0


class Endless:
    """One such body; `trouble` says what broke, until it runs again."""

    def __init__(
        self,
        name: str,
        body: Callable[[], Awaitable[None]],
        seconds_at_first: float = SECONDS_AT_FIRST,
    ) -> None:
        self.name = name
        self.trouble = ""
        self._body = body
        self._wait = self._at_first = seconds_at_first
        self._kind = ""
        self._task: asyncio.Future[None] | None = None
        self._again: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Run it."""
        self._task = asyncio.ensure_future(self._body())
        self._task.add_done_callback(self._ended)

    def runs_well(self) -> None:
        """What broke is over: a round was made, or the body came to its end."""
        self.trouble, self._kind, self._wait = "", "", self._at_first

    async def end(self) -> None:
        """Let it go, wherever it is."""
        if self._again is not None:
            self._again.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _ended(self, task: asyncio.Future[None]) -> None:
        if task.cancelled():
            return
        failure = task.exception()
        if failure is None:
            self.runs_well()
            return
        self._note(failure)
        self._again = task.get_loop().call_later(self._wait, self.begin)
        self._wait = min(self._wait * 2, SECONDS_AT_MOST)

    def _note(self, failure: BaseException) -> None:
        """Log a failure once, with a number that `/health` shows too."""
        kind = type(failure).__name__
        if kind == self._kind:
            log.warning("%s broke again; it begins anew in %.0f s", self.trouble, self._wait)
            return
        self._kind = kind
        self.trouble = f"{self.name} broke ({kind}, number {new_id()})"
        log.error("%s; it begins anew in %.0f s", self.trouble, self._wait, exc_info=failure)
