"""What cannot be brought across is told, and what comes after it still goes."""

import aiohttp

from storage.queries import inbox
from tests.world import world

TOO_MUCH = b"x" * (20 * 1024 * 1024 + 1)
FORGED = {
    "command": "/crm",
    "text": "team",
    "user_id": "U1",
    "team_id": "T1",
    "channel_id": "C1",
    "trigger_id": "1.2",
}


async def test_a_file_too_big_for_a_bot_does_not_hold_up_the_thread(sqlite_url: str) -> None:
    """Telegram gives bots no file of more than 20 MB: the thread says so and goes on."""
    async with world(sqlite_url) as w:
        w.bob.sends_document(TOO_MUCH, name="film.mp4", mime="video/mp4", caption="Look at this")
        await w.in_thread("Look at this")
        w.bob.says("Have you seen it?")

        await w.in_thread("is too large to be brought here")
        await w.in_thread("Have you seen it?")


async def test_a_file_that_is_gone_from_slack_does_not_hold_up_the_answers(
    sqlite_url: str,
) -> None:
    """Staff hear that the customer did not get it, and the next line reaches them."""
    async with world(sqlite_url) as w:
        w.bob.says("Can I have the price list?")
        card = await w.thread(1)
        await w.in_thread("price list")
        gone = w.ann.desk_file("prices.pdf", b"list")
        w.slack.workspace.files.clear()
        await w.ann.says(w.support, "Here it is", card.ts, [gone])
        await w.in_thread("This did not reach Bob Bell")
        await w.ann.says(w.support, "It comes by mail", thread_ts=card.ts)

        await w.hears(w.bob, "It comes by mail")


async def test_nobody_can_speak_as_slack_when_it_uses_socket_mode(sqlite_url: str) -> None:
    """Without a signing secret nothing that is posted to the web server counts."""
    async with world(sqlite_url) as w:
        address = f"http://127.0.0.1:{w.rapport.web.port}/slack/events"
        async with aiohttp.ClientSession() as http, http.post(address, data=FORGED) as answer:
            assert answer.status == 404

        key = "slack:T1:command:1.2"
        assert w.look(lambda work: inbox.keys_known(work, [key])) == set()
