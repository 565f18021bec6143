"""Editing customers: the form, one-line edits, the history, taking back, and the card's buttons."""

from handlers import cards
from handlers.actions import (
    answering,
    changes,
    fields,
    members,
    pictures,
    pipelines,
    profiles,
    tickets,
)
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.actions.profiles import Saved, name_of
from handlers.command import button, command, form
from handlers.message import (
    BOLD,
    Button,
    Field,
    Form,
    Hint,
    Incoming,
    Line,
    Part,
    Reply,
    Text,
)
from handlers.team.companies import page_of
from handlers.team.deal_forms import new_form
from handlers.team.orders import order
from handlers.texts import LANGUAGES, Voice
from storage.errors import Refused
from storage.records import AuditEntry, Contact, CustomField, FieldKind, Gender, Stage, Ticket
from storage.work import Work

MOST_HISTORY = 20
# Slack's menus hold a hundred.
MOST_CHOICES = 100
_LONG = ("phone", "email", "address")


@command("set <contact> <field> <value>", also=("设置", "修改"), needs=Permission.SERVE)
def set_field(work: Work, contact: Contact, text: str | None) -> Reply:
    """Change one field: birthday 3 May 1990, phone +44…, plan gold; “-” empties it."""
    if not text:
        return Reply(form=edit_form(work, contact))
    field, said = profiles.split(work, text)
    voice = voice_of(work)
    if not said:
        held = profiles.text(work, contact, field) or "–"
        label = _label(voice, field)
        return voice.reply("set.is_now", name=contact.name, field=label, value=held)
    return saved_words(work, voice, contact, profiles.set_field(work, contact, field, said))


def _label(voice: Voice, field: str | CustomField) -> str:
    return voice.say(f"field.{field}") if isinstance(field, str) else field.label(voice.language)


def saved_words(work: Work, voice: Voice, contact: Contact, saved: Saved) -> Reply:
    """What is otherwise now, with *Undo*."""
    if saved.entry is None:
        return voice.reply("edit.nothing", name=contact.name)
    parts: list[Part] = [
        Line(voice.words("edit.saved", name=contact.name), undo_button(voice, saved.entry))
    ]
    told = profiles.told(work, voice, saved.changes)
    parts.append(Text(_changes(told)))
    return Reply(tuple(parts))


