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
        r"(?:twice|thrice|times)(?: a)?|this or|some ?day",
        r"(?<!this )(?<!that )(?<!the )one(?: day)?",
        r"holidays?(?: on)?|(?:every|each)(?: [a-z]+)?",
        r"later|early|late|mid-?|unless|once|some ?time(?: in)?|some point(?: in)?|other than",
        r"not(?: on| before| until)?|except(?: for| on| in)?",
        r"any(?: ?[a-z]+)?(?: on| after| before| in)?|any(?: ?[a-z]+){0,2} but",
        # What somebody does as a rule is no moment.
        r"(?:usually|generally|normally|mostly|often|typically|always)(?: [a-z]+){0,3}",
        r"(?:from|between) \S{1,8} (?:to|till|until|and)",
        r"(?:before|after|until|till|when) (?:we|you|they|i|he|she|it) [a-z]+",
        # A price, as in "it costs 5 pm", per month.
        r"(?:costs?|priced?|charged?|charges|fees?|worth|rent|pays?|paying)"
        r"(?: (?:is|are|of|at|us|about|around|only|just)){0,2}",
        # "She may be free in the morning" asks for nothing.
        r"(?<!in )(?<!of )(?:may|might)(?: not)? (?:be|have|come|call|need|want"
        r"|get|go|take|arrive|drop|write)(?: [a-z]+){0,3}(?: (?:on|in|at|by))?",
    )
    + r"(?: the| a| an)?\s*|(?<![a-z])since\s*|"
    + _any(
        r"过完|过了|(?:随便|任何|任意|无论|不管|哪)[^,，。]{0,6}",
        r"(?:[天周月年]|小时|星期|礼拜)[零又加]|(?:当|那|同一|第二|隔)天的?|农历|阴历|[几多]个?|不是|除了?|别在|不在|非",
        r"(?:收到|到货|签收|发货|付款|下单|验收|交付|签约|安装|购买)[^,，。]{0,8}[后起]|之日起",
        r"(?<!第)[0-9一二两三四五六七八九十]{1,3}点?[-\x7e到至]|每逢?个?|[从自][^,，。]{1,12}起",
        r"(?:只有|一般|通常|平时|经常)(?:都|在|是)?",
    )
    + r")\Z"
)
_CHANGED_AFTER = Words(
    _any(
        r"\s{0,3}(?:or|to) (?:two|three|four|five|later|earlier|sooner|after|before|so|next|the day"
        r"|[0-9]{1,2} (?:days|weeks|months|hours|minutes))(?![a-z])",
        r"\s{0,3}(?:(?:week|fortnight)(?![a-z])|and a half|except|at the earliest|excluded)",
        r"\s{1,3}(?:after|before)(?: that| this)?(?=\s*(?:\Z|[.,;!?)]))",
        r" (?:of|from|after|upon) (?:the |your |our |its )?(?:receipt|receiving|delivery|purchase"
        r"|signing|signature|order|invoice|payment|date|arrival|installation|issue|dispatch|shipment)"
        r"(?![a-z])",
        # "The Sunday Times", "the 5 o'clock train", "5 pm per seat".
        r"\s(?:times|telegraph|mirror|herald|tribune|train|flight|bus|ferry|per)(?![a-z])",
        r" of [0-9]{1,2}|/[a-z]|\s{1,3}instead of [0-9]",
        r"\s{1,3}(?:or|and|&) (?:at )?[0-9]{1,2}(?=\s*(?:\Z|[.,!?;)]| to(?:day|morrow|night)))",
        r"\s{0,3}(?:或者?|还是)?(?:[几多]天|除外|半夜)|是?(?:星期|周|礼拜)几|是?几号",
        r"里?的?(?:某|任[何意])一?[天日]|早些|早前|稍早",
        r"[前后上下]半(?!个?小时|年)",
        r"[之以]?内(?![蒙容部科])|差(?:一刻|[0-9一二三四五十两]{1,3}分)|晚些|[晚迟早]一?点(?!名)|随便|(?:开始|起).{0,6}?(?:就|一直)|一直|到现在|至今|比较|一般都",
        r".{0,3}(?:两次|[2-9二三四五]次)|各[一两]?次|[早晚]{1,2}各",
    )
)
# "Before Christmas" has its "before" itself: "the week before Christmas" changes it all the same.
_OWN_BESIDE = Words(r"(?:before|after)\s")

