"""How content customers were: asked once, reminded once, and what follows from a low score."""

from sqlmodel import select

from bot.playground.slack import Member
from handlers.texts.chinese import CHINESE
from storage.records import Feedback, FollowUp, FollowUpState, Interaction, Survey, Ticket
from tests.scenarios.conftest import QUICK, unlimited
from tests.world import World, world


def survey(w: World) -> Survey:
    """The only question."""
    (found,) = w.look(lambda work: work.all(select(Survey)))
    return found


def follow_ups(w: World) -> list[FollowUp]:
    """Every follow-up."""
    return w.look(lambda work: work.all(select(FollowUp)))


async def resolved(w: World, number: int = 1) -> None:
    """Bob's request, answered and resolved by Ann; Bob has been asked."""
    w.bob.says("my lamp is broken")
    thread = await w.thread(number)
    await w.says(w.ann, f"/crm take {number}")
    await w.ann.says(w.support, "A new one is on its way", thread_ts=thread.ts)
    await w.hears(w.bob, "A new one")
    await w.says(w.ann, f"/crm resolve {number}")
    await w.hears(w.bob, f"#{number} as resolved")


async def manager(w: World) -> Member:
    """Bo, who leads."""
    await w.says(w.bo, "/crm")
    await w.says(w.mia, "/crm role @bo manager")
    return w.bo


async def test_five_faces_stand_under_the_word_that_it_is_resolved(both: World) -> None:
    """One message and one row of buttons; a press thanks, and shows on the card."""
    w = both
    await resolved(w)
    asked = w.bob.last
    assert asked.labels == ["1 😡", "2 😟", "3 😐", "4 🙂", "5 😍"]
    assert len(asked.buttons) == 1
    w.bob.presses("4 🙂")
    await w.in_thread("Bob Bell rates this 4 of 5")
    await w.until(lambda: w.bob.last.labels == ["Change"])
    card = await w.thread(1)
    await w.until(lambda: "🙂 4" in card.plain)

    (feedback,) = w.look(lambda work: work.all(select(Feedback)))
    assert (feedback.score, survey(w).score, follow_ups(w)) == (4, 4, [])
    assert w.bob.alerts[-1:] == ["🙂"]


async def test_a_score_may_be_changed_for_a_day_and_then_no_more(w: World) -> None:
    """Change shows the faces again; pressing twice is once; a stale button says that it is."""
    await resolved(w)
    message = w.bob.last
    w.bob.presses("1 😡")
    await w.until(lambda: message.labels == ["Change"])
    w.bob.presses("Change")
    await w.until(lambda: len(message.labels) == 5)
    w.bob.presses("5 😍")
    w.bob.presses("5 😍", message.id) if "5 😍" in message.labels else None
    await w.in_thread("rates this 5 of 5 now")
    await w.until(lambda: message.labels == ["Change"])
    w.passes(hours=25)
    w.bob.presses("Change")
    await w.until(lambda: any("no longer works" in each for each in w.bob.alerts))

    assert survey(w).score == 5
    assert len(w.look(lambda work: work.all(select(Feedback)))) == 1
    assert {each.state for each in follow_ups(w)} == {FollowUpState.CANCELLED}


async def test_a_low_score_becomes_a_follow_up_of_manager_and_assignee(w: World) -> None:
    """Both hear of it at once; the words that follow are added, and stand in the thread."""
    await manager(w)
    await resolved(w)
    w.bob.presses("2 😟")
    await w.hears(w.bob, "sorry to hear")
    await w.sees(w.bo, "2 of 5 for #1")
    await w.sees(w.ann, "2 of 5 for #1")
    w.bob.says("It took a week")
    line = await w.in_thread("It took a week")
    await w.hears(w.bob, "passed it on")

    (feedback,) = w.look(lambda work: work.all(select(Feedback)))
    (ticket,) = w.look(lambda work: work.all(select(Ticket)))
    assert line.username == "Bob Bell" and "On the rating" in line.plain
    assert feedback.text == "It took a week"
    assert len(follow_ups(w)) == 2
    assert all("It took a week" in each.text for each in follow_ups(w))
    assert not ticket.is_open


async def test_words_that_are_a_question_go_to_the_team(w: World) -> None:
    """Nothing that asks for an answer is filed away as a comment."""
    await resolved(w)
    w.bob.presses("5 😍")
    await w.hears(w.bob, "Thank you")
    w.bob.says("Do you also have it in blue?")
    await w.in_thread("in blue?")
    await w.in_thread("has reopened this")

    (feedback,) = w.look(lambda work: work.all(select(Feedback)))
    assert feedback.text == ""


