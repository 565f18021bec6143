"""Regular expressions that are compiled when they are first used, and not at every start."""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass
class Pattern:
    """One regular expression, and `compiled` when somebody needs it."""

    source: str
    flags: int = 0

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Ready to search with."""
        return re.compile(self.source, self.flags)
