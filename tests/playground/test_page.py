"""The playground's page: what it tells its readers, and what a person in a browser can do on it."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.feed import SHOWN_MESSAGES, changes, parts_of
from bot.playground.page import PlaygroundPage, next_wall_time
from bot.playground.slack import Limits, SlackCloud
from bot.playground.telegram import TelegramCloud

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONDON = ZoneInfo("Europe/London")

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


MANIFEST = {
    "features": {
        "slash_commands": [
            {"command": "/crm", "description": "Everything", "usage_hint": "find <name> | due"}
        ],
        "shortcuts": [
            {
                "name": "Log to CRM",
                "type": "message",
                "callback_id": "log",
                "description": "Keep it",
            }
        ],
    }
}

SURE = {
    "title": plain("Really?"),
    "text": plain("It will be gone."),
    "confirm": plain("Be gone"),
    "deny": plain("Keep"),
}
TAKE = {"type": "button", "action_id": "take", "text": plain("Take"), "style": "primary"}
SPAM = {"type": "button", "action_id": "spam", "text": plain("Spam"), "confirm": SURE}
CARD: list[Json] = [
    {"type": "header", "text": plain("#12 Order is late")},
    {"type": "actions", "block_id": "ticket", "elements": [TAKE, SPAM]},
]

AMOUNT = {
    "type": "input",
    "block_id": "amount",
    "label": plain("Amount"),
    "element": {"type": "plain_text_input", "action_id": "typed"},
}
MODAL = {
    "type": "modal",
    "callback_id": "log_form",
    "title": plain("Log to CRM"),
    "submit": plain("Save"),
    "blocks": [AMOUNT],
}

CHART = {
    "type": "data_visualization",
    "title": "This week",
    "chart": {
        "type": "bar",
        "series": [{"name": "New", "data": [{"label": "Mon", "value": 3}]}],
        "axis_config": {"categories": ["Mon"]},
    },
}


class HandClock:
    """A clock that stands still until it is pushed."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def push(self, by: timedelta) -> None:
        self.moment += by


@pytest_asyncio.fixture(loop_scope="module")
async def playground() -> AsyncIterator[PlaygroundPage]:
    clock = HandClock()
    slack = SlackCloud(now=clock.now, limits=Limits.off())
    slack.install(MANIFEST)
    slack.member("ann", "Ann Lee")
    slack.member("ben", "Ben Ortiz")
    slack.channel("support")
    page = PlaygroundPage(TelegramCloud(now=clock.now, limits=None), slack, clock)
    await page.start()
    yield page
    await page.stop()
    await slack.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine to drive the page with")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


Visit = Callable[[], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, playground: PlaygroundPage) -> AsyncIterator[Visit]:
    """Opens the page; anything the browser complains about fails the test."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    complaints: list[str] = []

    async def open_page() -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: outside(request.url))
        await page.goto(playground.url)
        await expect(page.get_by_role("button", name="Who am I?")).to_be_visible()
        return page

    def outside(url: str) -> None:
        if not url.startswith((playground.url, "data:", "blob:")):
            complaints.append(f"the page asked {url}")

    yield open_page
    await context.close()
    assert complaints == []


async def bot(playground: PlaygroundPage, method: str, **body: Any) -> Any:
    """One call of the Bot API, as the bot makes it."""
    telegram = playground.telegram
    assert isinstance(telegram, TelegramCloud)
    url = f"{playground.url}/telegram/bot{telegram.token}/{method}"
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as response:
        return (await response.json())["result"]


def client_of(slack: SlackCloud) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def slack_of(playground: PlaygroundPage) -> SlackCloud:
    assert isinstance(playground.slack, SlackCloud)
    return playground.slack


def telegram_of(playground: PlaygroundPage) -> TelegramCloud:
    assert isinstance(playground.telegram, TelegramCloud)
    return playground.telegram


def phone(page: Page) -> Locator:
    return page.get_by_role("region", name="Customers in Telegram")


def desk(page: Page) -> Locator:
    return page.get_by_role("region", name="Staff in Slack")


async def news(stream: aiohttp.StreamReader) -> Json:
    """The next message on the page's event stream."""
    while True:
        line = await asyncio.wait_for(stream.readline(), 5)
        if line.startswith(b"data: "):
            told: Json = json.loads(line[6:])
            return told


