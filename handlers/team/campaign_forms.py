"""The form in which a campaign is composed, with what comes of it shown below."""

import re
from dataclasses import dataclass, field

from handlers.actions import audiences, campaigns, preferences
from handlers.actions.campaigns import Terms
from handlers.actions.policies import voice_of
from handlers.command import button, form
from handlers.grammar import first_word
from handlers.message import Field, Form, Heading, Hint, Incoming, Part, Quote, Reply
from handlers.team.dates import from_field
from handlers.team.filling import wrong_beside
from handlers.texts import LANGUAGES, Voice
from storage.errors import Refused
from storage.records import Campaign, Timing
from storage.work import Work

# A word that is a filter: "tag:vip", "-owner:me", "spent>1000".
_FILTER = re.compile(r'-?\w+(?::|：|>=|<=|>|<)(?:"[^"]*"|\S+)')


def split_audience(text: str) -> tuple[str, str]:
    """Whom a typed line is for, and what it says: filters at its beginning, or one word."""
    whom = []
    rest = text.strip()
    while found := _FILTER.match(rest):
        if "://" in found[0]:
            break
        whom.append(found[0])
        rest = rest[found.end() :].lstrip()
    if whom:
        return " ".join(whom), rest
    return first_word(text)


@dataclass
class Filled:
    """What has been filled in so far, as typed values; what cannot be read is noted beside it."""

    said: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What stands in a field."""
        return self.said.get(name, "").strip()

    def texts(self) -> dict[str, str]:
        """The texts by language; "" is everybody else's."""
        return {"": self.get("text")} | {
            language: self.get(f"text_{language}")
            for language in LANGUAGES
            if self.get(f"text_{language}")
        }


def composing(work: Work, filled: Filled | None = None) -> Form:
    """The form, as far as it is filled in, with a preview of what comes of it."""
    voice, said = voice_of(work), filled or Filled({})
    return Form(
        does="campaign.compose",
        title=voice.say("form.campaign"),
        submit=voice.say("button.prepare"),
        cancel=voice.say("button.cancel"),
        fields=tuple(_fields(work, voice, said)),
        shown=_preview(work, voice, said) if filled else (_hint(voice),),
    )


def _hint(voice: Voice) -> Part:
    return Hint(voice.words("campaign.preview_hint"))


def _fields(work: Work, voice: Voice, said: Filled) -> list[Field]:
    def line(
        name: str, *, optional: bool = True, long: bool = False, live: bool = False, hint: str = ""
    ) -> Field:
        return Field(
            name,
            voice.say(f"label.campaign_{name}"),
            value=said.said.get(name, ""),
            hint=voice.say(f"hint.{hint or f'campaign_{name}'}"),
            optional=optional,
            long=long,
            live=live,
        )

    topics = tuple((topic.name, topic.name) for topic, _ in preferences.topics(work))
    none = ("-", voice.say("campaign.no_topic"))
    found = [
        line("whom", optional=False, live=True),
        line("except", live=True),
        line("text", optional=False, long=True, live=True),
    ]
    found += [
        Field(
            f"text_{language}",
            voice.say("label.campaign_text_in", language=voice.say(f"language.{language}")),
            value=said.said.get(f"text_{language}", ""),
            hint=voice.say("hint.campaign_text_in"),
            optional=True,
            long=True,
        )
        for language in LANGUAGES
    ]
    if topics:
        label = voice.say("label.campaign_topic")
        chosen = said.get("topic") or "-"
        found.append(Field("topic", label, value=chosen, options=(none, *topics), live=True))
    found += [line("picture"), line("buttons", long=True), line("when")]
    clocks = (("ours", voice.say("campaign.our_clock")), ("theirs", voice.say("campaign.theirs")))
    label = voice.say("label.campaign_clock")
    found.append(Field("clock", label, value=said.get("clock") or "ours", options=clocks))
    found.append(line("speed", hint="speed"))
    busy = (("wait", voice.say("campaign.busy_wait")), ("send", voice.say("campaign.busy_send")))
    label = voice.say("label.campaign_busy")
    found.append(Field("busy", label, value=said.get("busy") or "wait", options=busy, live=True))
    return found


