"""Commands about customers: add, find, show, log."""

import re
from functools import partial

from handlers import cards
from handlers.actions import contacts, pictures, segments, whereabouts
from handlers.actions.access import Permission
from handlers.actions.contacts import Address
from handlers.actions.known_already import Known, known_already
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.grammar import Tags
from handlers.message import (
    CODE,
    Button,
    Field,
    Form,
    Hint,
    Incoming,
    Line,
    Part,
    Reply,
    Text,
    Words,
)
from handlers.team.filling import Filled, contact_field
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries.search import Hit
from storage.records import Contact, Interaction
from storage.work import Work

LONGEST_SAID = 120

_ADDRESS = re.compile(r"(?<!\S)(?:\S+@\S+|(?:tel:)?\+?\(?(?:\d[ ()./-]*){5,}\d)(?!\S)")


@command(
    "add [name], [company], [phone], [email] [#tag]",
    also=("new", "添加", "新增"),
    needs=Permission.SERVE,
)
def add(work: Work, text: str | None, tags: Tags | None) -> Reply:
    """Write down a customer; without anything else it asks in a form."""
    voice = voice_of(work)
    if not text:
        return Reply(form=add_form(voice))
    name, company, addresses = _described(work, text)
    known = known_already(work, company, addresses, tags or ())
    if known is not None:
        return _told_who(voice, known)
    contact = contacts.add_contact(work, name, company, addresses, tags or ())
    return _added(work, voice, contact)


def _described(work: Work, text: str) -> tuple[str, str, tuple[Address, ...]]:
    """ "Anna Lee, Acme, +44 …, anna@acme.test" in any order after the name."""
    first, *rest = [part.strip() for part in text.replace("，", ",").split(",")]
    # Behind a name an address says by itself what it is, without a comma before it.
    name = " ".join(_ADDRESS.sub(" ", first).split()) or first
    company = ""
    addresses: list[Address] = []
    for part in filter(None, [*(_ADDRESS.findall(first) if name != first else ()), *rest]):
        plain = _unlinked(part)
        if "@" in plain:
            addresses.append(contacts.email(plain))
        elif sum(c.isdigit() for c in plain) >= 6 and not any(c.isalpha() for c in plain):
            addresses.append(contacts.phone(plain, whereabouts.home_region(work)))
        else:
            company = company or plain
    return name, company, tuple(addresses)


def _told_who(voice: Voice, known: Known) -> Reply:
    """Whose the address is, with a button for each thing that was said and is new of them."""
    contact = known.contact
    said = voice.words("contact.address_taken", address=known.address.shown, name=contact.name)
    look = Button(voice.say("button.open"), "contact.show", str(contact.id))
    parts: list[Part] = [Line(said, look)]
    lines = [("set {} " + name + " ", value) for name, value in known.fields]
    lines += [("tag {} ", f"#{tag}") for tag in known.tags]
    for begins, value in lines:
        shown = f"/crm {begins.format(contact.name)}{value}"
        run = f"{begins.format(f'contact:{contact.id}')}{value}"
        button = Button(voice.say("button.run"), "command.run", run)
        parts.append(Line(((shown, CODE),), button))
    parts += [Hint(voice.words("contact.nothing_done_yet"))]
    return Reply(tuple(parts))


def _unlinked(part: str) -> str:
    return part.removeprefix("mailto:").removeprefix("tel:").strip()


def _added(work: Work, voice: Voice, contact: Contact) -> Reply:
    shown = card_of(work, contact)
    return Reply((Text(voice.words("contact.added", name=contact.name)), *shown.parts))


def card_of(work: Work, contact: Contact) -> Reply:
    """A customer's card as it stands."""
    voice = voice_of(work)
    return cards.contact_card(voice, pictures.picture(work, contact, voice), work.now)


