"""Several requests of one customer: each message finds its own, and staff can put it right."""

from bot.playground.slack import Message
from storage.queries import tickets
from storage.records import Ticket, TicketStatus
from tests.world import World


def ticket(w: World, number: int) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def two_open(w: World) -> tuple[Message, Message]:
    """Bob has two open tickets, of the parcel (1) and of the invoice (2); their cards."""
    w.bob.says("where is my parcel")
    line = await w.in_thread("where is my parcel")
    w.bob.says("and the invoice is wrong")
    invoice = await w.in_thread("and the invoice is wrong")
    await w.ann.reacts(invoice, "ticket")
    await w.in_thread("and the invoice is wrong", number=2)
    assert line is not invoice
    return await w.thread(1), await w.thread(2)


async def test_the_ticket_emoji_gives_a_message_a_ticket_of_its_own(both: World) -> None:
    """🎫: a new card with the words, the old thread says where they went, the next words follow."""
    w = both
    first, _ = await two_open(w)
    await w.in_thread("“and the invoice is wrong” went to ticket #2", number=1)
    w.bob.says("it should be 12 euros")
    await w.in_thread("it should be 12 euros", number=2)

    assert ticket(w, 1).is_open and ticket(w, 2).is_open
    assert not any("12 euros" in m.plain for m in w.support.thread(first.ts))


async def test_the_ticket_emoji_twice_opens_one_ticket(w: World) -> None:
    """Two people see the same; the second is told that it stands alone already."""
    await two_open(w)
    moved = await w.in_thread("and the invoice is wrong", number=2)
    await w.bo.reacts(moved, "ticket")
    await w.sees(w.bo, "all of ticket #2")

    assert w.look(lambda work: tickets.numbered(work, 3)) is None


async def test_a_reply_belongs_to_the_ticket_of_the_words_it_replies_to(both: World) -> None:
    """However lively the other one is, a Telegram reply finds its thread; so do the next words."""
    w = both
    first, second = await two_open(w)
    await w.ann.says(w.support, "It left the warehouse", thread_ts=first.ts)
    await w.hears(w.bob, "It left the warehouse")
    about_parcel = w.bob.last.id
    await w.ann.says(w.support, "We send a new invoice", thread_ts=second.ts)
    await w.hears(w.bob, "We send a new invoice")
    w.bob.says("when was that?", reply_to=about_parcel)
    await w.in_thread("when was that?", number=1)
    w.bob.says("and with whom?")
    await w.in_thread("and with whom?", number=1)


async def test_without_a_reply_words_go_to_the_ticket_most_lately_active(both: World) -> None:
    """Where staff wrote last is what the customer answers."""
    w = both
    first, second = await two_open(w)
    await w.ann.says(w.support, "It left the warehouse", thread_ts=first.ts)
    await w.hears(w.bob, "It left the warehouse")
    w.bob.says("thanks for that")
    await w.in_thread("thanks for that", number=1)
    await w.ann.says(w.support, "We send a new invoice", thread_ts=second.ts)
    await w.hears(w.bob, "We send a new invoice")
    w.bob.says("good, please do")
    await w.in_thread("good, please do", number=2)


async def test_words_after_one_of_two_was_resolved_go_to_the_open_one(w: World) -> None:
    """Nothing is reopened while something is open."""
    _, second = await two_open(w)
    await w.ann.presses("Resolve", channel=w.support, ts=second.ts)
    await w.in_thread("has resolved this", number=2)
    w.bob.says("what about the parcel")
    await w.in_thread("what about the parcel", number=1)

    assert ticket(w, 2).status is TicketStatus.RESOLVED


async def test_staff_move_a_message_that_went_to_the_wrong_ticket(both: World) -> None:
    """By the message's shortcut, with the number; a wrong number is said beside the field."""
    w = both
    await two_open(w)
    w.bob.says("the parcel is still not here")
    wrong = await w.in_thread("the parcel is still not here", number=2)
    await w.ann.shortcut("ticket.move", wrong)
    await w.until(lambda: w.ann.modal)
    answer = await w.ann.submits({"Number of the ticket": "seven"})
    assert "12" in answer.errors["number"]
    answer = await w.ann.submits({"Number of the ticket": "7"})
    assert "no ticket #7" in answer.errors["number"]
    await w.ann.submits({"Number of the ticket": "#1"})
    await w.in_thread("the parcel is still not here", number=1)
    await w.in_thread("went to ticket #1", number=2)


