"""What customers may do about their own requests: see them, say solved, or that they are not."""

from datetime import timedelta

from handlers import cards
from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.surveys import say_resolved
from handlers.texts import Voice
from storage.queries import contacts, self_service
from storage.records import Contact, Interaction, Order, Ticket, TicketStatus
from storage.work import Work

# So long after it was resolved a request is still shown.
SHOWN_FOR = timedelta(days=30)


@action(Permission.CUSTOMER)
def mine(work: Work, contact: Contact) -> list[tuple[Ticket, str]]:
    """A customer's requests, newest first, each with their own first words about it.

    Not the subject: the team may have written that for itself.
    """
    found = self_service.tickets_of(work, contact, work.now - SHOWN_FOR)
    return [(each, title(work, each, Voice(contact.language))) for each in found]


def title(work: Work, ticket: Ticket, voice: Voice) -> str:
    """What a request is about in the customer's own words."""
    said = self_service.first_words_of(work, ticket)
    if said is None or not said.text:
        return voice.say("own.no_words")
    return cards.shortened(said.text, 60)


@action(Permission.CUSTOMER)
def of(work: Work, contact: Contact, id: int) -> Ticket | None:
    """The request with that id if it is theirs, or what it was merged into."""
    ticket = work.get(Ticket, id)
    if ticket is None or ticket.contact_id != contact.id:
        return None
    return tickets.survivor(work, ticket)


@action(Permission.CUSTOMER, audited=True)
def still_a_problem(work: Work, ticket: Ticket, contact: Contact) -> bool:
    """Open a request again that its customer does not find solved; False when it is open."""
    contact.ticket_id = ticket.id
    if ticket.is_open:
        return False
    tickets.open_again(work, ticket)
    tickets.set_waiting(work, ticket, work.now)
    tickets.tell_thread(work, ticket, "own.still_a_problem", name=contact.name)
    return True


@action(Permission.CUSTOMER, audited=True)
def solved(work: Work, ticket: Ticket, contact: Contact) -> bool:
    """Resolve a request that its customer finds solved; False when it was so already."""
    if not ticket.is_open:
        return False
    tickets.end(work, ticket, TicketStatus.RESOLVED)
    tickets.tell_thread(work, ticket, "own.solved", name=contact.name)
    identity = contacts.telegram_of(work, contact, ticket.id)
    if identity is not None:
        say_resolved(work, ticket, contact, identity)
    return True


@action(Permission.CUSTOMER)
def talk_about(work: Work, ticket: Ticket, contact: Contact) -> None:
    """What they write next belongs to that request."""
    if not ticket.is_open:
        tickets.open_again(work, ticket)
        tickets.tell_thread(work, ticket, "ticket.reopened_by", name=contact.name)
        tickets.set_waiting(work, ticket, work.now)
    contact.ticket_id = ticket.id


@action(Permission.CUSTOMER)
def orders(work: Work, contact: Contact) -> list[Order]:
    """A customer's orders, newest first."""
    return self_service.orders_of(work, contact)


@action(Permission.CUSTOMER)
def came_about_order(work: Work, contact: Contact, said: Interaction, number: str) -> None:
    """The thread says which order the customer has come about."""
    ticket = work.get(Ticket, said.ticket_id)
    if ticket is not None and ticket.contact_id == contact.id:
        tickets.tell_thread(work, ticket, "link.about_order", number=number, source="")
