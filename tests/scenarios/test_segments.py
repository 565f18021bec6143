"""Saved filters: counted live, said back, explained, made of each other, kept while needed."""

from sqlmodel import col, select

from storage.queries import contacts, segments
from storage.records import Campaign, Contact, ContactTag, Segment
from storage.work import Work
from tests.world import World


async def people(w: World) -> None:
    """Anna is a quiet VIP, Omar one of the staff, Tom nothing special."""
    await w.says(w.mia, "/crm add Anna Lee, Acme #vip")
    await w.says(w.mia, "/crm add Omar Haddad #vip #staff")
    await w.says(w.mia, "/crm add Tom Baker")
    w.passes(days=45)
    # What is due after so long a time is no answer to what is typed next.
    await w.sees(w.mia, "Daily digest")


def names(w: World, line: str) -> set[str]:
    """For whom a filter holds."""

    def found(work: Work) -> set[str]:
        return {each.name for each in segments.some(work, line, 10)}

    return w.look(found)


async def test_a_segment_is_saved_counted_and_shown_with_reasons(both: World) -> None:
    """Its count is live; ten are shown, each with why."""
    w = both
    await people(w)
    said = await w.says(w.mia, '/crm segment add "quiet vips" tag:vip silent>30d -tag:staff')
    assert "1 person now" in said
    assert "tag vip and silent for more than 30 days and not: tag staff" in said
    assert "Anna Lee" in said and "silent for more than 30 days (45 days) ✓" in said

    await w.says(w.mia, "/crm tag tom #vip")
    assert "2 people now" in await w.says(w.mia, "/crm segment")


async def test_why_somebody_is_in_or_which_condition_fails(both: World) -> None:
    """Each condition with how things are."""
    w = both
    await people(w)
    await w.says(w.mia, '/crm segment add "quiet vips" tag:vip silent>30d -tag:staff')
    anna = await w.says(w.ann, "/crm segment why quiet-vips anna")
    assert "is in" in anna and "✅ tag vip" in anna and "45 days" in anna
    omar = await w.says(w.ann, "/crm segment why quiet vips omar haddad")
    assert "is not in" in omar and "❌ not: tag staff — #staff #vip" in omar


async def test_segments_are_made_of_segments_but_never_of_themselves(both: World) -> None:
    """One inside another, also excluded; a circle is refused however long it is."""
    w = both
    await people(w)
    await w.says(w.mia, "/crm segment add vips tag:vip")
    await w.says(w.mia, "/crm segment add staff tag:staff")
    await w.says(w.mia, "/crm segment add real segment:vips not segment:staff")
    assert names(w, "segment:real") == {"Anna Lee"}
    assert names(w, "-segment:real") == {"Omar Haddad", "Tom Baker"}
    assert "made of itself" in await w.says(w.mia, "/crm segment change vips segment:real")
    assert names(w, "segment:vips") == {"Anna Lee", "Omar Haddad"}

    await w.says(w.mia, "/crm segment rename staff our team")
    assert names(w, "segment:real") == {"Anna Lee"}


async def test_a_segment_stays_while_something_needs_it(w: World) -> None:
    """Another segment or a campaign that is not over."""
    await people(w)
    await w.says(w.mia, "/crm segment add vips tag:vip")
    await w.says(w.mia, "/crm segment add real segment:vips -tag:staff")
    await w.says(w.mia, "/crm segment delete vips")
    await w.mia.presses("Delete", channel=w.support)
    assert "“real” is made of “vips”" in await w.sees(w.mia, "is made of")

    def campaign(work: Work) -> None:
        owner = work.first(select(Segment))
        assert owner is not None and owner.created_by is not None
        work.add(
            Campaign(
                number=77,
                texts={"": "hi"},
                audience={"filter": "segment:real"},
                created_by=owner.created_by,
                created_at=work.now,
            )
        )

    w.store.write(campaign)
    await w.says(w.mia, "/crm segment delete real")
    await w.mia.presses("Delete", channel=w.support)
    assert "Campaign 77 uses" in await w.sees(w.mia, "Campaign 77")


