"""Dates as many people say them: exams written down before they were tried, and their floors."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from handlers.when import find

EXAMS = Path(__file__).parent / "exams"


@dataclass(frozen=True)
class Marks:
    """How many were exactly right, and of those that got an answer how many."""

    right: float
    right_when_answered: float


def answer(text: str, now: datetime, day_first: bool) -> str:
    """What is understood, as the exams write it: "?" when it asks, "past" when it is over."""
    found = find(text, now, day_first)
    if found is None or found.alternatives:
        return "?"
    if found.is_past:
        return "past"
    rule = f" ; {found.rule}" if found.rule else ""
    return f"{found.wall:%m-%d %H:%M}{rule}"


# The hours that an answer may have where only a part of the day was said.
PARTS = {"morning": (6, 12), "noonish": (12, 14), "afternoon": (12, 18), "evening": (17, 25)}


def is_right(wanted: str, given: str) -> bool:
    """Where no time was said any will do, and where several answers are right each of them."""
    return any(_is_that(each.strip(), given) for each in wanted.split("//"))


def _is_that(wanted: str, given: str) -> bool:
    when, _, rule = wanted.partition(" ; ")
    day, _, time = when.partition(" ")
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", day) or re.fullmatch(r"[0-9:]+", time):
        return given == wanted
    if given[:5] != day or given.partition(" ; ")[2] != rule:
        return False
    begins, ends = PARTS.get(time, (0, 25))
    return begins <= int(given[6:8]) < ends


def marks(name: str) -> Marks:
    """The marks for one exam; each heading in it says when its sentences are spoken, and how."""
    given = []
    day_first = True
    now: datetime | None = None
    for line in (EXAMS / f"{name}.txt").read_text("utf-8").strip().split("\n"):
        said = re.match(r"# \w+ ([0-9]+ \w+ [0-9]{4}, [0-9:]+)", line)
        if said is not None:
            now = datetime.strptime(f"{said[1]} +0000", "%d %B %Y, %H:%M %z").replace(tzinfo=None)
            day_first = "Month first" not in line
            continue
        assert now is not None
        text, _, wanted = line.rpartition(" | ")
        reply = answer(text, now, day_first)
        given.append((reply, is_right(wanted, reply)))
    answered = [right for reply, right in given if reply != "?"]
    return Marks(sum(right for _, right in given) / len(given), sum(answered) / len(answered))


@pytest.mark.parametrize(
    ("name", "least", "least_answered"),
    [
        ("english_first", 0.95, 0.97),
        ("english_second", 0.93, 0.94),
        ("english_third", 0.95, 0.97),
        ("english_fourth", 0.96, 0.98),
        ("english_fifth", 0.95, 0.98),
        ("english_sixth", 0.95, 0.98),
        ("english_seventh", 0.95, 0.98),
        ("english_eighth", 0.97, 0.98),
        ("english_ninth", 0.97, 0.98),
        ("english_tenth", 0.97, 0.97),
        ("english_eleventh", 0.97, 0.97),
        ("english_twelfth", 0.95, 0.97),
        ("english_thirteenth", 0.97, 0.98),
        ("english_fourteenth", 0.98, 0.98),
        ("chinese_first", 0.94, 0.95),
        ("chinese_second", 0.95, 0.97),
        ("chinese_third", 0.97, 0.97),
        ("chinese_fourth", 0.97, 0.98),
        ("chinese_fifth", 0.96, 0.98),
        ("chinese_sixth", 0.96, 0.98),
        ("chinese_seventh", 0.95, 0.98),
        ("chinese_eighth", 0.97, 0.98),
        ("chinese_ninth", 0.97, 0.98),
        ("chinese_tenth", 0.97, 0.97),
        ("chinese_eleventh", 0.97, 0.97),
        ("chinese_twelfth", 0.95, 0.97),
        ("chinese_thirteenth", 0.97, 0.98),
        ("chinese_fourteenth", 0.97, 0.97),
    ],
)
def test_an_exam_is_passed(name: str, least: float, least_answered: float) -> None:
    """It is nearly always right, and asks rather than guesses."""
    found = marks(name)

    assert found.right >= least
    assert found.right_when_answered >= least_answered
