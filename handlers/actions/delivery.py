"""What happens to a row of the outbox: claimed before the socket is used, settled by its token.

    queued → sending → sent | failed | unsure | expired | cancelled

A refused connection and a 429 are surely not sent, and go back to queued. A broken answer is
unsure, and `when_unsure` of the row decides. Consent, blocks and a campaign's state are looked at
inside the claim: what was right when the row was written may be wrong by now.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.actions import (
    groups,
    healing,
    holding,
    house,
    preferences,
    reachability,
    threads,
    tickets,
)
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, TELEGRAM, post_in_thread, react
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Button, Buttons, Reply, Text
from storage.columns import new_id
from storage.queries import campaigns, contacts, conversation, outbox
from storage.records import (
    LEFT,
    Campaign,
    CampaignState,
    Contact,
    IdentityKind,
    Interaction,
    OutboxRow,
    OutboxState,
    Post,
    Recipient,
    RecipientState,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Work

# What belongs in a thread looks so often whether the thread is there.
FOR_A_CARD = timedelta(seconds=1)
# So long after Slack refused the head of a thread for good another one is tried.
CARD_AGAIN = timedelta(hours=1)
# After this long in `sending` another process may ask what became of a row.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
# So many rows more than there is room for are looked at: some may have to rest.
SPARE = 16
# The same where lines take turns: so many old ones may stand in front of those whose turn it is.
MANY_LINES = 64
# What may be done twice without anybody noticing: it ends the same.
REPEATABLE = frozenset({"update", "react", "edit", "rewrite", "delete", "home", "typing"})


@dataclass(frozen=True)
class Claimed:
    """A row to be put on the socket now, and where: the places of our own posts are looked up."""

    row: OutboxRow
    chat: str
    thread: str = ""
    message: str = ""
    reply_to: str = ""
    # Every message that it is about, where those may be several.
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """The platform has accepted it and calls it so."""

    chat: str = ""
    message: str = ""
    # Every message that it became: a long text is several.
    messages: tuple[str, ...] = ()
    # Where people can open it, if the platform says so.
    link: str = ""


@dataclass(frozen=True)
class Later:
    """Surely not sent; may go after that time. `whole`: nothing at all may go through the door."""

    after: timedelta
    why: str
    whole: bool = False
    # A limit says nothing about the row; a connection that fails counts as an attempt.
    counts: bool = False
    token_refused: bool = False
    # A limit of the platform's: so many are too many.
    too_many: bool = False


@dataclass(frozen=True)
class Failed:
    """The platform says no, and will go on saying no."""

    why: str
    blocked: bool = False


@dataclass(frozen=True)
class Shut:
    """The channel is archived, gone, or we are not in it; surely not sent.

    `support` is the support channel as it was found just now, empty when it cannot be had.
    """

    chat: str
    why: str
    support: str = ""


@dataclass(frozen=True)
class Gone:
    """The message that it changes, or stands under, is no longer there; surely not sent."""

    why: str


@dataclass(frozen=True)
class Moved:
    """The chat has another name now; surely not sent."""

    chat: str


@dataclass(frozen=True)
class NotSure:
    """It was on the socket and the answer broke: nobody can know."""

    why: str


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many connections that failed: 1 s, doubled up to a minute.

    Not quite, so that many rows do not come back at one moment.
    """
    seconds = min(60.0, 2.0 ** min(attempts - 1, 6))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


Outcome = Sent | Later | Failed | Shut | Gone | Moved | NotSure
Admits = Callable[[OutboxRow], bool]
# When something of a line went last, as one process remembers it.
Served = dict[str, datetime]
MOST_SERVED = 10_000


def _in_turn(rows: list[OutboxRow], served: Served) -> list[OutboxRow]:
    """The heads of lines, most urgent first; a line that was just served goes behind the others.

    One person's thousand messages are older than everybody's after them. So a row counts as no
    older than the last turn that its line has had.
    """

    def turn(row: OutboxRow) -> tuple[int, datetime, int]:
        return row.urgency, max(row.created_at, served.get(row.line, row.created_at)), row.id

    return sorted(rows, key=turn)


def _note_served(served: Served, claimed: list[Claimed], now: datetime) -> None:
    for each in claimed:
        served.pop(each.row.line, None)
        served[each.row.line] = now
    while len(served) > MOST_SERVED:
        del served[next(iter(served))]


@action(Permission.SYSTEM)
def claim(
    work: Work, door: str, owner: str, room: int, admits: Admits, served: Served | None = None
) -> list[Claimed]:
    """Take up to `room` rows that may go now. They are `sending` when this commits."""
    most = room + (SPARE if served is None else MANY_LINES)
    seen = outbox.claimable(work, door, most)
    rows = seen if served is None else _in_turn(seen, served)
    claimed = _claim_from(work, rows, owner, room, admits)
    if served is not None:
        _note_served(served, claimed, work.now)
    if claimed or len(seen) < most:
        return claimed
    # Busy chats that must rest fill the head of the queue: look behind them.
    behind = outbox.claimable_elsewhere(work, door, {row.chat for row in seen}, most)
    return _claim_from(work, behind, owner, room, admits)


