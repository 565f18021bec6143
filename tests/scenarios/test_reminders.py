"""What is to be remembered arrives when it is due: once, in the owner's time, late ones marked."""

from datetime import UTC, datetime

from sqlmodel import select

from bot.playground.slack import Member, Message
from handlers.texts.chinese import CHINESE
from storage.records import FollowUp, FollowUpState
from tests.world import World


def follow_up(w: World) -> FollowUp:
    """The only follow-up there is."""
    (found,) = w.look(lambda work: work.all(select(FollowUp)))
    return found


def reminders(member: Member, words: str) -> list[Message]:
    """The direct messages of Rapport with these words."""
    return [m for m in member.dm.messages if m.bot and words in m.plain]


async def reminded(w: World, member: Member, words: str) -> Message:
    """The first reminder with these words, once it is there."""
    return (await w.until(lambda: reminders(member, words)))[0]


async def anna(w: World) -> None:
    """Somebody to be reminded of."""
    await w.says(w.ann, "/crm add Anna Lee, Acme")


async def test_a_reminder_arrives_at_its_hour_with_done_snooze_and_open(both: World) -> None:
    """Tomorrow at three, with who, what, and what was said last."""
    w = both
    await anna(w)
    await w.says(w.ann, "/crm log anna wants twenty")
    said = await w.says(w.ann, "/crm remind anna tomorrow 3pm send the quote")
    w.clock.push(datetime(2026, 11, 19, 14, 59, 30, tzinfo=UTC) - w.clock.now())
    assert reminders(w.ann, "send the quote") == []
    w.passes(seconds=31)
    got = await reminded(w, w.ann, "send the quote")

    labels = {
        e["text"]["text"] for b in got.all_blocks for e in b.get("elements", ()) if "text" in e
    }
    assert "Thu 19 Nov" in said.replace(",", "") and "15:00" in said and "Anna Lee" in said
    assert "Anna Lee" in got.plain and "wants twenty" in got.plain and "late" not in got.plain
    assert labels == {"Done", "Snooze", "Hand over", "Open"}


async def test_done_takes_the_buttons_away_and_ends_it(both: World) -> None:
    """The message says that it is done; nothing comes again."""
    w = both
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    w.passes(minutes=5, seconds=1)
    got = await reminded(w, w.ann, "buy stamps")
    await w.ann.presses("Done", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "Done: buy stamps" in got.plain)

    assert follow_up(w).state is FollowUpState.DONE
    assert not any(block.get("elements") for block in got.all_blocks)


async def test_snooze_asks_how_long_and_reminds_again(w: World) -> None:
    """Once more after an hour, and again with its buttons."""
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    w.passes(minutes=5, seconds=1)
    got = await reminded(w, w.ann, "buy stamps")
    await w.ann.presses("Snooze", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "again when" in got.plain)
    await w.ann.presses("In 1 hour", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "remind you again" in got.plain)
    w.passes(hours=1, minutes=1)
    await w.until(lambda: len(reminders(w.ann, "buy stamps")) == 2)

    assert follow_up(w).snoozes == 1


async def test_open_shows_the_customer(w: World) -> None:
    """The whole card, for the one who pressed."""
    await anna(w)
    await w.says(w.ann, "/crm remind anna in 5 minutes call back")
    w.passes(minutes=5, seconds=1)
    got = await reminded(w, w.ann, "call back")
    await w.ann.presses("Open", channel=w.ann.dm, ts=got.ts)
    card = await w.sees(w.ann, "Acme")

    assert "Anna Lee" in card and "Acme" in card


async def test_a_reminder_that_came_due_while_the_process_was_down_says_that_it_is_late(
    both: World,
) -> None:
    """It is not dropped; it says how late it is."""
    w = both
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    await w.stop_rapport()
    w.passes(hours=3)
    await w.start_rapport()
    got = await reminded(w, w.ann, "buy stamps")

    assert "late" in got.plain and "3 hours" in got.plain


async def test_restarts_double_no_reminder(both: World) -> None:
    """However often the process starts again, what was said was said once."""
    w = both
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    w.passes(minutes=5, seconds=1)
    await reminded(w, w.ann, "buy stamps")
    for _ in range(2):
        await w.stop_rapport()
        w.passes(minutes=10)
        await w.start_rapport()
    await w.says(w.ann, "/crm remind me in 5 minutes post the letter")
    w.passes(minutes=5, seconds=1)
    await reminded(w, w.ann, "post the letter")

    assert len(reminders(w.ann, "buy stamps")) == 1


