"""What may go out now: taken from the outbox before the socket is used.

Consent, blocks, holds and a campaign's state are looked at here: what was right when the row was
written may be wrong by now.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.actions import (
    audiences,
    holding,
    personal,
    reminding,
    tickets,
    wording,
)
from handlers.actions.access import Permission, action
from handlers.actions.audiences import Obstacle
from handlers.actions.outcomes import Claimed
from handlers.actions.outgoing import SLACK, TELEGRAM, is_personal
from handlers.message import Reply
from storage.columns import new_id
from storage.queries import conversation, outbox
from storage.records import (
    Campaign,
    CampaignState,
    Interaction,
    OutboxRow,
    OutboxState,
    Recipient,
    RecipientState,
    Subject,
    Ticket,
    Urgency,
)
from storage.work import Work

# What belongs in a thread looks so often whether the thread is there.
FOR_A_CARD = timedelta(seconds=1)
# So long after Slack refused the head of a thread for good another one is tried.
CARD_AGAIN = timedelta(hours=1)
# After this long in `sending` another process may ask what became of a row.
LEASE = timedelta(seconds=60)
# So many rows are looked at, however little room there is: some may have to rest.
A_FEW = 16
# Where lines take turns: so many old ones may stand in front of those whose turn it is.
MANY_LINES = 64

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
    most = max(room, A_FEW) if served is None else room + MANY_LINES
    seen = outbox.claimable(work, door, most)
    rows = seen if served is None else _in_turn(seen, served)
    claimed = _claim_from(work, rows, owner, room, admits)
    left = room - len(claimed)
    full = len(seen) == most and seen[-1].urgency != Urgency.CAMPAIGN
    if full and (left >= A_FEW or not claimed):
        # Busy chats that must rest fill the head of the queue: look behind them. Campaigns come
        # last of all and are spread evenly: when one must wait, so must those behind it.
        behind = outbox.claimable_elsewhere(work, door, {row.chat for row in seen}, most)
        claimed += _claim_from(work, behind, owner, left, admits)
    if served is not None:
        _note_served(served, claimed, work.now)
    return claimed


def _claim_from(
    work: Work, rows: list[OutboxRow], owner: str, room: int, admits: Admits
) -> list[Claimed]:
    claimed: list[Claimed] = []
    campaigns = _campaigns_of(work, rows)
    admitted = _admitted(work, rows, campaigns, room, admits)
    clear = _unhindered(work, admitted, campaigns)
    words = _words_of(work, clear, campaigns)
    for row in clear:
        place = _place_of(work, row, words)
        if place is None:
            continue
        row.state, row.owner = OutboxState.SENDING, owner
        row.token, row.attempts = row.token + 1, row.attempts + 1
        row.lease_until = work.now + LEASE
        if row.door == TELEGRAM and is_personal(place.chat):
            connection, why_not = personal.way_to(work, place.chat)
            place = replace(place, connection=connection, why_not=why_not)
        claimed.append(place)
    return claimed


def _place_of(work: Work, row: OutboxRow, words: Mapping[int, Reply]) -> Claimed | None:
    """Where a row goes; None when it does not go now, and what follows from that is done."""
    if row.urgency == Urgency.CAMPAIGN:
        said = words.get(row.subject_id or 0)
        if said is not None:
            return Claimed(row, row.chat, words=said)
        row.end(OutboxState.CANCELLED, work.now, "its recipient is gone")
        return None
    if row.payload.get("held") and not holding.let_go(work, row):
        return None
    if reminding.is_reminder(row) and not reminding.fill(work, row):
        return None
    place = placed(work, row) or _beside_thread(work, row)
    if place is None:
        _wait_for_place(work, row)
    return place


def _words_of(
    work: Work, rows: list[OutboxRow], campaigns: dict[int, Campaign]
) -> dict[int, Reply]:
    """What the campaigns' rows say, by the recipient's id."""
    theirs: dict[int, list[int]] = {}
    for row in rows:
        if row.urgency == Urgency.CAMPAIGN:
            theirs.setdefault(row.payload["campaign"], []).append(row.subject_id or 0)
    found: dict[int, Reply] = {}
    for id, recipients in theirs.items():
        found |= wording.words_for(work, campaigns[id], recipients)
    return found


def _campaigns_of(work: Work, rows: list[OutboxRow]) -> dict[int, Campaign]:
    ids = {row.payload["campaign"] for row in rows if row.urgency == Urgency.CAMPAIGN}
    return {id: work.sure(Campaign, id) for id in ids}


def _admitted(
    work: Work,
    rows: list[OutboxRow],
    campaigns: dict[int, Campaign],
    room: int,
    admits: Admits,
) -> list[OutboxRow]:
    """Of what may still go, the rows that the platform has a place for now, up to `room`.

    In a busy hour nearly all of them must wait, so that is asked before anything is looked up.
    """
    admitted: list[OutboxRow] = []
    for row in rows:
        is_campaign = row.urgency == Urgency.CAMPAIGN
        if is_campaign and not _is_going(work, campaigns[row.payload["campaign"]], row):
            continue
        if row.state is not OutboxState.QUEUED or row.not_before > work.now:
            continue
        if row.expires_at is not None and row.expires_at <= work.now:
            row.end(OutboxState.EXPIRED, work.now, "too late")
        elif len(admitted) < room and admits(row):
            admitted.append(row)
    return admitted


def _wait_for_place(work: Work, row: OutboxRow) -> None:
    """The thread that it belongs in has no card: when none is on its way, one is posted again."""
    if "of" in row.payload:
        # It is about a message that never arrived.
        row.end(OutboxState.CANCELLED, work.now, "its place is gone")
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
        row.end(gone, work.now, "its place is gone")
        return
    if _is_headless(work, ticket.id):
        # The card is among the troubles already; what would change it need not be there too.
        row.end(OutboxState.CANCELLED, work.now, "its place is gone")
        return
    row.not_before = work.now + FOR_A_CARD
    if not _card_is_coming(work, ticket.id):
        # Not in the line that waits for it: there it would stand behind this row.
        line = f"{tickets.thread_of(ticket)}:card"
        tickets.post_card(work, ticket, line, key=f"ticket:{ticket.id}:card:{new_id()}")


def _card_is_coming(work: Work, ticket_id: int) -> bool:
    return any(
        row.verb == "say"
        and "thread" not in row.payload
        and row.state in (OutboxState.QUEUED, OutboxState.SENDING)
        for row in outbox.of_subject(work, Subject.TICKET, ticket_id)
    )


def _is_headless(work: Work, ticket_id: int) -> bool:
    """Whether a ticket has no thread because Slack has refused its head a short while ago."""
    return outbox.refused_card(work, ticket_id, work.now - CARD_AGAIN)


def _beside_thread(work: Work, row: OutboxRow) -> Claimed | None:
    """Where a thread cannot be, its words stand in the channel: they must not wait for ever."""
    subject, id = row.payload.get("thread", ("", 0))
    beside = subject == Subject.TICKET and _is_headless(work, id)
    return Claimed(row, row.chat) if beside else None


def placed(work: Work, row: OutboxRow) -> Claimed | None:
    """Where in the chats a row belongs; None while that place is not there."""
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
        posts = conversation.posts_of(work, row.door, Subject(payload["at"][0]), payload["at"][1])
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


def _is_going(work: Work, campaign: Campaign, row: OutboxRow) -> bool:
    """Whether the campaign that a row is of still says so; if not, the row is taken out."""
    if campaign.state is CampaignState.CANCELLED:
        row.end(OutboxState.CANCELLED, work.now, "campaign cancelled")
    elif campaign.state is not CampaignState.RUNNING:
        # Back to the people who wait: resuming feeds it again, at its place in the order.
        _take_back(work, row, RecipientState.WAITING)
    elif row.payload.get("edit", 0) != (campaign.edits or 0):
        # Its words have been changed since.
        _take_back(work, row, RecipientState.WAITING)
    else:
        return True
    return False


def _unhindered(
    work: Work, rows: list[OutboxRow], campaigns: dict[int, Campaign]
) -> list[OutboxRow]:
    """The rows without those of campaigns to people who said stop, or must wait.

    One question for the people of each campaign, however many they are.
    """
    theirs: dict[int, list[int]] = {}
    for row in rows:
        if row.urgency == Urgency.CAMPAIGN:
            theirs.setdefault(row.payload["campaign"], []).append(row.payload["contact"])
    obstacles: dict[tuple[int | None, int | None], Obstacle] = {
        (id, contact): obstacle
        for id, people in theirs.items()
        for contact, obstacle in audiences.in_the_way(work, campaigns[id], people).items()
    }
    if not obstacles:
        return rows
    clear: list[OutboxRow] = []
    for row in rows:
        obstacle = obstacles.get((row.payload.get("campaign"), row.payload.get("contact")))
        if obstacle is None:
            clear.append(row)
        else:
            _put_aside(work, campaigns[row.payload["campaign"]], row, obstacle)
    return clear


def _put_aside(work: Work, campaign: Campaign, row: OutboxRow, obstacle: Obstacle) -> None:
    """It stands among those who are held, or it is over for them."""
    if obstacle.until is None:
        row.end(OutboxState.CANCELLED, work.now, obstacle.why)
        note_recipient(work, row, RecipientState.STOPPED, obstacle.why)
        return
    recipient = _take_back(work, row, RecipientState.HELD)
    if recipient is not None:
        recipient.reason = obstacle.why
        recipient.due_at = min(obstacle.until, campaign.ends_at or obstacle.until)


def _take_back(work: Work, row: OutboxRow, state: RecipientState) -> Recipient | None:
    work.delete(row)
    row.__dict__["state"] = OutboxState.CANCELLED
    recipient = work.get(Recipient, row.subject_id)
    if recipient is not None:
        recipient.state, recipient.reason, recipient.settled_at = state, None, None
    return recipient


def note_recipient(work: Work, row: OutboxRow, state: RecipientState, why: str | None) -> None:
    """Tell the campaign what became of one of its people."""
    recipient = work.get(Recipient, row.subject_id)
    if recipient is not None and row.verb == "delete":
        # It is being recalled. When it was sent stays: that is what happened on that day.
        recalled = state is RecipientState.SENT
        recipient.state = RecipientState.RECALLED if recalled else recipient.state
        recipient.reason = why and why[:128]
    elif recipient is not None:
        recipient.state, recipient.reason = state, why and why[:128]
        recipient.settled_at = None if state is RecipientState.WAITING else work.now
