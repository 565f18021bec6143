"""The doors: webhooks and signed requests run the same story; what the network does is told."""

import hashlib
import hmac
import io
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot.playground.slack import Fault as SlackFault
from bot.playground.slack import Message
from bot.playground.slack.forms import find_control
from bot.playground.telegram.faults import Fault
from handlers.actions.outgoing import say_to_customer
from handlers.message import Reply, Text
from storage.errors import Duplicate
from storage.queries import contacts
from storage.records import Contact, InboxRow, InboxState, Interaction, OutboxRow, OutboxState
from storage.work import Work
from tests.scenarios.conftest import QUICK, unlimited
from tests.world import World


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def over_http(database_url: str) -> AsyncIterator[World]:
    """A world in which both platforms call us: a webhook, and signed requests."""
    port = free_port()
    secret = "a-signing-secret"
    given: dict[str, Any] = {
        "telegram_webhook_url": f"http://127.0.0.1:{port}",
        "slack_app_token": None,
        "slack_signing_secret": secret,
        "web_port": port,
    }
    made = World(database_url, tempo=QUICK, **given)
    made.slack.signing_secret = secret
    await made.start()
    try:
        slack = made.slack.deliver_http_to(f"http://127.0.0.1:{port}/slack/events")
        while not await slack.verify():
            pass
        await made.until(lambda: made.telegram.webhook)
        yield unlimited(made)
    finally:
        await made.stop()


async def opened(w: World) -> Message:
    """Bob has written; the card of his ticket."""
    w.bob.says("my order 1001")
    await w.in_thread("my order 1001")
    await w.hears(w.bob, "#1")
    return await w.thread(1)


def outbox(w: World, state: OutboxState) -> list[OutboxRow]:
    """The rows in a state."""
    return w.look(lambda work: work.all(select(OutboxRow).where(OutboxRow.state == state)))


# The same story over HTTP


async def test_the_story_over_a_webhook_and_signed_requests(database_url: str) -> None:
    """Without a poll and without a socket everything is as it was."""
    async with over_http(database_url) as w:
        card = await opened(w)
        await w.ann.presses("Take", channel=w.support, ts=card.ts)
        await w.in_thread("Ann Archer has taken this")
        answer = await w.ann.says(w.support, "It is on its way", thread_ts=card.ts)
        await w.hears(w.bob, "It is on its way")
        await w.until(lambda: "white_check_mark" in answer.reactions)
        assert "Saved: Anna Lee" in await w.says(w.ann, "/crm add Anna Lee, Acme")
        await w.ann.command("/crm add", channel=w.support)
        await w.until(lambda: w.ann.modal is not None)
        wrong = await w.ann.submits({"name": "Eve", "phone": "12"})
        assert set(wrong.errors) == {"phone"}
        right = await w.ann.submits({"phone": "+44 20 7946 0958"})
        await w.sees(w.ann, "Saved: Eve")
        await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
        await w.hears(w.bob, "resolved")

        assert right.ok
        assert w.telegram.ledger.calls["getUpdates"] == 0
        assert w.slack.ledger.calls["apps.connections.open"] == 0


def signed(
    body: bytes, secret: str = "a-signing-secret", stamp: str | None = None
) -> dict[str, str]:
    """Slack's headers for a body."""
    stamp = stamp or str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
        "Content-Type": "application/json",
    }


PING = json.dumps(
    {"type": "event_callback", "team_id": "T1", "event_id": "E1", "event": {}}
).encode()
FORGED: dict[str, tuple[bytes, dict[str, str]]] = {
    "unsigned": (PING, {}),
    "another secret": (PING, signed(PING, "another")),
    "stale": (PING, signed(PING, stamp="1500000000")),
    "from the future": (PING, signed(PING, stamp="9500000000")),
    "no number": (PING, signed(PING, stamp="yesterday")),
    "no digest": (PING, signed(PING) | {"X-Slack-Signature": "v0="}),
    "odd signature": (PING, signed(PING) | {"X-Slack-Signature": "ünïcode"}),
    "another body": (PING + b" ", signed(PING)),
    "not UTF-8": (b"\xff\xfe" + PING, signed(PING)),
    "empty": (b"", {}),
    "five megabytes": (b"x" * 5_000_000, {}),
}


