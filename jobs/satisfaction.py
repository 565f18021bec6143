"""The one reminder of a question that was not answered."""

from datetime import timedelta

from handlers.actions.surveys import remind, to_remind
from jobs.job import job
from storage.work import Work


@job(every=timedelta(minutes=1))
def remind_of_surveys(work: Work) -> None:
    """Ask once more how it was, by day and outside quiet hours."""
    for survey in to_remind(work):
        remind(work, survey)
