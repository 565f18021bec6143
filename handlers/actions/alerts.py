"""Channels in which tickets are only shown: nothing that is written in their threads goes out."""

from handlers.actions import lanes, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SUPPORT
from handlers.actions.policies import AFTERWARDS, policy_in, set_policy_in
from storage.errors import Refused
from storage.records import Ticket
from storage.work import Work

_POLICY = "threads"
_ALERTS = "alerts"


def only_alerts(work: Work, ticket: Ticket, channel: str = "") -> bool:
    """Whether a ticket's thread is only to be read: in its channel, or the one that is named."""
    places = {ticket.channel or SUPPORT, channel or SUPPORT}
    return any(policy_in(work, _POLICY, each) == _ALERTS for each in places)


def must_go_out(work: Work, ticket: Ticket) -> None:
    """Raises Refused where nothing may go to the customer."""
    if only_alerts(work, ticket, ticket.channel or SUPPORT):
        raise Refused("threads.alerts_only")


@action(Permission.CAMPAIGN)
def choose(work: Work, channel: str, word: str) -> str:
    """Decide for one channel; "default" is as in the others. Raises Refused for another word."""
    for name in lanes.names_of(work, channel):
        set_policy_in(work, _POLICY, name, None if word == "default" else word)
    show_everywhere(work)
    return now(work, channel)


@action(Permission.READ)
def now(work: Work, channel: str) -> str:
    """What holds in a channel."""
    return str(policy_in(work, _POLICY, channel))


def show_everywhere(work: Work) -> None:
    """The cards of the open tickets say it."""
    found, _ = tickets.open_list(work, limit=200)
    for ticket, _ in found:
        tickets.refresh_card(work, ticket)


AFTERWARDS[_POLICY] = show_everywhere
