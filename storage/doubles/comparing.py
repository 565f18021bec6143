"""Field by field: what two persons have in common, and what speaks against it."""

from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import ratio, token_sort_ratio

from storage.doubles import weights
from storage.doubles.naming import Likeness, Name, alike, compared
from storage.doubles.person import SHARED_MAILBOXES, Known, Mailbox

# A name alone never says more than this.
SURELY = 7.0
# The words for how names are alike.
_HOW = ("same", "nickname", "initial", "pinyin", "sound", "short", "part", "slip", "other")
BY_NAME = frozenset(f"name.{how}" for how in _HOW)


# What people of one house or office share.
_SHARED = frozenset(
    "phone.same phone.near email.shared address.same address.near address.half company.same "
    "company.near".split()
)
_SHARED_BY_TWINS = _SHARED | {"birthday.same"}
# By these they are told to be of one house.
_LINES = frozenset(("phone.same", "email.shared", "company.same", "company.near"))
_BORN_APART = frozenset(("birthday.other", "birthday.years"))
# So many years lie between parents and children at least.
_GENERATION = 14
# Given names that are so alike may be one.
_ONE_NAME = 0.75
# Names that are no more alike than that are not one misread.
_NOT_ONE = -1.0
# "Young Wang", "old Zhang": how somebody is called by the family name alone.
_BY_FAMILY = frozenset("小老阿")


@dataclass(frozen=True, slots=True)
class Level:
    """What a field says: a key of the weights, and how strongly it holds (1 for most)."""

    key: str
    strength: float = 1.0


def levels(a: Known, b: Known) -> list[Level]:
    """What each field that both have says."""
    found = [_names(a, b), *levels_besides_names(a, b)]
    of_both = _of_a_house(a, b, found)
    return [each for each in found if each.key not in of_both] if of_both else found


def levels_besides_names(a: Known, b: Known) -> list[Level]:
    """The same without the names, which cost most."""
    found = []
    for field, each in (
        ("phone", _phone(a.phones, b.phones)),
        ("email", _email(a.mailboxes, b.mailboxes)),
        ("birthday", _birthday(a.birthday, b.birthday)),
        ("address", _address(a.addresses, b.addresses)),
        ("company", _company(a.company, b.company)),
        ("id", _id(a.ids, b.ids)),
    ):
        if each:
            found.append(Level(f"{field}.{each}"))
    if a.gender and b.gender and a.gender != b.gender:
        found.append(Level("gender.other"))
    return found


def _of_a_house(a: Known, b: Known, found: list[Level]) -> frozenset[str]:
    """What they share and two people would, too: families and offices have one phone and address.

    That is so where the given names are two, twins among them, and for parents and children of one
    name. An address without a phone or a company, with no other birthday, is more often that of one
    person in a list where the name was misread.
    """
    said = {each.key for each in found}
    has_line = bool(said & _LINES)
    if has_line and "birthday.years" in said:
        return _SHARED
    if not has_line and not said & _BORN_APART:
        return frozenset()
    name = found[0]
    if name.strength >= _NOT_ONE or name.key not in BY_NAME:
        return frozenset()
    if any(_may_be_one_given(one, other) for one in a.names for other in b.names):
        return frozenset()
    return _SHARED_BY_TWINS


def _may_be_one_given(a: Name, b: Name) -> bool:
    """Whether a first name is the same, as it stays when somebody marries, or is not known."""
    if a.chinese and b.chinese:
        by_family = a.chinese[0] in _BY_FAMILY or b.chinese[0] in _BY_FAMILY
        return (
            by_family or min(len(a.chinese), len(b.chinese)) < 2 or a.chinese[1:] == b.chinese[1:]
        )
    if len(a.tokens) < 2 or len(b.tokens) < 2:
        return True
    return alike(a.tokens[0], b.tokens[0])[0] >= _ONE_NAME


# Names


def _names(a: Known, b: Known) -> Level:
    if not a.names or not b.names:
        return Level("name.missing")
    best = max((judged_name(one, other) for one in a.names for other in b.names), key=_odds)
    return Level(f"name.{best[1]}", best[0])


def _odds(judged: tuple[float, str]) -> float:
    return judged[0]


@lru_cache(maxsize=4096)
def judged_name(a: Name, b: Name) -> tuple[float, str]:
    """The logarithm of the odds that two names are one person's, and in a word why."""
    if _numbers(a) and _numbers(b) and _numbers(a) != _numbers(b):
        # Guest 12 and Guest 13 are two, however much alike the rest is.
        return -SURELY, "other"
    found = compared(a, b)
    values = name_features(found)
    total = weights.NAME_PRIOR + sum(weights.NAME[key] * value for key, value in values.items())
    return max(-SURELY, min(SURELY, total)), _word_for(found, total)


def _numbers(name: Name) -> str:
    return "".join(filter(str.isdigit, name.joined))


