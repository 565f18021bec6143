"""The whole loop: a customer writes, the team answers, the clock reminds, nothing is lost."""

from tests.world import world


async def test_a_strangers_message_becomes_a_thread_and_is_answered(database_url: str) -> None:
    """A new customer's words open a ticket with a card; the team's words reach them; ✅ says so."""
    async with world(database_url) as w:
        w.bob.says("Hi, my order 1001 has not arrived")
        line = await w.in_thread("my order 1001")
        card = await w.thread(1)
        await w.hears(w.bob, "#1")
        assert line.username == "Bob Bell"

        await w.ann.presses("Take", channel=w.support, ts=card.ts)
        await w.in_thread("Ann Archer has taken this")
        answer = await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
        await w.hears(w.bob, "It is on its way")
        await w.until(lambda: "white_check_mark" in answer.reactions)
        inside = await w.ann.says(w.support, "// he sounds upset", thread_ts=card.ts)
        await w.until(lambda: "lock" in inside.reactions)
        w.bob.says("Thank you")
        await w.in_thread("Thank you")
        await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
        await w.hears(w.bob, "resolved")
        await w.in_thread("has resolved this")

        assert not any("upset" in heard for heard in w.bob.heard)
