"""Names of people side by side: what is the same, what is nearly, and in which way."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import ratio

from storage.doubles.scripts import bones, is_korean, latin, sound
from storage.doubles.variants import are_two_names, is_variant
from storage.finding.folding import folded
from storage.finding.pinyin import is_chinese, spoken, syllables

# What stands before or after a name without being a part of it.
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame rev fr herr frau ing dipl mag phd md msc mba bsc "
    "jr sr ii iii iv esq hon mme mlle monsieur madame sig sra don señor senor".split()
)
_TITLES_ZH = ("先生", "女士", "小姐", "老师", "总")
# Little words of names; often left out.
_PARTICLES = frozenset(
    "de la le van von der den del della di da dos das du el al bin ibn ben bint ter ten zu zum y "
    "abu ap mac of the".split()
)
_MOST_WORDS = 6
# Words that are less alike than this have nothing to do with each other.
NOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Name:
    """A name made ready: its words in Latin letters, and its Chinese characters if it has any."""

    tokens: tuple[str, ...]
    chinese: str

    @property
    def joined(self) -> str:
        """The words without spaces."""
        return "".join(self.tokens)


@lru_cache(maxsize=16384)
def name_of(text: str) -> Name:
    """Make a name ready: folded, without titles, in Latin letters."""
    plain = folded(text.replace(".", ". "))
    if plain.isascii():
        latins = plain.split()
        return Name(tuple(_without_titles(latins)[:_MOST_WORDS]), "")
    chinese = "".join(filter(is_chinese, plain))
    for title in _TITLES_ZH:
        chinese = chinese.removesuffix(title) if len(chinese) > len(title) + 1 else chinese
    others = "".join(" " if is_chinese(c) else c for c in plain).split()
    words = [latin(part) for word in others for part in _parts(word)]
    kept = _without_titles(words)
    if chinese and not kept:
        kept = list(spoken(chinese) or (syllables(chinese),))
    return Name(tuple(filter(None, kept))[:_MOST_WORDS], chinese)


def _without_titles(words: list[str]) -> list[str]:
    return [word for word in words if word not in _TITLES] or words


def _parts(word: str) -> tuple[str, ...]:
    # A Korean name is written in one; the family name is its first syllable.
    if 2 <= len(word) <= 4 and all(map(is_korean, word)):
        return word[0], word[1:]
    return (word,)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two names side by side.

    `worst` and `mean` are how alike the words are that belong together (0 to 1), `whole` the
    likeness of the whole names, `extra` how many words only one of them has; `how` is the ways in
    which words differ that mean the same.
    """

    worst: float
    mean: float
    whole: float
    extra: int
    fewest: int
    most: int
    how: frozenset[str]


SAME = Likeness(1.0, 1.0, 1.0, 0, 2, 2, frozenset())


@lru_cache(maxsize=16384)
def alike(a: str, b: str) -> tuple[float, str]:
    """How alike two words of names are, and what the difference is."""
    if a == b:
        return 1.0, "same"
    if len(a) == 1 or len(b) == 1:
        return (0.9, "initial") if a[0] == b[0] else (0.0, "other")
    if is_variant(a, b):
        return 0.95, "nickname"
    if sound(a) == sound(b):
        return 0.96, "sound"
    near = JaroWinkler.similarity(a, b)
    if are_two_names(a, b) or _by_gender(a, b):
        return min(near, 0.7), "other"
    longest, shortest = max(len(a), len(b)), min(len(a), len(b))
    slips = OSA.distance(a, b)
    if slips == 1 and shortest >= 3:
        near = max(near, 0.93 if longest >= 5 else 0.86)
    elif slips == 2 and shortest >= 6:
        near = max(near, 0.88)
    near = max(
        near * (1.0 if slips <= 2 else 0.96), JaroWinkler.similarity(sound(a), sound(b)) - 0.06
    )
    if shortest >= 4 and bones(a) == bones(b) and len(bones(a)) >= 3:
        return max(near, 0.92), "sound"
    if shortest >= 3 and longest > shortest and (a.startswith(b) or b.startswith(a)):
        return max(near, 0.88), "short"
    return near, "slip"


def _by_gender(a: str, b: str) -> bool:
    """Mario and Maria, Daniel and Daniela: a letter that is not a slip."""
    if len(a) == len(b):
        return a[:-1] == b[:-1] and {a[-1], b[-1]} == {"a", "o"}
    long, short = (a, b) if len(a) > len(b) else (b, a)
    return len(short) > 3 and long == short + "a"


