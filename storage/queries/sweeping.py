"""One look at all contacts for doubles: keys first, then those who share one.

Keys of everybody are gathered (some sixty bytes a contact), and pairs that share one are compared
bit by bit.
"""

import time
from array import array
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlmodel import col, select

from storage.doubles.blocking import KINDS, keys
from storage.doubles.judging import judge_known
from storage.doubles.person import Known, known
from storage.queries.doubles import DESCRIBED, as_person, known_people
from storage.queries.looking import REST, Look
from storage.records import Contact, Identity
from storage.work import Work

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

PAGE = 2000
# Of whom so many share a key, all are compared with each other, by kind (see `KINDS`); of more only
# neighbours, and nobody where a key says little: a thousand who are called Li and born in May.
BLOCKS = (12, 12, 12, 6, 4, 6)
NEIGHBOURS = (2, 2, 2, 0, 0, 0)
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
        ids, gathered = self._gather(engine)
        if self._stopping.is_set() or len(ids) < 2:
            return
        first, second = _with_newcomers(ids, self._since, *_pairs(gathered))
        del gathered
        for start in range(0, len(first), CHUNK):
            if self._stopping.is_set():
                return
            part = slice(start, start + CHUNK)
            self._compare(engine, ids, first[part].tolist(), second[part].tolist())

    def _gather(self, engine: Engine) -> tuple["array[int]", list[tuple["array[int]", Any]]]:
        """The ids of all contacts, and for each kind of key the hashes and whose they are."""
        ids = array("q")
        gathered = [(array("Q"), array("I")) for _ in KINDS]
        last = 0
        while not self._stopping.is_set():
            page = self._read(engine, partial(_page, after=last))
            for id, person in page:
                if id >= self.at:
                    self.contacts += 1
                number = len(ids)
                ids.append(id)
                for kind, key in keys(person):
                    gathered[kind][0].append(key)
                    gathered[kind][1].append(number)
            if len(page) < PAGE:
                break
            last = page[-1][0]
        return ids, gathered

    def _compare(
        self, engine: Engine, ids: "array[int]", first: list[int], second: list[int]
    ) -> None:
        pairs = [(ids[a], ids[b]) for a, b in zip(first, second, strict=True)]
        pairs = [pair for pair in pairs if pair[0] >= self.at]
        if not pairs:
            return
        wanted = sorted({id for pair in pairs for id in pair})
        people = self._read(engine, lambda work: known_people(work, wanted))
        begun = time.perf_counter()
        for a, b in pairs:
            # Somebody may have been deleted or made one with somebody in the meantime.
            if a in people and b in people:
                verdict = judge_known(people[a], people[b])
                self.pairs += 1
                if verdict.score >= self._least:
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


def _pairs(gathered: list[tuple["array[int]", Any]]) -> tuple["Numbers", "Numbers"]:
    """The numbers of those who share a key, each pair once, ordered by the first of them."""
    import numpy as np

    found = [np.empty(0, np.uint64)]
    for (hashes, owners), block, neighbours in zip(gathered, BLOCKS, NEIGHBOURS, strict=True):
        if len(hashes) < 2:
            continue
        keys_of = np.frombuffer(hashes, np.uint64)
        order = np.argsort(keys_of, kind="stable")
        keys_sorted = keys_of[order]
        owners_sorted = np.frombuffer(owners, np.uint32)[order].astype(np.uint64)
        sizes = _sizes(keys_sorted)
        for apart in range(1, block):
            same = keys_sorted[apart:] == keys_sorted[:-apart]
            if apart > neighbours:
                same &= sizes[apart:] <= block
            a, b = owners_sorted[:-apart][same], owners_sorted[apart:][same]
            low, high = np.minimum(a, b), np.maximum(a, b)
            both = (low << np.uint64(32)) | high
            found.append(both[low != high])
    packed = np.unique(np.concatenate(found))
    return (packed >> np.uint64(32)).astype(np.int64), (packed & np.uint64(2**32 - 1)).astype(
        np.int64
    )


def _with_newcomers(
    ids: "array[int]", since: int, first: "Numbers", second: "Numbers"
) -> tuple["Numbers", "Numbers"]:
    """The pairs whose younger one came after a contact."""
    import numpy as np

    if not since:
        return first, second
    chosen = np.frombuffer(ids, np.int64)[second] > since
    return first[chosen], second[chosen]


def _sizes(keys_sorted: Any) -> Any:
    """For each key, how many there are of it."""
    import numpy as np

    starts = np.flatnonzero(np.concatenate(([True], keys_sorted[1:] != keys_sorted[:-1])))
    lengths = np.diff(np.append(starts, len(keys_sorted)))
    return np.repeat(lengths, lengths)