# A zone that is not the speaker's own.
_ZONE = Words(
    _any(
        r"\s?\(?(?:[ecmp][sd]?t|gmt|utc|cest|cet|bst|eet|msk|ist|jst|aest|z)(?![a-z])",
        r"\s(?:eastern|pacific|central|mountain)(?![a-z])",
        r"\s(?!(?:this|same|next|any|some|first|last|the|my|our|on|in|at|to|for|of|a|full|part"
        r"|all)\s)[a-z]+(?:\s(?:york|angeles|francisco|kong))? time(?![a-z])",
    )
)
_ZONE_BEFORE = Words(
    r"(?:北京|伦敦|纽约|东京|当地|美东|美西|美国|英国|德国|欧洲|太平洋|东部|西部|格林).{0,3}时间\s?\Z"
)
# A bare figure beside the day may be its hour.
_FIGURE_AFTER = Words(
    r"\s?,?\s[0-9]{1,2}\s?(?:\Z|[.,!?;]|(?:or|instead|please|pls|then|ok|thanks|thx)(?![a-z]))"
)
_FIGURE_BEFORE = Words(r"(?:\A|\b(?:make it|do|say|for|to|instead of)\s)\s?[0-9]{1,2}\s(?:on\s)?\Z")
# "From Friday on" is that Friday, but 周五以后 may be any day behind it.
SOME_TIME_AFTER = Words(r"(?:之后|以后|后(?![面来续天半者]))(?!的)")
# A recurrence with an end or with exceptions is more than a rule can say here.
_ENDED = Words(
    _any(
        r"\s{0,3},?\s{0,3}(?:until|till|through|except|excluding|but not|for the next|ending)"
        r"(?![a-z])",
        r"\s{0,3},?\s{0,3}on (?:my|your|his|her|our|their|its|(?:the|an?) (?:birth|anniv|holi))",
        r"\s{0,3},?\s{0,3}for [0-9a-z]+ (?:days|weeks|months|times|years)",
        r"\s{0,3},?\s{0,3}(?:[0-9a-z]+ times(?![a-z])|[0-9]x|twice(?![a-z]))",
        r"的?(?:第[一二三四五1-5]|最后[一1]?|首|头[一1]?)个?(?:天|日|周|星期|礼拜|工作日|月)",
        r"\s{0,3},?\s{0,3}(?:直到|到.{1,12}(?:为止|结束)|除了|[,，]?(?:除|连续|一?共|持续))",
        r"[^.;!?]{0,8}(?:除外|不算|不包括|跳过)",
    )
)

# "On 9, 10 and 11 November": the days before the last ones.
_DAYS_BEFORE = Words(r"(?<![0-9.:/])[0-9]{1,2}(?:st|nd|rd|th)?[,、]\s?(?:the\s)?\Z")
# "Tom 5pm": a name, or tomorrow.
_TOM = Words(r"(?<![a-z])tom\s{1,3}\Z")
# "Open on Sundays" tells of every Sunday, and asks for none.
_OPEN = Words(
    r"(?<![a-z])(?:opens?|close[sd]?|hours(?: are|:)?)(?: on| from| at)?\s{0,3}\Z"
    r"|(?:营业|服务|工作|上班|办公|开放|开门)(?:时间)?(?:为|是|:)?\s?\Z"
)
_OF_A_SPAN = Words(
    r"[月年季周假]里?的\Z|[这本](?:周|月|个月|个?星期|个?礼拜|季度)的?\Z"
    r"|(?:接下来|未来|今后|连续|(?:for|over) the (?:next|coming))[^,.;!?]{0,20},?\s?\Z"
)


# "I was promised a reply by Monday": it may be over by now, unless it says which Monday.
_PROMISED = Words(
    r"(?<![a-z])(?:(?:was|were|been) (?:promised|told|supposed)|you (?:promised|said))"
    r"(?: [a-z']+){0,6}\s\Z|(?<![a-z])(?:should|would|could) have (?:[a-z']+ ){1,5}\Z"
    r"|你们?(?:答应|承诺|保证|说好?)[^,，。]{0,6}\Z"
)
# "Sold in two days": how long something took.
_TOOK = Words(
    r"(?<!be )(?<!get )(?<!is )(?<!s )\b(?:sold|took|arrived|delivered|finished|shipped|fixed"
    r"|repaired|resolved|answered|replied|responded|lost|won)(?: [a-z0-9',]+){0,4}\s\Z"
)
_TO_COME = Words(r"next|coming|today|tomorrow|tonight|(?:19|20)[0-9]{2}|[下今明后]")


