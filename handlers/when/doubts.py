"""What stands around a moment and makes it doubtful: better to ask than to guess."""

from collections.abc import Iterable

from handlers.when.said import Piece, When
from handlers.when.words import Words


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


# Words right before or behind the moment that change it in a way not understood.

_COUNTED = _any("few", "couple", "several", "some", "[0-9]+", "two", "three", "four", "five", "six")
_CHANGED_BEFORE = Words(
    r"(?:(?<![a-z])"
    + _any(
        r"(?:first|second|third|fourth|fifth|last|middle|rest|most|half|quarter|ides)"
        r" (?:of|in|to|past)",
        r"(?:first|second|third|fourth|fifth|[0-9]{1,2}(?:st|nd|rd|th))",
        rf"{_COUNTED} (?:more )?(?:minutes|hours|days|weeks|months)"
        r" (?:of|before|after|from|on|to|past)",
        r"(?:days?|weeks?|months?|hours?) (?:before|after|from)",
        r"(?:morning|afternoon|evening|night|week|weekend) (?:before|after)",
        r"(?:end|start|beginning|day) of|next to|(?:same|this|that) day|[a-z]{2,9}/",
        r"later|early|late|unless|once|some ?time|other than",
        r"not(?: on| before| until)?|except(?: for| on| in)?",
        r"any(?: ?[a-z]+)?(?: on| after| before| in)?|any(?: ?[a-z]+){0,2} but",
        # What somebody does as a rule is no moment.
        r"(?:usually|generally|normally|mostly|often|typically|always)(?: [a-z]+){0,3}",
        r"(?:from|between) \S{1,8} (?:to|till|until|and)",
    )
    + r"(?: the| a| an)?\s*|(?<![a-z])since\s*|"
    + _any(
        r"过完|过了|(?:随便|任何|任意|无论|不管|哪)[^,，。]{0,6}",
        r"农历|阴历|[几多]个?|不是|除了|别在|不在|非",
        r"(?:只有|一般|通常|平时|经常)(?:都|在|是)?",
    )
    + r")\Z"
)
_CHANGED_AFTER = Words(
    _any(
        r"\s{0,3}(?:or|to) (?:two|three|four|five|later|earlier|sooner|after|before|so|next|the day"
        r"|[0-9]{1,2} (?:days|weeks|months|hours|minutes))(?![a-z])",
        r"\s{0,3}(?:(?:week|fortnight)(?![a-z])|and a half|except|at the earliest|excluded)",
        r" of [0-9]{1,2}|/[a-z]",
        r"\s{0,3}(?:或者?|还是)?(?:[几多]天|除外|半夜)",
        r"晚些|随便|(?:开始|起).{0,6}?(?:就|一直)|一直|到现在|至今|比较|一般都",
        r"两次|[2-9二三四五]次|各[一两]?次|[早晚]{1,2}各",
    )
)
# "Before Christmas" has its "before" itself: "the week before Christmas" changes it all the same.
_OWN_BESIDE = Words(r"(?:before|after)\s")

# A zone that is not the speaker's own.
_ZONE = Words(
    _any(
        r"\s?(?:[ecmp][sd]t|gmt|utc|cest|cet|bst|eet|msk|ist|jst|aest|z)(?![a-z])",
        r"\s(?:eastern|pacific|central|mountain)(?![a-z])",
        r"\s(?!(?:this|same|next|any|some|first|last|the|your|my|our|on|in|at|to|for|of|a|full|part"
        r"|all)\s)[a-z]+(?:\s(?:york|angeles|francisco|kong))? time(?![a-z])",
    )
)
_ZONE_BEFORE = Words(
    r"(?:北京|伦敦|纽约|东京|当地|美东|美西|美国|英国|德国|欧洲|太平洋|东部|西部|格林).{0,3}时间\s?\Z"
)
# A bare figure beside the day may be its hour.
_FIGURE_AFTER = Words(r"\s?,?\s[0-9]{1,2}\s?(?:\Z|[.,!?;])")
_FIGURE_BEFORE = Words(r"\A\s?[0-9]{1,2}\s\Z")
# "From Friday on" is that Friday, but 周五以后 may be any day behind it.
_SOME_TIME_AFTER = Words(r"(?:之后|以后)(?!的)")
# A recurrence with an end or with exceptions is more than a rule can say here.
_ENDED = Words(
    _any(
        r"\s{0,3},?\s{0,3}(?:until|till|through|except|excluding|but not|for the next|ending)"
        r"(?![a-z])",
        r"\s{0,3},?\s{0,3}for [0-9a-z]+ (?:days|weeks|months|times|years)",
        r"\s{0,3},?\s{0,3}(?:[0-9a-z]+ times(?![a-z])|[0-9]x|twice(?![a-z]))",
        r"\s{0,3},?\s{0,3}(?:直到|到.{1,12}(?:为止|结束)|除了|[,，]?(?:除|连续|一?共|持续))",
    )
)

