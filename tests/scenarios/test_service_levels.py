"""What is promised is warned of in time, said when it is over, and quiet when it was kept."""

from datetime import UTC, datetime

from sqlmodel import select

from bot.playground.slack import Member, Message
from storage.records import Alarm, ServiceAlarm, Ticket
from tests.scenarios.test_digest import digests, facts
from tests.world import World


def at(w: World, moment: str) -> None:
    """Move the clock to a moment (UTC)."""
    w.clock.push(datetime.fromisoformat(moment).replace(tzinfo=UTC) - w.clock.now())


def told(member: Member, *words: str) -> list[Message]:
    """The direct messages of Rapport with these words."""
    return [m for m in member.dm.messages if m.bot and all(word in m.plain for word in words)]


def ticket(w: World, number: int = 1) -> Ticket:
    """A ticket as it stands."""
    return w.look(lambda work: work.all(select(Ticket).where(Ticket.number == number)))[0]


def alarms(w: World) -> list[ServiceAlarm]:
    """All that was noted."""
    return w.look(lambda work: work.all(select(ServiceAlarm)))


def in_thread(w: World, card: Message, words: str) -> list[Message]:
    """The lines of a thread with these words."""
    return [m for m in w.support.thread(card.ts) if words in m.plain]


async def promised(w: World, line: str = "/crm sla all first 1h next 30m resolve 8h") -> Message:
    """Targets, and Bob who writes at 10:20."""
    await w.says(w.mia, line)
    w.bob.says("my order")
    return await w.thread(1)


async def ann_takes(w: World, card: Message) -> None:
    """Ann has the ticket."""
    await w.ann.presses("Take", channel=w.support, ts=card.ts)
    await w.in_thread("Ann Archer")


async def test_the_assignee_is_warned_before_and_the_managers_hear_after(both: World) -> None:
    """At three quarters of the time to Ann alone; when it is over to Mia, and in the thread."""
    w = both
    card = await promised(w)
    await ann_takes(w, card)
    await w.until(lambda: "First answer by" in card.plain and "11:20" in card.plain)
    w.passes(minutes=44)
    assert told(w.ann, "is due") == []
    w.passes(minutes=1, seconds=30)
    (warned,) = await w.until(lambda: told(w.ann, "#1", "Bob Bell", "first answer is due"))
    await w.ann.presses("Open", channel=w.ann.dm, ts=warned.ts)
    await w.sees(w.ann, "First answer by")
    assert told(w.mia, "overdue") == [] and told(w.bo, "due") == []
    w.passes(minutes=15)
    await w.until(lambda: told(w.mia, "#1", "overdue since", "Ann Archer"))
    await w.until(lambda: in_thread(w, card, "First answer is overdue"))
    await w.until(lambda: "overdue since" in card.plain)

    assert len(told(w.ann, "is due")) == 1 and len(told(w.mia, "overdue")) == 1


async def test_nothing_is_said_twice_by_restarts(both: World) -> None:
    """What was said is remembered; what came due while nothing ran is said once, late."""
    w = both
    card = await promised(w)
    await ann_takes(w, card)
    w.passes(minutes=46)
    await w.until(lambda: told(w.ann, "is due"))
    for _ in range(2):
        await w.stop_rapport()
        await w.start_rapport()
    await w.stop_rapport()
    w.passes(hours=1)
    await w.start_rapport()
    await w.until(lambda: told(w.mia, "overdue since"))
    await w.stop_rapport()
    await w.start_rapport()
    await w.says(w.ann, "/crm remind me in 1 minute look up")
    w.passes(minutes=1, seconds=1)
    await w.until(lambda: told(w.ann, "look up"))

    assert len(told(w.ann, "is due")) == 1 and len(told(w.mia, "overdue")) == 1
    assert len(in_thread(w, card, "overdue")) == 1
    assert sorted(each.alarm for each in alarms(w)) == [Alarm.BREACH, Alarm.WARNING]


