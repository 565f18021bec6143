"""What somebody surely wants, by rules; what is not sure is not said."""

import re
from collections.abc import Iterable
from enum import StrEnum

from handlers.understanding.patterns import Pattern
from handlers.understanding.words import LONGEST_TEXT, folded


class Intent(StrEnum):
    """What a message is for."""

    ORDER_NUMBER = "order_number"
    COMPLAINT = "complaint"
    CALL_BACK = "call_back"
    OPT_OUT = "opt_out"
    DATA_REQUEST = "data_request"


_ORDER = Pattern(
    r"(?:\border|\binvoice|\bbooking|订单|单号)(?:\s*(?:number|no\.?|nr\.?|id|is|号码?|编号|是|为))*"
    r"\s*[:：#＃]?\s*#?([a-z]{0,4}-?\d[\d-]{2,14})(?![\w-])|(?<!\w)#([a-z]{0,4}-?\d{3,14})(?!\w)",
    re.IGNORECASE,
)

_SIGNS: dict[Intent, Pattern] = {
    Intent.COMPLAINT: Pattern(
        r"\b(?:complain(?:t|ts|ing)?|unacceptable|outrageous|terrible|awful|horrible|appalling"
        r"|disappointed|disappointing|disgusted|worst|rip-?off|scam|ridiculous|furious|fed up"
        r"|angry|waste of (?:time|money)|(?:arrived|came|was|is|are) (?:broken|damaged|defective"
        r"|faulty)|(?:doesn't|does not|don't|didn't|not) work(?:ing)?|still (?:not|no|hasn't|have"
        r"n't|waiting)|never (?:arrived|came|answered|again)|third time)\b"
        r"|投诉|差评|太差|垃圾|骗人|骗子|坏了|坏的|破损|不能用|用不了|失望|气死|太过分|受不了"
        r"|还没(?:有)?(?:到|收到|发|解决|处理|人)|一直没(?:有)?(?:人|到|回)|第三次"
    ),
    Intent.CALL_BACK: Pattern(
        r"\b(?:(?<!don't )(?<!not )(?:call|phone|ring) me(?! (?!back|at|on|tomorrow|today|tonight"
        r"|later|when|after|before|next|please|asap|again|now|as|if|about|in|this)\w)|give me a "
        r"(?:call|ring)|call (?:me )?back|callback|want(?:s)? a call|speak (?:to|with) (?:someone|"
        r"somebody|a person|a human) (?:on|by) (?:the )?phone)\b"
        r"|打(?:个)?电话(?:给我|联系我)|给我(?:打|回|来)(?:个|一个)?电话|回(?:个|我)?电话|回电"
        r"|致电(?:给)?我|电话联系我"
    ),
    Intent.OPT_OUT: Pattern(
        r"\b(?:unsubscribe|stop (?:sending|messaging|texting|writing|spamming)(?: me)?(?! the)"
        r"|no more (?:messages|ads|promotions|offers|newsletters|advertising)|opt me out|opt out"
        r"|(?:take|remove) me (?:off|from) (?:your|the|this) (?:list|mailing|newsletter))\b"
        r"|退订|取消订阅|(?:不要|别)再?(?:给我)?(?:发|推送)(?:广告|消息|信息|推广|了)|不想再?收到"
    ),
    Intent.DATA_REQUEST: Pattern(
        r"\b(?:(?:delete|erase|remove) (?:all )?(?:of )?my (?:personal )?(?:data|account|details"
        r"|information|profile)|(?:what|which) (?:personal )?(?:data|information) (?:do you|you) "
        r"(?:have|hold|store|keep|know)|(?:copy|export) of my (?:personal )?data|gdpr|right to be "
        r"forgotten|data protection request)\b"
        r"|删除我的?(?:个人|全部|所有)?(?:数据|资料|信息|账号|账户)|注销我?的?(?:账号|账户)"
        r"|(?:我的)?个人(?:信息|数据|资料)[^。！？]{0,8}(?:删除|导出|有哪些)"
        r"|导出我的?(?:个人)?(?:数据|资料|信息)"
    ),
}

