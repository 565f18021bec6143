"""Slack breaks in every way it can: each is seen, said in words, and no line is lost or doubled."""

from sqlmodel import select

from bot.playground.slack import Fault, Message
from storage.queries import members
from storage.records import Member, ShutChannel
from tests.scenarios.test_routing import card_in, line_in, manager, opened, routed
from tests.world import World


def everywhere(w: World, text: str) -> list[Message]:
    """The lines with that text under any card; what is said again at the head of one is none."""
    channels = [each for each in w.slack.workspace.channels.values() if not each.is_im]
    lines = [m for each in channels for m in each.by_ts.values() if m.is_reply]
    return [m for m in lines if text in m.plain and "What was said last" not in m.plain]


async def in_newest(w: World, text: str) -> Message:
    """A line in the thread of the newest card in the support channel, once it is there."""

    def found() -> Message | None:
        cards = [m for m in w.cards() if "#1 ·" in m.plain]
        thread = w.support.thread(cards[-1].ts) if cards else []
        return next((m for m in thread if text in m.plain), None)

    return await w.until(found)


async def new_card(w: World, old: Message) -> Message:
    """The card that came in the place of another one."""
    return await w.until(
        lambda: next((m for m in w.cards() if m.ts > old.ts and "#1 ·" in m.plain), None)
    )


async def test_a_deleted_thread_begins_again_with_the_last_lines(w: World) -> None:
    """Feedback-bot-topics #7: the customer's next messages do not vanish."""
    card = await opened(w, "first words")
    await w.ann.says(w.support, "an answer", thread_ts=card.ts)
    await w.hears(w.bob, "an answer")
    await w.mia.deletes_of_the_app(card)
    again = await new_card(w, card)
    retold = await w.until(
        lambda: next((m for m in w.support.thread(again.ts) if "was deleted" in m.plain), None)
    )
    w.bob.says("still here?")
    await w.until(lambda: any("still here?" in m.plain for m in w.support.thread(again.ts)))
    await w.ann.says(w.support, "Yes", thread_ts=again.ts)
    await w.hears(w.bob, "Yes")

    assert "first words" in retold.plain and "an answer" in retold.plain
    assert len(everywhere(w, "still here?")) == 1


async def test_no_line_stands_loose_when_slack_did_not_tell_of_the_deletion(w: World) -> None:
    """Chatwoot PR #7702: a reply whose thread is gone is taken away and goes to the new thread."""
    w.bob.says("first words")
    card = await w.thread(1)
    await w.in_thread("first words")
    # Slack drops the event, and the message with all that hung on it is gone for good.
    for reply in list(card.replies):
        w.support.by_ts.pop(reply.ts)
    w.support.by_ts.pop(card.ts)
    w.bob.says("second words")
    again = await new_card(w, card)
    await w.until(lambda: any("second words" in m.plain for m in w.support.thread(again.ts)))

    (only,) = everywhere(w, "second words")
    assert only.thread_ts == again.ts
    loose = [m.plain for m in w.support.messages if "#1 ·" not in m.plain]
    assert loose == []


async def test_a_slack_that_refuses_the_thread_gets_a_new_one(w: World) -> None:
    """`thread_not_found` is no reason to lose or to double anything."""
    card = await opened(w, "first words")
    w.slack.faults.on("chat.postMessage", Fault.ERROR("thread_not_found"))
    w.bob.says("second words")
    again = await new_card(w, card)
    await w.until(lambda: any("second words" in m.plain for m in w.support.thread(again.ts)))

    assert len(everywhere(w, "second words")) == 1


async def test_a_file_whose_thread_is_gone_goes_to_the_new_one(w: World) -> None:
    """Slack would put it loose into the channel without a word."""
    card = await opened(w, "first words")
    for reply in list(card.replies):
        w.support.by_ts.pop(reply.ts)
    w.support.by_ts.pop(card.ts)
    w.bob.sends_photo()
    again = await new_card(w, card)
    await w.until(lambda: any(m.files for m in w.support.thread(again.ts)))

    assert len([m for m in w.support.by_ts.values() if m.files]) == 1


async def test_a_line_waits_until_its_card_stands(w: World) -> None:
    """While the card cannot be posted nothing is said in the channel; then all is, in order."""
    w.slack.faults.on("chat.postMessage", Fault.TOO_MANY(1), times=3)
    for number in range(3):
        w.bob.says(f"line {number}")
    await w.in_thread("line 2")
    card = await w.thread(1)

    thread = [m.plain for m in w.support.thread(card.ts) if "line" in m.plain]
    assert [words[-6:] for words in thread] == ["line 0", "line 1", "line 2"]
    assert not [m for m in w.support.messages if "line 1" in m.plain or "line 2" in m.plain]


async def test_an_archived_channel_sends_its_tickets_to_the_default_one(w: World) -> None:
    """At once, with the last lines; an admin is told once."""
    billing = await routed(w)
    await opened(w)
    await w.says(w.ann, "/crm route 1 to #billing")
    await card_in(w, billing)
    await w.bo.archives(billing)
    told = await w.sees(w.mia, "can no longer write in #billing")
    await w.until(lambda: any("was archived" in m.plain for m in w.support.by_ts.values()))
    w.bob.says("and now?")
    await in_newest(w, "and now?")

    assert "go on in the support channel" in told
    assert len([words for words in w.mia.heard if "no longer write" in words]) == 1
    assert len(everywhere(w, "and now?")) == 1