async def test_a_comment_can_be_turned_into_a_request_by_a_button(w: World) -> None:
    """Whoever still needs help is not left with a thank-you."""
    await resolved(w)
    w.bob.presses("3 😐")
    await w.hears(w.bob, "Thank you")
    w.bob.says("It flickers again")
    await w.hears(w.bob, "passed it on")
    w.bob.presses("I still need help")
    await w.in_thread("still a problem")
    await w.hears(w.bob, "open again")

    (ticket,) = w.look(lambda work: work.all(select(Ticket)))
    assert ticket.is_open


async def test_one_gentle_reminder_by_day_and_none_at_night(w: World) -> None:
    """A day later, not before nine, once; and not at all after an answer."""
    w.passes(hours=9)
    await resolved(w)
    heard = len(w.bob.heard)
    w.passes(hours=24, minutes=1)
    # 19:21 the day after would do, 20:30 would not.
    w.passes(hours=1)
    await w.until(lambda: (survey(w).remind_at or w.clock.now()) > w.clock.now())
    assert len(w.bob.heard) == heard
    w.passes(hours=13)
    await w.hears(w.bob, "How did we do with your request #1")
    await w.until(lambda: sum("1 😡" in m.labels for m in w.bob.chat) == 1)
    w.passes(days=5)
    w.bob.presses("5 😍", w.bob.last.id)
    await w.in_thread("5 of 5")

    assert sum("How did we do with" in each for each in w.bob.heard) <= 1
    assert survey(w).remind_at is None


async def test_who_refuses_is_not_asked_and_nobody_is_asked_twice_a_week(w: World) -> None:
    """The reminder has a way out, and a second request within the days is not asked about."""
    await resolved(w)
    w.passes(hours=24, minutes=1)
    await w.hears(w.bob, "How did we do with")
    w.bob.presses("Don't ask me such things")
    await w.hears(w.bob, "won't ask again")
    await w.says(w.mia, "/crm policy csat_every_days 0")
    w.passes(days=8)
    w.bob.says("another matter")
    await w.thread(2)
    await w.says(w.ann, "/crm resolve 2")
    await w.hears(w.bob, "#2 as resolved")

    assert w.bob.last.labels == []
    w.li.says("你好，灯坏了")
    await w.thread(3)
    await w.says(w.ann, "/crm resolve 3")
    await w.hears(w.li, CHINESE["csat.question"])


async def test_csat_can_be_turned_off(w: World) -> None:
    """By a policy; then nobody is asked."""
    await w.says(w.mia, "/crm policy csat off")
    await resolved(w)

    assert w.bob.last.labels == []
    assert w.look(lambda work: work.all(select(Survey))) == []


async def test_the_numbers_are_told_beside_those_before(both: World) -> None:
    """`/crm csat` and the digest have the mean, how many, and the words."""
    w = both
    await manager(w)
    await resolved(w)
    w.bob.presses("2 😟")
    await w.hears(w.bob, "sorry")
    w.bob.says("too slow")
    await w.hears(w.bob, "passed it on")
    await w.bo.command("/crm csat", channel=w.support)
    told = await w.sees(w.bo, "Satisfaction ·")
    w.passes(days=1)
    await w.bo.command("/crm digest", channel=w.support)
    digest = await w.sees(w.bo, "Daily digest ·")

    assert "2.0 😟" in told and "too slow" in told and "Ann Archer" in told
    assert "2.0 😟" in digest and "1 rating" in digest
    said = w.look(lambda work: work.all(select(Interaction)))
    assert [each.text for each in said].count("too slow") == 1


async def test_a_restart_reminds_nobody_twice(sqlite_url: str) -> None:
    """The reminder is due while nothing runs, and comes once."""
    async with world(sqlite_url, tempo=QUICK) as w:
        unlimited(w)
        await resolved(w)
        await w.stop_rapport()
        w.passes(hours=25)
        await w.start_rapport()
        await w.hears(w.bob, "How did we do with")
        await w.stop_rapport()
        await w.start_rapport()
        w.bob.says("/help")
        await w.hears(w.bob, "/tickets")

        assert sum("How did we do with" in each for each in w.bob.heard) == 1
