"""The playground's Slack as an app sees it through slack-bolt: events, commands, buttons."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Limits, Patience, SlackCloud

Json = dict[str, Any]


@pytest.fixture
async def cloud() -> AsyncIterator[SlackCloud]:
    quick = Patience(ack_within=0.3, retries=(0.0, 0.02, 0.04), trigger_lives=2)
    cloud = SlackCloud(limits=Limits.off(), patience=quick)
    await cloud.start()
    cloud.member("ann", "Ann Lee", email="ann@example.com")
    cloud.member("bo")
    cloud.channel("support")
    yield cloud
    await cloud.stop()


@pytest.fixture
def app(cloud: SlackCloud) -> AsyncApp:
    client = AsyncWebClient(cloud.bot_token, base_url=cloud.api_url, retry_handlers=[])
    return AsyncApp(
        client=client, signing_secret=cloud.signing_secret, process_before_response=True
    )


@pytest.fixture
async def socket(cloud: SlackCloud, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = await connect(cloud, app)
    yield handler
    await handler.close_async()  # type: ignore[no-untyped-call]


async def connect(cloud: SlackCloud, app: AsyncApp) -> AsyncSocketModeHandler:
    handler = AsyncSocketModeHandler(app, cloud.app_token, web_client=app.client, ping_interval=0.1)
    already = cloud.sockets.open_count
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await cloud.connected(already + 1)
    return handler


@pytest.fixture
async def request_url(cloud: SlackCloud, app: AsyncApp) -> AsyncIterator[str]:
    """The app behind a public request URL instead of a socket."""

    async def serve(request: web.Request) -> web.Response:
        bolt_request = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.async_dispatch(bolt_request)
        kind = (answer.headers.get("content-type") or ["text/plain"])[0].partition(";")[0]
        return web.Response(status=answer.status, text=answer.body or "", content_type=kind)

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    cloud.deliver_http_to(url)
    yield url
    await runner.cleanup()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def card(*labels: str) -> list[Json]:
    buttons = [
        {
            "type": "button",
            "action_id": label.lower(),
            "text": {"type": "plain_text", "text": label},
            "value": "7",
        }
        for label in labels
    ]
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Ticket 7* from <@U1>"}},
        {"type": "actions", "block_id": "row", "elements": buttons},
    ]


MODAL: Json = {
    "type": "modal",
    "callback_id": "deal",
    "private_metadata": "x",
    "title": {"type": "plain_text", "text": "New deal"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "it", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "stage",
            "optional": True,
            "label": {"type": "plain_text", "text": "Stage"},
            "element": {
                "type": "static_select",
                "action_id": "it",
                "options": [
                    {"text": {"type": "plain_text", "text": "Won"}, "value": "won"},
                    {"text": {"type": "plain_text", "text": "Lost"}, "value": "lost"},
                ],
            },
        },
    ],
}


@pytest.mark.usefixtures("socket")
async def test_a_typed_line_arrives_escaped_with_its_names_marked_up(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """What a person types reaches the app as Slack would store it."""
    heard: list[Json] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event)

    ann, bo = cloud.member("ann"), cloud.member("bo")
    message = await ann.says("support", "Tom & <b> @bo #support https://a.example/x?y=1&z=2")
    await cloud.quiet()

    support = cloud.channel("support")
    assert (
        f"Tom &amp; &lt;b&gt; <@{bo.id}> <#{support.id}|support> <https://a.example/x?y=1&amp;z=2>"
        == heard[0]["text"]
    )
    assert ("channel", support.id, ann.id, message.ts) == (
        heard[0]["channel_type"],
        heard[0]["channel"],
        heard[0]["user"],
        heard[0]["event_ts"],
    )
    assert message.plain == "Tom & <b> @bo #support https://a.example/x?y=1&z=2"


@pytest.mark.usefixtures("socket")
async def test_a_mention_is_an_event_beside_the_message(cloud: SlackCloud, app: AsyncApp) -> None:
    """Naming the app in a channel sends app_mention as well as the message."""
    kinds: list[str] = []

    @app.event("app_mention")
    async def mention() -> None:
        kinds.append("mention")

    @app.event("message")
    async def listen() -> None:
        kinds.append("message")

    await cloud.member("ann").says("support", "@rapport take")
    await cloud.quiet()

    assert sorted(kinds) == ["mention", "message"]


@pytest.mark.usefixtures("socket")
async def test_edits_deletes_reactions_and_replies_are_told(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """Everything that happens to a message becomes the event that Slack sends for it."""
    events: list[Json] = []

    @app.event("message")
    @app.event({"type": "message", "subtype": "message_changed"})
    @app.event({"type": "message", "subtype": "message_deleted"})
    @app.event("reaction_added")
    @app.event("reaction_removed")
    async def listen(event: Json) -> None:
        events.append(event)

    ann = cloud.member("ann")
    root = await ann.says("support", "one")
    reply = await ann.says("support", "two", thread_ts=root.ts)
    await ann.reacts(root, ":eyes:")
    await ann.unreacts(root, "eyes")
    await ann.edits(reply.ts, "two & a half")
    await ann.deletes(reply)
    await cloud.quiet()

    assert [event.get("subtype") for event in events] == [
        None,
        None,
        None,
        None,
        "message_changed",
        "message_deleted",
    ]
    assert root.ts == events[1]["thread_ts"]
    assert (
        events[4]["previous_message"]["text"],
        events[4]["message"]["text"],
    ) == ("two", "two &amp; a half")
    assert reply.ts == events[5]["deleted_ts"]


async def test_the_bots_own_messages_come_back_as_events(cloud: SlackCloud, app: AsyncApp) -> None:
    """Slack tells an app of its own messages too; the raw envelope shows it."""
    frames: list[Json] = []
    handler = await connect(cloud, app)

    async def keep(_client: Any, message: Json, _raw: str | None) -> None:
        frames.append(message)

    handler.client.message_listeners.append(keep)
    await app.client.chat_postMessage(channel="support", text="hello")
    await cloud.quiet()
    await handler.close_async()  # type: ignore[no-untyped-call]

    event = next(frame for frame in frames if frame.get("type") == "events_api")["payload"]["event"]
    assert (event["type"], event["bot_id"], event["text"]) == ("message", "B0RAPPORT", "hello")


@pytest.mark.usefixtures("socket")
async def test_a_command_is_answered_by_its_ack_and_by_its_response_url(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """Both answers are seen by the person who typed, and the second only by leave of the first."""

    @app.command("/crm")
    async def crm(ack: Any, respond: Any, command: Json) -> None:
        await ack(f"working on {command['text']}")
        await respond("done", replace_original=False)
        await respond("for all", response_type="in_channel")

    ann = cloud.member("ann")
    answer = await ann.command("/crm find anna", channel="support")

    assert (answer.ok, answer.text) == (True, "working on find anna")
    # With process_before_response the app spoke through response_url before its ack went out.
    assert {"done", "working on find anna"} == set(ann.heard)
    assert cloud.member("bo").heard == []
    assert [m.plain for m in cloud.channel("support").messages] == ["for all"]


@pytest.mark.usefixtures("socket", "app")
async def test_a_command_without_an_ack_is_an_error_to_its_author(cloud: SlackCloud) -> None:
    """Slack never repeats a command; it tells the person that it failed."""
    answer = await cloud.member("ann").command("/unheard of")

    assert (answer.ok, answer.error) == (False, "operation_timeout")
    assert "operation_timeout" in cloud.member("ann").heard[-1]


@pytest.mark.usefixtures("socket")
async def test_a_response_url_may_be_used_five_times(cloud: SlackCloud, app: AsyncApp) -> None:
    """The sixth answer is refused."""
    urls: list[str] = []

    @app.command("/crm")
    async def crm(ack: Any, command: Json) -> None:
        urls.append(command["response_url"])
        await ack()

    await cloud.member("ann").command("/crm")
    async with aiohttp.ClientSession() as session:
        statuses = [
            (await session.post(urls[0], json={"text": f"{number}"})).status for number in range(6)
        ]

    assert statuses == [200] * 5 + [404]


@pytest.mark.usefixtures("socket")
async def test_a_button_updates_its_card(cloud: SlackCloud, app: AsyncApp) -> None:
    """A press carries the message, and its response_url may replace it."""
    bodies: list[Json] = []

    @app.action("take")
    async def take(ack: Any, respond: Any, body: Json) -> None:
        bodies.append(body)
        await ack()
        await respond(text="taken", replace_original=True)

    await app.client.chat_postMessage(channel="support", text="card", blocks=card("Take", "Close"))
    answer = await cloud.member("ann").presses("Take")

    assert answer.ok
    assert (bodies[0]["actions"][0]["value"], bodies[0]["actions"][0]["block_id"]) == ("7", "row")
    assert bodies[0]["message"]["ts"] == bodies[0]["container"]["message_ts"]
    assert [m.plain for m in cloud.channel("support").messages] == ["taken"]


@pytest.mark.usefixtures("socket")
async def test_a_button_under_an_ephemeral_message_can_delete_it(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """Ephemeral messages are pressed like others, but their content is not repeated."""
    bodies: list[Json] = []

    @app.action("undo")
    async def undo(ack: Any, respond: Any, body: Json) -> None:
        bodies.append(body)
        await ack()
        await respond(delete_original=True)

    ann = cloud.member("ann")
    await app.client.chat_postEphemeral(
        channel="support", user=ann.id, text="sent", blocks=card("Undo")
    )
    with pytest.raises(LookupError):
        await cloud.member("bo").presses("Undo")
    await ann.presses("undo")

    assert bodies[0]["container"]["is_ephemeral"]
    assert "message" not in bodies[0]
    assert ann.heard == []


@pytest.mark.usefixtures("socket")
async def test_a_modal_opens_complains_and_closes(cloud: SlackCloud, app: AsyncApp) -> None:
    """Errors stand beside fields until a submission is accepted."""
    saved: list[Json] = []

    @app.shortcut("new_deal")
    async def new_deal(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("deal")
    async def deal(ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        if values["name"]["it"]["value"] == "bad":
            await ack(response_action="errors", errors={"name": "Not that one."})
        else:
            saved.append(values)
            await ack()

    ann = cloud.member("ann")
    await ann.shortcut("new_deal")
    empty = await ann.submits({})
    refused = await ann.submits({"Name": "bad", "Stage": "Won"})
    assert ann.modal is not None
    assert (refused.errors, ann.modal.errors["name"]) == (
        {"name": "Not that one."},
        "Not that one.",
    )
    accepted = await ann.submits({"name": "Anna's order"})

    assert (empty.error, accepted.ok) == ("invalid_input", True)
    assert (
        saved[0]["name"]["it"]["value"],
        saved[0]["stage"]["it"]["selected_option"]["value"],
    ) == ("Anna's order", "won")
    assert ann.modal is None


@pytest.mark.usefixtures("socket")
async def test_a_submission_may_update_push_and_clear(cloud: SlackCloud, app: AsyncApp) -> None:
    """The ack of a submission says what happens to the stack of views."""
    orders = iter(["update", "push", "clear"])

    @app.command("/crm")
    async def crm(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    @app.view("deal")
    async def deal(ack: Any) -> None:
        order = next(orders)
        view = {**MODAL, "title": {"type": "plain_text", "text": order}}
        await ack(response_action=order, **({} if order == "clear" else {"view": view}))

    ann, titles = cloud.member("ann"), []
    await ann.command("/crm deal")
    for _ in range(3):
        await ann.submits({"name": "x"})
        titles.append([view.title for view in ann.modals])

    assert titles == [["update"], ["update", "push"], []]


@pytest.mark.usefixtures("socket")
async def test_a_trigger_lives_shortly_and_once(cloud: SlackCloud, app: AsyncApp) -> None:
    """Used, late and invented triggers are each refused by their own word."""
    triggers: list[str] = []

    @app.command("/crm")
    async def crm(ack: Any, command: Json) -> None:
        triggers.append(command["trigger_id"])
        await ack()

    async def error(trigger_id: str) -> str:
        async with aiohttp.ClientSession() as session:
            body = {"token": cloud.bot_token, "trigger_id": trigger_id, "view": MODAL}
            async with session.post(f"{cloud.api_url}views.open", json=body) as answer:
                return str((await answer.json()).get("error"))

    ann = cloud.member("ann")
    await ann.command("/crm")
    await ann.command("/crm")
    first = await error(triggers[0])
    again = await error(triggers[0])
    cloud.patience.trigger_lives = 0

    assert (first, again) == ("None", "exchanged_trigger_id")
    assert await error(triggers[1]) == "expired_trigger_id"
    assert await error("1.2.3") == "invalid_trigger_id"


@pytest.mark.usefixtures("socket")
async def test_a_message_shortcut_carries_its_message(cloud: SlackCloud, app: AsyncApp) -> None:
    """The app learns on which message the shortcut was used, and can answer there."""
    seen: list[Json] = []

    @app.shortcut({"callback_id": "log_to_crm", "type": "message_action"})
    async def log(ack: Any, body: Json, respond: Any) -> None:
        seen.append(body)
        await ack()
        await respond("logged")

    ann = cloud.member("ann")
    message = await ann.says("support", "met Anna")
    answer = await ann.shortcut("log_to_crm", message)

    assert answer.ok
    assert ("met Anna", message.ts) == (seen[0]["message"]["text"], seen[0]["message_ts"])
    assert ann.heard == ["logged"]


@pytest.mark.usefixtures("socket")
async def test_a_home_is_published_and_pressed(cloud: SlackCloud, app: AsyncApp) -> None:
    """Opening the home lets the app publish it; its buttons work like any other."""
    pressed: list[Json] = []

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": card("Done")}
        )

    @app.action("done")
    async def done(ack: Any, body: Json) -> None:
        pressed.append(body)
        await ack()

    ann = cloud.member("ann")
    await ann.opens_home()
    await cloud.quiet()
    await ann.presses("Done", channel="home")

    assert ann.home is not None
    assert "Ticket 7" in ann.home.plain
    assert pressed[0]["view"]["type"] == "home"
    late = await app.client.views_publish(
        user_id=ann.id, view={"type": "home", "blocks": []}, hash=ann.home.hash
    )
    assert late["ok"]


@pytest.mark.usefixtures("socket")
async def test_an_external_menu_is_filled_by_the_app(cloud: SlackCloud, app: AsyncApp) -> None:
    """Typed words go out as a block_suggestion, and its options can be chosen."""
    element = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    label = {"type": "plain_text", "text": "Contact"}
    block = {"type": "input", "block_id": "contact", "label": label, "element": element}
    saved: list[Json] = []

    @app.shortcut("pick")
    async def pick(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view={**MODAL, "blocks": [block]})

    @app.options("who")
    async def who(ack: Any, payload: Json) -> None:
        text = {"type": "plain_text", "text": payload["value"] + "a Petrova"}
        await ack(options=[{"text": text, "value": "c12"}])

    @app.view("deal")
    async def deal(ack: Any, view: Json) -> None:
        saved.append(view["state"]["values"]["contact"]["who"]["selected_option"])
        await ack()

    ann = cloud.member("ann")
    await ann.shortcut("pick")
    options = await ann.suggested("who", "Ann")
    await ann.selects("who", "Anna Petrova")
    await ann.submits()

    assert ([o["value"] for o in options], saved[0]["value"]) == (["c12"], "c12")


@pytest.mark.usefixtures("socket")
async def test_an_unacked_event_comes_three_times_more(cloud: SlackCloud, app: AsyncApp) -> None:
    """A listener that raises does not ack; Slack repeats the same event_id and then gives up."""
    tries: list[tuple[str, str]] = []

    @app.event("message")
    async def listen(body: Json, request: AsyncBoltRequest) -> None:
        number = request.headers.get("x-slack-retry-num", [""])[0]
        tries.append((body["event_id"], number))
        raise RuntimeError("the disk is full")

    await cloud.member("ann").says("support", "keep me")
    await cloud.quiet()

    assert [number for _, number in tries] == ["0", "1", "2", "3"]
    assert len({event_id for event_id, _ in tries}) == 1
    assert cloud.ledger.deliveries["events_api given up"] == 1


async def test_an_event_waits_for_a_socket_and_survives_a_drop(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """Sockets that are cut do not lose what was not acked."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event["text"])

    first = await connect(cloud, app)
    cloud.sockets.drop()
    await cloud.member("ann").says("support", "while you were away")
    await until(lambda: heard)
    await cloud.quiet()
    await first.close_async()  # type: ignore[no-untyped-call]

    assert heard == ["while you were away"]


