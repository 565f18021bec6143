"""The lines of a journey: read into steps, forgiving in form, strict where a message would differ.

start: new contact ads
stop on reply
day 0: Hello {first_name|there}!
wait 3 days or reply
if replied: stop
day 3 at 10:00: Any questions?
tag welcomed
"""

import re
from dataclasses import dataclass, field
from typing import Any

from storage.errors import Refused

Step = dict[str, Any]
MOST_STEPS = 30
LONGEST_WAIT = 366 * 24 * 60

_UNITS = {
    **dict.fromkeys(("minute", "minutes", "min", "分钟"), 1),
    **dict.fromkeys(("hour", "hours", "h", "小时", "个小时"), 60),
    **dict.fromkeys(("day", "days", "d", "天"), 24 * 60),
    **dict.fromkeys(("week", "weeks", "w", "周", "个星期"), 7 * 24 * 60),
}
_MANY = {
    **{word: at for at, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)},
    **{word: at for at, word in enumerate("一二三四五六七八九十", 1)},
    **dict.fromkeys(("a", "an"), 1),
    "seven": 7,
    "ten": 10,
    "两": 2,
}
_NUMBER = r"\d{1,4}|" + "|".join(sorted(_MANY, key=len, reverse=True))
_EVENTS = {
    **dict.fromkeys(("reply", "replied", "replies", "an answer", "answered", "回复"), "reply"),
    **dict.fromkeys(("order", "ordered", "orders", "bought", "buys", "下单", "购买"), "order"),
}
_OPTIONS = re.compile("|".join(sorted(_UNITS, key=len, reverse=True)), re.IGNORECASE)
_START = re.compile(r"(?:start|begin|for|开始|对象)\s*[:：]\s*(.+)", re.IGNORECASE)
_TOPIC = re.compile(r"(?:topic|话题)\s*[:：]\s*#?(\S+)", re.IGNORECASE)
_BUSY = re.compile(r"(?:even when busy|忙也发)", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?:stop on (?:an? )?(?P<en>reply|order)|(?P<zh>回复|下单)(?:即|就)停止?)", re.IGNORECASE
)
_DAY = re.compile(
    r"(?:day\s*(?P<en>\d{1,3})(?:\s*(?:at\s*)?(?P<en_at>\d{1,2}(?::\d\d)?\s*[ap]m|\d{1,2}:\d\d))?"
    r"|第\s*(?P<zh>\d{1,3})\s*天\s*(?P<zh_at>\d{1,2}(?:[:：]\d\d|点))?)\s*[:：]\s*(?P<text>.+)",
    re.IGNORECASE | re.DOTALL,
)
_SAY = re.compile(r"(?:say|发送?|说)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL)
_WAIT = re.compile(
    rf"(?:wait|等待?)\s*(?P<many>{_NUMBER})\s*(?P<unit>"
    + _OPTIONS.pattern
    + r")(?:\s*(?:or|或者?)\s*(?:for )?(?:an? )?(?P<event>[^\s]+))?",
    re.IGNORECASE,
)
_WAIT_FOR = re.compile(
    rf"wait\s+for\s+(?:an? )?(?P<event>\w+)\s+or\s+(?P<many>{_NUMBER})\s*(?P<unit>"
    + _OPTIONS.pattern
    + r")",
    re.IGNORECASE,
)
_IF = re.compile(
    r"(?:if\s+(?:they\s+(?:have\s+|did\s+)?)?(?P<not>not\s+|no\s+)?(?P<en>\w+)"
    r"|如果(?:客户|对方)?(?P<no>没有?|未)?(?P<zh>回复|下单|购买))\s*[:：]\s*(?P<then>.+)",
    re.IGNORECASE | re.DOTALL,
)
# What was meant as a condition, whether or not it is one.
_AN_IF = re.compile(r"(?:if\b|如果)", re.IGNORECASE)
_STOP = re.compile(r"(?:stop|end|停止|结束)\.?", re.IGNORECASE)
_TAG = re.compile(
    r"(?:tag|标签)\s*[:：]?\s*#?([\w-]+)(?:\s+(?:on|at) (?:the )?end)?", re.IGNORECASE
)
_CONTACT = re.compile(
    r"new (?:contact|customer)s?(?:\s+(?:from\s+)?(\S+))?|新客户(?:\s*来自)?\s*(\S+)?",
    re.IGNORECASE,
)
_ORDER = re.compile(r"first order|首单|第一次下单", re.IGNORECASE)
_TAGGED = re.compile(r"(?:tag|tagged|标签)\s+#?([\w-]+)", re.IGNORECASE)


@dataclass
class Lines:
    """What a journey's lines say."""

    begins: dict[str, Any] = field(default_factory=dict)
    until: list[str] = field(default_factory=list)
    topic: str = ""
    regardless: bool = False
    steps: list[Step] = field(default_factory=list)


def read(text: str) -> Lines:
    """The steps that the lines say. Raises Refused with the number of a line that says nothing."""
    found = Lines()
    for number, line in _joined(text):
        if not _option(found, line):
            step = _step(line)
            if step is None:
                key = "journey.condition" if _AN_IF.match(line) else "journey.line"
                raise Refused(key, number=number, line=line[:60])
            if found.steps and found.steps[-1] == {"do": "stop"}:
                raise Refused("journey.never", number=number, line=line[:60])
            found.steps.append(step)
    if not any(step["do"] == "say" for step in found.steps):
        raise Refused("journey.says_nothing")
    if len(found.steps) > MOST_STEPS:
        raise Refused("journey.too_long", most=MOST_STEPS)
    if not found.begins:
        raise Refused("journey.no_start")
    return found


def _joined(text: str) -> list[tuple[int, str]]:
    """The lines that say something; what is indented goes on with the line before."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] in (" ", "\t", "\u3000") and found and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line.strip()}")
        elif line.strip():
            found.append((number, line.strip()))
    return found


def _option(found: Lines, line: str) -> bool:
    if start := _START.fullmatch(line):
        if found.begins:
            # Which of them was meant, nobody knows.
            raise Refused("journey.two_starts", line=line[:60])
        found.begins = _begins(start[1].strip())
    elif topic := _TOPIC.fullmatch(line):
        found.topic = topic[1]
    elif until := _UNTIL.fullmatch(line):
        found.until.append(_EVENTS[(until["en"] or until["zh"]).lower()])
    elif _BUSY.fullmatch(line):
        found.regardless = True
    else:
        return False
    return True


def _begins(text: str) -> dict[str, Any]:
    if contact := _CONTACT.fullmatch(text):
        return {"kind": "contact", "source": contact[1] or contact[2] or ""}
    if _ORDER.fullmatch(text):
        return {"kind": "order"}
    if tagged := _TAGGED.fullmatch(text):
        return {"kind": "tag", "tag": tagged[1].lower()}
    return {"kind": "filter", "filter": text}


def _step(line: str) -> Step | None:
    """One step; None when the line is none."""
    if condition := _IF.fullmatch(line):
        event = _EVENTS.get((condition["en"] or condition["zh"]).lower())
        then = condition["then"].strip()
        if _IF.fullmatch(then):
            # One inside another would go out as a message.
            return None
        step = _plain_step(then) or {"do": "say", "text": then}
        if event is None or step["do"] == "wait":
            return None
        return step | {"if": event, "is": not (condition["not"] or condition["no"])}
    return _plain_step(line)


def _plain_step(line: str) -> Step | None:
    if day := _DAY.fullmatch(line):
        at = (day["en_at"] or day["zh_at"] or "").replace("：", ":").replace("点", ":00")
        step = {"do": "say", "day": int(day["en"] or day["zh"]), "text": day["text"].strip()}
        return step | ({"at": _clock(at)} if at else {})
    if say := _SAY.fullmatch(line):
        return {"do": "say", "text": say[1].strip()}
    if wait := _WAIT_FOR.fullmatch(line) or _WAIT.fullmatch(line):
        event = wait["event"]
        if event and event.lower() not in _EVENTS:
            return None
        said = wait["many"].lower()
        minutes = (_MANY.get(said) or int(said)) * _UNITS[wait["unit"].lower()]
        if not 0 < minutes <= LONGEST_WAIT:
            raise Refused("journey.wait_length", line=line[:60])
        return {"do": "wait", "minutes": minutes} | (
            {"for": _EVENTS[event.lower()]} if event else {}
        )
    if _STOP.fullmatch(line):
        return {"do": "stop"}
    if tag := _TAG.fullmatch(line):
        return {"do": "tag", "tag": tag[1].lower()}
    return None


def _clock(text: str) -> str:
    """A time of day as it is kept, of "9:30", "9am" or "9:30 pm"."""
    half = text[-2:].lower() if text[-1:] in "mM" else ""
    hour, _, minute = text.removesuffix(text[-2:] if half else "").strip().partition(":")
    hours, minutes = int(hour), int(minute or 0)
    if hours > (12 if half else 23) or minutes > 59 or (half and not hours):
        raise Refused("journey.clock", text=text)
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"{hours:02}:{minutes:02}"
