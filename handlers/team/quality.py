"""Commands and buttons about how good the records are."""

from handlers.actions import pictures, profiles, quality
from handlers.actions.policies import voice_of
from handlers.cards.quality import bar, report_card
from handlers.command import button, command, form
from handlers.message import BOLD, Form, Incoming, Part, Reply, Text
from handlers.team.editing import field_of, saved_words
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact, GapAsk
from storage.work import Work


@command("quality [contact]", also=("质量",))
def quality_report(work: Work, contact: Contact | None) -> Reply:
    """How complete and plausible the records are; with a name, one record with the reasons."""
    voice = voice_of(work)
    if contact is not None:
        return _of_one(work, voice, contact)
    figures = quality.report(work)
    if figures is None:
        return voice.reply("quality.not_yet")
    labels = {name: pictures.gap_words(work, voice, name) for name, _ in figures.gaps}
    return report_card(voice, figures, labels, work.now)


def _of_one(work: Work, voice: Voice, contact: Contact) -> Reply:
    found = quality.of(work, contact)
    words: list[tuple[str, str]] = [(contact.name, BOLD)]
    for name, percent in (("complete", found.complete), ("valid", found.valid)):
        words.append((f"\n{voice.say(f'quality.{name}')}: {percent} %  {bar(percent)}", ""))
    parts: list[Part] = [Text(tuple(words))]
    if found.gaps:
        names = voice.listed(pictures.gap_words(work, voice, each) for each in found.gaps)
        parts.append(Text(voice.words("quality.missing", names=names)))
    if found.faults:
        said = voice.listed(voice.say(f"fault.{each.partition(':')[0]}") for each in found.faults)
        parts.append(Text(voice.words("quality.wrong", names=said)))
    return Reply(tuple(parts))


@button("gap.fill")
def fill_pressed(work: Work, asked: GapAsk) -> Reply:
    """Ask for the one thing that is missing."""
    voice = voice_of(work)
    contact = work.sure(Contact, asked.contact_id)
    each = quality.field_asked(work, asked)
    held = profiles.text(work, contact, each)
    return Reply(
        form=Form(
            does="gap.fill",
            title=voice.say("form.gap"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(field_of(work, voice, each, contact, held),),
            value=str(asked.id),
        )
    )


@form("gap.fill")
def fill_from_form(work: Work, asked: GapAsk, incoming: Incoming) -> Reply:
    """The answer fills the field."""
    voice = voice_of(work)
    contact = work.sure(Contact, asked.contact_id)
    each = quality.field_asked(work, asked)
    name = profiles.name_of(each)
    try:
        saved = profiles.set_field(work, contact, each, incoming.fields.get(name, ""), "gap")
    except Refused as refused:
        return Reply(wrong={name: voice.say(refused.key, **refused.values).replace("`", "")})
    quality.answered(work, asked)
    return saved_words(work, voice, contact, saved)


@button("gap.hush")
def hush_pressed(work: Work, asked: GapAsk) -> Reply:
    """That is not asked again."""
    quality.hush(work, asked)
    return Reply((Text(voice_of(work).words("gap.hushed")),), instead=True)
