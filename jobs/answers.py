"""Answers that are late: shown as waiting while the platform is down or slow."""

from datetime import timedelta

from handlers.actions.holding import show_slow
from jobs.job import job
from storage.work import Work


@job(every=timedelta(seconds=2))
def show_waiting(work: Work) -> None:
    """Mark with an hourglass the answers that should have gone by now."""
    show_slow(work)