async def test_forged_requests_of_slack_get_401_and_leave_no_trace(sqlite_url: str) -> None:
    """Unsigned, wrongly signed, stale, not UTF-8, huge: never 5xx, never a row."""
    async with over_http(sqlite_url) as w, aiohttp.ClientSession() as session:
        before = len(w.look(lambda work: work.all(select(InboxRow))))
        url = f"http://127.0.0.1:{w.rapport.web.port}/slack/events"
        answers = {}
        for name, (body, headers) in FORGED.items():
            async with session.post(url, data=io.BytesIO(body), headers=headers) as answer:
                answers[name] = answer.status

        assert answers.pop("five megabytes") in (401, 413)
        assert set(answers.values()) == {401}, answers
        assert len(w.look(lambda work: work.all(select(InboxRow)))) == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"{", "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b'{"type": "event_callback", "event": null}', "application/json"),
        (b'{"type": "event_callback", "event": "x"}', "application/json"),
        (b'{"type": "of_tomorrow"}', "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
    ids=range(10),
)
async def test_signed_nonsense_is_no_server_error(sqlite_url: str, body: bytes, kind: str) -> None:
    """Whatever Slack may think of next, it is not told to try again for ever."""
    async with over_http(sqlite_url) as w, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{w.rapport.web.port}/slack/events"
        headers = signed(body) | {"Content-Type": kind}
        async with session.post(url, data=body, headers=headers) as answer:
            assert answer.status == 200
        await opened(w)


async def test_a_webhook_without_the_secret_gets_401(sqlite_url: str) -> None:
    """Neither an update nor a trace of it gets in; with the secret even nonsense gets its 200."""
    async with over_http(sqlite_url) as w, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{w.rapport.web.port}/telegram"
        name = "X-Telegram-Bot-Api-Secret-Token"
        secret = w.rapport.telegram.webhook_secret
        update = json.dumps({"update_id": 1, "message": {"text": "let me in"}}).encode()
        for headers in ({}, {name: "wrong"}, {name: ""}, {name: "ü"}):
            async with session.post(url, data=update, headers=headers) as answer:
                assert answer.status == 401
        assert w.look(lambda work: work.all(select(InboxRow))) == []
        for body in (
            update,
            b"\xff\xfe",
            b"{",
            b"[]",
            b"[" * 100_000,
            b"",
            b"17",
            b'{"update_id": 1e999}',
        ):
            async with session.post(url, data=body, headers={name: secret}) as answer:
                assert answer.status == 200, body[:20]
        async with session.post(
            url, data=io.BytesIO(b"x" * 5_000_000), headers={name: secret}
        ) as answer:
            assert answer.status < 500
        await opened(w)


async def test_health_says_that_things_move(w: World) -> None:
    """Without data, for whoever watches."""
    url = f"http://127.0.0.1:{w.rapport.web.port}/health"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        state: dict[str, Any] = await answer.json()

    assert answer.status == 200 and state["ok"] is True


# Faults of Telegram


async def test_a_429_of_telegram_is_waited_for_and_nothing_is_doubled(both: World) -> None:
    """Surely not sent: it goes after the wait."""
    w = both
    card = await opened(w)
    w.telegram.faults.on("sendMessage", do=Fault.TOO_MANY, times=1, retry_after=1)
    answer = await w.ann.says(w.support, "on its way", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)

    assert w.bob.heard.count("on its way") == 1
    assert w.telegram.ledger.planned_429 == 1


async def test_a_telegram_that_is_away_loses_nothing(w: World) -> None:
    """Refused connections are surely not sent; when it is back, words go out once, in order."""
    card = await opened(w)
    port = int(w.telegram.url.rpartition(":")[2])
    await w.telegram.stop()
    first = await w.ann.says(w.support, "one", thread_ts=card.ts)
    second = await w.ann.says(w.support, "two", thread_ts=card.ts)
    await w.until(lambda: any(row.attempts for row in outbox(w, OutboxState.QUEUED)))
    await w.telegram.start(port=port)
    await w.until(lambda: "white_check_mark" in second.reactions, seconds=15)

    assert "white_check_mark" in first.reactions
    assert [heard for heard in w.bob.heard if heard in ("one", "two")] == ["one", "two"]


