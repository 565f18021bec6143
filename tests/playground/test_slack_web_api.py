"""The playground's Slack as slack_sdk's web client sees it: posting, reading, limits, faults."""

import asyncio
import base64
import copy
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Fault, Limits, SlackCloud
from bot.playground.slack.blocks import check_blocks, with_ids
from bot.playground.slack.forms import state_of
from bot.playground.slack.text import live_mentions, read_blocks
from bot.playground.slack.wire import ApiError

Json = dict[str, Any]
BROKEN = (aiohttp.ClientError, ConnectionError)


@pytest.fixture
async def cloud() -> AsyncIterator[SlackCloud]:
    cloud = SlackCloud(limits=Limits.off())
    await cloud.start()
    cloud.member("ann", "Ann Lee", tz="Asia/Shanghai", email="ann@example.com")
    cloud.channel("support")
    yield cloud
    await cloud.stop()


@pytest.fixture
def client(cloud: SlackCloud) -> AsyncWebClient:
    return AsyncWebClient(cloud.bot_token, base_url=cloud.api_url, retry_handlers=[])


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def section(text: str, kind: str = "mrkdwn") -> Json:
    return {"type": "section", "text": {"type": kind, "text": text}}


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, **more}


async def control(cloud: SlackCloud, act: str, **raw: Any) -> Json:
    url = f"{cloud.url}/control/{act}"
    async with aiohttp.ClientSession() as session, session.post(url, json=raw) as answer:
        return dict(await answer.json())


async def test_tokens_are_checked(cloud: SlackCloud, client: AsyncWebClient) -> None:
    """Wrong, missing and misplaced tokens are told apart."""
    client.token = "xoxb-wrong"
    wrong = await error_of(client.auth_test())
    client.token = None
    missing = await error_of(client.auth_test())
    in_body = await client.auth_test(token=cloud.bot_token)

    assert (wrong, missing) == ("invalid_auth", "not_authed")
    assert (
        in_body["team_id"],
        in_body["user_id"],
        in_body["bot_id"],
    ) == ("T0PLAYGRND", "U0RAPPORT", "B0RAPPORT")
    kind = await error_of(client.apps_connections_open(app_token=cloud.bot_token))
    assert kind == "not_allowed_token_type"


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    """A method that is not there says so."""
    assert await error_of(client.api_call("chat.shout")) == "unknown_method"


async def test_form_json_and_query_say_the_same(cloud: SlackCloud) -> None:
    """Arguments may come in any of the three ways, nested ones as JSON in a string."""
    token, url = cloud.bot_token, f"{cloud.api_url}chat.postMessage"
    blocks = [section("hello")]
    flat = {"token": token, "channel": "#support", "blocks": json.dumps(blocks)}
    async with aiohttp.ClientSession() as session:
        answers = [
            await session.post(url, data=flat),
            await session.post(url, params=flat),
            await session.post(url, json={**flat, "blocks": blocks}),
        ]
        assert [(await answer.json())["ok"] for answer in answers] == [True] * 3

    assert [m.plain for m in cloud.channel("support").messages] == ["hello"] * 3


