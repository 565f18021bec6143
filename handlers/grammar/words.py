"""The words of a typed line: its verb, the figures in it, quotes and spaces made plain."""

import re

LONGEST_LINE = 4000
LARGEST_ID = 2**63 - 1

_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "　": " "})
NUMBER = re.compile(r"#?(\d{1,9})(?=\s|$)")


def normal(line: str) -> str:
    """A line with straight quotes and single spaces, capped."""
    return " ".join(line[:LONGEST_LINE].translate(_CURLY).split(" ")).strip()


def first_word(line: str) -> tuple[str, str]:
    """The verb, lower case, and the rest of the line."""
    verb, _, rest = line.strip().partition(" ")
    return verb.casefold(), rest.strip()


def numbers_in(text: str) -> list[int]:
    """The numbers that a text consists of: "5 #8, 9"; none when it says anything else."""
    words = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
    if not all(NUMBER.fullmatch(word) for word in words):
        return []
    return list(dict.fromkeys(int(word.lstrip("#")) for word in words))