async def test_a_half_open_socket_is_noticed_by_the_next_delivery(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """Of two sockets one is dead without a word; the retry arrives on the other."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event["text"])

    dead = await connect(cloud, app)
    cloud.sockets.half_open()
    alive = await connect(cloud, app)
    for number in range(4):
        await cloud.member("ann").says("support", f"{number}")
    await until(lambda: len(set(heard)) == 4)

    assert {"0", "1", "2", "3"} == set(heard)
    await dead.close_async()  # type: ignore[no-untyped-call]
    await alive.close_async()  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("socket")
async def test_envelopes_may_come_twice_and_out_of_order(cloud: SlackCloud, app: AsyncApp) -> None:
    """The switches of the sockets do what real networks do."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event["text"])

    ann = cloud.member("ann")
    cloud.sockets.duplicate()
    await ann.says("support", "twice")
    await until(lambda: len(heard) == 2)
    cloud.sockets.reorder(2)
    await ann.says("support", "second")
    await ann.says("support", "first")
    await cloud.quiet()

    assert heard == ["twice", "twice", "first", "second"]


@pytest.mark.usefixtures("socket")
async def test_a_refresh_moves_the_app_to_a_new_socket(cloud: SlackCloud, app: AsyncApp) -> None:
    """After refresh_requested the app comes back and hears on."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event["text"])

    opened = cloud.ledger.calls["apps.connections.open"]
    await cloud.sockets.disconnect("refresh_requested")
    await until(lambda: cloud.ledger.calls["apps.connections.open"] > opened)
    await cloud.connected()
    await cloud.member("ann").says("support", "still there?")
    await cloud.quiet()

    assert heard == ["still there?"]


@pytest.mark.usefixtures("socket")
async def test_malformed_events_reach_the_app(cloud: SlackCloud, app: AsyncApp) -> None:
    """Tests can send what Slack never should, and the socket lives on."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event["text"])

    await cloud.inject_envelope("no json at all")
    await cloud.inject_envelope({"type": "events_api"})
    cloud.inject_event({"type": "message", "text": "by hand", "channel": "C1", "user": "U1"})
    await until(lambda: heard)

    assert heard == ["by hand"]


@pytest.mark.usefixtures("request_url")
async def test_the_same_app_works_behind_a_signed_request_url(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """Events, commands, buttons and modals go over HTTP, signed so that Bolt accepts them."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Json) -> None:
        heard.append(event["text"])

    @app.command("/crm")
    async def crm(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        await ack(text="opened", blocks=card("Take"))

    @app.action("take")
    async def take(ack: Any, body: Json) -> None:
        heard.append(body["actions"][0]["value"])
        await ack()

    @app.view("deal")
    async def deal(ack: Any) -> None:
        await ack(response_action="errors", errors={"name": "No."})

    ann = cloud.member("ann")
    await ann.says("support", "over http")
    await cloud.quiet()
    answer = await ann.command("/crm")
    refused = await ann.submits({"name": "x"})
    await ann.closes()
    await ann.presses("Take")

    assert "Ticket 7" in answer.text
    assert refused.errors == {"name": "No."}
    assert heard == ["over http", "7"]


async def test_http_events_are_retried_and_verified(
    cloud: SlackCloud, app: AsyncApp, request_url: str
) -> None:
    """Errors are repeated with a number and a reason; a URL must repeat its challenge."""
    tries: list[tuple[Any, Any]] = []

    @app.event("message")
    async def listen(request: AsyncBoltRequest) -> None:
        headers = request.headers
        tries.append((headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        if len(tries) < 3:
            raise RuntimeError("not yet")

    await cloud.member("ann").says("support", "again")
    await cloud.quiet()

    assert tries == [(None, None), (["1"], ["http_error"]), (["2"], ["http_error"])]
    assert await cloud.deliver_http_to(request_url).verify()


@pytest.mark.usefixtures("app")
async def test_a_forged_signature_is_refused_by_bolt(cloud: SlackCloud, request_url: str) -> None:
    """The cloud signs with its secret, so another secret must fail."""
    cloud.signing_secret = "another"
    cloud.deliver_http_to(request_url)
    answer = await cloud.member("ann").command("/crm")

    assert not answer.ok


@pytest.mark.usefixtures("socket")
async def test_a_manifest_narrows_commands_and_events(cloud: SlackCloud, app: AsyncApp) -> None:
    """An installed app hears what it subscribed to and is asked only its own commands."""
    kinds: list[str] = []

    @app.event("message")
    @app.event("reaction_added")
    async def listen(event: Json) -> None:
        kinds.append(event["type"])

    cloud.install(
        {
            "features": {
                "bot_user": {"display_name": "Rapport"},
                "slash_commands": [{"command": "/crm", "description": "CRM", "usage_hint": "find"}],
                "shortcuts": [{"name": "Log", "type": "message", "callback_id": "log"}],
                "unfurl_domains": ["crm.example"],
            },
            "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
        }
    )
    ann = cloud.member("ann")
    message = await ann.says("support", "hi")
    await ann.reacts(message, "eyes")
    await ann.says(ann.dm, "not subscribed")
    unknown = await ann.command("/other")
    await cloud.quiet()

    assert kinds == ["message"]
    assert unknown.error == "unknown_command"
    assert cloud.snapshot()["commands"] == [
        {"command": "/crm", "description": "CRM", "usage_hint": "find"}
    ]


@pytest.mark.usefixtures("socket")
async def test_a_shared_link_is_told_for_our_domains(cloud: SlackCloud, app: AsyncApp) -> None:
    """Links to the app's own domains come as link_shared and may be unfurled."""
    links: list[str] = []

    @app.event("link_shared")
    async def shared(event: Json, client: AsyncWebClient) -> None:
        links.append(event["links"][0]["url"])
        unfurls = {event["links"][0]["url"]: {"blocks": card("Open")}}
        await client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls=unfurls)

    @app.event("message")
    async def ignore() -> None:
        pass

    cloud.workspace.unfurl_domains = {"crm.example"}
    message = await cloud.member("ann").says("support", "see https://crm.example/c/7 please")
    await cloud.quiet()

    assert links == ["https://crm.example/c/7"]
    assert "[Open]" in message.plain


@pytest.mark.usefixtures("socket")
async def test_strangers_in_shared_channels_carry_their_own_team(
    cloud: SlackCloud, app: AsyncApp
) -> None:
    """People of another company are told apart in messages and in interactions."""
    teams: list[tuple[str, bool]] = []

    @app.event("message")
    async def listen(event: Json, body: Json) -> None:
        teams.append((event["user_team"], body["is_ext_shared_channel"]))

    @app.action("take")
    async def take(ack: Any, body: Json) -> None:
        teams.append((body["user"]["team_id"], True))
        await ack()

    olga = cloud.member("olga", stranger=True)
    cloud.channel("joint", members=[olga], shared=True)
    await olga.says("joint", "hi")
    await app.client.chat_postMessage(channel="joint", text="x", blocks=card("Take"))
    await olga.presses("Take")
    await cloud.quiet()

    assert teams == [("T0ELSEWHERE", True)] * 2


@pytest.mark.usefixtures("socket")
async def test_menus_and_pickers_tell_what_was_chosen(cloud: SlackCloud, app: AsyncApp) -> None:
    """Each kind of menu has its own word for its value, and the state remembers them all."""
    bodies: list[Json] = []

    @app.action({"block_id": "row"})
    async def chosen(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    options = [
        {"text": {"type": "plain_text", "text": label}, "value": label.lower()}
        for label in ("Hot", "Cold")
    ]
    elements = [
        {"type": "static_select", "action_id": "heat", "options": options},
        {"type": "datepicker", "action_id": "day"},
        {"type": "users_select", "action_id": "owner"},
        {"type": "multi_static_select", "action_id": "tags", "options": options},
        {"type": "overflow", "action_id": "more", "options": options},
    ]
    row = {"type": "actions", "block_id": "row", "elements": elements}
    await app.client.chat_postMessage(channel="support", text="x", blocks=[row])
    ann, bo = cloud.member("ann"), cloud.member("bo")
    await ann.selects("heat", "Hot")
    await ann.selects("day", "2026-03-01")
    await ann.selects("owner", "bo")
    await ann.selects("tags", ["hot", "cold"])
    await ann.presses("Cold")

    last = bodies[-1]
    state = last["state"]["values"]["row"]
    assert last["actions"][0]["selected_option"]["value"] == "cold"
    assert state["heat"]["selected_option"]["value"] == "hot"
    assert state["day"]["selected_date"] == "2026-03-01"
    assert state["owner"]["selected_user"] == bo.id
    assert [option["value"] for option in state["tags"]["selected_options"]] == ["hot", "cold"]


@pytest.mark.usefixtures("socket")
async def test_comings_and_goings_are_told(cloud: SlackCloud, app: AsyncApp) -> None:
    """The app learns who came, who changed and which channel was closed."""
    told: dict[str, Json] = {}

    @app.event("team_join")
    @app.event("user_change")
    @app.event("member_joined_channel")
    @app.event("channel_archive")
    @app.event("file_shared")
    @app.event({"type": "message", "subtype": "file_share"})
    async def listen(event: Json) -> None:
        told[event["type"]] = event

    cy = cloud.member("cy")
    cloud.channel("sales", members=[cloud.member("ann")])
    await cy.joins("sales")
    await cy.changes(deleted=True)
    await cy.uploads("sales", "a.pdf", b"%PDF", text="offer")
    await cy.archives("sales")
    await cloud.quiet()

    assert set(told) == {
        "team_join",
        "member_joined_channel",
        "user_change",
        "message",
        "file_shared",
        "channel_archive",
    }
    assert told["member_joined_channel"]["channel"] == cloud.channel("sales").id
    assert told["message"]["files"][0]["id"] == told["file_shared"]["file_id"]
    assert told["user_change"]["user"]["deleted"]