def _claim_from(
    work: Work, rows: list[OutboxRow], owner: str, room: int, admits: Admits
) -> list[Claimed]:
    _weed_campaigns(work, rows)
    claimed: list[Claimed] = []
    for row in rows:
        if len(claimed) >= room:
            break
        if row.state is not OutboxState.QUEUED or row.not_before > work.now:
            continue
        if row.expires_at is not None and row.expires_at <= work.now:
            _end(work, row, OutboxState.EXPIRED, "too late")
            continue
        # Asked before the place is looked up: in a busy hour nearly all of them must wait.
        if not admits(row):
            continue
        if row.payload.get("held") and not holding.let_go(work, row):
            continue
        place = _placed(work, row) or _beside_thread(work, row)
        if place is None:
            _wait_for_place(work, row)
        else:
            row.state, row.owner = OutboxState.SENDING, owner
            row.token, row.attempts = row.token + 1, row.attempts + 1
            row.lease_until = work.now + LEASE
            claimed.append(place)
    return claimed


def _end(work: Work, row: OutboxRow, state: OutboxState, why: str | None) -> None:
    row.state, row.settled_at, row.error = state, work.now, why and why[:512]


def _wait_for_place(work: Work, row: OutboxRow) -> None:
    """The thread that it belongs in has no card: when none is on its way, one is posted again."""
    if "of" in row.payload:
        # It is about a message that never arrived.
        _end(work, row, OutboxState.CANCELLED, "its place is gone")
        return
    subject, id = row.payload.get("thread") or row.payload["at"]
    ticket = work.get(Ticket, id) if subject == Subject.TICKET else None
    said = work.get(Interaction, id) if subject == Subject.INTERACTION else None
    if row.verb == "update" and said is not None and said.ticket_id is not None:
        # It stands in a post with others (see `rush`): what it says now is a line of its own.
        row.verb = "say"
        row.payload = {"parts": row.payload["parts"], "thread": [Subject.TICKET, said.ticket_id]}
        return
    if ticket is None:
        # What was to be changed never arrived, so there is nothing to change.
        gone = OutboxState.CANCELLED if row.verb == "delete" else OutboxState.FAILED
        _end(work, row, gone, "its place is gone")
        return
    if _is_headless(work, ticket.id):
        # The card is among the troubles already; what would change it need not be there too.
        _end(work, row, OutboxState.CANCELLED, "its place is gone")
        return
    row.not_before = work.now + FOR_A_CARD
    # Not in the line that waits for it: there it would stand behind this row.
    line = f"{tickets.thread_of(ticket)}:card"
    if not outbox.on_its_way(work, line):
        tickets.post_card(work, ticket, line, key=f"ticket:{ticket.id}:card:{new_id()}")


def _is_headless(work: Work, ticket_id: int) -> bool:
    """Whether a ticket has no thread because Slack has refused its head a short while ago."""
    return outbox.refused_card(work, ticket_id, work.now - CARD_AGAIN)


def _beside_thread(work: Work, row: OutboxRow) -> Claimed | None:
    """Where a thread cannot be, its words stand in the channel: they must not wait for ever."""
    subject, id = row.payload.get("thread", ("", 0))
    beside = subject == Subject.TICKET and _is_headless(work, id)
    return Claimed(row, row.chat) if beside else None


def _placed(work: Work, row: OutboxRow) -> Claimed | None:
    payload = row.payload
    if "thread" in payload:
        post = conversation.post_of(
            work, SLACK, Subject(payload["thread"][0]), payload["thread"][1]
        )
        return Claimed(row, post.chat, thread=post.message) if post else None
    if "of" in payload:
        other = work.get(OutboxRow, payload["of"])
        return Claimed(row, row.chat, message=other.message) if other and other.message else None
    if "at" in payload and row.verb == "delete":
        posts = conversation.posts_of(
            work, row.door, Subject(payload["at"][0]), payload["at"][1]
        )
        names = tuple(post.message for post in posts)
        return Claimed(row, posts[-1].chat, message=names[-1], messages=names) if posts else None
    if "at" in payload:
        post = conversation.post_of(work, row.door, Subject(payload["at"][0]), payload["at"][1])
        return Claimed(row, post.chat, message=post.message) if post else None
    return Claimed(
        row,
        row.chat,
        thread=payload.get("under", ""),
        message=payload.get("message", ""),
        reply_to=payload.get("reply_to", ""),
    )


