"""Whatever comes in, nobody sees a traceback, nothing is lost, and the next message flows."""

from typing import Any

import pytest
from sqlmodel import select

from bot.playground.slack import Message
from storage.records import Contact, InboxRow, InboxState, Interaction, Ticket
from tests.world import World

EVIL = "Hi <!channel> <@U0RAPPORT> <#C1|x> <https://evil.test|bank> & *bold* _it_ `code` @here"


async def goes_on(w: World, words: str = "still here?") -> None:
    """Both doors work: a customer's words arrive, and a command is answered."""
    w.bob.says(words)
    await w.in_thread(words, number=len(w.cards()) or 1)
    assert "/crm find" in await w.says(w.ann, "/crm help")


def dead(w: World) -> list[InboxRow]:
    """What could not be handled."""
    rows = select(InboxRow).where(InboxRow.state == InboxState.DEAD)
    return w.look(lambda work: work.all(rows))


def no_traceback(w: World) -> bool:
    """Whether nobody was shown our insides."""
    seen = [m.plain for c in w.slack.workspace.channels.values() for m in c.by_ts.values()]
    seen += [heard for member in (w.ann, w.bo, w.mia) for heard in member.heard] + w.bob.heard
    return not any("Traceback" in each or "Error" in each for each in seen)


UPDATES: list[Any] = [
    "not an object",
    17,
    None,
    [],
    {},
    {"update_id": "seven"},
    {"message": {"text": "no id"}},
    {"update_id": 5, "message": {"message_id": 1}},
    {"update_id": 6, "message": "a string"},
    {"update_id": 7, "message": {"message_id": "x", "date": "y", "chat": {"id": "z"}}},
    {
        "update_id": 8,
        "edited_message": {"message_id": 1, "date": 10**18, "chat": {"id": 1, "type": "private"}},
    },
    {"update_id": 9, "callback_query": {"id": 1, "from": {}}},
    {"update_id": 10, "something_new": {"a": 1}},
    {"update_id": 11, "my_chat_member": {"chat": 5}},
    {
        "update_id": 12,
        "message": {"message_id": 2**70, "date": 1, "chat": {"id": 2**80, "type": "private"}},
    },
]


@pytest.mark.parametrize("update", UPDATES, ids=range(len(UPDATES)))
async def test_a_malformed_update_stops_nobody(w: World, update: Any) -> None:
    """It is put aside, the next message flows."""
    w.telegram.updates.put_raw(update)
    await goes_on(w)

    assert no_traceback(w)


EVENTS: list[Any] = [
    "a string",
    [],
    {},
    {"type": "message"},
    {"type": "message", "channel": None, "ts": None, "thread_ts": 5, "user": "U1", "text": 5},
    {"type": "message", "channel": "C1", "ts": "not a time", "thread_ts": "1.0", "user": "UANN"},
    {"type": "message", "subtype": "message_changed", "message": "?"},
    {"type": "message", "subtype": "message_deleted", "previous_message": []},
    {"type": "app_home_opened", "tab": "home"},
    {"type": "message", "subtype": "a_new_subtype", "channel": "C1", "ts": "1.0"},
    {"type": "a_new_event", "what": [1, {"deep": None}]},
]


@pytest.mark.parametrize("event", EVENTS, ids=range(len(EVENTS)))
async def test_a_malformed_event_stops_nobody(w: World, event: Any) -> None:
    """Slack's news of tomorrow, and nonsense in a proper envelope."""
    w.slack.inject_event(event)
    await w.slack.quiet()
    await goes_on(w)

    assert no_traceback(w)


@pytest.mark.parametrize(
    "envelope",
    [
        "not json at all {",
        {"type": "events_api", "envelope_id": "e1", "payload": "a string"},
        {"type": "events_api", "envelope_id": "e2", "payload": []},
        {
            "type": "interactive",
            "envelope_id": "e3",
            "payload": {"type": "block_actions", "actions": []},
        },
        {"type": "interactive", "envelope_id": "e4", "payload": {"type": "view_submission"}},
        {"type": "interactive", "envelope_id": "e5", "payload": {"type": "of_tomorrow"}},
        {"type": "slash_commands", "envelope_id": "e6", "payload": {"command": "/crm"}},
        {"type": "of_tomorrow", "envelope_id": "e7"},
        {},
    ],
    ids=range(9),
)
async def test_a_malformed_frame_stops_nobody(w: World, envelope: Any) -> None:
    """The socket lives on, or is opened again."""
    await w.slack.inject_envelope(envelope)
    await w.slack.connected()
    await goes_on(w)

    assert no_traceback(w)


