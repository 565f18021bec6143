"""Customers write to somebody's own Telegram account, and the desk answers in its owner's name."""

from sqlmodel import select

from bot.playground.telegram.business import PersonalAccount, PersonalChat
from handlers.texts.english import ENGLISH
from storage.queries import audiences, personal
from storage.records import Contact, InboxRow, Interaction, Ticket, TicketStatus
from storage.work import Work
from tests.world import World


def the_ticket(w: World) -> Ticket:
    """The one that there is."""
    (found,) = w.look(lambda work: work.all(select(Ticket)))
    return found


async def connected(w: World, *, can_reply: bool = True) -> PersonalAccount:
    """Olga lets the bot answer for her account."""
    await w.says(w.mia, "/crm")
    olga = w.telegram.person("Olga", "Orlova", username="olga")
    account = w.telegram.connects(olga, can_reply=can_reply)
    await w.until(lambda: w.look(lambda work: personal.connection(work, account.connection)))
    return account


async def opened(w: World) -> tuple[PersonalAccount, PersonalChat, str]:
    """Bob has written to Olga, and the ticket's thread stands."""
    account = await connected(w)
    chat = account.with_(w.bob)
    chat.says("do you have it in blue?")
    await w.in_thread("do you have it in blue?")
    return account, chat, (await w.thread()).ts


async def test_words_to_a_personal_account_open_a_request_and_are_answered_there(w: World) -> None:
    """The answer goes out in the owner's name, and the bot's own chat stays empty."""
    account, chat, ts = await opened(w)
    await w.ann.says(w.support, "Yes, in two sizes", thread_ts=ts)
    await w.hears(chat, "Yes, in two sizes")

    assert w.bob.heard == []
    (sent,) = w.telegram.ledger.deliveries
    assert sent.payload["business_connection_id"] == account.connection
    assert chat.heard == ["Yes, in two sizes"]


async def test_nothing_goes_to_a_personal_account_by_itself(w: World) -> None:
    """No receipt, no question how it was; commands there are plain words."""
    _, chat, ts = await opened(w)
    chat.says("/start")
    await w.in_thread("/start")
    chat.says("stop")
    await w.in_thread("stop")
    await w.says(w.ann, "/crm resolve 1")
    await w.ann.says(w.support, "all done", thread_ts=ts)
    await w.hears(chat, "all done")

    assert chat.heard == ["all done"]
    assert all(not message.buttons for message in chat.chat)


async def test_what_the_owner_types_stands_in_the_thread_and_counts_as_an_answer(
    w: World,
) -> None:
    """It is not sent back, and it is the customer's turn."""
    _, chat, ts = await opened(w)
    chat.owner_says("I shall look")
    line = await w.in_thread("I shall look")
    await w.until(lambda: the_ticket(w).status is TicketStatus.WAITING)

    assert line.username == "Olga Orlova"
    await w.ann.says(w.support, "She has looked", thread_ts=ts)
    await w.hears(chat, "She has looked")
    assert chat.heard == ["I shall look", "She has looked"]
    assert len(w.telegram.ledger.deliveries) == 1


async def test_an_absence_note_of_the_owner_is_no_answer(w: World) -> None:
    """Telegram says it by itself: the customer still waits."""
    _, chat, _ = await opened(w)
    chat.owner_says("I am on holiday", away=True)
    await w.in_thread("I am on holiday")

    assert the_ticket(w).customer_waits_since is not None


async def test_the_owner_s_own_chats_are_nobody_s_requests(w: World) -> None:
    """Who has not written first is no customer, whatever the owner writes to them."""
    account, chat, _ = await opened(w)
    account.with_(w.li).owner_says("dinner at eight?")
    chat.says("and in green?")
    await w.in_thread("and in green?")

    assert len(w.look(lambda work: work.all(select(Contact)))) == 1
    assert not any("dinner" in message.plain for message in w.support.messages)


async def test_edits_and_deletes_of_both_reach_the_thread(w: World) -> None:
    """Here Telegram tells of deletes; the words stay with the team."""
    _, chat, _ = await opened(w)
    mine = chat.owner_says("tomorow")
    await w.in_thread("tomorow")
    chat.owner_edits(mine.id, "tomorrow")
    await w.in_thread("before: tomorow")
    theirs = chat.says("my secret address")
    await w.in_thread("my secret address")
    chat.edits(theirs.id, "my other address")
    await w.in_thread("before: my secret address")
    chat.deletes(theirs.id, mine.id)
    await w.in_thread("deleted in Telegram: “my other address” · “tomorrow”")


async def test_staff_edit_and_delete_their_answers_there(w: World) -> None:
    """What was changed reads so, what was taken back is gone, and nothing is told twice."""
    _, chat, ts = await opened(w)
    line = await w.ann.says(w.support, "tow", thread_ts=ts)
    await w.hears(chat, "tow")
    await w.ann.edits(line, "two")
    await w.until(lambda: chat.heard == ["two"])
    await w.ann.deletes(line)
    await w.until(lambda: chat.heard == [])
    chat.says("what was that?")
    await w.in_thread("what was that?")

    assert not any("deleted in Telegram" in m.plain for m in w.support.thread(ts))


async def test_files_go_both_ways_in_a_personal_account(w: World) -> None:
    """A picture comes in, a document goes out."""
    _, chat, ts = await opened(w)
    chat.sends_photo(caption="like this")
    await w.in_thread("like this")
    await w.until(lambda: any(m.files for m in w.support.thread(ts)))
    await w.ann.uploads(w.support, "list.pdf", b"%PDF-1.4 x", ts, "the list")
    await w.hears(chat, "the list")
    await w.until(lambda: any(m.kind == "document" for m in chat.chat))


