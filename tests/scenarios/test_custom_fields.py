"""Fields of the team's own, tags and companies: set up from Slack, kept tidy."""

import pytest

from handlers.actions import fields
from storage.errors import Refused
from storage.queries import companies, contacts
from storage.records import Contact, CustomField, FieldKind
from storage.work import Work
from tests.world import World


def everybody(w: World) -> dict[str, Contact]:
    """Contacts by name."""
    return {each.name: each for each in w.look(lambda work: list(contacts.every(work)))}


async def test_an_admin_adds_renames_and_retires_fields(both: World) -> None:
    """Agents see them; only an admin changes them; what is in a retired one is kept."""
    w = both
    await w.says(w.mia, "/crm add Anna Lee")
    assert "another role" in await w.says(w.ann, "/crm field add plan choice a|b")
    await w.says(w.mia, "/crm field add plan choice free|pro|gold")
    await w.says(w.ann, "/crm set anna plan gold")
    await w.says(w.mia, "/crm field rename plan Tariff | 套餐")
    listed = await w.says(w.ann, "/crm field")
    assert "Tariff" in listed and "free | pro | gold" in listed and "Retire" not in listed
    assert "Tariff" in await w.says(w.ann, "/crm show anna")

    await w.says(w.mia, "/crm field")
    await w.mia.presses("Retire", channel=w.support)
    await w.sees(w.mia, "1 customer keeps what is in it")
    assert "no field “plan”" in await w.says(w.ann, "/crm set anna plan pro")
    assert "Tariff" not in (await w.says(w.ann, "/crm show anna")).split("Timeline")[0]
    await w.says(w.mia, "/crm field add plan choice free|pro|gold")
    assert "gold" in (await w.says(w.ann, "/crm show anna")).split("Timeline")[0]


async def test_a_type_changes_only_when_everything_fits(both: World) -> None:
    """What does not fit is named, and nothing is changed then."""
    w = both
    await w.says(w.mia, "/crm add Anna Lee")
    await w.says(w.mia, "/crm add Omar Haddad")
    await w.says(w.mia, "/crm field add seats text")
    await w.says(w.mia, "/crm set anna seats 12")
    await w.says(w.mia, "/crm set omar seats a dozen")
    said = await w.says(w.mia, "/crm field type seats number")
    assert "1 customer has" in said and "Omar Haddad: a dozen" in said
    assert everybody(w)["Anna Lee"].custom == {"seats": "12"}
    await w.says(w.mia, "/crm set omar seats 13")
    await w.says(w.mia, "/crm field type seats number 1..50")
    assert everybody(w)["Omar Haddad"].custom == {"seats": 13}


async def test_a_field_is_added_in_a_form(w: World) -> None:
    """The key follows from the name; what is wrong is said beside it."""
    await w.mia.command("/crm field add", channel=w.support)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits({"name": "Number of seats | 席位", "kind": "choice", "more": "one"})
    assert w.mia.modal is not None and "2 to" in str(w.mia.modal.errors)
    await w.mia.submits({"more": "one|many", "required": "yes"})
    await w.sees(w.mia, "number_of_seats")


@pytest.mark.parametrize("name", ["tag", "spent", "birthday", "1st", "a b c?", "plan"])
async def test_names_that_mean_something_already_are_refused(w: World, name: str) -> None:
    """A filter, a usual field, or another field of the team's own."""
    await w.says(w.mia, "/crm field add plan text")
    await w.says(w.mia, f"/crm field add {name} text")
    assert len(w.look(every_field)) == 1


def every_field(work: Work) -> list[CustomField]:
    """All fields of the team's own."""
    return fields.every(work)


def a_field(kind: FieldKind, *choices: str) -> CustomField:
    """A field that is not kept."""
    from datetime import UTC, datetime

    at = datetime(2026, 1, 1, tzinfo=UTC)
    return CustomField(key="x", kind=kind, choices=list(choices), position=0, created_at=at)


def test_every_type_reads_what_people_write(sqlite_store: object) -> None:
    """Each value is read back from how it is shown."""
    from storage.engine import Store

    assert isinstance(sqlite_store, Store)
    cases = [
        (FieldKind.NUMBER, "1,250.5", 1250.5),
        (FieldKind.NUMBER, "-3", -3),
        (FieldKind.DATE, "3 May 1990", "1990-05-03"),
        (FieldKind.DATE, "1990年5月3日", "1990-05-03"),
        (FieldKind.YES_NO, "是", True),
        (FieldKind.YES_NO, "No", False),
        (FieldKind.LINK, "example.com/a", "https://example.com/a"),
        (FieldKind.MONEY, "€1,250", {"amount": 1250, "currency": "EUR"}),
        (FieldKind.TEXT, " a  b ", "a  b"),
        (FieldKind.TEXT, "-", None),
    ]

    def read(work: Work) -> None:
        for kind, text, value in cases:
            field = a_field(kind)
            assert fields.parse(work, field, text) == value, text
            assert fields.parse(work, field, fields.text_of(field, value)) == value, text
        for kind, text in (
            (FieldKind.NUMBER, "12 apples"),
            (FieldKind.NUMBER, "١٢٣"),
            (FieldKind.NUMBER, "NaN"),
            (FieldKind.DATE, "someday"),
            (FieldKind.YES_NO, "perhaps"),
            (FieldKind.LINK, "javascript:alert(1)"),
            (FieldKind.MONEY, "a lot"),
        ):
            with pytest.raises(Refused):
                fields.parse(work, a_field(kind), text)

    sqlite_store.read(read)