async def test_a_recurring_reminder_comes_each_time_and_keeps_its_hour(w: World) -> None:
    """Every Monday at nine, in summer time too."""
    await w.says(w.ann, "/crm remind me every monday 9am review the pipeline")
    found = follow_up(w)
    assert found.due_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    w.clock.push(datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    await reminded(w, w.ann, "review the pipeline")
    await w.until(lambda: follow_up(w).due_at == datetime(2026, 11, 30, 9, tzinfo=UTC))
    w.clock.push(datetime(2027, 3, 23, 12, tzinfo=UTC) - w.clock.now())
    await w.until(lambda: follow_up(w).due_at == datetime(2027, 3, 29, 8, tzinfo=UTC))
    await w.until(lambda: len(reminders(w.ann, "review the pipeline")) >= 2)

    assert len(reminders(w.ann, "review the pipeline")) == 2


async def test_snoozing_a_recurring_reminder_keeps_its_rule(w: World) -> None:
    """Put off once, it comes back on its day the week after."""
    await w.says(w.ann, "/crm remind me every monday 9am review the pipeline")
    w.clock.push(datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    got = await reminded(w, w.ann, "review the pipeline")
    await w.ann.presses("Snooze", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "again when" in got.plain)
    await w.ann.presses("In 1 hour", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: follow_up(w).snoozes == 1)
    w.passes(hours=1, minutes=1)
    await w.until(lambda: len(reminders(w.ann, "review the pipeline")) == 2)

    assert follow_up(w).due_at == datetime(2026, 11, 30, 9, tzinfo=UTC)


async def test_done_on_a_recurring_reminder_ends_this_time_only(w: World) -> None:
    """Next Monday it is there again."""
    await w.says(w.ann, "/crm remind me every monday 9am review the pipeline")
    w.clock.push(datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    got = await reminded(w, w.ann, "review the pipeline")
    await w.ann.presses("Done", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "Done: review" in got.plain)
    w.clock.push(datetime(2026, 11, 30, 9, 0, 1, tzinfo=UTC) - w.clock.now())

    await w.until(lambda: len(reminders(w.ann, "review the pipeline")) == 2)


async def test_a_recurring_reminder_can_be_ended(w: World) -> None:
    """Stop repeating stands under the word that it is done."""
    await w.says(w.ann, "/crm remind me every monday 9am review the pipeline")
    w.clock.push(datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    got = await reminded(w, w.ann, "review the pipeline")
    await w.ann.presses("Done", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "comes again Mon 30 Nov" in got.plain.replace(",", ""))
    await w.ann.presses("Stop repeating", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "does not come again" in got.plain)

    assert follow_up(w).state is FollowUpState.CANCELLED


async def test_the_hour_is_that_of_whoever_asks(w: World) -> None:
    """Three o'clock in Shanghai is seven o'clock in UTC; the answer is in Chinese."""
    wei = w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai")
    await w.says(wei, "/crm 提醒 我 明天下午三点 发报价")

    assert follow_up(w).due_at == datetime(2026, 11, 19, 7, tzinfo=UTC)
    w.clock.push(datetime(2026, 11, 19, 7, 0, 1, tzinfo=UTC) - w.clock.now())
    got = await reminded(w, wei, "发报价")
    assert CHINESE["button.done"] in {
        e["text"]["text"] for b in got.all_blocks for e in b.get("elements", ()) if "text" in e
    }


async def test_a_moment_that_is_over_and_a_moment_that_is_none_are_refused_kindly(w: World) -> None:
    """Nothing is kept, and the words say how to put it."""
    assert "is over" in await w.says(w.ann, "/crm remind me 2 Nov 2026 9:00 too late")
    assert "no date or time" in await w.says(w.ann, "/crm remind me sometime maybe")
    assert w.look(lambda work: work.all(select(FollowUp))) == []


async def test_a_colleague_cannot_end_what_is_not_theirs_by_accident(w: World) -> None:
    """Each hears only of their own."""
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    w.passes(minutes=5, seconds=1)
    await reminded(w, w.ann, "buy stamps")

    assert reminders(w.bo, "buy stamps") == []
    assert "buy stamps" not in await w.says(w.bo, "/crm")