async def test_a_shortcut_on_a_message_of_the_team_asks_whose_ticket_it_is(w: World) -> None:
    """ "Anna called" becomes a ticket with the words in it."""
    await w.says(w.ann, "/crm add Anna Lee")
    remark = await w.bo.says(w.support, "a customer called about her bill")
    await w.bo.shortcut("ticket.from_message", remark)
    modal = await w.until(lambda: w.bo.modal)
    assert "called about her bill" in str(modal.blocks)
    await w.bo.submits({"Customer": "anna"})
    await w.sees(w.bo, "Ticket #1")
    card = await w.thread(1)

    assert "called about her bill" in card.plain


async def test_merging_keeps_all_words_and_later_ones_go_to_the_survivor(both: World) -> None:
    """The old thread says where it went; what the customer writes next stands in the other."""
    w = both
    first, second = await two_open(w)
    said = await w.says(w.ann, "/crm merge 2 into 1")
    await w.in_thread("goes on in ticket #1", number=2)
    await w.in_thread("Ticket #2 came in here", number=1)
    await w.in_thread("and the invoice is wrong", number=1)
    w.bob.says("so what about it?")
    await w.in_thread("so what about it?", number=1)

    assert "#1" in said
    merged = ticket(w, 2)
    assert merged.status is TicketStatus.CLOSED
    assert merged.merged_into_id == ticket(w, 1).id
    assert not any("so what about it?" in m.plain for m in w.support.thread(second.ts))
    assert len(w.cards()) == 2 and first is not second


async def test_words_in_a_merged_thread_still_reach_the_customer(both: World) -> None:
    """They are shown in the thread that goes on, too."""
    w = both
    _, second = await two_open(w)
    await w.says(w.ann, "/crm merge 2 into 1")
    await w.in_thread("goes on in ticket #1", number=2)
    line = await w.bo.says(w.support, "The new invoice is out", thread_ts=second.ts)
    await w.hears(w.bob, "The new invoice is out")
    await w.in_thread("Bo Berg in the thread of #2", number=1)
    await w.until(lambda: "white_check_mark" in line.reactions)

    assert ticket(w, 2).status is TicketStatus.CLOSED
    assert ticket(w, 1).status is TicketStatus.WAITING


async def test_a_merge_twice_or_the_other_way_round_is_refused_with_words(w: World) -> None:
    """No circle, nothing lost; two customers are never made one."""
    await two_open(w)
    w.li.says("你好")
    await w.in_thread("你好", number=3)
    await w.says(w.ann, "/crm merge 2 into 1")

    assert "Both are ticket #1" in await w.says(w.ann, "/crm merge 1 into 2")
    assert "Both are ticket #1" in await w.says(w.bo, "/crm merge 2 into 1")
    assert "two customers" in await w.says(w.bo, "/crm merge 1 into 3")
    assert "Which into which" in await w.says(w.bo, "/crm merge 1")
    assert "went into #1" in await w.says(w.bo, "/crm reopen 2")


async def test_a_reply_to_words_of_a_merged_ticket_comes_to_the_survivor(w: World) -> None:
    """The customer knows nothing of our numbers."""
    _, second = await two_open(w)
    await w.ann.says(w.support, "Which invoice?", thread_ts=second.ts)
    await w.hears(w.bob, "Which invoice?")
    asked = w.bob.last.id
    await w.says(w.ann, "/crm merge 2 into 1")
    await w.in_thread("came in here", number=1)
    w.bob.says("the one of May", reply_to=asked)
    await w.in_thread("the one of May", number=1)


async def test_a_keyword_of_the_customer_begins_a_new_ticket(both: World) -> None:
    """In English and Chinese, with words behind it or before the next words."""
    w = both
    w.bob.says("where is my parcel")
    await w.in_thread("where is my parcel")
    w.bob.says("New ticket: my invoice is wrong")
    await w.in_thread("my invoice is wrong", number=2)
    w.bob.says("new ticket")
    await w.hears(w.bob, "What is it about?")
    w.bob.says("do you sell lamps")
    await w.in_thread("do you sell lamps", number=3)
    w.li.says("新工单 打印机坏了")
    await w.in_thread("打印机坏了", number=4)

    assert ticket(w, 1).is_open
    assert "new ticket" not in ticket(w, 3).subject


