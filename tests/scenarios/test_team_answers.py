"""The team answers in the thread: words and files go both ways, and every fate is shown."""

from datetime import timedelta

from sqlmodel import select

from bot.playground.slack import Message
from storage.queries import tickets
from storage.records import Interaction, Lane, Ticket, TicketStatus
from tests.world import World


async def opened(w: World, words: str = "my order 1001") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


def ticket(w: World, number: int = 1) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def reacted(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


async def test_take_answer_resolve_is_seen_by_both_sides(both: World) -> None:
    """The whole way of a request, with a card that keeps up."""
    w = both
    card = await opened(w)
    await w.ann.presses("Take", channel=w.support, ts=card.ts)
    await w.in_thread("Ann Archer has taken this")
    answer = await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
    await w.hears(w.bob, "It is on its way")
    await reacted(w, answer, "white_check_mark")
    await w.until(lambda: "Ann Archer" in card.plain and "waiting for the customer" in card.plain)
    w.bob.says("Thank you")
    await w.in_thread("Thank you")
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.hears(w.bob, "resolved")
    await w.in_thread("Ann Archer has resolved this")
    await w.until(lambda: ("resolved" in card.plain and "Reopen" in card.plain) or card.all_blocks)

    assert len(w.cards()) == 1
    assert ticket(w).status is TicketStatus.RESOLVED


async def test_a_line_with_two_slashes_stays_inside(w: World) -> None:
    """It gets a lock, is kept as a note, and the customer never sees it."""
    card = await opened(w)
    inside = await w.ann.says(w.support, "// he sounds upset", thread_ts=card.ts)
    await reacted(w, inside, "lock")
    after = await w.ann.says(w.support, "Sorry!", thread_ts=card.ts)
    await reacted(w, after, "white_check_mark")

    (note,) = w.look(
        lambda work: work.all(select(Interaction).where(Interaction.lane == Lane.INTERNAL))
    )
    assert note.text == "he sounds upset"
    assert not any("upset" in heard for heard in w.bob.heard)


async def test_pressing_take_twice_is_once(w: World) -> None:
    """The second of two people is told who was quicker; nobody is told twice."""
    card = await opened(w)
    await w.ann.presses("Take", channel=w.support, ts=card.ts)
    await w.ann.presses("Take", channel=w.support, ts=card.ts)
    await w.sees(w.ann, "yours already")

    lines = [m for m in w.support.thread(card.ts) if "has taken this" in m.plain]
    assert len(lines) <= 1


async def test_resolving_twice_tells_the_customer_once(w: World) -> None:
    """The second press is refused with a word."""
    card = await opened(w)
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.hears(w.bob, "resolved")
    said = await w.says(w.bo, "/crm resolve 1")

    assert "not open" in said
    assert len([heard for heard in w.bob.heard if "resolved" in heard]) == 1


async def test_a_message_within_seven_days_reopens(both: World) -> None:
    """The same thread goes on, with whoever had it."""
    w = both
    card = await opened(w)
    await w.ann.presses("Take", channel=w.support, ts=card.ts)
    await w.in_thread("has taken this")
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.in_thread("has resolved this")
    w.passes(days=6, hours=23)
    w.bob.says("it broke again")
    await w.in_thread("it broke again")
    await w.in_thread("Bob Bell has reopened this")

    assert ticket(w).is_open and ticket(w).assignee_id is not None
    assert len(w.cards()) == 1


async def test_a_message_after_seven_days_is_a_new_request(both: World) -> None:
    """A new ticket with a new thread and a new receipt."""
    w = both
    card = await opened(w)
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.in_thread("has resolved this")
    w.passes(days=7, minutes=1)
    w.bob.says("something else")
    await w.in_thread("something else", number=2)
    await w.hears(w.bob, "#2")

    assert ticket(w, 1).status is TicketStatus.RESOLVED
    assert ticket(w, 2).is_open


async def test_an_answer_of_staff_after_resolving_goes_out_and_opens_the_ticket_again(
    w: World,
) -> None:
    """Words in a resolved thread are not lost."""
    card = await opened(w)
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.in_thread("has resolved this")
    await w.ann.says(w.support, "One more thing", thread_ts=card.ts)
    await w.hears(w.bob, "One more thing")

    assert ticket(w).is_open


async def test_an_edit_of_staff_changes_the_customers_message(both: World) -> None:
    """The customer sees the new words in place of the old."""
    w = both
    card = await opened(w)
    answer = await w.ann.says(w.support, "It arrives on Munday", thread_ts=card.ts)
    await w.hears(w.bob, "Munday")
    await w.ann.edits(answer, "It arrives on Monday")
    await w.hears(w.bob, "Monday")

    assert not any("Munday" in heard for heard in w.bob.heard)


async def test_a_deletion_of_staff_takes_the_words_back(both: World) -> None:
    """Gone from the customer's chat; still in the timeline, marked as deleted."""
    w = both
    card = await opened(w)
    answer = await w.ann.says(w.support, "Wrong window, sorry", thread_ts=card.ts)
    await w.hears(w.bob, "Wrong window")
    await w.ann.deletes(answer)
    await w.until(lambda: not any("Wrong window" in heard for heard in w.bob.heard))

    kept = w.look(lambda work: work.all(select(Interaction)))
    assert any(each.text.startswith("Wrong") and each.deleted_at for each in kept)


async def test_an_edit_before_the_words_went_out_sends_the_new_words(w: World) -> None:
    """However quick the correction, the customer ends with the corrected words."""
    card = await opened(w)
    answer = await w.ann.says(w.support, "the old words", thread_ts=card.ts)
    await w.ann.edits(answer, "the new words")
    await w.hears(w.bob, "the new words")
    await reacted(w, answer, "white_check_mark")

    assert not any("the old words" in heard for heard in w.bob.heard)


async def test_a_blocked_bot_is_told_with_the_words_in_the_thread(both: World) -> None:
    """⚠️ on the line, and what did not arrive; when the customer is back, words arrive again."""
    w = both
    card = await opened(w)
    w.bob.blocks()
    answer = await w.ann.says(w.support, "Your parcel is here", thread_ts=card.ts)
    await reacted(w, answer, "warning")
    told = await w.in_thread("has blocked the bot")
    w.bob.says("I am back")
    await w.in_thread("I am back")
    again = await w.ann.says(w.support, "Welcome back", thread_ts=card.ts)
    await w.hears(w.bob, "Welcome back")
    await reacted(w, again, "white_check_mark")

    assert "Your parcel is here" in told.plain


async def test_what_customers_say_in_other_threads_is_not_our_business(w: World) -> None:
    """Staff talk in threads of their own; nothing of it goes anywhere."""
    card = await opened(w)
    other = await w.ann.says(w.support, "Lunch?")
    await w.bo.says(w.support, "Yes, at noon", thread_ts=other.ts)
    answer = await w.ann.says(w.support, "On its way", thread_ts=card.ts)
    await reacted(w, answer, "white_check_mark")

    assert not any("noon" in heard or "Lunch" in heard for heard in w.bob.heard)


async def test_snooze_puts_aside_until_the_hour_or_the_customers_word(w: World) -> None:
    """The card says until when; time brings it back, and so does the customer."""
    card = await opened(w)
    await w.ann.presses("Snooze", channel=w.support, ts=card.ts)
    await w.sees(w.ann, "Put ticket #1 aside")
    await w.ann.presses("In 1 hour", channel=w.support)
    await w.until(lambda: "snoozed until" in card.plain)
    w.passes(hours=1, minutes=1)
    await w.in_thread("The snooze is over")

    assert ticket(w).status is TicketStatus.OPEN


async def test_long_words_of_staff_arrive_whole_and_in_order(w: World) -> None:
    """What Telegram takes only in pieces is sent in pieces, none lost, ✅ at the end."""
    card = await opened(w)
    words = " ".join(f"word{number}" for number in range(1500))
    answer = await w.ann.says(w.support, words, thread_ts=card.ts)
    await reacted(w, answer, "white_check_mark")

    heard = [text for text in w.bob.heard if "word" in text]
    assert " ".join(heard).split() == words.split()
    assert all(len(text) <= 4096 for text in heard)


async def test_a_customers_reply_shows_what_it_replies_to(w: World) -> None:
    """The quoted line stands above the answer in the thread."""
    card = await opened(w)
    await w.ann.says(w.support, "Red or blue?", thread_ts=card.ts)
    await w.hears(w.bob, "Red or blue?")
    w.bob.says("The second", reply_to=w.bob.last.id)
    line = await w.in_thread("The second")

    assert "Red or blue?" in line.plain


async def test_the_first_answer_and_the_wait_are_counted(w: World) -> None:
    """The time to the first answer is what the digest reports."""
    card = await opened(w)
    w.passes(minutes=30)
    answer = await w.ann.says(w.support, "Hello", thread_ts=card.ts)
    await reacted(w, answer, "white_check_mark")

    found = ticket(w)
    assert found.first_answered_at is not None
    assert found.first_answered_at - found.opened_at > timedelta(minutes=29)
    assert found.customer_waits_since is None


async def test_words_taken_back_while_rapport_was_away_do_not_stay_there(w: World) -> None:
    """Said and deleted before anybody was there to hear it: the deletion stays behind the words."""
    w.bob.says("hello")
    card = await w.thread()
    await w.in_thread("hello")
    await w.stop_rapport()
    said = [
        await w.ann.says(w.support, f"taken back {number}", thread_ts=card.ts)
        for number in range(12)
    ]
    for line in said:
        await w.ann.deletes(line)
    last = await w.ann.says(w.support, "this one counts", thread_ts=card.ts)
    await w.start_rapport()
    await w.until(lambda: "white_check_mark" in last.reactions)

    await w.until(lambda: not any(m.text.startswith("taken back") for m in w.bob.chat))