def is_changed(heard: str, when: When) -> bool:
    """Whether the words right before or behind it say another moment than this one."""
    own = _OWN_BESIDE.match(heard, when.start)
    before = heard[max(0, when.start - 40) : own.end() if own else when.start]
    if _TOM.search(before) and heard[when.start].isdigit():
        return True
    if when.rule and _OPEN.search(before):
        return True
    if heard[when.start].isdigit() and not when.rule and _DAYS_BEFORE.search(before):
        return True
    if _CHANGED_BEFORE.search(before) or _CHANGED_AFTER.match(heard, when.end):
        return True
    if heard.startswith("in ", when.start) and _TOOK.search(before):
        return True
    promised = not when.is_past and _PROMISED.search(before)
    if promised and not _TO_COME.search(heard, when.start, when.end):
        return True
    if when.has_time:
        other_zone = _ZONE.match(heard, when.end) or _ZONE_BEFORE.search(heard, 0, when.start)
        return bool(other_zone or (when.rule and _is_limited(heard, when)))
    if when.rule and _is_limited(heard, when):
        return True
    is_more = when.rule or when.until or when.is_past
    after = is_more and SOME_TIME_AFTER.match(heard, when.end)
    behind = after or _FIGURE_AFTER.match(heard, when.end)
    return bool(behind or _FIGURE_BEFORE.search(heard, 0, when.start))


# "Every year at Christmas", 每月倒数第二天: which of its days was said, and not read.
_SOME_DAY_OF_IT = Words(
    r"\s(?:on|in|around|before|after|during|at (?:christmas|easter|thanks|hallow|new|the (?!same)))"
    r"|的?(?:倒数|第|最后|[上中下]旬|[初末底]|[春夏秋冬]|同|这|那)"
    r"|的?[^,.;!?]{0,3}(?:节|生日|纪念日|元旦|国庆|中秋|端午|清明|圣诞|五一)"
)


# "Every day this week at nine".
_IN_THIS_ONE = Words(
    r"(?:\s{0,3},?\s(?:of |in |during |for )?|(?<![a-z]))(?:this|next) (?:week|month|quarter|year)"
    r"(?![a-z]|'s)|[这本](?:周|月|个月|个?星期)(?![一二三四五六日天])"
)


def _is_limited(heard: str, when: When) -> bool:
    if _IN_THIS_ONE.search(heard, when.start, when.end) or _IN_THIS_ONE.match(heard, when.end):
        return True
    names_no_day = when.rule in ("FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")
    if names_no_day and not when.has_time and _SOME_DAY_OF_IT.match(heard, when.end):
        return True
    before = heard[max(0, when.start - 40) : when.start]
    return bool(_ENDED.match(heard, when.end) or _OF_A_SPAN.search(before))


# Somebody cannot, or does not want to, at that moment.

