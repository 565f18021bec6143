"""What is kept for how long."""

from datetime import timedelta

from handlers.actions import import_keeping
from handlers.actions.access import Permission, action
from storage.queries import inbox, names
from storage.work import Work

# Slack may repeat an event late and Telegram within a day: until then the keys must stand.
KEEP_HANDLED = timedelta(days=30)
AT_A_TIME = 5000


@action(Permission.SYSTEM)
def forget_old(work: Work) -> bool:
    """Drop handled rows of the inbox that are thirty days old; whether there may be more."""
    names.forget_changes(work, AT_A_TIME)
    more = import_keeping.forget_old(work, AT_A_TIME)
    return inbox.drop_handled(work, work.now - KEEP_HANDLED, AT_A_TIME) == AT_A_TIME or more


@action(Permission.SYSTEM)
def forget_in_files(work: Work) -> None:
    """Have the index of names, as it lies on disk, hold nobody's name who is erased."""
    names.forget_the_erased(work, names.names_of(work))
