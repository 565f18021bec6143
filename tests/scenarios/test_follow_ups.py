"""Follow-ups know the conversation: what clears them, whose they are, and when they are ignored."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.playground.slack import Message
from handlers.actions import clock_changes
from storage.queries import house
from storage.records import Contact, FollowUp, FollowUpState, Touch
from storage.work import Work
from tests.scenarios.test_reminders import follow_up, reminded, reminders
from tests.world import World


async def bob_writes(w: World, text: str = "hello") -> None:
    """The customer Bob opens a request."""
    w.bob.says(text)
    await w.thread()


def labels(message: Message) -> set[str]:
    """The words on the buttons of a message."""
    return {
        e["text"]["text"]
        for b in message.all_blocks
        for e in [*b.get("elements", ()), b.get("accessory") or {}]
        if isinstance(e.get("text"), dict)
    }


async def test_what_the_customer_says_clears_a_follow_up(both: World) -> None:
    """Bob wrote on Thursday, so nobody is sent after him on Friday; it is shown why."""
    w = both
    await bob_writes(w)
    said = await w.says(w.ann, "/crm remind bob friday 9am")
    assert "Cleared when you and Bob Bell are in touch" in said
    w.passes(days=1)
    w.bob.says("any news?")
    await w.in_thread("any news?")
    assert "Cleared: Bob Bell wrote on Thu 19 Nov" in await w.says(w.ann, "/crm reminders")
    w.passes(days=1)
    await w.until(lambda: follow_up(w).state is FollowUpState.CLEARED)

    assert "Cleared: Bob Bell wrote on Thu 19 Nov" in await w.says(w.ann, "/crm reminders")
    assert reminders(w.ann, "get in touch") == []


async def test_what_has_words_of_its_own_says_that_it_is_cleared(w: World) -> None:
    """Its owner may object: it comes again when they say so."""
    await bob_writes(w)
    await w.says(w.ann, "/crm remind bob tomorrow 3pm send the quote")
    w.passes(hours=1)
    w.bob.says("thanks!")
    await w.in_thread("thanks!")
    w.passes(days=1, hours=5)
    note = await reminded(w, w.ann, "Cleared: Bob Bell wrote")
    assert "send the quote" in note.plain
    await w.ann.presses("Still to do", channel=w.ann.dm, ts=note.ts)
    await w.until(lambda: "again when" in note.plain)
    await w.ann.presses("In 1 hour", channel=w.ann.dm, ts=note.ts)
    await w.until(lambda: follow_up(w).state is FollowUpState.OPEN)
    w.passes(hours=1, minutes=1)

    await w.until(lambda: follow_up(w).state is FollowUpState.REMINDED)


async def test_a_follow_up_may_begin_anew_with_each_touch(both: World) -> None:
    """Two days of silence, counted from the last word, at the same time of day."""
    w = both
    await bob_writes(w)
    said = await w.says(w.ann, "/crm remind bob in 2 days at 9am !re-arm")
    assert "Starts anew" in said
    assert follow_up(w).due_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    w.passes(days=1)
    w.bob.says("still thinking")
    await w.in_thread("still thinking")
    w.passes(days=1)
    await w.until(lambda: follow_up(w).due_at == datetime(2026, 11, 21, 9, tzinfo=UTC))
    w.passes(days=1)

    await reminded(w, w.ann, "get in touch")


async def test_what_is_kept_comes_whatever_is_said(w: World) -> None:
    """A promise is a promise."""
    await bob_writes(w)
    await w.says(w.ann, "/crm remind bob in 2 hours send the quote !keep")
    assert follow_up(w).on_touch is Touch.KEEP
    w.passes(hours=1)
    w.bob.says("hm")
    await w.in_thread("hm")
    w.passes(hours=1, minutes=1)

    got = await reminded(w, w.ann, "send the quote")
    assert "hm" in got.plain


async def test_if_no_reply_counts_from_our_last_word(both: World) -> None:
    """Three days after what we said; what we say ourselves is no reply."""
    w = both
    await bob_writes(w)
    card = await w.thread()
    await w.ann.says(w.support, "here is the offer", thread_ts=card.ts)
    await w.hears(w.bob, "here is the offer")
    w.passes(hours=5)
    said = await w.says(w.ann, "/crm remind bob if no reply in 3 days")
    assert "Cleared at once when Bob Bell writes" in said
    w.passes(hours=1)
    await w.ann.says(w.support, "and the terms", thread_ts=card.ts)
    await w.hears(w.bob, "and the terms")
    assert follow_up(w).awaits_reply
    w.passes(days=3)

    await reminded(w, w.ann, "has not replied")


async def test_a_reply_clears_what_waited_for_none(w: World) -> None:
    """In Chinese too."""
    await bob_writes(w)
    await w.says(w.ann, "/crm 提醒 bob 3天没回复")
    assert follow_up(w).awaits_reply
    w.passes(days=1)
    w.bob.says("yes please")
    await w.in_thread("yes please")
    w.passes(days=3)
    await w.until(lambda: follow_up(w).state is FollowUpState.CLEARED)

    assert reminders(w.ann, "has not replied") == []


async def test_a_ticket_can_be_followed_up(both: World) -> None:
    """By its number, and in its thread without one; the card names it."""
    w = both
    await bob_writes(w, "the kettle is broken")
    await w.says(w.ann, "/crm remind #1 in 5 minutes ask the supplier")
    card = await w.thread()
    line = "@rapport remind in 6 minutes call back"
    await w.ann.says(w.support, line, thread_ts=card.ts)
    await w.until(lambda: len(w.look(lambda work: work.all(select(FollowUp)))) == 2)
    w.passes(minutes=5, seconds=30)
    got = await reminded(w, w.ann, "ask the supplier")
    assert "Ticket #1: the kettle is broken" in got.plain
    w.passes(minutes=2)
    got = await reminded(w, w.ann, "call back")

    assert "Ticket #1" in got.plain and "Bob Bell" in got.plain


async def test_a_deal_can_be_followed_up(w: World) -> None:
    """By its number, in the owner's words."""
    await w.says(w.ann, "/crm add Anna Lee, Acme")
    await w.says(w.ann, "/crm deal anna 5000 EUR website")
    said = await w.says(w.ann, "/crm remind deal 1 tomorrow 9am ask for the signature")

    assert "Anna Lee" in said and "ask for the signature" in said
    assert follow_up(w).deal_id is not None


