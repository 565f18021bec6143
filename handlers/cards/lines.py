"""Texts cut to the length of a line."""

_LONGEST_LINE = 160


def shortened(text: str, longest: int = _LONGEST_LINE) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