async def test_who_was_answered_in_time_is_no_reason_for_a_word(w: World) -> None:
    """The answer stops the clock; a question after it starts that of the next answer."""
    card = await promised(w)
    w.passes(minutes=20)
    answer = await w.ann.says(w.support, "On its way", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)
    w.passes(hours=3)
    w.bob.says("and the other one?")
    await w.in_thread("and the other one?")
    await w.until(lambda: ticket(w).next_answer_due_at is not None)
    stands = ticket(w)
    assert stands.first_answer_due_at is None
    assert stands.next_answer_due_at is not None
    assert 29 <= (stands.next_answer_due_at - w.clock.now()).total_seconds() / 60 <= 30
    assert alarms(w) == []
    w.passes(minutes=23)
    await w.until(lambda: told(w.ann, "next answer is due"))


async def test_when_nobody_has_it_the_thread_is_warned(w: World) -> None:
    """With a button to take it; who presses has it."""
    card = await promised(w)
    w.passes(minutes=46)
    (line,) = await w.until(lambda: in_thread(w, card, "nobody has this ticket"))
    await w.bo.presses("Take", channel=w.support, ts=line.ts)
    await w.in_thread("Bo Berg")

    assert told(w.ann, "due") == told(w.bo, "is due") == []


async def test_the_clock_counts_working_time_only(w: World) -> None:
    """Friday evening's question is due on Monday; the lunch break does not count either."""
    await w.says(w.mia, "/crm hours mon-fri 9:00-12:30 13:30-18:00")
    await w.says(w.mia, "/crm sla all first 1h")
    at(w, "2026-11-20T17:30:00")
    w.bob.says("one last thing")
    await w.thread(1)
    due = ticket(w).first_answer_due_at
    assert due is not None and due.replace(microsecond=0, second=0) == datetime(
        2026, 11, 23, 9, 30, tzinfo=UTC
    )
    at(w, "2026-11-22T12:00:00")
    w.li.says("周末")
    await w.thread(2)
    assert ticket(w, 2).first_answer_due_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert alarms(w) == []


async def test_on_hold_the_clock_stands_and_goes_on_where_it_was(w: World) -> None:
    """Snoozed for two hours: the rest of the hour is left afterwards."""
    card = await promised(w)
    await ann_takes(w, card)
    w.passes(minutes=20)
    await w.says(w.ann, "/crm snooze 1 in 2 hours")
    await w.until(lambda: ticket(w).answer_clock_since is None)
    assert ticket(w).first_answer_due_at is None and ticket(w).resolution_due_at is None
    assert 1195 <= ticket(w).answer_clock_spent <= 1230
    w.passes(hours=2, seconds=5)
    await w.until(lambda: ticket(w).first_answer_due_at is not None)
    due = ticket(w).first_answer_due_at
    assert due is not None
    left = (due - w.clock.now()).total_seconds() / 60
    assert 39 <= left <= 40.1
    assert alarms(w) == []


async def test_waiting_for_the_customer_stops_the_resolution(w: World) -> None:
    """Eight hours are eight hours of ours."""
    card = await promised(w)
    answer = await w.ann.says(w.support, "Which one?", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)
    await w.until(lambda: ticket(w).resolution_due_at is None)
    w.passes(days=2)
    w.bob.says("The blue one")
    await w.in_thread("The blue one")
    await w.until(lambda: ticket(w).resolution_due_at is not None)
    due = ticket(w).resolution_due_at
    assert due is not None
    assert 7.9 <= (due - w.clock.now()).total_seconds() / 3600 <= 8


async def test_a_change_of_targets_or_hours_times_open_tickets_anew(w: World) -> None:
    """Both at once for everybody, and the most particular target counts."""
    await promised(w, "/crm sla all first 4h")
    before = ticket(w).first_answer_due_at
    assert before is not None
    assert "2h" in await w.says(w.mia, "/crm sla all first 2h")
    await w.until(lambda: ticket(w).first_answer_due_at != before)
    after = ticket(w).first_answer_due_at
    assert after is not None and (before - after).total_seconds() == 7200
    await w.says(w.mia, "/crm hours mon-fri 9:00-11:00")
    await w.until(lambda: ticket(w).first_answer_due_at not in (before, after))
    due = ticket(w).first_answer_due_at
    assert due is not None and due.replace(second=0, microsecond=0) == datetime(
        2026, 11, 19, 10, 20, tzinfo=UTC
    )
    await w.says(w.mia, "/crm sla high first 10m")
    await w.says(w.ann, "/crm priority 1 !high")
    await w.until(lambda: (ticket(w).first_answer_due_at or due) < due)
    await w.says(w.mia, "/crm sla high off")
    await w.until(lambda: ticket(w).first_answer_due_at == due)
    await w.says(w.mia, "/crm sla all off")
    await w.until(lambda: ticket(w).first_answer_due_at is None)
    assert ticket(w).attention_at is None


