"""How good the records are: scored with reasons, reported, and made better by asking."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from handlers.actions import quality
from handlers.actions.soundness import verdict
from storage.queries import contacts
from storage.records import Contact, GapAsk, Identity, IdentityKind
from storage.work import Work
from tests.world import World

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


def a_contact(**known: Any) -> Contact:
    """A contact that is not kept."""
    about: dict[str, Any] = {"name": "Anna Lee", "created_at": NOW}
    return Contact(**(about | known))


def test_each_reason_lowers_the_score() -> None:
    """What cannot be so is named; a sound record has a hundred."""
    phone = Identity(
        contact_id=1,
        kind=IdentityKind.PHONE,
        value="+442079460958",
        shown="",
        created_at=NOW,
    )
    assert verdict(a_contact(), [phone], [], NOW).valid == 100
    bad = Identity(contact_id=1, kind=IdentityKind.PHONE, value="+4412", shown="", created_at=NOW)
    for contact, ways, fault in (
        (a_contact(birthday=date(2030, 1, 1)), [], "no_birthday"),
        (a_contact(birthday=date(1890, 1, 1)), [], "too_old"),
        (a_contact(), [bad], "phone"),
        (a_contact(name="ANNA LEE"), [], "capitals"),
        (a_contact(name="anna lee"), [], "capitals"),
        (a_contact(name="Anna Lee 2"), [], "digits"),
        (a_contact(created_at=NOW - timedelta(days=400)), [], "stale"),
    ):
        assert fault in verdict(contact, ways, [], NOW).faults, fault
    assert verdict(a_contact(), [], [], NOW).gaps[0] == "reachable"


async def test_the_report_names_the_commonest_gaps_and_faults(both: World) -> None:
    """Scores over all, how many lack what, and what cannot be right."""
    w = both
    await w.says(w.mia, "/crm add ANNA LEE, Acme, +44 20 7946 0958")
    await w.says(w.mia, "/crm add Omar Haddad, ACME Ltd.")
    said = await w.says(w.ann, "/crm quality")
    assert "2  birthday  (100 %)" in said and "1  any way to reach them  (50 %)" in said
    assert "1  name in capitals" in said and "1  companies written in several ways" in said
    one = await w.says(w.ann, "/crm quality anna lee")
    assert "name in capitals" in one and "Missing:" in one
    assert "% complete" in await w.says(w.mia, "/crm digest")


async def test_a_large_house_is_counted_bit_by_bit(w: World) -> None:
    """The report waits for the first count, and then says the same as counting at once."""

    def many(work: Work) -> None:
        for number in range(quality.FEW + 500):
            work.add(Contact(name=f"Person {number}", created_at=work.now))

    w.store.write(many)
    assert "first count" in await w.says(w.ann, "/crm quality")
    while w.store.write(quality.count_more):
        pass
    assert f"{quality.FEW + 500} customers" in await w.says(w.ann, "/crm quality")


async def test_an_owner_is_asked_one_thing_a_week(w: World) -> None:
    """The answer fills the field; what is not to be asked is not asked again."""
    await w.says(w.mia, "/crm policy csat off")
    await w.says(w.ann, "/crm add Anna Lee, Acme, +44 20 7946 0958")
    # Wednesday morning becomes Tuesday afternoon.
    w.passes(days=6, hours=4)
    w.store.write(quality.ask_owners)
    w.store.write(quality.ask_owners)
    await w.sees(w.ann, "One thing is missing about Anna Lee (Acme): e-mail")
    assert sum("One thing is missing" in each for each in w.ann.heard) == 1

    await w.ann.presses("Fill in", channel=w.ann.dm)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"E-mail": "nonsense"})
    assert w.ann.modal is not None and "not an e-mail" in str(w.ann.modal.errors)
    await w.ann.submits({"E-mail": "anna@acme.test"})
    await w.sees(w.ann, "anna@acme.test")

    w.passes(days=7)
    w.store.write(quality.ask_owners)
    await w.until(lambda: sum("One thing is missing" in each for each in w.ann.heard) == 2)
    await w.ann.presses("Don't ask", channel=w.ann.dm)
    await w.sees(w.ann, "not asked again")
    asked = w.look(lambda work: [each.hushed_at is not None for each in asks(work)])
    assert asked == [False, True]


def asks(work: Work) -> list[GapAsk]:
    """What was asked, oldest first."""
    from sqlmodel import col, select

    return work.all(select(GapAsk).order_by(col(GapAsk.id)))


async def test_nobody_is_asked_when_the_policy_says_so(w: World) -> None:
    """Off is off."""
    await w.says(w.ann, "/crm add Anna Lee, Acme")
    await w.says(w.mia, "/crm policy gap_questions off")
    w.passes(days=6, hours=4)
    assert w.store.write(quality.ask_owners) == 0
    assert w.look(lambda work: len(list(contacts.every(work)))) == 1
