"""A journey's lines are read as they are meant, in English and Chinese, or refused."""

import pytest

from handlers.actions.journey_lines import read
from handlers.texts import LANGUAGES
from storage.errors import Refused

ENGLISH = """
start: new contact ads
stop on order
topic: #News
day 0: Hello {first_name|there}!
  How are you?
wait 3 days or reply
if replied: stop
if not ordered: Have a look at our shop
day 7 at 9:30: Still there?
tag #welcomed on end
"""
CHINESE = """
开始：新客户 ads
下单即停止
话题：News
第0天：Hello {first_name|there}!
  How are you?
等3天或回复
如果回复：停止
如果没有下单：Have a look at our shop
第7天 9:30：Still there?
标签 welcomed
"""


def test_both_languages_say_the_same() -> None:
    """Whoever writes Chinese gets the same journey."""
    english = read(ENGLISH)

    assert english == read(CHINESE)
    assert english.begins == {"kind": "contact", "source": "ads"}
    assert english.until == ["order"] and english.topic == "News"
    assert english.steps == [
        {"do": "say", "day": 0, "text": "Hello {first_name|there}!\nHow are you?"},
        {"do": "wait", "minutes": 3 * 24 * 60, "for": "reply"},
        {"do": "stop", "if": "reply", "is": True},
        {"do": "say", "text": "Have a look at our shop", "if": "order", "is": False},
        {"do": "say", "day": 7, "text": "Still there?", "at": "09:30"},
        {"do": "tag", "tag": "welcomed"},
    ]


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("start: new contact", {"kind": "contact", "source": ""}),
        ("start: new contact from ads", {"kind": "contact", "source": "ads"}),
        ("start: first order", {"kind": "order"}),
        ("开始：首单", {"kind": "order"}),
        ("start: tag VIP", {"kind": "tag", "tag": "vip"}),
        ("for: tag:vip silent>30d", {"kind": "filter", "filter": "tag:vip silent>30d"}),
    ],
)
def test_who_begins(line: str, begins: dict[str, str]) -> None:
    """New contacts, a first order, a tag, or everybody in a filter."""
    assert read(f"{line}\nday 0: Hi").begins == begins


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("start: new contact\nday 0: Hi\nwiat 3 days", "journey.line"),
        ("start: new contact\nday 0: Hi\nif danced: stop", "journey.condition"),
        ("start: new contact\nday 0: Hi\nif tag vip: stop", "journey.condition"),
        ("start: new contact\nday 0: Hi\nif replied: wait 3 days", "journey.condition"),
        ("start: new contact\nday 0: Hi\nif replied: if ordered: stop", "journey.condition"),
        ("start: new contact\nday 0: Hi\nif no reply: if tag: if order: Hm", "journey.condition"),
        ("开始：新客户\n第0天：您好\n如果回复：如果下单：停止", "journey.condition"),
        ("开始：新客户\n第0天：您好\n如果跳舞：停止", "journey.condition"),
        ("start: new contact\nday 0: Hi\nwait 3 days or dance", "journey.line"),
        ("start: new contact\nday 0: Hi\nwait 0 days", "journey.wait_length"),
        ("start: new contact\nday 0 at 25:00: Hi", "journey.clock"),
        ("start: new contact\nwait 3 days", "journey.says_nothing"),
        ("day 0: Hi", "journey.no_start"),
        ("", "journey.says_nothing"),
        ("start: new contact\n" + "day 1: Hi\n" * 31, "journey.too_long"),
    ],
)
def test_what_is_no_step_is_refused(text: str, key: str) -> None:
    """A slip must not become a message."""
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.key == key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_in_the_form_is_a_journey(language: str) -> None:
    """What is shown as an example can be sent as it stands."""
    assert len(read(LANGUAGES[language]["journey.example"]).steps) == 5


@pytest.mark.parametrize(
    ("line", "event", "so"),
    [
        ("if no reply: Hm", "reply", False),
        ("if they have not replied: Hm", "reply", False),
        ("if bought: Hm", "order", True),
        ("如果客户没回复：Hm", "reply", False),
        ("如果购买：Hm", "order", True),
        ("如果没有下单：说：Hm", "order", False),
    ],
)
def test_a_condition_may_be_said_in_several_ways(line: str, event: str, so: bool) -> None:
    """As people say it."""
    steps = read(f"start: new contact\nday 0: Hi\n{line}").steps
    assert steps[1] == {"do": "say", "text": "Hm", "if": event, "is": so}
