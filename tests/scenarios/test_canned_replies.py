"""What the team has written once is sent with one word, in the customer's language, and undone."""

from sqlmodel import select

from bot.playground.slack import Message
from storage.queries import tickets
from storage.records import CannedReply, ContactTag, KnowledgeVersion, Ticket, TicketStatus
from tests.world import World

REFUND = "/crm canned add refund Your refund is on its way, {first_name|there}."


def ticket(w: World, number: int = 1) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def opened(w: World, words: str = "where is my money") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


async def test_a_canned_reply_is_sent_by_its_name_with_the_customers(both: World) -> None:
    """In the thread it takes one word; the author's line gets its mark."""
    w = both
    await w.says(w.ann, REFUND)
    card = await opened(w)
    line = await w.ann.says(w.support, "@Rapport canned refund", thread_ts=card.ts)
    await w.hears(w.bob, "Your refund is on its way, Bob.")
    await w.until(lambda: "white_check_mark" in line.reactions)

    (kept,) = w.look(lambda work: work.all(select(CannedReply)))
    assert kept.used == 1
    assert ticket(w).status is TicketStatus.WAITING


async def test_each_customer_gets_it_in_their_language(w: World) -> None:
    """Two texts under one name; 小明 reads the Chinese one."""
    await w.says(w.ann, REFUND)
    await w.says(w.ann, "/crm canned add refund {first_name|您好}，退款已在路上。")
    w.li.says("我的钱呢")
    await w.in_thread("我的钱呢")
    await w.says(w.ann, "/crm canned 1 refund")

    await w.hears(w.li, "小明，退款已在路上。")
    assert not any("refund" in heard for heard in w.li.heard)


async def test_a_canned_reply_is_held_like_every_answer(w: World) -> None:
    """Undo takes it back before anybody has seen it."""
    w.decides("hold_seconds", 60)
    await w.says(w.ann, REFUND)
    card = await opened(w)
    line = await w.ann.says(w.support, "@Rapport canned refund", thread_ts=card.ts)
    held = await w.in_thread("Goes to Bob Bell")
    await w.ann.presses("Undo", channel=w.support, ts=held.ts)
    await w.until(lambda: "no_entry_sign" in line.reactions)
    w.passes(minutes=2)
    w.decides("hold_seconds", 0)
    await w.ann.says(w.support, "Sorry", thread_ts=card.ts)
    await w.hears(w.bob, "Sorry")

    assert not any("refund" in heard for heard in w.bob.heard)


async def test_a_field_that_does_not_exist_is_refused_with_those_that_do(w: World) -> None:
    """What is wrong is said before anybody gets it."""
    said = await w.says(w.ann, "/crm canned add x Dear {nmae}")

    assert "nmae" in said and "first_name" in said
    assert w.look(lambda work: work.all(select(CannedReply))) == []


async def test_what_a_canned_reply_said_before_is_kept(w: World) -> None:
    """Changing and removing leave a version behind."""
    await w.says(w.ann, REFUND)
    await w.says(w.ann, "/crm canned add refund It takes three days.")
    await w.says(w.ann, "/crm canned remove refund")
    said = await w.says(w.ann, "/crm canned")

    versions = w.look(lambda work: work.all(select(KnowledgeVersion)))
    assert [each.was["en"][:4] for each in versions] == ["Your", "It t"]
    assert "no canned replies" in said


async def test_the_form_has_both_languages_and_what_customers_write(w: World) -> None:
    """Edit opens it with what there is; a wrong field is marked there."""
    await w.says(w.ann, REFUND)
    await w.ann.command("/crm canned edit refund", channel=w.support)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits(
        {"text_zh": "退款已在路上，{first_name|您好}。", "cues": "where is my refund"}
    )
    await w.sees(w.ann, "refund is saved")

    (kept,) = w.look(lambda work: work.all(select(CannedReply)))
    assert set(kept.texts) == {"en", "zh"} and kept.cues == ["where is my refund"]


async def test_it_is_suggested_when_a_customer_writes_what_it_answers(both: World) -> None:
    """Only staff see it; Use sends it once, however often it is pressed."""
    w = both
    await w.says(w.ann, REFUND)
    await w.ann.command("/crm canned edit refund", channel=w.support)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"cues": "where is my refund\nwhen do I get my money back"})
    await w.sees(w.ann, "refund is saved")
    w.bob.says("Hi, when will I get my money back?")
    shown = await w.in_thread("Canned reply refund may fit")
    assert "on its way, Bob" in shown.plain
    await w.ann.presses("Use", channel=w.support, ts=shown.ts)
    await w.hears(w.bob, "Your refund is on its way, Bob.")
    await w.until(lambda: "Ann Archer used canned reply" in shown.plain)

    assert len([heard for heard in w.bob.heard if "on its way" in heard]) == 1


