"""Macros: several steps under one name, done in one go or not at all."""

import re
from collections.abc import Callable

from handlers.actions import (
    answering,
    canned,
    contacts,
    filing,
    members,
    moments,
    owners,
    templates,
    tickets,
)
from handlers.actions.access import Permission, action
from handlers.actions.knowledge import keep_version, name_from, note_change, with_name
from handlers.when import find
from storage.errors import Refused
from storage.queries import knowledge, segments
from storage.records import Contact, Macro, Member, Priority, Ticket
from storage.work import Work

MOST_STEPS = 12
Step = Callable[[Work, Ticket, str], None]

_WORDS = {
    "reply": ("reply", "answer", "say", "canned", "回复", "发送"),
    "tag": ("tag", "标签"),
    "untag": ("untag", "去标签"),
    "category": ("category", "file", "分类", "类别"),
    "priority": ("priority", "优先级"),
    "assign": ("assign", "take", "分配", "接手"),
    "snooze": ("snooze", "暂停", "搁置"),
    "resolve": ("resolve", "close", "done", "解决", "关闭"),
}
_BY_WORD = {word: step for step, words in _WORDS.items() for word in words}
_BETWEEN = re.compile(r"[;；\n]+")
# "tag vip, resolve": nobody means a tag called resolve. In a reply a comma is a comma.
_COMMA = re.compile(rf"\s*[,，]\s*(?=(?:{'|'.join(_BY_WORD)})(?:[\s,，]|$))", re.IGNORECASE)
_ME = ("", "me", "我")
_UNTIL_REPLY = ("", "until reply", "until they reply", "直到回复", "等回复")


@action(Permission.READ)
def listed(work: Work) -> list[Macro]:
    """Every macro, by name."""
    return knowledge.macros(work)


@action(Permission.READ)
def named(work: Work, name: str) -> Macro:
    """The macro of that name. Raises Refused with those that there are."""
    return with_name(knowledge.macros(work), name, "macro")


@action(Permission.SERVE, audited=True)
def write(work: Work, typed: str, steps: str) -> Macro:
    """Write a macro, or give the one of that name other steps: "reply refund; tag vip; resolve".

    Raises Refused at the first step that cannot be done.
    """
    name = name_from(typed)
    read = _steps_in(work, steps)
    macro = knowledge.macro_named(work, name)
    if macro is None:
        macro = work.add(Macro(name=name, changed_at=work.now))
    else:
        keep_version(work, macro)
    macro.steps = read
    note_change(work, macro)
    return macro


@action(Permission.SERVE, audited=True)
def remove(work: Work, macro: Macro) -> None:
    """Have a macro no more; its steps are kept among the versions."""
    keep_version(work, macro)
    work.delete(macro)


@action(Permission.SERVE, audited=True)
def run(work: Work, macro: Macro, ticket: Ticket) -> Ticket:
    """Do the steps of a macro with a ticket; when one is refused, nothing is done."""
    ticket = tickets.survivor(work, ticket)
    for name, value in macro.steps:
        _STEPS[name](work, ticket, value)
    macro.used += 1
    return ticket


def _steps_in(work: Work, text: str) -> list[list[str]]:
    steps: list[list[str]] = []
    for line in _lines_in(text):
        word, _, value = line.partition(" ")
        name = _BY_WORD.get(word.casefold())
        if name is None:
            raise Refused("macro.step", step=line[:80], steps=", ".join(_WORDS))
        steps.append([name, _checked(work, name, value.strip())])
    if not 0 < len(steps) <= MOST_STEPS:
        raise Refused("macro.steps", most=MOST_STEPS)
    return steps


def _lines_in(text: str) -> list[str]:
    """Each step as it was typed."""
    typed = filter(None, (each.strip() for each in _BETWEEN.split(text)))
    return [step for line in typed for step in _apart(line)]


def _apart(line: str) -> list[str]:
    comma = None if _is_reply(line) else _COMMA.search(line)
    return [line] if comma is None else [line[: comma.start()], *_apart(line[comma.end() :])]


