"""Requests find the channel that is meant for them, and a thread can move without losing a line."""

import aiohttp
from sqlmodel import select

from bot.playground.slack import Channel, Message
from bot.slack.manifest import manifest
from storage.records import Interaction, Lane, Ticket
from tests.world import World


async def opened(w: World, words: str = "my bill is wrong") -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says(words)
    await w.in_thread(words)
    return await w.thread(1)


async def manager(w: World) -> None:
    """Mia has turned up, so she is an admin."""
    await w.says(w.mia, "/crm team")


async def card_in(w: World, channel: Channel, number: int = 1) -> Message:
    """The card of a ticket in another channel, once it is there."""
    return await w.until(
        lambda: next((m for m in channel.messages if f"#{number} ·" in m.plain), None)
    )


async def line_in(w: World, channel: Channel, text: str, number: int = 1) -> Message:
    """A line in a ticket's thread in another channel, once it is there."""
    card = await card_in(w, channel, number)
    return await w.until(
        lambda: next((m for m in channel.thread(card.ts) if text in m.plain), None)
    )


async def routed(w: World) -> Channel:
    """Billing has a channel of its own, and is a category."""
    await manager(w)
    billing = w.slack.channel("billing")
    await w.says(w.mia, "/crm category add billing")
    said = await w.says(w.mia, "/crm route billing to #billing")
    assert "#billing" in said
    await w.until(lambda: any("billing" in m.plain for m in billing.messages))
    return billing


async def test_a_category_offers_to_move_its_thread_and_nothing_is_lost(w: World) -> None:
    """A new card with the last lines there; the old thread says where; later lines go there."""
    billing = await routed(w)
    card = await opened(w)
    await w.says(w.ann, "/crm file 1 billing")
    await w.in_thread("have their place in #billing")
    await w.ann.presses("Move it there", channel=w.support)
    await line_in(w, billing, "my bill is wrong")
    went = await w.in_thread("📍 Ticket #1 goes on in #billing")
    w.bob.says("twice, in fact")
    await line_in(w, billing, "twice, in fact")
    new = await card_in(w, billing)

    assert f"archives/{billing.id}/p{new.ts.replace('.', '')}" in went.plain
    assert not any("twice" in m.plain for m in w.support.thread(card.ts))
    ticket = w.look(lambda work: work.first(select(Ticket)))
    assert ticket is not None
    assert ticket.channel == billing.id


async def test_an_answer_in_the_old_thread_still_reaches_the_customer(w: World) -> None:
    """Who writes there is told where it goes on, and the new thread shows the words."""
    billing = await routed(w)
    card = await opened(w)
    await w.says(w.ann, "/crm route 1 to #billing")
    await card_in(w, billing)
    await w.ann.says(w.support, "We look into it", thread_ts=card.ts)
    await w.hears(w.bob, "We look into it")
    await line_in(w, billing, "We look into it")

    assert "goes on in #billing" in await w.sees(w.ann, "goes on in #billing")


async def test_a_customer_who_is_forgotten_is_forgotten_in_both_threads(w: World) -> None:
    """What was said again in the new thread goes as well, and the card of the old one."""
    billing = await routed(w)
    card = await opened(w)
    await w.says(w.ann, "/crm route 1 to #billing")
    await line_in(w, billing, "my bill is wrong")
    w.bob.says("/forget")
    await w.until(lambda: w.bob.last.buttons)
    w.bob.presses(w.bob.last.buttons[0][0].text)
    await w.until(lambda: not any("my bill" in m.plain for m in billing.by_ts.values()))
    await w.until(lambda: card.deleted)

    left = [m.plain for c in (billing, w.support) for m in c.by_ts.values()]
    assert not any("my bill" in words for words in left)


async def test_new_requests_go_to_the_default_channel_that_was_chosen(w: World) -> None:
    """The card stands there, and the thread is answered there."""
    await manager(w)
    desk = w.slack.channel("desk")
    await w.says(w.mia, "/crm route default to #desk")
    w.bob.says("hello there")
    await line_in(w, desk, "hello there")
    card = await card_in(w, desk)
    await w.ann.says(desk, "Good morning", thread_ts=card.ts)
    await w.hears(w.bob, "Good morning")

    assert not w.cards()


async def test_routes_are_listed_and_taken_back(w: World) -> None:
    """What goes where is shown; only managers may change it."""
    await routed(w)
    assert "billing → #billing" in await w.says(w.mia, "/crm route")
    assert "another role" in await w.says(w.bo, "/crm route sales to #sales")
    assert "no channel of its own" in await w.says(w.mia, "/crm route remove billing")
    assert "billing →" not in await w.says(w.mia, "/crm route")
    assert "Which channel?" in await w.says(w.mia, "/crm route billing")


