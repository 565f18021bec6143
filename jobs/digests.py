"""Daily digests, each at the wall time and zone of who gets it."""

from datetime import timedelta

from handlers.actions.digests import due, send_digest
from jobs.job import job
from storage.work import Work


@job(every=timedelta(seconds=5))
def send_digests(work: Work) -> None:
    """Send what is due; days that were missed are one digest."""
    for schedule in due(work):
        send_digest(work, schedule)
