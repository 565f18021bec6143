"""Regular expressions that are compiled when they are first used, and not at every start."""

import re
from collections.abc import Iterator
from functools import cached_property


class Words:
    """Words to look for, as a regular expression."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source = source
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def search(self, text: str, start: int = 0, end: int = 1_000_000) -> re.Match[str] | None:
        return self._compiled.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = 1_000_000) -> re.Match[str] | None:
        return self._compiled.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = 1_000_000) -> re.Match[str] | None:
        return self._compiled.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = 1_000_000) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text, start, end)
