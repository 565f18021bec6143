"""How all that belongs to one contact comes to belong to another, and goes back again.

Nothing is lost: every row that is touched stands in a `MergeStep`, with what it held before.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, UniqueConstraint, bindparam, case, delete, insert, select, update
from sqlmodel import SQLModel

from storage.records import Contact, Merge, MergeStep, StepKind
from storage.work import Work, table_of

# What becomes of the rows of each table that points at contacts: a new table must be put into one
# of these. They simply point at the survivor;
MOVED = {
    *("article_offers", "behaviour_events", "deals", "erasures", "feedback", "follow_ups"),
    *("gap_asks", "identities", "interactions", "later_messages", "needs", "nps_questions"),
    *("orders", "suggestions", "surveys", "tickets"),
}
# they point at the survivor unless it has one already, and then the two become one;
JOINED = {"consents", "contact_tags", "preferences", "recipients", "travellers"}
# they are counted anew from other rows.
DERIVED = {"customer_totals"}
# Columns that name a contact without a foreign key: table, column, and which rows are about one.
LOOSE = (
    ("audit", "subject_id", "subject"),
    ("outbox", "subject_id", "subject"),
    ("posts", "subject_id", "subject"),
)
CONTACT, RECIPIENT = "contact", "recipient"
NAMED_BY = LOOSE[1:]
# So many rows stand in one step.
_PART = 1000

Row = dict[str, Any]
# Two rows of a joined table, the survivor's and the other's: what the survivor's holds afterwards.
Joining = Callable[[Row, Row], Row]


def columns_at_contacts() -> list[tuple[Table, str]]:
    """Every column that points at contacts."""
    return [
        (table, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == Contact.__tablename__
    ]


class Steps:
    """Writes down, one after the other, what a merge does."""

    def __init__(self, work: Work, merge: Merge) -> None:
        self._work = work
        self._merge = merge
        self._position = 0

    def note(self, kind: StepKind, table: Table, column: str, rows: list[Any]) -> None:
        """One step; many rows are several."""
        for start in range(0, len(rows), _PART):
            self._position += 1
            self._work.add(
                MergeStep(
                    merge_id=self._merge.id,
                    position=self._position,
                    table_name=table.name,
                    column_name=column,
                    kind=kind,
                    rows=rows[start : start + _PART],
                )
            )


# Doing


def move_all(
    work: Work, steps: Steps, gone: int, survivor: int, joining: dict[str, Joining]
) -> None:
    """Have every row that belongs to one contact belong to the other."""
    for table, column in columns_at_contacts():
        if table.name in JOINED:
            _join(work, steps, table, column, gone, survivor, joining.get(table.name))
        if table.name not in DERIVED:
            _move(work, steps, table, column, table.c[column] == gone, survivor)
    for name, column, about in LOOSE:
        table = SQLModel.metadata.tables[name]
        _move(
            work,
            steps,
            table,
            column,
            (table.c[about] == CONTACT) & (table.c[column] == gone),
            survivor,
        )


def _move(work: Work, steps: Steps, table: Table, column: str, whose: Any, survivor: int) -> None:
    rows = [list(row) for row in work.rows(select(table.c.id, table.c.version).where(whose))]
    if not rows:
        return
    steps.note(StepKind.MOVED, table, column, rows)
    # By their ids, so that it is exactly those that are written down.
    for part in _parts([id for id, _ in rows]):
        work.execute(
            update(table)
            .where(table.c.id.in_(part))
            .values({column: survivor, "version": table.c.version + 1})
        )


def _join(
    work: Work,
    steps: Steps,
    table: Table,
    column: str,
    gone: int,
    survivor: int,
    joining: Joining | None,
) -> None:
    """Where both have what there may be only one of, the survivor's stays and takes the rest in."""
    others = _others(table, column)
    kept = {_key(row, others): row for row in rows_of(work, table, column, survivor)}
    for row in rows_of(work, table, column, gone):
        own = kept.get(_key(row, others))
        if own is None:
            continue
        if joining is not None:
            change_row(work, steps, table, own, joining(own, row))
        for named in NAMED_BY:
            _follow(work, steps, named, table, row["id"], own["id"])
        remove_rows(work, steps, table, [row])


def _follow(
    work: Work, steps: Steps, named: tuple[str, str, str], of: Table, gone: int, kept: int
) -> None:
    """What is about a row that goes is about the row that stays: a message that is on its way."""
    name, column, about = named
    table = SQLModel.metadata.tables[name]
    if of.name != "recipients":
        return
    whose = (table.c[about] == RECIPIENT) & (table.c[column] == gone)
    for (id,) in list(work.rows(select(table.c.id).where(whose))):
        row = row_by_id(work, table, id)
        if row is not None:
            change_row(work, steps, table, row, {column: kept})


def _others(table: Table, column: str) -> tuple[str, ...]:
    """The columns of which, together with the contact, there may be only one."""
    for constraint in table.constraints:
        names = tuple(each.name for each in constraint.columns)  # type: ignore[attr-defined]
        if isinstance(constraint, UniqueConstraint) and column in names:
            return tuple(name for name in names if name != column)
    raise LookupError(f"{table.name} has no unique constraint with {column}")