async def test_a_colleague_can_be_reminded_and_takes_over(both: World) -> None:
    """Set for Bo, who is told; Bo hands it over to Mia, who is told too."""
    w = both
    await w.says(w.bo, "/crm day")
    await w.says(w.mia, "/crm day")
    await w.says(w.ann, "/crm add Anna Lee, Acme")
    said = await w.says(w.ann, "/crm remind @bo anna tomorrow 9am about the renewal")
    assert "I'll remind Bo Berg" in said
    await reminded(w, w.bo, "Ann Archer hands a follow-up over to you")
    w.clock.push(datetime(2026, 11, 19, 9, 0, 1, tzinfo=UTC) - w.clock.now())
    got = await w.until(
        lambda: next((m for m in w.bo.dm.messages if "Hand over" in labels(m)), None)
    )
    await w.bo.presses("Hand over", channel=w.bo.dm, ts=got.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits({"Colleague": "Mia Moss"})

    await reminded(w, w.mia, "Bo Berg hands a follow-up over to you")
    assert reminders(w.ann, "about the renewal") == []


async def test_reply_goes_to_the_customer(w: World) -> None:
    """From the reminder, without looking for the thread."""
    await bob_writes(w)
    await w.says(w.ann, "/crm remind bob in 5 minutes")
    w.passes(minutes=5, seconds=1)
    got = await reminded(w, w.ann, "get in touch")
    assert labels(got) >= {"Reply", "Done", "Snooze", "Hand over", "Open"}
    await w.ann.presses("Reply", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"Message": "How are you, Bob?"})

    await w.hears(w.bob, "How are you, Bob?")


