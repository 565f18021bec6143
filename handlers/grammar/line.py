"""A line while it is read: what is left of it, and what was found so far."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.actions.policies import voice_of
from handlers.command import Command
from handlers.grammar.usage import usage_of
from handlers.grammar.values import About, Context, Manner
from storage.errors import Refused
from storage.work import Work


@dataclass
class Line:
    """The rest of a typed line; each reader takes its own words out of it."""

    work: Work
    command: Command
    rest: str
    context: Context
    values: dict[str, Any] = field(default_factory=dict)
    # What stood behind the moment: the text, when a person stands before it.
    behind: str = ""
    # All that stood where the moment was looked for, and the reading that was chosen of it.
    said: str = ""
    chosen: datetime | None = None
    manner: Manner = field(default_factory=Manner)
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        self.typed = self.rest

    def missing(self, what: str) -> Refused:
        if what == "when" and not self.typed:
            # Whoever typed the verb alone asks how it goes on, and has no date in mind yet.
            what = "more"
        usage = usage_of(voice_of(self.work), self.command)
        return Refused(f"command.no_{what}", usage=f"/crm {usage}")

    def found(self, kind: Any) -> Any:
        """What was read of that kind, if the command wants it."""
        parameter = self.command.wants(kind)
        return self.values.get(parameter.name) if parameter else None
