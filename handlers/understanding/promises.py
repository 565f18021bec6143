"""What somebody says they will do, or wants to be done, and when."""

import re
from dataclasses import dataclass
from datetime import datetime

from handlers.understanding.patterns import Pattern
from handlers.understanding.words import LONGEST_TEXT
from handlers.when import When, find

_SENTENCE = Pattern(r"[^\n.!?。！？]+(?:[.](?=\S)[^\n.!?。！？]*)*[.!?。！？]?")

_TEAM = Pattern(
    r"\b(?:(?:i|we)(?:'ll| will| shall| am going to| are going to|'m going to|'re going to| can)"
    r"|let me|you(?:'ll| will) (?:hear|get|receive|have))\b(?! (?:not|never|be (?:away|out|off)))"
    r"|我们?[^。！？\n]{0,16}?(?:会|将|就|再|给您|给你|帮您|帮你)"
    r"|(?:给您|给你|帮您|帮你|为您)[^。！？\n]{0,10}?(?:发|寄|打|回|联系|处理|退|安排|确认|送|查|答复)",
    re.IGNORECASE,
)
_CUSTOMER = Pattern(
    r"\b(?:(?:call|ring|phone|contact|write to|write|message|text|remind|e-?mail|ping|reach|ask"
    r"|try) (?:me|us)|(?:get|come) back to (?:me|us)|(?:talk|speak|chat) (?:again |to me |with me "
    r")?|(?:can|could) (?:you|we|someone|somebody) (?:please )?(?:call|ring|talk|speak|meet|phone)"
    r"|(?:i|we)(?:'ll| will) (?:get back|let you know|pay|decide|come|pick|send|transfer|order|"
    r"call|think|tell|write|confirm|be back|check))\b"
    r"|(?:给我|跟我|和我)(?:打|回|发|联系|说)|联系我|打我|打(?:个)?电话|提醒我|找我|再联系|再聊|再说"
    r"|再谈|我们?[^。！？\n]{0,12}?(?:付款|打款|转账|决定|回复|告诉|联系|下单|来取|去取|确认|汇款)",
    re.IGNORECASE,
)
# A time that no calendar knows: it is asked for.
_VAGUE = Pattern(
    r"\b(?:after|over) (?:the |my |our )?(?:holidays?|vacation|christmas|new year|easter|break"
    r"|trip)"
    r"|\bwhen (?:i'm|i am|we're|we are) back\b|\b(?:some )?(?:other|another) (?:time|day)\b"
    r"|\b(?:call|ring|contact|write|message|text|ping|try|talk)(?: to)?(?: me| us)? (?:again )?"
    r"later\b"
    r"|节后|假期(?:以?后|之后|结束)|放假(?:以?后|之后|回来)|过完年|年后|春节后|国庆后|改天|过几天|过段时间"
    r"|(?:以后|回头|晚点|晚些)再?(?:联系|说|聊|打)|回来(?:以?后|再)",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 200


@dataclass(frozen=True)
class Promise:
    """What was said; `when` is None when the time was too vague to be a date."""

    said: str
    when: When | None = None

    @property
    def walls(self) -> tuple[datetime, ...]:
        """Every wall time that may be meant, the likeliest first."""
        return () if self.when is None else (self.when.wall, *self.when.alternatives)


def promised(text: str, now: datetime) -> Promise | None:
    """What somebody of the team said they would do at some time to come."""
    return _found(text, now, _TEAM, vague=False)


def asked_for(text: str, now: datetime) -> Promise | None:
    """What a customer wants to be done, or says they will do, at some time to come."""
    return _found(text, now, _CUSTOMER, vague=True)


def _found(text: str, now: datetime, signs: Pattern, *, vague: bool) -> Promise | None:
    for whole in _SENTENCE.compiled.findall(text[:LONGEST_TEXT].replace("’", "'")):
        sentence = whole[:_LONGEST_SENTENCE]
        sign = signs.compiled.search(sentence)
        if sign is None:
            continue
        # "Sorry that it was late on Monday, I'll send it Friday": what follows counts first.
        when = _to_come(sentence[sign.end() :], now) or _to_come(sentence[: sign.start()], now)
        when = when or _to_come(sentence, now)
        if when is not None or (vague and _VAGUE.compiled.search(sentence)):
            return Promise(sentence.strip(), when)
    return None


def _to_come(words: str, now: datetime) -> When | None:
    when = find(words, now)
    if when is None or when.rule or when.is_past or when.wall <= now:
        return None
    return when
