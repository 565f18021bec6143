"""A message to one customer at a moment to come: said once, unless things have changed by then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.actions import alerts, answering, moments, whereabouts
from handlers.actions.access import Permission, action
from handlers.actions.follow_ups import must_come
from handlers.actions.members import me
from handlers.actions.outgoing import TELEGRAM, say_to_customer, tell
from handlers.actions.policies import policy
from handlers.cards.later import asked_card
from handlers.message import Reply, Text, plain
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import contacts, members
from storage.queries import later as found
from storage.queries import tickets as tickets_found
from storage.records import (
    Contact,
    Direction,
    Identity,
    Interaction,
    Lane,
    LaterMessage,
    LaterState,
    Member,
    Role,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Actor, Work

LONGEST = 3000
# Later than this it may be wrong by now, and its author is asked.
TOO_LATE = timedelta(hours=1)
_STILL_TO_COME = (LaterState.WAITING, LaterState.ASKED)


@action(Permission.SERVE, audited=True)
def say_later(
    work: Work, contact: Contact, wall: datetime, text: str, zone: str | None = None
) -> LaterMessage:
    """Have a customer told something at a wall time (naive) of a zone, one's own by default.

    Raises Refused when they cannot be reached, when there is nothing to say or the moment is over.
    """
    identity = contacts.telegram_of(work, contact)
    _must_reach(contact, identity)
    if not text.strip():
        raise Refused("answer.empty")
    if len(text) > LONGEST:
        raise Refused("later.too_long", most=LONGEST)
    member = me(work)
    zone = zone or member.zone
    later = LaterMessage(
        contact_id=contact.id,
        author_id=member.id,
        text=text.strip(),
        wall=wall.isoformat(timespec="minutes"),
        zone=zone,
        due_at=moments.instant(wall, moments.zone_named(zone)),
        created_at=work.now,
    )
    must_come(work, later.due_at)
    return work.add(later)


@action(Permission.READ)
def zone_of(work: Work, contact: Contact) -> str:
    """The clock that a customer lives by; the team's as long as nobody knows it."""
    return whereabouts.clock_of(work, contact)


def _must_reach(contact: Contact, identity: Identity | None) -> None:
    if contact.blocked_at is not None:
        raise Refused("later.blocked", name=contact.name)
    if identity is None:
        raise Refused("later.no_telegram", name=contact.name)
    if identity.blocked_at is not None:
        raise Refused("later.unreachable", name=contact.name)


@action(Permission.SERVE, audited=True)
def cancel(work: Work, later: LaterMessage) -> LaterMessage:
    """It is not said. Twice is once; what was said cannot be cancelled."""
    if later.state is LaterState.SENT:
        raise Refused("later.sent")
    if later.state is not LaterState.CANCELLED:
        later.state, later.settled_at = LaterState.CANCELLED, work.now
    return later


@action(Permission.SERVE, audited=True)
def edit(work: Work, later: LaterMessage, text: str, wall: datetime | None) -> LaterMessage:
    """Say it in other words, or at another wall time of whoever asks."""
    if later.state not in _STILL_TO_COME:
        raise Refused("later.over")
    if not text.strip():
        raise Refused("answer.empty")
    later.text = text.strip()[:LONGEST]
    # Whoever writes it anew knows what the customer has said until now.
    later.created_at = work.now
    if wall is not None:
        due = moments.instant(wall, moments.zone_named(work.actor.zone))
        must_come(work, due)
        theirs = due.astimezone(moments.zone_named(later.zone)).replace(tzinfo=None)
        later.wall, later.due_at = theirs.isoformat(timespec="minutes"), due
        later.state = LaterState.WAITING
    return later


@action(Permission.SERVE, audited=True)
def send_now(work: Work, later: LaterMessage) -> LaterMessage:
    """Say it at once, whatever was said meanwhile."""
    if later.state not in _STILL_TO_COME:
        raise Refused("later.over")
    contact = work.sure(Contact, later.contact_id)
    identity = contacts.telegram_of(work, contact)
    _must_reach(contact, identity)
    if identity is not None:
        _send(work, later, contact, identity)
    return later