def _key(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def rows_of(work: Work, table: Table, column: str, contact: int) -> list[Row]:
    """A contact's rows of a table, whole."""
    names = table.columns.keys()
    found = select(*table.columns).where(table.c[column] == contact).order_by(table.c.id)
    return [dict(zip(names, row, strict=True)) for row in work.rows(found)]


def row_by_id(work: Work, table: Table, id: int) -> Row | None:
    """One row of a table, whole."""
    found = list(work.rows(select(*table.columns).where(table.c.id == id)))
    return dict(zip(table.columns.keys(), found[0], strict=True)) if found else None


def change_row(work: Work, steps: Steps, table: Table, row: Row, wished: Row) -> None:
    """Have a row hold other values."""
    changed = {name: value for name, value in wished.items() if row[name] != value}
    if not changed:
        return
    before = {name: packed(row[name]) for name in changed}
    after = {name: packed(value) for name, value in changed.items()}
    steps.note(StepKind.CHANGED, table, "", [[row["id"], row["version"], before, after]])
    _set_row(work, table, row["id"], changed | {"version": row["version"] + 1})


def remove_rows(work: Work, steps: Steps, table: Table, rows: list[Row]) -> None:
    """Take rows away, and keep them whole among the steps."""
    if rows:
        steps.note(StepKind.REMOVED, table, "", [_packed_row(row) for row in rows])
        work.execute(delete(table).where(table.c.id.in_([row["id"] for row in rows])))


def note_derived(work: Work, steps: Steps, ids: Iterable[int]) -> None:
    """Write down what is counted, before it is counted anew."""
    for table, column in columns_at_contacts():
        if table.name in DERIVED:
            rows = [row for id in ids for row in rows_of(work, table, column, id)]
            steps.note(StepKind.DERIVED, table, column, [_packed_row(row) for row in rows])


# Undoing


def put_back(work: Work, merge: Merge, steps: list[MergeStep]) -> None:
    """Take the steps of a merge back, the last one first; what has changed since stays as it is."""
    # The contact that went comes first: all that goes back points at it.
    ordered = sorted(steps, key=lambda step: (step.table_name != "contacts", -step.position))
    for step in ordered:
        table = SQLModel.metadata.tables[step.table_name]
        match step.kind:
            case StepKind.REMOVED:
                for row in step.rows:
                    work.execute(insert(table), _unpacked_row(row))
            case StepKind.CHANGED:
                for id, version, before, after in step.rows:
                    _change_back(work, table, id, version, before, after)
            case StepKind.MOVED:
                _move_back(work, table, step.column_name, step.rows, merge)
    _follow_tickets(work, merge, steps)


def _move_back(work: Work, table: Table, column: str, rows: list[Any], merge: Merge) -> None:
    id: Any = bindparam("of_id")
    was: Any = bindparam("was")
    # Who has been changed since keeps counting; what nobody has touched is again as it was.
    version = case((table.c.version == was + 1, was), else_=table.c.version + 1)
    work.execute(
        update(table)
        .where(table.c.id == id, table.c[column] == merge.survivor_id)
        .values({column: merge.gone_id, "version": version}),
        [{"of_id": row[0], "was": row[1]} for row in rows],
    )


def _change_back(work: Work, table: Table, id: int, version: int, before: Row, after: Row) -> None:
    row = row_by_id(work, table, id)
    if row is None:
        return
    back = {
        name: unpacked(value) for name, value in before.items() if packed(row[name]) == after[name]
    }
    untouched = row["version"] == version + 1
    _set_row(work, table, id, back | {"version": version if untouched else row["version"] + 1})


def _follow_tickets(work: Work, merge: Merge, steps: list[MergeStep]) -> None:
    """What was said since in requests that go back goes with them."""
    tickets = [
        row[0]
        for step in steps
        if step.table_name == "tickets" and step.kind is StepKind.MOVED
        for row in step.rows
    ]
    for table, column in columns_at_contacts():
        if "ticket_id" not in table.columns or table.name == Contact.__tablename__:
            continue
        for part in _parts(tickets):
            work.execute(
                update(table)
                .where(table.c.ticket_id.in_(part), table.c[column] == merge.survivor_id)
                .values({column: merge.gone_id, "version": table.c.version + 1})
            )
    contacts = table_of(Contact)
    for part in _parts(tickets):
        work.execute(
            update(contacts)
            .where(contacts.c.id == merge.survivor_id, contacts.c.ticket_id.in_(part))
            .values(ticket_id=None, version=contacts.c.version + 1)
        )


def derived_back(work: Work, steps: list[MergeStep]) -> None:
    """Where a count comes to the same as before, have it be the very row that it was."""
    for step in steps:
        if step.kind is not StepKind.DERIVED:
            continue
        table = SQLModel.metadata.tables[step.table_name]
        for each in step.rows:
            _derived_row_back(work, table, step.column_name, _unpacked_row(each))


def _derived_row_back(work: Work, table: Table, column: str, was: Row) -> None:
    others = _others(table, column)
    for row in rows_of(work, table, column, was[column]):
        same = all(row[name] == was[name] for name in was if name not in ("id", "version"))
        if same and _key(row, others) == _key(was, others):
            work.execute(delete(table).where(table.c.id == row["id"]))
            work.execute(insert(table), was)


def _set_row(work: Work, table: Table, id: int, values: Row) -> None:
    work.execute(update(table).where(table.c.id == id).values(values))


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]


# Values as JSON, and back


def packed(value: Any) -> Any:
    """A column's value as JSON: [kind, text] for what JSON has no word for, else [value]."""
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, str):
        # An enum's member becomes its word.
        return [str(value)]
    return [value]


def unpacked(value: Any) -> Any:
    """The value that was packed."""
    if len(value) == 1:
        return value[0]
    kind, text = value
    read: dict[str, Callable[[str], Any]] = {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "decimal": Decimal,
    }
    return read[kind](text)


def _packed_row(row: Row) -> Row:
    return {name: packed(value) for name, value in row.items()}


def _unpacked_row(row: Row) -> Row:
    return {name: unpacked(value) for name, value in row.items()}
