"""The rows of a file become customers: who is known already, who is new, and what is added.

A piece of rows is one transaction, together with how far the import has come: after a crash it
goes on behind the last piece, and no row is written twice. What each row did is kept beside it, so
that all of it can be taken back (see `import_undo`).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from handlers.actions import changes, fields, import_orders
from handlers.actions.access import Permission, action
from handlers.actions.policies import settled
from handlers.importing.persons import Person
from storage.columns import new_id
from storage.errors import Refused, Stale
from storage.lookups import tail_of
from storage.queries import imports, members, profiles
from storage.records import (
    Consent,
    Contact,
    ContactTag,
    CustomField,
    Did,
    Direction,
    Identity,
    IdentityKind,
    Import,
    ImportRow,
    ImportState,
    Interaction,
    Lane,
    OnKnown,
    Purpose,
    Stage,
)
from storage.work import Work

CHANNEL = "import"
# So many cells of a row are kept with what is wrong with it, each so long.
MOST_CELLS = 60
LONGEST_CELL = 2_000

Problem = tuple[str, str, str]
Key = tuple[IdentityKind, str]


@dataclass
class Known:
    """What the database knows about the people of a piece."""

    by_key: dict[Key, int] = field(default_factory=dict)
    by_id: set[int] = field(default_factory=set)
    by_name: dict[str, list[tuple[int, str | None]]] = field(default_factory=dict)
    ordered: import_orders.Ordered = field(default_factory=import_orders.Ordered)


@dataclass(frozen=True)
class Verdict:
    """What is to become of a row: of whom it speaks, and what stands against it."""

    did: Did
    contact_id: int = 0
    problem: Problem | None = None
    # Somebody of the same name is known; they may be the same.
    perhaps: bool = False
    # What it says of an order is to be written.
    buys: bool = False


def keys_of(person: Person) -> list[Key]:
    """What somebody is surely known by; it is asked several times of each."""
    if person.keys is None:
        person.keys = _keys(person)
    return person.keys


def _keys(person: Person) -> list[Key]:
    keys: list[Key] = [(IdentityKind.PHONE, value) for value, _ in person.phones]
    keys += [(IdentityKind.EMAIL, value) for value, _ in person.emails]
    keys += [(IdentityKind.EXTERNAL, value) for value in person.externals]
    return keys


def look_up(work: Work, people: Sequence[Person], since: int = 0) -> Known:
    """Who of these people is known; orders younger than `since` came with the same file."""
    known = Known()
    buyers = [person for person in people if person.order is not None]
    if buyers:
        known.ordered = import_orders.look_up(work, buyers, since)
    wanted: dict[IdentityKind, set[str]] = {}
    names: set[str] = set()
    ids: set[int] = set()
    for person in people:
        if person.is_bad:
            continue
        for kind, value in keys_of(person):
            wanted.setdefault(kind, set()).add(value)
        names.add(person.full_name)
        if person.rapport_id:
            ids.add(person.rapport_id)
    for kind, values in wanted.items():
        for value, contact in imports.owners_of(work, kind, values).items():
            known.by_key[kind, value] = contact
    known.by_id = set(imports.contacts(work, ids)) if ids else set()
    known.by_name = imports.called(work, names - {""})
    return known


def judge(person: Person, known: Known, on_known: OnKnown, *, may_make: bool = True) -> Verdict:
    """What is to become of a row. Without `may_make` nobody comes with their order alone."""
    verdict = _judge(person, known, on_known)
    said = person.order
    if said is None or verdict.did in (Did.BAD, Did.LIKELY):
        return verdict
    is_somebody = bool(person.full_name or keys_of(person))
    if verdict.did is Did.CREATED and not (may_make and is_somebody):
        shown = person.full_name or (person.cells[0] if person.cells else "")
        problem = None if said.is_purchase else known.ordered.objection(said, 0)
        return Verdict(Did.BAD, problem=problem or ("import.unknown_person", "", shown[:80]))
    if said.is_broken or known.ordered.is_told(said, verdict.contact_id):
        return verdict
    problem = known.ordered.objection(said, verdict.contact_id)
    return replace(verdict, problem=verdict.problem or problem, buys=problem is None)


def _judge(person: Person, known: Known, on_known: OnKnown) -> Verdict:
    if person.is_bad:
        return Verdict(Did.BAD)
    found = {known.by_key[key] for key in keys_of(person) if key in known.by_key}
    if person.rapport_id in known.by_id:
        found.add(person.rapport_id)
    alike = known.by_name.get(person.full_name, []) if person.full_name else []
    if person.order is not None and not found:
        whose = known.ordered.owner_of(person.order)
        found = {whose} if whose else set()
        same = {id for id, company in alike if _may_be(person, company)}
        if not found and not keys_of(person) and same:
            # Whose order it is only their name says.
            found = same
    if len(found) > 1:
        return Verdict(Did.BAD, problem=("import.two_people", "", str(len(found))))
    if not found:
        if not keys_of(person) and any(_may_be(person, company) for _, company in alike):
            # Nothing but a name, and it is there already: a silent double otherwise.
            return Verdict(Did.LIKELY, alike[0][0], ("import.likely", "", person.full_name))
        return Verdict(Did.CREATED, perhaps=bool(alike))
    if on_known is OnKnown.SKIP:
        return Verdict(Did.SKIPPED, found.pop())
    return Verdict(Did.CHANGED, found.pop())


def _may_be(person: Person, company: str | None) -> bool:
    return not person.company or not company or person.company.casefold() == company.casefold()


def remember(known: Known, person: Person, contact_id: int) -> None:
    """Have the rows that follow know about this one."""
    for key in keys_of(person):
        known.by_key.setdefault(key, contact_id)
    entries = known.by_name.setdefault(person.full_name, [])
    if all(contact_id != each for each, _ in entries):
        entries.append((contact_id, person.company or None))


@action(Permission.CAMPAIGN)
def foresee(
    work: Work,
    people: Sequence[Person],
    on_known: OnKnown,
    known: Known | None = None,
    *,
    may_make: bool = True,
) -> list[Verdict]:
    """What would become of rows; nothing is written. `known` is kept from piece to piece."""
    here = look_up(work, people)
    if known is None:
        known = here
    else:
        known.by_key.update(here.by_key)
        known.by_id |= here.by_id
        for name, entries in here.by_name.items():
            known.by_name.setdefault(name, entries)
        known.ordered.known |= here.ordered.known
    verdicts = []
    for person in people:
        verdict = judge(person, known, on_known, may_make=may_make)
        if verdict.did in (Did.CREATED, Did.CHANGED, Did.SKIPPED):
            contact_id = verdict.contact_id or new_id()
            remember(known, person, contact_id)
            if verdict.buys and person.order and person.order.is_purchase and person.order.number:
                known.ordered.told[person.order.number] = contact_id
        verdicts.append(verdict)
    return verdicts


# Writing


@action(Permission.SYSTEM)
def write(work: Work, import_id: int, people: Sequence[Person], after: int) -> Import:
    """Write a piece of rows. `after` is the line behind which it begins.

    Raises Stale when somebody else has written it meanwhile.
    """
    record = work.sure(Import, import_id)
    if record.state is not ImportState.RUNNING:
        return record
    if record.cursor != after:
        raise Stale("imports")
    if people:
        _Piece(work, record, people).write()
        record.cursor = people[-1].ends
        record.done += len(people)
    return record


class _Piece:
    """Some rows, and all that is known about whom they speak of."""

    def __init__(self, work: Work, record: Import, people: Sequence[Person]) -> None:
        self.work = work
        self.record = record
        self.people = people
        self.known = look_up(work, people, record.id)
        self.orders = import_orders.Writer(work, self.known.ordered, record.id)
        self.may_make = record.reading.get("unknown") != "report"
        self.counts = dict(record.counts)
        self.fields = {each.key: each for each in profiles.custom_fields(work)}
        self.owners = _owners(work)
        self.language = settled(work, "team_language")
        self._load()

    def _load(self) -> None:
        """Those who are known, with what they have."""
        ids = set(self.known.by_key.values()) | self.known.by_id
        if any(person.order for person in self.people):
            ids |= {each.contact_id for each in self.known.ordered.known.values()}
            ids |= {id for entries in self.known.by_name.values() for id, _ in entries}
        self.contacts = imports.contacts(self.work, ids)
        self.has = imports.identities(self.work, ids)
        self.tags = imports.tags(self.work, ids)
        self.consents = imports.marketing(self.work, ids)
        notes = [note for person in self.people for note in person.notes]
        self.noted = imports.noted(self.work, ids, notes)
        streets = {each.casefold()[:512] for p in self.people for each in _addresses_of(p)}
        kind = IdentityKind.ADDRESS
        for value, contact in imports.owners_of(self.work, kind, streets).items():
            self.known.by_key[kind, value] = contact

    def write(self) -> None:
        for person in self.people:
            self._row(person)
        self.orders.place()
        if self.orders.written:
            self.counts["orders"] = self.counts.get("orders", 0) + self.orders.written
        self.record.counts = self.counts

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def _row(self, person: Person) -> None:
        verdict = judge(person, self.known, self.record.on_known, may_make=self.may_make)
        problems = [*person.problems, *([verdict.problem] if verdict.problem else [])]
        # Before the ids of all that it adds.
        row_id = new_id()
        contact: Contact | None = None
        before: dict[str, Any] | None = None
        did = verdict.did
        if did is Did.SKIPPED and verdict.buys:
            did = Did.CHANGED
        if did is Did.CREATED:
            contact = self._create(person, problems, verdict)
        elif did is Did.CHANGED:
            contact = self.contacts[verdict.contact_id]
            before = self._change(contact, person, problems, verdict)
            if before is None:
                did = Did.SAME
        if contact is not None or did is Did.SKIPPED:
            remember(self.known, person, contact.id if contact else verdict.contact_id)
        self._buy(contact, person, problems, verdict)
        self._count(str(did))
        if verdict.perhaps:
            self._count("perhaps")
        if problems and did not in (Did.BAD, Did.LIKELY):
            self._count("flawed")
        row = self.work.add(
            ImportRow.new(
                id=row_id,
                import_id=self.record.id,
                line=person.line,
                did=did,
                contact_id=contact.id if contact is not None else verdict.contact_id or None,
                last_id=new_id(),
                contact_version=_version_to_be(contact),
                detail=_detail(person, problems, before),
            )
        )
        if verdict.buys:
            self.orders.follow(row)

    def _buy(
        self,
        contact: Contact | None,
        person: Person,
        problems: list[Problem],
        verdict: Verdict,
    ) -> None:
        if contact is None or person.order is None or not verdict.buys:
            return
        problem = self.orders.take(contact, person.order)
        if problem is not None:
            problems.append(problem)

    def _create(self, person: Person, problems: list[Problem], verdict: Verdict) -> Contact:
        name = person.full_name or _some_name(person)
        contact = self.work.add(
            Contact.new(
                name=name,
                first_name=person.first or None,
                company=person.company or None,
                birthday=person.birthday,
                gender=person.gender,
                language=person.language or _language_of(name, self.language),
                zone=person.zone or None,
                source=person.source or CHANNEL,
                stage=_stage_of(person, verdict) or person.stage or Stage.LEAD,
                owner_id=self._owner(person, problems),
                custom=self._custom(person, problems),
                created_at=person.created or self.work.now,
            )
        )
        self.contacts[contact.id] = contact
        self.has[contact.id] = set()
        self.tags[contact.id] = set()
        self._add(contact, person)
        self._consent(contact, person)
        return contact

    def _owner(self, person: Person, problems: list[Problem]) -> int | None:
        if not person.owner:
            return None
        found = self.owners.get(person.owner.strip().casefold())
        if found is None:
            problems.append(("import.no_member", "owner", person.owner))
        return found

    def _custom(self, person: Person, problems: list[Problem]) -> dict[str, Any]:
        if not self.fields:
            return dict(person.custom)
        found: dict[str, Any] = {}
        for key, text in person.custom.items():
            value = custom_value(self.work, self.fields, key, text, problems)
            if value is not None:
                found[key] = value
        return found

    def _add(self, contact: Contact, person: Person) -> bool:
        """Ways to reach them, tags and notes, those that are not there yet; whether any was new."""
        work, has = self.work, self.has.setdefault(contact.id, set())
        shown: dict[Key, str] = {
            **{(IdentityKind.PHONE, value): given for value, given in person.phones},
            **{(IdentityKind.EMAIL, value): given for value, given in person.emails},
            **{(IdentityKind.EXTERNAL, value): value for value in person.externals},
        }
        for place in _addresses_of(person):
            address = (IdentityKind.ADDRESS, place.casefold()[:512])
            # Of a family that lives together one has the address; the others have its parts.
            if address not in self.known.by_key:
                shown[address] = place
                self.known.by_key[address] = contact.id
        is_new = False
        for (kind, value), given in shown.items():
            if (kind, value) not in has:
                has.add((kind, value))
                is_new = True
                work.add(
                    Identity.new(
                        contact_id=contact.id,
                        kind=kind,
                        value=value,
                        shown=given[:512],
                        tail=tail_of(kind, value),
                        created_at=work.now,
                    )
                )
        tags = self.tags.setdefault(contact.id, set())
        for tag in person.tags:
            if tag not in tags:
                tags.add(tag)
                is_new = True
                work.add(ContactTag.new(contact_id=contact.id, tag=tag))
        return self._note(contact, person) or is_new

    def _note(self, contact: Contact, person: Person) -> bool:
        is_new = False
        for note in person.notes:
            if (contact.id, note) in self.noted:
                continue
            self.noted.add((contact.id, note))
            is_new = True
            self.work.add(
                Interaction.new(
                    contact_id=contact.id,
                    member_id=self.record.created_by,
                    channel=CHANNEL,
                    direction=Direction.NOTE,
                    lane=Lane.INTERNAL,
                    text=note,
                    at=self.work.now,
                )
            )
        return is_new

    def _consent(self, contact: Contact, person: Person) -> dict[str, Any] | None:
        """What they said about marketing, with this import as its evidence.

        What stood there before, when that has changed. A customer's own stop is never taken back
        by a file.
        """
        if person.marketing is None:
            return None
        known = self.consents.get(contact.id)
        evidence = f"import {self.record.number}: {self.record.file_name}, line {person.line}"[:512]
        if known is None:
            self.consents[contact.id] = self.work.add(
                Consent.new(
                    contact_id=contact.id,
                    purpose=Purpose.MARKETING,
                    granted=person.marketing,
                    channel=CHANNEL,
                    evidence=evidence,
                    at=self.work.now,
                )
            )
            return {}
        if known.granted is person.marketing or not known.granted:
            return None
        names = ("id", "version", "granted", "channel", "evidence", "at")
        before = {name: _plain(getattr(known, name)) for name in names}
        known.granted, known.channel = person.marketing, CHANNEL
        known.evidence, known.at = evidence, self.work.now
        return before

    # Of somebody who is known

    def _change(
        self, contact: Contact, person: Person, problems: list[Problem], verdict: Verdict
    ) -> dict[str, Any] | None:
        """What stood there before, when anything has changed."""
        version = contact.version
        is_left = self.record.on_known is OnKnown.SKIP
        new = {} if is_left else self._values(person, problems)
        overwrite = self.record.on_known is OnKnown.OVERWRITE
        fields_before: dict[str, list[Any]] = {}
        for name, said in new.items():
            old, value = getattr(contact, name), said
            if name == "custom":
                value = contact.custom | said if overwrite else said | contact.custom
            elif old and not overwrite:
                continue
            if value == old:
                continue
            fields_before[name] = [_plain(old), _plain(value)]
            setattr(contact, name, value)
            if name == "company":
                # It is looked up anew.
                fields_before["company_id"] = [contact.company_id, None]
                contact.company_id = None
        stage = _stage_of(person, verdict)
        if stage is not None and contact.stage is Stage.LEAD:
            fields_before["stage"] = [contact.stage, stage]
            contact.stage = stage
        consent = None if is_left else self._consent(contact, person)
        is_new = verdict.buys if is_left else self._add(contact, person) or verdict.buys
        if not fields_before and not is_new and consent is None:
            return None
        self._write_down(contact, fields_before)
        return {
            "version": version,
            "fields": fields_before,
            **({"consent": consent} if consent else {}),
        }

    def _write_down(self, contact: Contact, fields_before: dict[str, list[Any]]) -> None:
        """What it held before and holds now, in the history of its fields."""
        made: list[changes.Change] = []
        for name, (old, new) in fields_before.items():
            if name == "custom":
                keys = [key for key in new if new[key] != old.get(key)]
                made += [(f"custom.{key}", old.get(key), new[key]) for key in keys]
            elif name != "company_id":
                made.append((name.removesuffix("_id"), old, new))
        changes.write_down(self.work, contact, made, f"import {self.record.number}")

    def _values(self, person: Person, problems: list[Problem]) -> dict[str, Any]:
        """What the row says of fields, without what it does not say."""
        values: dict[str, Any] = {
            # A company beside a phone does not rename whose phone it is.
            "name": person.own_name,
            "first_name": person.first,
            "company": person.company,
            "birthday": person.birthday,
            "gender": person.gender,
            "language": person.language,
            "zone": person.zone,
            "source": person.source,
            "stage": person.stage,
            "owner_id": self._owner(person, problems),
            "custom": self._custom(person, problems),
        }
        return {name: value for name, value in values.items() if value}


def _stage_of(person: Person, verdict: Verdict) -> Stage | None:
    """Who buys is a customer."""
    buys = verdict.buys and person.order is not None and person.order.is_purchase
    return Stage.CUSTOMER if buys and person.stage in (None, Stage.LEAD) else None


def _version_to_be(contact: Contact | None) -> int:
    """Which version it will have when it is written."""
    if contact is None:
        return 0
    return contact.version + (1 if contact.changes() else 0)


def custom_value(
    work: Work,
    known: dict[str, CustomField],
    key: str,
    text: str,
    problems: list[Problem],
) -> Any:
    """What is kept in a contact's own fields: by its type where the team has given it one."""
    own = known.get(key)
    if own is None:
        return text
    try:
        return fields.parse(work, own, text)
    except Refused as refused:
        problems.append((refused.key, key, text[:80]))
        return None


