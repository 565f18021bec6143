"""A typed line becomes a verb and typed values: people, tickets, moments, tags, and the rest.

Forgiving: curly quotes, commas and the order of "tomorrow 3pm" and the text are all fine. What is
ambiguous is never guessed: `Ambiguous` carries the candidates, and the line to run for each.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from handlers import amounts, when
from handlers.actions import (
    contacts,
    deals,
    follow_ups,
    members,
    merging,
    moments,
    orders,
    policies,
    preferences,
    tickets,
)
from handlers.amounts import Amount
from handlers.command import Command
from handlers.when import When
from storage.errors import Refused
from storage.queries.search import Hit
from storage.records import Contact, Deal, Member, Order, Priority, Role, Ticket, Touch
from storage.work import Work

LONGEST_LINE = 4000
LARGEST_ID = 2**63 - 1
# A name is typed in so many words at the most.
LONGEST_NAME = 4

_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "　": " "})
_FLAG = re.compile(r"(?:^|\s)[!！](\w+)")
_TAG = re.compile(r"(?:^|\s)[#＃]([\w-]+)")
_NUMBER = re.compile(r"#?(\d{1,9})(?=\s|$)")
# Other programs' numbers of orders hold letters too: "A-1001", "1001-R1".
_ORDER = re.compile(r"#?([A-Za-z]{0,6}-?\d[\w./-]{0,40})(?=\s|$)")
_ONLY_SMALL = re.compile(r"\d{1,2}(?=\s)")
_COUNTS = re.compile(r"\s\d")
_BY_ID = re.compile(r"contact:(\d{1,19})(?=\s|$)")
_TICKET = re.compile(r"(?:(?:ticket|工单)\s*#?|#)(\d{1,9})(?=\s|$)\s*(?:about|的)?", re.IGNORECASE)
_DEAL = re.compile(r"(?:deal|商机|交易)\s*#?(\d{1,9})(?=\s|$)", re.IGNORECASE)
# The reading that was chosen with a button, at the end of the line.
_CHOSEN = re.compile(r"\s*~(\d{4}-\d\d-\d\dT\d\d:\d\d)$")
MOST_READINGS = 4
_THEIRS = re.compile(
    r"\s*[(（]?(?:in |by )?(?:their|his|her|(?:the )?customer'?s?|client'?s?|local) "
    r"(?:local )?(?:time(?:zone)?|clock)(?![a-z])[)）]?"
    r"|\s*[(（]?(?:按|以)?(?:当地|对方|客户|他们?|她们?)的?(?:当地)?时间[)）]?",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"\s*,?(?:(?:\bif|\bunless|\bwhen) (?:there(?:'s| is| was) )?no (?:reply|answer|response|word)"
    r"|\b(?:if|when) (?:(?:s?he|they|there|[a-z]+) )?(?:has|have|does|do|is|did)(?:n'?t| not) "
    r"(?:replied|answered|responded|reply|answer|respond|written|write)(?: back)?"
    r"|\bunless (?:s?he|they) (?:repl(?:y|ies)|answers?|responds?|writes?))(?: yet)?(?![a-z])"
    r"(?: (?:for|within|after)(?= (?:[0-9]|an? |one|two|three|four|five|six|seven)))?"
    r"|如果(?=.{0,12}(?:没|不|未|无))|(?:[还仍都]?(?:没有?|未|不)(?:人)?(?:收到)?|无)"
    r"(?:回复|回信|回应|回音|答复|消息|回我?(?![来去家头到]))(?:的话)?[,，]?(?:就)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?:天|日|周|星期|礼拜|月|小时|分钟|年)\s*\Z")
_TOUCH = re.compile(r"(?:^|\s)[!！](keep|clear|re-?arm|保留|取消|重来)(?=\s|$)", re.IGNORECASE)
_TOUCHES = {
    "keep": Touch.KEEP,
    "保留": Touch.KEEP,
    "clear": Touch.CLEAR,
    "取消": Touch.CLEAR,
    "rearm": Touch.RE_ARM,
    "re-arm": Touch.RE_ARM,
    "重来": Touch.RE_ARM,
}
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


class Unclear(Exception):
    """A date that is over or unclear; `line` runs the command with the reading in place of `{}`."""

    def __init__(self, said: str, found: When, readings: tuple[datetime, ...], line: str) -> None:
        super().__init__(said)
        self.said = said
        self.found = found
        self.readings = readings
        self.line = line


@dataclass(frozen=True)
class Manner:
    """How a moment is meant: by whose clock, only if nothing is heard, and what a touch does."""

    theirs: bool = False
    no_reply: bool = False
    on_touch: Touch | None = None


@dataclass(frozen=True)
class About:
    """What something is about besides a person: a ticket or a deal."""

    ticket: Ticket | None = None
    deal: Deal | None = None


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
    if command.wants(Order) is not None:
        return not rest or (_ORDER.match(rest) is not None and not _ONLY_SMALL.match(rest))
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
        self.typed = rest
        self.context = context
        self.values: dict[str, Any] = {}
        # What stood behind the moment: the text, when a person stands before it.
        self.behind = ""
        # All that stood where the moment was looked for, and the reading that was chosen of it.
        self.said = ""
        self.chosen: datetime | None = None
        self.manner = Manner()
        self.about = About()

    def read(self) -> dict[str, Any]:
        readers: list[tuple[Any, Any]] = [
            (Priority, self._priority),
            (Manner, self._manner),
            (Tags, self._tags),
            (When, self._when),
            (About, self._about),
            (Amount, self._amount),
            (Deal, self._deal),
            (Order, self._order),
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
        self._settle()
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

    def _manner(self, optional: bool) -> Manner:
        """Words beside the moment that are no part of it."""
        found = []
        for pattern in (_THEIRS, _NO_REPLY, _TOUCH):
            match = pattern.search(self.rest)
            found.append(match)
            if match is not None:
                before, behind = self.rest[: match.start()], self.rest[match.end() :]
                self.rest = (before + _left_of(match, before) + behind).strip()
        theirs, no_reply, touch = found
        on_touch = None if touch is None else _TOUCHES[touch[1].casefold()]
        self.manner = Manner(theirs is not None, no_reply is not None, on_touch)
        return self.manner

    def _about(self, optional: bool) -> About:
        deal, ticket = _DEAL.match(self.rest), _TICKET.match(self.rest)
        if deal is not None:
            self.rest = self.rest[deal.end() :].strip()
            self.about = About(deal=deals.numbered(self.work, int(deal[1])))
        elif ticket is not None:
            self.rest = self.rest[ticket.end() :].strip()
            self.about = About(ticket=tickets.numbered(self.work, int(ticket[1])))
        elif self.context.ticket is not None:
            self.about = About(ticket=self.context.ticket)
        return self.about

    def _when(self, optional: bool) -> When | None:
        chosen = _CHOSEN.search(self.rest)
        if chosen is not None:
            self.chosen = datetime.fromisoformat(chosen[1])
            self.rest = self.rest[: chosen.start()]
        self.said = self.rest
        now = self.work.now.astimezone(ZoneInfo(self.work.actor.zone)).replace(tzinfo=None)
        found = when.find(self.rest, now, policies.day_first(self.work))
        if found is None:
            if optional:
                return None
            raise self._missing("when")
        self.behind = self.rest[found.end :].strip(" ,;:，；：-–—")
        self.rest = self.rest[: found.start].strip(" ,;:，；：")
        return found

    def _settle(self) -> None:
        """The moment by the clock that is meant; asked about when it is over or not clear."""
        name = _name_of(self.command, When)
        found = self.values.get(name)
        if not isinstance(found, When):
            return
        contact = self.values.get(_name_of(self.command, Contact))
        if self.manner != Manner() and isinstance(contact, Contact):
            found = self._by_their_clock(found, contact)
        if self.chosen is not None:
            found = replace(found, wall=self.chosen, alternatives=(), is_past=False)
        self.values[name] = found
        readings = self._readings(found)
        if readings is not None:
            said = self.said[found.start : found.end].strip(" ,;:，；：")
            raise Unclear(said, found, readings, self._same_line())

    def _by_their_clock(self, found: When, contact: Contact) -> When:
        """Once more, from their morning, or from the last word that they got."""
        name = preferences.zone_of(self.work, contact) if self.manner.theirs else None
        zone = ZoneInfo(name or self.work.actor.zone)
        last = follow_ups.last_said(self.work, contact) if self.manner.no_reply else None
        order = policies.day_first(self.work)
        for moment in (last, self.work.now):
            if moment is None:
                continue
            now = moment.astimezone(zone).replace(tzinfo=None)
            again = when.find(self.said, now, order)
            if again is not None and moments.instant(again.wall, zone) > self.work.now:
                return again
        return found

    def _readings(self, found: When) -> tuple[datetime, ...] | None:
        """What to offer instead of guessing; None when it is clear."""
        if found.alternatives:
            return (found.wall, *found.alternatives)[:MOST_READINGS]
        if not found.is_past:
            return None
        now = self.work.now.astimezone(ZoneInfo(self.work.actor.zone)).replace(tzinfo=None)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), found.wall.time())
        if now - found.wall < timedelta(days=2):
            return (tomorrow,)
        next_year = found.wall + relativedelta(years=1)
        return (next_year,) if next_year > now else ()

    def _same_line(self) -> str:
        """The line as it was typed, with what goes without saying where it was typed."""
        ticket, contact = self.context.ticket, self.context.contact
        if ticket is not None and self.command.wants(About) is not None:
            before = "" if self.about.ticket is not ticket else f"#{ticket.number} "
        elif ticket is not None and self.command.wants(Ticket) is not None:
            before = "" if _NUMBER.match(self.typed) else f"#{ticket.number} "
        elif contact is not None and self.command.wants(Contact) is not None:
            before = f"contact:{contact.id} "
        else:
            before = ""
        typed = _CHOSEN.sub("", self.typed).replace("{", "(").replace("}", ")")
        return f"{self.command.verb} {before}{typed} ~{{}}"

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

    def _order(self, optional: bool) -> Order | None:
        found = _ORDER.match(self.rest)
        if found is not None:
            self.rest = self.rest[found.end() :].strip()
            return orders.numbered(self.work, found[1])
        if optional:
            return None
        raise self._missing("order")

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
        if optional and not self.rest.startswith(("@", "＠", "<@")):
            # A bare name is a customer's, where a colleague need not be named at all.
            return None
        if found is None:
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
        if self.about.ticket is not None or self.about.deal is not None:
            about = self.about.ticket or self.about.deal
            return self.work.sure(Contact, about.contact_id) if about is not None else None
        if self.context.contact is not None:
            return self.context.contact
        by_id = _BY_ID.match(self.rest)
        if by_id is not None:
            self.rest = self.rest[by_id.end() :].strip()
            contact = merging.survivor_of(self.work.as_system(), min(int(by_id[1]), LARGEST_ID))
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
        # Behind a field's name a comma belongs to what it is to hold: "anna tags vip, berlin".
        if "<field>" in self.command.usage:
            named = None
        # A number behind the first word is no part of a name: "anna 2 mugs, 1 lamp".
        if named and len(named[1].split()) <= LONGEST_NAME and not _COUNTS.search(named[1]):
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


def _left_of(match: re.Match[str], before: str) -> str:
    """What stays of words that were cut out: 3天没回复 is 3天后, "no reply for a day" in a day."""
    if match.re is _NO_REPLY and _LENGTH.search(before):
        return "后"
    if match.re is _NO_REPLY and match[0].endswith(("for", "within", "after")):
        return " in "
    return " " if match[0][:1].isspace() or match[0][-1:].isspace() else ""


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
