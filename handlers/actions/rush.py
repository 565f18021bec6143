"""One person's flood of messages: what waits in their thread's line becomes one post.

Slack takes about one message a second in a channel. Nobody reads a thousand posts sooner than
thirty long ones, and everybody else waits behind them.
"""

from datetime import datetime, timedelta
from typing import Any

from handlers.actions.outgoing import SLACK
from handlers.message import Reply, pack
from storage.queries import outbox
from storage.records import Contact, Interaction, OutboxState, Subject
from storage.work import Work

# So many messages more than one a second are a rush, as they are counted and at the most.
A_RUSH, MOST = 10, 60
# What one post of joined messages may hold: Slack shows fifty blocks, of 3,000 characters each.
MOST_PARTS, LONGEST_PART = 20, 2400


def note_message(contact: Contact, now: datetime) -> bool:
    """Count a message of theirs that comes now; whether they write faster than a thread takes."""
    before = contact.last_heard_at
    leaked = MOST if before is None else max(0, int((now - before) / timedelta(seconds=1)))
    level = min(MOST, max(0, contact.rush - leaked) + 1)
    if level != contact.rush:
        contact.rush = level
    return level > A_RUSH


def join(work: Work, said: Interaction, reply: Reply, as_name: str) -> bool:
    """Put a message into the post that waits last in its thread's line, when there is room.

    False when there is none, or when something else stands between: then it is a post of its own.
    """
    row = outbox.last_of_line(work, f"{SLACK}:ticket:{said.ticket_id}")
    if row is None or row.state is not OutboxState.QUEUED or row.verb != "say" or row.attempts:
        return False
    if row.subject != Subject.INTERACTION or row.payload.get("as") != as_name:
        return False
    parts = _joined(row.payload["parts"], pack(reply))
    if len(parts) > MOST_PARTS:
        return False
    # No single one of several messages can be changed there; what is said of the post is said of
    # the newest of them.
    row.payload = row.payload | {"parts": parts, "joined": said.id}
    return True


def _joined(parts: list[Any], more: list[Any]) -> list[Any]:
    """Both as one: plain lines that follow each other share a block."""
    joined = list(parts)
    for part in more:
        if joined and _is_plain(joined[-1]) and _is_plain(part):
            text = f"{_text_of(joined[-1])}\n{_text_of(part)}"
            if len(text) <= LONGEST_PART:
                joined[-1] = ["Text", {"words": [[text, ""]]}]
                continue
        joined.append(part)
    return joined


def _is_plain(part: list[Any]) -> bool:
    kind, content = part
    return kind == "Text" and len(content["words"]) == 1 and not content["words"][0][1]


def _text_of(part: list[Any]) -> str:
    text: str = part[1]["words"][0][0]
    return text
