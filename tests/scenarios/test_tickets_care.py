"""What a ticket carries, and what is done with it from its card, by emoji and by command."""

from sqlmodel import select

from bot.playground.slack import Message
from storage.queries import tickets
from storage.records import Contact, Interaction, Ticket, TicketStatus
from tests.world import World


def ticket(w: World, number: int = 1) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def opened(w: World, words: str = "my order 1001") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


async def test_subject_and_category_stand_on_the_card_and_in_the_history(both: World) -> None:
    """Who did what and when can be read by everybody."""
    w = both
    card = await opened(w)
    assert "no categories yet" in await w.says(w.ann, "/crm file 1 billing")
    await w.says(w.mia, "/crm category add Billing")
    assert "There are: billing" in await w.says(w.ann, "/crm file 1 bills")
    await w.says(w.ann, "/crm file 1 billing")
    await w.says(w.bo, "/crm subject 1 Order 1001 is late")
    await w.says(w.bo, "/crm priority 1 !high")
    await w.until(lambda: "Order 1001 is late" in card.plain and "billing" in card.plain)
    said = await w.says(w.mia, "/crm history 1")

    assert "opened" in said
    assert "filed under billing" in said and "Ann Archer" in said
    assert "“my order 1001” → “Order 1001 is late”" in said and "Bo Berg" in said
    assert "priority normal → high" in said


async def test_only_an_admin_changes_the_categories(w: World) -> None:
    """Everybody may look."""
    assert "needs another role" in await w.says(w.ann, "/crm category add billing")
    await w.says(w.mia, "/crm category add billing @ann")
    said = await w.says(w.ann, "/crm category")
    assert "billing" in said and "Ann Archer" in said
    assert "there already" in await w.says(w.mia, "/crm category add billing")
    await w.says(w.mia, "/crm category remove billing")

    assert "no categories yet" in await w.says(w.ann, "/crm category")


async def test_watchers_are_told_what_happens_and_nobody_of_what_they_do(both: World) -> None:
    """In their direct messages: the customer's words, and each step of a colleague."""
    w = both
    await opened(w)
    await w.says(w.bo, "/crm watch 1")
    w.bob.says("any news?")
    await w.sees(w.bo, "any news?")
    await w.says(w.ann, "/crm priority 1 !urgent")
    await w.sees(w.bo, "priority normal → urgent")
    await w.says(w.ann, "/crm resolve 1")
    await w.sees(w.bo, "→ resolved")
    await w.says(w.bo, "/crm unwatch 1")
    heard = len(w.bo.heard)
    await w.says(w.ann, "/crm reopen 1")
    w.bob.says("one more thing")
    await w.in_thread("one more thing")

    assert len(w.bo.heard) == heard
    assert not any("priority normal" in each for each in w.ann.heard)


async def test_snoozed_until_reply_it_wakes_only_with_the_customer(both: World) -> None:
    """No hour brings it back; a word does."""
    w = both
    card = await opened(w)
    said = await w.says(w.ann, "/crm snooze 1 until reply")
    assert "until the customer writes" in said
    await w.until(lambda: "on hold until the customer writes" in card.plain)
    w.passes(days=30)
    await w.says(w.ann, "/crm history 1")
    assert ticket(w).status is TicketStatus.ON_HOLD
    w.bob.says("here I am")
    await w.in_thread("here I am")

    assert ticket(w).status is TicketStatus.OPEN


async def test_the_snooze_button_offers_moments_and_a_form_for_others(w: World) -> None:
    """An hour, tomorrow at nine, Monday at nine, until they reply, or whatever one types."""
    card = await opened(w)
    await w.ann.presses("Snooze", channel=w.support, ts=card.ts)
    await w.sees(w.ann, "Put ticket #1 aside")
    await w.ann.presses("Monday 09:00", channel=w.support)
    # A Wednesday; Ann's clock is that of London, which is UTC in winter.
    await w.until(lambda: ticket(w).snoozed_until is not None)
    until = ticket(w).snoozed_until
    assert until is not None and until.isoformat() == "2026-11-23T09:00:00+00:00"
    await w.ann.presses("Snooze", channel=w.support, ts=card.ts)
    await w.until(lambda: sum("Put ticket #1 aside" in each for each in w.ann.heard) == 1)
    await w.ann.presses("Other…", channel=w.support)
    await w.until(lambda: w.ann.modal)
    answer = await w.ann.submits({"When": "soonish"})
    assert "when" in answer.errors
    await w.ann.submits({"When": "30 Nov 14:00"})
    await w.until(lambda: "30 Nov" in card.plain)