_REFUSED_BEFORE = Words(
    r"(?<![a-z])(?<!why )(?:can't|can ?not|couldn't|won't|don't|do not|doesn't|didn't|isn't|never"
    r"|avoid"
    r"|cant|couldnt|wont|dont|doesnt|didnt|isnt"
    r"|skip|instead of|rather than|no longer)"
    r"(?: (?:do|make|manage|work|come|be|meet|in|on|at|by|for|want|free|available|possible|have|the"
    r"|around|about|it|call|ring|phone|e?mail|text|message|contact|write|visit|deliver|send|schedule"
    r"|book|disturb|bother|chase|ping|me|us|them|him|her|anything|to|this|a|any)){0,5}\s{1,3}\Z"
    # "No calls on Wednesday".
    r"|(?<![a-z])no (?:calls?|meetings?|visits?|deliver(?:y|ies)|e?mails?|appointments?|demos?"
    r"|messages?"
    r"|follow-?ups?|reminders?|contact)(?: (?:on|at|in|before|after|until|for)){0,2}\s{1,3}\Z"
    r"|(?:(?<!要)不要|别|(?<!能)不能|(?<!想)不想|(?<!用)不用)(?:在|是|约)?\s?\Z"
)
_REFUSED_AFTER = Words(
    r"\s{0,3},? ?(?:is|was|'s|are|would be|will be|got|has been)? ?"
    + _any(
        r"isn't|wasn't|doesn't|won't|can't|cannot|no good|no longer|either|neither|impossible",
        r"not (?:good|possible|ok|okay|great|free|available|an option|working|convenient|going to"
        r"|ideal)",
        r"(?:slot|meeting|call|appointment|session|demo|visit)(?: is| was|'s| has been| got)"
        r" (?:taken|gone|full|booked|cancell?ed|off|no longer)",
        r"cancell?ed|called off|out of the question|(?<=[s.e] )too (?:late|early|soon)",
        r"(?<=[s.e] )(?:fully |all )?(?:booked|full|taken)",
    )
    + r"(?![a-z])|(?:之?[前后]|以[前后])?(?:的话|那天)?[,，]?(?:我们?|店里)?[都也就]?"
    + _any(
        r"不行|不可以|不方便|不合适|没空|没时间|没有空|没有时间|不在|[已约订]满",
        r"(?:请|就|先)?(?:别|不要|勿|不用|不必|甭)(?!忘|迟|晚|错过|再?拖|漏)",
        r"的?(?:会|档|场|时段|名额)?(?:已经?)?(?:没了|没有了|被[占约订抢]|取消了)",
        r"来不了|去不了|满了|排满|有冲突|有事(?=[,，.;]|\Z)|来不及|不能|不可能|太[晚早]",
    )
)


# "If they don't call by Friday".
_IF = Words(r"\b(?:if|unless|in case|should|when)\s[^.,;!?]{0,24}\Z")
# "Not on Friday but on Monday", 不是周五，是周一.
_NOT_THIS = Words(r"(?:(?<![a-z])not(?: on)?\s(?:this\s)?|不是)\Z")
_BUT_THAT = Words(r"\s?,?\s(?:but|rather)\s(?!the\s(?:one|week|day))|[,，]?而?是")


def is_another_instead(heard: str, when: When) -> bool:
    """Whether it is only named to say that it is another moment."""
    return bool(_NOT_THIS.search(heard, 0, when.start) and _BUT_THAT.match(heard, when.end))


def is_refused(heard: str, when: When) -> bool:
    """Whether it is a moment that does not suit: "can't make Friday", "周四不行"."""
    if when.until:
        return False
    before = heard[max(0, when.start - 48) : when.start]
    refused = _REFUSED_BEFORE.search(before)
    if refused and refused[0].startswith("do") and _IF.search(before, 0, refused.start()):
        refused = None
    return is_another_instead(heard, when) or bool(refused or _REFUSED_AFTER.match(heard, when.end))


_OFF = Words(
    r"\s{0,3}(?:is|are|'s|will be)\s(?:(?:an?|the|my|our)\s)?(?:(?:public|bank|national)\s)?"
    r"(?:holiday|day off|closed|off)(?![a-z])"
    r"|[我们都也是要店里公司]{0,4}(?:放假|休息|不上班|休假|关门|调休)"
)


_AWAY = Words(
    r"(?<![a-z])(?:away|off|out|closed|busy|on (?:leave|holiday|vacation)|out of (?:the )?office)"
    r"(?:\s(?:on|from|all|all of|the whole of))?\s(?:the\s)?\Z"
)


def is_off(heard: str, when: When) -> bool:
    """Whether nobody works that day, so that another one in the text is meant."""
    return bool(_OFF.match(heard, when.end) or _AWAY.search(heard, 0, when.start))


# Time that was said and not read. Where some is left in the sentence it may change everything.

