"""What other people wrote is text: never markup, never a mention, never a template."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.text import live_mentions
from bot.slack import render as slack
from bot.telegram import render as telegram
from handlers.actions.consents import says_stop
from handlers.actions.outgoing import LONGEST_MESSAGE, cut, in_messages
from handlers.actions.templates import check, fill
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Line,
    Quote,
    Reply,
    Text,
    clean,
    clean_name,
    pack,
    plain,
    unpack,
)
from storage.errors import Refused
from storage.records import Contact
from storage.work import Clock

MARKUP = [
    "<!channel>",
    "<@U0RAPPORT>",
    "<#C1|x>",
    "<https://evil.test|bank>",
    "&lt;!here&gt;",
    "*b*",
    "`",
    "\n> ",
    "_",
]
words = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(MARKUP), max_size=6).map("".join))


@given(st.integers(0, 9), st.sampled_from("<&>"))
def test_what_is_too_long_is_never_cut_inside_an_escaped_character(begins: int, sign: str) -> None:
    """Summaries, hints, lines and fields end before `&amp;` or behind it."""
    text = plain("x" * begins + sign * 5000)
    reply = Reply((Hint(text), Line(text), Facts((("label", text),)), Text(text)))
    content = slack.message(reply)
    shown = [content["text"], *_strings(content["blocks"])]

    assert not any(re.search(r"&(?!(?:amp|lt|gt);)", each) for each in shown if ";" in each)


def _strings(of: Any) -> Iterator[str]:
    if isinstance(of, str):
        yield of
    elif isinstance(of, dict | list):
        for each in of.values() if isinstance(of, dict) else of:
            yield from _strings(each)


@given(words)
def test_nothing_that_people_write_is_alive_in_slack(text: str) -> None:
    """In no part of any reply."""
    reply = Reply(
        (
            Heading(text or "x"),
            Text(plain(text)),
            Text(((text, BOLD),)),
            Quote(text),
            Hint(plain(text)),
            Facts(((text or "x", plain(text)),)),
            Line(plain(text), Button(text or "x", "do", text)),
            Buttons((Button("x", "do", "", confirm=text),)),
        )
    )
    message = slack.message(reply)

    assert live_mentions(message["text"], message["blocks"]) == []


@given(words)
def test_telegrams_html_holds_only_our_own_tags(text: str) -> None:
    """What people write is escaped."""
    html = telegram.render(Reply((Text(plain(text)),))).html

    assert "<" not in html and ">" not in html


@given(words)
def test_a_reply_survives_its_way_through_the_outbox(text: str) -> None:
    """Packed and unpacked it is the same."""
    reply = Reply((Text(plain(text)), Quote(text), Line(plain(text), Button(text, "do", text))))

    assert unpack(pack(reply)) == reply


@given(st.text(max_size=300), st.integers(min_value=2, max_value=60))
def test_a_text_that_is_cut_loses_no_word(text: str, longest: int) -> None:
    """Only spaces at the cuts go; no piece is too long; no character is halved."""
    pieces = cut(text, longest)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece.encode("utf-16-le")) // 2 <= longest for piece in pieces)


@given(st.lists(st.text(max_size=6000), min_size=1, max_size=4))
def test_a_long_reply_becomes_messages_that_fit(texts: list[str]) -> None:
    """Nothing is lost between them."""
    messages = in_messages(Reply(tuple(Text(plain(text)) for text in texts)))
    said = "".join(
        part.words[0][0] for each in messages for part in each.parts if isinstance(part, Text)
    )

    assert "".join(said.split()) == "".join("".join(texts).split())
    assert all(len(telegram.render(each).plain) <= LONGEST_MESSAGE + 200 for each in messages)


@given(st.text(max_size=300))
def test_what_is_kept_can_be_kept_by_every_database(text: str) -> None:
    """No NUL and no half characters."""
    clean(text).encode()
    assert "\x00" not in clean(text)
    assert "\n" not in clean_name(text) and len(clean_name(text)) <= 64


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_name_is_never_a_template(name: str, first: str) -> None:
    """Braces in a name stay braces."""
    contact = Contact(name=name or "x", first_name=first or None, created_at=Clock().now())

    assert fill("Hello {first_name|friend}!", contact) == f"Hello {first or 'friend'}!"


@pytest.mark.parametrize(
    "template", ["{nick}", "{}", "{name.__class__}", "{0}", "{ |x}", "a {name} {Name}"]
)
def test_a_field_that_does_not_exist_is_refused(template: str) -> None:
    """With its place, before anything is sent."""
    with pytest.raises(Refused, match="template.field"):
        check(template)


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "STOP",
        " Stop! ",
        "unsubscribe",
        "退订",
        "取消订阅",
        "TD",
        "ＳＴＯＰ",
        "/stop",
        "“stop”",
    ],
)
def test_the_usual_words_end_marketing(text: str) -> None:
    """Alone, in any case, with or without a full stop."""
    assert says_stop(text)


@pytest.mark.parametrize(
    "text", ["stop sending me the wrong size", "退订单怎么退", "don't stop", "", "please help"]
)
def test_a_complaint_is_no_stop(text: str) -> None:
    """Only the whole message counts."""
    assert not says_stop(text)


def test_a_long_text_is_cut_between_lines_before_it_is_cut_within_one() -> None:
    """The last line that fits ends the piece, even where more of its words would fit; all stays."""
    lines = [f"/crm verb{number} <contact>  what it does. And more" for number in range(40)]
    found = slack.pieces("\n".join(lines), 400)

    assert len(found) > 1 and all(len(each) <= 400 for each in found)
    assert "\n".join(found).split("\n") == lines
    assert slack.pieces("One. Two three four five", 12) == ["One. Two", "three four", "five"]
    assert slack.pieces("Aaaa bb. Ccc dd", 12) == ["Aaaa bb.", "Ccc dd"]
