"""Customers who want to be forgotten: what is left of them in the long tables goes bit by bit."""

from datetime import timedelta

from handlers.actions.privacy import erase_more
from jobs.job import job
from storage.work import Work


@job(every=timedelta(seconds=30))
def erase_the_forgotten(work: Work) -> bool:
    """Go through the inbox and the outbox for whoever asked to be forgotten."""
    return erase_more(work)