async def test_a_dead_letter_is_shown_to_an_admin_who_retries_or_discards_it(both: World) -> None:
    """With its number and without the customer's words; agents cannot see it."""
    w = both
    await w.says(w.mia, "/crm")
    w.telegram.updates.put_raw(
        {"update_id": 5, "message": {"message_id": 1, "text": "secret words"}}
    )
    await w.until(lambda: dead(w))
    told = await w.sees(w.mia, "could not be handled")
    assert "secret words" not in told
    assert "another role" in await w.says(w.ann, "/crm troubles")
    assert "could not be handled" in await w.says(w.mia, "/crm troubles")

    await w.mia.presses("Retry", channel=w.mia.dm)
    await w.until(lambda: "is tried again" in "".join(w.mia.heard))
    await w.until(lambda: dead(w), seconds=15)
    await w.says(w.mia, "/crm troubles")
    await w.mia.presses("Discard", channel=w.support)
    await w.sees(w.mia, "is put away")

    assert dead(w) == []
    await goes_on(w)


# Texts


async def shown(w: World, text: str) -> Message:
    """A customer's words as they stand in the thread."""
    w.bob.says(text)
    card = await w.thread(1)
    return await w.until(lambda: next(iter(w.support.thread(card.ts)), None))


async def test_no_mention_is_alive_in_a_customers_words(w: World) -> None:
    """Neither in the thread, nor on the card, nor in lists and searches."""
    line = await shown(w, EVIL)
    await w.says(w.ann, "/crm tickets")
    await w.says(w.ann, "/crm show bob")
    await w.says(w.ann, "/crm")
    messages = [*w.support.by_ts.values(), *w.ann.heard_messages]

    assert "<!channel>" in line.plain and "& *bold*" in line.plain
    assert [m.live_mentions for m in messages if m.live_mentions] == []


async def test_no_mention_is_alive_in_a_customers_name(w: World) -> None:
    """Names, companies and usernames are words too."""
    eve = w.telegram.person("<!channel>", "<@U0RAPPORT> & co")
    eve.says("hello")
    card = await w.thread(1)
    line = await w.in_thread("hello")
    await w.ann.presses("Customer", channel=w.support, ts=card.ts)
    await w.sees(w.ann, "known since")
    messages = [*w.support.by_ts.values(), *w.ann.heard_messages]

    assert [m.live_mentions for m in messages if m.live_mentions] == []
    assert "<" not in (line.username or "")


async def test_names_cannot_turn_the_reading_direction_or_be_invisible(w: World) -> None:
    """A name is one line of visible characters; who has none gets a number."""
    trick = w.telegram.person("An\u202ena\u0000\u200b", "Lee\nAdmin\u2066")
    trick.says("hello")
    nobody = w.telegram.person("\u200b\u202e")
    nobody.says("hello")
    await w.thread(2)

    names = sorted(each.name for each in w.look(lambda work: work.all(select(Contact))))
    assert names == ["Anna LeeAdmin", f"Telegram {nobody.id}"]


@pytest.mark.parametrize(
    "text",
    [
        "nul \x00 byte",
        "half \ud83d character",
        "\u202e turned",
        "a\tb",
        "\u202e\u202d" * 50,
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 é",
        "\u200b",
    ],
    ids=["nul", "surrogate", "direction", "tab", "many directions", "wide", "invisible"],
)
async def test_odd_characters_arrive_and_go_back(both: World, text: str) -> None:
    """What no database can hold is replaced; the rest is left as it was."""
    w = both
    w.bob.says(text)
    await w.thread(1)
    card = await w.thread(1)
    answer = await w.ann.says(w.support, f"You wrote: {text}", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)

    (first, *_) = w.look(lambda work: work.all(select(Interaction)))
    assert "\x00" not in first.text


async def test_forty_thousand_characters_arrive_whole_both_ways(w: World) -> None:
    """A customer's come in pieces, all in one thread; the team's leave in pieces, all in order."""
    words = " ".join(f"c{number}" for number in range(7000))[:39_990]
    w.bob.says(f"{words} the end")
    card = await w.thread(1)
    await w.until(lambda: any("the end" in m.plain for m in w.support.thread(card.ts)), seconds=20)
    got = "".join(m.plain for m in w.support.thread(card.ts))
    assert len(w.cards()) == 1
    assert sum(f"c{number}" in got for number in range(100, 6600, 500)) == 13

    back = " ".join(f"t{number}" for number in range(7000))[:39_990]
    answer = await w.ann.says(w.support, back, thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions, seconds=20)
    heard = " ".join(text for text in w.bob.heard if text.startswith("t")).split()
    assert heard == back.split()


