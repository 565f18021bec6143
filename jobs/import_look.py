"""A file is looked at as a whole before anybody is asked: what is in it, and what is wrong."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from handlers.actions import import_doubles, import_rows, imports
from handlers.actions.imports import Look
from handlers.importing import survey as surveys
from handlers.importing.dates import Order
from handlers.importing.opening import opened
from handlers.importing.persons import Person
from storage.records import Did, OnKnown
from storage.work import Clock, Piece

T = TypeVar("T")
BATCH = 500
MOST_PROBLEMS = 50
FIRST = 3
# So many names are remembered while a file is looked at, to see whom it has twice.
MOST_REMEMBERED = 20_000
# Of files no larger than this everybody who is new is compared with all contacts, by name too.
MOST_COMPARED = 1000
COMPARED_AT_ONCE = 50

Progress = Callable[[int, int], None]


class Reads(Protocol):
    """What is needed of a store: to be asked, and its clock."""

    clock: Clock

    def read(self, piece: Piece[T]) -> T:
        """Answer a question."""


def look(
    store: Reads,
    path: Path,
    told: dict[str, Any],
    on_known: OnKnown,
    progress: Progress | None = None,
) -> Look:
    """Read a whole file as it would be written. `told` is what somebody said of how to read it.

    Raises Unreadable.
    """
    source = opened(
        path, told.get("use_encoding", ""), told.get("use_mark", ""), told.get("use_sheet", "")
    )
    found = surveys.survey(source, told.get("changes", ""), told.get("use_header"))
    region = told.get("use_region") or store.read(imports.region)
    kept = found.as_json() | {"region": region, "order": told.get("order", "")}
    kept |= {name: told[name] for name in told if name.startswith("use_") or name == "unknown"}
    look = Look(reading=kept)
    known = import_rows.Known()
    people = people_of(path, kept, store.clock.now().date(), 0)
    while batch := list(islice(people, BATCH)):
        _take(look, batch)
        if len(known.by_name) > MOST_REMEMBERED:
            known = import_rows.Known()
        verdicts = store.read(
            partial(
                import_rows.foresee,
                people=batch,
                on_known=on_known,
                known=known,
                may_make=told.get("unknown") != "report",
            )
        )
        _judge(look, batch, verdicts)
        if look.total <= MOST_COMPARED:
            look.perhaps += _alike(store, batch, verdicts)
        if progress is not None:
            progress(look.total, 0)
    return look


def people_of(path: Path, kept: dict[str, Any], today: date, after: int) -> Iterator[Person]:
    """Everybody of a file that was looked at, behind a line."""
    found = surveys.from_json(path, kept)
    order = Order(kept["order"]) if kept.get("order") else None
    reading = found.reading(kept.get("region"), today, order)
    return surveys.people(found, reading, after)


def _alike(store: Reads, batch: list[Person], verdicts: list[import_rows.Verdict]) -> int:
    """How many that are new by phone and e-mail look like somebody who is known."""
    pairs = zip(batch, verdicts, strict=True)
    new = [each for each, verdict in pairs if verdict.did is Did.CREATED and not verdict.perhaps]
    found = 0
    for start in range(0, len(new), COMPARED_AT_ONCE):
        part = new[start : start + COMPARED_AT_ONCE]
        found += sum(store.read(partial(import_doubles.known_alike, people=part)))
    return found


def _take(look: Look, batch: list[Person]) -> None:
    for person in batch:
        look.total += 1
        if len(look.first) < FIRST and not person.is_bad:
            phones = [shown for _, shown in person.phones[:2]]
            mails = [shown for _, shown in person.emails[:2]]
            tags = [f"#{tag}" for tag in person.tags[:4]]
            day = [person.birthday.isoformat()] if person.birthday else []
            shown = [person.full_name, person.company, *phones, *mails, *day, *tags]
            look.first.append([each[:60] for each in shown if each and each != person.full_name])
            look.first[-1].insert(0, person.full_name[:60] or "–")


def _judge(look: Look, batch: list[Person], verdicts: list[import_rows.Verdict]) -> None:
    for person, verdict in zip(batch, verdicts, strict=True):
        problems = [*person.problems, *([verdict.problem] if verdict.problem else [])]
        for key, field, value in problems:
            if len(look.problems) < MOST_PROBLEMS:
                look.problems.append([person.line, key, field, value])
        look.perhaps += verdict.perhaps
        match verdict.did:
            case Did.BAD:
                look.bad += 1
            case Did.LIKELY:
                look.likely += 1
            case Did.CREATED:
                look.new += 1
                look.flawed += bool(problems)
            case _:
                look.known += 1
                look.flawed += bool(problems)