_FEASTS = r"(?:christmas|xmas|easter|thanksgiving|new year|halloween|holidays?|ramadan|diwali)"
_HOURS = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_LEFT_WORDS = _any(
    r"what time|mid-?(?:week|month)|(?<!i )[ap]\.?m\.?|arvo|o['\s]?clock|noon|midnight|midday",
    r"fortnight|nye",
    r"(?<!good )(?<!nice )(?<!great )(?<!lovely )(?<!happy )weekend",
    # "M/W/F at 9".
    r"(?:m|tu|t|w|th|f)(?:/(?:tu|t|w|th|f|sa|su)){1,4}|mwf|tth|m-f|m-th",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|tues|wed|thu|thur|thurs|fri",
    r"tomorrow|tmrw|tonight|(?<!good )(?:night|morning|afternoon|evening)s?",
    r"(?:next|this|last) (?:week|month|year|quarter)|the day (?:before|after)",
    r"(?:days?|weeks?|months?|hours?|minutes?) (?:before|earlier|later|prior|ahead|in advance)",
    r"(?:during|over|before|after|around|by) (?:the )?(?:lunch|dinner|breakfast|brunch|work|school"
    r"|dawn|sunrise|sunset|bed)",
    rf"(?:before|after|until|till|from|to|since|between) (?:the )?{_FEASTS}",
    r"(?:the )?[0-9]{1,2}(?:st|nd|rd|th)(?=\s*(?:\Z|[,.;!?]| at | of (?:next|this)))",
    r"(?:in|by|until|till|before|after|of) (?:january|february|april|june|july|august|september"
    r"|october|november|december)",
    rf"{_HOURS} or {_HOURS}(?= (?:on|at|in)\b|\s*(?:\Z|[.,!?;)]))",
    rf"(?:between|from) {_HOURS} (?:and|to|till|until)|(?:half|quarter|ten|five) past|quarter to",
    rf"(?:after|before|by|around|about|say|at|until|till|from) {_HOURS}(?=\s*(?:\Z|[.,!?;)]))",
    rf"(?<!no )later(?! than)|earlier(?! than)|{_FEASTS} (?:eve|break)",
    r"(?:first|last|end|start|beginning|middle) of (?:the |this |next )?(?:week|month|quarter)",
    rf"(?:at|@) {_HOURS}"
    r"(?= (?:works|suits|is|would|will|sounds|please|pls|then|if|to|or)(?![a-z]))",
    # "At 3, no, 8": what it was corrected to.
    rf"(?:no|nope|sorry|actually|wait|rather|make (?:it|that)),? (?:at )?{_HOURS}"
    r"(?=\s*(?:\Z|[.,!?;)]))",
    # As adjectives they only name a thing: "the daily report".
    r"(?:nightly|daily|hourly)(?=\s*(?:\Z|[,.]| (?:at|on|from|until|for)\b))",
)
_LEFT_FIGURES = (
    r"(?<![0-9.:,/£$€¥-])[0-9]{1,2}"
    r"(?::[0-9]{2}|[.][0-9]{2}(?!\s?(?:%|[a-z\u4e00-\u9fff]))|\s?[ap]m|h[0-9]{2})(?![0-9.%:])"
    r"|(?<![0-9.:,/£$€¥-])(?:[01]?[0-9]|2[0-3])(?:h|\s?uhr)(?![a-z0-9])"
)
_LEFT_CHARACTERS = _any(
    r"(?:[周月年]|星期|礼拜|季度)结束|[0-9一二三四五六七八九十]{1,3}号(?=[0-9上下早晚中,.]|\Z)",
    # A day counted from another one, or what is left over of a day, a month or a length.
    r"[前后头][一两]天|前一晚|[今明后昨][天晚早]|[月年](?:底|初(?!一)|末)|月的?(?:最后|第一)|最后一天"
    r"|[0-9一二三四五六七八九十]月(?=[0-9一二三四五六七八九十])|(?:小时|分钟|[天周年]|个月)[之以]?[后内]",
    r"(?<!整个)(?<!整)(?:上午|下午|中午|晚上|早上|凌晨|傍晚|夜里)(?![好茶])|[早午晚][饭餐](?:时|前|后|[之以][前后])",
    r"(?:周|星期|礼拜)[一二三四五六日末](?!愉快|快乐|好|的|例?会|[周一二三四五六日])",
    r"(?<=点)[0-9一二两三四五六七八九十]{1,3}点|几点(?!见)|什么时[候间](?!都)",
    # 一三五 are Monday, Wednesday and Friday.
    r"一三五|二四六",
    r"前(?:半个?|[一两二三四五六七八九十1-9][十0-9]?个?)(?:小时|分钟|刻钟|钟头)",
    r"提前.{0,2}[一两二三四五六七八九十半0-9]",
    r"的前[一两二三四五六七八九十]?[天周]|的后[一两二三]?[天周]|[天周]前|的[今明后]天|前夕",
    r"(?<![0-9一二三四五六七八九月])十一(?=上午|下午|晚|放假|前|后|期间|假期|长假)",
    r"[一两二三四五六七八九十][两二三四五六七八九]点|[0-9一两二三四五六七八九十]{1,3}点(?:多|钟|半|差)",
    r"(?:春节|国庆|中秋|端午|清明|圣诞|元旦|五一|十一|双十一|平安夜|除夕|过年|放假|假期)节?"
    r"(?:之?[前后]|以[前后]|到|至|期间|之间)|[到至](?:春节|国庆|圣诞|元旦|五一|过年|放假)",
)
_LEFT = Words(
    rf"(?<![a-z0-9'.-]){_LEFT_WORDS}(?![a-z0-9-]|'(?!s(?![a-z])))|{_LEFT_FIGURES}|{_LEFT_CHARACTERS}"
)
_SENTENCE_END = Words(r"[!?;\n！？；]|\.(?=\s|\Z|[\u4e00-\u9fff])")
# "The Monday meeting" and "Monday's report" name a thing by its day.
_ITS = Words(r"(?<![a-z])(?:the|our|my|your|his|her|their|this|that|a)\s{1,3}\Z")
_THING = Words(
    r"(?:'s)?\s{1,3}(?!(?:at|on|in|by|is|was|and|or|to|for|with|if|when|please|before|after|the|my"
    r"|our|your|his|her|their|it|this|that|we|they|you|she|he)\b)[a-z]{3,}"
)
_OF_A_THING = Words(
    r"\b(?:the|my|our|your|his|her|their|this|that)\s[a-z]{3,}(?:\s[a-z]{3,})?\s(?:from|of)\s\Z"
)


