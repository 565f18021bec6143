"""How journeys look in a chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.cards.lines import shortened
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Contact, Journey, JourneyState

Step = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """Who stands where on a journey; of a draft, how many begin at once."""

    counts: Mapping[str, int]
    # How many have it, by the place of the message.
    sent: Mapping[int, int]
    # None: nobody before something happens.
    at_once: int | None = None
    is_counted: bool = True
    # Who has asked to start it, while somebody else has to agree.
    asked_by: str = ""


class Stop(Protocol):
    """One step as one person would come to it."""

    @property
    def step(self) -> Step: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...


def journey_card(voice: Voice, journey: Journey, standing: Standing, now: datetime) -> Reply:
    """A journey with who stands where."""
    parts: list[Part] = [Heading(voice.say("journey.title", name=journey.name))]
    state = voice.say(f"journey_state.{journey.state}")
    parts.append(Text(((f"{state} · ", BOLD), (begins_words(voice, journey), ""))))
    for position, step in enumerate(journey.steps):
        parts.append(Text(_step_line(voice, position, step, standing)))
    if journey.until:
        events = voice.listed(voice.say(f"event.{each}") for each in journey.until)
        parts.append(Hint(voice.words("journey.until", events=events)))
    if journey.state is JourneyState.DRAFT:
        parts += _at_once(voice, standing)
    else:
        parts.append(Text(_ends(voice, standing.counts)))
    buttons = _buttons(voice, journey, standing)
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    if journey.state is not JourneyState.DRAFT:
        parts.append(Hint(voice.words("campaign.as_of", at=now)))
    return Reply(tuple(parts), for_all=True)


def begins_words(voice: Voice, journey: Journey) -> str:
    """Who begins it."""
    begins = journey.begins
    kind = begins["kind"]
    if kind == "contact" and begins.get("source"):
        return voice.say("journey.begins.source", source=begins["source"])
    values = {name: begins[name] for name in ("filter", "tag") if name in begins}
    return voice.say(f"journey.begins.{kind}", **values)


def _at_once(voice: Voice, standing: Standing) -> list[Part]:
    """How many begin as soon as it starts, and whose yes is wanted."""
    parts: list[Part] = []
    if not standing.is_counted:
        parts.append(Hint(voice.words("campaign.counting")))
    elif standing.at_once is not None:
        parts.append(Text(voice.words("journey.at_once", count=standing.at_once)))
    if standing.asked_by:
        parts.append(Text(voice.words("campaign.second_wanted", name=standing.asked_by)))
    return parts


def _step_line(voice: Voice, position: int, step: Step, standing: Standing) -> Words:
    words: Words = ((f"{position + 1}. ", BOLD), *step_words(voice, step))
    figures = []
    sent, here = standing.sent.get(position), standing.counts.get(f"at:{position}")
    if sent:
        figures.append(voice.say("journey.sent", count=sent))
    if here:
        figures.append(voice.say("journey.here", count=here))
    return words + plain(f"  [{', '.join(figures)}]") if figures else words


def step_words(voice: Voice, step: Step) -> Words:
    """One step in words."""
    words: Words = ()
    if "if" in step:
        key = "journey.if" if step["is"] else "journey.if_not"
        words = voice.words(key, event=voice.say(f"event.{step['if']}")) + plain(" ")
    match step["do"]:
        case "say":
            return words + _said(voice, step)
        case "wait":
            length = length_words(voice, step["minutes"])
            if "for" in step:
                event = voice.say(f"event.{step['for']}")
                return voice.words("journey.wait_for", length=length, event=event)
            return voice.words("journey.wait", length=length)
        case "tag":
            return words + voice.words("journey.tag", tag=step["tag"])
        case _:
            return words + voice.words("journey.stop")


def _said(voice: Voice, step: Step) -> Words:
    text = plain(shortened(step["text"], 500))
    if "day" not in step:
        return text
    if "at" in step:
        return (*voice.words("journey.day_at", day=step["day"], time=step["at"]), (" ", ""), *text)
    return (*voice.words("journey.day", day=step["day"]), (" ", ""), *text)


def length_words(voice: Voice, minutes: int) -> str:
    """A wait as it was said: in its largest whole unit."""
    for unit, many in (("week", 7 * 24 * 60), ("day", 24 * 60), ("hour", 60)):
        if minutes % many == 0:
            return voice.say(f"journey.{unit}s", count=minutes // many)
    return voice.say("journey.minutes", count=minutes)


def _ends(voice: Voice, counts: Mapping[str, int]) -> Words:
    said = [voice.say("journey.through", count=counts.get("through", 0))]
    for name, many in sorted(counts.items()):
        if name.startswith("left:"):
            why = name.removeprefix("left:")
            key = f"journey.left.{why}"
            label = voice.say(key) if voice.knows(key) else voice.say("journey.left.other")
            said.append(voice.say("journey.left", count=many, why=label))
    return plain(" · ".join(said))


def _buttons(voice: Voice, journey: Journey, standing: Standing) -> list[Button]:
    value = str(journey.id)
    sure, stay = voice.say("journey.sure_end"), voice.say("button.stay")
    end = Button(voice.say("button.journey_end"), "journey.end", value, Look.DANGER, sure, stay)
    match journey.state:
        case JourneyState.DRAFT:
            many, label = standing.at_once, "button.agree" if standing.asked_by else "button.start"
            ask = voice.say("campaign.sure", count=many) if many else voice.say("journey.sure")
            return [
                Button(voice.say(label), "journey.start", value, Look.PRIMARY, ask, stay),
                Button(voice.say("button.edit_text"), "journey.edit", value),
                Button(voice.say("button.cancel"), "journey.end", value),
            ]
        case JourneyState.RUNNING:
            return [Button(voice.say("button.pause"), "journey.pause", value), end]
        case JourneyState.PAUSED:
            return [Button(voice.say("button.resume"), "journey.resume", value, Look.PRIMARY), end]
        case JourneyState.LATE:
            return [Button(voice.say("button.send_now"), "journey.resume", value), end]
        case _:
            return []


def late_note(voice: Voice, journey: Journey) -> Reply:
    """Nothing ran when steps came due: are they to be done all the same?"""
    value = str(journey.id)
    buttons = (
        Button(voice.say("button.send_now"), "journey.resume", value, Look.PRIMARY),
        Button(voice.say("button.journey_end"), "journey.end", value, Look.DANGER),
    )
    return Reply((Text(voice.words("journey.late", name=journey.name)), Buttons(buttons)))


def preview_card(voice: Voice, journey: Journey, contact: Contact, stops: list[Any]) -> Reply:
    """What one person would get, and when."""
    title = voice.words("journey.preview", name=journey.name, contact=contact.name)
    parts: list[Part] = [Text(title)]
    for stop in stops:
        if stop.step["do"] == "say":
            parts.append(Text(((f"{voice.moment(stop.at)}: ", BOLD), (stop.text, ""))))
        else:
            parts.append(Hint(step_words(voice, stop.step)))
    return Reply(tuple(parts))


def journey_line(voice: Voice, journey: Journey) -> Line:
    """One journey of a list."""
    state = voice.say(f"journey_state.{journey.state}")
    words: Words = ((journey.name, BOLD), (f"\n{state} · {begins_words(voice, journey)}", ""))
    return Line(words, Button(voice.say("button.open"), "journey.show", str(journey.id)))
