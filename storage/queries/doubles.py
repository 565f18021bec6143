"""Contacts that may be the same person as somebody: looked up by what is indexed, then judged.

    for contact_id, verdict in doubles.likely(work, Person(names=("Bob Smith",), emails=…)):
        verdict.same is Same.YES, verdict.score, verdict.reasons

Cheap enough for every row of an import: some lookups by key, and one by name (a few milliseconds
in a house of a million).
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.doubles.judging import LIKELY, Verdict, judge_known
from storage.doubles.person import SHARED_MAILBOXES, Known, Person, known, mailbox
from storage.finding.folding import folded
from storage.queries.names import names_of
from storage.records import (
    Contact,
    Deal,
    Double,
    DoublesPass,
    DoubleState,
    Identity,
    IdentityKind,
    Interaction,
    Merge,
    MergeStep,
    Order,
    Ticket,
)
from storage.work import Work

# So many of those whose names are nearest are looked at.
NEAREST = 12
_PART = 500
# Asked for every candidate of every contact that comes: made once.
_PAIR = select(Double).where(
    col(Double.first_id) == bindparam("first"), col(Double.second_id) == bindparam("second")
)
_MERGES_OF = (
    select(Merge)
    .where(col(Merge.survivor_id) == bindparam("survivor"), col(Merge.undone_at).is_(None))
    .order_by(col(Merge.id).desc())
)

DESCRIBED: tuple[Any, ...] = (
    Contact.id,
    Contact.name,
    Contact.birthday,
    Contact.company,
    Contact.gender,
)


def likely(
    work: Work,
    person: Person,
    *,
    but: Collection[int] = (),
    least: float = LIKELY,
    by_name: bool = True,
) -> list[tuple[int, Verdict]]:
    """Contacts (by id) that may be this person, likeliest first.

    `but` are not looked at; without `by_name` only those with the same e-mail, phone or other
    number are: some tens of microseconds.
    """
    ids = set(_by_addresses(work, person))
    if by_name:
        for name in person.names:
            near = names_of(work).nearest(work, folded(name)) if name else []
            ids.update(id for id, _ in near[:NEAREST])
    one = known(person)
    found = [
        (id, judge_known(one, known(other)))
        for id, other in people(work, sorted(ids - set(but))).items()
    ]
    return sorted(
        ((id, verdict) for id, verdict in found if verdict.score >= least),
        key=lambda pair: (-pair[1].score, pair[0]),
    )


def _by_addresses(work: Work, person: Person) -> Iterator[int]:
    for kind, values in (
        (IdentityKind.PHONE, person.phones),
        (IdentityKind.EMAIL, tuple(each.strip().lower() for each in person.emails)),
    ):
        for value in values:
            identity = work.by_key(Identity, kind, value)
            if identity is not None:
                yield identity.contact_id
    for text in person.emails:
        box = mailbox(text)
        if box is None or len(box.local) < 4 or box.local in SHARED_MAILBOXES:
            continue
        local = box.whole.partition("@")[0]
        # The same mailbox name elsewhere, or with something behind a plus.
        for first, last in ((f"{local}@", f"{local}A"), (f"{local}+", f"{local},")):
            found = (
                select(Identity.contact_id)
                .where(
                    col(Identity.kind) == IdentityKind.EMAIL,
                    col(Identity.value) >= first,
                    col(Identity.value) < last,
                )
                .limit(NEAREST)
            )
            yield from (id for (id,) in work.rows(found))


def people(work: Work, ids: list[int]) -> dict[int, Person]:
    """These contacts as they are compared, by id; who is not there is left out."""
    found: dict[int, Person] = {}
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        addresses: dict[int, dict[str, list[str]]] = {id: {} for id in part}
        for id, kind, value in work.rows(
            select(Identity.contact_id, Identity.kind, Identity.value).where(
                col(Identity.contact_id).in_(part)
            )
        ):
            addresses[id].setdefault(str(kind), []).append(value)
        described = select(*DESCRIBED).where(
            col(Contact.id).in_(part), col(Contact.erased_at).is_(None)
        )
        for row in work.rows(described):
            found[row[0]] = as_person(addresses[row[0]], *row[1:])
    return found


def as_person(
    addresses: dict[str, list[str]], name: str, birthday: Any, company: str | None, gender: Any
) -> Person:
    """A contact's columns and addresses (by kind) as a person to be compared.

    What only a contact of ours has, a Telegram account, says nothing of another one's: people
    have two of them, and that is how doubles arise.
    """
    return Person(
        names=(name,),
        phones=tuple(addresses.get("phone", ())),
        emails=tuple(addresses.get("email", ())),
        addresses=tuple(addresses.get("address", ())),
        birthday=birthday,
        company=company,
        gender=str(gender) if gender else None,
    )


def known_people(work: Work, ids: list[int]) -> dict[int, Known]:
    """These contacts made ready for comparing."""
    return {id: known(person) for id, person in people(work, ids).items()}


# Pairs that were found


def pair(work: Work, a: int, b: int) -> Double | None:
    """What is known of two contacts as one person."""
    first, second = sorted((a, b))
    return work.first(_PAIR, {"first": first, "second": second})


def open_pairs(work: Work, limit: int) -> list[Double]:
    """What is to be looked at, the most certain first."""
    return work.all(
        select(Double)
        .where(_is_open(work))
        .order_by(col(Double.score).desc(), col(Double.id))
        .limit(limit)
    )


def open_count(work: Work) -> int:
    """How many pairs are to be looked at."""
    return int(work.scalar(select(func.count()).select_from(Double).where(_is_open(work))) or 0)


def _is_open(work: Work) -> Any:
    later = col(Double.later_until)
    return (col(Double.state) == DoubleState.OPEN) & (later.is_(None) | (later <= work.now))


# Merges


def merge_into(work: Work, gone_id: int) -> Merge | None:
    """The merge by which a contact went, unless it was taken back."""
    return work.first(
        select(Merge)
        .where(col(Merge.gone_id) == gone_id, col(Merge.undone_at).is_(None))
        .order_by(col(Merge.id).desc())
        .limit(1)
    )


def merges_of(work: Work, contact_id: int) -> list[Merge]:
    """The merges that went into a contact and hold, newest first."""
    return work.all(_MERGES_OF, {"survivor": contact_id})


def last_merge(work: Work, member_id: int | None = None) -> Merge | None:
    """The newest merge that holds, of a member or of all."""
    wanted = select(Merge).where(col(Merge.undone_at).is_(None))
    if member_id is not None:
        wanted = wanted.where(col(Merge.member_id) == member_id)
    return work.first(wanted.order_by(col(Merge.id).desc()).limit(1))


def steps_of(work: Work, merge: Merge) -> list[MergeStep]:
    """What a merge has done, in the order of doing it."""
    return work.all(
        select(MergeStep)
        .where(col(MergeStep.merge_id) == merge.id)
        .order_by(col(MergeStep.position))
    )


def has_happened(work: Work, merge: Merge) -> bool:
    """Whether anything was said, asked, sold or bought with the survivor since a merge."""
    return any(
        work.scalar(
            select(model.id)
            .where(model.contact_id == merge.survivor_id, model.id > merge.until_id)
            .limit(1)
        )
        is not None
        for model in _COUNTED.values()
    )


def counts_of(work: Work, contact_id: int) -> dict[str, int]:
    """How many requests, sales, orders and lines there are of a contact."""
    return {
        name: int(work.scalar(select(func.count()).where(model.contact_id == contact_id)) or 0)
        for name, model in _COUNTED.items()
    }


_COUNTED: dict[str, Any] = {
    "tickets": Ticket,
    "deals": Deal,
    "orders": Order,
    "lines": Interaction,
}


# The nightly pass


_LAST_PASS = select(DoublesPass).order_by(col(DoublesPass.id).desc()).limit(1)


def last_pass(work: Work) -> DoublesPass | None:
    """The newest look at all contacts."""
    return work.first(_LAST_PASS)


def new_contacts(work: Work, after: int, limit: int) -> list[int]:
    """The ids of contacts that came after one, oldest first."""
    newer = select(Contact.id).where(col(Contact.id) > after)
    return [id for (id,) in work.rows(newer.order_by(col(Contact.id)).limit(limit))]


def newest_contact(work: Work) -> int:
    """The id of the contact that came last."""
    return int(work.scalar(select(func.max(Contact.id))) or 0)
