"""Follow-ups whose moment has come, and tickets whose snooze is over."""

from datetime import timedelta

from handlers.actions import clock_changes, later, morning
from handlers.actions.reminding import nudge_ignored, remind_of_due
from handlers.actions.tickets import wake, woken
from jobs.job import job
from storage.work import Work

# So many in a transaction: what one costs, however few they are, is shared by enough of them, and
# others write in between after some 40 ms at the most.
AT_A_TIME = 4000
# What is read and told one by one.
A_FEW = 64

# Each of these draws a card anew: a customer's message, which may come in behind, hardly waits.
CARDS_AT_A_TIME = 8


@job(every=timedelta(milliseconds=500))
def remind(work: Work) -> bool:
    """Tell owners of what is due; late ones too, marked late."""
    return remind_of_due(work, AT_A_TIME)


@job(every=timedelta(seconds=30))
def nudge(work: Work) -> bool:
    """Say once more what was ignored, and then to the managers."""
    return nudge_ignored(work, A_FEW)


@job(every=timedelta(seconds=5))
def tell_in_the_morning(work: Work) -> None:
    """Send the lists of the morning."""
    morning.send_due(work)


@job(every=timedelta(seconds=1))
def say_later(work: Work) -> bool:
    """Say to customers what was written for this moment."""
    return later.say_due(work, A_FEW)


@job(every=timedelta(seconds=60))
def follow_the_clocks(work: Work) -> bool:
    """When governments have moved their clocks, compute anew what is due when."""
    return clock_changes.recompute(work)


@job(every=timedelta(seconds=2))
def wake_tickets(work: Work) -> bool:
    """Bring back what was put aside."""
    tickets = woken(work, CARDS_AT_A_TIME)
    for ticket in tickets:
        wake(work, ticket)
    return len(tickets) == CARDS_AT_A_TIME