async def test_a_reader_is_told_everything_once_and_then_only_what_changed(
    playground: PlaygroundPage,
) -> None:
    """A word to one person does not resend the other people or the channels."""
    anna, tom = (telegram_of(playground).person(name) for name in ("Anna", "Tom"))
    async with aiohttp.ClientSession() as http, http.get(f"{playground.url}/events") as response:
        first = await news(response.content)
        anna.says("Hello")
        second = await news(response.content)

    people = {f"telegram/people/{person.id}" for person in (anna, tom)}
    assert people | {"telegram/bot", "slack/team", "slack/members"} <= set(first["parts"])
    assert set(second["parts"]) == {f"telegram/people/{anna.id}"}


async def test_the_clock_leaps_to_the_next_nine_of_a_zone(playground: PlaygroundPage) -> None:
    """Nine o'clock is nine on the wall, though the clocks change that night."""
    asked = {"to": "09:00", "zone": "Europe/London"}
    url = f"{playground.url}/clock"
    async with aiohttp.ClientSession() as http, http.post(url, json=asked) as response:
        assert response.status == 200

    assert playground.clock.now() == datetime(2026, 3, 29, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [{"seconds": -1}, {"seconds": "soon"}, {"to": "25:00"}, {"to": "09:00", "zone": "Mars"}, {}],
)
async def test_a_leap_that_makes_no_sense_is_refused(
    playground: PlaygroundPage, body: Json
) -> None:
    """The clock stays where it is when it is asked for no time at all."""
    before = playground.clock.now()
    url = f"{playground.url}/clock"
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as response:
        assert response.status == 400

    assert playground.clock.now() == before


async def test_another_sites_page_is_refused(playground: PlaygroundPage) -> None:
    """A browser that shows somebody else's page cannot move the playground."""
    headers = {"Origin": "https://elsewhere.example"}
    async with aiohttp.ClientSession(headers=headers) as http:
        for path in ("/clock", "/slack/control/post", "/telegram/control/person"):
            async with http.post(playground.url + path, json={"seconds": 1}) as response:
                assert response.status == 403


async def test_nine_comes_tomorrow_once_it_is_nine() -> None:
    """At nine sharp the next nine is a day away."""
    nine = datetime(2026, 6, 1, 9, 0, tzinfo=LONDON)

    assert next_wall_time(nine, time(9), LONDON) == nine + timedelta(days=1)


async def test_what_is_gone_is_told_as_null() -> None:
    """A closed modal disappears from the page as well."""
    told = changes({"slack/modals/U1": "[1]", "slack/team": "{}"}, {"slack/team": "{}"})

    assert json.loads(told) == {"slack/modals/U1": None}


async def test_only_the_end_of_a_long_conversation_is_told() -> None:
    """A bulk run of thousands leaves the page usable."""
    snapshot = {"people": [{"id": 7, "messages": list(range(1000))}]}

    shown = json.loads(parts_of("telegram", snapshot)["telegram/people/7"])

    assert shown["messages"] == list(range(1000 - SHOWN_MESSAGES, 1000))