async def test_what_is_no_filter_gets_one_sentence_that_helps(w: World) -> None:
    """The nearest name, how a tag is written, what there is."""
    await people(w)
    for line, helps in (
        ("tagg:vip", "Did you mean tag"),
        ("#vip", "tag:vip"),
        ("vip", "tag:vip"),
        ("tag:vip or tag:staff", "no “or”"),
        ("silent>soon", "silent>soon"),
        ("spent:lots", "spent"),
        ("segment:nobody", "no segment “nobody”"),
        ("tag:vip bananas", "“bananas” is no condition"),
    ):
        said = await w.says(w.mia, f'/crm segment add "mine" {line}')
        assert helps in said, (line, said)
    assert "There are no segments yet" in await w.says(w.mia, "/crm segment")


async def test_only_managers_save_segments(w: World) -> None:
    """Everybody may look."""
    await people(w)
    assert "another role" in await w.says(w.ann, "/crm segment add vips tag:vip")
    await w.says(w.mia, "/crm segment add vips tag:vip")
    assert "2 people now" in await w.says(w.ann, "/crm segment vips")


async def test_every_kind_of_condition_holds_on_both_databases(both: World) -> None:
    """Tags, figures, ages, and fields of the team's own of every type."""
    w = both
    await people(w)
    for line in (
        "/crm field add plan choice free|pro|gold",
        "/crm field add likes choices tea|coffee|绿茶",
        "/crm field add seats number",
        "/crm field add since date",
        "/crm field add news yesno",
        "/crm field add budget money",
        "/crm field add about text",
        "/crm set anna plan gold",
        "/crm set anna likes tea, 绿茶",
        "/crm set anna seats 12",
        "/crm set anna since 2020-05-01",
        "/crm set anna news yes",
        "/crm set anna budget 1250.50 EUR",
        "/crm set anna about likes long walks",
        "/crm set anna birthday 3 May 1990",
        "/crm set anna gender female",
        "/crm ticket anna: broken",
    ):
        await w.says(w.mia, line)
    anna, others = {"Anna Lee"}, {"Omar Haddad", "Tom Baker"}
    for line in (
        *("plan:gold", "likes:tea", "likes:绿茶", "seats>10", "seats:12", "seats<=12"),
        *("since<2021", "since>=2020-05-01", "news:yes", "budget>1000", "budget<=1250.5"),
        *("about:walks", "age>=36", "age<37", "gender:female", "tickets>0", "company:acme"),
    ):
        assert names(w, line) == anna, line
    for line in ("-plan:gold", "plan:none", "seats:none", "tickets<1", "not news:yes"):
        assert names(w, line) == others, line
    assert not names(w, "seats>12") and not names(w, "age>36") and not names(w, "since>2020-05-01")
    assert names(w, "orders<1 deals<1 spent<1") == anna | others

    def rubbish(work: Work) -> None:
        for each in contacts.every(work):
            each.custom = each.custom | {"seats": "many", "budget": 7, "since": [1]}

    w.store.write(rubbish)
    for line in ("seats>0", "budget>0", "budget<5"):
        assert not names(w, line), line
    assert names(w, "since<2021") <= anna | others


async def test_a_condition_serves_any_statement(both: World) -> None:
    """What campaigns need: one expression over contacts, for an INSERT … SELECT too."""
    w = both
    await people(w)
    await w.says(w.mia, "/crm segment add vips tag:vip")

    def tagged(work: Work) -> int:
        from sqlalchemy import insert, literal

        from storage.columns import new_id

        held = segments.condition(work, "segment:vips -tag:staff")
        chosen = select(literal(new_id()), literal(1), col(Contact.id), literal("new")).where(held)
        work.execute(insert(ContactTag).from_select(["id", "version", "contact_id", "tag"], chosen))
        return len(contacts.tagged(work, "new"))

    assert w.store.write(tagged) == 1


async def test_many_are_counted_without_stored_lists(w: World) -> None:
    """The count is asked of the database each time."""

    def many(work: Work) -> None:
        for number in range(20_000):
            each = work.add(Contact(name=f"Person {number}", created_at=work.now))
            if number % 2:
                work.add(ContactTag(contact_id=each.id, tag="odd"))

    w.store.write(many)

    def counted(work: Work) -> int:
        return segments.count(work, "tag:odd -tag:even silent<1d")

    assert w.look(counted) == 10_000
