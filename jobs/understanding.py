"""Reading along with the conversations, and learning from how they were filed."""

from datetime import timedelta

from handlers.actions.articles import fall_through, unanswered
from handlers.actions.learning import learn
from handlers.actions.reading import read_along
from jobs.job import job
from storage.work import Work

# So few that a customer's message, which may come in behind them, hardly waits.
AT_A_TIME = 16


@job(every=timedelta(milliseconds=250))
def read_what_was_said(work: Work) -> None:
    """Propose to staff what follows from what was said, and offer articles."""
    read_along(work, AT_A_TIME)


@job(every=timedelta(seconds=5))
def ask_people_after_all(work: Work) -> None:
    """Turn to people where an article was offered and nobody said whether it helped."""
    for made in unanswered(work, AT_A_TIME):
        fall_through(work, made)


@job(every=timedelta(seconds=5))
def learn_from_filing(work: Work) -> bool:
    """Learn how requests are filed, beside the work."""
    return learn(work)
