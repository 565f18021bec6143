"""The desk by the clock: requests handed out and closed, members who come back or have left."""

from datetime import timedelta

from handlers.actions.assignment import hand_out
from handlers.actions.handover import offer_left_behind, welcome_back
from handlers.actions.tickets import close_old
from jobs.job import job
from storage.work import Work

# So few that a customer's message, which may come in behind them, hardly waits.
AT_A_TIME = 8


@job(every=timedelta(seconds=2))
def hand_out_requests(work: Work) -> bool:
    """Give new requests to whoever's turn it is, when the policy says so."""
    return hand_out(work, AT_A_TIME) == AT_A_TIME


@job(every=timedelta(minutes=1))
def close_old_requests(work: Work) -> bool:
    """Close what was resolved some days ago."""
    return close_old(work, AT_A_TIME) == AT_A_TIME


@job(every=timedelta(seconds=30))
def look_after_absent_members(work: Work) -> None:
    """Welcome whoever is back, and have the work of whoever has left offered to others."""
    welcome_back(work)
    offer_left_behind(work)