# "It ends on the 15th. Remind me on the 13th": what is asked for is meant, not what is told.
REQUEST = Words(
    r"\b(?:remind|ping|nudge|call|ring|phone|chase|e?mail|text|message|follow up|check in|get back"
    r"|touch base|try|schedule|snooze|book|poke|bug)\b"
    r"|提醒|打给|打电话|致电|联系|回电|催|跟进|叫我|通知"
)


def is_left_unread(
    heard: str, taken: Iterable[Piece], when: When, *, is_bare_time: bool = False
) -> bool:
    """Whether the sentence holds words about time that belong to no moment that was read.

    "Monday's delivery: can it come at 7am?" says a bare time that may well be that day's.
    """
    begins, ends = sentence_around(heard, when)
    read = [(when.start, when.end), *((piece.start, piece.end) for piece in taken)]
    for found in _LEFT.finditer(heard, begins, ends):
        is_read = any(start < found.end() and found.start() < end for start, end in read)
        if is_read:
            continue
        its_thing = _THING.match(heard, found.end())
        ends = its_thing.end() if its_thing else found.end()
        is_before = is_bare_time and ends < when.start
        is_its_day = is_before and not REQUEST.search(heard, ends, when.start)
        if is_its_day or not is_topic(heard, found.start(), found.end()):
            return True
    return False


def sentence_around(heard: str, when: When) -> tuple[int, int]:
    """Where the sentence begins and ends that the moment stands in."""
    begins = 0
    # "On Friday. Call me": the dot of an abbreviated day may end the sentence as well.
    last = when.end - heard.endswith(".", when.start, when.end)
    for end in _SENTENCE_END.finditer(heard):
        if end.start() >= last:
            return begins, end.start()
        if end.end() <= when.start:
            begins = end.end()
    return begins, len(heard)


def is_topic(heard: str, start: int, end: int) -> bool:
    """Whether the day only names a thing: "the Friday meeting", "my order from Monday"."""
    if (heard.startswith("'s", end) and not heard[start].isdigit()) or _OF_A_THING.search(
        heard, max(0, start - 40), start
    ):
        return True
    return bool(_ITS.search(heard, max(0, start - 8), start) and _THING.match(heard, end))
