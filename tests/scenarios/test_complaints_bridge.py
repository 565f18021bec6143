"""What users of other desks complain about: the bridge between the two chats."""

import time

from sqlmodel import select

from bot.playground.slack import Message
from storage.records import Contact, Suggestion, SuggestionKind, Ticket, TicketStatus
from tests.world import World


async def opened(w: World, words: str = "my order 1001") -> Message:
    """Bob has written; the card of his request."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


def ticket(w: World, number: int = 1) -> Ticket:
    """A request as it stands."""
    (found,) = w.look(lambda work: work.all(select(Ticket).where(Ticket.number == number)))
    return found


async def marked(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


async def test_a_request_is_handled_from_first_word_to_last_without_leaving_its_thread(
    w: World,
) -> None:
    """Taken, filed, noted, answered, put aside and resolved, all by words in the thread."""
    await w.says(w.mia, "/crm category add billing")
    card = await opened(w)
    for line in ("take", "priority high", "file billing", "note he has paid twice"):
        await w.ann.says(w.support, f"@rapport {line}", thread_ts=card.ts)
    answer = await w.ann.says(w.support, "You get it back today", thread_ts=card.ts)
    await marked(w, answer, "white_check_mark")
    await w.ann.says(w.support, "@rapport snooze tomorrow 9:00", thread_ts=card.ts)
    await w.until(lambda: ticket(w).status is TicketStatus.ON_HOLD)
    await w.ann.says(w.support, "@rapport resolve", thread_ts=card.ts)
    await w.until(lambda: ticket(w).status is TicketStatus.RESOLVED)

    now = ticket(w)
    assert (now.priority, now.category) == ("high", "billing") and now.assignee_id is not None
    assert not any("paid twice" in words for words in w.bob.heard)


async def test_a_resolution_is_said_in_the_thread_whoever_it_was(w: World) -> None:
    """By the button of a colleague, and by the customer in Telegram."""
    await opened(w)
    await w.says(w.bo, "/crm resolve 1")
    await w.in_thread("Bo Berg")
    w.li.says("水壶坏了")
    await w.in_thread("水壶坏了", number=2)
    w.li.says("/tickets")
    await w.until(lambda: w.li.last.buttons)
    solved = next(b for row in w.li.last.buttons for b in row if "solved" in (b.data or ""))
    w.li.presses(solved.data or "")
    await w.until(lambda: ticket(w, 2).status is TicketStatus.RESOLVED)

    await w.until(lambda: "resolved" in next(m for m in w.cards() if "#2 " in m.plain).plain)


async def test_the_card_says_where_a_customer_came_from(w: World) -> None:
    """The link by which they came stands at the head; nobody needs to look elsewhere."""
    await w.says(w.mia, "/crm link fair #fair")
    w.bob.starts("fair")
    await w.until(lambda: w.bob.heard)
    card = await opened(w)

    await w.until(lambda: "Source\nfair" in card.plain)


async def test_a_message_is_in_its_thread_within_a_second(w: World) -> None:
    """Not some fifteen seconds later."""
    await opened(w)
    waits = []
    for number in range(20):
        began = time.monotonic()
        w.bob.says(f"question number {number}.")
        await w.in_thread(f"question number {number}.")
        waits.append(time.monotonic() - began)

    assert sorted(waits)[len(waits) // 2] < 1.0


async def test_an_answer_in_the_thread_of_a_closed_request_is_not_swallowed(w: World) -> None:
    """It reaches the customer, and the request is open again."""
    card = await opened(w)
    await w.says(w.ann, "/crm close 1")
    await w.until(lambda: ticket(w).status is TicketStatus.CLOSED)
    answer = await w.ann.says(w.support, "One more thing: it has been sent", thread_ts=card.ts)
    await w.hears(w.bob, "it has been sent")
    await marked(w, answer, "white_check_mark")

    assert ticket(w).status is not TicketStatus.CLOSED


async def test_a_private_chat_with_topics_is_a_conversation_like_any_other(w: World) -> None:
    """Nothing depends on topics: words in one arrive, and the answer goes where it is seen."""
    card = await opened(w)
    known = w.telegram.updates
    message = {
        "message_id": 9001,
        "date": int(w.clock.now().timestamp()),
        "chat": w.bob.as_chat() | {"is_forum": True},
        "from": w.bob.as_user() | {"has_topics_enabled": True},
        "message_thread_id": 77,
        "is_topic_message": True,
        "text": "asked in a topic",
    }
    known.put_raw({"update_id": 900_000_001, "message": message})
    await w.in_thread("asked in a topic")
    await w.ann.says(w.support, "answered outside of it", thread_ts=card.ts)

    await w.hears(w.bob, "answered outside of it")


async def test_words_to_somebodys_own_profile_are_never_answered_in_the_bots_chat(
    w: World,
) -> None:
    """A bot that an owner connects to their profile hears nothing there, so nothing is mixed up."""
    card = await opened(w)
    message = {
        "business_connection_id": "b1",
        "message_id": 5,
        "date": int(w.clock.now().timestamp()),
        "chat": w.bob.as_chat(),
        "from": w.bob.as_user(),
        "text": "said to the owner in private",
    }
    w.telegram.updates.put_raw({"update_id": 900_000_002, "business_message": message})
    await w.in_thread((w.bob.says("said to the bot"), "said to the bot")[1])

    lines = [m.plain for m in w.support.thread(card.ts)]
    assert not any("said to the owner" in line for line in lines)


async def test_a_customer_who_asks_to_be_called_later_becomes_a_proposed_follow_up(
    w: World,
) -> None:
    """Nobody has to remember it, and the request can be put aside until then."""
    await opened(w)
    w.bob.says("I am travelling, please call me on Friday")
    await w.until(lambda: w.look(lambda work: work.all(select(Suggestion))))

    (found,) = w.look(lambda work: work.all(select(Suggestion)))
    assert found.kind is SuggestionKind.FOLLOW_UP


async def test_who_is_called_bot_nowhere_the_team_sees_each_other_by_name(w: World) -> None:
    """What colleagues did stands under their names, whatever their address."""
    await opened(w)
    await w.ann.changes(email=None)
    await w.says(w.ann, "/crm take 1")
    card = await w.thread(1)

    await w.until(lambda: "Ann Archer" in card.plain)
    (contact,) = w.look(lambda work: work.all(select(Contact)))
    assert contact.name == "Bob Bell"


async def test_an_edited_reply_still_shows_what_it_replies_to(w: World) -> None:
    """The corrected words stand under the same quote."""
    card = await opened(w)
    await w.ann.says(w.support, "Do you mean the blue one?", thread_ts=card.ts)
    await w.hears(w.bob, "the blue one")
    sent = w.bob.says("yse", reply_to=w.bob.last.id)
    await w.in_thread("yse")
    w.bob.edits(sent.id, "yes")
    line = await w.in_thread("before: yse")

    assert "↩️ Do you mean the blue one?" in line.plain
