"""Commands, buttons and forms about journeys."""

from handlers.actions import contacts, journeys
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.journeys import journey_line, preview_card
from handlers.command import button, command, form
from handlers.grammar import first_word
from handlers.message import Field, Form, Incoming, Reply
from handlers.team.agreeing import typing, with_number
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact, Journey
from storage.work import Work

_ADD = ("add", "new", "添加", "新建")
_PREVIEW = ("preview", "预览")
_BESIDE = dict.fromkeys(("journey.name", "journey.taken", "journey.name_taken"), "name")


@command("journey [add|preview] <name>", also=("journeys", "旅程"), needs=Permission.CAMPAIGN)
def journey(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """Several messages to one person with waits between; alone it lists them."""
    voice = voice_of(work)
    verb, rest = first_word(text or "")
    if not verb:
        return _list(work, voice)
    if verb in _ADD:
        return _add(work, voice, rest, incoming)
    if verb in _PREVIEW:
        name, who = first_word(rest)
        return _preview(work, voice, name, who)
    return Reply(journeys.card(work, journeys.named(work, text or ""), voice).parts)


def _list(work: Work, voice: Voice) -> Reply:
    found = tuple(journey_line(voice, each) for each in journeys.recent(work))
    return Reply(found) if found else voice.reply("journeys.none")


def _add(work: Work, voice: Voice, rest: str, incoming: Incoming) -> Reply:
    """The lines may stand below the name; otherwise they are asked for."""
    name, _, lines = rest.partition("\n")
    if lines.strip():
        made = journeys.write(work, name, lines, incoming.chat)
        return voice.reply("journey.written", name=made.name)
    if not incoming.trigger:
        return voice.reply("journeys.none")
    return Reply(form=_form(voice, name.strip(), ""))


def _form(voice: Voice, name: str, lines: str, draft: Journey | None = None) -> Form:
    return Form(
        does="journey.write" if draft is None else "journey.rewrite",
        value="" if draft is None else str(draft.id),
        title=voice.say("form.journey"),
        submit=voice.say("button.prepare"),
        cancel=voice.say("button.cancel"),
        fields=(
            Field("name", voice.say("label.journey_name"), value=name, hint="welcome"),
            Field(
                "lines",
                voice.say("label.journey_lines"),
                value=lines or voice.say("journey.example"),
                hint=voice.say("hint.journey_lines"),
                long=True,
            ),
        ),
    )


def _preview(work: Work, voice: Voice, name: str, who: str) -> Reply:
    if not name or not who:
        raise Refused("journey.preview_how")
    found = journeys.named(work, name)
    person = _person(work, who)
    return preview_card(voice, found, person, journeys.preview(work, found, person))


def _person(work: Work, who: str) -> Contact:
    hits = contacts.find(work, who) if who else []
    if not hits:
        raise Refused("journey.whom", name=who[:60])
    return hits[0].contact


@form("journey.write")
def written(work: Work, incoming: Incoming) -> Reply:
    """A journey is written; it stands in the channel, and nobody is on it yet."""
    return _write(work, incoming, None)


@form("journey.rewrite")
def rewritten(work: Work, incoming: Incoming, journey: Journey) -> Reply:
    """A draft has other lines, and perhaps another name."""
    return _write(work, incoming, journey)


def _write(work: Work, incoming: Incoming, draft: Journey | None) -> Reply:
    voice = voice_of(work)
    name, lines = incoming.fields.get("name", ""), incoming.fields.get("lines", "")
    try:
        made = journeys.write(work, name, lines, incoming.chat, draft)
    except Refused as refused:
        beside = _BESIDE.get(refused.key, "lines")
        return wrong_beside(work, beside, refused)
    return voice.reply("journey.written", name=made.name)


@button("journey.edit")
def edit_pressed(work: Work, journey: Journey) -> Reply:
    """Ask for other lines."""
    return Reply(form=_form(voice_of(work), journey.name, journey.lines, journey))


@button("journey.show")
def show_pressed(work: Work, journey: Journey) -> Reply:
    """A journey's card as it stands."""
    return Reply(journeys.card(work, journey, voice_of(work)).parts)


@button("journey.start")
def start_pressed(work: Work, journey: Journey) -> Reply | None:
    """People begin, once their number was typed where there are many."""
    many = journeys.must_type(work, journey)
    if many is not None:
        return Reply(form=typing("journey.start", voice_of(work), journey.id, many))
    _start(work, journey, None)
    return None


@form("journey.start")
def start_typed(work: Work, incoming: Incoming, journey: Journey) -> Reply | None:
    """The number of people is typed."""
    return with_number(work, incoming, lambda typed: _start(work, journey, typed))


def _start(work: Work, journey: Journey, typed: int | None) -> None:
    journeys.start(work, journey, typed)
    journeys.show(work.as_system(), journey)


@button("journey.pause")
def pause_pressed(work: Work, journey: Journey) -> None:
    """Nobody goes on."""
    journeys.pause(work, journey)
    journeys.show(work.as_system(), journey)


@button("journey.resume")
def resume_pressed(work: Work, journey: Journey) -> None:
    """They go on."""
    journeys.resume(work, journey)
    journeys.show(work.as_system(), journey)


@button("journey.end")
def end_pressed(work: Work, journey: Journey) -> None:
    """It is over for everybody."""
    journeys.end(work, journey)
    journeys.show(work.as_system(), journey)