def add_form(voice: Voice) -> Form:
    """The form that asks for a new customer."""
    names = ("name", "company", "phone", "email", "tags")
    return Form(
        does="contact.add",
        title=voice.say("form.add_contact"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=tuple(
            Field(
                name,
                voice.say(f"label.{name}"),
                hint=voice.say(f"hint.{name}"),
                optional=name != "name",
            )
            for name in names
        ),
    )


@form("contact.add")
def add_from_form(work: Work, incoming: Incoming) -> Reply:
    """The form is filled in; what is wrong is said beside its field."""
    voice = voice_of(work)
    asked = incoming.fields
    addresses: list[Address] = []
    wrong: dict[str, str] = {}
    phone = partial(contacts.phone, region=whereabouts.home_region(work))
    for name, read in (("phone", phone), ("email", contacts.email)):
        given = asked.get(name, "").strip()
        if given:
            try:
                addresses.append(read(given))
            except Refused as refused:
                wrong[name] = voice.say(refused.key, **refused.values)
                continue
            known = known_already(work, "", (addresses[-1],), ())
            if known is not None:
                taken = {"address": known.address.shown, "name": known.contact.name}
                wrong[name] = voice.say("contact.address_taken", **taken)
    if not asked.get("name", "").strip():
        wrong["name"] = voice.say("contact.no_name")
    if wrong:
        return Reply(wrong=wrong)
    tags = tuple(asked.get("tags", "").replace(",", " ").replace("#", " ").split())
    contact = contacts.add_contact(
        work, asked["name"], asked.get("company", ""), tuple(addresses), tags
    )
    return _added(work, voice, contact)


@command("find <text>", also=("search", "查找", "搜索"))
def find(work: Work, text: str) -> Reply:
    """Look somebody up by name (typos are fine), phone, e-mail, company or #tag."""
    voice = voice_of(work)
    hits = contacts.find(work, text)
    said = contacts.find_said(work, text)
    parts: list[Part] = []
    if hits:
        parts.append(Text(voice.words("contact.found", count=len(hits), query=text)))
        parts += [found_line(voice, hit) for hit in hits]
    elif contacts.can_find_all(work):
        if not said:
            segments.explain_names(work, text)
        parts.append(Text(_nobody(work, voice, text)))
    if said:
        among = f"{contacts.MESSAGES_LOOKED_THROUGH:,}"
        parts.append(Text(voice.words("found.said", count=len(said), among=among)))
        parts += [said_line(voice, each, contact) for each, contact in said]
    if not contacts.can_find_all(work):
        parts.append(Text(voice.words("found.not_all")))
    return Reply(tuple(parts))


def _nobody(work: Work, voice: Voice, text: str) -> Words:
    """Why nobody was found: nobody has such a name, or nobody meets the conditions."""
    if segments.has_conditions(work, text):
        return voice.words("filter.nobody", filter=text)
    return voice.words("contact.unknown", name=text)


def said_line(voice: Voice, said: Interaction, contact: Contact) -> Line:
    """A message among what was found, with the way to its request."""
    text = " ".join(said.text.split())
    shown = text if len(text) <= LONGEST_SAID else text[: LONGEST_SAID - 1] + "…"
    ticket = Button(voice.say("button.open"), "ticket.show", str(said.ticket_id))
    whose = Button(voice.say("button.open"), "contact.show", str(contact.id))
    words = ((contact.name, "b"), (f": {shown}", ""))
    return Line(words, ticket if said.ticket_id is not None else whose)


def found_line(voice: Voice, hit: Hit) -> Line:
    """A contact in a list of results."""
    why = "" if hit.why == "name" else " — " + voice.say(f"found.{hit.why}")
    return Line(
        (*_named(hit.contact), (why, "")),
        Button(voice.say("button.open"), "contact.show", str(hit.contact.id)),
    )


def _named(contact: Contact) -> Words:
    company = f" · {contact.company}" if contact.company else ""
    return ((contact.name, "b"), (company, ""))


@command("show <contact>", also=("card", "显示", "查看"))
def show(work: Work, contact: Contact) -> Reply:
    """A customer's card: who, how to reach, what is open, what was said."""
    return card_of(work, contact)


@button("contact.show")
def show_pressed(work: Work, contact: Contact) -> Reply:
    """Open a contact's card."""
    return show(work, contact)


@command("log <contact> <text>", also=("note", "记录", "备注"), needs=Permission.SERVE)
def log(work: Work, contact: Contact, text: str) -> Reply:
    """Note something down about a customer; it stays inside."""
    contacts.log(work, contact, text)
    return voice_of(work).reply("note.kept", name=contact.name)


@button("contact.note")
def note_pressed(work: Work, contact: Contact) -> Reply:
    """Ask for a note about a contact."""
    return Reply(form=note_form(voice_of(work), contact.name, ""))


def note_form(voice: Voice, name: str, text: str) -> Form:
    """The form of *Log to CRM*: who, and what to note down."""
    return Form(
        does="contact.log",
        title=voice.say("form.log"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(
            contact_field(voice, name),
            Field("text", voice.say("label.note"), text, long=True),
        ),
    )


@form("log_to_crm")
def log_shortcut(work: Work, incoming: Incoming) -> Reply:
    """The message shortcut *Log to CRM*: the form with the message in it."""
    return Reply(form=note_form(voice_of(work), "", incoming.text))


@form("contact.log")
def log_from_form(work: Work, incoming: Incoming) -> Reply:
    """The note's form is filled in."""
    filled = Filled(work, incoming)
    contact = filled.contact()
    if contact is None:
        return Reply(wrong=filled.wrong)
    contacts.log(work, contact, filled.said.get("text", ""))
    return filled.voice.reply("note.kept", name=contact.name)
