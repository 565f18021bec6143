"""The hold: an answer waits some seconds before it leaves, and can be taken back meanwhile.

A held answer is nothing but rows of the outbox that may not go yet; the first of them carries
`held`. Whoever changes a row's state first wins, the claim or *Undo*: the other one meets another
version of it. So a hold survives every restart, and a button may be pressed twice.
"""

from datetime import timedelta

from handlers.actions import conversations
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, TELEGRAM, channel_of, react, send
from handlers.actions.policies import policy, team_voice
from handlers.cards import shortened
from handlers.message import Button, Buttons, Look, Part, Reply, Text, pack
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import conversation, outbox
from storage.records import (
    Contact,
    Direction,
    Interaction,
    Lane,
    Member,
    OutboxRow,
    OutboxState,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Actor, Work

# An answer that has not gone so long after its hold is shown to wait.
SLOW = timedelta(seconds=5)
# An answer that was stopped waits so long before its author is reminded of it.
UNDECIDED = timedelta(minutes=5)
TAKEN_BACK, NOTED, ASKING, WAITING = (
    "no_entry_sign",
    "lock",
    "raised_hand",
    "hourglass_flowing_sand",
)
_STILL_HERE = (OutboxState.QUEUED, OutboxState.ASKED)


def seconds(work: Work) -> timedelta:
    """How long an answer is held."""
    return timedelta(seconds=policy(work, "hold_seconds"))


def rows_of(work: Work, said: Interaction) -> list[OutboxRow]:
    """The rows by which an answer goes out, in order."""
    rows = outbox.of_subject(work, Subject.INTERACTION, said.id)
    return [row for row in rows if row.door == TELEGRAM and row.verb == "say"]


def still_here(rows: list[OutboxRow]) -> bool:
    """Whether nothing of an answer has left: every row that counts can still be taken back."""
    living = [row for row in rows if row.state is not OutboxState.CANCELLED]
    return bool(living) and all(row.state in _STILL_HERE for row in living)


def is_held(rows: list[OutboxRow]) -> bool:
    """Whether an answer is held, or stopped and asked about."""
    return still_here(rows) and any(
        row.payload.get("held") or row.state is OutboxState.ASKED for row in rows
    )


# What the thread shows


def begin(work: Work, said: Interaction, length: timedelta) -> None:
    """Show that an answer is about to go, with what can still be done about it."""
    voice = team_voice(work)
    contact = work.sure(Contact, said.contact_id)
    words = Text(voice.words("hold.goes", name=contact.name, count=int(length.total_seconds())))
    # After the hold nobody needs to be shown that there was one.
    _show(work, said, (words, _choices(work, said, ("undo", "make_note"))), expires_in=length)


def ask(work: Work, said: Interaction, key: str, **values: object) -> None:
    """Stop an answer and ask: it goes only when somebody says so."""
    for row in rows_of(work, said):
        if row.state is OutboxState.QUEUED:
            row.state = OutboxState.ASKED
            row.payload = row.payload | {"mark": ASKING}
    _take_down(work, said)
    words = Text(team_voice(work).words(key, text=shortened(said.text, 80), **values))
    parts = (words, _choices(work, said, ("send_anyway", "undo", "make_note")))
    _show(work, said, parts)
    _remind(work, said, parts)
    mark(work, said, ASKING)


def _remind(work: Work, said: Interaction, parts: tuple[Part, ...]) -> None:
    """Whoever does not look into the thread again is asked in their messages a little later."""
    author = work.get(Member, said.member_id)
    if author is not None and outbox.keyed(work, _reminder_of(said)) is None:
        send(
            work,
            SLACK,
            author.slack_user,
            "say",
            {"parts": pack(Reply(parts))},
            key=_reminder_of(said),
            line=f"{_reminder_of(said)}",
            when_unsure=Unsure.READBACK,
            not_before=work.now + UNDECIDED,
        )


def _reminder_of(said: Interaction) -> str:
    return f"hold:{said.id}:reminder"


def _choices(work: Work, said: Interaction, names: tuple[str, ...]) -> Buttons:
    voice = team_voice(work)
    buttons = []
    for name in names:
        look = Look.PRIMARY if name == "send_anyway" else Look.NORMAL
        buttons.append(Button(voice.say(f"button.{name}"), f"answer.{name}", str(said.id), look))
    return Buttons(tuple(buttons))


def _show(
    work: Work, said: Interaction, parts: tuple[Part, ...], expires_in: timedelta | None = None
) -> None:
    send(
        work,
        SLACK,
        channel_of(work, said.ticket_id),
        "say",
        {"parts": pack(Reply(parts)), "thread": [Subject.TICKET, said.ticket_id]},
        key=f"hold:{said.id}:{new_id()}",
        # Not in the line of its thread: it is of no use behind what waits there.
        line=f"slack:hold:{said.id}",
        urgency=Urgency.REPLY,
        subject=Subject.HOLD,
        subject_id=said.id,
        when_unsure=Unsure.READBACK,
        expires_in=expires_in,
    )


def _take_down(work: Work, said: Interaction) -> None:
    """Take away what the thread shows of a hold, or what is about to be shown."""
    shown = outbox.of_subject(work, Subject.HOLD, said.id)
    for row in shown:
        if row.state is OutboxState.QUEUED and row.verb == "say":
            row.state, row.settled_at = OutboxState.CANCELLED, work.now
    reminder = outbox.keyed(work, _reminder_of(said))
    if reminder is not None and reminder.state is OutboxState.QUEUED:
        reminder.state, reminder.settled_at = OutboxState.CANCELLED, work.now
    if not any(row.state in (OutboxState.SENDING, OutboxState.SENT) for row in shown):
        return
    send(
        work,
        SLACK,
        channel_of(work, said.ticket_id),
        "delete",
        {"at": [Subject.HOLD, said.id]},
        key=f"hold:{said.id}:gone:{new_id()}",
        line=f"slack:hold:{said.id}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )


def mark(work: Work, said: Interaction, emoji: str, instead_of: str = "") -> None:
    """Show by an emoji what became of a line of staff; without one, only take the other away."""
    if said.origin is None or not said.origin.startswith(f"{SLACK}:"):
        return
    _, _, channel, message = said.origin.split(":", 3)
    key = f"interaction:{said.id}:mark:{new_id()}"
    react(work, channel, message, emoji, key=key, instead_of=instead_of)


def _mark_on(rows: list[OutboxRow]) -> str:
    return next((str(row.payload["mark"]) for row in rows if row.payload.get("mark")), "")


# What can be done about it


@action(Permission.SERVE, audited=True)
def take_back(work: Work, said: Interaction) -> Interaction:
    """Undo: nothing of it leaves. Raises Refused when it has gone, or was taken back before."""
    rows = _caught(work, said)
    said.deleted_at = work.now
    _stays_inside(work, said, rows, TAKEN_BACK)
    return said


@action(Permission.SERVE, audited=True)
def make_note(work: Work, said: Interaction) -> Interaction:
    """Keep it inside. Raises Refused when it has gone, or was taken back before."""
    _stays_inside(work, said, _caught(work, said), NOTED)
    return said


def _caught(work: Work, said: Interaction) -> list[OutboxRow]:
    rows = rows_of(work, said)
    if all(row.state is OutboxState.CANCELLED for row in rows):
        raise Refused("hold.settled")
    if not still_here(rows):
        raise Refused("hold.gone")
    for row in rows:
        row.state, row.settled_at = OutboxState.CANCELLED, work.now
    return rows


def _stays_inside(work: Work, said: Interaction, rows: list[OutboxRow], emoji: str) -> None:
    said.lane, said.direction, said.channel = Lane.INTERNAL, Direction.NOTE, SLACK
    mark(work, said, emoji, instead_of=_mark_on(rows))
    _take_down(work, said)


@action(Permission.SERVE, audited=True)
def send_anyway(work: Work, said: Interaction) -> Interaction:
    """Let an answer go that was stopped. Raises Refused when it was decided about before."""
    rows = [row for row in rows_of(work, said) if row.state is OutboxState.ASKED]
    if not rows:
        raise Refused("hold.settled")
    for row in rows:
        row.state, row.not_before = OutboxState.QUEUED, work.now
        row.payload = row.payload | {"held": False}
    _take_down(work, said)
    _note_answer(work, said)
    return said


def withdraw(work: Work, said: Interaction, rows: list[OutboxRow]) -> None:
    """Its author has deleted the line while it was held: nothing leaves, nothing is left to see."""
    for row in rows:
        if row.state in _STILL_HERE:
            row.state, row.settled_at = OutboxState.CANCELLED, work.now
    said.lane, said.direction, said.channel = Lane.INTERNAL, Direction.NOTE, SLACK
    _take_down(work, said)


# The end of the hold


@action(Permission.SYSTEM)
def let_go(work: Work, row: OutboxRow) -> bool:
    """The hold is over and the row is about to be claimed: may it go?

    Not when the customer has said something since it was written: then its author is asked.
    """
    said = work.sure(Interaction, row.subject_id or 0)
    contact = work.sure(Contact, said.contact_id)
    heard = contact.last_heard_at
    if heard is not None and heard > row.created_at and policy(work, "overtaken") == "ask":
        voice = team_voice(work)
        latest = conversation.last_heard(work, contact.id)
        ago = voice.ago(heard, work.now)
        words = shortened(latest.text, 80) if latest is not None else ""
        ask(work, said, "hold.overtaken", name=contact.name, ago=ago, heard=words or "📎")
        return False
    row.payload = row.payload | {"held": False}
    _note_answer(work, said)
    return True


def _note_answer(work: Work, said: Interaction) -> None:
    """Only what goes is an answer: until then it is the team's turn."""
    ticket = work.get(Ticket, said.ticket_id)
    author = work.get(Member, said.member_id)
    if ticket is not None and ticket.resolved_at is not None and said.at <= ticket.resolved_at:
        # It was resolved while this was held, after it was written: it is not open again.
        ticket.first_answered_at = ticket.first_answered_at or work.now
    elif ticket is not None and author is not None:
        acting = work.acting_as(Actor(name=author.name, member=author))
        conversations.note_answer(acting, ticket, author)


def put_away(work: Work, row: OutboxRow) -> None:
    """A row that was held has met its fate: what the thread showed of the hold goes."""
    said = work.get(Interaction, row.subject_id)
    if said is not None:
        _take_down(work, said)


@action(Permission.SYSTEM)
def show_slow(work: Work) -> int:
    """Mark with ⏳ the answers that should have gone by now and wait; how many there were."""
    marked = 0
    for row in outbox.slow_answers(work, work.now - SLOW - seconds(work)):
        said = work.get(Interaction, row.subject_id)
        if said is None or row.payload.get("mark"):
            continue
        for each in rows_of(work, said):
            if each.state in (OutboxState.QUEUED, OutboxState.SENDING):
                each.payload = each.payload | {"mark": WAITING}
        mark(work, said, WAITING)
        marked += 1
    return marked


def somebody_else(work: Work, ticket: Ticket) -> tuple[Member, Interaction] | None:
    """Another member whose answer to the same request is held, or went out just now."""
    last = conversation.last_answer(work, ticket)
    if last is None or last.member_id in (None, me(work).id):
        return None
    other = work.get(Member, last.member_id)
    length = seconds(work)
    rows = rows_of(work, last) if length else []
    recent = any(work.now - row.created_at <= length for row in rows)
    return (other, last) if other is not None and (recent or is_held(rows)) else None
