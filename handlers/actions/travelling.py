"""The clock's part of journeys: who begins, who goes a step on, who has left."""

from datetime import timedelta
from typing import Any

from handlers.actions import audiences, contacts, journeys
from handlers.actions.access import Permission, action
from handlers.actions.journey_audiences import as_campaign
from handlers.actions.outgoing import tell
from handlers.cards.journeys import late_note
from handlers.texts import Voice
from storage.columns import id_before
from storage.errors import Refused
from storage.queries import audiences as audiences_found
from storage.queries import campaigns as campaigns_found
from storage.queries import journeys as found
from storage.queries import outbox, segments, tallies
from storage.queries.audiences import Checks
from storage.records import (
    Campaign,
    Contact,
    Journey,
    JourneyState,
    Member,
    Recipient,
    RecipientState,
    Traveller,
    TravellerState,
    Urgency,
)
from storage.work import Work

# So many people are looked at in one transaction, and so many put on a journey.
AT_ONCE = 200
PIECE = 20_000
# A little is looked at again: what other processes write may come late.
OVERLAP = timedelta(minutes=1)
# So late a step may be done by itself, when nothing ran at its time.
GRACE = timedelta(hours=1)
SHOWN_EVERY = timedelta(seconds=5)
# What a journey may wait for, ask for, and stop on.
EVENTS = ("reply", "order")
_GONE = (RecipientState.STOPPED, RecipientState.SKIPPED, RecipientState.CANCELLED)
_SETTLED = (
    *(RecipientState.SENT, RecipientState.UNSURE, RecipientState.FAILED),
    *(RecipientState.RECALLED, RecipientState.CONTROL),
)
# How it is kept of somebody in the middle of conditions in a row what they have done and not done.
_DID, _NOT = "did:", "not "


@action(Permission.SYSTEM)
def ask_about_passed(work: Work) -> None:
    """Steps that came due while nothing ran: the author is asked whether they are to be done."""
    for journey in found.running(work):
        seen = journey.shown_at or journey.started_at or work.now
        if work.now - seen < GRACE or not found.overdue(work, journey, work.now - GRACE):
            continue
        journey.state = JourneyState.LATE
        journeys.show(work, journey)
        author = work.sure(Member, journey.created_by)
        note = late_note(Voice(author.language, author.zone), journey)
        key = f"journey:{journey.id}:late:{work.now.isoformat(timespec='minutes')}"
        if outbox.keyed(work, key) is None:
            tell(work, author, note, key=key, urgency=Urgency.SERVICE)


# Who begins


@action(Permission.SYSTEM)
def let_begin(work: Work) -> bool:
    """Put those on their journeys who have come to begin; whether there may be more."""
    more = [_begin(work, journey) for journey in found.running(work)]
    return any(more)


def _begin(work: Work, journey: Journey) -> bool:
    since = journey.looked_to
    if since is None:
        return False
    if journey.begins["kind"] == "filter":
        last = audiences_found.until(work, since, PIECE)
        if last is not None:
            found.put_on(work, journey, _who(work, journey, (since, last)))
        journey.looked_to = last
        return last is not None
    happened = _happened(journey, since)
    found.put_on(work, journey, [*audiences_found.may_get(Checks(topic=journey.topic)), happened])
    if id_before(2 * OVERLAP) > since:
        journey.looked_to = id_before(OVERLAP)
    return False


def _who(work: Work, journey: Journey, ids: tuple[int, int]) -> list[Any]:
    author = audiences.as_author(work, as_campaign(journey))
    wanted = segments.parse(author, journey.begins["filter"])[1]
    return audiences_found.who(author, Checks(topic=journey.topic), wanted, (), ids)


def _happened(journey: Journey, since: int) -> Any:
    match journey.begins["kind"]:
        case "contact":
            return found.came_since(since, journey.begins.get("source", ""))
        case "order":
            return found.bought_first_since(since)
        case _:
            return found.tagged_since(since, journey.begins["tag"])


# Who goes on


@action(Permission.SYSTEM)
def go_on(work: Work) -> bool:
    """Do the steps that are due; whether there may be more."""
    more = False
    for journey in found.running(work):
        _wake(work, journey)
        people = found.due(work, journey, AT_ONCE)
        _walk(work, journey, people)
        more = more or len(people) == AT_ONCE
        _show_if_changed(work, journey)
    return more


def _wake(work: Work, journey: Journey) -> None:
    """Whoever waits for a reply or an order goes on at once when it has come."""
    after = journey.heard_to or journey.id
    happened = [
        event
        for event in EVENTS
        if _asks_for(journey, event) and found.somebody_did(work, event, after)
    ]
    for event in happened:
        found.wake_who_did(work, journey, event, after)
    if happened:
        journey.heard_to = max(after, id_before(OVERLAP))


def _walk(work: Work, journey: Journey, people: list[tuple[Traveller, Contact]]) -> None:
    if not people:
        return
    messages = found.messages(work, journey)
    ids = [each.recipient_id for each, _ in people if each.recipient_id is not None]
    sent = found.recipients(work, ids)
    for each, _ in people:
        if each.state is TravellerState.SENDING:
            _note_sent(work, each, sent.get(each.recipient_id or 0))
    since = {each.contact_id: at for each, _ in people if (at := each.said_at) is not None}
    did = {
        event: found.who_did(work, event, since) for event in EVENTS if _asks_for(journey, event)
    }
    for each, contact in people:
        done = {event for event, who in did.items() if each.contact_id in who}
        _go(work, journey, messages, each, contact, done)


