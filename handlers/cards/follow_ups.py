"""How follow-ups look in a chat."""

from datetime import datetime

from handlers.cards.lines import shortened
from handlers.cards.timeline import timeline_words
from handlers.message import (
    BOLD,
    Button,
    Buttons,
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
from storage.records import (
    Contact,
    FollowUp,
    Interaction,
)


def follow_up_words(voice: Voice, follow_up: FollowUp, contact: Contact | None) -> Words:
    """When, about whom, and what."""
    who = f"{contact.name}: " if contact else ""
    return (
        ("⏰ ", ""),
        (voice.moment(follow_up.due_at), BOLD),
        (f" — {who}{shortened(follow_up.text)}", ""),
    )


def follow_up_line(voice: Voice, follow_up: FollowUp, contact: Contact | None) -> Line:
    """A follow-up in a list."""
    return Line(
        follow_up_words(voice, follow_up, contact),
        Button(voice.say("button.done"), "follow_up.done", str(follow_up.id)),
    )


def reminder(
    voice: Voice,
    follow_up: FollowUp,
    contact: Contact | None,
    timeline: list[Interaction],
    now: datetime,
    late: bool,
) -> Reply:
    """What its owner gets when a follow-up is due, with the last lines of the conversation."""
    value = str(follow_up.id)
    title = "follow_up.due_about" if contact else "follow_up.due"
    parts: list[Part] = [
        Text(
            voice.words(
                title, text=plain(follow_up.text), name=plain(contact.name if contact else "")
            )
        )
    ]
    if late:
        parts.append(Hint(voice.words("follow_up.late", length=now - follow_up.due_at)))
    if timeline:
        parts.append(Text(timeline_words(voice, timeline, now)))
    buttons = [
        Button(voice.say("button.done"), "follow_up.done", value, Look.PRIMARY),
        Button(voice.say("button.snooze"), "follow_up.snooze", value),
    ]
    if contact:
        buttons.append(Button(voice.say("button.open"), "contact.show", str(contact.id)))
    parts.append(Buttons(tuple(buttons)))
    return Reply(tuple(parts))