async def test_a_channel_that_was_deleted_unnoticed_is_found_out_by_the_next_line(
    w: World,
) -> None:
    """No event came; the row itself finds out and goes where it can be read."""
    billing = await routed(w)
    await opened(w)
    await w.says(w.ann, "/crm route 1 to #billing")
    await line_in(w, billing, "my bill is wrong")
    w.slack.workspace.channels.pop(billing.id)
    w.bob.says("and now?")
    await in_newest(w, "and now?")
    await w.sees(w.mia, "can no longer write in #billing")

    assert len(everywhere(w, "and now?")) == 1


async def test_an_archived_support_channel_keeps_what_waits_until_it_is_back(w: World) -> None:
    """An admin is told once; nothing is lost and nothing doubled when it is unarchived."""
    await manager(w)
    await opened(w, "first words")
    await w.bo.archives(w.support)
    w.bob.says("second words")
    w.bob.says("third words")
    told = await w.sees(w.mia, "can no longer write in the support channel")
    await w.bo.unarchives(w.support)
    await w.in_thread("third words")
    await w.sees(w.mia, "can write in the support channel again")

    assert "waits and nothing is lost" in told
    assert len(everywhere(w, "second words")) == len(everywhere(w, "third words")) == 1
    assert not w.look(lambda work: work.all(select(ShutChannel)))


async def test_another_default_channel_takes_over_what_waits(w: World) -> None:
    """An admin need not unarchive: one command, and the conversation goes on elsewhere."""
    await manager(w)
    await opened(w, "first words")
    await w.bo.archives(w.support)
    w.bob.says("second words")
    await w.sees(w.mia, "can no longer write in the support channel")
    desk = w.slack.channel("desk")
    await w.mia.command("/crm route default to #desk")
    w.passes(seconds=31)
    await line_in(w, desk, "second words")
    retold = await line_in(w, desk, "first words")

    assert "was archived" in retold.plain
    assert len(everywhere(w, "second words")) == 1


async def test_a_deleted_support_channel_is_made_anew(w: World) -> None:
    """Its name is free again: a new one, with the cards of what goes on."""
    await manager(w)
    await opened(w, "first words")
    await w.mia.deletes_channel(w.support)
    w.bob.says("second words")
    made = await w.until(
        lambda: next((c for c in w.slack.workspace.channels.values() if c.name == "support"), None)
    )
    await line_in(w, made, "second words")

    assert len(everywhere(w, "second words")) == 1


async def test_the_app_comes_back_by_itself_into_a_public_channel(w: World) -> None:
    """Put out of the support channel, it joins again with the next line."""
    await opened(w, "first words")
    await w.bo.removes(w.slack.bot, w.support)
    w.bob.says("second words")
    await w.in_thread("second words")

    assert w.slack.bot.id in w.support.members
    assert len(everywhere(w, "second words")) == 1


async def test_a_private_channel_without_the_app_falls_back_and_says_how_to_mend_it(
    w: World,
) -> None:
    """It cannot join by itself there."""
    await manager(w)
    await opened(w)
    secret = w.slack.channel("secret", private=True)
    await w.says(w.mia, "/crm route 1 to #secret")
    await line_in(w, secret, "my bill is wrong")
    await w.bo.removes(w.slack.bot, secret)
    await w.sees(w.mia, "/invite @Rapport")
    w.bob.says("and now?")
    await in_newest(w, "and now?")

    assert len(everywhere(w, "and now?")) == 1


async def test_the_card_of_a_new_request_finds_its_way_when_its_channel_is_gone(w: World) -> None:
    """Nothing of it is lost: the card stands in the default channel's place."""
    await manager(w)
    desk = w.slack.channel("desk")
    await w.says(w.mia, "/crm route default to #desk")
    w.slack.workspace.channels.pop(desk.id)
    w.bob.says("hello there")
    await w.sees(w.mia, "can no longer write")
    await w.mia.command("/crm route remove default")
    w.passes(seconds=31)
    await w.in_thread("hello there")

    assert len(everywhere(w, "hello there")) == 1


async def test_a_customers_edit_after_the_thread_was_lost_is_a_line_in_the_new_one(
    w: World,
) -> None:
    """What was to be changed is gone; what they say now is not."""
    said = w.bob.says("first words")
    await w.in_thread("first words")
    card = await w.thread(1)
    for reply in list(card.replies):
        await w.mia.deletes_of_the_app(reply)
    await w.mia.deletes_of_the_app(card)
    again = await new_card(w, card)
    w.bob.edits(said.id, "better words")
    await w.until(lambda: any("better words" in m.plain for m in w.support.thread(again.ts)))

    assert len(everywhere(w, "better words")) == 1


async def test_somebody_who_left_the_workspace_may_do_nothing_any_more(w: World) -> None:
    """Slack tells of it; they need not have said a word since."""
    await w.says(w.bo, "/crm team")
    await w.bo.changes(deleted=True)

    def left(w: World = w) -> Member | None:
        return w.look(
            lambda work: next(
                (m for m in work.all(select(Member)) if m.name == "Bo Berg" and not m.active), None
            )
        )

    await w.until(left)
    assert w.bo.id not in {m.slack_user for m in w.look(members.active)}