LINES = [
    '/crm "',
    "/crm ''' \"\"\"",
    "/crm “”‘’",
    "/crm 😀",
    "/crm 😀 😀😀",
    "/crm " + "x" * 4000,
    "/crm find " + "y" * 4000,
    "/crm add " + "z" * 4000,
    "/crm log " + "a " * 2000,
    "/crm remind " + "tomorrow " * 400,
    "/crm \x00\x01",
    "/crm find %_\\",
    "/crm find '; DROP TABLE contacts; --",
    "/crm add ,,,,",
    "/crm add #",
    "/crm tag #vip",
    "/crm tag # anna",
    "/crm ticket 999999999",
    "/crm ticket 99999999999999999999",
    "/crm snooze 1 yesterday",
    "/crm remind me 99/99/9999 99:99 x",
    "/crm remind me in 99999999999 years x",
    "/crm find contact:1",
    "/crm show contact:99999999999999999999",
    "/crm show contact:5",
    "/crm {name} {0} %s",
    "/crm help " + "#tag " * 50,
    "/crm digest 25:00",
    "/crm role @nobody wizard",
    "/crm admin 0000-0000",
    "/crm language klingon",
    "/crm policy a b",
    "/crm campaign #vip Hello {nonsense}",
    "/crm campaign {",
    "/crm 　 　",
    "/crm ？",
    "/crm add 王小明，，，",
    "/crm assign 1 <@U>",
    "/crm\tfind\tanna",
    "/crm find\nanna",
]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
async def test_whatever_is_typed_gets_an_answer(w: World, line: str) -> None:
    """Never a traceback, never silence, never a failure on our side."""
    await w.says(w.mia, "/crm add Anna Lee #vip")
    said = await w.says(w.mia, line)

    assert said.strip()
    assert "went wrong on our side" not in said
    assert dead(w) == [] and no_traceback(w)


async def test_a_name_in_braces_is_not_a_template(w: World) -> None:
    """What customers are called means nothing to our texts."""
    eve = w.telegram.person("{number}", "**{name}** `x`")
    eve.starts()
    await w.hears(eve, "{number}!")
    eve.says("hello")
    line = await w.in_thread("hello")

    assert line.username == "{number} **{name}** `x`"


# The same again, and in another order


async def test_a_slack_event_that_is_delivered_twice_counts_once(both: World) -> None:
    """One answer to the customer, one interaction."""
    w = both
    w.bob.says("hello")
    card = await w.thread(1)
    w.slack.sockets.duplicates = 3
    answer = await w.ann.says(w.support, "Hello to you", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)
    await w.slack.quiet()
    w.slack.sockets.duplicates = 0
    await goes_on(w)

    assert [heard for heard in w.bob.heard if heard == "Hello to you"] == ["Hello to you"]


async def test_slack_events_that_change_places_count_once_each(w: World) -> None:
    """Each line reaches the customer, and once."""
    w.bob.says("hello")
    card = await w.thread(1)
    w.slack.sockets.reorder(2)
    lines = [await w.ann.says(w.support, f"line {n}", thread_ts=card.ts) for n in (1, 2)]
    for line in lines:
        await w.until(lambda line=line: "white_check_mark" in line.reactions)  # type: ignore[misc]

    assert sorted(h for h in w.bob.heard if h.startswith("line")) == ["line 1", "line 2"]


async def test_a_button_pressed_twice_by_the_platform_counts_once(w: World) -> None:
    """Duplicated frames of one press are one press."""
    w.bob.says("hello")
    card = await w.thread(1)
    w.slack.sockets.duplicates = 2
    await w.ann.presses("Resolve", channel=w.support, ts=card.ts)
    await w.hears(w.bob, "resolved")
    w.slack.sockets.duplicates = 0
    await goes_on(w, "again")

    assert not any("not open" in heard for heard in w.ann.heard)


async def test_a_telegram_update_that_comes_twice_counts_once(both: World) -> None:
    """One interaction, one ticket, one receipt."""
    w = both
    message = w.bob.as_told(w.bob.says("hello"))
    await w.hears(w.bob, "#1")
    w.telegram.updates.put_raw({"update_id": w.telegram.updates.next_id - 1, "message": message})
    await goes_on(w)

    said = w.look(lambda work: work.all(select(Interaction)))
    assert [each.text for each in said] == ["hello", "still here?"]
    assert len(w.look(lambda work: work.all(select(Ticket)))) == 1


async def test_update_ids_that_start_anew_are_no_repetition(w: World) -> None:
    """After a week of silence Telegram counts from somewhere else, lower too."""
    w.bob.says("before")
    await w.in_thread("before")
    w.passes(days=8)
    w.telegram.updates.renumber(17)
    w.bob.says("after")
    await w.in_thread("after", number=1)


async def test_an_edit_that_comes_before_its_message_does_no_harm(w: World) -> None:
    """Order is kept within a chat; what nobody knows yet cannot be edited."""
    said = w.bob.says("first")
    await w.in_thread("first")
    strange = w.bob.as_told(said) | {"message_id": 424242, "edit_date": 1, "text": "edited"}
    w.telegram.updates.put_raw({"update_id": w.telegram.updates.next_id, "edited_message": strange})
    await goes_on(w)
