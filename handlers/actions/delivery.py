"""What became of a row of the outbox: written down by its token, with all that follows.

    queued → sending → sent | failed | unsure | expired | cancelled

A refused connection and a 429 are surely not sent, and go back to queued. A broken answer is
unsure, and `when_unsure` of the row decides.
"""

from collections.abc import Iterable
from datetime import timedelta

from handlers.actions import (
    doubts,
    groups,
    healing,
    holding,
    house,
    personal,
    reachability,
    threads,
)
from handlers.actions.access import Permission, action
from handlers.actions.claiming import note_recipient, placed
from handlers.actions.outcomes import (
    Claimed,
    Failed,
    Gone,
    Later,
    Moved,
    NotSure,
    Outcome,
    Sent,
    Shut,
)
from handlers.actions.outgoing import SLACK, TELEGRAM, post_in_thread, react
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Button, Buttons, Reply, Text
from storage.queries import contacts, conversation, outbox
from storage.records import (
    LEFT,
    Contact,
    IdentityKind,
    Interaction,
    OutboxRow,
    OutboxState,
    Post,
    RecipientState,
    Subject,
    Unsure,
    Urgency,
)
from storage.work import Work

MOST_ATTEMPTS = 8
# What may be done twice without anybody noticing: it ends the same.
REPEATABLE = frozenset({"update", "react", "edit", "rewrite", "delete", "home", "typing"})


@action(Permission.SYSTEM)
def settle(work: Work, claimed: Claimed, outcome: Outcome) -> bool:
    """Write down what became of a row as we claimed it.

    It is not read again, which saves a third of the work; when somebody has changed it since,
    the flush raises Stale, and `settle_again` is to look whose it is.
    """
    _follow(work, work.adopt(claimed.row), claimed, outcome)
    return True


@action(Permission.SYSTEM)
def settle_again(work: Work, claimed: Claimed, outcome: Outcome) -> bool:
    """The same after reading the row; False when it is no longer ours to settle."""
    row = work.get(OutboxRow, claimed.row.id)
    if row is None or row.token != claimed.row.token or row.state is not OutboxState.SENDING:
        return False
    _follow(work, row, claimed, outcome)
    return True


def _follow(work: Work, row: OutboxRow, claimed: Claimed, outcome: Outcome) -> None:
    """What follows from an outcome."""
    match outcome:
        case Sent():
            _sent(work, row, claimed, outcome)
        case Later():
            _later(work, row, outcome)
        case Failed(why, blocked):
            _failed(work, row, why, blocked)
        case Shut(chat, why, support):
            healing.row_shut_out(work, row, chat, why, support)
        case Gone(why):
            _gone(work, row, claimed, why)
        case Moved(chat):
            _moved(work, row, chat)
        case NotSure(why):
            _not_sure(work, row, why, (claimed.chat, claimed.thread))


