"""Customers' records: read as a form shows them, and changed by forms and single lines."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from handlers.actions import changes, fields
from handlers.actions.access import Permission, action
from handlers.actions.changes import Change
from handlers.actions.fields import USUAL
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import contacts
from storage.records import AuditEntry, Contact, CustomField, IdentityKind, Member
from storage.work import Work

_MARK = 4


@dataclass(frozen=True)
class Saved:
    """What came of an edit: its audit line, what was changed, and what was wrong by field."""

    entry: AuditEntry | None = None
    changes: list[Change] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


def name_of(each: str | CustomField) -> str:
    """How a field is called in the history and in forms: "birthday", "custom.plan"."""
    return each if isinstance(each, str) else f"custom.{each.key}"


@action(Permission.READ)
def all_fields(work: Work) -> list[str | CustomField]:
    """Every field that a record may have, in the order in which a form asks for it."""
    return [*USUAL, *fields.custom(work)]


@action(Permission.READ)
def texts(work: Work, contact: Contact) -> dict[str, str]:
    """What every field holds, as a person would type it."""
    return {name_of(each): text(work, contact, each) for each in all_fields(work)}


@action(Permission.READ)
def text(work: Work, contact: Contact, each: str | CustomField) -> str:
    """What one field holds, as a person would type it."""
    held = changes.value_of(work, contact, name_of(each))
    if isinstance(each, CustomField):
        return fields.text_of(each, held)
    match each:
        case "phone" | "email" | "address":
            return ("; " if each == "address" else ", ").join(shown for _, shown in held)
        case "tags":
            return ", ".join(held)
    return "" if held is None else str(held)


def mark(text: str) -> str:
    """A few letters that tell whether a field is still as it was shown."""
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]


@action(Permission.READ)
def marks(work: Work, contact: Contact) -> str:
    """How all fields stand now, to be compared when a form comes back."""
    return "".join(mark(each) for each in texts(work, contact).values())


@action(Permission.SERVE)
def edit(work: Work, contact: Contact, wished: dict[str, str], shown: str, voice: Voice) -> Saved:
    """Change what a form changed; nothing at all when a field is wrong.

    `shown` are the marks of what the form showed. What somebody else has changed meanwhile, and
    this form too, is said and not overwritten; what it left as it was stays as it is now.
    """
    now, wrong, values = texts(work, contact), {}, {}
    for number, each in enumerate(all_fields(work)):
        name = name_of(each)
        if name not in wished or wished[name].strip() == now[name]:
            continue
        before = shown[number * _MARK : (number + 1) * _MARK]
        if mark(wished[name].strip()) == before:
            # They left it alone; it has changed since.
            continue
        if before and mark(now[name]) != before:
            wrong[name] = voice.say("edit.changed_meanwhile", now=now[name][:60] or "–")
            continue
        try:
            values[name] = fields.parse(work, each, wished[name])
        except Refused as refused:
            wrong[name] = voice.say(refused.key, **refused.values)
    wrong |= _taken(work, contact, values, voice)
    if wrong:
        return Saved(wrong=wrong)
    entry, made = changes.change(work, contact, values, "form")
    return Saved(entry, made)


def _taken(work: Work, contact: Contact, values: dict[str, Any], voice: Voice) -> dict[str, str]:
    """Phones and e-mails that are somebody else's, so that the form can say it by the field."""
    wrong = {}
    for name in {"phone", "email"} & values.keys():
        for value, shown in values[name]:
            known = contacts.known_as(work, IdentityKind(name), value)
            if known is not None and known[1].id != contact.id:
                said = voice.say("contact.address_taken", address=shown, name=known[1].name)
                wrong[name] = said.replace("`", "")
    return wrong


@action(Permission.SERVE)
def set_field(
    work: Work, contact: Contact, each: str | CustomField, said: str, via: str = "command"
) -> Saved:
    """Have one field hold what a line says."""
    value = fields.parse(work, each, said)
    entry, made = changes.change(work, contact, {name_of(each): value}, via)
    return Saved(entry, made)


@action(Permission.READ)
def split(work: Work, said: str) -> tuple[str | CustomField, str]:
    """ "birthday 3 May 1990": the field and what it is to hold; its name may be of two words."""
    words = said.split()
    for length in (3, 2, 1):
        name = " ".join(words[:length]).rstrip(":：=")
        # A dash behind a name is what it is to hold.
        if len(words) < length or not any(each.isalnum() for each in words[length - 1]):
            continue
        try:
            found = fields.named(work, name)
        except Refused:
            if length == 1:
                raise
            continue
        rest = said.split(maxsplit=length)
        return found, rest[length].lstrip(":：= ") if len(rest) > length else ""
    raise Refused("set.how")


# How changes are told


@action(Permission.READ)
def told(work: Work, voice: Voice, made: list[Change]) -> list[tuple[str, str, str]]:
    """Changes in words: the field's label, before and after."""
    own = {each.key: each for each in fields.every(work)}
    found = []
    for name, before, after in made:
        each = own.get(name.removeprefix("custom.")) if name.startswith("custom.") else None
        label = each.label(voice.language) if each else _label(voice, name)
        was, now = (_words(work, voice, name, each, held) for held in (before, after))
        found.append((label, was, now))
    return found


def _label(voice: Voice, name: str) -> str:
    if name.startswith("custom."):
        return name.removeprefix("custom.")
    return voice.say(f"field.{name}")


def _words(work: Work, voice: Voice, name: str, each: CustomField | None, held: Any) -> str:
    if held in (None, "", []):
        return "–"
    if each is not None:
        return fields.words_of(voice, each, held)
    match name:
        case "phone" | "email" | "address":
            return ", ".join(shown for _, shown in held)
        case "tags":
            return " ".join(f"#{tag}" for tag in held)
        case "owner":
            member = work.get(Member, held)
            return member.name if member else "–"
        case "birthday":
            return fields.day_words(voice, held)
        case "stage" | "gender":
            return voice.say(f"{name}.{held}")
        case "language":
            return voice.tongue(held)
    return str(held)
