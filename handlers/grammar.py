"""A typed line becomes a verb and typed values: people, tickets, moments, tags, and the rest.

Forgiving: curly quotes, commas and the order of "tomorrow 3pm" and the text are all fine. What is
ambiguous is never guessed: `Ambiguous` carries the candidates, and the line to run for each.
"""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from handlers import amounts, when
from handlers.actions import contacts, deals, members, tickets
from handlers.amounts import Amount
from handlers.command import Command
from handlers.when import When
from storage.errors import Refused
from storage.queries.search import Hit
from storage.records import Contact, Deal, Member, Priority, Role, Ticket
from storage.work import Work

LONGEST_LINE = 4000
LARGEST_ID = 2**63 - 1
# A name is typed in so many words at the most.
LONGEST_NAME = 4

_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "　": " "})
_FLAG = re.compile(r"(?:^|\s)[!！](\w+)")
_TAG = re.compile(r"(?:^|\s)[#＃]([\w-]+)")
_NUMBER = re.compile(r"#?(\d{1,9})(?=\s|$)")
_BY_ID = re.compile(r"contact:(\d{1,19})(?=\s|$)")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|@?(\S+)")


class Tags(tuple[str, ...]):
    """The words that were typed with a #."""

    __slots__ = ()


class Ambiguous(Exception):
    """Several people may be meant. `line` is the command with `{}` where the person stands."""

    def __init__(self, query: str, hits: list[Hit], line: str) -> None:
        super().__init__(query)
        self.query = query
        self.hits = hits
        self.line = line


@dataclass(frozen=True)
class Context:
    """Where it was typed: in a ticket's thread the ticket and its customer go without saying."""

    ticket: Ticket | None = None
    contact: Contact | None = None


def normal(line: str) -> str:
    """A line with straight quotes and single spaces, capped."""
    return " ".join(line[:LONGEST_LINE].translate(_CURLY).split(" ")).strip()


def first_word(line: str) -> tuple[str, str]:
    """The verb, lower case, and the rest of the line."""
    verb, _, rest = line.strip().partition(" ")
    return verb.casefold(), rest.strip()


def fits(command: Command, rest: str, context: Context) -> bool:
    """Whether a line can be meant for this command and not for another one of the same verb."""
    wants_ticket = command.wants(Ticket)
    if wants_ticket is not None and not wants_ticket.optional:
        return context.ticket is not None or _NUMBER.match(rest) is not None
    if command.wants(Deal) is not None:
        return not rest or _NUMBER.fullmatch(rest) is not None or command.wants(str) is not None
    return command.wants(Contact) is None or _NUMBER.fullmatch(rest) is None


def likeliest(candidates: list[Command], rest: str) -> Command:
    """Which of the commands of one verb is meant: a number means a ticket, words take words."""
    if rest and _NUMBER.match(rest) is None:
        candidates = [each for each in candidates if each.wants(str) is not None] or candidates
    return min(candidates, key=lambda each: each.wants(Ticket) is None)


def read(work: Work, command: Command, rest: str, context: Context) -> dict[str, Any]:
    """The values of a command's parameters.

    Raises Refused when something is missing or cannot be understood, Ambiguous when several
    people may be meant.
    """
    reader = _Reader(work, command, rest, context)
    return reader.read()


