"""The index of names as one process keeps it: what stands on disk, and what has changed since.

A small house (up to `FEW` contacts) needs no index: all its names are held and compared one by
one. A large one has an index that is built aside, kept beside the database and loaded at the next
start; what changes afterwards is read from the journal before every search, in the searcher's own
transaction, so that whoever was added a moment ago is found.
"""

import hashlib
import logging
import threading
import weakref
from collections.abc import Container, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.fuzz import ratio
from sqlalchemy import Engine, bindparam, delete
from sqlmodel import col, func, select

from storage.finding.folding import ways_to_type
from storage.finding.judging import NEVER, Verdict, in_order, judge_name
from storage.records import Contact, Erasure, NameChange
from storage.work import Transaction, Work

if TYPE_CHECKING:
    from storage.finding.index import Index

log = logging.getLogger(__name__)

# So many names are compared one by one in a few milliseconds.
FEW = 10_000
# How many changes are asked for again: on PostgreSQL a later number may commit before this one.
OVERLAP = 2_000
# On SQLite only for what a transaction wrote that was then rolled back.
FEWEST = 100
CANDIDATES = 60
# Of an index, by likeness, by words, by short names and by beginnings.
PER_WAY = 20


_CHANGES = (
    select(NameChange.id, NameChange.contact_id)
    .where(col(NameChange.id) > bindparam("after"))
    .order_by(col(NameChange.id))
    .limit(bindparam("most"))
)
_WHOSE = select(NameChange.contact_id).where(col(NameChange.id) == bindparam("id"))
_LATELY = select(NameChange.contact_id).order_by(col(NameChange.id).desc()).limit(500)
_NEWEST = select(func.max(NameChange.id))
_OLDEST = select(func.min(NameChange.id))
_NAMES = select(Contact.id, Contact.name, Contact.company)


