"""How long is kept what imports tell of people: the rows as they stood in the file, the preview."""

from datetime import timedelta

from handlers.actions import imports as carried_out
from handlers.actions.access import Permission, action
from storage.queries import imports
from storage.records import Import
from storage.work import Work

# For so long an import can be undone whole, and its problems looked up.
KEEP_DETAILS = timedelta(days=90)
# A file that was shown and that nobody has said anything about.
KEEP_WAITING = timedelta(days=14)


@action(Permission.SYSTEM)
def forget_old(work: Work, at_a_time: int) -> bool:
    """Drop what old imports hold of people, some rows at a time; whether there may be more.

    That they were, and how many rows did what, stays.
    """
    for record in imports.waiting_since(work, work.now - KEEP_WAITING):
        carried_out.cancel(work, record)
        carried_out.show(work, record)
    for record in imports.finished_before(work, work.now - KEEP_DETAILS):
        if not record.found:
            continue
        if imports.drop_details(work, record.id, at_a_time) == at_a_time:
            return True
        _forget(record)
    return False


def _forget(record: Import) -> None:
    record.found = {}
    record.media = None
    # A file's headings may be somebody, where it has no header.
    record.reading = {
        name: value for name, value in record.reading.items() if name in ("kind", "targets")
    }