async def test_targets_are_shown_and_nonsense_is_refused(w: World) -> None:
    """In English and Chinese; only a manager sets them."""
    assert "Nothing is promised" in await w.says(w.ann, "/crm sla")
    said = await w.says(w.mia, "/crm sla high first 30m next 1h resolve 8h")
    assert all(
        words in said for words in ("high", "first answer 30m", "next answer 1h", "resolution 8h")
    )
    assert "1h30m" in await w.says(w.mia, "/crm sla billing urgent first 1h 30m")
    assert "another role" in await w.says(w.ann, "/crm sla all first 1m")
    for nonsense in (
        "high",
        "high first",
        "first soon",
        "high first 0m",
        "high first 3d",
        "a b first 1h",
    ):
        said = await w.says(w.mia, f"/crm sla {nonsense}")
        assert "do not understand" in said, nonsense
    said = await w.says(w.ann, "/crm sla")
    assert "#billing urgent" in said and "high" in said
    assert "No targets" in await w.says(w.mia, "/crm sla low off")
    wei = w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai", admin=True)
    said = await w.says(wei, "/crm 时限 紧急 首次 15分钟 后续 1小时 解决 4小时")
    assert "首次答复 15分钟" in said and "紧急" in said


async def test_the_list_shows_what_is_due_first(w: World) -> None:
    """With how long there is, or how long it is over."""
    await w.says(w.mia, "/crm sla all first 4h")
    await w.says(w.mia, "/crm sla urgent first 30m")
    w.bob.says("my order")
    await w.thread(1)
    w.li.says("你好")
    await w.thread(2)
    said = await w.says(w.ann, "/crm tickets")
    assert said.index("#1") < said.index("#2")
    await w.says(w.ann, "/crm priority 2 !urgent")
    await w.until(
        lambda: (
            (ticket(w, 2).first_answer_due_at or w.clock.now())
            < (ticket(w, 1).first_answer_due_at or w.clock.now())
        )
    )
    said = await w.says(w.ann, "/crm tickets")
    assert said.index("#2") < said.index("#1") and "due in" in said
    w.passes(hours=1)
    said = await w.says(w.ann, "/crm tickets")
    assert "overdue by" in said


async def test_breaches_stand_in_the_digest_with_the_tickets_that_are_late(w: World) -> None:
    """Yesterday's against the day before, and a button for each that is overdue now."""
    await w.says(w.mia, "/crm sla all first 1h")
    w.bob.says("my order")
    await w.thread(1)
    w.passes(hours=2)
    await w.until(lambda: alarms(w))
    at(w, "2026-11-19T09:00:01")
    (got,) = await w.until(lambda: digests(w.mia))

    assert facts(got)["Overdue"] == "*1*  ▲ 1"
    assert "1 ticket is overdue now" in got.plain and "#1 Bob Bell" in got.plain


async def test_an_answer_that_comes_too_late_counts_even_if_nobody_was_told(w: World) -> None:
    """It was late, whether or not the clock's job had run; but then nobody is bothered."""
    card = await promised(w, "/crm sla all first 1h")
    await w.stop_rapport()
    w.passes(hours=2)
    answer = await w.ann.says(w.support, "Here I am", thread_ts=card.ts)
    await w.start_rapport()
    await w.until(lambda: "white_check_mark" in answer.reactions, seconds=15)
    await w.until(lambda: alarms(w))

    assert [each.alarm for each in alarms(w)] == [Alarm.BREACH]
    assert ticket(w).first_answer_due_at is None