async def test_a_channel_that_the_app_is_not_in_is_joined_when_it_is_public(w: World) -> None:
    """Nobody has to invite the app."""
    await manager(w)
    sales = w.slack.channel("sales", bot=False)
    await w.says(w.mia, "/crm route sales to #sales")
    await w.until(lambda: any("sales" in m.plain for m in sales.messages))

    assert w.slack.bot.id in sales.members


async def test_in_an_alerts_only_channel_nothing_that_is_written_goes_out(w: World) -> None:
    """Chatwoot #15605: side talk, a forgotten mark and `!reply` stay inside; the card says so."""
    await manager(w)
    card = await opened(w)
    assert "Alerts only" in await w.says(w.mia, "/crm threads alerts")
    await w.until(lambda: "Alerts only" in card.plain)
    for words in ("what a difficult man", "!reply never mind", "> quoted"):
        line = await w.ann.says(w.support, words, thread_ts=card.ts)
        await w.until(lambda line=line: "lock" in line.reactions)  # type: ignore[misc]
    await w.ann.says(w.support, "@Rapport reply this too", thread_ts=card.ts)
    await w.sees(w.ann, "only shows tickets")
    w.bob.says("anybody there?")
    await w.in_thread("anybody there?")

    heard = " ".join(w.bob.heard)
    assert not any(word in heard for word in ("difficult", "never mind", "quoted", "this too"))
    lanes = w.look(lambda work: work.all(select(Interaction).where(Interaction.member_id != None)))  # noqa: E711
    assert {each.lane for each in lanes} == {Lane.INTERNAL}


async def test_a_channel_goes_back_to_two_way(w: World) -> None:
    """When it is switched back, answers reach the customer again."""
    await manager(w)
    card = await opened(w)
    await w.says(w.mia, "/crm threads alerts")
    await w.says(w.mia, "/crm threads two_way")
    await w.ann.says(w.support, "Here we are", thread_ts=card.ts)

    assert await w.hears(w.bob, "Here we are")


async def test_a_link_to_a_ticket_shows_its_card_to_members_only(w: World) -> None:
    """Status, owner and two actions; a guest's link stays a link."""
    await opened(w)
    await w.says(w.ann, "/crm take 1")
    w.slack.workspace.unfurl_domains = {"crm.example.com"}
    general = w.slack.channel("general")
    gina = w.slack.member("gina", guest=True)
    general.members.append(gina.id)
    guests = await gina.says(general, "see https://crm.example.com/t/1")
    shared = await w.bo.says(general, "see https://crm.example.com/t/1")
    await w.until(lambda: shared.attachments)
    shown = str(shared.attachments)

    assert "#1 · Bob Bell" in shown and "Ann Archer" in shown and "Resolve" in shown
    assert not guests.attachments
    await w.bo.presses("Resolve", channel=general, ts=shared.ts)
    await w.hears(w.bob, "resolved")


async def test_a_link_in_a_channel_with_people_from_outside_stays_a_link(w: World) -> None:
    """What a card says is for the team only."""
    await opened(w)
    w.slack.workspace.unfurl_domains = {"crm.example.com"}
    shared = w.slack.channel("with-acme", shared=True)
    message = await w.ann.says(shared, "see https://crm.example.com/t/1")
    other = await w.ann.says(w.slack.channel("general"), "see https://crm.example.com/t/1")
    await w.until(lambda: other.attachments)

    assert not message.attachments


async def test_a_link_in_a_browser_says_where_to_read_and_nothing_else(w: World) -> None:
    """Not even whether there is such a ticket, in the reader's language."""
    await opened(w)
    address = f"http://127.0.0.1:{w.rapport.web.port}/t"
    pages = []
    async with aiohttp.ClientSession() as http:
        for number, language in ((1, "en"), (99, "en"), (1, "zh-CN")):
            headers = {"Accept-Language": language}
            async with http.get(f"{address}/{number}", headers=headers) as page:
                assert page.status == 200
                pages.append(await page.text())

    assert pages[0].replace("1", "99") == pages[1]
    assert "Bob" not in pages[0] and "bill" not in pages[0]
    assert "工单" in pages[2]


def test_the_manifest_asks_for_links_where_there_is_an_address() -> None:
    """Without a public address there is nothing to unfurl."""
    assert manifest(None, "https://crm.example.com/")["features"]["unfurl_domains"] == [
        "crm.example.com"
    ]
    assert "unfurl_domains" not in manifest()["features"]
