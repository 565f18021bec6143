"""The house as a whole: held after a restore, absent for a while."""

from datetime import datetime, timedelta

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, post_note, say_to_customer, tell
from handlers.actions.policies import team_voice
from handlers.actions.routing import default_channel
from handlers.message import Reply, Text
from handlers.texts import Voice
from storage.queries import contacts, house, members, outbox
from storage.records import IdentityKind, Role, Urgency
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
def tell_of_refusal(work: Work, door: str, why: str) -> None:
    """A platform no longer takes our token: admins hear of it, once a day, by the other one.

    In Telegram we know those whose Slack account and Telegram account are one contact's.
    """
    for admin in members.with_role(work, Role.ADMIN):
        key = f"refused:{door}:{work.now:%Y-%m-%d}:{admin.id}"
        if outbox.keyed(work, key) is not None:
            continue
        reply = Voice(admin.language, admin.zone).reply("alarm.token", door=door, why=why)
        if door != SLACK:
            tell(work, admin, reply, key=key, urgency=Urgency.SERVICE)
            continue
        found = contacts.known_as(work, IdentityKind.SLACK, admin.slack_user)
        identity = contacts.telegram_of(work, found[1]) if found else None
        if identity is not None:
            say_to_customer(work, identity, reply, key=key, language=admin.language)


@action(Permission.SYSTEM)
def tell_of_absence(work: Work, since: datetime) -> bool:
    """After ten minutes or more of silence the team hears from when to when nobody listened."""
    length = work.now - since
    if length < ABSENT_AFTER:
        return False
    voice = team_voice(work)
    key = "absence.long" if length > KEPT else "absence"
    words = voice.words(key, since=since, until=work.now, length=length)
    key = f"absence:{since.isoformat()}"
    post_note(work, default_channel(work), Reply((Text(words),)), key=key)
    return True
