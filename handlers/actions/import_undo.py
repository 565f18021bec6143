"""A whole import is taken back: who came with it goes, and who was changed is as before.

Backwards, a piece of rows at a time. Whatever people have changed or done since stays, and is told:
a customer who has written meanwhile is not deleted, a field that was changed again is not touched.
"""

import json
from datetime import date
from typing import Any

from handlers.actions import changes, import_orders
from handlers.actions.access import Permission, action
from storage.queries import imports, profiles
from storage.records import Consent, Contact, Did, Import, ImportRow, ImportState
from storage.work import Work


@action(Permission.SYSTEM)
def undo_piece(work: Work, import_id: int, limit: int) -> Import:
    """Take back the last rows that are not taken back yet."""
    record = work.sure(Import, import_id)
    if record.state is not ImportState.UNDOING:
        return record
    rows = imports.rows_before(work, record, record.cursor or None, limit)
    if not rows:
        record.cursor = 0
        record.state = ImportState.FAILED if record.problem else ImportState.UNDONE
        record.finished_at = work.now
        imports.forget_content(work, record.id)
        return record
    counts = dict(record.counts)
    contacts = imports.contacts(work, {row.contact_id for row in rows if row.contact_id})
    for run in _runs(rows):
        if run[0].did is Did.CREATED:
            _take_back(work, run, contacts, counts)
        else:
            for row in run:
                _restore(work, row, contacts, counts)
    record.counts = counts
    record.cursor = rows[-1].line
    record.done = max(0, record.done - len(rows))
    return record


def _runs(rows: list[ImportRow]) -> list[list[ImportRow]]:
    """Neighbours of one kind together, in their order: many are deleted with one statement."""
    found: list[list[ImportRow]] = []
    for row in rows:
        if found and found[-1][0].did is row.did:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _count(counts: dict[str, Any], name: str, more: int = 1) -> None:
    if more:
        counts[name] = counts.get(name, 0) + more


def _take_back(
    work: Work, rows: list[ImportRow], contacts: dict[int, Contact], counts: dict[str, Any]
) -> None:
    """Delete those who came with these rows, unless something has happened with them since."""
    windows = {
        row.contact_id: (row.id, row.last_id or 0) for row in rows if row.contact_id in contacts
    }
    gone_into, took_in = imports.merged(work, [row.contact_id for row in rows if row.contact_id])
    # Made one with somebody since: all that they had is that customer's now.
    _count(counts, "kept", len(gone_into - windows.keys()))
    if not windows:
        return
    kept = took_in | imports.touched_elsewhere(work, windows)
    changed = [id for id in windows if contacts[id].version != _version_of(rows, id)]
    kept |= profiles.changed_by_people(work, changed) if changed else set()
    kept |= {id for id in windows if contacts[id].last_heard_at or contacts[id].erased_at}
    kept |= import_orders.changed_since(work, windows)
    gone = {id: window for id, window in windows.items() if id not in kept}
    if gone:
        import_orders.take_back(work, gone)
        imports.take_back(work, gone)
    _count(counts, "taken_back", len(gone))
    _count(counts, "kept", len(kept))


def _version_of(rows: list[ImportRow], contact_id: int) -> int:
    return next(row.contact_version for row in rows if row.contact_id == contact_id)


def _restore(
    work: Work, row: ImportRow, contacts: dict[int, Contact], counts: dict[str, Any]
) -> None:
    """Have a customer be as before a row, but for what has been changed again since."""
    contact = contacts.get(row.contact_id or 0)
    if contact is None or row.detail is None:
        # Gone, or forgotten at their wish.
        _count(counts, "kept")
        return
    before = json.loads(row.detail).get("before") or {}
    values: dict[str, Any] = {}
    stays = False
    for name, (old, new) in before.get("fields", {}).items():
        held = getattr(contact, name)
        if name == "custom":
            values[name], is_mixed = _custom_before(held, old, new)
            stays = stays or is_mixed
        elif _plain(held) == new or name == "company_id":
            values[name] = _typed(name, old)
        else:
            stays = True
    if "company" not in values:
        values.pop("company_id", None)
    stays = not _restore_consent(work, before.get("consent")) or stays
    window = (row.id, row.last_id or 0)
    stays = import_orders.take_back(work, {contact.id: window}) or stays
    imports.take_additions(work, contact.id, *window)
    version = contact.version
    if values:
        # When nobody has touched it since, not even its version tells that there was an import:
        # whoever read it before has read what stands there now.
        # (Rows of one piece share a version; the last of them has set it back already.)
        untouched = version in (row.contact_version, before["version"]) and not stays
        version = before["version"] if untouched else version + 1
        _write_down(work, contact, values, before["fields"])
        imports.restore(work, contact, values, version)
        # As it stands in the database now, for the rows before this one.
        contact.__dict__.update(values | {"version": version})
        contact.settle()
    _count(counts, "kept" if stays else "restored")


def _write_down(
    work: Work, contact: Contact, values: dict[str, Any], before: dict[str, list[Any]]
) -> None:
    made = [
        (name.removesuffix("_id"), before[name][1], before[name][0])
        for name in values
        if name not in ("custom", "company_id")
    ]
    changes.write_down(work, contact, made, "import undone")


def _custom_before(
    held: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> tuple[dict[str, Any], bool]:
    """A contact's own fields as before, key by key; whether some were changed again since."""
    found = dict(held)
    stays = False
    for key, value in new.items():
        if old.get(key) == value:
            continue
        if held.get(key) != value:
            stays = True
        elif key in old:
            found[key] = old[key]
        else:
            found.pop(key, None)
    if not stays and found == old:
        # In the order in which they stood, too.
        return old, False
    return found, stays


def _restore_consent(work: Work, before: dict[str, Any] | None) -> bool:
    """Put back what a customer had said before; a newer word of theirs stays."""
    if not before:
        return True
    consent = work.get(Consent, before["id"])
    if consent is None or consent.channel != "import":
        return False
    imports.restore_consent(work, consent, before)
    return True


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "birthday" and value else value
