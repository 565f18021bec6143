"""The tables that everything is read from: commands, buttons and forms.

    @command("remind <contact> <when> <text>")
    def remind(work: Work, contact: Contact | None, when: When, text: str) -> Reply: ...

Help, the Telegram menu, Slack's hints, the manifest and the manual follow from them. A command's
words stand in the texts under `help.<name>`, its parameters' types in the annotations.
"""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from handlers.actions.access import Permission
from handlers.message import Reply
from storage.work import Work

Handler = Callable[..., Reply | None]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True)
class Parameter:
    """One thing that a command wants to know: its name, its type, and whether it may be missing."""

    name: str
    type: Any
    optional: bool


@dataclass(frozen=True)
class Command:
    """One line that staff may type."""

    verb: str
    usage: str
    name: str
    do: Handler
    parameters: tuple[Parameter, ...]
    needs: Permission
    # Other words for the verb, Chinese ones among them.
    also: tuple[str, ...] = ()
    # Whether it only shows something when nothing stands behind its verb.
    looks_alone: bool = False

    def wants(self, kind: Any) -> Parameter | None:
        """The parameter of that type, if there is one."""
        return next((each for each in self.parameters if each.type is kind), None)


COMMANDS: list[Command] = []
BUTTONS: dict[str, Handler] = {}
FORMS: dict[str, Handler] = {}
# The buttons that only look: what they show may take long to be counted, and nobody who writes
# need wait for that.
LOOKING: set[str] = set()


def command(
    usage: str,
    *,
    also: tuple[str, ...] = (),
    needs: Permission = Permission.READ,
    looks_alone: bool = False,
) -> Callable[[H], H]:
    """Put a function into the table of commands under the first word of `usage`.

    One that `looks_alone` is asked beside the writer when nothing stands behind its verb.
    """

    def register(do: H) -> H:
        verb = usage.split(maxsplit=1)[0]
        if any(each.usage == usage for each in COMMANDS):
            raise ValueError(f"the command {usage!r} exists already")
        COMMANDS.append(
            Command(
                verb=verb,
                usage=usage,
                name=do.__name__,
                do=do,
                parameters=parameters_of(do),
                needs=needs,
                also=also,
                looks_alone=looks_alone,
            )
        )
        return do

    return register


def button(does: str, *, looks: bool = False) -> Callable[[H], H]:
    """Have a function answer the presses of a button.

    One that only `looks` is asked beside the writer: what it would write is thrown away.
    """
    if looks:
        LOOKING.add(does)
    return _register(BUTTONS, does)


def form(does: str) -> Callable[[H], H]:
    """Have a function answer a form that was filled in."""
    return _register(FORMS, does)


def _register(table: dict[str, Handler], does: str) -> Callable[[H], H]:
    def register(do: H) -> H:
        if does in table:
            raise ValueError(f"{does!r} is answered already")
        table[does] = do
        return do

    return register


def parameters_of(do: Handler) -> tuple[Parameter, ...]:
    """What a handler wants to know beside the work, by its annotations."""
    hints = typing.get_type_hints(do)
    found = []
    for name in inspect.signature(do).parameters:
        kind = hints[name]
        if kind is Work:
            continue
        parts = [each for each in typing.get_args(kind) if each is not type(None)]
        optional = type(None) in typing.get_args(kind)
        is_union = optional and len(parts) == 1
        found.append(Parameter(name, parts[0] if is_union else kind, optional))
    return tuple(found)


def verbs() -> dict[str, list[Command]]:
    """Commands by each word that they can be called by."""
    table: dict[str, list[Command]] = {}
    for each in COMMANDS:
        for verb in (each.verb, *each.also):
            table.setdefault(verb, []).append(each)
    return table