async def test_whoever_writes_to_the_bot_too_is_one_customer_with_two_chats(w: World) -> None:
    """Each line is answered where it was said, also where both messages have one number."""
    _, chat, _ = await opened(w)
    await w.says(w.ann, "/crm resolve 1")
    w.bob.says("hello, bot")
    await w.in_thread("hello, bot")
    (contact,) = w.look(lambda work: work.all(select(Contact)))
    assert contact.name == "Bob Bell"
    card = await w.thread()
    await w.ann.says(w.support, "answered in the bot's chat", thread_ts=card.ts)
    await w.hears(w.bob, "answered in the bot's chat")
    chat.says("and here?")
    await w.in_thread("and here?")
    await w.ann.says(w.support, "answered in the account", thread_ts=card.ts)
    await w.hears(chat, "answered in the account")

    assert not any("in the account" in words for words in w.bob.heard)


async def test_without_the_right_to_reply_the_author_and_the_admins_hear_why(w: World) -> None:
    """Nothing is lost in silence; with the right back it can be sent again."""
    account, chat, ts = await opened(w)
    account.allows(reply=False)
    await w.until(lambda: any("does not let me write" in words for words in w.mia.heard))
    await w.ann.says(w.support, "are you there?", thread_ts=ts)
    await w.in_thread("does not let me write there")
    account.allows(reply=True)
    await w.until(lambda: sum("has connected" in words for words in w.mia.heard) == 3)

    assert chat.heard == []


async def test_an_ended_connection_is_said_and_a_new_one_goes_on_in_the_same_chat(
    w: World,
) -> None:
    """Who connects anew has another connection, and the customers are the same."""
    account, chat, ts = await opened(w)
    account.disconnects()
    await w.until(lambda: any("is not connected any more" in words for words in w.mia.heard))
    await w.ann.says(w.support, "too late", thread_ts=ts)
    await w.in_thread("a personal account that is not connected")
    account.connects()
    chat.says("I am back")
    await w.in_thread("I am back")
    await w.ann.says(w.support, "welcome back", thread_ts=ts)
    await w.hears(chat, "welcome back")

    assert len(w.look(lambda work: work.all(select(Contact)))) == 1


async def test_a_day_after_the_customer_s_last_words_the_reason_is_said(w: World) -> None:
    """Telegram lets a bot answer there for a day."""
    _, chat, ts = await opened(w)
    w.passes(hours=25)
    await w.ann.says(w.support, "sorry for the wait", thread_ts=ts)
    await w.in_thread("within 24 hours")

    assert chat.heard == []


async def test_an_admin_need_not_listen_to_whoever_connects(w: World) -> None:
    """Anybody can connect their account to a bot that can be connected."""
    account = await connected(w)
    await w.sees(w.mia, "has connected their own")
    await w.mia.presses("Do not listen", channel=w.mia.dm)
    await w.until(lambda: any("I do not listen" in words for words in w.mia.heard))
    account.with_(w.li).says("a private word")
    w.bob.says("to the bot")
    await w.in_thread("to the bot")

    assert not any("private word" in message.plain for message in w.support.messages)


async def test_an_account_that_was_connected_before_is_asked_for(w: World) -> None:
    """What was connected while nobody listened is known as soon as somebody writes."""
    w.telegram.updates.allow(["message", "business_message"])
    account = w.telegram.connects(w.telegram.person("Olga", "Orlova"))
    account.with_(w.bob).says("hello Olga")

    await w.in_thread("hello Olga")


def why_no_news(w: World, contact: Contact) -> str | None:
    """What stands in the way of a campaign's message to somebody."""
    found = w.look(lambda work: audiences.in_the_way(work, audiences.Checks(), [contact.id]))
    return found[contact.id][1]


async def test_no_campaign_goes_through_a_personal_account(w: World) -> None:
    """Nobody has agreed to news from there."""
    account, chat, _ = await opened(w)
    contact = await w.until(lambda: w.look(lambda work: work.first(select(Contact))))
    assert why_no_news(w, contact) == "elsewhere"
    w.bob.says("hello, bot")
    await w.in_thread("hello, bot")
    chat.says("and to you")
    await w.in_thread("and to you")

    assert why_no_news(w, contact) is None
    assert account.enabled


async def test_repeated_and_late_updates_of_an_account_change_nothing(w: World) -> None:
    """The same message twice is one line, and Rapport's own are none."""
    _, chat, ts = await opened(w)
    await w.ann.says(w.support, "an answer", thread_ts=ts)
    await w.hears(chat, "an answer")
    for message in chat.chat:
        w.telegram.updates.put("business_message", chat.as_told(message), lane=chat.id)
    chat.says("thanks")
    await w.in_thread("thanks")

    said = w.look(lambda work: work.all(select(Interaction)))
    assert sorted(each.text for each in said) == [
        "an answer",
        "do you have it in blue?",
        "thanks",
    ]


async def test_who_has_themselves_forgotten_is_forgotten_in_both_chats(w: World) -> None:
    """What they said to the account is erased with the rest, as it came in, too."""
    _, chat, _ = await opened(w)
    w.bob.says("/forget")
    await w.until(lambda: w.bob.chat[-1].buttons)
    w.bob.presses(ENGLISH["forget.yes"])
    await w.hears(w.bob, ENGLISH["forget.done"][:20])

    def left(work: Work) -> bool:
        raw = [row.raw for row in work.all(select(InboxRow))]
        said = [each.text for each in work.all(select(Interaction))]
        return any(b"in blue" in each for each in raw) or any("in blue" in each for each in said)

    await w.until(lambda: not w.look(left))
    chat.says("it is me again")
    await w.in_thread("it is me again", 2)
    assert chat.heard == []
