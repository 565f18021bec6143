"""How Chinese characters are read, in letters without tones.

The table has a line a syllable with the characters that are read so most of the time (20,892 of
them, after the readings of Unicode's Unihan database). Some are read otherwise as a family name.
"""

from functools import cache
from pathlib import Path

_AS_FAMILY_NAME = {
    "单": "shan", "單": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou",
    "區": "ou", "朴": "piao", "乐": "yue", "樂": "yue", "盖": "ge", "翟": "zhai", "尉": "wei",
    "冼": "xian", "缪": "miao", "繆": "miao", "覃": "qin", "召": "shao", "佴": "nai", "逄": "pang",
    "宓": "mi", "祭": "zhai", "折": "she", "黑": "he", "繁": "po", "员": "yun", "種": "chong",
    "种": "chong", "秘": "bi", "洗": "xian", "句": "gou", "纪": "ji", "任": "ren", "华": "hua",
    "万": "wan", "沈": "shen", "贾": "jia", "石": "shi", "车": "che", "薄": "bo", "郝": "hao",
}  # fmt: skip
_FAMILY_OF_TWO = {"尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "澹台": "tantai"}
_OTHERS_OF_TWO = frozenset(
    (
        "欧阳 司马 上官 诸葛 东方 皇甫 公孙 令狐 慕容 夏侯 司徒 司空 南宫 西门 端木 独孤 "
        "轩辕 宇文 鲜于 闻人 歐陽 司馬 諸葛 東方 公孫"
    ).split()
)


def is_chinese(character: str) -> bool:
    """Whether it is one of the common Chinese characters."""
    return "\u4e00" <= character <= "\u9fff"


@cache
def _readings() -> dict[str, str]:
    table = {}
    text = (Path(__file__).parent / "pinyin.txt").read_text("utf-8")
    for line in text.splitlines():
        syllable, _, characters = line.partition(" ")
        for character in characters:
            table[character] = syllable
    return table


@cache
def syllable_list() -> frozenset[str]:
    """Every syllable that there is."""
    return frozenset(_readings().values())


def syllables(text: str) -> str:
    """The readings of all characters in one word; what is not Chinese stays as it is."""
    readings = _readings()
    return "".join(readings.get(character, character) for character in text)


def spoken(name: str) -> tuple[str, str] | None:
    """A Chinese personal name as family name and given name in letters; None for anything else."""
    if not 2 <= len(name) <= 5 or not all(map(is_chinese, name)):
        return None
    pair = name[:2]
    if len(name) > 2 and pair in _FAMILY_OF_TWO:
        return _FAMILY_OF_TWO[pair], syllables(name[2:])
    if len(name) > 2 and (pair in _OTHERS_OF_TWO):
        return syllables(pair), syllables(name[2:])
    family = _AS_FAMILY_NAME.get(name[0]) or syllables(name[0])
    return family, syllables(name[1:])


def initials(name: str) -> str:
    """The first letters of a Chinese name's syllables: "zsf" for 张三丰."""
    readings = _readings()
    family = _AS_FAMILY_NAME.get(name[:1], "")[:1]
    letters = [readings.get(character, character)[0] for character in name]
    return (family or letters[0]) + "".join(letters[1:]) if letters else ""


@cache
def _starts() -> frozenset[str]:
    return frozenset(s[:n] for s in syllable_list() for n in range(1, len(s) + 1))


def split(word: str) -> list[str]:
    """A word as pinyin syllables, longest first; empty when it is none: "zhangsan" → zhang, san."""
    found = _split(word, 8)
    return found or []


def _split(word: str, most: int) -> list[str] | None:
    if not word:
        return []
    if not most:
        return None
    known = syllable_list()
    for length in range(min(6, len(word)), 0, -1):
        if word[:length] in known:
            rest = _split(word[length:], most - 1)
            if rest is not None:
                return [word[:length], *rest]
    return None