async def test_snooze_takes_ones_own_words(w: World) -> None:
    """Other… asks; what is over is not taken."""
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    w.passes(minutes=5, seconds=1)
    got = await reminded(w, w.ann, "buy stamps")
    await w.ann.presses("Snooze", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "again when" in got.plain)
    await w.ann.presses("Other…", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"When": "friday 4pm"})

    await w.until(lambda: follow_up(w).due_at == datetime(2026, 11, 20, 16, tzinfo=UTC))


async def test_what_is_ignored_is_said_again_and_then_to_the_managers(both: World) -> None:
    """A day later to its owner, another day later to Mia; never a third time."""
    w = both
    await w.says(w.mia, "/crm day")
    await w.says(w.ann, "/crm add Anna Lee, Acme")
    await w.says(w.ann, "/crm remind anna in 5 minutes call back")
    w.passes(minutes=6)
    await reminded(w, w.ann, "call back")
    w.passes(hours=24, minutes=1)
    await reminded(w, w.ann, "Once more")
    await w.until(lambda: follow_up(w).nudges == 1)
    w.passes(hours=24, minutes=1)
    told = await reminded(w, w.mia, "Ann Archer has not looked after")
    assert "Anna Lee" in told.plain
    w.passes(days=3)
    await w.until(lambda: follow_up(w).nudge_at is None)

    assert len(reminders(w.ann, "call back")) == 2


async def test_what_is_about_nobody_stays_ones_own_business(w: World) -> None:
    """It is said once more, and no manager ever hears of it."""
    await w.says(w.mia, "/crm day")
    await w.says(w.ann, "/crm remind me in 5 minutes see the doctor")
    w.passes(minutes=6)
    await reminded(w, w.ann, "see the doctor")
    w.passes(hours=24, minutes=1)
    await reminded(w, w.ann, "Once more")
    await w.until(lambda: follow_up(w).nudges == 1)
    w.passes(hours=24, minutes=1)
    await w.until(lambda: follow_up(w).nudge_at is None)
    # What was written meanwhile goes before it.
    await w.says(w.mia, "/crm remind me in 1 minute water the plants")
    w.passes(minutes=2)
    await reminded(w, w.mia, "water the plants")

    assert not reminders(w.mia, "has not looked after")


async def test_what_is_done_is_not_said_again(w: World) -> None:
    """Done means done, pressed twice too."""
    await w.says(w.ann, "/crm remind me in 5 minutes buy stamps")
    w.passes(minutes=6)
    got = await reminded(w, w.ann, "buy stamps")
    await w.ann.presses("Done", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: follow_up(w).state is FollowUpState.DONE)

    assert follow_up(w).nudge_at is None


async def test_the_customers_clock_can_be_meant(w: World) -> None:
    """Nine in the morning in New York is fourteen o'clock in London."""
    await bob_writes(w)
    w.store.write(_to_new_york)
    said = await w.says(w.ann, "/crm remind bob tomorrow 9am their time")
    assert "That is Thu 19 Nov 09:00 for Bob Bell (America/New_York)" in said.replace(",", "")
    assert follow_up(w).due_at == datetime(2026, 11, 19, 14, tzinfo=UTC)
    await w.says(w.ann, "/crm 提醒 bob 后天上午9点当地时间")

    dues = {each.due_at for each in w.look(lambda work: work.all(select(FollowUp)))}
    assert datetime(2026, 11, 20, 14, tzinfo=UTC) in dues


def _to_new_york(work: Work) -> None:
    for contact in work.all(select(Contact)):
        contact.zone = "America/New_York"


