"""Questions about files that were brought in, and about who their rows may be."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import SQLModel, col, select

from storage.records import (
    Consent,
    Contact,
    ContactTag,
    Did,
    Identity,
    IdentityKind,
    Import,
    ImportPiece,
    ImportRow,
    ImportState,
    Interaction,
    Merge,
    Order,
    OrderEvent,
    Purpose,
)
from storage.work import Work

# So many values in one question: SQLite looks each of them up.
AT_ONCE = 500
UNDER_WAY = (
    ImportState.FETCHING,
    ImportState.READING,
    ImportState.RUNNING,
    ImportState.UNDOING,
)


def numbered(work: Work, number: int) -> Import | None:
    """The import that people call by that number."""
    return work.first(select(Import).where(col(Import.number) == number))


def recent(work: Work, limit: int = 10) -> list[Import]:
    """The newest imports."""
    return work.all(select(Import).order_by(col(Import.id).desc()).limit(limit))


def of_content(work: Work, digest: str) -> list[Import]:
    """Imports of exactly this content, the newest first."""
    return work.all(
        select(Import).where(col(Import.digest) == digest).order_by(col(Import.id).desc())
    )


def under_way(work: Work) -> list[Import]:
    """What came through a chat and something is to be done about, the oldest first."""
    return work.all(
        select(Import)
        .where(col(Import.state).in_(UNDER_WAY), col(Import.channel).is_not(None))
        .order_by(col(Import.id))
    )


def pieces(work: Work, import_id: int) -> Iterator[bytes]:
    """The content of a file, piece by piece, packed."""
    position = 0
    while True:
        content = work.scalar(
            select(ImportPiece.packed).where(
                col(ImportPiece.import_id) == import_id, col(ImportPiece.position) == position
            )
        )
        if content is None:
            return
        yield content
        position += 1


def forget_content(work: Work, import_id: int) -> None:
    """Drop what is kept of a file."""
    work.execute(delete(ImportPiece).where(col(ImportPiece.import_id) == import_id))


# Who is known already


def owners_of(work: Work, kind: IdentityKind, values: Collection[str]) -> dict[str, int]:
    """Who has these phones, addresses or numbers: value → contact."""
    found: dict[str, int] = {}
    for part in _parts(values):
        statement = select(Identity.value, Identity.contact_id).where(
            col(Identity.kind) == kind, col(Identity.value).in_(part)
        )
        found.update((value, contact) for value, contact in work.rows(statement))
    return found


def called(work: Work, names: Collection[str]) -> dict[str, list[tuple[int, str | None]]]:
    """Contacts with exactly these names: name → (contact, company), so that a double is seen."""
    found: dict[str, list[tuple[int, str | None]]] = {}
    for part in _parts(names):
        statement = select(Contact.name, Contact.id, Contact.company).where(
            col(Contact.name).in_(part)
        )
        for name, contact, company in work.rows(statement):
            found.setdefault(name, []).append((contact, company))
    return found


def contacts(work: Work, ids: Collection[int]) -> dict[int, Contact]:
    """These contacts, by id."""
    found: dict[int, Contact] = {}
    for part in _parts(ids):
        for contact in work.all(select(Contact).where(col(Contact.id).in_(part))):
            found[contact.id] = contact
    return found


def identities(work: Work, ids: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """The kinds and values that these contacts have."""
    found: dict[int, set[tuple[str, str]]] = {}
    for part in _parts(ids):
        statement = select(Identity.contact_id, Identity.kind, Identity.value).where(
            col(Identity.contact_id).in_(part)
        )
        for contact, kind, value in work.rows(statement):
            found.setdefault(contact, set()).add((kind, value))
    return found


def tags(work: Work, ids: Collection[int]) -> dict[int, set[str]]:
    """The tags of these contacts."""
    found: dict[int, set[str]] = {}
    for part in _parts(ids):
        statement = select(ContactTag.contact_id, ContactTag.tag).where(
            col(ContactTag.contact_id).in_(part)
        )
        for contact, tag in work.rows(statement):
            found.setdefault(contact, set()).add(tag)
    return found


def marketing(work: Work, ids: Collection[int]) -> dict[int, Consent]:
    """What these contacts said about marketing in general."""
    found: dict[int, Consent] = {}
    for part in _parts(ids):
        statement = select(Consent).where(
            col(Consent.contact_id).in_(part),
            col(Consent.purpose) == Purpose.MARKETING,
            col(Consent.topic) == "",
        )
        found.update((each.contact_id, each) for each in work.all(statement))
    return found


def noted(work: Work, ids: Collection[int], texts: Collection[str]) -> set[tuple[int, str]]:
    """Which of these texts are noted about which of these contacts already."""
    found: set[tuple[int, str]] = set()
    if not texts:
        return found
    for part in _parts(ids):
        statement = select(Interaction.contact_id, Interaction.text).where(
            col(Interaction.contact_id).in_(part), col(Interaction.channel) == "import"
        )
        found.update((contact, text) for contact, text in work.rows(statement))
    return found


def orders_numbered(work: Work, numbers: Collection[str]) -> dict[str, Order]:
    """The orders with these numbers."""
    found: dict[str, Order] = {}
    for part in _parts(numbers):
        for order in work.all(select(Order).where(col(Order.number).in_(part))):
            found[order.number] = order
    return found


def orders_of(work: Work, ids: Collection[int]) -> list[Order]:
    """All orders of these contacts, the oldest first."""
    found: list[Order] = []
    for part in _parts(ids):
        chosen = select(Order).where(col(Order.contact_id).in_(part))
        found += work.all(chosen.order_by(col(Order.id)))
    return found


def forget_steps(work: Work, order_id: int, window: tuple[int, int]) -> None:
    """Delete the steps of an order that came with a row."""
    work.execute(
        delete(OrderEvent).where(
            col(OrderEvent.order_id) == order_id, col(OrderEvent.id).between(*window)
        )
    )


def _parts(values: Collection[Any]) -> Iterator[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


# What rows did


def rows_with_problems(work: Work, import_id: int, after: int, limit: int) -> list[ImportRow]:
    """The next rows that were not imported whole, by line."""
    return work.all(
        select(ImportRow)
        .where(
            col(ImportRow.import_id) == import_id,
            col(ImportRow.line) > after,
            col(ImportRow.detail).is_not(None),
            col(ImportRow.did).is_not(None),
        )
        .order_by(col(ImportRow.line))
        .limit(limit)
    )


def rows_before(work: Work, record: Import, before: int | None, limit: int) -> list[ImportRow]:
    """The last rows that did something, those before a line, backwards."""
    statement = select(ImportRow).where(
        col(ImportRow.import_id) == record.id,
        col(ImportRow.did).in_((Did.CREATED, Did.CHANGED)),
    )
    if before is not None:
        statement = statement.where(col(ImportRow.line) < before)
    return work.all(statement.order_by(col(ImportRow.line).desc()).limit(limit))


def touched_elsewhere(work: Work, windows: dict[int, tuple[int, int]]) -> set[int]:
    """Contacts about whom there is anything that has not come with their row.

    `windows`: contact → first and last id of what came with it.
    """
    found: set[int] = set()
    ids = list(windows)
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            points = {key.column.table.name for key in column.foreign_keys}
            if "contacts" not in points or table.name in _FOLLOWS:
                continue
            statement = select(column, table.c.id).where(column.in_(ids))
            for contact, id in work.rows(statement):
                first, last = windows[contact]
                if not first <= id <= last:
                    found.add(contact)
    return found


def merged(work: Work, ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Which of these were made one with another, and which took another in."""
    gone: set[int] = set()
    took: set[int] = set()
    for part in _parts(ids):
        statement = select(Merge.gone_id, Merge.survivor_id).where(
            col(Merge.undone_at).is_(None),
            col(Merge.gone_id).in_(part) | col(Merge.survivor_id).in_(part),
        )
        for one, other in work.rows(statement):
            gone.add(one)
            took.add(other)
    wanted = set(ids)
    return gone & wanted, took & wanted