async def test_bo_has_it_already_is_said_and_taking_over_is_a_step_of_its_own(
    both: World,
) -> None:
    """Two press Take: one has it, the other learns who, and may still take it over."""
    w = both
    card = await opened(w)
    await w.bo.reacts(card, "eyes")
    await w.in_thread("Bo Berg has taken this")
    said = await w.says(w.ann, "/crm take 1")
    assert "Bo Berg has ticket #1 already" in said
    await w.ann.presses("Take it over", channel=w.support)
    await w.in_thread("Ann Archer has taken this")

    assert "Ann Archer" in card.plain or await w.until(lambda: "Ann Archer" in card.plain)
    assert "from Bo Berg to Ann Archer" in await w.says(w.ann, "/crm history 1")


async def test_two_who_take_at_the_same_moment_are_told_apart(w: World) -> None:
    """The database decides; nobody is told both."""
    card = await opened(w)
    await w.ann.reacts(card, "eyes")
    await w.bo.reacts(card, "eyes")
    await w.until(lambda: any("has taken this" in m.plain for m in w.support.thread(card.ts)))
    await w.until(lambda: any("already" in each for each in [*w.ann.heard, *w.bo.heard]))

    lines = [m for m in w.support.thread(card.ts) if "has taken this" in m.plain]
    assert len(lines) == 1


async def test_emoji_of_members_take_and_resolve_and_those_of_guests_do_nothing(
    both: World,
) -> None:
    """👀 on the customer's line takes it, ✅ resolves it; a guest's emoji is just an emoji."""
    w = both
    guest = w.slack.member("gus", "Gus Guest", guest=True)
    card = await opened(w)
    line = await w.in_thread("my order 1001")
    await guest.reacts(line, "white_check_mark")
    await guest.reacts(card, "eyes")
    await w.ann.reacts(line, "eyes")
    await w.in_thread("Ann Archer has taken this")
    assert ticket(w).is_open
    await w.ann.reacts(line, "tada")
    await w.ann.reacts(card, "white_check_mark")
    await w.hears(w.bob, "resolved")

    assert ticket(w).status is TicketStatus.RESOLVED
    assert not guest.heard


async def test_an_emoji_taken_off_or_put_on_twice_does_nothing_more(w: World) -> None:
    """✅ twice tells the customer once; on a line of staff it is nothing but praise."""
    card = await opened(w)
    line = await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
    await w.hears(w.bob, "on its way")
    await w.bo.reacts(line, "heavy_check_mark")
    await w.ann.reacts(card, "white_check_mark")
    await w.hears(w.bob, "resolved")
    await w.ann.unreacts(card, "white_check_mark")
    await w.bo.reacts(card, "white_check_mark")
    await w.says(w.ann, "/crm history 1")

    assert len([heard for heard in w.bob.heard if "resolved" in heard]) == 1


async def test_who_is_blocked_is_kept_out_of_threads_and_answered_by_nothing(both: World) -> None:
    """What they write stands in their timeline; unblocked, they are heard again."""
    w = both
    card = await opened(w)
    said = await w.says(w.ann, "/crm block bob")
    assert "Closed with it: 1 ticket" in said
    await w.in_thread("has blocked Bob Bell")
    heard = len(w.bob.heard)
    for number in range(5):
        w.bob.says(f"spam {number}")
    w.bob.says("/start")

    def kept() -> bool:
        said = w.look(lambda work: work.all(select(Interaction)))
        return sum("spam" in each.text for each in said) == 5

    await w.until(kept)
    assert "blocked already" in await w.says(w.bo, "/crm block bob")
    await w.says(w.ann, "/crm unblock bob")
    w.bob.says("sorry for that")
    await w.in_thread("sorry for that", number=2)

    assert len(w.bob.heard) <= heard + 1
    assert not any("spam" in m.plain for m in w.support.thread(card.ts))
    assert ticket(w, 1).status is TicketStatus.CLOSED


async def test_a_ticket_is_opened_from_a_form_and_from_the_contacts_card(w: World) -> None:
    """/crm ticket alone asks; so does the button on the card of a customer."""
    await w.says(w.ann, "/crm add Anna Lee")
    await w.ann.command("/crm ticket", channel=w.support)
    await w.until(lambda: w.ann.modal)
    answer = await w.ann.submits({"Customer": "nobody at all", "About what": "lamp"})
    assert "contact" in answer.errors
    await w.ann.submits({"Customer": "anna lee", "About what": "The lamp is broken"})
    await w.sees(w.ann, "Ticket #1")
    await w.says(w.ann, "/crm show anna")
    await w.ann.presses("Ticket", channel=w.support)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"About what": "Another lamp"})
    await w.sees(w.ann, "Ticket #2")

    assert ticket(w, 2).subject == "Another lamp"
    assert w.look(lambda work: work.get(Contact, ticket(w, 2).contact_id)) is not None