def _weed_campaigns(work: Work, rows: list[OutboxRow]) -> None:
    """Cancel what must not go: the person said stop or blocked us, the campaign is not running."""
    mass = [row for row in rows if row.urgency == Urgency.CAMPAIGN]
    if not mass:
        return
    people = [row.payload["contact"] for row in mass]
    about = {row.id: work.sure(Campaign, row.payload["campaign"]) for row in mass}
    topics = {campaign.topic for campaign in about.values()}
    stopped = campaigns.who_stopped(work, people, topics)
    resting = preferences.resting(work, people)
    for row in mass:
        campaign, contact = about[row.id], row.payload["contact"]
        if campaign.state is CampaignState.CANCELLED:
            _end(work, row, OutboxState.CANCELLED, "campaign cancelled")
        elif campaign.state is CampaignState.PAUSED:
            # Back to the people who wait: resuming feeds it again, at its place in the order.
            work.delete(row)
            _recipient(work, row, RecipientState.WAITING, None)
            row.__dict__["state"] = OutboxState.CANCELLED
        elif (contact, "") in stopped or (contact, campaign.topic) in stopped:
            _end(work, row, OutboxState.CANCELLED, "stop")
            _recipient(work, row, RecipientState.STOPPED, "stop")
        elif contact in resting:
            until, for_days = resting[contact]
            row.not_before = until
            if for_days:
                _end(work, row, OutboxState.CANCELLED, "quiet")
                _recipient(work, row, RecipientState.STOPPED, "quiet")


def _recipient(work: Work, row: OutboxRow, state: RecipientState, why: str | None) -> None:
    recipient = work.get(Recipient, row.subject_id)
    if recipient is not None:
        recipient.state, recipient.reason = state, why and why[:128]
        recipient.settled_at = None if state is RecipientState.WAITING else work.now


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
            _not_sure(work, row, why)


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
def settle_barely(work: Work, claimed: Claimed, outcome: Outcome) -> bool:
    """The same without what follows from it: for when a bug stands in the way of that."""
    row = work.get(OutboxRow, claimed.row.id)
    if row is None or row.token != claimed.row.token or row.state is not OutboxState.SENDING:
        return False
    match outcome:
        case Sent():
            _end(work, row, OutboxState.SENT, None)
        case Failed(why):
            _end(work, row, OutboxState.FAILED, why)
        case Later(_, why) | NotSure(why) | Gone(why) | Shut(_, why):
            _end(work, row, OutboxState.UNSURE, why)
        case Moved():
            _end(work, row, OutboxState.UNSURE, "the chat has moved")
    return True


def _sent(work: Work, row: OutboxRow, claimed: Claimed, sent: Sent) -> None:
    _end(work, row, OutboxState.SENT, None)
    row.message = sent.message or None
    stands_for_one = row.subject not in (None, Subject.RECIPIENT) and "joined" not in row.payload
    if row.verb == "say" and stands_for_one:
        for message in sent.messages or (sent.message,):
            _remember(work, row, sent.chat or claimed.chat, message)
    if row.door == SLACK:
        _arrived(work, row, claimed, sent)
    if row.subject == Subject.RECIPIENT:
        _recipient(work, row, RecipientState.SENT, None)
    elif _is_answer(row):
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
        work.add(
            Post(
                door=row.door,
                chat=chat,
                message=message,
                subject=Subject(row.subject or ""),
                subject_id=row.subject_id or 0,
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
    _end(work, row, OutboxState.FAILED, why)
    if row.door == TELEGRAM and blocked:
        found = contacts.known_as(work, IdentityKind.TELEGRAM, row.chat)
        if found is not None:
            reachability.note_block(work, found[0])
    if row.subject == Subject.RECIPIENT:
        state = RecipientState.STOPPED if blocked else RecipientState.FAILED
        _recipient(work, row, state, "blocked" if blocked else why)
    elif _is_answer(row):
        _end_hold(work, row)
        _mark(work, row, "warning")
        key = _why_not(why) if blocked else "answer.failed"
        _explain(work, row, key, why, () if key == "answer.gone" else ("send_again",))
    elif row.verb == "upload":
        # The team must know that there was something to see.
        _explain(work, row, "media.lost", why, ())


def _why_not(why: str) -> str:
    return "answer.gone" if "deactivated" in why.lower() else "answer.blocked"


def _not_sure(work: Work, row: OutboxRow, why: str) -> None:
    again = row.verb in REPEATABLE or row.when_unsure in (Unsure.READBACK, Unsure.RESEND)
    most = 2 if row.when_unsure is Unsure.RESEND and row.verb not in REPEATABLE else MOST_ATTEMPTS
    if again and row.attempts < most:
        row.state, row.error = OutboxState.QUEUED, why[:512]
        row.not_before = work.now + timedelta(seconds=2)
        # The door looks whether it arrived (Slack), or says that it may be the second time.
        row.payload = row.payload | {"again": True}
        return
    _end(work, row, OutboxState.UNSURE, why)
    if row.subject == Subject.RECIPIENT:
        _recipient(work, row, RecipientState.UNSURE, why)
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
    post_in_thread(work, said.ticket_id, Reply(parts), key=f"outbox:{row.id}:{row.token}:{key}")


@action(Permission.SYSTEM)
def take_over(work: Work, living: set[str]) -> int:
    """Rows on the socket of a process that is no more: nobody knows; how many there were."""
    orphans = [row for row in outbox.sending(work) if row.owner not in living]
    for row in orphans:
        row.token += 1
        _not_sure(work, row, "the process ended while it was sending")
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