# What is worked out about a contact, and so goes with it.
_FOLLOWS = frozenset(("gap_asks", "customer_totals"))


def take_back(work: Work, windows: dict[int, tuple[int, int]]) -> None:
    """Delete contacts with all that came with their rows."""
    ids = list(windows)
    for table in reversed(SQLModel.metadata.sorted_tables):
        for column in table.columns:
            if "contacts" in {key.column.table.name for key in column.foreign_keys}:
                work.execute(table.delete().where(column.in_(ids)))
    work.execute(delete(Contact).where(col(Contact.id).in_(ids)))


def take_additions(work: Work, contact_id: int, first: int, last: int) -> int:
    """Delete what a row added to somebody; how many that were."""
    taken = 0
    for model in (Identity, ContactTag, Consent, Interaction):
        table: Any = model
        done = work.execute(
            delete(table).where(table.contact_id == contact_id, table.id.between(first, last))
        )
        taken += int(done.rowcount)
    return taken


def restore(work: Work, contact: Contact, values: dict[str, Any], version: int) -> None:
    """Have a contact's fields, and its version, be what they were."""
    work.execute(
        update(Contact).where(col(Contact.id) == contact.id).values(**values, version=version)
    )


def restore_consent(work: Work, consent: Consent, before: dict[str, Any]) -> None:
    """Have a consent be what it was, down to its version."""
    values = before | {"at": datetime.fromisoformat(before["at"])}
    work.execute(update(Consent).where(col(Consent.id) == consent.id).values(**values))