# A whole message of nothing but these is a courtesy, and asks for nothing.
_THANKS = (
    r"thank you|thank u|thanks?|thx|tnx|ty|tysm|cheers|much appreciated|i? ?(?:really )?appreciate"
    r"(?: it| that| your help)?|many thanks|非常感谢|太感谢|十分感谢|感谢|谢谢|多谢|谢啦|谢"
    r"|辛苦|麻烦(?:你|您)|有劳"
)
_AROUND = (
    r"good night|okay|ok|k|oh|ah|yes|yep|great|perfect|excellent|cool|nice|awesome|wonderful"
    r"|brilliant|super|amazing|lovely|fantastic|alright|all right|all good|got it|understood"
    r"|will do|noted|good|that (?:helps|helped|works|worked)|it (?:works|worked)(?: now)?"
    r"|works now|problem solved|solved|you(?:'re| are) the best|a lot|lots|so much|very much"
    r"|a million|again|guys|everyone|team|all|and|very"
    r"|for (?:your|the|all your|all the|all|everything)(?: (?:quick|fast|kind|great"
    r"|swift))?(?: (?:help|support|reply|response|answer|service|assistance|time|info"
    r"|update|information))?"
    r"|you too|(?:have|wish you) a (?:nice|good|great|lovely) (?:day|evening|weekend|one|week)"
    r"|best regards|kind regards|regards|bye|goodbye|see you|take care"
    r"|好的?|好滴|好哒|好嘞|嗯+|哦+|明白|知道|收到|了解|没事|没问题|太好|太棒|真棒|解决|已经"
    r"|你们?|您|了|啦|哈+|的|啊|呀|再见|拜拜|晚安|祝(?:你|您)(?:们)?|生意兴隆|生活愉快|愉快|大家"
    r"|非常|真的|很|帮助|帮忙|的?回复|支持"
)
_GLAD = "👍🙏❤😊🙂😀😃😄😁🎉👌💪🥰😘🤝✅🌹☺💯👏🤗😉♥💐🌸👋"
_GAP = rf"[\s,.!~;:()\"'，。！～；：、{_GLAD}\ufe0f\U0001f3fb-\U0001f3ff-]"
# Atomic: a word that has been read is not read again in another way, however long the line is;
# so what begins like another of these stands before it.
_ONLY_THANKS = Pattern(rf"{_GAP}*+(?>(?:{_THANKS}|{_AROUND})(?:{_GAP}+|$|(?<=[^\x00-\x7f])))*+")
_ANYTHING = Pattern(rf"[^\W\d_]|[{_GLAD}]")
# A courtesy is short; and so are the texts that these patterns, full of choices, have to look at.
_LONGEST_COURTESY = 120


def intents(text: str) -> tuple[Intent, ...]:
    """Everything that a message surely is, in English or Chinese; empty when nothing is sure."""
    heard = folded(text)
    found = [Intent.ORDER_NUMBER] if order_numbers(text) else []
    found += [intent for intent, signs in _SIGNS.items() if signs.compiled.search(heard)]
    return tuple(found)


def order_numbers(text: str) -> tuple[str, ...]:
    """The numbers of orders that a text names, as they were written."""
    found = (number or other for number, other in _ORDER.compiled.findall(text[:LONGEST_TEXT]))
    return tuple(dict.fromkeys(number.strip("-") for number in found))


def is_only_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a message says thanks, fine or goodbye and nothing else; `names` may be addressed."""
    heard = _courteous(text, names)
    if heard is None or "?" in heard or "？" in heard:
        return False
    return (
        _ANYTHING.compiled.search(heard) is not None
        and _ONLY_THANKS.compiled.fullmatch(heard) is not None
    )


def _courteous(text: str, names: Iterable[str]) -> str | None:
    if not text.strip() or len(text) > _LONGEST_COURTESY:
        return None
    heard = folded(text)
    for name in names:
        if len(name) > 1:
            heard = re.sub(rf"(?<!\w){re.escape(folded(name))}(?!\w)", " ", heard)
    return heard.strip()
