"""Records made better while nobody waits: counted, asked about, their companies looked up."""

from datetime import timedelta

from handlers.actions.companies import link_more
from handlers.actions.quality import ask_owners, count_more
from jobs.job import job
from storage.work import Work

# So few that a customer's message, which may come in behind them, hardly waits.
AT_A_TIME = 50


@job(every=timedelta(minutes=1))
def link_companies(work: Work) -> bool:
    """Look up where people work whose records name a company."""
    return link_more(work, AT_A_TIME)


@job(every=timedelta(seconds=1))
def count_quality(work: Work) -> None:
    """Go on with the day's count of how complete and plausible all records are, and rest."""
    count_more(work)


@job(every=timedelta(minutes=15))
def ask_for_gaps(work: Work) -> None:
    """Ask owners, once a week at the most, for one thing that is missing."""
    ask_owners(work)
