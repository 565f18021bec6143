"""What people type in a hurry: half a command, a bare name, rubbish; each gets a clear answer."""

from datetime import UTC, datetime

from sqlmodel import select

from storage.records import Contact, Identity, IdentityKind, LaterMessage
from tests.scenarios.test_reminders import reminded
from tests.world import World


async def test_addresses_need_no_comma_before_them(w: World) -> None:
    """A phone and an e-mail behind a name say by themselves what they are."""
    await w.says(w.ann, "/crm add Peter Pan +44 20 7946 0958 peter@pan.example #vip")
    (peter,) = w.look(lambda work: work.all(select(Contact)))
    reach = {each.kind: each.value for each in w.look(lambda work: work.all(select(Identity)))}

    assert peter.name == "Peter Pan"
    assert reach == {IdentityKind.PHONE: "+442079460958", IdentityKind.EMAIL: "peter@pan.example"}


async def test_a_number_in_a_name_stays_there(w: World) -> None:
    """Only what can be a phone is taken for one."""
    await w.says(w.ann, "/crm add Studio 54")

    (studio,) = w.look(lambda work: work.all(select(Contact)))
    assert studio.name == "Studio 54"


async def test_a_phone_without_a_country_is_of_the_houses_country(w: World) -> None:
    """The zone of the team says which; nobody types +44 among neighbours."""
    await w.says(w.mia, "/crm policy team_zone Europe/London")
    said = await w.says(w.mia, "/crm add Zed, Zedco, 020 7946 0000")

    assert "+44 20 7946 0000" in said


async def test_a_bare_name_is_offered_to_be_looked_up(w: World) -> None:
    """Who types somebody's name without a verb is one press from finding them."""
    await w.says(w.ann, "/crm add Anna Lee")
    said = await w.says(w.ann, "/crm anna lee")
    assert "I don't know “anna”" in said and "/crm find anna lee" in said
    await w.ann.presses("Run")
    await w.sees(w.ann, "1 match for “anna lee”")

    assert "find" not in await w.says(w.ann, "/crm xyzzyplugh")


async def test_a_filter_that_fits_nobody_is_no_unknown_name(w: World) -> None:
    """Conditions that nobody meets, and one that does not exist, are each said in their words."""
    await w.says(w.ann, "/crm add Anna Lee #vip")

    assert "nobody who fits “tag:vip spent>5”" in await w.says(w.ann, "/crm find tag:vip spent>5")
    assert "no condition “foo”" in await w.says(w.ann, "/crm find foo:bar")


async def test_a_verb_alone_says_how_it_goes_on(w: World) -> None:
    """What is missing is shown by the whole line, with its gaps in the reader's language."""
    wei = w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai")

    assert "/crm remind <contact" in await w.says(w.ann, "/crm remind")
    assert "no date or time" in await w.says(w.ann, "/crm remind anna soonish")
    assert "/crm 标签 <客户> <#tag>" in await w.says(wei, "/crm 标签 王小明")
    assert "English" in await w.says(w.ann, "/crm language")


async def test_an_order_alone_opens_its_form(w: World) -> None:
    """As the help says."""
    await w.ann.command("/crm order", channel=w.support)
    modal = await w.until(lambda: w.ann.modals[-1] if w.ann.modals else None)

    assert modal.title == "New order"


async def test_no_time_of_day_is_no_digest(w: World) -> None:
    """A slip is said, instead of showing yesterday as if nothing had been typed."""
    assert "“25:99” is no time of day" in await w.says(w.mia, "/crm digest 25:99")
    assert "“”" not in await w.says(w.mia, "/crm sla gold")


async def test_being_away_without_an_end_says_so_plainly(w: World) -> None:
    """There is no end to be named."""
    said = await w.says(w.ann, "/crm away")

    assert said.strip().endswith("nothing new is given to you.")


async def test_their_time_is_the_clock_that_their_card_shows(w: World) -> None:
    """What the country of a phone tells of the hour holds for both."""
    w.bob.says("hello")
    await w.thread()
    await w.says(w.ann, "/crm set bob phone +81 3 1234 5678")
    assert "there now (Tokyo)" in await w.says(w.ann, "/crm show bob")
    said = await w.says(w.ann, "/crm later bob tomorrow 10:00 their time good morning")
    assert "Asia/Tokyo" in said

    (waiting,) = w.look(lambda work: work.all(select(LaterMessage)))
    assert waiting.due_at == datetime(2026, 11, 19, 1, 0, tzinfo=UTC)


async def test_what_comes_again_says_when(w: World) -> None:
    """A recurrence is said back by its next times, and marked wherever it is listed."""
    said = await w.says(w.ann, "/crm remind me every second monday 9am stand-up")
    first, then, after = "Mon 23 Nov", "Mon 7 Dec", "Mon 21 Dec"
    assert first in said and f"Then {then}" in said and after in said
    assert "🔁 — stand-up" in await w.says(w.ann, "/crm reminders")

    assert "Then" not in await w.says(w.ann, "/crm remind me tomorrow 9am once")


async def test_silence_counts_from_now_when_they_have_answered_already(w: World) -> None:
    """An answer to what we said before does not clear what is to wait for the next one."""
    w.bob.says("hello")
    card = await w.thread()
    await w.ann.says(w.support, "here is the offer", thread_ts=card.ts)
    await w.hears(w.bob, "here is the offer")
    w.passes(hours=1)
    w.bob.says("thank you")
    await w.in_thread("thank you")
    w.passes(hours=1)
    await w.says(w.ann, "/crm remind bob if no reply in 2 days")
    w.passes(days=2, hours=1)

    await reminded(w, w.ann, "has not replied")