async def test_many_at_once_are_one_list(both: World) -> None:
    """Six that came due while nothing ran are one message, marked late, with Done on each line."""
    w = both
    for number in range(6):
        await w.says(w.ann, f"/crm remind me in {number + 5} minutes thing {number}")
    await w.stop_rapport()
    w.passes(hours=3)
    await w.start_rapport()
    got = await reminded(w, w.ann, "6 reminders")
    assert "late" in got.plain
    assert all(f"thing {number}" in got.plain for number in range(6))
    await w.ann.presses("Done", channel=w.ann.dm, ts=got.ts)
    await w.until(lambda: "✅ thing" in got.plain)

    done = [e for e in w.look(lambda work: work.all(select(FollowUp))) if e.done_at]
    assert len(done) == 1
    assert len(reminders(w.ann, "thing 3")) == 1


async def test_a_list_in_the_morning_takes_the_place_of_many_reminders(both: World) -> None:
    """What is due that day stands on it, and is not said again at its hour."""
    w = both
    said = await w.says(w.ann, "/crm reminders 8:30")
    assert "08:30" in said
    await w.says(w.ann, "/crm remind me tomorrow 7am feed the cat")
    await w.says(w.ann, "/crm remind me tomorrow 3pm send the quote")
    await w.says(w.ann, "/crm remind me friday 3pm another day")
    w.clock.push(datetime(2026, 11, 19, 7, 5, tzinfo=UTC) - w.clock.now())
    await w.until(lambda: _states(w, "feed") == {FollowUpState.REMINDED})
    assert reminders(w.ann, "feed the cat") == []
    w.clock.push(datetime(2026, 11, 19, 8, 30, 5, tzinfo=UTC) - w.clock.now())
    got = await reminded(w, w.ann, "Good morning")
    assert "2 follow-ups" in got.plain and "feed the cat" in got.plain
    assert "send the quote" in got.plain and "another day" not in got.plain
    await w.says(w.ann, "/crm remind me today 14:00 something new")
    w.clock.push(datetime(2026, 11, 19, 15, 1, tzinfo=UTC) - w.clock.now())
    await reminded(w, w.ann, "something new")

    assert len(reminders(w.ann, "send the quote")) == 1
    assert "each thing" in await w.says(w.ann, "/crm reminders each")


def _states(w: World, words: str) -> set[FollowUpState]:
    every = w.look(lambda work: work.all(select(FollowUp)))
    return {each.state for each in every if words in each.text}


async def test_new_clock_rules_move_what_is_due(w: World) -> None:
    """The wall time that was meant stays; its instant is computed anew."""
    await w.says(w.ann, "/crm remind me tomorrow 3pm buy stamps")

    def disturb(work: Work) -> None:
        for each in work.all(select(FollowUp)):
            each.due_at += timedelta(hours=1)
        row = house.policy(work, clock_changes.KEY)
        assert row is not None
        row.value = {"edition": "2020.1"}

    await w.until(lambda: w.look(lambda work: house.policy(work, clock_changes.KEY)))
    w.store.write(disturb)
    assert follow_up(w).due_at == datetime(2026, 11, 19, 16, tzinfo=UTC)
    w.store.write(clock_changes.recompute)

    assert follow_up(w).due_at == datetime(2026, 11, 19, 15, tzinfo=UTC)


async def test_a_calendar_file_comes_into_the_direct_messages(w: World) -> None:
    """Zones and rules of recurring ones included."""
    await w.says(w.ann, "/crm remind me tomorrow 3pm buy; stamps, and more")
    await w.says(w.ann, "/crm remind me every monday 9am review")
    await w.says(w.ann, "/crm calendar")
    files = w.slack.workspace.files
    got = await w.until(
        lambda: next((f for f in files.values() if f.name == "rapport.ics" and f.data), None)
    )
    text = got.data.decode()

    assert "DTSTART:20261119T150000Z" in text and "RRULE:FREQ=WEEKLY;BYDAY=MO" in text
    assert "SUMMARY:buy\\; stamps\\, and more" in text and "BEGIN:VTIMEZONE" in text
