"""What somebody looks for: the thing, and what it may cost."""

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.understanding.patterns import Pattern
from handlers.understanding.words import LONGEST_TEXT

LONGEST_THING = 120

_ASKS = Pattern(
    r"(?:\bdo you (?:guys |also |still |happen to )?(?:have|sell|stock|carry|offer)"
    r"|\b(?:i'm|i am|we're|we are|am|currently|just|been) (?:currently |also )?"
    r"(?:looking|searching)"
    r" for|^(?:hi|hello|hey)?[ ,!.]{0,3}(?:looking|searching) for|\bin the market for"
    r"|\b(?:i|we)(?:'d| would| want| wanted|'d like| would like| am going| plan| wish)"
    r"(?: like| love| want)? to (?:buy|order|purchase|get)|\binterested in (?:buying |getting )?)"
    r"\s+(?P<what>[^\n?.!;]{2,})",
    re.IGNORECASE,
)
_ASKS_CHINESE = Pattern(
    r"(?:(?:有没有|有无|有卖|卖不卖|求购|在找|想找|我?们?(?:想|要|想要|打算|准备)(?:购?买|订购|采购|入手))"
    r"(?P<what>[^\n。？！?!；;，,]{1,40})"
    r"|(?:^|请问|[，。,！\s]|你们|您们|店里|贵店|这里|那里|家)还?有(?P<asked>[^\n。？！?!；;，,]{2,30}?)"
    r"(?:卖|货|出售|现货)?[吗么嘛])"
)
# With these begins what people also ask for, and what we do not sell.
_NOT_A_THING = Pattern(
    r"(?:my|our|your|his|her|their|it|this|that|them|me|us|help|support|news|updates?|ideas?|time|"
    r"an? (?:minute|moment|second|refund|reply|answer|response|update|way|phone number|number|"
    r"problem|question|invoice|receipt|human|look|idea)|(?:any|some) (?:news|updates?|ideas?|info"
    r"\w*|questions?|more|help|plans|time|answer\w*|one|record\w*)|the (?:status|order|tracking|"
    r"time|number|money|same)|someone|somebody|anyone|an answer|information|more info\w*|in touch"
    r"|back|refund\w*|reply|response)(?![\w-])",
    re.IGNORECASE,
)
_NOT_A_THING_CHINESE = Pattern(
    r"我的|我们的|人|消息|结果|进展|进度|空|时间|优惠|折扣|发票|客服|问题|回复|办法|回音|可能|必要|什么"
    r"|更新|答复|收到|发货|退|到货|事|电话"
)
_LEADING = Pattern(
    r"(?:an?|any|some|the|one|more|such|something like|个|一个|一款|一台|一些|这种|那种|卖)\s*",
    re.IGNORECASE,
)
_TRAILING = Pattern(
    r"(?:\s+(?:in stock|available|please|pls|for sale|at the moment|right now|today|thanks?|too|as "
    r"well|by any chance|there|here|from you|and how much.*|or not)|[ ,，]+|的?(?:货|卖|出售|现货)?"
    r"[吗么嘛呢啊吧]?)$",
    re.IGNORECASE,
)

_NUMBER = r"(\d{1,9}(?:[.,]\d{1,3})*)\s*([kK万千])?"
_MONEY = r"([$€£¥￥]|usd|eur|gbp|cny|rmb|dollars?|euros?|pounds?|元|块钱?|美元|欧元|英镑|人民币)"
_UP_TO = Pattern(
    rf"(?:under|below|up to|less than|cheaper than|at most|max(?:imum)?(?: of)?|no more than"
    rf"|not over|budget(?: is| of|:)?|不超过|低于|最多|预算)\s*(?:about |around |是|为|在)?\s*"
    rf"{_MONEY}?\s*{_NUMBER}\s*{_MONEY}?|{_MONEY}?\s*{_NUMBER}\s*{_MONEY}?\s*"
    rf"(?:以内|以下|之内|or less|max)",
    re.IGNORECASE,
)
_BETWEEN = Pattern(
    rf"(?:between\s+|from\s+)?{_MONEY}?\s*{_NUMBER}\s*{_MONEY}?\s*(?:and|to|-|–|~|到|至)\s*{_MONEY}?"
    rf"\s*{_NUMBER}\s*{_MONEY}?",
    re.IGNORECASE,
)
_CURRENCIES = {
    "USD": ("$", "usd", "dollar", "dollars", "美元"),
    "EUR": ("€", "eur", "euro", "euros", "欧元"),
    "GBP": ("£", "gbp", "pound", "pounds", "英镑"),
    "CNY": ("¥", "￥", "cny", "rmb", "元", "块", "块钱", "人民币"),
}
_BY_SIGN = {sign: code for code, signs in _CURRENCIES.items() for sign in signs}
_TIMES = {"k": 1000, "K": 1000, "千": 1000, "万": 10_000}


@dataclass(frozen=True)
class Wish:
    """Something that somebody wants to have."""

    what: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    currency: str | None = None


def wish_in(text: str) -> Wish | None:
    """What a text asks for, or None when it surely asks for nothing that is sold."""
    text = text[:LONGEST_TEXT].replace("’", "'")
    what = _english(text) or _chinese(text)
    if not what:
        return None
    lowest, highest, currency = _price(text)
    return Wish(what, lowest, highest, currency)


def _english(text: str) -> str:
    for asked in _ASKS.compiled.finditer(text):
        said = asked["what"].strip()
        if not _NOT_A_THING.compiled.match(said):
            return _thing(said)
    return ""


def _chinese(text: str) -> str:
    for asked in _ASKS_CHINESE.compiled.finditer(text):
        said = (asked["what"] or asked["asked"]).strip()
        if not _NOT_A_THING_CHINESE.compiled.match(said):
            return _thing(said)
    return ""


def _thing(said: str) -> str:
    said = _UP_TO.compiled.sub(" ", said)
    said = re.split(r",|，| but | because | if | so | for (?:under|less)", said, maxsplit=1)[0]
    before = None
    while before != said:
        before = said
        said = _TRAILING.compiled.sub("", said.strip()).strip()
    said = _LEADING.compiled.sub("", said, count=1) if _LEADING.compiled.match(said) else said
    return said[:LONGEST_THING].strip() if len(said) > 1 else ""


def _price(text: str) -> tuple[Decimal | None, Decimal | None, str | None]:
    span = _BETWEEN.compiled.search(text)
    if span is not None and _currency(span.groups()):
        low, high = _amount(span[2], span[3]), _amount(span[6], span[7])
        return min(low, high), max(low, high), _currency(span.groups())
    limit = _UP_TO.compiled.search(text)
    if limit is None:
        return None, None, None
    number, times = (limit[2], limit[3]) if limit[2] else (limit[6], limit[7])
    return None, _amount(number, times), _currency(limit.groups())


def _amount(number: str, times: str | None) -> Decimal:
    # The last mark before one or two digits is the decimal one; every other groups thousands.
    whole, decimals = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", number).groups()  # type: ignore[union-attr]
    plain = re.sub(r"[.,]", "", whole)
    return Decimal(f"{plain}.{decimals or 0}") * _TIMES.get(times or "", 1)


def _currency(said: tuple[str | None, ...]) -> str | None:
    for each in said:
        code = _BY_SIGN.get((each or "").lower())
        if code:
            return code
    return None
