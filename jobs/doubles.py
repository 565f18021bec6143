"""Looking for customers who are in the book twice."""

from datetime import timedelta

from handlers.actions.new_doubles import look_at_new
from handlers.actions.nightly_doubles import look_at_all
from jobs.job import job
from storage.work import Work


@job(every=timedelta(seconds=5))
def look_for_doubles_of_the_new(work: Work) -> bool:
    """Compare those who came lately with everybody whose name or address is near."""
    return look_at_new(work)


@job(every=timedelta(seconds=1))
def look_for_doubles_at_night(work: Work) -> bool:
    """Write down what a look at all customers has found: at night, or when many came at once."""
    return look_at_all(work)
