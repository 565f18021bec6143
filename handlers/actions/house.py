"""The house as a whole: held after a restore, absent for a while."""

from datetime import datetime, timedelta

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SUPPORT, send
from handlers.actions.policies import team_voice
from handlers.message import Reply, Text, pack
from storage.queries import house
from storage.records import Unsure
from storage.work import Work

# The policy that a restore sets: what went out since the copy was made is not in it, so
# everything that waits in it may have been sent already.
HELD = "sending_held"

ABSENT_AFTER = timedelta(minutes=10)
# What Telegram keeps for us.
KEPT = timedelta(hours=24)


@action(Permission.SYSTEM)
def is_held(work: Work) -> bool:
    """Whether nothing may be sent until a person says go."""
    row = house.policy(work, HELD)
    return row is not None and bool(row.value)


@action(Permission.SYSTEM)
def release(work: Work) -> bool:
    """Let sending go on; whether it was held."""
    row = house.policy(work, HELD)
    if row is None or not row.value:
        return False
    row.value, row.changed_at = False, work.now
    return True


@action(Permission.SYSTEM)
def tell_of_absence(work: Work, since: datetime) -> bool:
    """After ten minutes or more of silence the team hears from when to when nobody listened."""
    length = work.now - since
    if length < ABSENT_AFTER:
        return False
    voice = team_voice(work)
    key = "absence.long" if length > KEPT else "absence"
    words = voice.words(key, since=since, until=work.now, length=length)
    send(
        work,
        "slack",
        SUPPORT,
        "say",
        {"parts": pack(Reply((Text(words),)))},
        key=f"absence:{since.isoformat()}",
        when_unsure=Unsure.READBACK,
    )
    return True
