"""What is no longer needed goes."""

from datetime import timedelta

from handlers.actions.hygiene import forget_in_files, forget_old
from jobs.job import job
from storage.work import Work


@job(every=timedelta(hours=1))
def forget_what_is_old(work: Work) -> bool:
    """Drop handled updates after thirty days; the platforms repeat nothing for so long."""
    return forget_old(work)


@job(every=timedelta(minutes=30))
def forget_names_in_files(work: Work) -> None:
    """Each process for its own files: at night, when somebody has asked to be forgotten."""
    forget_in_files(work)