def _preview(work: Work, voice: Voice, said: Filled) -> tuple[Part, ...]:
    """How many would get it, and how it reads; or what is wrong so far."""
    if not said.get("whom") or not said.get("text"):
        return (_hint(voice),)
    terms = _terms(work, said)
    try:
        seen = campaigns.preview(work, terms)
    except Refused as refused:
        return (Hint(voice.words(refused.key, **refused.values)),)
    parts: list[Part] = [Heading(voice.say("campaign.preview"))]
    will_get, wait = audiences.counts_of(seen).get("will_get", 0), audiences.reach(seen)
    words = voice.words(
        "campaign.preview_counts",
        will_get=will_get,
        wait=wait - will_get,
        left=audiences.everybody(seen) - wait,
    )
    parts.append(Hint(words))
    for name, text in campaigns.previews(work, seen):
        if name:
            parts.append(Hint(voice.words("campaign.as_read_by", name=name)))
        parts.append(Quote(text))
    return tuple(parts)


def _terms(work: Work, said: Filled) -> Terms:
    """Everything as typed values; what cannot be read is noted by its field."""
    voice = voice_of(work)
    wall = None
    if said.get("when"):
        try:
            wall = from_field(work, said.get("when")).wall
        except Refused as refused:
            said.wrong["when"] = voice.say(refused.key, **refused.values)
    speed = said.get("speed")
    if speed and not (speed.isdecimal() and 1 <= int(speed[:6]) <= 1000):
        said.wrong["speed"] = voice.say("campaign.speed", least=1, most=1000)
        speed = ""
    timing = Timing.NOW if wall is None else Timing.AT
    if said.get("clock") == "theirs":
        timing = Timing.LOCAL
        if wall is None:
            said.wrong.setdefault("when", voice.say("campaign.no_when"))
    topic = said.get("topic")
    return Terms(
        wanted=said.get("whom"),
        unwanted=said.get("except"),
        texts=said.texts(),
        topic="" if topic == "-" else topic,
        picture=said.get("picture"),
        buttons=tuple(each for each in said.get("buttons").splitlines() if each.strip()),
        timing=timing,
        wall=wall,
        speed=int(speed) if speed else None,
        regardless=said.get("busy") == "send",
    )


@button("campaign.compose.look")
def looked(work: Work, incoming: Incoming) -> Reply:
    """Something was typed: the preview below it follows."""
    return Reply(form=composing(work, Filled(dict(incoming.fields))))


# The field beside which a rule's no is shown.
_BESIDE = {
    "campaign.no_filter": "whom",
    "campaign.no_audience": "whom",
    "campaign.nobody": "whom",
    "campaign.nobody_in": "whom",
    "filter.wrong": "whom",
    "campaign.no_picture": "picture",
    "campaign.button_label": "buttons",
    "campaign.button_address": "buttons",
    "campaign.no_when": "when",
    "campaign.in_the_past": "when",
    "topic.unknown": "topic",
}


@form("campaign.compose")
def composed(work: Work, incoming: Incoming) -> Reply:
    """A campaign is filled in: its draft stands in the channel, with everything about it."""
    voice, said = voice_of(work), Filled(dict(incoming.fields))
    terms = _terms(work, said)
    if said.wrong:
        return Reply(wrong=said.wrong)
    try:
        drafted = campaigns.compose(work, terms, incoming.chat)
    except Refused as refused:
        beside = _BESIDE.get(refused.key, "text")
        return wrong_beside(work, beside, refused)
    return voice.reply("campaign.drafted", number=drafted.number)


# Other words


@button("campaign.edit")
def edit_pressed(work: Work, campaign: Campaign) -> Reply:
    """Ask for other words, in each language."""
    voice = voice_of(work)
    fields = [
        Field(
            "text",
            voice.say("label.campaign_text"),
            value=str(campaign.texts[""]),
            hint=voice.say("hint.campaign_text"),
            long=True,
        )
    ]
    fields += [
        Field(
            f"text_{language}",
            voice.say("label.campaign_text_in", language=voice.say(f"language.{language}")),
            value=str(campaign.texts.get(language, "")),
            hint=voice.say("hint.campaign_text_in"),
            optional=True,
            long=True,
        )
        for language in LANGUAGES
    ]
    return Reply(
        form=Form(
            does="campaign.edit",
            title=voice.say("form.campaign_edit"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=tuple(fields),
            value=f"{campaign.id}:{campaigns.texts_mark(work, campaign)}",
        )
    )


@form("campaign.edit")
def edited(work: Work, incoming: Incoming, campaign: Campaign) -> Reply | None:
    """Other words are filled in; whoever has the former ones keeps them.

    What a colleague has written meanwhile is not overwritten unseen.
    """
    shown = incoming.value.partition(":")[2]
    try:
        campaigns.change_texts(work, campaign, Filled(dict(incoming.fields)).texts(), shown)
    except Refused as refused:
        return wrong_beside(work, "text", refused)
    campaigns.show(work.as_system(), campaign)
    return None
