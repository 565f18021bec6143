"""How a ticket's history looks in a chat."""

from datetime import datetime

from handlers.message import BOLD, ITALIC, Hint, Part, Reply, Text, Words
from handlers.texts import Voice
from storage.records import Ticket, TicketEvent

# The newest steps; more than this is a log and no history.
MOST_STEPS = 40


def history_card(
    voice: Voice, ticket: Ticket, steps: list[tuple[TicketEvent, str | None]]
) -> Reply:
    """The steps of a ticket, oldest first: when, what, and by whom."""
    parts: list[Part] = [Text(voice.words("history.title", number=ticket.number))]
    if len(steps) > MOST_STEPS:
        parts.append(Hint(voice.words("history.earlier", count=len(steps) - MOST_STEPS)))
    lines: list[tuple[str, str]] = []
    for step, by in steps[-MOST_STEPS:]:
        lines += [(f"{voice.moment(step.at)}  ", ITALIC), *step_words(voice, step, by), ("\n", "")]
    return Reply((*parts, Text(tuple(lines))))


def step_words(voice: Voice, step: TicketEvent, by: str | None) -> Words:
    """One step in words: "priority normal → high (Ann)"."""
    before, after = (_value(voice, step.what, each) for each in (step.before, step.after))
    words = voice.words(f"history.{step.what}", before=before, after=after)
    return words if by is None else (*words, (" · ", ""), (by, BOLD))


def _value(voice: Voice, what: str, value: str | None) -> str:
    if value is None:
        return voice.say("history.none")
    if what in ("status", "priority"):
        return voice.say(f"{what}.{value}")
    return voice.moment(datetime.fromisoformat(value)) if what == "snoozed" else value