def _changes(told: list[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    words: list[tuple[str, str]] = []
    for number, (label, before, after) in enumerate(told):
        words += [("\n" if number else "", ""), (f"{label}: ", BOLD)]
        words.append((f"{cards.shortened(before, 80)} → {cards.shortened(after, 80)}", ""))
    return tuple(words)


def undo_button(voice: Voice, entry: AuditEntry) -> Button:
    """What takes a change back."""
    return Button(voice.say("button.undo"), "change.undo", str(entry.id))


# The form


@command("edit <contact>", also=("编辑",), needs=Permission.SERVE)
def edit(work: Work, contact: Contact) -> Reply:
    """Change everything about a customer in a form."""
    return Reply(form=edit_form(work, contact))


@button("contact.edit")
def edit_pressed(work: Work, contact: Contact) -> Reply:
    """Ask for everything about a contact."""
    return Reply(form=edit_form(work, contact))


def edit_form(work: Work, contact: Contact) -> Form:
    """All that a record may hold, as it is now."""
    voice = voice_of(work)
    held = profiles.texts(work, contact)
    asked = profiles.all_fields(work)
    return Form(
        does="contact.edit",
        title=voice.say("form.edit_contact"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=tuple(field_of(work, voice, each, contact, held[name_of(each)]) for each in asked),
        value=f"{contact.id}:{profiles.marks(work, contact)}",
    )


def field_of(
    work: Work, voice: Voice, each: str | CustomField, contact: Contact, held: str
) -> Field:
    """One field of the form with the input that fits its type."""
    if isinstance(each, CustomField):
        return _own_field(work, voice, each, contact, held)
    hint = f"hint.field.{each}"
    label = voice.say(f"field.{each}")
    options = _options(work, voice, each, held)
    said = voice.say(hint) if hint in LANGUAGES["en"] else ""
    return Field(
        each,
        label,
        held,
        said,
        optional=each != "name",
        long=each in _LONG and len(held) > 200,
        options=options,
    )


def _options(work: Work, voice: Voice, each: str, held: str) -> tuple[tuple[str, str], ...]:
    match each:
        case "gender":
            return tuple((one.value, voice.say(f"gender.{one}")) for one in Gender)
        case "stage":
            return tuple((one.value, voice.say(f"stage.{one}")) for one in Stage)
        case "owner":
            team = members.team(work)[: MOST_CHOICES - 1]
            return tuple((str(one.id), one.name) for one in team)
    return ()


def _own_field(work: Work, voice: Voice, each: CustomField, contact: Contact, held: str) -> Field:
    name, label = name_of(each), each.label(voice.language)
    label = label if not each.required else f"{label} *"
    bounds = fields.bounds(each)
    match each.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            several = each.kind is FieldKind.CHOICES
            value = "\n".join(held.split(", ")) if several else held
            options = tuple((one, one) for one in each.choices[:MOST_CHOICES])
            return Field(name, label, value, optional=True, options=options, several=several)
        case FieldKind.YES_NO:
            options = (("yes", voice.say("field.yes")), ("no", voice.say("field.no")))
            return Field(name, label, held, optional=True, options=options)
        case FieldKind.DATE:
            return Field(name, label, held, optional=True, kind="date")
        case FieldKind.NUMBER:
            return Field(name, label, held, bounds, optional=True, kind="number")
        case FieldKind.LINK:
            return Field(name, label, held, "https://", optional=True, kind="link")
        case FieldKind.MONEY:
            return Field(name, label, held, voice.say("hint.money"), optional=True)
    return Field(name, label, held, optional=True, long=len(held) > 200)


@form("contact.edit")
def edit_from_form(work: Work, incoming: Incoming) -> Reply:
    """The form is filled in; what is wrong is said beside its field, and all stays as it was."""
    id, _, shown = incoming.value.partition(":")
    contact = work.get(Contact, int(id)) if id.isdecimal() and len(id) < 20 else None
    if contact is None or contact.erased_at is not None:
        raise Refused("button.gone")
    voice = voice_of(work)
    wished = {name: _as_typed(said) for name, said in incoming.fields.items()}
    saved = profiles.edit(work, contact, wished, shown, voice)
    if saved.wrong:
        return Reply(wrong=saved.wrong)
    return saved_words(work, voice, contact, saved)


def _as_typed(said: str) -> str:
    return said.strip().replace("\r\n", "\n").replace("\n", ", ")


# The past


@command("history <contact>", also=("历史",))
def contact_history(work: Work, contact: Contact) -> Reply:
    """What was changed in a customer's record: before, after, by whom."""
    voice = voice_of(work)
    entries = changes.history(work, contact, MOST_HISTORY + 1)
    if not entries:
        return voice.reply("change.none", name=contact.name)
    parts: list[Part] = [Text(voice.words("change.title", name=contact.name))]
    parts += [_history_line(work, voice, each) for each in entries[:MOST_HISTORY]]
    if len(entries) > MOST_HISTORY:
        parts.append(Hint(voice.words("change.older")))
    return Reply(tuple(parts))


def _history_line(work: Work, voice: Voice, entry: AuditEntry) -> Line:
    told = pictures.changes_words(work, voice, entry)
    via = entry.detail.get("via")
    words = ((f"{voice.moment(entry.at)}{_where(voice, str(via))}\n", "i"), (told or "–", ""))
    can = not changes.was_undone(entry) and via != "undo" and bool(changes.changes_in(entry))
    return Line(words, undo_button(voice, entry) if can else None)


def _where(voice: Voice, via: str) -> str:
    """From where a change came: "by a command", "by an import 3"."""
    way, _, rest = via.partition(" ")
    known = f"via.{way}" in LANGUAGES["en"]
    return f" · {voice.say(f'via.{way}')} {rest}".rstrip() if known else ""


@button("contact.history")
def history_pressed(work: Work, contact: Contact) -> Reply:
    """What was changed in a contact's record."""
    return contact_history(work, contact)


@command("undo [contact]", also=("撤销",), needs=Permission.SERVE)
def undo_last(work: Work, contact: Contact | None) -> Reply:
    """Take back your last change of a customer; with a name, the last one of theirs."""
    return _undone(work, changes.undo_last(work, contact))


@button("change.undo")
def undo_pressed(work: Work, entry: AuditEntry) -> Reply:
    """The fields hold what they held before."""
    reply = _undone(work, changes.undo(work, entry))
    return Reply(reply.parts, instead=True)


def _undone(work: Work, undone: changes.Undone) -> Reply:
    voice = voice_of(work)
    words = Text(voice.words("change.undone", name=undone.contact.name))
    return Reply((words, Text(_changes(profiles.told(work, voice, undone.changes)))))


# The card's buttons


@button("contact.timeline")
def timeline_pressed(work: Work, contact: Contact, value: str) -> Reply:
    """Another page of the past, or another kind of things; the card stays in its place."""
    _, group, at, id, way = (value + "::::").split(":")[:5]
    place = (int(at), int(id)) if at.lstrip("-").isdecimal() and id.isdecimal() else None
    voice = voice_of(work)
    profile = pictures.picture(work, contact, voice, group=group, place=place, later=way == "later")
    return Reply(cards.contact_card(voice, profile, work.now).parts, instead=True)


@button("contact.deal")
def deal_pressed(work: Work, contact: Contact) -> Reply:
    """Ask for a deal with this contact."""
    return Reply(form=new_form(voice_of(work), pipelines.ways(work), contact.name))


@button("contact.order")
def order_pressed(work: Work, contact: Contact) -> Reply:
    """Ask for an order of this contact."""
    return order(work, contact, None)


@button("contact.company")
def company_pressed(work: Work, contact: Contact) -> Reply:
    """Where they work, with who else does."""
    return page_of(work, contact.company or "")


@button("contact.message")
def message_pressed(work: Work, contact: Contact) -> Reply:
    """Ask what to write to them."""
    voice = voice_of(work)
    current = work.get(Ticket, contact.ticket_id)
    where = "message.in_ticket" if current is not None and current.is_open else "message.new"
    number = current.number if current is not None else 0
    return Reply(
        form=Form(
            does="contact.message",
            title=voice.say("form.message"),
            submit=voice.say("button.send"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field(
                    "text",
                    voice.say("label.message"),
                    hint=voice.say(where, number=number),
                    long=True,
                ),
            ),
            value=str(contact.id),
        )
    )


@form("contact.message")
def message_from_form(work: Work, incoming: Incoming) -> Reply:
    """It goes to them in the thread of their open ticket, or of a new one, held as ever."""
    voice = voice_of(work)
    text = incoming.fields.get("text", "").strip()
    id = incoming.value
    contact = work.get(Contact, int(id)) if id.isdecimal() and len(id) < 20 else None
    if contact is None or contact.erased_at is not None:
        raise Refused("button.gone")
    if not text:
        return Reply(wrong={"text": voice.say("note.empty")})
    ticket = work.get(Ticket, contact.ticket_id)
    if ticket is None or not ticket.is_open:
        ticket = tickets.open_for(work, contact, text)
    answering.say(work, ticket, text)
    return voice.reply("message.goes", name=contact.name, number=ticket.number)
