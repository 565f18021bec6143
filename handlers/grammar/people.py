"""People in a line: the customer by name, number or place, the colleague by mention."""

import re

from handlers.actions import contacts, members, merging
from handlers.amounts import Amount
from handlers.grammar.line import Line
from handlers.grammar.values import Ambiguous, Tags
from handlers.grammar.words import LARGEST_ID, first_word
from handlers.when import When
from storage.errors import Refused
from storage.queries.search import Hit
from storage.records import Contact, Member, Priority
from storage.work import Work

# A name is typed in so many words at the most.
LONGEST_NAME = 4

_COUNTS = re.compile(r"\s\d")
_BY_ID = re.compile(r"contact:(\d{1,19})(?=\s|$)")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|@?(\S+)")


def read_contact(line: Line, optional: bool) -> Contact | None:
    if line.about.ticket is not None or line.about.deal is not None:
        about = line.about.ticket or line.about.deal
        return line.work.sure(Contact, about.contact_id) if about is not None else None
    if line.context.contact is not None:
        return line.context.contact
    by_id = _BY_ID.match(line.rest)
    if by_id is not None:
        line.rest = line.rest[by_id.end() :].strip()
        contact = merging.survivor_of(line.work.as_system(), min(int(by_id[1]), LARGEST_ID))
        if contact is None:
            raise Refused("button.gone")
        return contact
    word, after = first_word(line.rest)
    if optional and (not word or word in ("me", "myself", "我")):
        line.rest = after
        return None
    if not word:
        raise line.missing("contact")
    name, rest = _split_name(line)
    hits = contacts.find(line.work, name)
    chosen = the_one(name, hits)
    if chosen is None:
        if not hits:
            raise Refused("contact.unknown", name=name)
        raise Ambiguous(name, hits, _line_around(line, rest))
    line.rest = rest
    return chosen


def _split_name(line: Line) -> tuple[str, str]:
    """Where the name ends and the text begins."""
    quoted = re.match(r'"([^"]+)"\s*(.*)', line.rest, re.DOTALL)
    if quoted:
        return quoted[1], quoted[2]
    named = re.match(r"([^:,，：]{1,64})[:,，：]\s*(.*)", line.rest, re.DOTALL)
    words = line.rest.split()
    takes_text = line.command.wants(str) is not None
    if not takes_text or (line.behind and len(words) <= LONGEST_NAME):
        return line.rest, ""
    # Behind a field's name a comma belongs to what it is to hold: "anna tags vip, berlin".
    if "<field>" in line.command.usage:
        named = None
    # A number behind the first word is no part of a name: "anna 2 mugs, 1 lamp".
    if named and len(named[1].split()) <= LONGEST_NAME and not _COUNTS.search(named[1]):
        return named[1], named[2]
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        name = " ".join(words[:length])
        if any(hit.exact for hit in contacts.find(line.work, name)):
            return name, " ".join(words[length:])
    return words[0], " ".join(words[1:])


def _line_around(line: Line, rest: str) -> str:
    """The whole line again, with `{}` for the person."""
    parts = [line.command.verb, "{}"]
    found = line.found(When)
    if isinstance(found, When):
        parts.append(found.wall.strftime("%Y-%m-%d %H:%M"))
    amount = line.found(Amount)
    parts += [str(amount)] if amount else []
    parts += [rest, line.behind]
    priority = line.found(Priority)
    if priority:
        parts.append(f"!{priority}")
    parts += [f"#{tag}" for tag in line.found(Tags) or ()]
    return " ".join(part for part in parts if part)


def read_member(line: Line, optional: bool) -> Member | None:
    found = _MENTION.match(line.rest)
    if optional and not line.rest.startswith(("@", "＠", "<@")):
        # A bare name is a customer's, where a colleague need not be named at all.
        return None
    if found is None:
        raise line.missing("member")
    line.rest = line.rest[found.end() :].strip()
    return member_called(line.work, found[1] or "", found[2] or "")


def the_one(name: str, hits: list[Hit]) -> Contact | None:
    """The only contact that can be meant; None when one would have to guess."""
    exact = [hit for hit in hits if hit.is_sure]
    whole = [hit for hit in exact if hit.contact.name.casefold() == name.casefold()]
    for group in (whole, exact):
        if len(group) == 1:
            return group[0].contact
    return None


def member_called(work: Work, slack_user: str, name: str) -> Member:
    """The member behind a mention or a name. Raises Refused("member.unknown")."""
    for member in members.team(work):
        if member.slack_user == slack_user or (
            name and member.name.casefold().startswith(name.casefold().lstrip("@"))
        ):
            return member
    raise Refused("member.unknown", name=name or slack_user)
