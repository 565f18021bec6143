"""What is no longer needed goes."""

from datetime import timedelta

from handlers.actions.hygiene import forget_old
from jobs.job import job
from storage.work import Work


@job(every=timedelta(hours=1))
def forget_what_is_old(work: Work) -> bool:
    """Drop handled updates after thirty days; the platforms repeat nothing for so long."""
    return forget_old(work)
