"""One look at all contacts for doubles: keys first, then those who share one, pair by pair."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlmodel import col, select

from storage.doubles.blocking import keys
from storage.doubles.judging import judge_if_likely
from storage.doubles.person import Known, known
from storage.queries.doubles import DESCRIBED, as_person, known_people
from storage.queries.looking import REST, Look
from storage.records import Contact, Identity
from storage.work import Work

if TYPE_CHECKING:
    from storage.doubles.pairing import Pairing

PAGE = 2000
CHUNK = 500


class Sweep(Look):
    """A look at all contacts; with `since`, only at pairs one of which came after that contact."""

    def __init__(
        self,
        connect: Callable[[], Engine],
        now: datetime,
        least: float,
        after: int = 0,
        since: int = 0,
        rest: float = REST,
    ) -> None:
        super().__init__(connect, now, least, after, rest)
        self._since = since
        # How many have been looked at. Pairs whose first contact comes before `at` are done.
        self.contacts = 0
        self.pairs = 0

    def _look(self, engine: Engine) -> None:
        # Only whoever looks for doubles needs numpy, and it takes its time to be there.
        from storage.doubles.pairing import Pairing

        with closing(Pairing()) as pairing:
            self._gather(engine, pairing)
            for found in pairing.pairs(self._since):
                for start in range(0, len(found), CHUNK):
                    if self._stopping.is_set():
                        return
                    self._compare(engine, found[start : start + CHUNK])

    def _gather(self, engine: Engine, pairing: "Pairing") -> None:
        """The keys of all contacts."""
        last = 0
        while not self._stopping.is_set():
            page = self._read(engine, partial(_page, after=last))
            for id, person in page:
                if id >= self.at:
                    self.contacts += 1
                pairing.add(id, keys(person))
            if len(page) < PAGE:
                break
            last = page[-1][0]

    def _compare(self, engine: Engine, found: list[tuple[int, int]]) -> None:
        pairs = [pair for pair in found if pair[0] >= self.at]
        if not pairs:
            return
        wanted = sorted({id for pair in pairs for id in pair})
        people = self._read(engine, lambda work: known_people(work, wanted))
        begun = time.perf_counter()
        for a, b in pairs:
            # Somebody may have been deleted or made one with somebody in the meantime.
            if a in people and b in people:
                verdict = judge_if_likely(people[a], people[b], self._least)
                self.pairs += 1
                if verdict:
                    self._hand_over((a, b, verdict))
        self.at = pairs[-1][0]
        self._pause(begun)


def _page(work: Work, after: int) -> list[tuple[int, Known]]:
    rows = list(
        work.rows(
            select(*DESCRIBED)
            .where(col(Contact.id) > after, col(Contact.erased_at).is_(None))
            .order_by(col(Contact.id))
            .limit(PAGE)
        )
    )
    if not rows:
        return []
    addresses: dict[int, dict[str, list[str]]] = {row[0]: {} for row in rows}
    for id, kind, value in work.rows(
        select(Identity.contact_id, Identity.kind, Identity.value).where(
            col(Identity.contact_id) >= rows[0][0], col(Identity.contact_id) <= rows[-1][0]
        )
    ):
        if id in addresses and kind in ("phone", "email"):
            addresses[id].setdefault(str(kind), []).append(value)
    return [
        (id, known(as_person(addresses[id], name, birthday, None, None)))
        for id, name, birthday, _, _ in rows
    ]