_OF_A_SPAN = Words(r"[月年季周假]里?的\Z")


def is_changed(heard: str, when: When) -> bool:
    """Whether the words right before or behind it say another moment than this one."""
    own = _OWN_BESIDE.match(heard, when.start)
    before = heard[max(0, when.start - 40) : own.end() if own else when.start]
    if _CHANGED_BEFORE.search(before) or _CHANGED_AFTER.match(heard, when.end):
        return True
    if when.has_time:
        other_zone = _ZONE.match(heard, when.end) or _ZONE_BEFORE.search(heard, 0, when.start)
        return bool(other_zone or (when.rule and _is_limited(heard, when)))
    if when.rule and _is_limited(heard, when):
        return True
    behind = _SOME_TIME_AFTER.match(heard, when.end) or _FIGURE_AFTER.match(heard, when.end)
    return bool(behind or _FIGURE_BEFORE.match(heard, 0, when.start))


def _is_limited(heard: str, when: When) -> bool:
    return bool(_ENDED.match(heard, when.end) or _OF_A_SPAN.search(heard, 0, when.start))


# Somebody cannot, or does not want to, at that moment.

_REFUSED_BEFORE = Words(
    r"(?<![a-z])(?<!why )(?:can't|can ?not|couldn't|won't|don't|doesn't|didn't|isn't|never|avoid"
    r"|skip|instead of|rather than|no longer)"
    r"(?: (?:do|make|manage|work|come|be|meet|in|on|at|by|for|want|free|available|possible|have|the"
    r"|around|about|it)){0,4}\s{1,3}\Z"
    r"|(?:不要|别|不能|不想|不用)(?:在|是|约)?\s?\Z"
)
_REFUSED_AFTER = Words(
    r"\s{0,3},? ?(?:is|was|'s|are|would be|will be)? ?"
    + _any(
        r"isn't|wasn't|doesn't|won't|can't|cannot|no good|no longer|either|neither|impossible",
        r"not (?:good|possible|ok|okay|great|free|available|an option|working|convenient|going to"
        r"|ideal)",
        r"out of the question|(?<=[s.e] )too (?:late|early|soon)",
    )
    + r"(?![a-z])|(?:之?[前后]|以[前后])?(?:的话|那天)?[,，]?(?:我们?|店里)?[都也就]?"
    + _any(
        r"不行|不可以|不方便|不合适|没空|没时间|没有空|没有时间|不在",
        r"来不了|去不了|来不及|不能|不可能|太[晚早]",
    )
)


def is_refused(heard: str, when: When) -> bool:
    """Whether it is a moment that does not suit: "can't make Friday", "周四不行"."""
    if when.until:
        return False
    before = heard[max(0, when.start - 48) : when.start]
    return bool(_REFUSED_BEFORE.search(before) or _REFUSED_AFTER.match(heard, when.end))


# Time that was said and not read. Where some is left in the sentence it may change everything.

