"""Deals with which nothing happens."""

from datetime import timedelta

from handlers.actions.quiet_deals import alert
from jobs.job import job
from storage.work import Work


@job(every=timedelta(minutes=5))
def alert_of_quiet_deals(work: Work) -> bool:
    """Tell owners of deals that have gone quiet, once in each silence."""
    return alert(work)