async def test_a_customer_writes_and_sees_the_answer(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """What is typed on the phone reaches the bot, and what the bot says appears with its format."""
    anna = telegram_of(playground).person("Anna", "Keller")
    page = await visit()
    box = phone(page).get_by_role("textbox", name="Message")
    await box.fill("Where is <b>my</b> order?")
    await box.press("Enter")
    await expect(phone(page).get_by_text("Where is <b>my</b> order?")).to_be_visible()

    text = "It comes <b>tomorrow</b>"
    buttons = {"inline_keyboard": [[{"text": "Thanks", "callback_data": "thanks"}]]}
    await bot(
        playground,
        "sendMessage",
        chat_id=anna.id,
        text=text,
        parse_mode="HTML",
        reply_markup=buttons,
    )

    await expect(phone(page).locator("strong", has_text="tomorrow")).to_be_visible()
    await phone(page).get_by_role("button", name="Thanks").click()
    updates = await bot(playground, "getUpdates", timeout=5, offset=-1)
    assert updates[0]["callback_query"]["data"] == "thanks"


async def test_every_kind_of_attachment_can_be_sent(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """Photo, voice, document, location and contact leave by the attach button."""
    anna = telegram_of(playground).person("Anna")
    page = await visit()
    kinds = ["Photo", "Voice message", "Document", "Location", "My contact"]
    for number, kind in enumerate(kinds, start=1):
        await phone(page).get_by_role("button", name="Attach").click()
        await page.get_by_role("menuitem", name=kind).click()
        await expect(phone(page).locator(".row")).to_have_count(number)

    assert [each.kind for each in anna.chat] == [
        "photo",
        "voice",
        "document",
        "location",
        "contact",
    ]


async def test_a_customer_edits_blocks_and_comes_back(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """One's own words can be changed, and the bot blocked and unblocked."""
    anna = telegram_of(playground).person("Anna")
    anna.says("Helo")
    page = await visit()
    await phone(page).get_by_role("button", name="Message actions").click()
    await page.get_by_role("menuitem", name="Edit").click()
    box = phone(page).get_by_role("textbox", name="Message")
    await box.fill("Hello")
    await box.press("Enter")
    await expect(phone(page).get_by_text("edited")).to_be_visible()
    await phone(page).get_by_role("button", name="Menu").click()
    await page.get_by_role("menuitem", name="Block bot").click()
    await expect(phone(page).get_by_text("You blocked this bot")).to_be_visible()
    assert (anna.chat[-1].text, anna.blocked) == ("Hello", True)

    await phone(page).get_by_role("button", name="Unblock bot").click()
    await expect(box).to_be_visible()
    assert not anna.blocked


async def test_a_message_to_somebody_else_shows_as_unread(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """The face of a customer whose phone is not in hand gets a number, until it is taken up."""
    telegram = telegram_of(playground)
    anna, tom = telegram.person("Anna"), telegram.person("Tom")
    anna.starts()
    tom.starts()
    page = await visit()
    await bot(playground, "sendMessage", chat_id=tom.id, text="Hello Tom")
    await phone(page).get_by_role("button", name="Tom (1)").click()

    await expect(phone(page).get_by_text("Hello Tom")).to_be_visible()
    await expect(phone(page).get_by_role("button", name="Tom", exact=True)).to_be_visible()


async def test_a_new_customer_comes_in_and_is_shown(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """The button with a plus brings somebody new, whose phone is then the one in hand."""
    page = await visit()
    await phone(page).get_by_role("button", name="New customer").first.click()
    await page.get_by_label("First name").fill("小明")
    await page.get_by_label("Last name").fill("王")
    await page.get_by_label("Language of their Telegram").select_option("zh-hans")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(phone(page).get_by_role("button", name="王小明")).to_have_attribute(
        "aria-current", "true"
    )

    (person,) = telegram_of(playground).people.values()
    assert person.language_code == "zh-hans"


async def test_staff_talk_and_their_words_are_never_markup(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """A typed tag stays text, bold is bold, and a script does not run."""
    page = await visit()
    box = desk(page).get_by_role("textbox", name="Message #support")
    await box.fill("*bold* <img src=x onerror=alert(1)> _x_")
    await box.press("Enter")

    post = desk(page).get_by_role("article")
    await expect(post.locator("strong", has_text="bold")).to_be_visible()
    await expect(post.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    await expect(post.locator("img[src=x]")).to_have_count(0)


async def test_a_reply_goes_into_the_thread(playground: PlaygroundPage, visit: Visit) -> None:
    """The replies link opens the thread beside the channel, with a composer of its own."""
    slack = slack_of(playground)
    client = client_of(slack)
    root = await client.chat_postMessage(channel="support", text="Ticket")
    await client.chat_postMessage(channel="support", text="From Anna", thread_ts=root["ts"])
    page = await visit()
    await desk(page).get_by_role("button", name="1 reply").click()
    box = page.get_by_role("complementary", name="Thread").get_by_role("textbox", name="Reply…")
    await box.fill("On its way")
    await box.press("Enter")
    await expect(desk(page).get_by_role("button", name="2 replies")).to_be_visible()

    support = slack.workspace.find_channel("support")
    assert support is not None
    assert [each.text for each in support.thread(root["ts"])] == ["From Anna", "On its way"]


async def test_a_line_of_two_slashes_is_a_message_and_no_command(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """What stays inside can be typed in a thread as it is in Slack; a command there cannot."""
    slack = slack_of(playground)
    root = await client_of(slack).chat_postMessage(channel="support", text="Ticket")
    await client_of(slack).chat_postMessage(
        channel="support", text="From Anna", thread_ts=root["ts"]
    )
    page = await visit()
    await desk(page).get_by_role("button", name="1 reply").click()
    box = page.get_by_role("complementary", name="Thread").get_by_role("textbox", name="Reply…")
    await box.fill("/crm find anna")
    await box.press("Enter")
    await expect(page.get_by_text("/crm is not supported in threads. Sorry!")).to_be_visible()
    await box.fill("// she pays late")
    await box.press("Enter")
    await expect(desk(page).get_by_role("button", name="2 replies")).to_be_visible()

    support = slack.workspace.find_channel("support")
    assert support is not None
    assert [each.text for each in support.thread(root["ts"])] == ["From Anna", "// she pays late"]


async def test_the_slash_command_hints_at_its_verbs(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """Typing /crm lists what can follow; a taken hint leaves the gap to be filled."""
    page = await visit()
    box = desk(page).get_by_role("textbox", name="Message #support")
    await box.fill("/crm")
    await expect(desk(page).get_by_role("option")).to_have_count(3)
    await box.press("ArrowDown")
    await box.press("Tab")

    await expect(box).to_have_value("/crm find ")


async def test_a_failed_command_is_told_and_the_words_come_back(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """With no app behind the workspace a toast says so, and nothing typed is lost."""
    page = await visit()
    box = desk(page).get_by_role("textbox", name="Message #support")
    await box.fill("/crm due")
    await box.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("That did not work")
    await expect(box).to_have_value("/crm due")


@pytest_asyncio.fixture(loop_scope="module")
async def app(playground: PlaygroundPage) -> AsyncIterator[AsyncApp]:
    """A real app on a socket: its card has buttons, its shortcut opens a form."""
    slack = slack_of(playground)
    app = AsyncApp(client=client_of(slack), signing_secret=slack.signing_secret)

    @app.action("take")
    async def take(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Taken by you", replace_original=True)

    @app.action("spam")
    async def spam(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    @app.shortcut("log")
    async def log(ack: Any, client: Any, shortcut: Any) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)

    @app.view("log_form")
    async def kept(ack: Any, view: Any) -> None:
        amount = view["state"]["values"]["amount"]["typed"]["value"]
        if amount.isdigit():
            await ack()
        else:
            await ack(response_action="errors", errors={"amount": "A number, please"})

    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.connected(1)
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_card_is_pressed_and_changes_in_place(
    playground: PlaygroundPage, app: AsyncApp, visit: Visit
) -> None:
    """A button's press reaches the app, and the card it stood on is replaced."""
    await app.client.chat_postMessage(channel="support", text="Ticket", blocks=CARD)
    page = await visit()
    await desk(page).get_by_role("button", name="Take").click()

    await expect(desk(page).get_by_text("Taken by you")).to_be_visible()
    await expect(desk(page).get_by_role("heading", name="#12 Order is late")).to_have_count(0)


async def test_a_dangerous_button_asks_first(
    playground: PlaygroundPage, app: AsyncApp, visit: Visit
) -> None:
    """Only a confirmed press goes out."""
    await app.client.chat_postMessage(channel="support", text="Ticket", blocks=CARD)
    page = await visit()
    await desk(page).get_by_role("button", name="Spam").click()
    await page.get_by_role("dialog", name="Really?").get_by_role("button", name="Keep").click()
    await expect(desk(page).get_by_role("heading", name="#12 Order is late")).to_be_visible()
    await desk(page).get_by_role("button", name="Spam").click()
    await page.get_by_role("button", name="Be gone").click()

    await expect(desk(page).get_by_role("heading", name="#12 Order is late")).to_have_count(0)


async def test_a_form_shows_its_errors_beside_the_field_and_closes_when_right(
    playground: PlaygroundPage, app: AsyncApp, visit: Visit
) -> None:
    """A message shortcut opens a modal; what the app refuses is said where it was typed."""
    await app.client.chat_postMessage(channel="support", text="Anna ordered")
    page = await visit()
    post = desk(page).get_by_role("article")
    await post.hover()
    await post.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Log to CRM").click()
    form = page.get_by_role("dialog", name="Log to CRM")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_have_text("Please fill in this field")
    await form.get_by_role("textbox", name="Amount").fill("many")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_have_text("A number, please")
    await expect(form.get_by_role("textbox", name="Amount")).to_have_value("many")
    await form.get_by_role("textbox", name="Amount").fill("42")
    await form.get_by_role("button", name="Save").click()

    await expect(form).to_have_count(0)


async def test_the_home_and_its_chart_are_shown(playground: PlaygroundPage, visit: Visit) -> None:
    """The app's own page is a tab of its direct messages; a chart can be read aloud."""
    slack = slack_of(playground)
    page = await visit()
    ann = slack.workspace.find_member("ann")
    assert ann is not None
    await client_of(slack).views_publish(user_id=ann.id, view={"type": "home", "blocks": [CHART]})
    await client_of(slack).chat_postMessage(channel=ann.dm.id, text="Good morning")
    await desk(page).get_by_role("button", name="Rapport (1)").click()
    await desk(page).get_by_role("tab", name="Home").click()

    await expect(desk(page).get_by_role("img", name="This week: Mon · New: 3")).to_be_visible()


async def test_whispers_are_seen_by_one_member_only(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """Another member at the same desk does not see what was told to Ann alone."""
    slack = slack_of(playground)
    ann = slack.workspace.find_member("ann")
    assert ann is not None
    await client_of(slack).chat_postEphemeral(channel="support", user=ann.id, text="Psst")
    page = await visit()
    await expect(desk(page).get_by_text("Only visible to you")).to_be_visible()
    await desk(page).get_by_role("button", name="Who am I?").click()
    await page.get_by_role("menuitem", name="Ben Ortiz").click()

    await expect(desk(page).get_by_text("Psst")).to_have_count(0)


async def test_the_page_speaks_chinese_and_moves_the_clock(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """The page's own labels change their language; the clock shows the leap at once."""
    page = await visit()
    await page.get_by_role("button", name="Let one hour pass").click()
    await expect(page.get_by_role("group", name="Playground clock")).to_contain_text("13:00")
    await page.get_by_role("button", name="把页面切换为中文").click()

    await expect(page.get_by_role("heading", name="Rapport 演练场")).to_be_visible()
    await expect(page.get_by_role("group", name="演练场时钟")).to_contain_text("2026年3月28日")


async def test_the_story_types_for_the_visitor_and_ticks_off(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """One click fills the customer's message in; sending it completes the first step."""
    telegram_of(playground).person("Anna")
    page = await visit()
    await page.get_by_role("button", name="Type it for me").click()
    box = phone(page).get_by_role("textbox", name="Message")
    await expect(box).not_to_be_empty()
    await box.press("Enter")

    await expect(page.get_by_role("button", name="A customer writes (done)")).to_be_visible()
    await expect(page.get_by_role("button", name="Show or hide the guided story")).to_contain_text(
        "1/7"
    )


async def test_only_words_in_a_ticket_count_as_an_answer(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """The story goes on when a customer can hear it: not for the channel, nor for a note."""
    telegram_of(playground).person("Anna")
    client = client_of(slack_of(playground))
    root = await client.chat_postMessage(channel="support", text="Ticket")
    await client.chat_postMessage(channel="support", text="From Anna", thread_ts=root["ts"])
    page = await visit()
    answered = page.get_by_role("button", name="Answer (done)")
    box = desk(page).get_by_role("textbox", name="Message #support")
    await box.fill("Good morning, all")
    await box.press("Enter")
    await expect(desk(page).get_by_text("Good morning, all")).to_be_visible()
    await desk(page).get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread").get_by_role("textbox", name="Reply…")
    await thread.fill("// she pays late")
    await thread.press("Enter")
    await expect(desk(page).get_by_role("button", name="2 replies")).to_be_visible()
    await expect(answered).to_have_count(0)
    await thread.fill("On its way")
    await thread.press("Enter")

    await expect(answered).to_be_visible()


async def test_the_story_types_a_managers_command_at_the_managers_desk(
    playground: PlaygroundPage, visit: Visit
) -> None:
    """Nobody has to find out who may send a campaign."""
    slack_of(playground).member("mia", "Mia Moss")
    page = await visit()
    await page.get_by_role("button", name="Campaign").click()
    await page.get_by_role("button", name="Type it for me").click()

    await expect(desk(page).get_by_role("button", name="Who am I?")).to_contain_text("Mia Moss")
    box = desk(page).get_by_role("textbox", name="Message #support")
    await expect(box).to_have_value(re.compile("^/crm campaign vip"))


async def test_a_demo_in_chinese_opens_in_chinese(
    playground: PlaygroundPage, browser: Browser
) -> None:
    """Whatever the browser prefers, as long as the reader has not chosen."""
    playground.language = "zh"
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(playground.url)

    await expect(page.get_by_role("heading", name="Rapport 演练场")).to_be_visible()
    await context.close()