def name_features(found: Likeness) -> dict[str, float]:
    """What the weight of a name is computed from; the keys are those of the weights."""
    return {
        "worst": min(found.worst, 0.8),
        "near": max(0.0, found.worst - 0.8) * 5,
        "mean": found.mean,
        "whole": found.whole,
        "extra": float(min(found.extra, 2)),
        "half": float(found.fewest == 1 and found.most > 1),
        "single": float(found.most == 1),
        "initial": float("initial" in found.how),
        "only_initials": float("initial" in found.how and found.worst < 1 and found.fewest == 1),
        "nickname": float("nickname" in found.how),
        "sound": float("sound" in found.how),
        "pinyin": float("pinyin" in found.how),
        "short": float("short" in found.how),
        "other": float("other" in found.how),
    }


def _word_for(found: Likeness, total: float) -> str:
    if total < -1 or "other" in found.how:
        return "other"
    if found.worst == 1 and not found.extra:
        return "pinyin" if "pinyin" in found.how else "same"
    for how in ("nickname", "initial", "pinyin", "sound", "short"):
        if how in found.how:
            return how
    return "part" if found.extra else "slip"


# The other fields


def _phone(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    if not a or not b:
        return ""
    if any(_same_number(one, other) for one in a for other in b):
        return "same"
    if any(len(x) > 6 and OSA.distance(x, y, score_cutoff=1) <= 1 for x in a for y in b):
        return "near"
    return "other"


def _same_number(a: str, b: str) -> bool:
    # One may lack the area code: from seven digits on the shorter one's are enough.
    shortest = min(len(a), len(b))
    return a == b or (shortest >= 7 and a[-shortest:] == b[-shortest:])


def _email(a: tuple[Mailbox, ...], b: tuple[Mailbox, ...]) -> str:
    if not a or not b:
        return ""
    found = {_mailboxes(one, other) for one in a for other in b}
    order = ("same", "shared", "near", "local", "domain", "other")
    return next(each for each in order if each in found)


def _mailboxes(a: Mailbox, b: Mailbox) -> str:
    if a.whole == b.whole:
        return "shared" if a.local in SHARED_MAILBOXES else "same"
    if a.local in SHARED_MAILBOXES or b.local in SHARED_MAILBOXES:
        return "other"
    if len(a.local) > 3 and a.local == b.local:
        return "local"
    if len(a.whole) > 8 and OSA.distance(a.whole, b.whole, score_cutoff=2) <= 2:
        return "near"
    return "other"


def _birthday(a: str, b: str) -> str:
    if not a or not b:
        return ""
    if a == b:
        return "same"
    if len(a) == len(b) == 8 and a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]:
        return "swapped"
    slips = OSA.distance(a, b)
    if slips == 1:
        return "near"
    if slips > 2 and len(a) == len(b) == 8 and abs(int(a[:4]) - int(b[:4])) >= _GENERATION:
        return "years"
    return "half" if slips == 2 else "other"


def _id(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    if not a or not b:
        return ""
    if set(a) & set(b):
        return "same"
    slips = min(OSA.distance(x, y) for x in a for y in b)
    if slips == 1:
        return "near"
    return "half" if slips == 2 and min(map(len, a + b)) > 5 else "other"


def _company(a: str, b: str) -> str:
    if not a or not b:
        return ""
    if a == b:
        return "same"
    return "near" if max(ratio(a, b), token_sort_ratio(a, b)) >= 85 else "other"


def _address(a: tuple[tuple[str, ...], ...], b: tuple[tuple[str, ...], ...]) -> str:
    if not a or not b:
        return ""
    near = max(address_likeness(x, y) for x in a for y in b)
    for least, word in ((0.93, "same"), (0.75, "near"), (0.5, "half"), (0.3, "little")):
        if near >= least:
            return word
    return "other"


def address_likeness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How much of two addresses is in both, whatever the order: 0 to 1."""
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    left = list(longer)
    matched = total = 0.0
    for word in shorter:
        weight = _worth(word)
        total += weight
        if word in left:
            left.remove(word)
            matched += weight
            continue
        near, other = max(((_words(word, each), each) for each in left), default=(0.0, ""))
        if near >= 0.8:
            left.remove(other)
            matched += weight * near
    missing = sum(map(_worth, left))
    return matched / (total + 0.5 * missing) if total else 0.0


def _worth(word: str) -> float:
    # A long word says more than a short one; the kind of a street hardly anything.
    return 0.5 if word in _COMMON else min(2.0, 0.5 + log(1 + len(word)) / 1.5)


_COMMON = frozenset(
    "street road avenue place court close drive crescent terrace lane way flat unit number floor "
    "nsw vic qld sa wa tas act nt".split()
)


@lru_cache(maxsize=16384)
def _words(a: str, b: str) -> float:
    if a.isdigit() != b.isdigit():
        return 0.0
    if a.isdigit():
        return 0.85 if len(a) > 2 and OSA.distance(a, b, score_cutoff=1) <= 1 else 0.0
    return JaroWinkler.similarity(a, b)


__all__ = [
    "SURELY",
    "Level",
    "address_likeness",
    "alike",
    "judged_name",
    "levels",
    "levels_besides_names",
    "name_features",
]
