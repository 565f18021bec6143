"""The daily digest: the right numbers, at nine in the manager's zone, each day once."""

from datetime import UTC, datetime

from bot.playground.slack import Member, Message
from storage.queries import house
from tests.world import World


def digests(member: Member) -> list[Message]:
    """The daily digests that somebody has got."""
    return [m for m in member.dm.messages if m.bot and "Daily digest" in m.plain]


def facts(message: Message) -> dict[str, str]:
    """The numbers of a digest by their label."""
    fields = [f["text"] for b in message.all_blocks for f in b.get("fields", ())]
    return {label.strip("*"): value for label, _, value in (f.partition("\n") for f in fields)}


def at(w: World, moment: str) -> None:
    """Move the clock to a moment (UTC)."""
    w.clock.push(datetime.fromisoformat(moment).replace(tzinfo=UTC) - w.clock.now())


async def a_day(w: World) -> None:
    """A Wednesday with two new customers, three messages in, one out, one ticket resolved."""
    await w.says(w.mia, "/crm")
    await w.says(w.ann, "/crm remind me in 10 minutes buy stamps")
    w.bob.says("my order")
    card = await w.thread(1)
    w.li.says("你好")
    await w.thread(2)
    w.passes(minutes=30)
    answer = await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)
    w.bob.says("Thank you")
    await w.in_thread("Thank you")
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.in_thread("has resolved this")


async def test_at_nine_it_arrives_with_the_right_numbers_against_the_day_before(
    both: World,
) -> None:
    """Each number with its change, what waits now, and the week as a chart."""
    w = both
    await a_day(w)
    at(w, "2026-11-19T08:59:58")
    assert digests(w.mia) == []
    at(w, "2026-11-19T09:00:01")
    (got,) = await w.until(lambda: digests(w.mia))

    found = facts(got)
    assert "Wed 18 Nov" in got.plain.replace(",", "")
    assert found["New customers"] == "*2*  ▲ 2"
    assert found["Messages in"] == "*3*  ▲ 3"
    assert found["Messages out"] == "*1*  ▲ 1"
    assert found["Tickets opened"] == "*2*  ▲ 2"
    assert found["Tickets closed"] == "*1*  ▲ 1"
    assert found["Waiting for us now"].startswith("1 · longest ")
    assert found["Median first answer"].startswith("30 minutes")
    assert found["Follow-ups due"].startswith("*1*  ▲ 1") and "1 missed" in found["Follow-ups due"]
    (chart,) = [b for b in got.all_blocks if b["type"] == "data_visualization"]
    first = {p["label"]: p["value"] for p in chart["chart"]["series"][0]["data"]}
    assert list(first.values()) == [0, 0, 0, 0, 0, 0, 3]


async def test_the_next_day_it_counts_down_from_the_day_before(w: World) -> None:
    """A quiet Thursday after a busy Wednesday; one digest a day."""
    await a_day(w)
    at(w, "2026-11-19T09:00:01")
    await w.until(lambda: len(digests(w.mia)) == 1)
    w.bob.says("one thing more")
    await w.in_thread("one thing more")
    at(w, "2026-11-20T09:00:01")
    await w.until(lambda: len(digests(w.mia)) == 2)

    found = facts(digests(w.mia)[-1])
    assert found["Messages in"] == "*1*  ▼ 2"
    assert found["New customers"] == "*0*  ▼ 2"


async def test_it_keeps_its_hour_through_a_change_of_the_clocks(w: World) -> None:
    """Nine o'clock is nine o'clock in summer too; days that were missed are one digest."""
    await w.says(w.mia, "/crm")
    at(w, "2027-03-27T09:00:01")
    await w.until(lambda: len(digests(w.mia)) == 1)
    at(w, "2027-03-28T07:59:58")
    (schedule,) = w.look(house.schedules)
    assert schedule.next_due_at == datetime(2027, 3, 28, 8, tzinfo=UTC)
    at(w, "2027-03-28T08:00:01")
    await w.until(lambda: len(digests(w.mia)) == 2)
    at(w, "2027-03-29T08:00:01")
    await w.until(lambda: len(digests(w.mia)) == 3)
    (schedule,) = w.look(house.schedules)

    assert schedule.next_due_at == datetime(2027, 3, 30, 8, tzinfo=UTC)


async def test_a_restart_doubles_no_digest(both: World) -> None:
    """Down at nine, it comes when the process is back, once."""
    w = both
    await w.says(w.mia, "/crm")
    await w.stop_rapport()
    at(w, "2026-11-19T09:30:00")
    await w.start_rapport()
    await w.until(lambda: digests(w.mia))
    await w.stop_rapport()
    await w.start_rapport()
    await w.says(w.mia, "/crm remind me in 1 minute look up")
    w.passes(minutes=1, seconds=1)
    await w.until(lambda: any("look up" in m.plain for m in w.mia.dm.messages))

    assert len(digests(w.mia)) == 1


async def test_where_slack_refuses_modern_blocks_the_chart_is_drawn_with_characters(
    w: World,
) -> None:
    """The numbers arrive all the same, once."""
    w.slack.modern_blocks = False
    await a_day(w)
    at(w, "2026-11-19T09:00:01")
    (got,) = await w.until(lambda: digests(w.mia))

    assert "█" in got.plain and "Messages, last 7 days" in got.plain
    assert not any(block["type"] == "data_visualization" for block in got.all_blocks)


async def test_a_manager_chooses_another_hour_in_their_own_zone(w: World) -> None:
    """The digest is of the day of that zone."""
    kim = w.slack.member("kim", "Kim Seo", tz="Asia/Seoul", admin=True)
    said = await w.says(kim, "/crm digest 07:30")
    assert "07:30" in said and "Asia/Seoul" in said
    at(w, "2026-11-18T22:30:01")
    (got,) = await w.until(lambda: digests(kim))

    assert "Wed 18 Nov" in got.plain.replace(",", "")


async def test_asked_for_it_shows_yesterday_at_once(w: World) -> None:
    """A manager may ask; an agent may not."""
    assert "Daily digest" in await w.says(w.mia, "/crm digest")
    assert "another role" in await w.says(w.ann, "/crm digest")


async def test_the_button_under_it_shows_the_tickets(w: World) -> None:
    """From the number to what is behind it."""
    await a_day(w)
    at(w, "2026-11-19T09:00:01")
    (got,) = await w.until(lambda: digests(w.mia))
    await w.mia.presses("All tickets", channel=w.mia.dm, ts=got.ts)

    await w.sees(w.mia, "1 open ticket")
