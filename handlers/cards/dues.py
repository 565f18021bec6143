"""When what is promised of a ticket is due, or since when it is overdue."""

from datetime import datetime

from handlers.texts import Voice
from storage.records import Promise, Ticket


def due_words(voice: Voice, ticket: Ticket, now: datetime) -> str | None:
    """What is due next of a ticket, for its card; None when nothing is."""
    due = ticket.due_at
    if due is None:
        return None
    promise = voice.say(f"promise.{_next_promise(ticket)}")
    promise = promise[:1].upper() + promise[1:]
    return voice.say("due.since" if due <= now else "due.by", promise=promise, at=due)


def _next_promise(ticket: Ticket) -> Promise:
    dues = [
        (due, promise)
        for promise in Promise
        if (due := getattr(ticket, f"{promise.value}_due_at")) is not None
    ]
    return min(dues, key=lambda pair: pair[0])[1]


def due_in(voice: Voice, ticket: Ticket, now: datetime) -> str | None:
    """How long there is until then, for a line in a list; None when nothing is due."""
    due = ticket.due_at
    if due is None:
        return None
    if due <= now:
        return voice.say("due.over", length=now - due)
    return voice.say("due.in", length=due - now)
