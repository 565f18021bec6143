"""What has already been: "I ordered it on 2 March" is the March that is over."""

from dataclasses import replace

from dateutil.relativedelta import relativedelta

from handlers.when.said import Piece, Speaker, When
from handlers.when.words import Words

_DONE = (
    r"(?:ordered|bought|purchased|placed|opened|received|paid|sent|signed|e?mailed|called|phoned"
    r"|rang|wrote|came|visited|returned|delivered|arrived|broke|stopped|started|began|joined"
    r"|registered|cancelled|canceled|spoke|talked|met|saw|got|was|were|had|collected|shipped|posted"
    r"|submitted|asked|complained|installed|dropped|missed|failed|died|happened|tried|contacted"
    r"|reported|changed|picked|booked|chatted|raised|logged|issued|discussed|mentioned|explained"
    r"|left|departed|went|finished|expired|ended|launched|replied|answered|responded|resolved"
    r"|fixed|repaired|replaced|tested|inspected|approved|rejected|renewed|upgraded|crashed|leaked"
    r"|escalated|forwarded|uploaded|lost|won|sold|hired"
    r"|promised|noted|requested|charged|debited|billed|refunded|taken|made)"
)
# Behind these the deed is still to come, or the day belongs to something else.
_NOT_BETWEEN = (
    r"(?!(?:to|for|if|that|until|till|by|will|when|due|planned|scheduled|supposed|set|back|about"
    r"|and|but|so|moved|told|going|thinking|hoping)\b)"
)
_NOT_THE_DOER = (
    r"(?!(?:be|is|are|get|gets|getting|to|been|being|it's|have|having|not|want|wants|need|needs"
    r"|when|if|once|until|till|will)\s)"
)
_BEFORE = Words(
    rf"(?:\A|(?<![a-z'])){_NOT_THE_DOER}[a-z0-9']{{1,20}}\s"
    rf"(?:already |just |only |have |had |has )?{_DONE}"
    rf"(?:\s{_NOT_BETWEEN}[a-z0-9'#]{{1,20}}){{0,5}}"
    r"(?:\s(?:on|in|since|at|dated))?\s(?:the\s)?\Z"
    r"|(?:thanks|thank you|thx|sorry) for\s(?:[a-z' ]{0,30}\s)?\Z"
    # A thing that bears the date of a day is from then: "the order from June 12".
    r"|\b(?:order|purchase|parcel|package|e-?mail|message|ticket|invoice|receipt|letter|chat"
    r"|complaint|voicemail|mail|text|sms|note|quote|offer|proposal|photos?|files?|documents?|report"
    r"|minutes)(?: #?[0-9a-z-]*[0-9])? (?:from|dated)\s(?:the\s)?\Z"
    r"|(?:谢谢|感谢|多谢|辛苦).{0,4}\Z|(?:本来|原本)(?:说好?)?(?:是|在|定在)?\Z"
)
# "Did you get my mail from Monday?"
_DID = Words(
    r"\bdid(?:n't)? (?:you|he|she|they|we|i|it|anyone|someone|somebody|anybody) (?:get|receive|see"
    r"|call|ring|send|come|try|ship|pay|talk|speak|hear|meet|go|visit|deliver|arrive|attend|read)"
    rf"(?:\s{_NOT_BETWEEN}[a-z0-9'#]{{1,20}}){{0,5}}(?:\s(?:on|in|from))?\s(?:the\s)?\Z"
)
# "Get it signed", "have the report sent": what is still to be done.
_TO_BE_DONE = Words(
    r"\b(?:have|get|having|getting|needs?|wants?|likes?|see|keep|make sure|ensure)\s"
    rf"(?!(?:already |just |only )?{_DONE}\b)[^,.;!?]{{1,50}}\Z"
)
_AFTER = Words(
    rf"\s(?:she|he|they|we|i|it|someone|somebody)\s(?:already |just )?{_DONE}(?![a-z])|"
    r"\s(?:already |just |only )?(?:went (?:well|fine|great|badly|ok|okay|smoothly|wrong|very|down)"
    r"|(?:was|were) (?:great|good|fine|bad|awful|terrible|lovely|nice|very|really|so|quite"
    r"|excellent|productive|helpful|useful|fun|perfect))(?![a-z])|"
    r"\s?(?:[上下早晚中午]{2})?"
    r"(?:我们?|您|你|他们?|她|就|已经?|才|刚|在.{1,8}?|从.{1,8}?){0,3}"
    r"(?:购?买|下单|下|订|定|开|付款?|付|寄|发货?|收到|到|提交|提|签收?|退|申请|装|换|修|送|做|来|打|坏|约|预订|说"
    r"|联系|见|聊|谈|问|看|试|参加|拜访|碰)"
    r"(?:[的了过](?!话|时|再|就|给|吗|没)|的.{0,4}没|了.{0,4}[,，]?[还却])"
    r"|(?:我们?|他们?|她们?|你们?)?没有?(?:接|收|看|赶|来|去|打|联系|回|见|参加|付|发|送)[到上成过了]"
    r"(?!.{0,6}(?:的话|就|再))"
    r"|的.{1,6}(?:开|谈|聊|进行|办|做)得"
    r"|[,，]?(?:谢谢|多谢|感谢|辛苦)|的(?:那[个笔张封])?(?:订单|单子|发票|邮件|消息|收据|投诉|工单|来信)"
)
_OWN_LEAD = Words(r"(?:on|in)\s")
_DEADLINE = Words(r"(?:by|until|till)\s")
_SAID_WHICH = Words(r"next|coming|this|week|today|tomorrow|night|(?:19|20)[0-9]{2}|[下这本今明后]")
_BACK = {
    "BYDAY": relativedelta(weeks=1),
    "BYMONTHDAY": relativedelta(months=1),
    "BYMONTH": relativedelta(years=1),
}


def has_been(heard: str, whole: Piece, when: When, speaker: Speaker) -> When | None:
    """The same day of the week, month or year before; None when it is not said to be over."""
    if when.rule or when.is_past or whole.last or "," in whole.by:
        return None
    if _DEADLINE.match(heard, when.start):
        return None
    own = _OWN_LEAD.match(heard, when.start)
    before = heard[max(0, when.start - 90) : own.end() if own else when.start]
    done = _BEFORE.search(before) and not _TO_BE_DONE.search(before)
    if not (done or _DID.search(before) or _AFTER.match(heard, when.end)):
        return None
    if when.wall.date() == speaker.today and not whole.clock:
        return replace(when, wall=min(when.wall, speaker.now), alternatives=(), is_past=True)
    is_only_a_time = whole.clock and not (whole.days or whole.moment or whole.part)
    if is_only_a_time and when.wall.date() > speaker.today:
        # "Our call at 2pm was great", said at five: the two of today, and not of tomorrow.
        wall = when.wall - relativedelta(days=1)
        return replace(when, wall=wall, alternatives=(), is_past=wall <= speaker.now)
    if not whole.by or _SAID_WHICH.search(heard, when.start, when.end):
        return None
    wall = when.wall - _BACK[whole.by.partition("=")[0]]
    return replace(when, wall=wall, alternatives=(), is_past=True)
