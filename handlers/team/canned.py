"""Commands, buttons and forms about canned replies."""

from handlers import cards
from handlers.actions import canned
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.grammar import first_word
from handlers.message import Field, Form, Hint, Incoming, Kind, Part, Reply, Text
from handlers.team.filling import wrong_beside
from handlers.texts import LANGUAGES, Voice
from handlers.understanding.words import is_chinese
from storage.errors import Refused
from storage.records import CannedReply, Ticket
from storage.work import Work

ADD, EDIT, REMOVE = (
    ("add", "new", "添加", "新增"),
    ("edit", "change", "修改", "编辑"),
    ("remove", "delete", "删除"),
)


@command(
    "canned [add|edit|remove] [name] [text]", also=("常用语", "快捷回复"), needs=Permission.SERVE
)
def canned_replies(
    work: Work, ticket: Ticket | None, text: str | None, incoming: Incoming
) -> Reply | None:
    """Send a canned reply in a ticket's thread; alone it lists them; add, edit, remove."""
    if not text:
        return _listed(work)
    word, rest = first_word(text)
    if word in ADD:
        return _add(work, rest, incoming)
    if word in EDIT:
        return Reply(form=canned_form(voice_of(work), canned.named(work, rest)))
    if word in REMOVE:
        gone = canned.named(work, rest)
        canned.remove(work, gone)
        return voice_of(work).reply("canned.removed", name=gone.name)
    found = canned.named(work, text)
    if ticket is None:
        return _shown(work, found)
    mentioned = incoming.kind is Kind.MENTION
    canned.send(work, found, ticket, incoming.origin if mentioned else None)
    return None if mentioned else voice_of(work).reply("canned.sent", name=found.name)


def behind(incoming: Incoming, words: int) -> str:
    """What was typed behind so many words, with its lines; empty when the door does not tell."""
    typed = incoming.value.split(maxsplit=words)
    return typed[words].strip() if len(typed) > words else ""


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = canned.listed(work)
    if not found:
        return voice.reply("canned.none", name="", names="")
    parts: list[Part] = [Text(voice.words("canned.title", count=len(found)))]
    parts += [cards.canned_line(voice, each) for each in found[:40]]
    return Reply((*parts, Hint(voice.words("canned.how"))))


def _add(work: Work, rest: str, incoming: Incoming) -> Reply:
    voice = voice_of(work)
    name, text = first_word(rest)
    if not text:
        if not incoming.trigger:
            raise Refused("canned.no_text")
        return Reply(form=canned_form(voice, None, name))
    text = behind(incoming, 3) or text
    saved = canned.write(work, name, {"zh" if is_chinese(text) else "en": text})
    return voice.reply("canned.saved", name=saved.name)


def canned_form(voice: Voice, known: CannedReply | None, name: str = "") -> Form:
    """The form of a canned reply: a text for each language, and what customers write."""
    texts = known.texts if known else {}
    called = known.name if known else name
    fields = [Field("name", voice.say("label.canned_name"), called, "refund")]
    fields += [
        Field(
            f"text_{language}",
            voice.say(f"language.{language}"),
            texts.get(language, ""),
            voice.say("hint.fields"),
            optional=True,
            long=True,
        )
        for language in LANGUAGES
    ]
    cues = "\n".join(known.cues) if known else ""
    hint = voice.say("hint.cues")
    fields.append(Field("cues", voice.say("label.cues"), cues, hint, optional=True, long=True))
    return Form(
        does="canned.write",
        title=voice.say("form.canned"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=tuple(fields),
    )


@form("canned.write")
def write_from_form(work: Work, incoming: Incoming) -> Reply:
    """The form is filled in; what is wrong is said beside its field."""
    voice = voice_of(work)
    asked = incoming.fields
    texts = {language: asked.get(f"text_{language}", "") for language in LANGUAGES}
    try:
        saved = canned.write(work, asked.get("name", ""), texts, asked.get("cues", "").split("\n"))
    except Refused as refused:
        wrong = {
            "template.field": next((f"text_{k}" for k, t in texts.items() if "{" in t), "name"),
            "canned.no_text": "text_en",
            "knowledge.too_long": max(texts, key=lambda each: len(texts[each])),
        }.get(refused.key, "name")
        wrong = f"text_{wrong}" if wrong in texts else wrong
        return wrong_beside(work, wrong, refused)
    return voice.reply("canned.saved", name=saved.name)


def _shown(work: Work, found: CannedReply) -> Reply:
    return cards.canned_card(voice_of(work), found)


@button("canned.show")
def show_pressed(work: Work, found: CannedReply) -> Reply:
    """A canned reply with all its languages."""
    return _shown(work, canned.named(work, found.name))


@button("canned.edit")
def edit_pressed(work: Work, found: CannedReply) -> Reply:
    """The form with what it says now."""
    return Reply(form=canned_form(voice_of(work), canned.named(work, found.name)))
