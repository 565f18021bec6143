"""Follow-ups whose moment has come, and tickets whose snooze is over."""

from datetime import timedelta

from handlers.actions.follow_ups import due, remind_of
from handlers.actions.tickets import wake, woken
from jobs.job import job
from storage.work import Work

AT_A_TIME = 64


@job(every=timedelta(seconds=1))
def remind(work: Work) -> bool:
    """Tell owners of what is due; late ones too, marked late."""
    follow_ups = due(work, AT_A_TIME)
    for follow_up in follow_ups:
        remind_of(work, follow_up)
    return len(follow_ups) == AT_A_TIME


@job(every=timedelta(seconds=2))
def wake_tickets(work: Work) -> None:
    """Bring back what was put aside."""
    for ticket in woken(work):
        wake(work, ticket)