@action(Permission.READ)
def mine(work: Work) -> list[tuple[LaterMessage, Contact]]:
    """What whoever asks still has to be said, soonest first."""
    return found.of_author(work, me(work), 20)


@action(Permission.SYSTEM)
def say_due(work: Work, limit: int) -> bool:
    """Say what is due; whether there may be more."""
    due = found.due(work, limit)
    for later in due:
        _say(work, later)
    return len(due) == limit


def _say(work: Work, later: LaterMessage) -> None:
    contact = work.sure(Contact, later.contact_id)
    identity = contacts.telegram_of(work, contact)
    try:
        _must_reach(contact, identity)
    except Refused as refused:
        later.state, later.settled_at = LaterState.CANCELLED, work.now
        key, values, text = refused.key, refused.values, Text(plain(later.text))
        _tell(work, later, lambda voice: Reply((Text(voice.words(key, **values)), text)))
        return
    heard = contact.last_heard_at
    if heard is not None and heard > later.created_at and policy(work, "overtaken") == "ask":
        _ask(work, later, contact, "later.wrote_meanwhile", heard)
    elif work.now - later.due_at > TOO_LATE:
        _ask(work, later, contact, "later.too_late", later.due_at)
    elif identity is not None:
        _send(work, later, contact, identity)


def _ask(work: Work, later: LaterMessage, contact: Contact, key: str, at: datetime) -> None:
    later.state = LaterState.ASKED
    lines = contacts.timeline(work, contact, 3)
    now = work.now
    _tell(work, later, lambda voice: asked_card(voice, later, contact, lines, now, key, at))


def _tell(work: Work, later: LaterMessage, said: Callable[[Voice], Reply]) -> None:
    """Its author is told; once they have left, the managers, for nobody else knows of it."""
    author = work.sure(Member, later.author_id)
    managers = members.with_role(work, Role.MANAGER) or members.with_role(work, Role.ADMIN)
    for reader in [author] if author.active else managers:
        voice = Voice(reader.language, reader.zone)
        reply = said(voice)
        if reader.id != author.id:
            whose = Text(voice.words("later.of_gone", name=author.name))
            reply = replace(reply, parts=(whose, *reply.parts))
        tell(work, reader, reply, key=f"later:{later.id}:{new_id()}", urgency=Urgency.SERVICE)


def _send(work: Work, later: LaterMessage, contact: Contact, identity: Identity) -> None:
    """In the open request, if there is one, where it is held and shown like any other answer."""
    later.state, later.settled_at = LaterState.SENT, work.now
    author = work.sure(Member, later.author_id)
    ticket = tickets_found.liveliest(work, contact)
    if ticket is not None and ticket.is_open and author.active and _goes_out(work, ticket):
        acting = work.acting_as(Actor(name=author.name, member=author))
        answering.say(acting, ticket, later.text)
        later.ticket_id = ticket.id
        return
    said = work.add(
        Interaction(
            contact_id=contact.id,
            member_id=author.id,
            channel=TELEGRAM,
            direction=Direction.OUT,
            lane=Lane.CUSTOMER,
            text=later.text,
            at=work.now,
        )
    )
    say_to_customer(
        work,
        identity,
        Reply((Text(plain(later.text)),)),
        key=f"later:{later.id}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
        interaction=said,
        language=contact.language,
    )


def _goes_out(work: Work, ticket: Ticket) -> bool:
    return not alerts.only_alerts(work, ticket)


@action(Permission.SERVE)
def answer_about(work: Work, contact: Contact, ticket: Ticket | None, text: str) -> None:
    """Say something to a customer now: in the request that it is about, or in their open one."""
    if not text.strip():
        raise Refused("answer.empty")
    identity = contacts.telegram_of(work, contact)
    _must_reach(contact, identity)
    if ticket is None or not ticket.is_open:
        ticket = tickets_found.liveliest(work, contact)
    if ticket is not None and ticket.is_open:
        answering.say(work, ticket, text.strip())
        return
    later = work.add(
        LaterMessage(
            contact_id=contact.id,
            author_id=me(work).id,
            text=text.strip()[:LONGEST],
            wall="",
            zone=me(work).zone,
            due_at=work.now,
            created_at=work.now,
        )
    )
    if identity is not None:
        _send(work, later, contact, identity)
