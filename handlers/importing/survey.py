"""The first look at a whole file: its header, what its columns mean, how its dates are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from handlers.importing import buying, columns
from handlers.importing.dates import Evidence, Order
from handlers.importing.opening import VCARD, Source
from handlers.importing.persons import Person, Reading, person_of
from handlers.importing.rows import Row, Unreadable

SAMPLE = 200
_DATES = ("birthday", "created", "order_at")


@dataclass(frozen=True)
class Survey:
    """A file as it is understood so far: the mapping may be changed, then it is surveyed again."""

    source: Source
    targets: tuple[str, ...]
    first: tuple[Row, ...]
    system: str
    orders: tuple[tuple[str, Order], ...] = ()
    # Fields of dates of which somebody must say which order they have.
    open_dates: tuple[str, ...] = field(default=())

    def reading(self, region: str | None, today: date, order: Order | None = None) -> Reading:
        """How the file's values are to be understood; `order` is what somebody said of dates."""
        orders = (("", order),) if order is not None else self.orders
        return Reading(region, orders, today, self.system)

    def as_json(self) -> dict[str, Any]:
        """What must be kept to read the file the same way again."""
        source = self.source
        return {
            "kind": source.kind,
            "encoding": source.encoding,
            "mark": source.mark,
            "sheet": source.sheet,
            "header": list(source.header),
            "header_line": source.header_line,
            "targets": list(self.targets),
            "orders": [[target, order.value] for target, order in self.orders],
            "open_dates": list(self.open_dates),
            "system": self.system,
        }


def from_json(path: Path, kept: dict[str, Any]) -> Survey:
    """The survey that was kept, of the same file at another place."""
    source = Source(
        path,
        kept["kind"],
        kept["encoding"],
        kept["mark"],
        kept["sheet"],
        tuple(kept["header"]),
        kept["header_line"],
    )
    orders = tuple((target, Order(order)) for target, order in kept["orders"])
    return Survey(
        source, tuple(kept["targets"]), (), kept["system"], orders, tuple(kept["open_dates"])
    )


def people(survey: Survey, reading: Reading, after: int = 0) -> Iterator[Person]:
    """Everybody whom a file speaks of behind a line, with what is wrong with each."""
    found = _each(survey, reading, after)
    return buying.grouped(found) if buying.ORDERED & set(survey.targets) else found


def _each(survey: Survey, reading: Reading, after: int) -> Iterator[Person]:
    last = 0
    for row in survey.source.rows():
        # Of two that begin in one line, as only broken files have them, the second is passed by.
        if row.line > after and row.line != last:
            last = row.line
            yield person_of(row, survey.targets, reading)


def survey(source: Source, changes: str = "", header: bool | None = None) -> Survey:
    """Look at a file. `changes` are what somebody said of its columns. Raises Unreadable."""
    first = source.first_rows(SAMPLE)
    if not first:
        raise Unreadable("import.empty")
    if source.kind == VCARD:
        if all(row.problem and row.pairs is None for row in first):
            raise Unreadable("import.no_card")
        return Survey(source, (), tuple(first[:5]), "external")
    sound = [row for row in first if not row.problem]
    sound = sound[columns.titles_above(sound) :]
    headed = columns.has_header(sound) if header is None else header
    if headed and sound:
        source = source.below(sound[0])
        sound = sound[1:]
    targets = columns.mapping(source.header, sound)
    if changes:
        changed = columns.read_map(changes, source.header, targets)
        if changed is None:
            raise Unreadable("import.bad_map")
        targets = changed
    dated = [at for at, target in enumerate(targets) if target in _DATES]
    system = columns.system_of(source.header)
    found = Survey(source, tuple(targets), tuple(sound[:5]), system)
    return _with_orders(found, dated) if dated else found


def _with_orders(found: Survey, dated: list[int]) -> Survey:
    """Read the dates of the whole file: one value may decide for all."""
    evidence = {at: Evidence() for at in dated}
    for row in found.source.rows():
        if row.problem:
            continue
        for at in dated:
            if at < len(row.cells) and row.cells[at]:
                evidence[at].hear(row.cells[at])
    told = {each.order for each in evidence.values() if each.order is not None}
    # A program writes all its dates in one way: a column that tells decides for one that does not.
    common = told.pop() if len(told) == 1 else None
    orders = []
    still_open = []
    for at, each in evidence.items():
        order = each.order or (common if each.is_silent else None)
        if order is not None:
            orders.append((found.targets[at], order))
        elif each.is_open:
            still_open.append(found.targets[at])
    return replace(found, orders=tuple(orders), open_dates=tuple(still_open))
