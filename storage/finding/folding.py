"""Names as they are compared: lower case, no accents, one space between words."""

import re
import unicodedata

from storage.finding.pinyin import is_chinese, spoken

# What stands between the words of a name; an apostrophe belongs to its word.
_BETWEEN = re.compile(r"(?:[^\w'’]|_)+")
_RARE = re.compile("[\ud800-\udfff\uffff\U00010000-\U0010ffff]+")
_APOSTROPHES = re.compile(r"['’]")
# Letters that Unicode does not take apart, as people type them without such a keyboard.
_PLAIN = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ə": "e", "ё": "е",
    }
)  # fmt: skip
LONGEST_TEXT = 96


def folded(text: str) -> str:
    """Lower case, without accents and marks, one space between words."""
    text = text[: 2 * LONGEST_TEXT].lower()
    if text.isascii() and text.isalnum():
        # One plain word, as most are.
        return text[:LONGEST_TEXT]
    if not text.isascii():
        # Taking apart may bring capitals to light (of letters made for formulas): fold once more.
        text = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_PLAIN)
        text = "".join(c for c in text if not unicodedata.combining(c))
        # What normalising has taken apart on top of accents (the syllables of Korean).
        text = unicodedata.normalize("NFC", text)
        # Beyond sixteen bits are emoji and dead scripts: nobody is looked up by them.
        text = _RARE.sub(" ", text)
    text = _BETWEEN.sub(" ", _APOSTROPHES.sub("", text)).strip()
    return text[:LONGEST_TEXT].rstrip()


def pieces(text: str) -> list[str]:
    """The pieces that a folded text is looked up by: its words, but each Chinese character."""
    if text.isascii():
        return text.split()
    found = []
    for word in text.split():
        start = 0
        for at, character in enumerate(word):
            if is_chinese(character):
                if start < at:
                    found.append(word[start:at])
                found.append(character)
                start = at + 1
        if start < len(word):
            found.append(word[start:])
    return found


def ways_to_type(name: str) -> list[str]:
    """The folded texts by which somebody of that name is found: the name itself, and in pinyin."""
    text = folded(name)
    if not text:
        return []
    if text.isascii():
        return [text]
    by_sound = spoken(text.replace(" ", ""))
    return [text, " ".join(by_sound)] if by_sound else [text]