def _owners(work: Work) -> dict[str, int]:
    found: dict[str, int] = {}
    for member in members.active(work):
        for name in (member.name, member.email, member.slack_user):
            if name:
                found.setdefault(name.casefold(), member.id)
    return found


def _addresses_of(person: Person) -> list[str]:
    """Where they live, as lines for people."""
    if person.addresses is not None:
        return person.addresses
    first = [person.custom] if person.custom.get("street") else []
    lines = [_line_of(place) for place in (*first, *person.places.values())]
    return list(dict.fromkeys(line for line in lines if line))


def _line_of(place: dict[str, str]) -> str:
    town = " ".join(filter(None, (place.get("postcode"), place.get("city"))))
    parts = (place.get("street"), town, place.get("region"), place.get("country"))
    return ", ".join(part for part in parts if part)


def _some_name(person: Person) -> str:
    """What somebody is called of whom only an address is known."""
    keys = [*person.emails, *person.phones]
    return keys[0][1] if keys else person.externals[0].partition(":")[2]


def _language_of(name: str, team: str) -> str:
    return "zh" if any("\u3400" <= sign <= "\u9fff" for sign in name) else team


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _detail(
    person: Person, problems: Collection[Problem], before: dict[str, Any] | None
) -> str | None:
    if not problems and before is None:
        return None
    detail: dict[str, Any] = {}
    if problems:
        detail["problems"] = [list(problem) for problem in problems][:20]
        detail["cells"] = [cell[:LONGEST_CELL] for cell in person.cells[:MOST_CELLS]]
    if before is not None:
        detail["before"] = before
    return (
        json.dumps(detail, ensure_ascii=False)
        .replace("\\u0000", "")
        .encode("utf-8", "replace")
        .decode()
    )