class Names:
    """All names of one database."""

    def __init__(self, folder: Path | None, few: int = FEW) -> None:
        self._folder = folder
        self._few = few
        self._lock = threading.RLock()
        self._index: Index | None = None
        # The last change that is known, and which of those before it are.
        self._seen = 0
        self._known: dict[int, int] = {}
        self._begun = False
        # What has changed since the index was built: how each of them may be typed.
        self._recent: dict[int, list[str]] = {}
        self._straight: dict[tuple[int, int], str] = {}
        self._ordered: dict[tuple[int, int], str] = {}
        self._building: threading.Thread | None = None
        # So much has changed that only the index that is being built will know it.
        self._far_behind = False
        # When the names of the index were read, in seconds.
        self._made_at = 0

    # Asking

    def nearest(self, work: Work, typed: str) -> list[tuple[int, Verdict]]:
        """Contacts with how well their name fits what was typed (folded), best first."""
        self.follow(work)
        with self._lock:
            found = dict(self._among_recent(typed))
            index = self._index
            recent: Container[int] = self._recent
            if not self.is_ready:
                found |= self._by_sql(work, typed)
                recent = {*self._recent, *(contact for (contact,) in work.rows(_LATELY))}
            if index is not None:
                for contact, ways in self._in_index(index, typed):
                    if contact not in recent:
                        verdict = judge_name(typed, ways)
                        if verdict.score > found.get(contact, NEVER).score:
                            found[contact] = verdict
        return sorted(found.items(), key=lambda pair: (-round(pair[1].score, 1), -pair[0]))

    def _by_sql(self, work: Work, typed: str) -> dict[int, Verdict]:
        """While the index is being built: those whose name holds what was typed, as it stands.

        Where there was one before, only those whom it does not know: who came later, or was changed
        a moment ago.
        """
        words = [f"%{word}%" for word in typed.split()[:6]]
        name = func.lower(col(Contact.name))
        asked = _NAMES.where(*(name.like(word) for word in words)).limit(CANDIDATES)
        if self._index is None:
            rows = list(work.rows(asked))
        else:
            known = int(self._index.meant.firsts.max(initial=0))
            rows = list(work.rows(asked.where(col(Contact.id) > known)))
            rows += work.rows(asked.where(col(Contact.id).in_(_LATELY)))
        return {id: judge_name(typed, _ways(name, company)) for id, name, company in rows}

    def _among_recent(self, typed: str) -> Iterator[tuple[int, Verdict]]:
        few = len(self._straight) <= 300
        keys: set[tuple[int, int]] = set(self._straight) if few else set()
        if not few:
            for sought, texts in ((typed, self._straight), (in_order(typed), self._ordered)):
                near = process.extract(sought, texts, scorer=ratio, limit=CANDIDATES)
                keys.update(key for _, _, key in near)
            keys.update(self._by_words(typed))
        for contact in {contact for contact, _ in keys}:
            yield contact, judge_name(typed, self._recent[contact])

    def _by_words(self, typed: str) -> Iterator[tuple[int, int]]:
        """Those whose text holds, or begins with, what was typed; at most a few hundred."""
        left = 300
        words = typed.split()
        for key, text in self._straight.items():
            if all(word in text for word in words) or (len(typed) < 5 and text[:1] == typed[:1]):
                yield key
                left -= 1
                if not left:
                    return

    def _in_index(self, index: "Index", typed: str) -> Iterator[tuple[int, list[str]]]:
        for number in index.candidates(typed, PER_WAY):
            text = index.texts[number]
            for contact in index.meant.of(number)[-8:].tolist():
                yield contact, [text]

    # Following

    def follow(self, work: Work) -> None:
        """Learn what has changed since the last time, in this transaction too."""
        work.flush()
        with self._lock:
            if not self._begun:
                self._begin(work)
            if self._far_behind and self._building is not None:
                return
            most = 4 * self._few + OVERLAP
            asked = {"after": self._seen - self._overlap(work), "most": most}
            rows = dict(work.rows(_CHANGES, asked))
            if len(rows) == most:
                # So many at once (an import) are learnt by building anew.
                self._far_behind = True
                self.build(work)
                return
            latest = range(self._seen - FEWEST + 1, self._seen + 1)
            lost = [id for id in latest if id in self._known and id not in rows]
            if self._seen and not rows:
                # The journal begins anew: another database stands in this one's place.
                self._forget()
                self._begin(work)
                return
            new = {id: contact for id, contact in rows.items() if self._known.get(id) != contact}
            if new or lost:
                # What was learnt in a transaction that was rolled back is learnt again, too.
                gone = {self._known.pop(id) for id in lost}
                self._learn(work, gone | set(new.values()))
                self._known.update(new)
                self._seen = max(rows)
                if len(self._known) > 4 * OVERLAP:
                    after = self._seen - OVERLAP
                    self._known = {id: c for id, c in self._known.items() if id > after}
        if len(self._recent) > 2 * self._few:
            self.build(work)

    def _overlap(self, work: Work) -> int:
        return OVERLAP if work.dialect == "postgresql" else FEWEST

    def _forget(self) -> None:
        self._index, self._seen, self._known = None, 0, {}
        self._recent, self._straight, self._ordered = {}, {}, {}

    def _begin(self, work: Work) -> None:
        self._begun = True
        newest = work.scalar(_NEWEST) or 0
        several = work.scalar(select(func.count()).select_from(Contact)) or 0
        if several > self._few and self._load(work):
            return
        self._seen = newest
        self._known = dict(work.rows(_CHANGES, {"after": newest - OVERLAP, "most": OVERLAP}))
        if several <= self._few:
            for contact, name, company in work.rows(_NAMES):
                self._keep(contact, name, company)
        else:
            self.build(work)

    def _learn(self, work: Work, contacts: set[int]) -> None:
        asked = list(contacts)
        for start in range(0, len(asked), 500):
            part = asked[start : start + 500]
            there = {
                id: (name, company)
                for id, name, company in work.rows(
                    select(Contact.id, Contact.name, Contact.company).where(
                        col(Contact.id).in_(part)
                    )
                )
            }
            for contact in part:
                self._drop(contact)
                if contact in there:
                    self._keep(contact, *there[contact])
                elif self._index is not None:
                    # Deleted: what the index says of it no longer counts.
                    self._recent[contact] = []

    def _keep(self, contact: int, name: str, company: str | None) -> None:
        ways = _ways(name, company)
        self._recent[contact] = ways
        for number, text in enumerate(ways):
            self._straight[contact, number] = text
            self._ordered[contact, number] = in_order(text)

    def _drop(self, contact: int) -> None:
        for number in range(len(self._recent.pop(contact, ()))):
            self._straight.pop((contact, number), None)
            self._ordered.pop((contact, number), None)

    # Building and keeping

    @property
    def is_ready(self) -> bool:
        """Whether every name can be found by a typo, not only the recent ones."""
        known = self._index is not None and not self._far_behind
        return self._begun and (self._building is None or known)

    @property
    def is_large(self) -> bool:
        """Whether there are more names than are compared one by one."""
        return self._index is not None

    def wait(self) -> None:
        """Until the index is there."""
        building = self._building
        if building is not None:
            building.join()

    def build(self, work: Work) -> None:
        """Make the index anew, aside; searches go on with what there is."""
        with self._lock:
            if self._building is None:
                self._building = threading.Thread(
                    target=self._build, args=(work.engine, work.now), name="names", daemon=True
                )
                self._building.start()

    @property
    def made_at(self) -> datetime:
        """When the names of the index were read, of which there may be files."""
        return datetime.fromtimestamp(self._made_at, UTC)

    def make_files_anew(self, work: Work) -> None:
        """Have the files hold the names that there are now, and no other."""
        with self._lock:
            if self._folder is None or not self._begun or self._building is not None:
                return
            if self._index is None:
                # A small house needs none, and may have been a large one.
                self._made_at = int(work.now.timestamp())
                self._remove()
            elif self._stated().get("made_at", 0) > self._made_at:
                # Another process on this machine has made them anew.
                self._forget()
                self._begun = False
                self.follow(work)
            else:
                self.build(work)

    def _stated(self) -> dict[str, int]:
        from storage.finding import files

        return files.stated(self._folder) if self._folder is not None else {}

    def _remove(self) -> None:
        from storage.finding import files

        if self._folder is not None:
            files.remove(self._folder)

    def _build(self, engine: Engine, now: datetime) -> None:
        from storage.finding.building import built

        try:
            with engine.connect() as connection, connection.begin():
                work = Work(Transaction(connection), now)
                seen = work.scalar(_NEWEST) or 0
                whose = work.scalar(_WHOSE, {"id": seen}) or 0
                rows = list(work.rows(_NAMES))
            index = built((text, id) for id, name, company in rows for text in _ways(name, company))
            made_at = int(now.timestamp())
            with self._lock:
                self._index, self._far_behind, self._made_at = index, False, made_at
                # What is newer than the index is learnt again from the journal.
                self._recent, self._straight, self._ordered = {}, {}, {}
                self._seen = seen
                self._known = {id: c for id, c in self._known.items() if id <= seen}
            if self._folder is not None:
                from storage.finding import files

                facts = {"seen": seen, "whose": whose, "made_at": made_at}
                files.save(self._folder, index, facts)
        except OSError as refused:
            log.warning("the index of names is not kept: %s", refused.strerror)
        finally:
            self._building = None

    def _load(self, work: Work) -> bool:
        """Take the index from disk, if it is whole and of this database."""
        if self._folder is None:
            return False
        from storage.finding import files

        loaded = files.load(self._folder)
        if loaded is None:
            return False
        index, facts = loaded
        oldest = work.scalar(_OLDEST) or 0
        newest = work.scalar(_NEWEST) or 0
        whose = work.scalar(_WHOSE, {"id": facts["seen"]}) or 0
        if not oldest <= facts["seen"] <= newest or whose != facts["whose"]:
            # It was made of another database, or too long ago.
            return False
        if newest - facts["seen"] > 20 * self._few:
            return False
        self._index, self._seen = index, facts["seen"]
        self._made_at = facts.get("made_at", 0)
        before = dict(work.rows(_CHANGES, {"after": self._seen - OVERLAP, "most": OVERLAP}))
        self._known = {id: contact for id, contact in before.items() if id <= self._seen}
        return True


