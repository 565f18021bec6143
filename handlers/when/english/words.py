"""The words that English phrases about time share: names, numbers, what may follow a figure."""

import re

from handlers.when.digits import YEAR
from handlers.when.said import AFTERNOON, EVENING, MORNING, NIGHT, WEEKDAYS, Grammar, Match
from handlers.when.words import Words


def english(needs: str | None = None) -> Grammar:
    before, after = r"(?<![0-9a-z_\u00c0-\u052f])", r"(?![0-9a-z_\u00c0-\u052f]|'s(?![a-z]))"
    return Grammar(before, after, needs)


DAY = (
    r"(mon(?:day)?|tue(?:s(?:day)?)?|tuseday|wed(?:nesday|nsday|s)?|wensday|thu(?:r(?:s(?:day)?)?)?"
    r"|thrusday|fri(?:day)?|sat(?:urday)?|satuday|sun(?:day)?"
    # As fingers slip.
    r"|mo(?:da|nda|dna)y|te?usday|tuesay|wend?esday|wed(?:ne)?sady|wednseday|wedne?day"
    r"|th(?:irsda|urda|ursa|usda|rusda|ursad)y|f(?:ird|rd|ri[df]d)ay|sat(?:erd|u?rd)ay|s(?:una|and|und)dy"
    r"|sunady|w[edns]{3,8}[da]{1,2}y|th[urs]{2,6}[da]{1,2}y|tu[eus]{1,4}[da]{1,2}y"
    r"|sat[aure]{1,5}d?ad?y|su[un]{1,3}d?ad?y)"
)
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
A_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
NUMBERS = {word: number for number, word in enumerate(WORDS, 1)} | {
    "a": 1,
    "an": 1,
    "couple": 2,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "half": 30,
    "quarter": 15,
    "other": 2,
}
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|ninety)"
NUMBER = (
    rf"(?:{_TENS}(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|{'|'.join(WORDS[::-1])})"
)
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "last": -1,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "other": 2,
}
_FIRSTS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
DAYS_IN_WORDS = {word: number for number, word in enumerate(_FIRSTS, 1)} | {"thirtieth": 30}
# The 21st to the 29th and the 31st, said with a blank or a hyphen.
DAYS_IN_WORDS |= {f"twenty {word}": 20 + number for number, word in enumerate(_FIRSTS[:9], 1)}
DAYS_IN_WORDS["thirty first"] = 31
DAY_IN_WORDS = rf"((?:twenty(?: |-)|thirty(?: |-))?(?:{'|'.join(_FIRSTS[::-1])})|thirtieth)"
NTH = r"(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)"
HOUR = r"(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|1[0-9]|2[0-3]|0?[0-9])"
HALF = (
    r"(?:(?:ish)?~(?:in the )?(?P<half>[ap]\.?~m\.?|(?<=[0-9])[ap](?![a-z]))"
    r"| (?:in (?:the )?|at )(?P<part>morning|afternoon|evening|night))"
)
# What may follow a bare figure that is meant as a time or a day, and not as a number of things.
CLEAR = (
    r"(?=\s*\Z|~[;!?)(\n]|~[.,:](?![0-9])|~-(?![0-9])|[^\x00-\u2e7f]"
    r"| (?:at|on|by|to|for|with|and|or|in|about|re|from|until|till|please|pls|around|sharp"
    r"|latest|this|next|every|each|tomorrow|today|tonight"
    rf"|we|i|you|then|if|when|because|but|so|as|noon|midnight|morning|afternoon|evening|{YEAR}"
    r"|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|[0-9]{1,2}(?::[0-9]{2}|(?:[:.][0-9]{2})?~[ap]m))(?![a-z0-9]))"
)
CLEAR_AFTER = Words(CLEAR.replace("~", r"\s{0,3}").replace(" (?:", r"\s{1,3}(?:"), re.ASCII)
THINGS = Words(
    r"\s{0,3}%|\s{1,3}(?!(?:works|suits|sounds|looks|seems|starts|begins|ends|fits|helps|opens"
    r"|closes|arrives|leaves|comes|goes)\b)[a-z]{2,}[a-rt-z]s(?![a-z])"
)
NAMED = Words(
    r"(?<![a-z])(?:on|by|until|till|from|before|since|yearly|annually|every|starting)\s{1,3}\Z"
)
PARTS = {
    "morning": MORNING,
    "afternoon": AFTERNOON,
    "arvo": AFTERNOON,
    "aft": AFTERNOON,
    "evening": EVENING,
    "eve": EVENING,
    "night": NIGHT,
}


def number_of(word: str) -> int:
    """The number in figures or in words; "twenty-five" is the sum of both."""
    if word.isdigit():
        return int(word)
    return sum(NUMBERS[part] for part in word.replace("-", " ").split())


def day_in_words(said: str) -> int:
    """The day of the month in "twenty-fifth". Raises ValueError when there is none."""
    day = DAYS_IN_WORDS.get(" ".join(said.replace("-", " ").split()))
    if day is None:
        raise ValueError("No month has such a day.")
    return day


def weekday_of(name: str) -> int:
    return WEEKDAYS.index({"te": "TU", "fi": "FR"}.get(name[:2], name[:2].upper()))


def month_of_name(name: str) -> int:
    return "janfebmaraprmayjunjulaugsepoctnovdec".index(name[:3]) // 3 + 1


def words_before(match: Match) -> str:
    return match.string[max(0, match.start() - 16) : match.start()]
