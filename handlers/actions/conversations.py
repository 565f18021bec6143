"""Where a conversation stands: whose thread it is, what was said before, whose turn it is."""

from handlers.actions import away, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, TELEGRAM
from storage.queries import contacts, conversation
from storage.records import (
    Contact,
    Direction,
    Identity,
    IdentityKind,
    Interaction,
    InteractionVersion,
    Member,
    Subject,
    Ticket,
    TicketStatus,
)
from storage.work import Work


@action(Permission.ANYONE)
def ticket_at(work: Work, chat: str, thread: str) -> Ticket | None:
    """The ticket whose thread that is; None for every other thread."""
    post = conversation.post_at(work, SLACK, chat, thread)
    if post is None or post.subject is not Subject.TICKET:
        return None
    return work.get(Ticket, post.subject_id)


def said_at(work: Work, door: str, account: str, chat: str, message: str) -> Interaction | None:
    """What was said by a message: by one of ours that shows it, or by the one it came as."""
    post = conversation.post_at(work, door, chat, message)
    if post is not None and post.subject in (Subject.INTERACTION, Subject.JOINED):
        return work.get(Interaction, post.subject_id)
    return conversation.by_origin(work, f"{door}:{account}:{chat}:{message}")


def message_at_customer(work: Work, said: Interaction) -> str:
    """The message in the customer's chat that says it; "" when there is none."""
    if said.direction is Direction.IN:
        origin = said.origin or ""
        return origin.rpartition(":")[2] if origin.startswith(f"{TELEGRAM}:") else ""
    post = conversation.post_of(work, TELEGRAM, Subject.INTERACTION, said.id)
    return post.message if post is not None else ""


def customer_of(work: Work, said: Interaction) -> Identity | None:
    """The Telegram account in whose chat a line stands, or would stand if it was sent now."""
    post = conversation.post_of(work, TELEGRAM, Subject.INTERACTION, said.id)
    chat = post.chat if post is not None else _chat_in(said.origin or "")
    known = contacts.known_as(work, IdentityKind.TELEGRAM, chat) if chat else None
    if known is not None and known[1].id == said.contact_id:
        return known[0]
    return contacts.telegram_of(work, work.sure(Contact, said.contact_id), said.ticket_id)


def _chat_in(origin: str) -> str:
    parts = origin.split(":")
    return parts[-2] if parts[0] == TELEGRAM and len(parts) > 3 else ""


def change_text(work: Work, said: Interaction, text: str) -> None:
    """Give an interaction another text and keep the one before."""
    work.add(InteractionVersion(interaction_id=said.id, text=said.text, until=work.now))
    said.text, said.edited_at = text, work.now


def note_answer(work: Work, ticket: Ticket, member: Member) -> None:
    """The team has answered, by this member: it is the customer's turn."""
    changed = ticket.status is not TicketStatus.WAITING
    if ticket.first_answered_at is None:
        ticket.first_answered_at = work.now
    ticket.customer_waits_since = None
    ticket.resolved_at = None
    ticket.snoozed_until = None
    if ticket.assignee_id is None:
        ticket.assignee_id = member.id
        changed = True
    # What the customer says next is about what they were last told.
    contact = work.sure(Contact, ticket.contact_id)
    contact.ticket_id = ticket.id
    away.team_is_there(work, contact, ticket)
    tickets.set_status(work, ticket, TicketStatus.WAITING)
    if changed:
        tickets.refresh_card(work, ticket)