def compared(a: Name, b: Name) -> Likeness:
    """Two names side by side."""
    if a.chinese and b.chinese and len(a.chinese) > 1 and len(b.chinese) > 1:
        return _compared_in_chinese(a.chinese, b.chinese)
    first, second = a.tokens, b.tokens
    if not first or not second:
        # Characters on one side only, and no reading of them.
        return Likeness(0.0, 0.0, 0.0, 0, 1, 1, frozenset({"other"}))
    across = bool(a.chinese) != bool(b.chinese)
    if sorted(first) == sorted(second):
        how = frozenset({"pinyin"}) if across else frozenset()
        return Likeness(1.0, 1.0, 1.0, 0, len(first), len(first), how)
    return _by_words(first, second, across)


def _by_words(a: tuple[str, ...], b: tuple[str, ...], across: bool) -> Likeness:
    b = _joined_as_in(a, b)
    a = _joined_as_in(b, a)
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    pairs, left = _best_pairs(shorter, longer)
    weights = [0.3 if len(word) == 1 or word in _PARTICLES else len(word) for word, _, _ in pairs]
    # A little word that is missing or other says next to nothing.
    felt = [(near, how) for word, near, how in pairs if word not in _PARTICLES] or [
        (near, how) for _, near, how in pairs
    ]
    hows = {how for _, how in felt if how != "same"}
    if across:
        hows.add("pinyin")
    total = sum(weight * near for weight, (_, near, _) in zip(weights, pairs, strict=True))
    extra = [word for word in left if len(word) > 1 and word not in _PARTICLES]
    if any(len(word) == 1 for word in left):
        hows.add("middle")
    joined = "".join(a), "".join(b)
    whole = max(ratio(*joined), ratio("".join(sorted(a)), "".join(sorted(b)))) / 100
    worst = min(near for near, _ in felt)
    if joined[0] == joined[1]:
        worst, total, extra = 1.0, sum(weights), []
        hows.clear()
    return Likeness(
        worst, total / sum(weights), whole, len(extra), len(shorter), len(longer), frozenset(hows)
    )


def _best_pairs(
    shorter: tuple[str, ...], longer: tuple[str, ...]
) -> tuple[list[tuple[str, float, str]], list[str]]:
    """Each word of the shorter name with its like in the longer one, and what is left of that."""
    ways = sorted(
        (
            (alike(one, other), -abs(x - y), x, y)
            for x, one in enumerate(shorter)
            for y, other in enumerate(longer)
        ),
        key=lambda way: (way[0][0], way[1]),
        reverse=True,
    )
    found: dict[int, tuple[str, float, str]] = {}
    taken: set[int] = set()
    for (near, how), _, x, y in ways:
        if x not in found and y not in taken:
            found[x] = (max(shorter[x], longer[y], key=len), near, how)
            taken.add(y)
    pairs = [found[x] for x in range(len(shorter))]
    return pairs, [word for y, word in enumerate(longer) if y not in taken]


def _joined_as_in(whole: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...]:
    """Words joined where the other name has them in one: "mary ann" beside "maryann"."""
    for at in range(len(parts) - 1):
        both = parts[at] + parts[at + 1]
        if len(both) > 3 and parts[at] not in whole and any(_nearly(both, w) for w in whole):
            return (*parts[:at], both, *parts[at + 2 :])
    return parts


def _nearly(a: str, b: str) -> bool:
    return a == b or (len(a) > 5 and len(b) > 5 and OSA.distance(a, b, score_cutoff=1) == 1)


def _compared_in_chinese(a: str, b: str) -> Likeness:
    if a == b:
        return SAME
    by_sound = spoken(a) or (syllables(a),), spoken(b) or (syllables(b),)
    if len(a) == len(b) and syllables(a) == syllables(b):
        # The same sound in other characters: traditional ones, or a slip of the input method.
        return Likeness(0.93, 0.93, 0.9, 0, 2, 2, frozenset({"sound"}))
    near = ratio(a, b) / 100
    if len(a) != len(b) and max(len(a), len(b)) <= 4 and (a.endswith(b) or b.endswith(a)):
        # A given name alone, as friends call each other.
        return Likeness(0.9, 0.95, near, 1, 1, 2, frozenset({"short"}))
    if by_sound[0][0] == by_sound[1][0] and len(a) != len(b):
        return Likeness(0.6, 0.75, near, 1, 2, 2, frozenset({"other"}))
    if min(len(a), len(b)) > 4:
        return Likeness(near, near, near, 0, 2, 2, frozenset({"slip"}))
    return Likeness(near * 0.7, near, near, 0, 2, 2, frozenset({"other"}))