async def test_nothing_is_suggested_where_it_does_not_fit(w: World) -> None:
    """Silence is the usual thing."""
    await w.says(w.ann, REFUND)
    await w.ann.command("/crm canned edit refund", channel=w.support)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"cues": "where is my refund"})
    await w.sees(w.ann, "refund is saved")
    w.bob.says("the kettle leaks")
    await w.in_thread("the kettle leaks")
    w.bob.says("where is my refund")
    await w.in_thread("may fit")

    card = await w.thread(1)
    assert len([m for m in w.support.thread(card.ts) if "may fit" in m.plain]) == 1


# Macros


async def test_a_macro_does_all_its_steps_in_one_go(both: World) -> None:
    """Reply, tag, priority, assignment and the end, by one line in the thread."""
    w = both
    await w.says(w.ann, REFUND)
    said = await w.says(
        w.ann, "/crm macro add vip-refund reply refund; tag vip; priority high; assign me; resolve"
    )
    card = await opened(w)
    await w.bo.says(w.support, "@Rapport macro vip-refund", thread_ts=card.ts)
    await w.hears(w.bob, "Your refund is on its way, Bob.")
    await w.in_thread("Bo Berg has resolved this")

    (tag,) = w.look(lambda work: work.all(select(ContactTag)))
    assert "5 steps" in said and tag.tag == "vip"
    assert ticket(w).priority == "high" and ticket(w).status is TicketStatus.RESOLVED


async def test_a_resolution_is_not_undone_by_the_end_of_the_hold(w: World) -> None:
    """The reply of a macro that resolves leaves some seconds later; the ticket stays resolved."""
    w.decides("hold_seconds", 5)
    await w.says(w.ann, REFUND)
    await w.says(w.ann, "/crm macro add done reply refund; resolve")
    await opened(w)
    await w.says(w.ann, "/crm macro 1 done")
    w.passes(seconds=10)
    await w.hears(w.bob, "Your refund is on its way")
    await w.hears(w.bob, "resolved")

    assert ticket(w).status is TicketStatus.RESOLVED


async def test_a_macro_that_cannot_be_finished_does_nothing(w: World) -> None:
    """Its second step is refused, so the first one has not happened either."""
    await w.says(w.ann, "/crm macro add twice resolve; resolve")
    await opened(w)
    said = await w.says(w.ann, "/crm macro 1 twice")

    assert "not open" in said and ticket(w).is_open
    assert not any("resolved" in heard for heard in w.bob.heard)


async def test_a_step_that_makes_no_sense_is_refused_when_the_macro_is_written(w: World) -> None:
    """With the step that is wrong, and what there is."""
    assert "don't know the step" in await w.says(w.ann, "/crm macro add x dance; resolve")
    assert "There are no canned replies" in await w.says(w.ann, "/crm macro add x reply refund")
    assert "one to 12 steps" in await w.says(w.ann, "/crm macro add x ;;;")
    assert "begins with a letter" in await w.says(w.ann, "/crm macro add 123 resolve")


async def test_steps_are_understood_as_they_are_meant_and_said_back(w: World) -> None:
    """A comma before the name of a step ends the one before it, but never the words of a reply."""
    said = await w.says(w.ann, "/crm macro add vip tag vip, priority high, resolve")
    assert "3 steps" in said and "2. priority high" in said and "3. resolve" in said
    said = await w.says(w.ann, "/crm macro add bye reply Hi, close the door, please; tag a, b")
    assert "1. reply Hi, close the door, please" in said and "2. tag a, b" in said
    said = await w.says(w.ann, "/crm macro add hello hi, resolve")
    assert "“hi”" in said and "reply Hi, thank you!; tag vip; resolve" in said
    assert "reply Hi" in await w.says(w.ann, "/crm macro add hello")


async def test_macros_speak_chinese_too(w: World) -> None:
    """Chinese words for the steps, and a reply without a name of its own."""
    await w.says(w.ann, "/crm 宏 add 好评 回复 谢谢您的支持，{first_name|您好}；标签 常客；解决")
    w.li.says("很满意")
    await w.in_thread("很满意")
    await w.says(w.ann, "/crm 宏 1 好评")

    await w.hears(w.li, "谢谢您的支持，小明")
    assert ticket(w).status is TicketStatus.RESOLVED
