"""What is promised: warned of before it is due, said when it is over, timed anew after a change."""

from datetime import timedelta

from handlers.actions import service_levels
from handlers.actions.service_alarms import raise_alarms
from jobs.job import job
from storage.work import Work

AT_A_TIME = 50


@job(every=timedelta(seconds=1))
def raise_service_alarms(work: Work) -> bool:
    """Warn of what is soon due and tell of what is over, each once."""
    tickets = service_levels.needing_attention(work, AT_A_TIME)
    for ticket in tickets:
        raise_alarms(work, ticket)
    return len(tickets) == AT_A_TIME


@job(every=timedelta(seconds=1))
def time_tickets_again(work: Work) -> bool:
    """After a change of hours or targets, work out anew when open tickets are due."""
    return service_levels.time_again(work)
