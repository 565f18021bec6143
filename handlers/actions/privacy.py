"""What is stored about a customer: shown to them when they ask, and erased when they ask.

The records are emptied in the transaction of the request. The long tables of what came in, went
out and stood in files are gone through afterwards, bit by bit, so that nobody waits for it.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from handlers.actions import import_keeping, merging, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, TELEGRAM, say_to_customer, send
from handlers.actions.own_tickets import title
from handlers.actions.policies import team_voice
from handlers.cards.privacy import Stored, stored_card
from handlers.message import Files, Incoming, Media, Reply
from handlers.texts import Voice
from storage.columns import NODE_BITS, SEQUENCE_BITS, new_id
from storage.queries import contacts, outbox, privacy, self_service
from storage.records import (
    Contact,
    Direction,
    Erasure,
    Identity,
    IdentityKind,
    Interaction,
    OutboxState,
    Ticket,
    TicketStatus,
    Unsure,
)
from storage.work import Work

# Of a file that is made of our records when it is sent: nothing of it lies about.
RECORDS = "records"
# More lines than that nobody has said; it bounds what one file takes of memory.
MOST_LINES = 20_000
# A file that was asked for so lately is the same one.
ASKED_LATELY = timedelta(minutes=2)
# A question whether to erase everything must be answered soon, or be asked again.
SURE_FOR = timedelta(hours=1)
AT_A_TIME = 500
SHORTEST_NAME = 2
# As ids count the time.
A_SECOND = 1000 << (NODE_BITS + SEQUENCE_BITS)


# Showing


@action(Permission.CUSTOMER)
def stored(work: Work, contact: Contact) -> Reply:
    """What is stored about a customer, in words; nothing that the team noted for itself."""
    voice = Voice(contact.language, contact.zone or "UTC")
    return stored_card(
        voice,
        Stored(
            contact=contact,
            identities=contacts.identities_of(work, contact),
            tags=[each.tag for each in contacts.tags_of(work, contact)],
            requests=len(privacy.tickets(work, contact)),
            lines=privacy.said_count(work, contact),
            orders=len(privacy.orders(work, contact)),
            opinions=len(privacy.opinions(work, contact)),
            consents=privacy.consents(work, contact),
            preference=self_service.preference_of(work, contact),
        ),
    )


@action(Permission.CUSTOMER)
def send_file(work: Work, contact: Contact, identity: Identity) -> bool:
    """Send all of it as a file, which is made when it goes out; False when one is just coming."""
    slot = int(work.now.timestamp() // ASKED_LATELY.total_seconds())
    key = f"mydata:{contact.id}:{slot}"
    if outbox.keyed(work, key) is not None:
        return False
    name = f"rapport-{work.now:%Y-%m-%d}.json"
    file = Media("document", RECORDS, str(contact.id), name=name, mime="application/json")
    say_to_customer(work, identity, Reply((Files((file,)),)), key=key)
    return True


@action(Permission.SYSTEM)
def file_of(work: Work, contact_id: int) -> bytes:
    """The file that a customer gets. Raises FileNotFoundError when there is nobody any more."""
    contact = work.get(Contact, contact_id)
    if contact is None or contact.erased_at is not None:
        raise FileNotFoundError("there is nothing about this person")
    text = json.dumps(_everything(work, contact), ensure_ascii=False, indent=2, default=_plain)
    return text.encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _everything(work: Work, contact: Contact) -> dict[str, Any]:
    kept = self_service.preference_of(work, contact)
    about = ("name", "first_name", "gender", "birthday", "company", "language", "zone", "source")
    return {
        "made_at": work.now,
        "about_you": {name: getattr(contact, name) for name in about}
        | {"known_since": contact.created_at, "more": contact.custom},
        "how_to_reach_you": [
            {"kind": str(each.kind), "value": each.shown, "since": each.created_at}
            for each in contacts.identities_of(work, contact)
        ],
        "tags": [each.tag for each in contacts.tags_of(work, contact)],
        "what_you_agreed_to": [
            {
                "purpose": str(each.purpose),
                "topic": each.topic or "everything",
                "granted": each.granted,
                "at": each.at,
            }
            for each in privacy.consents(work, contact)
        ],
        "quiet": kept
        and {"from": kept.quiet_from, "to": kept.quiet_to, "no_news_before": kept.quiet_until},
        "requests": [_request(work, each) for each in privacy.tickets(work, contact)],
        "messages": _messages(work, contact),
        "orders": _orders(work, contact),
        "looking_for": [each.what for each in privacy.needs(work, contact)],
        "opinions": [
            {"score": each.score, "words": each.text, "at": each.at}
            for each in privacy.opinions(work, contact)
        ],
    }


def _request(work: Work, ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "about": title(work, ticket, Voice()),
        "status": str(ticket.status),
        "opened_at": ticket.opened_at,
        "resolved_at": ticket.resolved_at,
    }


def _messages(work: Work, contact: Contact) -> list[dict[str, Any]]:
    earlier: dict[int, list[str]] = {}
    for id, text in privacy.earlier_wordings(work, contact):
        earlier.setdefault(id, []).append(text)
    return [
        _message(each, earlier.get(each.id, [])) for each in privacy.said(work, contact, MOST_LINES)
    ]


def _message(said: Interaction, earlier: list[str]) -> dict[str, Any]:
    files = [{"kind": each.get("kind"), "name": each.get("name")} for each in said.media]
    return {
        "at": said.at,
        "from": "you" if said.direction is Direction.IN else "us",
        "text": said.text,
        "files": files,
        "before_edits": earlier,
    }


def _orders(work: Work, contact: Contact) -> list[dict[str, Any]]:
    return [
        {
            "number": order.number,
            "kind": str(order.kind),
            "status": order.status,
            "amount": order.amount,
            "currency": order.currency,
            "at": order.at,
            "lines": [
                {"what": line.description, "quantity": line.quantity, "amount": line.amount}
                for line in lines
            ],
        }
        for order, lines in privacy.orders(work, contact)
    ]


# Erasing


@action(Permission.CUSTOMER)
def was_asked_lately(work: Work, contact: Contact, asked_at: str) -> bool:
    """Whether the question that a button belongs to is fresh, and the customer still there."""
    if not asked_at.isdecimal() or len(asked_at) > 12 or contact.erased_at is not None:
        return False
    age = work.now.timestamp() - int(asked_at)
    return -SURE_FOR.total_seconds() <= age <= SURE_FOR.total_seconds()


@action(Permission.CUSTOMER, audited=True)
def forget(work: Work, contact: Contact, asked: Incoming) -> Erasure | None:
    """Erase a customer: who they are and what was said. That something was, and when, stays.

    Whoever writes again after that is somebody new. None when it has been done already.
    """
    # Said where they have asked, also when they were heard in another chat since.
    there = contacts.known_as(work, IdentityKind.TELEGRAM, asked.chat)
    here = there is not None and there[1].id == contact.id
    identity = there[0] if there and here else contacts.telegram_of(work, contact)
    if identity is None:
        return None
    mine = privacy.tickets(work, contact)
    lines = [line for each in mine for line in tickets.lines_of(each)]
    privacy.cancel_queued(work, identity.value, lines, work.now)
    language, words = contact.language, _called(work, contact)
    _take_back_from_slack(work, contact)
    privacy.erase_said(work, contact)
    privacy.erase_history(work, [each.id for each in mine])
    privacy.erase_belongings(work, contact, work.now)
    for each in privacy.identities(work, contact):
        if each.kind is IdentityKind.TELEGRAM and each.value not in (identity.value, asked.chat):
            _erase_chat(work, contact, each, asked)
        work.delete(each)
    privacy.erase_places(work, TELEGRAM, identity.value)
    _erase_contact(work, contact)
    for ticket in mine:
        _erase_ticket(work, ticket)
    voice = Voice(language)
    key = f"forgotten:{contact.id}"
    say_to_customer(work, identity, voice.reply("forget.done"), key=key)
    return work.add(
        Erasure(
            contact_id=contact.id,
            chat_key=f"{asked.door}:{asked.account}:{asked.chat}",
            tickets=[each.id for each in mine],
            words=words,
            # What the same press still writes is theirs too.
            until_id=new_id() + A_SECOND,
            asked_at=work.now,
        )
    )


def _erase_chat(work: Work, contact: Contact, other: Identity, asked: Incoming) -> None:
    """Who was made one of two has another chat, too."""
    privacy.cancel_queued(work, other.value, [], work.now)
    privacy.erase_places(work, TELEGRAM, other.value)
    work.add(
        Erasure(
            contact_id=contact.id,
            chat_key=f"{asked.door}:{asked.account}:{other.value}",
            words=[],
            until_id=new_id() + A_SECOND,
            asked_at=work.now,
        )
    )


def _called(work: Work, contact: Contact) -> list[str]:
    """What somebody is called by: names too short to be sure of are left out."""
    found = {contact.name}
    for each in contacts.identities_of(work, contact):
        found |= {each.value, each.shown}
    found |= merging.names_before(work, contact)
    return sorted(word for word in found if len(word) >= SHORTEST_NAME)


def _erase_contact(work: Work, contact: Contact) -> None:
    contact.name = team_voice(work).say("forget.nobody")
    contact.first_name = contact.gender = contact.birthday = contact.company = None
    contact.zone = contact.asked = contact.owner_id = contact.company_id = None
    contact.language, contact.language_chosen, contact.custom = "en", False, {}
    contact.erased_at = work.now


def _erase_ticket(work: Work, ticket: Ticket) -> None:
    """What it was about is gone; the thread is told, and nothing is left to do."""
    ticket.subject = team_voice(work).say("forget.no_words")
    ticket.customer_waits_since = ticket.snoozed_until = None
    if ticket.status is not TicketStatus.CLOSED:
        tickets.end(work, ticket, TicketStatus.CLOSED)
    else:
        tickets.refresh_card(work, ticket)
    tickets.tell_thread(work, ticket, "forget.thread")


def _take_back_from_slack(work: Work, contact: Contact) -> None:
    """What the customer said goes from the threads too, as far as it is ours to delete."""
    for post in privacy.slack_posts(work, contact):
        send(
            work,
            SLACK,
            post.chat,
            "delete",
            {"message": post.message},
            key=f"forget:{post.id}:delete",
            line=f"slack:forget:{post.chat}:{post.message}",
            when_unsure=Unsure.RESEND,
        )


@action(Permission.SYSTEM)
def erase_more(work: Work) -> bool:
    """Go on with the oldest request to be forgotten; whether there is more to do at once."""
    erasure = privacy.unfinished(work)
    if erasure is None:
        return False
    chat = erasure.chat_key.rpartition(":")[2]
    came_by = _came_by(erasure)
    lines = {f"slack:ticket:{id}" for id in erasure.tickets}
    if privacy.still_open(work, erasure.until_id, chat, came_by, sorted(lines)):
        # Something of them is on its way yet. Nothing new can join it, so once it is over
        # everything can be gone through for good.
        return False
    if _erase_from_inbox(work, erasure) or _erase_from_outbox(work, erasure, chat, lines):
        return True
    if import_keeping.forget_somebody(work, erasure, AT_A_TIME):
        return True
    erasure.chat_key, erasure.words, erasure.finished_at = "", [], work.now
    return False


def _came_by(erasure: Erasure) -> str:
    """What the inbox calls the chat: the person's, also where it was somebody's own account."""
    return erasure.chat_key.partition("@")[0]


def _erase_from_inbox(work: Work, erasure: Erasure) -> bool:
    """Empty the next rows that came from them, from their threads, or that name them."""
    page = privacy.inbox_page(work, erasure.inbox_to, erasure.until_id, AT_A_TIME)
    if not page:
        return False
    chats = {_came_by(erasure), *privacy.slack_chats(work, erasure.tickets)}
    # As they stand in JSON, in which Chinese names are numbers.
    named = [json.dumps(word)[1:-1].encode() for word in erasure.words]
    ids = [
        id
        for id, chat_key, raw in page
        if raw and (chat_key in chats or any(word in raw for word in named))
    ]
    if ids:
        privacy.erase_inbox(work, ids, _came_by(erasure))
    erasure.inbox_to = page[-1][0]
    return True


def _erase_from_outbox(work: Work, erasure: Erasure, chat: str, lines: set[str]) -> bool:
    """Empty the next rows that went to them, into their threads, or that name them."""
    page = privacy.outbox_page(work, erasure.outbox_to, erasure.until_id, AT_A_TIME)
    if not page:
        return False
    for row in page:
        if row.state in (OutboxState.QUEUED, OutboxState.SENDING):
            # Not theirs, for theirs are over: a message to somebody else that names them.
            continue
        theirs = row.door == TELEGRAM and row.chat == chat
        said = "" if theirs else json.dumps(row.payload, ensure_ascii=False)
        if theirs or row.line in lines or any(word in said for word in erasure.words):
            row.payload, row.error = {}, None
        if theirs:
            # The key may name the message that it answered, and with it the chat.
            row.chat, row.line, row.idem_key = privacy.NOBODY, privacy.NOBODY, f"erased:{row.id}"
    erasure.outbox_to = page[-1].id
    return True