async def test_a_word_that_only_begins_like_the_keyword_begins_nothing(w: World) -> None:
    """ "New tickets are sold out" is a sentence."""
    w.bob.says("hello")
    await w.in_thread("hello")
    w.bob.says("New tickets are sold out?")
    await w.in_thread("New tickets are sold out?", number=1)


async def test_closing_ends_the_one_conversation_for_ever(both: World) -> None:
    """Closed for good: the next words are a new ticket, however soon they come."""
    w = both
    w.bob.says("where is my parcel")
    await w.in_thread("where is my parcel")
    await w.says(w.ann, "/crm close 1")
    await w.hears(w.bob, "resolved")
    w.bob.says("something else")
    await w.in_thread("something else", number=2)

    assert "closed already" in await w.says(w.ann, "/crm close 1")
    assert ticket(w, 1).status is TicketStatus.CLOSED


async def test_the_days_in_which_a_ticket_opens_again_are_a_policy(w: World) -> None:
    """None: each request after the end is a new one; 90: it opens again for a season."""
    await w.says(w.mia, "/crm policy reopen_days 0")
    w.bob.says("first")
    await w.in_thread("first")
    await w.says(w.ann, "/crm resolve 1")
    w.bob.says("second")
    await w.in_thread("second", number=2)
    await w.says(w.mia, "/crm policy reopen_days 90")
    await w.says(w.mia, "/crm policy close_days 365")
    await w.says(w.ann, "/crm resolve 2")
    w.passes(days=89)
    w.bob.says("third")
    await w.in_thread("third", number=2)

    assert "from 0 to 90" in await w.says(w.mia, "/crm policy reopen_days 91")


async def test_a_resolved_ticket_is_closed_by_itself_after_some_days(w: World) -> None:
    """The card says so, and the history too."""
    w.bob.says("first")
    await w.in_thread("first")
    await w.says(w.ann, "/crm resolve 1")
    w.passes(days=14, minutes=2)
    card = await w.thread(1)
    await w.until(lambda: "closed" in card.plain)

    assert ticket(w, 1).status is TicketStatus.CLOSED
    assert "resolved → closed" in await w.says(w.ann, "/crm history 1")


async def test_done_on_the_old_card_of_a_merge_resolves_nothing(w: World) -> None:
    """✅ there is answered with where it went; the living ticket stays open."""
    _, second = await two_open(w)
    await w.says(w.ann, "/crm merge 2 into 1")
    await w.in_thread("goes on in ticket #1", number=2)
    await w.ann.reacts(second, "white_check_mark")
    await w.sees(w.ann, "went into #1")

    assert ticket(w, 1).is_open


async def test_a_photo_is_split_off_with_its_picture(w: World) -> None:
    """What came with the words goes with them."""
    w.bob.says("where is my parcel")
    await w.in_thread("where is my parcel")
    w.bob.sends_photo(caption="this lamp is broken")
    line = await w.in_thread("this lamp is broken")
    await w.ann.reacts(line, "ticket")
    card = await w.thread(2)
    await w.until(lambda: any(m.files for m in w.support.thread(card.ts)))
    await w.in_thread("this lamp is broken", number=2)


async def test_several_open_tickets_survive_a_restart_in_their_places(both: World) -> None:
    """Which one is the liveliest is remembered in the tables."""
    w = both
    first, _ = await two_open(w)
    await w.ann.says(w.support, "It left the warehouse", thread_ts=first.ts)
    await w.hears(w.bob, "It left the warehouse")
    await w.stop_rapport()
    await w.start_rapport()
    w.bob.says("thanks for that")
    await w.in_thread("thanks for that", number=1)


async def test_an_edit_after_a_move_is_shown_where_the_message_stands_now(w: World) -> None:
    """The customer corrects what was split off: the new thread shows it."""
    w.bob.says("where is my parcel")
    await w.in_thread("where is my parcel")
    said = w.bob.says("the invoice is wrnog")
    line = await w.in_thread("the invoice is wrnog")
    await w.ann.reacts(line, "ticket")
    await w.in_thread("the invoice is wrnog", number=2)
    w.bob.edits(said.id, "the invoice is wrong")
    await w.in_thread("the invoice is wrong", number=2)
