"""Telegram breaks in every way it can: customers block and come back, leave, groups change."""

from bot.playground.slack import Message
from bot.playground.telegram.faults import Fault
from handlers.actions.outgoing import TELEGRAM, send
from storage.queries import house, outbox
from storage.records import OutboxRow, OutboxState, Policy
from storage.work import Work
from tests.scenarios.test_routing import opened
from tests.world import World


async def reacted(w: World, message: Message, emoji: str) -> None:
    """Wait for an emoji of ours on a message."""
    await w.until(lambda: emoji in message.reactions)


def held_for(w: World, seconds: int) -> None:
    """Answers are held so long."""

    def decide(work: Work) -> None:
        row = house.policy(work, "hold_seconds")
        if row is None:
            row = work.add(Policy(key="hold_seconds", value=seconds, changed_at=work.now))
        row.value = seconds

    w.store.write(decide)


def troubles(w: World) -> list[OutboxRow]:
    """What failed or may not have arrived."""
    return w.look(lambda work: outbox.in_trouble(work, (OutboxState.FAILED, OutboxState.UNSURE)))


async def test_the_card_and_the_thread_show_that_the_customer_blocked_the_bot(w: World) -> None:
    """Tg-support-bot PR #230: seen before anybody writes an answer; gone when they are back."""
    card = await opened(w)
    w.bob.blocks()
    await w.in_thread("they have blocked the bot")
    await w.until(lambda: "has blocked the bot" in card.plain)
    w.bob.unblocks()
    await w.in_thread("can be reached again")
    await w.until(lambda: "has blocked the bot" not in card.plain)

    lines = [m.plain for m in w.support.thread(card.ts)]
    assert len([line for line in lines if "they have blocked" in line]) == 1


async def test_an_answer_to_somebody_who_blocked_us_fails_at_once_and_can_go_again(
    w: World,
) -> None:
    """No hold for what will not arrive; *Send again* brings it when they are back."""
    card = await opened(w)
    held_for(w, 60)
    w.bob.blocks()
    await w.in_thread("they have blocked the bot")
    answer = await w.ann.says(w.support, "Your refund is on its way", thread_ts=card.ts)
    await reacted(w, answer, "warning")
    told = await w.in_thread("so this did not arrive")
    w.bob.says("I am back")
    await w.in_thread("I am back")
    await w.ann.presses("Send again", channel=w.support, ts=told.ts)
    await w.hears(w.bob, "Your refund is on its way")

    assert len([each for each in w.bob.heard if "refund" in each]) == 1


async def test_a_customer_whose_account_is_gone_is_told_in_words(w: World) -> None:
    """A deleted account is not a block, and nobody is offered to send it again."""
    card = await opened(w)
    w.bob.deactivated = True
    answer = await w.ann.says(w.support, "Hello?", thread_ts=card.ts)
    await reacted(w, answer, "warning")
    told = await w.in_thread("no longer has a Telegram account")

    assert "Hello?" in told.plain
    assert "Send again" not in str(told.all_blocks)


async def test_a_message_that_the_customer_deleted_is_no_trouble(w: World) -> None:
    """There is nothing left to edit, so the edit is done; later answers arrive."""
    card = await opened(w)
    answer = await w.ann.says(w.support, "It arrives on Munday", thread_ts=card.ts)
    await w.hears(w.bob, "Munday")
    w.bob.deletes(w.bob.last.id)
    await w.ann.edits(answer, "It arrives on Monday")
    after = await w.ann.says(w.support, "Anything else?", thread_ts=card.ts)
    await w.hears(w.bob, "Anything else?")
    await reacted(w, after, "white_check_mark")

    assert not troubles(w)


async def test_a_group_is_told_where_to_write_and_left(w: World) -> None:
    """Chatwoot #3033: what is said in groups makes no ticket, and nobody waits for us there."""
    group = w.telegram.group("Our house")
    group.adds_bot(w.li)
    await w.until(lambda: any("直接" in words for words in group.heard))
    await w.until(lambda: not group.inside)
    group.written_by(w.bob, "does the lift work?")
    await opened(w, "a question of my own")

    assert len(group.heard) == 1
    assert len(w.cards()) == 1
    assert not any("lift" in m.plain for m in w.support.by_ts.values())


async def test_a_group_that_becomes_a_supergroup_is_followed_once(w: World) -> None:
    """What waits for it goes to its new name; nothing is said twice."""
    group = w.telegram.group("Our house")
    group.inside = group.started = True
    new = group.migrates(w.bob, tells=False)

    def say(work: Work) -> None:
        parts = {"parts": [["Text", {"words": [["hello", ""]]}]], "language": "en"}
        send(work, TELEGRAM, str(group.id), "say", parts, key="to the group")

    w.store.write(say)
    await w.until(lambda: "hello" in new.heard)

    assert new.heard == ["hello"]
    assert not group.heard


async def test_a_chat_that_moves_for_ever_is_not_followed_for_ever(w: World) -> None:
    """The second time it is a failure that is listed."""
    group = w.telegram.group("Our house")
    group.inside = group.started = True
    w.telegram.faults.on("sendMessage", do=Fault.MIGRATE, times=9, migrate_to=group.id)

    def say(work: Work) -> None:
        parts = {"parts": [["Text", {"words": [["hello", ""]]}]], "language": "en"}
        send(work, TELEGRAM, "-5", "say", parts, key="to the group")

    w.store.write(say)
    (row,) = await w.until(lambda: troubles(w))

    assert row.error == "the chat has moved"


async def test_a_customer_who_hides_who_they_forward_from_can_be_answered(w: World) -> None:
    """Ohld/telegram-support-bot #1: answers go to the chat, never by a forward or a username."""
    w.bob.passes_on("Is this true?", whose="Somebody")
    await w.in_thread("Is this true?")
    card = await w.thread(1)
    await w.ann.says(w.support, "No, it is not", thread_ts=card.ts)

    assert await w.hears(w.bob, "No, it is not")


async def test_an_answer_is_its_authors_whatever_their_address(w: World) -> None:
    """Chatwoot #1479: no answer is shown as the bot's because e-mail addresses differ."""
    w.ann.email = "ann@elsewhere.example"
    card = await opened(w)
    await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
    await w.hears(w.bob, "It is on its way")
    await w.until(lambda: "Ann Archer" in card.plain)

    assert "Rapport" not in card.plain


async def test_answers_written_while_rapport_was_away_reach_the_customer(w: World) -> None:
    """Chatwoot #4397 and #9306: Slack repeats them, and everything is there without a reload."""
    card = await opened(w)
    await w.stop_rapport()
    w.bob.says("are you there?")
    await w.start_rapport()
    await w.in_thread("are you there?")
    await w.ann.says(w.support, "Yes, we are", thread_ts=card.ts)

    assert await w.hears(w.bob, "Yes, we are")
    assert len([m for m in w.support.by_ts.values() if "are you there?" in m.plain]) == 1
