"""Answers of one thread leave in the order in which they were written.

Slack delivers an event again when it thinks that the first time failed, and then an older message
comes after a newer one. What has not left yet lets it go first.
"""

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM
from storage.columns import new_id
from storage.queries import outbox
from storage.records import Interaction, OutboxRow, OutboxState, Subject
from storage.work import Work


@action(Permission.SERVE)
def let_go_first(work: Work, said: Interaction, chat: str) -> list[Interaction]:
    """Put those answers behind this one that were written after it and have not left; which."""
    waiting: dict[int, list[OutboxRow]] = {}
    for row in outbox.queued_for(work, TELEGRAM, chat):
        if row.subject == Subject.INTERACTION and row.verb == "say" and row.subject_id != said.id:
            waiting.setdefault(row.subject_id or 0, []).append(row)
    known = (work.sure(Interaction, id) for id in waiting)
    later = [each for each in known if _is_behind(each, said)]
    later.sort(key=lambda each: (each.at, each.id))
    for each in later:
        for row in sorted(waiting[each.id], key=lambda row: row.id):
            _go_behind(work, row)
    return later


def _is_behind(other: Interaction, said: Interaction) -> bool:
    return other.ticket_id == said.ticket_id and other.at > said.at


def _go_behind(work: Work, row: OutboxRow) -> None:
    """The same once more with a later number: a line goes by numbers."""
    id = new_id()
    again = {"id": id, "version": 1, "idem_key": f"{row.idem_key.partition(':late:')[0]}:late:{id}"}
    work.add(OutboxRow(**row.content() | again))
    row.state, row.settled_at = OutboxState.CANCELLED, work.now