# Tags


async def test_tags_are_listed_renamed_made_one_and_taken_away(both: World) -> None:
    """Everywhere at once, in saved segments too; only a manager may."""
    w = both
    await w.says(w.mia, "/crm add Anna Lee #wholesale")
    await w.says(w.mia, "/crm add Omar Haddad #wholesale #wholesales")
    await w.says(w.mia, "/crm segment add big tag:wholesales")
    listed = await w.says(w.mia, "/crm tags")
    assert "#wholesale 2" in listed and "look alike" in listed
    assert "another role" in await w.says(w.ann, "/crm tags rename #wholesale #trade")

    await w.mia.presses("Make them one", channel=w.support)
    await w.sees(w.mia, "went into #wholesale")
    assert "2 people now" in await w.says(w.mia, "/crm segment big")
    assert "on 2 customers" in await w.says(w.mia, "/crm tags rename #wholesale #trade")
    assert "tag trade" in await w.says(w.mia, "/crm segment big")

    await w.says(w.mia, "/crm tags delete #trade")
    await w.mia.presses("Delete", channel=w.support)
    await w.sees(w.mia, "The segment “big” is made by #trade")
    await w.says(w.mia, "/crm segment change big stage:lead")
    await w.says(w.mia, "/crm tags delete #trade")
    await w.mia.presses("Delete", channel=w.support)
    await w.sees(w.mia, "gone from 2 customers")
    assert "no tags yet" in await w.says(w.mia, "/crm tags")


async def test_a_slip_in_a_tag_is_offered_to_be_mended(w: World) -> None:
    """The tag that was probably meant is a press away."""
    await w.says(w.mia, "/crm add Anna Lee #wholesale")
    await w.says(w.mia, "/crm add Omar Haddad")
    said = await w.says(w.ann, "/crm tag omar #wholsale")
    assert "Did you mean #wholesale" in said
    await w.ann.presses("Use #wholesale", channel=w.support)
    await w.sees(w.ann, "Omar Haddad now has #wholesale")
    omar = everybody(w)["Omar Haddad"]
    assert w.look(lambda work: [e.tag for e in contacts.tags_of(work, omar)]) == ["wholesale"]


# Companies


async def test_a_company_is_one_however_it_is_written(both: World) -> None:
    """Its page has everybody; all are written alike by a press."""
    w = both
    await w.says(w.mia, "/crm add Anna Lee, Acme")
    await w.says(w.mia, "/crm add Omar Haddad, ACME Ltd.")
    await w.says(w.mia, "/crm add Tom Baker, Acme")
    await w.says(w.mia, "/crm add Grace Okafor, Akme Inc")
    await w.says(w.mia, "/crm ticket anna: broken")
    page = await w.says(w.mia, "/crm company the acme co.")
    assert "3 people" in page and "Omar Haddad" in page and "#1" in page
    assert "1 open ticket" in page and "Acme (2), ACME Ltd. (1)" in page

    await w.mia.presses("Write alike", channel=w.support)
    await w.until(lambda: everybody(w)["Omar Haddad"].company == "Acme")
    assert "Did you mean" in await w.says(w.ann, "/crm company acmee")


async def test_companies_are_made_one_and_renamed(both: World) -> None:
    """The old names go on to mean it."""
    w = both
    await w.says(w.mia, "/crm add Anna Lee, Haddad & Sons")
    await w.says(w.mia, "/crm add Omar Haddad, Hadad and Sons Ltd")
    page = await w.says(w.mia, "/crm company haddad & sons")
    assert "“Hadad and Sons Ltd” is probably the same" in page
    await w.mia.presses("Make them one", channel=w.support)
    await w.sees(w.mia, "1 record changed")
    assert everybody(w)["Omar Haddad"].company == "Haddad & Sons"

    await w.says(w.mia, "/crm company haddad & sons → Sons of Haddad")
    assert {each.company for each in everybody(w).values()} == {"Sons of Haddad"}
    assert "2 people" in await w.says(w.ann, "/crm company hadad and sons")
    await w.says(w.mia, "/crm add Tom Baker, Haddad & Sons")
    assert "3 people" in await w.says(w.ann, "/crm company sons of haddad")
    assert "another role" in await w.says(w.ann, "/crm company sons of haddad → Mine")


async def test_contacts_that_came_by_other_ways_get_their_company(both: World) -> None:
    """Whoever writes only the name is looked up afterwards."""
    w = both
    from handlers.actions.companies import link_more

    def imported(work: Work) -> None:
        for number, name in enumerate(("明日科技有限公司", "明日科技", "明日科技（集团）有限公司")):
            work.add(Contact(name=f"客户{number}", company=name, created_at=work.now))
        work.add(Contact(name="Odd", company="...", created_at=work.now))
        work.flush()
        link_more(work)

    w.store.write(imported)
    found = w.look(lambda work: companies.largest(work, 5))
    assert [count for _, count in found] == [3, 1]
