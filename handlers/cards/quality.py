"""How the quality of records looks in a chat: the report, and one question to an owner."""

from dataclasses import dataclass
from datetime import datetime

from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Contact, GapAsk

_FULL, _EMPTY = "█", "░"


@dataclass(frozen=True)
class Figures:
    """How all records stand: two scores of 100, the commonest gaps and faults with how many."""

    contacts: int
    complete: int
    valid: int
    gaps: tuple[tuple[str, int], ...]
    faults: tuple[tuple[str, int], ...]
    # Companies that are written in more than one way.
    spellings: int
    at: datetime


def bar(percent: int) -> str:
    """A share as ten blocks."""
    full = round(max(0, min(percent, 100)) / 10)
    return _FULL * full + _EMPTY * (10 - full)


def report_card(voice: Voice, figures: Figures, labels: dict[str, str], now: datetime) -> Reply:
    """Scores, what is missing most, what cannot be so, and what could be done about it."""
    parts: list[Part] = [Heading(voice.say("quality.title"))]
    scores = (("complete", figures.complete), ("valid", figures.valid))
    parts.append(
        Facts(tuple((voice.say(f"quality.{name}"), _score(percent)) for name, percent in scores))
    )
    if figures.gaps:
        parts.append(Text(_listed(voice, "quality.gaps", figures, figures.gaps, labels)))
    faults = [*figures.faults]
    names = {name: voice.say(f"fault.{name}") for name, _ in faults}
    if figures.spellings:
        faults.append(("spellings", figures.spellings))
        names["spellings"] = voice.say("fault.spellings")
    if faults:
        parts.append(Text(_listed(voice, "quality.faults", figures, tuple(faults), names)))
    if not figures.gaps and not faults:
        parts.append(Text(voice.words("quality.nothing")))
    at = voice.words("quality.at", count=figures.contacts, at=voice.moment(figures.at))
    parts.append(Hint(at))
    return Reply(tuple(parts))


def _score(percent: int) -> Words:
    return ((f"{percent} %", BOLD), (f"  {bar(percent)}", ""))


def _listed(
    voice: Voice,
    title: str,
    figures: Figures,
    rows: tuple[tuple[str, int], ...],
    labels: dict[str, str],
) -> Words:
    words: list[tuple[str, str]] = [(voice.say(title), BOLD)]
    for name, count in rows:
        share = round(100 * count / figures.contacts) if figures.contacts else 0
        percent = "" if name == "spellings" else f"  ({share} %)"
        words += [("\n• ", ""), (f"{count}", BOLD), (f"  {labels.get(name, name)}{percent}", "")]
    return tuple(words)


def ask_card(voice: Voice, asked: GapAsk, contact: Contact, label: str) -> Reply:
    """One question to the owner of a customer."""
    value = str(asked.id)
    company = f" ({contact.company})" if contact.company else ""
    words = voice.words("gap.ask", name=f"{contact.name}{company}", what=label)
    buttons = (
        Button(voice.say("button.fill_in"), "gap.fill", value, Look.PRIMARY),
        Button(voice.say("button.dont_ask"), "gap.hush", value),
        Button(voice.say("button.customer"), "contact.show", str(contact.id)),
    )
    return Reply((Text(words), Buttons(buttons), Hint(plain(voice.say("gap.hint")))))