def _is_reply(line: str) -> bool:
    return _BY_WORD.get(line.partition(" ")[0].casefold()) == "reply"


def _checked(work: Work, name: str, value: str) -> str:
    """The value of a step as it is kept. Raises Refused for one that can never be done."""
    match name:
        case "reply" if not value:
            raise Refused("macro.step", step=name, steps=", ".join(_WORDS))
        case "reply" if " " not in value:
            return _canned_or_words(work, value)
        case "reply":
            templates.check(value, segments.own_fields(work))
        case "category":
            return filing.category_named(work, value).name
        case "priority":
            return _priority(value).value
        case "assign" if value.casefold() not in _ME:
            return _member(work, value).slack_user
        case "tag" | "untag" if not value:
            raise Refused("command.no_tag", usage=f"{name} #vip")
        case "snooze" if value.casefold() not in _UNTIL_REPLY:
            if find(value, work.now.replace(tzinfo=None)) is None:
                raise Refused("command.no_when", usage="snooze tomorrow 9am")
    return value


def _canned_or_words(work: Work, value: str) -> str:
    """A single word names a canned reply, but a line of Chinese has no spaces either."""
    if knowledge.canned_named(work, value.casefold()) is not None:
        return value.casefold()
    if value.isascii():
        canned.named(work, value)
    templates.check(value, segments.own_fields(work))
    return value


def _priority(value: str) -> Priority:
    word = value.casefold().lstrip("!！")
    if word not in set(Priority):
        raise Refused("macro.priority", priorities=", ".join(Priority))
    return Priority(word)


def _member(work: Work, value: str) -> Member:
    mentioned = re.fullmatch(r"<@(\w+)(?:\|[^>]*)?>", value)
    name = value.casefold().lstrip("@")
    for member in members.team(work):
        if member.slack_user in (value, mentioned and mentioned[1]):
            return member
        if member.name.casefold().startswith(name):
            return member
    raise Refused("member.unknown", name=value[:64])


# The steps


def _reply(work: Work, ticket: Ticket, value: str) -> None:
    known = knowledge.canned_named(work, value)
    if known is not None:
        canned.send(work, known, ticket)
        return
    contact = work.sure(Contact, ticket.contact_id)
    answering.say(work, ticket, templates.fill(value, contact))


def _tag(work: Work, ticket: Ticket, value: str) -> None:
    contacts.add_tags(work, work.sure(Contact, ticket.contact_id), _tags(value))


def _untag(work: Work, ticket: Ticket, value: str) -> None:
    contacts.remove_tags(work, work.sure(Contact, ticket.contact_id), _tags(value))


def _tags(value: str) -> tuple[str, ...]:
    return tuple(re.sub(r"[#＃,，]", " ", value).split())


def _category(work: Work, ticket: Ticket, value: str) -> None:
    filing.file(work, ticket, filing.category_named(work, value))


def _set_priority(work: Work, ticket: Ticket, value: str) -> None:
    tickets.set_priority(work, ticket, _priority(value))


def _assign(work: Work, ticket: Ticket, value: str) -> None:
    member = members.me(work) if value.casefold() in _ME else _member(work, value)
    if ticket.assignee_id != member.id:
        owners.assign(work, ticket, member)


def _snooze(work: Work, ticket: Ticket, value: str) -> None:
    if value.casefold() in _UNTIL_REPLY:
        tickets.snooze(work, ticket, None)
        return
    zone = moments.zone_named(work.actor.zone)
    when = find(value, work.now.astimezone(zone).replace(tzinfo=None), zone=zone)
    if when is None:
        raise Refused("command.no_when", usage="snooze tomorrow 9am")
    tickets.snooze(work, ticket, moments.instant(when.wall, zone))


def _resolve(work: Work, ticket: Ticket, value: str) -> None:
    tickets.resolve(work, ticket)


_STEPS: dict[str, Step] = {
    "reply": _reply,
    "tag": _tag,
    "untag": _untag,
    "category": _category,
    "priority": _set_priority,
    "assign": _assign,
    "snooze": _snooze,
    "resolve": _resolve,
}
