"""A date that is over or that can be read in several ways is asked about, with buttons."""

from datetime import UTC, datetime

from sqlmodel import select

from storage.records import FollowUp
from tests.scenarios.test_reminders import follow_up
from tests.world import World


async def test_a_date_of_two_readings_is_asked_about(both: World) -> None:
    """3/4 is the third of April or the fourth of March; nothing is kept until it is said."""
    w = both
    said = await w.says(w.ann, "/crm remind me 3/4 9:30am send the offer")
    assert "Which one do you mean" in said and "Sat 3 Apr 2027 09:30" in said.replace(",", "")
    assert w.look(lambda work: work.all(select(FollowUp))) == []
    await w.ann.presses("This one")
    await w.until(lambda: w.look(lambda work: work.all(select(FollowUp))))

    found = follow_up(w)
    assert found.text == "send the offer"
    assert found.wall in ("2027-04-03T09:30", "2027-03-04T09:30")


async def test_a_recurrence_keeps_its_rule_when_its_hour_is_asked(w: World) -> None:
    """Every Monday at eight: in the morning or in the evening?"""
    await w.says(w.ann, "/crm remind me every monday at 8 review the pipeline")
    await w.ann.presses("This one")
    await w.until(lambda: w.look(lambda work: work.all(select(FollowUp))))

    assert follow_up(w).rule == "FREQ=WEEKLY;BYDAY=MO"
    assert follow_up(w).text == "review the pipeline"


async def test_a_time_that_is_over_offers_tomorrow(both: World) -> None:
    """Nine o'clock today was an hour ago."""
    w = both
    said = await w.says(w.ann, "/crm remind me today 9am call Bob")
    assert "is over" in said and "Thu 19 Nov 2026 09:00" in said.replace(",", "")
    await w.ann.presses("This one")
    await w.until(lambda: w.look(lambda work: work.all(select(FollowUp))))

    assert follow_up(w).due_at == datetime(2026, 11, 19, 9, tzinfo=UTC)


async def test_in_a_thread_the_ticket_is_not_forgotten(w: World) -> None:
    """The button knows which ticket the question was about."""
    w.bob.says("the kettle is broken")
    card = await w.thread()
    await w.ann.says(w.support, "@rapport remind 3/4 10am call back", thread_ts=card.ts)
    await w.sees(w.ann, "Which one do you mean")
    await w.ann.presses("This one")
    await w.until(lambda: w.look(lambda work: work.all(select(FollowUp))))

    assert follow_up(w).ticket_id is not None


async def test_everybody_may_write_dates_as_they_do(w: World) -> None:
    """Month first, from now on."""
    assert "March 4" in await w.says(w.ann, "/crm dates month first")
    said = await w.says(w.ann, "/crm remind me 12/25 9:30am presents")
    assert "Fri 25 Dec" in said.replace(",", "")
    assert "3rd of April" in await w.says(w.ann, "/crm dates day first")


async def test_it_is_asked_in_chinese_too(w: World) -> None:
    """With the words and the dates of the language."""
    wei = w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai")
    said = await w.says(wei, "/crm 提醒 我 周一或者周二上午十点 发报价")

    assert "是指哪一个" in said and "11月23日" in said and "11月24日" in said


async def test_a_time_may_be_said_by_another_clock(w: World) -> None:
    """Three o'clock in New York is eight in the evening here, and is said back as that."""
    said = await w.says(w.ann, "/crm remind me tomorrow 3pm New York time call Bob")
    assert "20:00" in said
    await w.until(lambda: w.look(lambda work: work.all(select(FollowUp))))

    assert follow_up(w).due_at == datetime(2026, 11, 19, 20, tzinfo=UTC)
    assert follow_up(w).text == "call Bob"
