"""Rows that are new by phone and e-mail, and look like somebody who is known all the same."""

from collections.abc import Sequence

from handlers.actions import doubles
from handlers.actions.access import Permission, action
from handlers.importing.persons import Person
from storage.doubles.person import Person as Compared
from storage.queries import names
from storage.work import Work


@action(Permission.CAMPAIGN)
def known_alike(work: Work, people: Sequence[Person]) -> list[bool]:
    """For each row whether a contact is likely the same person; nobody is, without the index.

    It takes some milliseconds a row: for the preview of small files. Of large ones the exact name
    tells, and the pass at night proposes the rest.
    """
    known = names.names_of(work)
    known.follow(work)
    if not known.is_ready:
        return [False] * len(people)
    return [
        any(
            verdict.score >= doubles.PROPOSED for _, verdict in doubles.likely(work, compared(each))
        )
        for each in people
    ]


def compared(person: Person) -> Compared:
    """A row as it is compared with contacts."""
    street, city = person.custom.get("street", ""), person.custom.get("city", "")
    place = ", ".join(filter(None, (street, person.custom.get("postcode", ""), city)))
    return Compared(
        names=(person.full_name,) if person.full_name else (),
        phones=tuple(value for value, _ in person.phones),
        emails=tuple(value for value, _ in person.emails),
        birthday=person.birthday,
        addresses=(place,) if street else (),
        company=person.company or None,
        gender=str(person.gender) if person.gender else None,
    )