def _asks_for(journey: Journey, event: str) -> bool:
    return event in journey.until or any(
        event in (step.get("if"), step.get("for")) for step in journey.steps
    )


def _note_sent(work: Work, traveller: Traveller, recipient: Recipient | None) -> None:
    if recipient is not None and recipient.state in _GONE:
        _leave(work, traveller, recipient.reason or str(recipient.state))
    elif recipient is None or recipient.state in _SETTLED:
        at = recipient.settled_at if recipient is not None else None
        traveller.state, traveller.said_at = TravellerState.WAITING, at or work.now
        traveller.position, traveller.recipient_id = traveller.position + 1, None
        # A wait behind it counts from when they got it.
        traveller.waiting_since = traveller.said_at
    else:
        # Held, or on its way. The longer it takes, the rarer it is looked at.
        length = max(timedelta(seconds=1), work.now - (traveller.waiting_since or work.now))
        traveller.due_at = work.now + min(length, timedelta(minutes=10))


def _leave(work: Work, traveller: Traveller, reason: str) -> None:
    traveller.state, traveller.reason = TravellerState.LEFT, reason[:64]
    traveller.ended_at, traveller.waiting_since = work.now, None


def _go(
    work: Work,
    journey: Journey,
    messages: dict[int, Campaign],
    traveller: Traveller,
    contact: Contact,
    done: set[str],
) -> None:
    """As far as somebody comes now: to the next message, the next wait, or the end."""
    while traveller.state is TravellerState.WAITING:
        left = next((event for event in journey.until if event in done), None)
        if left is not None:
            _leave(work, traveller, left)
            return
        if traveller.position >= len(journey.steps):
            traveller.state, traveller.ended_at = TravellerState.THROUGH, work.now
            traveller.reason = None
            return
        step = journey.steps[traveller.position]
        if not _is_for(traveller, step, done):
            traveller.position += 1
            continue
        match step["do"]:
            case "wait":
                if not _waited(work, traveller, step, done):
                    return
            case "tag":
                _tag(work, contact, step["tag"])
            case "stop":
                _leave(work, traveller, step.get("if", "stop"))
                return
            case _:
                if _say(work, messages[traveller.position], traveller, step, contact):
                    _note_answers(traveller, step, done)
                return
        traveller.position += 1


def _is_for(traveller: Traveller, step: dict[str, Any], done: set[str]) -> bool:
    """Whether a step is for somebody.

    Conditions in a row are about the same: what was done before the first of them. A message that
    one of them brings begins no new question for the next, and who got it for not having done
    something does not get what is for the others by doing it then.
    """
    if "if" not in step:
        traveller.reason = None
        return True
    event, known = step["if"], _known(traveller)
    has = event in known or (event in done and f"{_NOT}{event}" not in known)
    return has is step["is"]


def _known(traveller: Traveller) -> set[str]:
    """What is settled by those conditions of the row that have brought a message."""
    return set((traveller.reason or "").removeprefix(_DID).split(",")) - {""}


def _note_answers(traveller: Traveller, step: dict[str, Any], done: set[str]) -> None:
    """A condition has brought a message: what follows it in the row goes by what is so now."""
    if "if" not in step:
        return
    known = _known(traveller)
    known |= {event for event in done if f"{_NOT}{event}" not in known}
    known |= set() if step["is"] else {f"{_NOT}{step['if']}"}
    traveller.reason = _DID + ",".join(sorted(known))


def _waited(work: Work, traveller: Traveller, step: dict[str, Any], done: set[str]) -> bool:
    begun = traveller.waiting_since
    if begun is None:
        begun = traveller.waiting_since = work.now
    over = begun + timedelta(minutes=step["minutes"])
    if work.now < over and step.get("for") not in done:
        traveller.due_at = over
        return False
    traveller.waiting_since = min(over, work.now)
    return True


def _tag(work: Work, contact: Contact, tag: str) -> None:
    try:
        contacts.add_tags(work, contact, (tag,))
    except Refused:
        # A word that is no tag was refused when it was written; who is blocked needs none.
        return


def _say(
    work: Work, campaign: Campaign, traveller: Traveller, step: dict[str, Any], contact: Contact
) -> bool:
    """Among the recipients of the step's campaign they get it as any other, once; False: later."""
    due = journeys.moment_of(work, step, traveller.entered_at, contact)
    if due > work.now:
        traveller.due_at = due
        return False
    recipient = campaigns_found.recipient_of(work, campaign, contact.id)
    if recipient is None:
        recipient = work.add(Recipient(campaign_id=campaign.id, contact_id=contact.id))
    traveller.state, traveller.recipient_id = TravellerState.SENDING, recipient.id
    traveller.waiting_since, traveller.due_at = work.now, work.now + timedelta(seconds=1)
    return True


def _show_if_changed(work: Work, journey: Journey) -> None:
    seen = journey.shown_at
    if seen is not None and work.now - seen < SHOWN_EVERY:
        return
    counts = tallies.on_journey(work, journey)
    if counts != (journey.counts or {}):
        journey.counts = counts
        journeys.show(work, journey)
    elif seen is None or work.now - seen > 12 * SHOWN_EVERY:
        # So that whoever starts next knows that somebody was there.
        journey.shown_at = work.now