async def test_the_cards_menu_assigns_files_and_closes(w: World) -> None:
    """What does not fit the card stands behind More."""
    card = await opened(w)
    await w.says(w.bo, "/crm team")
    await w.says(w.mia, "/crm category add billing")
    await w.ann.presses("More…", channel=w.support, ts=card.ts)
    await w.sees(w.ann, "What about ticket #1")
    await w.ann.presses("Assign", channel=w.support)
    await w.sees(w.ann, "Who is to have ticket #1")
    await w.ann.presses("Bo Berg", channel=w.support)
    await w.in_thread("Ann Archer gave this to Bo Berg")
    await w.sees(w.bo, "Ann Archer gave you this")
    heard = len(w.ann.heard)
    await w.ann.presses("More…", channel=w.support, ts=card.ts)
    await w.until(lambda: len(w.ann.heard) > heard)
    await w.ann.presses("Category", channel=w.support)
    await w.sees(w.ann, "File ticket #1 under what")
    await w.ann.presses("billing", channel=w.support)
    await w.until(lambda: "billing" in card.plain)

    assert ticket(w).category == "billing"


async def test_everything_is_said_in_chinese_too(w: World) -> None:
    """Commands, buttons, refusals."""
    wei = w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai")
    card = await opened(w)
    assert "已挂起" in await w.says(wei, "/crm 挂起 1")
    await w.says(w.bo, "/crm take 1")
    assert "已由 Bo Berg 接手" in await w.says(wei, "/crm 接手 1")
    await wei.presses("接过来", channel=w.support)
    await w.until(lambda: "魏安" in card.plain)
    assert "的经过" in await w.says(wei, "/crm 历史 1")
    assert "#1" in await w.says(wei, "/crm 工单列表 我的")
    assert "不明白“乱七八糟”" in await w.says(wei, "/crm 工单列表 乱七八糟")


async def test_a_blocked_person_gets_no_campaign_either(w: World) -> None:
    """Who is not heard is not spoken to."""
    await opened(w)
    w.li.says("你好")
    await w.in_thread("你好", number=2)
    for name in ("bob", "王小明"):
        await w.says(w.mia, f"/crm tag {name} #vip")
    await w.says(w.mia, "/crm block bob")
    # That they have open requests is not what this is about.
    w.decides("campaign_tickets", "off")
    w.decides("campaign_wrote_hours", 0)
    await w.says(w.mia, "/crm campaign #vip Lamps are cheap today")
    await w.until(lambda: any("[Start]" in m.plain for m in w.mia.sees(w.support)))
    await w.mia.presses("Start", channel=w.support)
    await w.hears(w.li, "Lamps are cheap")

    assert not any("Lamps" in heard for heard in w.bob.heard)


async def test_an_absent_colleague_is_named_when_something_is_given_to_them(w: World) -> None:
    """So that nobody waits for somebody on holiday; the team's list says it too."""
    await opened(w)
    await w.says(w.bo, "/crm away until monday")

    assert "Bo Berg is away until Mon" in await w.says(w.ann, "/crm assign 1 @bo")
    assert "away until Mon" in await w.says(w.ann, "/crm team")


async def test_in_the_thread_a_mention_does_it_without_a_number(w: World) -> None:
    """Slash commands do not work in threads; a mention with a few words does."""
    card = await opened(w)
    await w.says(w.mia, "/crm category add billing")

    async def mention(words: str, answer: str) -> None:
        await w.ann.says(w.support, f"@rapport {words}", thread_ts=card.ts)
        await w.sees(w.ann, answer)

    await mention("subject Order 1001 is late", "is now “Order 1001 is late”")
    await mention("file billing", "is filed under billing")
    await mention("watch", "is told what happens")
    await mention("history", "What happened to ticket #1")
    await mention("snooze until reply", "on hold until the customer writes")
    await mention("ticket the other lamp", "Ticket #2 for Bob Bell is open")
    await mention("merge 2 into 1", "Ticket #2 went into #1")
    await mention("resolve", "Ticket #1 is resolved")

    assert not any("Order 1001 is late" in heard for heard in w.bob.heard)
