"""How many reminders at once look: a list with something to press on each line."""

from datetime import datetime, timedelta

from handlers.cards.follow_ups import follow_up_words
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Hint,
    Line,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Contact, FollowUp, FollowUpState, Member

Pairs = list[tuple[FollowUp, Contact | None]]

_OVER = (FollowUpState.DONE, FollowUpState.CANCELLED, FollowUpState.CLEARED)


def reminder_list(
    voice: Voice,
    due: Pairs,
    count: int,
    now: datetime,
    *,
    late: timedelta | None = None,
    title: str = "reminders.title",
) -> Reply:
    """What is due, the longest overdue first; what was done meanwhile is marked."""
    parts: list[Part] = [Text(voice.words(title, count=count))]
    if late is not None:
        parts.append(Hint(voice.words("follow_up.late", length=late)))
    ids = ",".join(str(each.id) for each, _ in due)
    for follow_up, contact in due:
        parts += _listed(voice, follow_up, contact, now, ids)
    if count > len(due):
        parts.append(Hint(voice.words("reminders.more", count=count - len(due))))
    return Reply(tuple(parts))


def _listed(
    voice: Voice, follow_up: FollowUp, contact: Contact | None, now: datetime, ids: str
) -> list[Part]:
    words = follow_up_words(voice, follow_up, contact)
    if follow_up.state in _OVER:
        who = f"{contact.name}: " if contact else ""
        return [Line((("✅ ", ""), (f"{who}{follow_up.text}"[:200], "")))]
    if follow_up.due_at < now:
        words = (*words, (f" ({voice.ago(follow_up.due_at, now)})", ""))
    value = f"{follow_up.id}:{ids}"
    done = Button(voice.say("button.done"), "follow_up.done_listed", value)
    more: list[Button] = [
        Button(voice.say("button.snooze"), "follow_up.snooze_other", str(follow_up.id)),
        Button(voice.say("button.hand_over"), "follow_up.hand_over", str(follow_up.id)),
    ]
    if contact is not None:
        more.append(Button(voice.say("button.open"), "contact.show", str(contact.id)))
    return [Line(words, done), Buttons(tuple(more))]


def second_reminder(voice: Voice, owner: Member, due: Pairs, count: int, now: datetime) -> Reply:
    """What a manager hears of what somebody has not looked after."""
    parts: list[Part] = [Text(voice.words("reminders.of_owner", name=owner.name, count=count))]
    for follow_up, contact in due:
        words = follow_up_words(voice, follow_up, contact)
        ago = (f" ({voice.ago(follow_up.due_at, now)})", "")
        hand = Button(voice.say("button.hand_over"), "follow_up.hand_over", str(follow_up.id))
        parts.append(Line((*words, ago), hand))
    return Reply(tuple(parts))


def cleared_words(voice: Voice, at: datetime, contact: Contact | None, by: Member | None) -> Words:
    """Why it has cleared itself: who spoke to whom, and when."""
    customer = contact.name if contact else ""
    day = voice.day(at)
    if by is None:
        return voice.words("follow_up.cleared_by_customer", name=customer, day=day)
    return voice.words("follow_up.cleared_by_team", name=by.name, customer=customer, day=day)


def cleared_note(
    voice: Voice, follow_up: FollowUp, contact: Contact | None, by: Member | None
) -> Reply:
    """A follow-up with words of its own has cleared itself; its owner may object."""
    words = (
        *cleared_words(voice, follow_up.touched_at or follow_up.due_at, contact, by),
        (f"\n{follow_up.text}", BOLD),
    )
    back = Button(voice.say("button.still_to_do"), "follow_up.snooze", str(follow_up.id))
    done = Button(voice.say("button.done"), "follow_up.done", str(follow_up.id))
    return Reply((Text(words), Buttons((back, done))))


def cleared_line(
    voice: Voice, follow_up: FollowUp, contact: Contact | None, by: Member | None
) -> Line:
    """The same in a list."""
    words = (
        *cleared_words(voice, follow_up.touched_at or follow_up.due_at, contact, by),
        *plain(f" — {follow_up.text[:120]}"),
    )
    return Line(words)
