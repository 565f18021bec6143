"""Commands about fields of the team's own: listed, added, renamed, changed, retired."""

from handlers.actions import custom_fields, fields
from handlers.actions.access import Permission, may
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Field,
    Form,
    Hint,
    Incoming,
    Line,
    Look,
    Part,
    Reply,
    Text,
)
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import CustomField, FieldKind
from storage.work import Work

_VERBS = {
    "add": "add", "new": "add", "添加": "add", "新增": "add",
    "rename": "rename", "label": "rename", "改名": "rename",
    "type": "type", "change": "type", "类型": "type",
    "choices": "choices", "options": "choices", "选项": "choices",
    "retire": "retire", "remove": "retire", "delete": "retire", "停用": "retire",
    "list": "list", "列表": "list",
}  # fmt: skip


@command("field [add|rename|type|retire] [<name>] [<type>] [<choices>]", also=("fields", "字段"))
def field(work: Work, text: str | None) -> Reply:
    """The team's own fields: add plan choice free|pro|gold, rename, type, retire."""
    words = (text or "").split(maxsplit=3)
    verb = _VERBS.get(words[0].casefold()) if words else "list"
    if verb == "list":
        return _listed(work)
    if verb == "add" and len(words) == 1:
        return Reply(form=add_form(voice_of(work)))
    rest = (text or "").split(maxsplit=2)
    match verb, words:
        case "add", [_, name, kind, *more]:
            made = custom_fields.add(work, name, kind, more[0] if more else "")
            return _told(work, "field.added", made)
        case "rename", [_, name, *_] if len(rest) > 2:
            found = custom_fields.known(work, name)
            return _told(work, "field.renamed", custom_fields.rename(work, found, rest[2]))
        case "type", [_, name, kind, *more]:
            found = custom_fields.known(work, name)
            choices = more[0] if more else _as_kept(found)
            return _told(work, "field.typed", custom_fields.set_kind(work, found, kind, choices))
        case "choices", [_, name, *_] if len(rest) > 2:
            found = custom_fields.known(work, name)
            return _told(work, "field.typed", custom_fields.set_choices(work, found, rest[2]))
        case "retire", [_, name, *_]:
            return _retired(work, custom_fields.known(work, name))
    raise Refused("field.how")


def _as_kept(found: CustomField) -> str:
    """The choices that a field has, when another type is given without any."""
    return "|".join(found.choices)


def _told(work: Work, key: str, made: CustomField) -> Reply:
    voice = voice_of(work)
    words = voice.words(key, label=made.label(voice.language), name=made.key)
    return Reply((Text(words), Hint(((_described(voice, made), ""),))))


def _retired(work: Work, found: CustomField, *, instead: bool = False) -> Reply:
    count = custom_fields.retire(work, found)
    voice = voice_of(work)
    words = voice.words("field.retired", label=found.label(voice.language), count=count)
    return Reply((Text(words),), instead=instead)


def _described(voice: Voice, each: CustomField) -> str:
    found = [each.key, voice.say(f"kind.{each.kind}")]
    if each.choices:
        found.append(" | ".join(each.choices[:12]) + (" …" if len(each.choices) > 12 else ""))
    found += [bounds] if (bounds := fields.bounds(each)) else []
    found += [voice.say("field.is_required")] if each.required else []
    return "  ·  ".join(found)


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = fields.custom(work)
    parts: list[Part] = [Text(voice.words("field.title" if found else "field.none"))]
    sets_up = may(work.actor, Permission.SET_UP)
    for each in found:
        words = ((each.label(voice.language), BOLD), (f"\n{_described(voice, each)}", ""))
        label, sure = voice.say("button.retire"), voice.say("field.sure", name=each.key)
        stay = voice.say("button.stay")
        retire = Button(label, "field.retire", str(each.id), Look.NORMAL, sure, stay)
        parts.append(Line(words, retire if sets_up else None))
    retired = [each.key for each in fields.every(work) if each.retired_at is not None]
    if retired:
        parts.append(Hint(voice.words("field.are_retired", names=voice.listed(retired))))
    if sets_up:
        parts.append(Buttons((Button(voice.say("button.add_field"), "field.form"),)))
    return Reply(tuple(parts))


@button("field.retire")
def retire_pressed(work: Work, each: CustomField) -> Reply:
    """Nobody is asked for it any more."""
    return _retired(work, each, instead=True)


@button("field.form")
def form_pressed(work: Work) -> Reply:
    """Ask for a new field."""
    return Reply(form=add_form(voice_of(work)))


def add_form(voice: Voice) -> Form:
    """Everything about a new field."""
    kinds = tuple((kind.value, voice.say(f"kind.{kind}")) for kind in FieldKind)
    return Form(
        does="field.add",
        title=voice.say("form.add_field"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(
            Field("name", voice.say("label.field_name"), hint=voice.say("hint.field_name")),
            Field("kind", voice.say("label.field_kind"), FieldKind.TEXT.value, options=kinds),
            Field(
                "more",
                voice.say("label.field_more"),
                hint=voice.say("hint.field_more"),
                optional=True,
            ),
            Field(
                "required",
                voice.say("label.field_required"),
                "no",
                options=(("no", voice.say("field.no")), ("yes", voice.say("field.yes"))),
            ),
        ),
    )


@form("field.add")
def add_from_form(work: Work, incoming: Incoming) -> Reply:
    """The form is filled in; what is wrong is said beside its field."""
    asked = incoming.fields
    name = asked.get("name", "").strip()
    more = asked.get("more", "")
    if asked.get("required") == "yes":
        more = f"{more} required"
    key = name.partition("|")[0]
    try:
        made = custom_fields.add(work, key, asked.get("kind", ""), more, name)
    except Refused as refused:
        beside = "more" if refused.key == "field.no_choices" else "name"
        if refused.key.startswith("access."):
            raise
        return wrong_beside(work, beside, refused)
    return _told(work, "field.added", made)