class _Reader:
    def __init__(self, work: Work, command: Command, rest: str, context: Context) -> None:
        self.work = work
        self.command = command
        self.rest = rest
        self.context = context
        self.values: dict[str, Any] = {}
        # What stood behind the moment: the text, when a person stands before it.
        self.behind = ""

    def read(self) -> dict[str, Any]:
        readers: list[tuple[Any, Any]] = [
            (Priority, self._priority),
            (Tags, self._tags),
            (When, self._when),
            (Amount, self._amount),
            (Deal, self._deal),
            (Ticket, self._ticket),
            (Member, self._member),
            (Role, self._role),
            (Contact, self._contact),
        ]
        for kind, reader in readers:
            parameter = self.command.wants(kind)
            if parameter is not None:
                self.values[parameter.name] = reader(parameter.optional)
        text = self.command.wants(str)
        if text is not None:
            self.values[text.name] = self._text(text.optional)
        return self.values

    def _missing(self, what: str) -> Refused:
        return Refused(f"command.no_{what}", usage=f"/crm {self.command.usage}")

    def _priority(self, optional: bool) -> Priority | None:
        found = _FLAG.search(self.rest)
        if found is None or found[1].lower() not in set(Priority):
            return None
        self.rest = (self.rest[: found.start()] + self.rest[found.end() :]).strip()
        return Priority(found[1].lower())

    def _tags(self, optional: bool) -> Tags:
        tags = Tags(_TAG.findall(self.rest))
        self.rest = _TAG.sub("", self.rest).strip()
        if not tags and not optional:
            raise self._missing("tag")
        return tags

    def _when(self, optional: bool) -> When | None:
        now = self.work.now.astimezone(ZoneInfo(self.work.actor.zone)).replace(tzinfo=None)
        found = when.find(self.rest, now)
        if found is None:
            if optional:
                return None
            raise self._missing("when")
        self.behind = self.rest[found.end :].strip(" ,;:，；：-–—")
        self.rest = self.rest[: found.start].strip(" ,;:，；：")
        return found

    def _amount(self, optional: bool) -> Amount | None:
        found = amounts.find(self.rest)
        if found is None:
            if optional:
                return None
            raise self._missing("amount")
        before, behind = self.rest[: found.start], self.rest[found.end :]
        self.rest, self.behind = before.strip(" ,;:，；："), behind.strip(" ,;:，；：-–—")
        if not self.rest:
            # The amount stands first: whom it is about comes behind it.
            self.rest, self.behind = self.behind, ""
        return found

    def _deal(self, optional: bool) -> Deal | None:
        found = _NUMBER.match(self.rest)
        if found is not None:
            self.rest = self.rest[found.end() :].strip()
            return deals.numbered(self.work, int(found[1]))
        if optional:
            return None
        raise self._missing("deal")

    def _ticket(self, optional: bool) -> Ticket | None:
        found = _NUMBER.match(self.rest)
        if found is not None:
            self.rest = self.rest[found.end() :].strip()
            return tickets.numbered(self.work, int(found[1]))
        if self.context.ticket is not None or optional:
            return self.context.ticket
        raise self._missing("ticket")

    def _member(self, optional: bool) -> Member | None:
        found = _MENTION.match(self.rest)
        if found is None:
            if optional:
                return None
            raise self._missing("member")
        self.rest = self.rest[found.end() :].strip()
        return member_called(self.work, found[1] or "", found[2] or "")

    def _role(self, optional: bool) -> Role | None:
        word, rest = first_word(self.rest)
        if word not in set(Role):
            if optional:
                return None
            raise Refused("command.no_role", roles=", ".join(Role))
        self.rest = rest
        return Role(word)

    def _text(self, optional: bool) -> str:
        text = " ".join(part for part in (self.rest, self.behind) if part).strip()
        if not text and not optional:
            raise self._missing("text")
        return text

    # People

    def _contact(self, optional: bool) -> Contact | None:
        if self.context.contact is not None:
            return self.context.contact
        by_id = _BY_ID.match(self.rest)
        if by_id is not None:
            self.rest = self.rest[by_id.end() :].strip()
            contact = self.work.get(Contact, min(int(by_id[1]), LARGEST_ID))
            if contact is None:
                raise Refused("button.gone")
            return contact
        word, after = first_word(self.rest)
        if optional and (not word or word in ("me", "myself", "我")):
            self.rest = after
            return None
        if not word:
            raise self._missing("contact")
        name, rest = self._split_name()
        hits = contacts.find(self.work, name)
        chosen = the_one(name, hits)
        if chosen is None:
            if not hits:
                raise Refused("contact.unknown", name=name)
            raise Ambiguous(name, hits, self._line_around(rest))
        self.rest = rest
        return chosen

    def _split_name(self) -> tuple[str, str]:
        """Where the name ends and the text begins."""
        quoted = re.match(r'"([^"]+)"\s*(.*)', self.rest, re.DOTALL)
        if quoted:
            return quoted[1], quoted[2]
        named = re.match(r"([^:,，：]{1,64})[:,，：]\s*(.*)", self.rest, re.DOTALL)
        words = self.rest.split()
        takes_text = self.command.wants(str) is not None
        if not takes_text or (self.behind and len(words) <= LONGEST_NAME):
            return self.rest, ""
        if named and len(named[1].split()) <= LONGEST_NAME:
            return named[1], named[2]
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            name = " ".join(words[:length])
            if any(hit.exact for hit in contacts.find(self.work, name)):
                return name, " ".join(words[length:])
        return words[0], " ".join(words[1:])

    def _line_around(self, rest: str) -> str:
        """The whole line again, with `{}` for the person."""
        parts = [self.command.verb, "{}"]
        found = self.values.get(_name_of(self.command, When))
        if isinstance(found, When):
            parts.append(found.wall.strftime("%Y-%m-%d %H:%M"))
        amount = self.values.get(_name_of(self.command, Amount))
        parts += [str(amount)] if amount else []
        parts += [rest, self.behind]
        priority = self.values.get(_name_of(self.command, Priority))
        if priority:
            parts.append(f"!{priority}")
        parts += [f"#{tag}" for tag in self.values.get(_name_of(self.command, Tags), ())]
        return " ".join(part for part in parts if part)


def numbers_in(text: str) -> list[int]:
    """The numbers that a text consists of: "5 #8, 9"; none when it says anything else."""
    words = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
    if not all(_NUMBER.fullmatch(word) for word in words):
        return []
    return list(dict.fromkeys(int(word.lstrip("#")) for word in words))


def _name_of(command: Command, kind: Any) -> str:
    parameter = command.wants(kind)
    return parameter.name if parameter else ""


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