def _ways(name: str, company: str | None) -> list[str]:
    ways = ways_to_type(name)
    return ways if not company else list(dict.fromkeys([*ways, *ways_to_type(company)[:1]]))


_of_engines: "weakref.WeakKeyDictionary[Engine, Names]" = weakref.WeakKeyDictionary()
_of_files: dict[str, Names] = {}
_all = threading.Lock()


def names_of(work: Work) -> Names:
    """The names of the database that this work is done in."""
    engine = work.engine
    found = _of_engines.get(engine)
    if found is not None:
        return found
    with _all:
        url = engine.url
        if not url.database or url.database == ":memory:":
            found = Names(None)
        else:
            key = url.render_as_string(hide_password=True)
            found = _of_files.get(key) or Names(
                _folder_of(url.get_backend_name(), url.database, key)
            )
            _of_files[key] = found
        _of_engines[engine] = found
    return found


def _folder_of(backend: str, database: str, key: str) -> Path:
    if backend == "sqlite":
        return Path(f"{database}.names")
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return Path.home() / ".cache" / "rapport" / f"names-{digest}"


# Between which hours (UTC) files are made anew for whoever is erased, and how long that may wait.
AT_NIGHT = range(2, 5)
LONGEST_WAIT = timedelta(hours=20)
# Whoever was erased so shortly before an index was made may have been read for it yet.
MEANWHILE = timedelta(minutes=5)
_ERASED = (
    select(Erasure.asked_at)
    .where(col(Erasure.asked_at) > bindparam("after"))
    .order_by(col(Erasure.id))
    .limit(1)
)


def forget_the_erased(work: Work, names: Names) -> None:
    """Have the files of an index hold nobody's name who is erased: at night, or in a day."""
    erased_at = work.scalar(_ERASED, {"after": names.made_at - MEANWHILE})
    if erased_at is None:
        return
    if work.now.hour in AT_NIGHT or work.now - erased_at >= LONGEST_WAIT:
        names.make_files_anew(work)


# So many changes are kept: an index that is older is made anew.
KEPT = 100_000


def forget_changes(work: Work, at_a_time: int) -> None:
    """Drop the oldest notes of changes, those that no index waits for any longer."""
    newest = work.scalar(_NEWEST) or 0
    oldest = work.scalar(_OLDEST) or 0
    until = min(newest - KEPT, oldest + at_a_time)
    if until > oldest:
        work.execute(delete(NameChange).where(col(NameChange.id) < until))