def _gone(work: Work, row: OutboxRow, claimed: Claimed, why: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        _failed(work, row, why, blocked=False)
    else:
        healing.row_without_place(work, row, claimed.chat, claimed.thread, why)


def _moved(work: Work, row: OutboxRow, chat: str) -> None:
    """Once more, to the chat's new name; what moves twice is not followed any further."""
    if row.payload.get("moved") or chat == row.chat:
        _failed(work, row, "the chat has moved", blocked=False)
        return
    groups.migrate(work, row.chat, chat)
    row.chat, row.payload = chat, row.payload | {"moved": True}
    row.state, row.not_before = OutboxState.QUEUED, work.now


@action(Permission.SYSTEM)
def note_file(work: Work, claimed: Claimed, file: str) -> None:
    """Keep how Slack calls a file before it is shown, so that it can be looked for there."""
    row = work.get(OutboxRow, claimed.row.id)
    if row is not None and row.token == claimed.row.token:
        row.payload = row.payload | {"called": file}


@action(Permission.SYSTEM)
def settle_barely(work: Work, claimed: Claimed, outcome: Outcome) -> bool:
    """The same without what follows from it: for when a bug stands in the way of that."""
    row = work.get(OutboxRow, claimed.row.id)
    if row is None or row.token != claimed.row.token or row.state is not OutboxState.SENDING:
        return False
    match outcome:
        case Sent():
            row.end(OutboxState.SENT, work.now, None)
        case Failed(why):
            row.end(OutboxState.FAILED, work.now, why)
        case Later(_, why) | NotSure(why) | Gone(why) | Shut(_, why):
            row.end(OutboxState.UNSURE, work.now, why)
        case Moved():
            row.end(OutboxState.UNSURE, work.now, "the chat has moved")
    return True


def _sent(work: Work, row: OutboxRow, claimed: Claimed, sent: Sent) -> None:
    row.end(OutboxState.SENT, work.now, None)
    row.message = sent.message or None
    if row.verb == "say" and row.subject not in (None, Subject.RECIPIENT):
        for message in sent.messages or (sent.message,):
            _remember(work, row, sent.chat or claimed.chat, message)
    if row.door == SLACK:
        _arrived(work, row, claimed, sent)
    if row.subject == Subject.RECIPIENT:
        note_recipient(work, row, RecipientState.SENT, None)
    elif _is_answer(row):
        _answered(work, row)


def _answered(work: Work, row: OutboxRow) -> None:
    _end_hold(work, row)
    if row.payload.get("last", True):
        _mark(work, row, "white_check_mark")


def _arrived(work: Work, row: OutboxRow, claimed: Claimed, sent: Sent) -> None:
    healing.note_written(work, row, sent.chat)
    if not row.payload.keys().isdisjoint(threads.FOLLOWED):
        threads.card_arrived(work, row, claimed.chat, sent.link)


def _remember(work: Work, row: OutboxRow, chat: str, message: str) -> None:
    if not message:
        return
    known = conversation.post_at(work, row.door, chat, message)
    if known is None:
        joined = row.payload.get("joined")
        work.add(
            Post(
                door=row.door,
                chat=chat,
                message=message,
                subject=Subject.JOINED if joined else Subject(row.subject or ""),
                subject_id=joined or row.subject_id or 0,
                at=work.now,
            )
        )


def _later(work: Work, row: OutboxRow, later: Later) -> None:
    if later.counts and row.attempts >= MOST_ATTEMPTS and row.urgency == Urgency.CAMPAIGN:
        _failed(work, row, later.why, blocked=False)
        return
    row.state, row.error = OutboxState.QUEUED, later.why[:512]
    row.not_before = work.now + later.after
    if not later.counts:
        row.attempts -= 1
    if later.token_refused:
        house.tell_of_refusal(work, row.door, later.why)
    if not later.whole:
        outbox.rest_chat(work, row.door, row.chat, row.not_before)


def _failed(work: Work, row: OutboxRow, why: str, blocked: bool) -> None:
    row.end(OutboxState.FAILED, work.now, why)
    if row.door == TELEGRAM and blocked:
        found = contacts.known_as(work, IdentityKind.TELEGRAM, row.chat)
        if found is not None:
            reachability.note_block(work, found[0])
    if row.subject == Subject.RECIPIENT:
        state = RecipientState.STOPPED if blocked else RecipientState.FAILED
        note_recipient(work, row, state, "blocked" if blocked else why)
    elif _is_answer(row):
        _end_hold(work, row)
        _mark(work, row, "warning")
        key = _why_not(why) if blocked else personal.why_not(why)
        _explain(work, row, key, why, () if key == "answer.gone" else ("send_again",))
    elif row.verb == "upload":
        # The team must know that there was something to see.
        _explain(work, row, "media.lost", why, ())


def _why_not(why: str) -> str:
    return "answer.gone" if "deactivated" in why.lower() else "answer.blocked"


def _not_sure(work: Work, row: OutboxRow, why: str, tried: tuple[str, str] | None = None) -> None:
    if row.message and _is_answer(row):
        # The customer has replied to it meanwhile (see `proof`).
        row.end(OutboxState.SENT, work.now, None)
        _answered(work, row)
        return
    again = row.verb in REPEATABLE or row.when_unsure in (Unsure.READBACK, Unsure.RESEND)
    most = 2 if row.when_unsure is Unsure.RESEND and row.verb not in REPEATABLE else MOST_ATTEMPTS
    if again and row.attempts < most:
        row.state, row.error = OutboxState.QUEUED, why[:512]
        row.not_before = work.now + timedelta(seconds=2)
        # The door looks whether it arrived (Slack), or says that it may be the second time.
        row.payload = row.payload | {"again": True}
        if tried is not None and tried[1]:
            # Its thread may go on elsewhere by then.
            row.payload = row.payload | {"tried": list(tried)}
        return
    row.end(OutboxState.UNSURE, work.now, why)
    if row.subject == Subject.RECIPIENT:
        note_recipient(work, row, RecipientState.UNSURE, why)
    elif _is_answer(row):
        _end_hold(work, row)
        _mark(work, row, "question")
        _explain(work, row, "answer.unsure", why, ("send_again", "leave"))


def _is_answer(row: OutboxRow) -> bool:
    """Whether it is a line of staff on its way to the customer."""
    return row.subject == Subject.INTERACTION and row.door == TELEGRAM and row.verb == "say"


def _mark(work: Work, row: OutboxRow, emoji: str) -> None:
    """Show the fate of a staff line by an emoji on it."""
    said = work.get(Interaction, row.subject_id)
    if said is None or said.origin is None or not said.origin.startswith(f"{SLACK}:"):
        return
    _, _, channel, message = said.origin.split(":", 3)
    key = f"outbox:{row.id}:{row.token}:{emoji}"
    react(work, channel, message, emoji, key=key, instead_of=str(row.payload.get("mark", "")))


def _end_hold(work: Work, row: OutboxRow) -> None:
    if "held" in row.payload:
        holding.put_away(work, row)


def _explain(work: Work, row: OutboxRow, key: str, why: str, buttons: Iterable[str]) -> None:
    said = work.sure(Interaction, row.subject_id or 0)
    if said.ticket_id is None:
        return
    contact = work.sure(Contact, said.contact_id)
    voice = team_voice(work)
    offered = tuple(
        Button(voice.say(f"button.{name}"), f"answer.{name}", str(said.id)) for name in buttons
    )
    words = Text(voice.words(key, name=contact.name, why=why, text=shortened(said.text)))
    parts = (words, Buttons(offered)) if offered else (words,)
    post_in_thread(work, said.ticket_id, Reply(parts), key=doubts.told_of(row, key))


@action(Permission.SYSTEM)
def take_over(work: Work, living: set[str]) -> int:
    """Rows on the socket of a process that is no more: nobody knows; how many there were."""
    orphans = [row for row in outbox.sending(work) if row.owner not in living]
    for row in orphans:
        row.token += 1
        place = placed(work, row) if row.door == SLACK else None
        tried = None if place is None else (place.chat, place.thread)
        _not_sure(work, row, "the process ended while it was sending", tried)
    return len(orphans)


@action(Permission.SERVE, audited=True)
def leave_unsure(work: Work, said: Interaction) -> Interaction:
    """Do not send it again: its author has looked into the matter."""
    for row in outbox.of_subject(work, Subject.INTERACTION, said.id):
        if row.state is OutboxState.UNSURE:
            row.error = LEFT
    return said


@action(Permission.READ)
def troubles(work: Work) -> list[OutboxRow]:
    """What failed or may not have arrived, newest first."""
    return outbox.in_trouble(work, (OutboxState.UNSURE, OutboxState.FAILED))
