"""How follow-ups look in a chat."""

from datetime import datetime, timedelta

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
    Member,
    Ticket,
)


def follow_up_words(voice: Voice, follow_up: FollowUp, contact: Contact | None) -> Words:
    """When, about whom, and what."""
    who = f"{contact.name}: " if contact else ""
    return (
        ("⏰ ", ""),
        (voice.moment(follow_up.due_at), BOLD),
        (f"{' 🔁' if follow_up.rule else ''} — {who}{shortened(follow_up.text)}", ""),
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
    *,
    late: timedelta | None = None,
    can_reply: bool = False,
    ticket: Ticket | None = None,
    nudge: int = 0,
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
    if ticket is not None:
        number, subject = ticket.number, shortened(ticket.subject, 80)
        parts.append(Hint(voice.words("follow_up.of_ticket", number=number, subject=subject)))
    if nudge:
        length = now - (follow_up.reminded_at or follow_up.due_at)
        parts.append(Hint(voice.words("follow_up.once_more", length=length)))
    if late is not None:
        parts.append(Hint(voice.words("follow_up.late", length=late)))
    if timeline:
        parts.append(Text(timeline_words(voice, timeline, now)))
    buttons = [
        Button(voice.say("button.done"), "follow_up.done", value, Look.PRIMARY),
        Button(voice.say("button.snooze"), "follow_up.snooze", value),
    ]
    if can_reply:
        buttons.insert(0, Button(voice.say("button.reply"), "follow_up.reply", value))
    buttons.append(Button(voice.say("button.hand_over"), "follow_up.hand_over", value))
    if contact:
        buttons.append(Button(voice.say("button.open"), "contact.show", str(contact.id)))
    parts.append(Buttons(tuple(buttons)))
    return Reply(tuple(parts))


def handed(voice: Voice, follow_up: FollowUp, contact: Contact | None, by: Member) -> Reply:
    """What a member hears who is to look after something from now on."""
    words = Text(voice.words("follow_up.handed", name=by.name))
    return Reply((words, follow_up_line(voice, follow_up, contact)))
