"""Runs the table of jobs. APScheduler only ticks; what is due is decided here and in our tables.

Its own cron trigger skips days and doubles hours at clock changes, and its stores drop what came
due while the process was down.
"""

import asyncio
import importlib
import logging
import pkgutil
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

import jobs
from jobs.job import JOBS, Job
from storage.engine import Store
from storage.errors import StorageError
from storage.queries import house
from storage.work import Work

log = logging.getLogger(__name__)

# A file laid into this folder is found by itself: nobody has to list it.
for _module in pkgutil.iter_modules(jobs.__path__):
    if _module.name not in ("scheduler", "delivery", "pace"):
        importlib.import_module(f"jobs.{_module.name}")

SECONDS_BETWEEN_TICKS = 0.25
SECONDS_AFTER_FAILURE = 10.0
# A job that has more to do is called again at once, for so long; then the others get their turn.
SECONDS_IN_A_ROW = 0.1
# A tick that was not seen for so long is dead: it is made anew.
SECONDS_UNTIL_DEAD = 30.0


class Scheduler:
    """The clock's voice in this process."""

    def __init__(
        self,
        store: Store,
        every: timedelta = timedelta.max,
        table: Mapping[str, Job] = JOBS,
        seconds_in_a_row: float = SECONDS_IN_A_ROW,
    ) -> None:
        self._store = store
        self._table = table
        self._seconds_in_a_row = seconds_in_a_row
        # The longest time between two looks at a job, whatever the job says.
        self._every = every
        self._next: dict[str, float] = {}
        self._ticked_at = time.monotonic()
        self._scheduler: AsyncIOScheduler | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()
        self._stopping = False

    def start(self) -> None:
        """Begin to tick."""
        self._begin()
        self._watchdog = asyncio.get_running_loop().create_task(self._watch())

    def _begin(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.tick,
            IntervalTrigger(seconds=SECONDS_BETWEEN_TICKS, timezone="UTC"),
            coalesce=True,
            # One that works and one that sees that it does: APScheduler would warn at each.
            max_instances=2,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more; a job that runs is finished."""
        self._stopping = True
        if self._watchdog is not None:
            self._watchdog.cancel()
        # First the tick that runs: APScheduler's shutdown would cancel it in the middle.
        async with self._busy:
            if self._scheduler is not None:
                self._scheduler.shutdown(wait=False)

    @property
    def silent_for(self) -> float:
        """Seconds since the last tick."""
        return time.monotonic() - self._ticked_at

    async def tick(self) -> None:
        """Run what is due, in turns as long as some of it has more to do."""
        if self._busy.locked():
            # The tick before this one is still at it, and finds what has become due by itself.
            return
        self._ticked_at = time.monotonic()
        async with self._busy:
            while await self._round():
                pass

    async def _round(self) -> bool:
        """Each job that is due, for a moment; whether one of them has more to do."""
        more = False
        for job in self._table.values():
            now = time.monotonic()
            if self._stopping or self._next.get(job.name, 0.0) > now:
                continue
            self._next[job.name] = now + min(job.every, self._every).total_seconds()
            if await self._run(job):
                self._next[job.name], more = 0.0, True
            self._ticked_at = time.monotonic()
        return more and not self._stopping

    async def _run(self, job: Job) -> bool:
        """Whether it has more to do.

        One of the two places that stop an error: a job that fails must not stop the others.
        """
        until = time.monotonic() + self._seconds_in_a_row
        more = True
        try:
            while more and time.monotonic() < until:
                more = await self._store.ask(partial(_do, job))
        except StorageError as trouble:
            # Somebody changed the same at the same time, or the database is busy: next time.
            log.warning("the job %s waits: %s", job.name, type(trouble).__name__)
        except Exception:
            log.exception("the job %s failed; again in %.0f s", job.name, SECONDS_AFTER_FAILURE)
            self._next[job.name] = time.monotonic() + SECONDS_AFTER_FAILURE
        else:
            return more
        return False

    async def _watch(self) -> None:
        while True:
            lay_down = time.monotonic()
            await asyncio.sleep(SECONDS_UNTIL_DEAD / 3)
            if time.monotonic() - lay_down > SECONDS_UNTIL_DEAD:
                # The whole process stood still (a machine that slept): the tick as well.
                continue
            if self.silent_for > SECONDS_UNTIL_DEAD and not self._busy.locked():
                log.error("the tick was dead for %.0f s; it is made anew", self.silent_for)
                if self._scheduler is not None:
                    self._scheduler.shutdown(wait=False)
                self._begin()


def _do(job: Job, work: Work) -> bool:
    """A piece of the job, unless another process is at it; whether there is more."""
    return house.begin_alone(work, job.name) and bool(job.body(work))
