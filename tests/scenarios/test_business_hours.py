"""Opening hours are set in chat, and outside of them a customer hears when somebody is back."""

from datetime import UTC, datetime

from handlers.actions import business_hours
from tests.world import World

OFFICE = "/crm hours mon-fri 9:00-12:30 13:30-18:00"


def at(w: World, moment: str) -> None:
    """Move the clock to a moment (UTC)."""
    w.clock.push(datetime.fromisoformat(moment).replace(tzinfo=UTC) - w.clock.now())


def away(person: object, word: str = "we are back") -> list[str]:
    """What a customer heard of nobody being there."""
    return [text for text in person.heard if word in text]  # type: ignore[attr-defined]


async def test_hours_are_set_in_one_line_and_shown(w: World) -> None:
    """Several blocks a day, days together, and whether it is open now."""
    said = await w.says(w.mia, "/crm hours")
    assert "Day and night" in said
    said = await w.says(w.mia, OFFICE)
    assert "Mon–Fri: 09:00–12:30, 13:30–18:00" in said and "Sat–Sun: closed" in said
    assert "Open now, until Wed" in said.replace("*", "") and "12:30" in said
    said = await w.says(w.mia, "/crm hours sat 10-14")
    assert "Sat: 10:00–14:00" in said and "Mon–Fri: 09:00–12:30" in said
    said = await w.says(w.mia, "/crm hours zone America/New_York")
    assert "America/New_York" in said
    said = await w.says(w.ann, "/crm hours")
    assert "America/New_York" in said and "Closed now" in said and "09:00" in said


async def test_only_managers_set_hours_and_nonsense_changes_nothing(w: World) -> None:
    """An agent may look; what is unclear is said to be."""
    assert "another role" in await w.says(w.ann, OFFICE)
    assert "cannot read" in await w.says(w.mia, "/crm hours whenever we like")
    assert "nobody would ever" in await w.says(w.mia, "/crm hours daily closed")
    assert "not a time zone" in await w.says(w.mia, "/crm hours zone Moon/Crater")
    assert "not a time zone" in await w.says(w.mia, "/crm policy team_zone Moon/Crater")
    assert "no such hours" in await w.says(w.mia, "/crm hours #sales remove")
    assert "Day and night" in await w.says(w.mia, "/crm hours")


async def test_holidays_single_and_several_with_hours_and_every_year(w: World) -> None:
    """They are shown, they close the day, and they can be taken away."""
    await w.says(w.mia, OFFICE)
    said = await w.says(w.mia, "/crm holiday 25 Dec Christmas every year")
    assert "Fri 25 Dec" in said.replace(",", "") and "closed" in said and "every year" in said
    said = await w.says(w.mia, "/crm holiday 24 Dec 9:00-12:00 Christmas Eve")
    assert "09:00–12:00" in said and "Christmas Eve" in said
    said = await w.says(w.mia, "/crm holiday 28 Dec - 30 Dec Winter break")
    assert "28 Dec" in said and "30 Dec" in said
    said = await w.says(w.ann, "/crm holiday")
    assert all(word in said for word in ("Christmas", "Christmas Eve", "Winter break"))

    async def opening(text: str) -> datetime | None:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return await w.store.ask(lambda work: business_hours.next_opening(work, moment))

    assert await opening("2026-12-24T12:30") == datetime(2026, 12, 31, 9, tzinfo=UTC)
    assert await opening("2028-12-25T10:00") == datetime(2028, 12, 26, 9, tzinfo=UTC)
    assert "usual hours" in await w.says(w.mia, "/crm holiday remove 29 Dec")
    assert await opening("2026-12-24T12:30") == datetime(2026, 12, 29, 9, tzinfo=UTC)
    assert "usual hours already" in await w.says(w.mia, "/crm holiday remove 29 Dec")
    assert "Which day" in await w.says(w.mia, "/crm holiday some day")


async def test_a_channel_has_hours_of_its_own(w: World) -> None:
    """The others keep theirs, and when its own go everybody's hold again."""
    await w.says(w.mia, OFFICE)
    said = await w.says(w.mia, "/crm hours #night daily 22:00-6:00")
    assert "#night" in said and "Mon–Sun: 22:00–06:00" in said
    late = datetime(2026, 11, 18, 23, tzinfo=UTC)
    assert await w.store.ask(lambda work: business_hours.is_open(work, late, "#night"))
    assert not await w.store.ask(lambda work: business_hours.is_open(work, late))
    await w.says(w.mia, "/crm hours #night remove")
    assert not await w.store.ask(lambda work: business_hours.is_open(work, late, "#night"))


async def test_who_writes_outside_the_hours_hears_once_when_somebody_is_back(both: World) -> None:
    """Once for each time that nobody is there; in the hours nothing of the kind."""
    w = both
    await w.says(w.mia, OFFICE)
    w.bob.says("in the hours")
    await w.in_thread("in the hours")
    assert away(w.bob) == []
    at(w, "2026-11-20T18:30:00")
    w.bob.says("is anybody there?")
    told = await w.hears(w.bob, "we are back")
    assert "Mon 23 Nov 09:00" in told.replace(",", "") and "UTC time" in told
    w.bob.says("hello?")
    await w.in_thread("hello?")
    w.li.says("有人吗？")
    told = await w.hears(w.li, "回来")
    assert "11月23日" in told and "09:00" in told
    at(w, "2026-11-23T09:30:00")
    w.bob.says("good morning")
    await w.in_thread("good morning")
    assert len(away(w.bob)) == 1
    at(w, "2026-11-23T19:00:00")
    w.bob.says("good evening")
    await w.until(lambda: len(away(w.bob)) == 2)
    assert "Tue 24 Nov 09:00" in away(w.bob)[-1].replace(",", "")


async def test_restarts_do_not_say_it_again(both: World) -> None:
    """What was told is remembered where everything is."""
    w = both
    await w.says(w.mia, OFFICE)
    at(w, "2026-11-20T18:30:00")
    w.bob.says("is anybody there?")
    await w.hears(w.bob, "we are back")
    await w.stop_rapport()
    await w.start_rapport()
    w.bob.says("still nobody?")
    await w.in_thread("still nobody?")
    w.bob.says("and now?")
    await w.in_thread("and now?")

    assert len(away(w.bob)) == 1


async def test_who_is_being_answered_does_not_hear_that_nobody_is_there(w: World) -> None:
    """Somebody works late: the customer talks with them, not with a machine."""
    await w.says(w.mia, OFFICE)
    w.bob.says("before the evening")
    card = await w.thread(1)
    at(w, "2026-11-18T18:30:00")
    answer = await w.ann.says(w.support, "I am still here", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)
    w.bob.says("how nice")
    await w.in_thread("how nice")
    w.bob.says("thank you")
    await w.in_thread("thank you")

    assert away(w.bob) == []


async def test_the_away_message_can_be_turned_off(w: World) -> None:
    """Then the ordinary receipt comes."""
    await w.says(w.mia, OFFICE)
    await w.says(w.mia, "/crm policy away_message off")
    at(w, "2026-11-20T18:30:00")
    w.bob.says("is anybody there?")
    await w.hears(w.bob, "#1")

    assert away(w.bob) == []


async def test_who_opens_the_chat_outside_the_hours_hears_it_too(w: World) -> None:
    """With the welcome; what they write then is received as ever."""
    await w.says(w.mia, OFFICE)
    at(w, "2026-11-21T12:00:00")
    w.bob.starts()
    await w.hears(w.bob, "we are back")
    w.bob.says("on a Saturday")
    await w.hears(w.bob, "#1")

    assert len(away(w.bob)) == 1
