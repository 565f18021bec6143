"""People's own Telegram accounts that the bot answers for, as their owners allow it.

A chat there is called `<customer>@<owner>`: whoever writes to the bot as well has two chats with
us, and each is answered where it was said. It is the owner's account: nothing goes there by itself
unless a policy says so, no menus and no campaigns, only what staff write.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions import away, contacts, conversations, hearing, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, post_in_thread, tell
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Button, Buttons, Incoming, Media, Part, Reply, Text
from handlers.texts import Voice
from storage.columns import new_id
from storage.queries import contacts as people
from storage.queries import conversation, members, personal
from storage.records import (
    BusinessConnection,
    Contact,
    Direction,
    Identity,
    IdentityKind,
    Interaction,
    Role,
    Ticket,
    TicketStatus,
    Urgency,
)
from storage.work import Work

# So many lines that were deleted at once are quoted.
MOST_QUOTED = 5

# Whose accounts are connected, as it was a moment ago: asked of everybody who is new.
_KEEPS = timedelta(seconds=5)
_owners: WeakKeyDictionary[Any, tuple[datetime, list[str]]] = WeakKeyDictionary()


# The connections


@action(Permission.SYSTEM)
def is_known(work: Work, connection: str) -> bool:
    """Whether we know whose account a connection is."""
    return personal.connection(work, connection) is not None


@action(Permission.SYSTEM)
def connected(work: Work, incoming: Incoming) -> BusinessConnection:
    """An account was connected, is connected otherwise now, or no longer: admins are told."""
    allows, ended = incoming.does == "reply", incoming.does == "ended"
    known = personal.connection(work, incoming.connection)
    former = known or personal.newest_of(work, incoming.person.id)
    was = None if former is None else (former.ended_at is None, former.may_reply)
    row = known or work.add(
        BusinessConnection(
            connection=incoming.connection,
            owner=incoming.person.id,
            name=incoming.person.name[:256],
            may_reply=allows,
            since=incoming.at or work.now,
            # Who is not listened to gets no second try by connecting anew.
            refused_at=None if former is None else former.refused_at,
        )
    )
    row.name, row.may_reply = incoming.person.name[:256], allows or (ended and row.may_reply)
    row.ended_at = (row.ended_at or work.now) if ended else None
    _owners.pop(work.engine, None)
    if was != (row.ended_at is None, row.may_reply):
        _tell_admins(work, row, new=was is None)
    return row


def _tell_admins(work: Work, row: BusinessConnection, *, new: bool) -> None:
    if row.refused_at is not None:
        return
    key = "personal.connected" if row.may_reply else "personal.no_right"
    key = "personal.ended" if row.ended_at is not None else key
    for admin in members.with_role(work, Role.ADMIN) or members.active(work):
        voice = Voice(admin.language, admin.zone)
        parts: list[Part] = [Text(voice.words(key, name=row.name))]
        if new:
            label = voice.say("button.personal_refuse")
            parts.append(Buttons((Button(label, "personal.refuse", str(row.id)),)))
        told = f"personal:{row.id}:{key}:{new_id()}:{admin.id}"
        tell(work, admin, Reply(tuple(parts)), key=told, urgency=Urgency.SERVICE)


@action(Permission.SET_UP, audited=True)
def refuse(work: Work, row: BusinessConnection) -> BusinessConnection:
    """Do not listen to an account: anybody may connect theirs to a bot that can be connected."""
    row.refused_at = row.refused_at or work.now
    return row


@action(Permission.SYSTEM)
def way_to(work: Work, chat: str) -> tuple[str, str]:
    """The connection by which a chat is reached now; or "" and why it is not."""
    row = personal.newest_of(work, chat.partition("@")[2])
    if row is None or row.ended_at is not None or row.refused_at is not None:
        return "", ENDED
    return (row.connection, "") if row.may_reply else ("", NO_RIGHT)


ENDED = "the account is not connected any more"
NO_RIGHT = "the owner of the account does not let the bot write"
# Telegram's words for a customer who has not written there for a day.
TOO_LATE = "BUSINESS_PEER_USAGE_MISSING"


def why_not(why: str) -> str:
    """The words for what kept an answer from a chat there."""
    if why in (ENDED, NO_RIGHT):
        return "answer.personal_ended" if why == ENDED else "answer.personal_no_right"
    return "answer.personal_late" if TOO_LATE in why.upper() else "answer.failed"


# What is said there


@action(Permission.ANYONE)
def placed(work: Work, incoming: Incoming) -> Incoming | None:
    """What was said with the name of its chat, whatever the connection is called now.

    None when it is nothing to us: an account that we do not know or do not listen to.
    """
    row = personal.connection(work, incoming.connection)
    if row is None or row.refused_at is not None:
        return None
    return replace(incoming, chat=f"{incoming.chat}@{row.owner}")


@action(Permission.ANYONE)
def meet(work: Work, incoming: Incoming, chat: str) -> tuple[Identity, Contact, Ticket | None]:
    """Who writes in a chat for the first time: somebody new, or new only there."""
    shown = f"@{incoming.person.username}" if incoming.person.username else incoming.person.id
    contact = _known_elsewhere(work, incoming.person.id, chat)
    if contact is None:
        contact, identity = contacts.meet(work, incoming, chat)
    else:
        identity = contacts.give_chat(work, contact, chat, shown)
    return identity, contact, work.get(Ticket, contact.ticket_id)


def _known_elsewhere(work: Work, person: str, but: str) -> Contact | None:
    """The contact of somebody whom we know from the bot's chat, or from another account's."""
    for chat in (person, *(f"{person}@{owner}" for owner in _connected_owners(work))):
        known = people.known_as(work, IdentityKind.TELEGRAM, chat) if chat != but else None
        if known is not None:
            return known[1]
    return None


def _connected_owners(work: Work) -> list[str]:
    kept = _owners.get(work.engine)
    if kept is None or not work.now - _KEEPS < kept[0] <= work.now:
        kept = _owners[work.engine] = (work.now, personal.owners(work))
    return kept[1]


@action(Permission.ANYONE)
def hear_owner(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    """The owner writes there by hand: the thread shows it, and the customer has an answer.

    It opens nothing. What Telegram says in the owner's absence is no answer.
    """
    if incoming.does == "edited":
        return _owner_edits(work, incoming, contact)
    ticket = work.get(Ticket, contact.ticket_id)
    gathered = conversation.album_of(work, contact.id, incoming.album) if incoming.album else None
    if gathered is not None:
        gathered.media = [*gathered.media, *(vars(media) for media in incoming.media)]
        hearing.bring_to_thread(work, gathered, incoming, incoming.person.name, new_id())
        return gathered
    about = None
    if incoming.reply_to:
        about = conversations.said_at(
            work, incoming.door, incoming.account, incoming.chat, incoming.reply_to
        )
    said = work.add(
        Interaction(
            contact_id=contact.id,
            ticket_id=None if ticket is None else ticket.id,
            channel=TELEGRAM,
            direction=Direction.OUT,
            text=incoming.text,
            media=[vars(media) for media in incoming.media],
            origin=incoming.origin,
            album=incoming.album or None,
            reply_to_id=None if about is None else about.id,
            at=incoming.at or work.now,
        )
    )
    hearing.bring_to_thread(work, said, incoming, incoming.person.name, said.id)
    if ticket is not None and ticket.is_open and incoming.does != "by itself":
        _note_answer(work, ticket, contact)
    return said


def _note_answer(work: Work, ticket: Ticket, contact: Contact) -> None:
    """It is the customer's turn, as when the team answers."""
    ticket.first_answered_at = ticket.first_answered_at or work.now
    ticket.customer_waits_since = None
    ticket.snoozed_until = None
    away.team_is_there(work, contact, ticket)
    if ticket.status is not TicketStatus.WAITING:
        tickets.set_status(work, ticket, TicketStatus.WAITING)
        tickets.refresh_card(work, ticket)


