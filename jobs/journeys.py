"""Journeys: people put on them, led from step to step, and asked about what came too late."""

from datetime import timedelta
from typing import Any
from weakref import WeakSet

from handlers.actions.travelling import ask_about_passed, go_on, let_begin
from jobs.job import job
from storage.work import Work

# Where this process has looked already: what was due before that had nobody who looked.
_awake: WeakSet[Any] = WeakSet()


@job(every=timedelta(seconds=1))
def begin_journeys(work: Work) -> bool:
    """Put on a journey whoever has come to begin it."""
    if work.engine not in _awake:
        _awake.add(work.engine)
        ask_about_passed(work)
    return let_begin(work)


@job(every=timedelta(seconds=1))
def walk_journeys(work: Work) -> bool:
    """Do the steps that are due, for everybody once."""
    # Nothing goes before it was asked about what came too late.
    return work.engine in _awake and go_on(work)
