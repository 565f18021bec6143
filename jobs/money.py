"""What is done with figures of money when time passes."""

from datetime import timedelta

from handlers.actions import nps, rfm
from jobs.job import job
from storage.work import Work


@job(every=timedelta(minutes=10))
def cut_fifths(work: Work) -> bool:
    """See once a day where the fifths of the customers begin, five thousand at a time."""
    return rfm.make_more(work)


@job(every=timedelta(minutes=15))
def ask_new_buyers(work: Work) -> None:
    """Ask new buyers how likely they would recommend us, when the house wants that."""
    nps.ask_new_buyers(work)
