"""What came in: kept, handled once, or shown to an admin when it could not be."""

from collections.abc import Sequence

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.message import Button, Buttons, Reply, Text
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import inbox, members
from storage.records import MOST_TRIES, InboxRow, InboxState, Role, Urgency
from storage.work import Work

ENDED = "the process ended while handling it"
# The owner of a dead row that the admins have heard of: nobody need look after it any more.
TOLD = ""


@action(Permission.SYSTEM)
def keep(work: Work, rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Store what came in; those that had not come in before, in order."""
    known = inbox.keys_known(work, [row.event_key for row in rows])
    new: dict[str, InboxRow] = {}
    for row in rows:
        if row.event_key not in known:
            new.setdefault(row.event_key, row)
    for row in new.values():
        work.add(row)
    return list(new.values())


def mark_done(work: Work, row: InboxRow) -> None:
    """Handled: in the transaction of its effects, so that they and this are one."""
    kept = work.adopt(row)
    kept.state, kept.done_at = InboxState.DONE, work.now
    if kept.error is not None:
        kept.error = None


@action(Permission.SYSTEM)
def note_failure(work: Work, id: int, error: str) -> InboxRow:
    """Handling failed: try again, or give up after three tries and tell the admins."""
    row = work.sure(InboxRow, id)
    row.error = error[:512]
    if row.state is InboxState.NEW and row.tries < MOST_TRIES:
        row.tries += 1
    elif row.state in (InboxState.NEW, InboxState.DEAD) and row.owner != TOLD:
        _give_up(work, row)
    return row


def _give_up(work: Work, row: InboxRow) -> None:
    row.state, row.owner = InboxState.DEAD, TOLD
    for admin in members.with_role(work, Role.ADMIN):
        voice = Voice(admin.language, admin.zone)
        tell(
            work,
            admin,
            dead_card(voice, row),
            key=f"inbox:{row.id}:{row.version}:dead:{admin.id}",
            urgency=Urgency.SERVICE,
        )


def dead_card(voice: Voice, row: InboxRow) -> Reply:
    """What an admin sees of a message that could not be handled: no words of the customer."""
    value = str(row.id)
    return Reply(
        (
            Text(
                voice.words(
                    "dead.row",
                    number=row.id,
                    door=row.door,
                    at=row.received_at,
                    error=row.error or "",
                )
            ),
            Buttons(
                (
                    Button(voice.say("button.retry"), "inbox.retry", value),
                    Button(voice.say("button.discard"), "inbox.discard", value),
                )
            ),
        )
    )


@action(Permission.SYSTEM)
def adopt_orphans(work: Work, owner: str, living: set[str]) -> list[InboxRow]:
    """Unhandled rows of processes that are no more are ours now, at most a thousand at a time."""
    for row in inbox.dead_with_others(work, living | {owner}):
        _give_up(work, row)
    adopted = []
    for row in inbox.unhandled(work, living | {owner}):
        row.owner = owner
        if row.tries >= MOST_TRIES:
            # It may be what ended those processes: a row must not be able to stop the house.
            note_failure(work, row.id, row.error or ENDED)
        else:
            adopted.append(row)
    return adopted


@action(Permission.SYSTEM)
def begin(work: Work, row: InboxRow) -> InboxRow:
    """Note one more try at a row, before it is made.

    Before the last one it is dead already: should it end this process too, nothing is left to do
    but to tell the admins. When it is handled after all, it is done like any other.
    """
    kept = work.adopt(row)
    kept.tries += 1
    if kept.tries >= MOST_TRIES:
        kept.state, kept.error = InboxState.DEAD, ENDED
    return kept


@action(Permission.SYSTEM)
def must_wait(work: Work, row: InboxRow) -> bool:
    """Whether an earlier row of the chat is not handled yet, in whatever process.

    Where there is only one process, it keeps the order by itself.
    """
    return work.dialect != "sqlite" and inbox.earlier_in_chat(work, row)


@action(Permission.SYSTEM)
def is_as_it_was(work: Work, row: InboxRow) -> bool:
    """Whether nobody has touched a row since we read it."""
    kept = work.get(InboxRow, row.id)
    return kept is not None and kept.version == row.version


@action(Permission.SET_UP)
def dead(work: Work) -> list[InboxRow]:
    """What could not be handled, newest first."""
    return inbox.dead(work)


@action(Permission.SET_UP, audited=True)
def retry(work: Work, row: InboxRow) -> InboxRow:
    """Try a dead row again, from the first try on."""
    if row.state is not InboxState.DEAD:
        raise Refused("dead.not_dead")
    # Nobody owns it: the next look for orphans takes it.
    row.state, row.tries, row.owner = InboxState.NEW, 0, ""
    return row


@action(Permission.SET_UP, audited=True)
def discard(work: Work, row: InboxRow) -> InboxRow:
    """Put a dead row away; it stays in the table."""
    if row.state is not InboxState.DEAD:
        raise Refused("dead.not_dead")
    row.state = InboxState.DISCARDED
    return row
