"""How a message looks that waits for its moment."""

from datetime import datetime

from handlers.cards.lines import shortened
from handlers.cards.timeline import timeline_words
from handlers.message import BOLD, Button, Buttons, Line, Look, Part, Quote, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Interaction, LaterMessage, LaterState


def later_buttons(voice: Voice, later: LaterMessage, *, ask: bool = False) -> Buttons:
    """What can be done about it."""
    value = str(later.id)
    first = Look.PRIMARY if ask else Look.NORMAL
    key = "button.send_anyway" if ask else "button.send_now"
    return Buttons(
        (
            Button(voice.say(key), "later.send", value, first),
            Button(voice.say("button.edit"), "later.edit", value),
            Button(voice.say("button.cancel_it"), "later.cancel", value),
        )
    )


def later_parts(voice: Voice, later: LaterMessage, contact: Contact) -> list[Part]:
    """A message in a list of them."""
    mark = "✋ " if later.state is LaterState.ASKED else "🕒 "
    words = (
        (mark, ""),
        (voice.moment(later.due_at), BOLD),
        (f" — {contact.name}: {shortened(later.text, 200)}", ""),
    )
    return [Line(words), later_buttons(voice, later, ask=later.state is LaterState.ASKED)]


def asked_card(
    voice: Voice,
    later: LaterMessage,
    contact: Contact,
    timeline: list[Interaction],
    now: datetime,
    key: str,
    at: datetime,
) -> Reply:
    """Its moment has come, but things have changed: what is to become of it?"""
    parts: list[Part] = [
        Text(voice.words(key, name=contact.name, ago=voice.ago(at, now))),
        Quote(later.text),
    ]
    if timeline:
        parts.append(Text(timeline_words(voice, timeline, now)))
    parts.append(later_buttons(voice, later, ask=True))
    return Reply(tuple(parts))