def _owner_edits(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    said = conversations.said_at(
        work, incoming.door, incoming.account, incoming.chat, incoming.message
    )
    if said is None or said.contact_id != contact.id or said.direction is not Direction.OUT:
        return None
    hearing.show_edit(work, said, incoming, incoming.person.name)
    return said


@action(Permission.ANYONE)
def hear_deleted(work: Work, incoming: Incoming) -> list[Interaction]:
    """Somebody deleted messages there, on either side: the thread says which; they stay with us."""
    gone = []
    for message in incoming.value.split():
        said = conversations.said_at(work, incoming.door, incoming.account, incoming.chat, message)
        # What staff took back themselves is marked already.
        if said is not None and said.deleted_at is None:
            said.deleted_at = work.now
            gone.append(said)
    voice = team_voice(work)
    for ticket_id in dict.fromkeys(said.ticket_id for said in gone if said.ticket_id is not None):
        texts = [_words_of(voice, said) for said in gone if said.ticket_id == ticket_id]
        quoted = " · ".join(f"“{text}”" for text in texts[:MOST_QUOTED])
        quoted += " …" if len(texts) > MOST_QUOTED else ""
        words = voice.words("personal.deleted", count=len(texts), text=quoted)
        key = f"ticket:{ticket_id}:{new_id()}"
        post_in_thread(work, ticket_id, Reply((Text(words),)), key=key)
    return gone


def _words_of(voice: Voice, said: Interaction) -> str:
    if said.text or not said.media:
        return shortened(said.text, 80)
    media = Media(**said.media[0])
    return voice.say(f"media.{media.kind}", detail=media.detail or media.name)