async def test_metadata_comes_back_when_asked_for(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """A key put in metadata is read back from the history, and only with include_all_metadata."""
    metadata = {"event_type": "crm_out", "event_payload": {"k": "row-7"}}
    sent = await client.chat_postMessage(channel="support", text="one", metadata=metadata)
    channel = sent["channel"]
    reply = await client.chat_postMessage(
        channel=channel, text="two", thread_ts=sent["ts"], metadata=metadata
    )

    silent = await client.conversations_history(channel=channel)
    loud = await client.conversations_history(
        channel=channel, include_all_metadata=True, oldest=sent["ts"], inclusive=True
    )
    thread = await client.conversations_replies(
        channel=channel, ts=sent["ts"], include_all_metadata=True
    )

    assert "metadata" not in silent["messages"][0]
    assert [metadata] == [m["metadata"] for m in loud["messages"]]
    assert [sent["ts"], reply["ts"]] == [m["ts"] for m in thread["messages"]]
    assert metadata == thread["messages"][1]["metadata"]
    assert len(cloud.ledger.with_metadata("crm_out", k="row-7")) == 2


async def test_history_is_paged_newest_first(client: AsyncWebClient) -> None:
    """Cursors lead through everything once; oldest and latest cut it."""
    posted = []
    for number in range(7):
        sent = await client.chat_postMessage(channel="support", text=f"{number}")
        posted.append(sent["ts"])
    channel, texts, cursor = sent["channel"], [], ""
    while True:
        page = await client.conversations_history(channel=channel, limit=3, cursor=cursor)
        texts += [m["text"] for m in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    cut = await client.conversations_history(channel=channel, oldest=posted[1], latest=posted[4])

    assert texts == ["6", "5", "4", "3", "2", "1", "0"]
    assert [m["text"] for m in cut["messages"]] == ["3", "2"]


@pytest.mark.usefixtures("cloud")
async def test_an_update_keeps_what_it_leaves_out(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """New text alone does not take the blocks away; an empty list does."""
    sent = await client.chat_postMessage(channel="support", text="x", blocks=[section("card")])
    where = {"channel": sent["channel"], "ts": sent["ts"]}
    message = cloud.channel("support").messages[0]
    await client.chat_update(text="y", **where)
    kept = message.plain
    await client.chat_update(text="y", blocks=[], **where)

    assert (kept, message.plain) == ("card", "y")


async def test_a_reply_to_a_deleted_message_is_silently_outside_any_thread(
    client: AsyncWebClient,
) -> None:
    """Slack does not fail such a reply; only the missing thread_ts of the answer tells."""
    root = await client.chat_postMessage(channel="support", text="root")
    await client.chat_delete(channel=root["channel"], ts=root["ts"])
    orphan = await client.chat_postMessage(channel="support", text="reply", thread_ts=root["ts"])

    assert "thread_ts" not in orphan["message"]
    assert (
        await error_of(client.conversations_replies(channel=root["channel"], ts=root["ts"]))
        == "thread_not_found"
    )


@pytest.mark.usefixtures("cloud")
async def test_a_thread_outlives_its_first_message(client: AsyncWebClient) -> None:
    """A deleted message with replies leaves a tombstone."""
    root = await client.chat_postMessage(channel="support", text="root")
    await client.chat_postMessage(channel="support", text="reply", thread_ts=root["ts"])
    await client.chat_delete(channel=root["channel"], ts=root["ts"])
    thread = await client.conversations_replies(channel=root["channel"], ts=root["ts"])

    assert [m["text"] for m in thread["messages"]] == ["This message was deleted.", "reply"]


async def test_posting_is_refused_as_slack_does(cloud: SlackCloud, client: AsyncWebClient) -> None:
    """Each reason has its word."""
    cloud.channel("elsewhere", bot=False)
    cloud.channel("secret", private=True, bot=False)
    old = cloud.channel("old")
    old.is_archived = True
    ann = cloud.member("ann")
    theirs = await ann.says("support", "mine")
    channel = theirs.channel.id
    post = client.chat_postMessage

    assert await error_of(post(channel="nowhere", text="x")) == "channel_not_found"
    assert await error_of(post(channel="secret", text="x")) == "channel_not_found"
    assert await error_of(post(channel="elsewhere", text="x")) == "not_in_channel"
    assert await error_of(post(channel="old", text="x")) == "is_archived"
    assert (
        await error_of(client.api_call("chat.postMessage", json={"channel": channel, "text": ""}))
        == "no_text"
    )
    assert await error_of(post(channel=channel, text="x" * 40_001)) == "msg_too_long"
    assert (
        await error_of(client.chat_update(channel=channel, ts="1.000001", text="x"))
        == "message_not_found"
    )
    assert (
        await error_of(client.chat_update(channel=channel, ts=theirs.ts, text="x"))
        == "cant_update_message"
    )
    assert (
        await error_of(client.chat_postEphemeral(channel=channel, user="U404", text="x"))
        == "user_not_in_channel"
    )
    joined = await client.conversations_join(channel=cloud.channel("elsewhere").id)
    assert joined["channel"]["is_member"]


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        ([section("x")] * 51, "/blocks"),
        ([section("x" * 3001)], "/blocks/0/text/text"),
        ([section("")], "/blocks/0/text/text"),
        ([{"type": "hologram"}], "/blocks/0/type"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
        (
            [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
            "/blocks/0/text/text",
        ),
        (
            [{"type": "actions", "elements": [button("x" * 76)]}],
            "/blocks/0/elements/0/text/text",
        ),
        (
            [{"type": "actions", "elements": [button("x", value="v" * 2001)]}],
            "/blocks/0/elements/0/value",
        ),
        ([{"type": "actions", "elements": [button("x")] * 26}], "/blocks/0/elements"),
        (
            [{"type": "actions", "elements": [button("x", action_id="a")] * 2}],
            "/blocks/0/elements/1/action_id",
        ),
        (
            [{"type": "actions", "elements": [button("x", action_id="a" * 256)]}],
            "/blocks/0/elements/0/action_id",
        ),
        (
            [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
            "/blocks/0/fields",
        ),
        (
            [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
            "/blocks/0/fields/0/text",
        ),
        ([{**section("x"), "block_id": "b"}, {**section("y"), "block_id": "b"}], "/blocks/1/"),
    ],
)
async def test_blocks_are_refused_with_the_place_of_the_mistake(
    client: AsyncWebClient, blocks: list[Json], place: str
) -> None:
    """invalid_blocks says where, as Slack does."""
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="support", text="x", blocks=blocks)

    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert f"[json-pointer:{place}" in answer["response_metadata"]["messages"][0]


async def test_newer_blocks_can_be_refused(cloud: SlackCloud, client: AsyncWebClient) -> None:
    """A workspace may not know charts and tables yet."""
    chart = [{"type": "data_visualization", "title": "Won deals", "chart": {"type": "bar"}}]
    await client.chat_postMessage(channel="support", text="x", blocks=chart)
    cloud.modern_blocks = False

    assert (
        await error_of(client.chat_postMessage(channel="support", text="x", blocks=chart))
        == "invalid_blocks"
    )
    assert "Won deals" in cloud.channel("support").messages[0].plain


async def test_live_mentions_are_found_wherever_slack_obeys_them(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """Markup in mrkdwn notifies; escaped or plain text does not."""
    await client.chat_postMessage(
        channel="support",
        text="<!channel> &lt;!here&gt;",
        blocks=[section("<@U1> <https://evil.example|bank>"), section("<!everyone>", "plain_text")],
    )

    message = cloud.channel("support").messages[-1]
    assert message.live_mentions == ["<!channel>", "<@U1>", "<https://evil.example|bank>"]
    assert message.plain == "@U1 bank\n<!everyone>"


@pytest.mark.usefixtures("cloud")
async def test_reactions_and_pins_know_themselves(client: AsyncWebClient) -> None:
    """Twice is an error, and so is taking away what is not there."""
    sent = await client.chat_postMessage(channel="support", text="x")
    where = {"channel": sent["channel"], "timestamp": sent["ts"]}
    await client.reactions_add(name="eyes", **where)

    assert await error_of(client.reactions_add(name="eyes", **where)) == "already_reacted"
    await client.reactions_remove(name="eyes", **where)
    assert await error_of(client.reactions_remove(name="eyes", **where)) == "no_reaction"
    await client.pins_add(**where)
    assert await error_of(client.pins_add(**where)) == "already_pinned"


async def test_people_are_described_with_zone_and_standing(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """users.info tells guests, strangers and the deactivated from staff."""
    guest = cloud.member("gus", guest=True)
    other = cloud.member("olga", stranger=True)
    ann = (await client.users_lookupByEmail(email="ANN@example.com"))["user"]
    await cloud.member("ann").changes(deleted=True)

    assert (ann["tz"], ann["tz_offset"], ann["real_name"]) == ("Asia/Shanghai", 28_800, "Ann Lee")
    assert (await client.users_info(user=guest.id))["user"]["is_restricted"]
    assert (await client.users_info(user=other.id))["user"]["is_stranger"]
    assert (await client.users_info(user=ann["id"]))["user"]["deleted"]
    assert await error_of(client.users_lookupByEmail(email="ann@example.com")) == "users_not_found"
    assert guest.id not in cloud.channel("support").members
    first = await client.users_list(limit=2)
    rest = await client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert len(first["members"]) + len(rest["members"]) == 4


async def test_a_file_goes_up_and_comes_down(cloud: SlackCloud, client: AsyncWebClient) -> None:
    """Both ways, and without the token one only gets a page to sign in."""
    root = await client.chat_postMessage(channel="support", text="root")
    done = await client.files_upload_v2(
        channel=root["channel"],
        thread_ts=root["ts"],
        filename="note.txt",
        content="hello",
        initial_comment="see",
    )
    shared = cloud.channel("support").thread(root["ts"])[0]
    theirs = await cloud.member("ann").uploads("support", "photo.png", b"\x89PNG...", text="look")
    info = (await client.files_info(file=theirs.files[0].id))["file"]
    url = info["url_private_download"]
    authorised = {"Authorization": f"Bearer {cloud.bot_token}"}
    async with aiohttp.ClientSession() as session:
        ours = await session.get(url, headers=authorised)
        nobody = await session.get(url)
        contents = (await ours.read(), nobody.content_type)

    assert contents == (b"\x89PNG...", "text/html")
    assert (shared.text, shared.files[0].data) == ("see", b"hello")
    assert shared.ts == done["files"][0]["shares"]["public"][root["channel"]][0]["ts"]
    await client.files_delete(file=info["id"])
    assert await error_of(client.files_info(file=info["id"])) == "file_deleted"
    assert theirs.files == []


async def test_a_channel_takes_about_one_message_a_second(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """After a short burst comes 429 with Retry-After; another channel is not held up."""
    cloud.limits = Limits(per_channel_second=1, burst=3)
    cloud.channel("sales")
    for number in range(3):
        await client.chat_postMessage(channel="support", text=f"{number}")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="support", text="too many")
    await client.chat_postMessage(channel="sales", text="free")

    answer = refused.value.response
    assert (
        answer.status_code,
        answer.headers["Retry-After"],
        answer["error"],
    ) == (429, "1", "ratelimited")
    assert (
        len(cloud.ledger.posted(cloud.channel("support").id)),
        cloud.ledger.limited["chat.postMessage"],
    ) == (3, 1)


async def test_a_fault_strikes_the_call_it_was_planned_for(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """Accepted or not, the ledger knows the truth that the caller does not."""
    faults, post = cloud.faults, client.chat_postMessage
    faults.on("chat.postMessage", nth=2, do=Fault.ACCEPT_THEN_RESET)
    faults.on("chat.postMessage", nth=2, do=Fault.RESET_BEFORE)
    faults.on("chat.postMessage", nth=2, do=Fault.ERROR("is_archived"))
    faults.on("chat.postMessage", nth=2, do=Fault.TOO_MANY(retry_after=30))
    faults.on("chat.postMessage", nth=2, do=Fault.GARBAGE)
    outcomes = []
    for number in range(7):
        try:
            outcomes.append(str((await post(channel="support", text=f"{number}"))["ok"]))
        except SlackApiError as refused:
            data = refused.response.data if hasattr(refused.response, "data") else None
            outcomes.append(data["error"] if isinstance(data, dict) and data else "garbage")
        except BROKEN:
            outcomes.append("broken")

    expected = ["True", "broken", "broken", "is_archived", "ratelimited", "garbage", "True"]
    assert expected == outcomes
    assert [entry.text for entry in cloud.ledger.posted()] == ["0", "1", "5", "6"]


async def test_a_gateway_may_fail_before_or_after_the_work(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """502 tells nothing about whether the message is there."""
    cloud.faults.on("chat.postMessage", do=Fault.STATUS(502))
    cloud.faults.on("chat.postMessage", do=Fault.STATUS(503, after=True))
    for text in ("lost", "kept"):
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel="support", text=text)

    assert [m.text for m in cloud.channel("support").messages] == ["kept"]


async def test_a_hanging_call_never_answers(cloud: SlackCloud, client: AsyncWebClient) -> None:
    """The caller's own timeout ends it."""
    cloud.faults.on("chat.postMessage", do=Fault.HANG(after=True))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.chat_postMessage(channel="support", text="x")
    assert len(cloud.ledger.posted()) == 1


async def test_views_are_checked_and_hashes_compared(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """A home that changed meanwhile is not overwritten by an older one."""
    ann = cloud.member("ann")
    home = {"type": "home", "blocks": [section("one")]}
    first = await client.views_publish(user_id=ann.id, view=home)
    await client.views_publish(user_id=ann.id, view={**home, "blocks": [section("two")]})
    late = client.views_publish(user_id=ann.id, view=home, hash=first["view"]["hash"])

    assert await error_of(late) == "hash_conflict"
    assert ann.home is not None
    assert ann.home.plain == "two"
    long = {**home, "blocks": [section("x")] * 101}
    assert await error_of(client.views_publish(user_id=ann.id, view=long)) == "invalid_arguments"


async def test_timestamps_follow_the_workspaces_clock() -> None:
    """A clock that stands still or is pushed still gives every message its own time."""
    now = [datetime(2026, 3, 1, 9, tzinfo=UTC)]
    cloud = SlackCloud(now=lambda: now[0])
    ann, channel = cloud.member("ann"), cloud.channel("support")
    stamps = [(await ann.says(channel, f"{n}")).ts for n in range(2)]
    now[0] += timedelta(days=1)
    stamps.append((await ann.says(channel, "later")).ts)

    assert stamps == sorted(set(stamps))
    assert [ts.partition(".")[0] for ts in stamps] == ["1772355600", "1772355600", "1772442000"]


@pytest.mark.usefixtures("client")
async def test_the_page_can_do_what_people_do(cloud: SlackCloud) -> None:
    """Every act is a POST, and what it shows is in the snapshot."""
    changes: list[int] = []
    cloud.listen(lambda: changes.append(1))
    made = await control(cloud, "member", name="cy", real_name="Cy Young")
    await control(cloud, "channel", name="sales", members=["cy"])
    posted = await control(cloud, "post", member="cy", channel="sales", text="hi @ann")
    await control(cloud, "react", member="cy", channel="sales", ts=posted["ts"], name="wave")
    await control(cloud, "edit", member="cy", channel="sales", ts=posted["ts"], text="hello")
    picture = base64.b64encode(b"png").decode()
    sent = await control(
        cloud, "upload", member="cy", channel="sales", name="a.png", data=picture, text="look"
    )
    failed = await control(cloud, "press", member="cy", action_id="nothing")
    command = await control(cloud, "command", member="cy", text="/crm", channel="sales")
    async with aiohttp.ClientSession() as session:
        shown = await (await session.get(f"{cloud.url}/control/snapshot")).json()
        content = await (await session.get(f"{cloud.url}/control/file/{sent['file']}")).read()

    sales = next(c for c in shown["channels"] if c["name"] == "sales")
    first = sales["messages"][0]
    assert ("hello", True, [{"name": "wave", "users": [made["id"]]}]) == (
        first["text"],
        first["edited"],
        first["reactions"],
    )
    assert (sales["messages"][1]["files"][0]["name"], content) == ("a.png", b"png")
    assert (failed["ok"], command["error"]) == (False, "dispatch_failed")
    assert made["id"] == sales["messages"][2]["ephemeral_for"]
    assert changes


async def test_faults_and_limits_can_be_set_from_outside(
    cloud: SlackCloud, client: AsyncWebClient
) -> None:
    """Tests whose cloud lives in another process have the same switches."""
    await control(cloud, "faults", method="chat.postMessage", kind="error", error="is_archived")
    assert await error_of(client.chat_postMessage(channel="support", text="x")) == "is_archived"
    await control(cloud, "limits", per_channel_second=1, burst=1)
    await client.chat_postMessage(channel="support", text="x")
    assert await error_of(client.chat_postMessage(channel="support", text="y")) == "ratelimited"
    async with aiohttp.ClientSession() as session:
        ledger = await (await session.get(f"{cloud.url}/control/ledger")).json()

    assert (ledger["calls"]["chat.postMessage"], len(ledger["entries"])) == (3, 1)


async def test_it_runs_alone() -> None:
    """The module says in one line where it listens, once it does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.playground.slack", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        ready = json.loads(await process.stdout.readline())
        client = AsyncWebClient(ready["bot_token"], base_url=ready["api_url"])
        assert (await client.auth_test())["ok"]
    finally:
        process.terminate()
        await process.wait()


async def test_mounted_under_a_prefix_it_learns_its_address(client: AsyncWebClient) -> None:
    """A cloud inside another server gives out addresses that lead back to it."""
    cloud = SlackCloud()
    outer, inner = aiohttp.web.Application(), aiohttp.web.Application()
    inner.add_routes(cloud.routes())
    outer.add_subapp("/slack", inner)
    runner = aiohttp.web.AppRunner(outer)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/slack"
    client.base_url = f"{base}/api/"
    opened = await client.apps_connections_open(app_token=cloud.app_token)
    await runner.cleanup()

    assert opened["url"].startswith(f"{base.replace('http', 'ws')}/link?ticket=")
    assert base == cloud.url


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "value"]), inner, max_size=3)
    ),
    max_leaves=6,
)
PLAIN = {"type": "plain_text", "text": "x"}
OPTION = {"text": PLAIN, "value": "x"}
MENU = {"type": "static_select", "action_id": "m", "options": [OPTION], "placeholder": PLAIN}
RUN = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}
SOUND = [
    {**section("x"), "block_id": "b", "accessory": MENU},
    {"type": "section", "fields": [PLAIN]},
    {"type": "actions", "elements": [button("x", value="v", confirm={"title": PLAIN}), MENU]},
    {"type": "actions", "elements": [{"type": "overflow", "options": [OPTION]}]},
    {"type": "input", "label": PLAIN, "element": {"type": "checkboxes", "options": [OPTION]}},
    {"type": "context", "elements": [PLAIN, {"type": "image", "image_url": "u", "alt_text": "a"}]},
    {"type": "card", "title": PLAIN, "actions": [button("x")]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    {"type": "data_table", "columns": [{"name": "x"}], "rows": [{"x": 1}]},
    {"type": "rich_text", "elements": [RUN]},
    {"type": "markdown", "text": "x"},
]


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return [here]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [here, *(place for key, each in inner for place in places(each, (*here, key)))]


@st.composite
def almost_sound(draw: st.DrawFn) -> list[Any]:
    """Good blocks in which one thing somewhere was replaced by anything."""
    blocks = copy.deepcopy(draw(st.lists(st.sampled_from(SOUND), min_size=1, max_size=2)))
    *way, last = draw(st.sampled_from(places(blocks)[1:]))
    target: Any = blocks
    for step in way:
        target = target[step]
    target[last] = draw(ANY_JSON)
    return blocks


@given(almost_sound())
@settings(deadline=None)
def test_any_blocks_are_shown_or_refused(blocks: list[Any]) -> None:
    """No JSON makes the check fall over, and what it lets through can be kept and read."""
    try:
        check_blocks(blocks, "message", modern=True)
    except ApiError as refused:
        assert refused.error == "invalid_blocks"
        return
    kept = with_ids(blocks)
    assert isinstance(read_blocks(kept, lambda _id: None), str)
    assert isinstance(live_mentions("", kept), list)
    state_of(kept)