async def unsure(w: World) -> tuple[Message, Message]:
    """A line whose answer broke, and the question about it in the thread."""
    card = await opened(w)
    w.telegram.faults.on("sendMessage", do=Fault.ACCEPT_THEN_RESET, times=1)
    answer = await w.ann.says(w.support, "your code is 42", thread_ts=card.ts)
    told = await w.in_thread("may not have reached")
    await w.until(lambda: "question" in answer.reactions)
    return answer, told


async def test_a_broken_answer_is_unsure_and_its_author_may_send_again(both: World) -> None:
    """Nobody can know: ❓ and a question; pressed, it goes once more."""
    w = both
    answer, told = await unsure(w)
    assert "your code is 42" in told.plain and w.bob.heard.count("your code is 42") == 1
    await w.ann.presses("Send again", channel=w.support, ts=told.ts)
    await w.until(lambda: w.bob.heard.count("your code is 42") == 2)

    await w.until(lambda: "white_check_mark" in answer.reactions)


async def test_an_unsure_line_may_be_left(w: World) -> None:
    """Left, it is left: nothing is sent, and the question is gone."""
    _, told = await unsure(w)
    await w.ann.presses("Leave it", channel=w.support, ts=told.ts)
    await w.until(lambda: "Left as it is" in told.plain)

    assert w.bob.heard.count("your code is 42") == 1
    assert "unsure" in await w.says(w.mia, "/crm troubles")


async def test_send_again_pressed_twice_is_once(w: World) -> None:
    """Two colleagues press at the same time: the customer hears it once more, not twice."""
    _, told = await unsure(w)
    control = find_control(told.all_blocks, "Send again")
    assert control is not None
    for member in (w.ann, w.bo):
        # Both still see the button.
        await member.desk.act_on_message(member, told, control)
    await w.until(lambda: w.bob.heard.count("your code is 42") == 2)
    card = await w.thread(1)
    last = await w.ann.says(w.support, "and good night", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in last.reactions)

    assert w.bob.heard.count("your code is 42") == 2


async def test_html_that_telegram_cannot_read_goes_as_plain_text(w: World) -> None:
    """The words arrive, without their looks."""
    card = await opened(w)
    w.telegram.faults.on("sendMessage", do=Fault.BAD_ENTITIES, times=1)
    answer = await w.ann.says(w.support, "a < b & c", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)

    assert w.bob.heard[-1] == "a < b & c"


async def test_a_receipt_whose_answer_broke_is_sent_once_more_and_says_so(w: World) -> None:
    """Small courtesies are resent, marked; never more than twice."""
    w.telegram.faults.on("sendMessage", do=Fault.ACCEPT_THEN_RESET, times=1)
    w.bob.says("hello")
    await w.until(lambda: len(w.bob.heard) == 2)

    assert "in case the last message did not reach you" in w.bob.heard[-1]


async def test_a_refused_token_holds_everything_and_an_admin_is_told(w: World) -> None:
    """What waits, waits; when the token is good again it goes."""
    await w.says(w.mia, "/crm")
    card = await opened(w)
    w.telegram.faults.on("sendMessage", do=Fault.UNAUTHORIZED, times=1)
    answer = await w.ann.says(w.support, "on its way", thread_ts=card.ts)
    row = (await w.until(lambda: [r for r in outbox(w, OutboxState.QUEUED) if r.error]))[0]
    told = await w.sees(w.mia, "refuses our token")

    assert row.error == "Unauthorized" and "telegram" in told.casefold()
    assert "warning" not in answer.reactions


async def test_a_customer_is_told_nothing_of_our_troubles(w: World) -> None:
    """Telegram's 502 is ours to bear."""
    card = await opened(w)
    w.telegram.faults.on("sendMessage", do=Fault.STATUS, times=1)
    await w.ann.says(w.support, "hello", thread_ts=card.ts)
    await w.in_thread("may not have reached")

    assert not any("502" in heard or "rror" in heard for heard in w.bob.heard)


