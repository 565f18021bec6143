"""From a line to the values of its command: every kind of value has its reader."""

import re
from collections.abc import Callable
from typing import Any

from handlers.amounts import Amount
from handlers.command import Command
from handlers.grammar.line import Line
from handlers.grammar.moments import read_manner, read_when, settle
from handlers.grammar.people import read_contact, read_member
from handlers.grammar.subjects import (
    ORDER,
    read_about,
    read_amount,
    read_deal,
    read_order,
    read_ticket,
)
from handlers.grammar.values import About, Context, Manner, Tags
from handlers.grammar.words import NUMBER, first_word
from handlers.when import When
from storage.errors import Refused
from storage.records import Contact, Deal, Member, Order, Priority, Role, Ticket
from storage.work import Work

_FLAG = re.compile(r"(?:^|\s)[!！](\w+)")
_TAG = re.compile(r"(?:^|\s)[#＃]([\w-]+)")
_ONLY_SMALL = re.compile(r"\d{1,2}(?=\s)")


def fits(command: Command, rest: str, context: Context) -> bool:
    """Whether a line can be meant for this command and not for another one of the same verb."""
    wants_ticket = command.wants(Ticket)
    if wants_ticket is not None and not wants_ticket.optional:
        return context.ticket is not None or NUMBER.match(rest) is not None
    if command.wants(Order) is not None:
        return not rest or (ORDER.match(rest) is not None and not _ONLY_SMALL.match(rest))
    if command.wants(Deal) is not None:
        return not rest or NUMBER.fullmatch(rest) is not None or command.wants(str) is not None
    return command.wants(Contact) is None or NUMBER.fullmatch(rest) is None


def likeliest(candidates: list[Command], rest: str) -> Command:
    """Which of the commands of one verb is meant: a number means a ticket, words take words."""
    if rest and NUMBER.match(rest) is None:
        candidates = [each for each in candidates if each.wants(str) is not None] or candidates
    if not rest and all(each.wants(Ticket) is None for each in candidates):
        # The verb alone is for the one that needs nothing more: it asks in a form.
        alone = [each for each in candidates if all(x.optional for x in each.parameters)]
        candidates = alone or candidates
    return min(candidates, key=lambda each: each.wants(Ticket) is None)


def read(work: Work, command: Command, rest: str, context: Context) -> dict[str, Any]:
    """The values of a command's parameters.

    Raises Refused when something is missing or cannot be understood, Ambiguous when several
    people may be meant.
    """
    line = Line(work, command, rest, context)
    for kind, reader in _READERS:
        parameter = command.wants(kind)
        if parameter is not None:
            line.values[parameter.name] = reader(line, parameter.optional)
    text = command.wants(str)
    if text is not None:
        line.values[text.name] = _text(line, text.optional)
    settle(line)
    return line.values


def _priority(line: Line, optional: bool) -> Priority | None:
    found = _FLAG.search(line.rest)
    if found is None or found[1].lower() not in set(Priority):
        return None
    line.rest = (line.rest[: found.start()] + line.rest[found.end() :]).strip()
    return Priority(found[1].lower())


def _tags(line: Line, optional: bool) -> Tags:
    tags = Tags(_TAG.findall(line.rest))
    line.rest = _TAG.sub("", line.rest).strip()
    if not tags and not optional:
        raise line.missing("tag")
    return tags


def _role(line: Line, optional: bool) -> Role | None:
    word, rest = first_word(line.rest)
    if word not in set(Role):
        if optional:
            return None
        raise Refused("command.no_role", roles=", ".join(Role))
    line.rest = rest
    return Role(word)


def _text(line: Line, optional: bool) -> str:
    text = " ".join(part for part in (line.rest, line.behind) if part).strip()
    if not text and not optional:
        raise line.missing("text")
    return text


# In this order: what was taken out of a line cannot be taken for something else.
_READERS: tuple[tuple[Any, Callable[[Line, bool], Any]], ...] = (
    (Priority, _priority),
    (Manner, read_manner),
    (Tags, _tags),
    (When, read_when),
    (About, read_about),
    (Amount, read_amount),
    (Deal, read_deal),
    (Order, read_order),
    (Ticket, read_ticket),
    (Member, read_member),
    (Role, _role),
    (Contact, read_contact),
)