def forget_details(work: Work, contact_ids: Collection[int]) -> None:
    """Take what rows held of somebody who wants to be forgotten; that they were there stays."""
    _empty(work, col(ImportRow.contact_id).in_(contact_ids) & col(ImportRow.detail).is_not(None))


def rows_of_nobody(work: Work, after: int, until: int, limit: int) -> list[tuple[int, str]]:
    """The next rows that became no contact's and hold something: id, and what they hold."""
    return list(
        work.rows(
            select(ImportRow.id, ImportRow.detail)
            .where(
                col(ImportRow.contact_id).is_(None),
                col(ImportRow.detail).is_not(None),
                col(ImportRow.id) > after,
                col(ImportRow.id) <= until,
            )
            .order_by(col(ImportRow.id))
            .limit(limit)
        )
    )


def empty_rows(work: Work, ids: Collection[int]) -> None:
    """Take what these rows held."""
    for part in _parts(ids):
        _empty(work, col(ImportRow.id).in_(part))


def _empty(work: Work, which: Any) -> Any:
    emptied = update(ImportRow).where(which)
    return work.execute(emptied.values(detail=None, version=col(ImportRow.version) + 1))


def all_imports(work: Work) -> list[Import]:
    """Every file that was brought in, the oldest first."""
    return work.all(select(Import).order_by(col(Import.id)))


# What is kept for how long


def waiting_since(work: Work, before: datetime) -> list[Import]:
    """Files that were shown long ago and that nobody has said anything about."""
    return work.all(
        select(Import).where(
            col(Import.state) == ImportState.READY, col(Import.created_at) < before
        )
    )


def finished_before(work: Work, before: datetime) -> list[Import]:
    """What has come to its end long ago, the oldest first."""
    return work.all(select(Import).where(col(Import.finished_at) < before).order_by(col(Import.id)))


def drop_details(work: Work, import_id: int, limit: int) -> int:
    """Empty the details of so many rows; how many that were."""
    chosen = (
        select(ImportRow.id)
        .where(col(ImportRow.import_id) == import_id, col(ImportRow.detail).is_not(None))
        .limit(limit)
    )
    return int(_empty(work, col(ImportRow.id).in_(chosen)).rowcount)