# Faults of Slack


async def test_a_429_of_slack_is_waited_for(both: World) -> None:
    """The customer's words come a second later, once."""
    w = both
    await opened(w)
    w.slack.faults.on("chat.postMessage", SlackFault.TOO_MANY(1))
    w.bob.says("more words")
    await w.in_thread("more words")

    assert sum("more words" in m.plain for m in w.support.by_ts.values()) == 1


@pytest.mark.parametrize("fault", ["after", "before", "502", "502 after", "garbage"])
async def test_what_slack_may_have_taken_is_looked_up_by_its_metadata(w: World, fault: str) -> None:
    """Accepted, then reset, or not accepted at all: in the end it stands there exactly once."""
    await opened(w)
    do = {
        "after": SlackFault.ACCEPT_THEN_RESET,
        "before": SlackFault.RESET_BEFORE,
        "502": SlackFault.STATUS(502),
        "502 after": SlackFault.STATUS(502, after=True),
        "garbage": SlackFault.GARBAGE,
    }[fault]
    w.slack.faults.on("chat.postMessage", do)
    w.bob.says("precious words")
    await w.in_thread("precious words")
    w.bob.says("and more")
    await w.in_thread("and more")

    assert sum("precious words" in m.plain for m in w.support.by_ts.values()) == 1


async def test_a_card_that_slack_may_have_taken_is_one_card(w: World) -> None:
    """The thread is begun once, and the words are in it."""
    w.slack.faults.on("chat.postMessage", SlackFault.ACCEPT_THEN_RESET)
    await opened(w)

    assert len(w.cards()) == 1


async def test_a_slack_that_is_away_loses_nothing(w: World) -> None:
    """Words of customers wait and arrive in order."""
    await opened(w)
    w.slack.faults.on("chat.postMessage", SlackFault.ERROR("service_unavailable"), times=2)
    for words in ("one", "two", "three"):
        w.bob.says(f"words {words}")
    await w.in_thread("words three")
    card = await w.thread(1)
    said = [m.plain for m in w.support.thread(card.ts) if m.plain.startswith("words ")]

    assert said == ["words one", "words two", "words three"]


async def test_a_slack_token_that_is_refused_holds_what_waits(w: World) -> None:
    """Nothing is lost, and nothing fails for good."""
    await opened(w)
    w.slack.faults.on("chat.postMessage", SlackFault.ERROR("invalid_auth"))
    w.bob.says("more words")
    row = (await w.until(lambda: [r for r in outbox(w, OutboxState.QUEUED) if r.error]))[0]

    assert row.error == "invalid_auth"
    assert outbox(w, OutboxState.FAILED) == []


async def test_a_dropped_socket_is_opened_again_and_nothing_is_missed(w: World) -> None:
    """Socket Mode breaks now and then; people do not notice."""
    card = await opened(w)
    w.slack.sockets.drop()
    await w.slack.connected()
    answer = await w.ann.says(w.support, "after the drop", thread_ts=card.ts)
    await w.hears(w.bob, "after the drop")

    await w.until(lambda: "white_check_mark" in answer.reactions)


async def test_the_same_key_is_never_sent_twice(w: World) -> None:
    """What makes twice impossible is in the database, not in the code that asks."""
    await opened(w)

    def say(work: Work) -> None:
        bob = work.all(select(Contact))[0]
        identity = contacts.telegram_of(work, bob)
        assert identity is not None
        say_to_customer(work, identity, Reply((Text((("once", ""),)),)), key="the same")

    w.store.write(say)
    with pytest.raises(Duplicate):
        w.store.write(say)
    await w.hears(w.bob, "once")
    assert w.bob.heard.count("once") == 1
    assert (
        w.look(lambda work: work.all(select(InboxRow).where(InboxRow.state == InboxState.DEAD)))
        == []
    )
    assert len(w.look(lambda work: work.all(select(Interaction)))) == 1