_FEASTS = r"(?:christmas|xmas|easter|thanksgiving|new year|halloween|holidays?|ramadan|diwali)"
_HOURS = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_LEFT_WORDS = _any(
    r"[ap]\.?m\.?|arvo|o'?clock|noon|midnight|midday|fortnight|nye|weekend",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|tues|wed|thu|thur|thurs|fri",
    r"tomorrow|tmrw|tonight|(?<!good )(?:night|morning|afternoon|evening)s?",
    r"(?:next|this|last) (?:week|month|year|quarter)|the day (?:before|after)",
    r"(?:days?|weeks?|months?|hours?|minutes?) (?:before|earlier|later|prior|ahead|in advance)",
    r"(?:during|over|before|after|around|by) (?:the )?(?:lunch|dinner|breakfast|brunch|work|school"
    r"|dawn|sunrise|sunset|bed)",
    rf"(?:before|after|until|till|from|to|since|between) (?:the )?{_FEASTS}",
    rf"(?:after|before|by|around|about|say|at|until|till|from) {_HOURS}(?=\s*(?:\Z|[.,!?;)]))",
    r"(?<!no )later(?! than)|earlier(?! than)",
    # As adjectives they only name a thing: "the daily report".
    r"(?:nightly|daily|hourly)(?=\s*(?:\Z|[,.]| (?:at|on|from|until|for)\b))",
)
_LEFT_FIGURES = (
    r"(?<![0-9.:,/£$€¥-])[0-9]{1,2}"
    r"(?::[0-9]{2}|[.][0-9]{2}(?!\s?(?:%|[a-z\u4e00-\u9fff]))|\s?[ap]m|h[0-9]{2})(?![0-9.%:])"
)
_LEFT_CHARACTERS = _any(
    r"提前.{0,2}[一两二三四五六七八九十半0-9]",
    r"的前[一两二三四五六七八九十]?[天周]|的后[一两二三]?[天周]|[天周]前|的[今明后]天|前夕",
    r"(?<![0-9一二三四五六七八九月])十一(?=上午|下午|晚|放假|前|后|期间|假期|长假)",
    r"[一两二三四五六七八九十][两二三四五六七八九]点|[0-9一两二三四五六七八九十]{1,3}点(?:多|钟|半|差)",
    r"(?:春节|国庆|中秋|端午|清明|圣诞|元旦|五一|十一|双十一|平安夜|除夕|过年|放假|假期)节?"
    r"(?:之?[前后]|以[前后]|到|至|期间)",
)
_LEFT = Words(rf"(?<![a-z0-9'.-]){_LEFT_WORDS}(?![a-z0-9'-])|{_LEFT_FIGURES}|{_LEFT_CHARACTERS}")
_SENTENCE_END = Words(r"[!?;\n！？；]|\.(?=\s|\Z)")
# "The Monday meeting" and "Monday's report" name a thing by its day.
_ITS = Words(r"(?<![a-z])(?:the|our|my|your|his|her|their|this|that|a)\s{1,3}\Z")
_THING = Words(
    r"(?:'s)?\s{1,3}(?!(?:at|on|in|by|is|was|and|or|to|for|with|if|when|please|before|after)\b)[a-z]{3,}"
)
_OF_A_THING = Words(
    r"\b(?:the|my|our|your|his|her|their|this|that)\s[a-z]{3,}(?:\s[a-z]{3,})?\s(?:from|of)\s\Z"
)


def is_left_unread(heard: str, taken: Iterable[Piece], when: When) -> bool:
    """Whether the sentence holds words about time that belong to no moment that was read."""
    begins, ends = sentence_around(heard, when)
    read = [(when.start, when.end), *((piece.start, piece.end) for piece in taken)]
    for found in _LEFT.finditer(heard, begins, ends):
        is_read = any(start < found.end() and found.start() < end for start, end in read)
        if not is_read and not is_topic(heard, found.start(), found.end()):
            return True
    return False


def sentence_around(heard: str, when: When) -> tuple[int, int]:
    """Where the sentence begins and ends that the moment stands in."""
    begins = 0
    for end in _SENTENCE_END.finditer(heard):
        if end.start() >= when.end:
            return begins, end.start()
        if end.end() <= when.start:
            begins = end.end()
    return begins, len(heard)


def is_topic(heard: str, start: int, end: int) -> bool:
    """Whether the day only names a thing: "the Friday meeting", "my order from Monday"."""
    if heard.startswith("'s", end) or _OF_A_THING.search(heard, max(0, start - 40), start):
        return True
    return bool(_ITS.search(heard, max(0, start - 8), start) and _THING.match(heard, end))
