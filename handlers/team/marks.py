"""What an emoji on a card or a customer's line does: 👀 takes, ✅ resolves, 🎫 splits."""

from collections.abc import Callable

from handlers.actions import conversations, owners, ticket_moves, tickets
from handlers.actions.access import Permission, may
from handlers.actions.policies import voice_of
from handlers.message import Incoming, Reply
from handlers.team.moves import ask_whose
from handlers.team.tickets import take
from storage.records import Direction, Interaction, Ticket
from storage.work import Work

Meant = Callable[[Work, Ticket, Interaction | None], Reply | None]


def put_on(work: Work, incoming: Incoming) -> Reply | None:
    """Do what an emoji says; taking it off again undoes nothing, and other emoji say nothing."""
    does = _MEANINGS.get(incoming.text)
    if does is None or incoming.does != "added" or not may(work.actor, Permission.SERVE):
        return None
    said = ticket_moves.said_at(work, incoming.account, incoming.chat, incoming.message)
    card = conversations.ticket_at(work, incoming.chat, incoming.message)
    into = work.get(Ticket, card.merged_into_id) if card is not None else None
    if card is not None and into is not None:
        # On the old card nobody means the request that goes on elsewhere.
        words = {"number": card.number, "into": into.number}
        return voice_of(work).reply("ticket.went_into", **words)
    if card is not None:
        return does(work, card, None)
    ticket = work.get(Ticket, said.ticket_id) if said is not None else None
    if said is None or ticket is None:
        # On anything else it is a remark among people, save for 🎫, which asks for a ticket.
        return ask_whose(voice_of(work)) if does is _split else None
    if said.direction is not Direction.IN:
        return None
    return does(work, ticket, said)


def _take(work: Work, ticket: Ticket, said: Interaction | None) -> Reply | None:
    mine = work.actor.member is not None and ticket.assignee_id == work.actor.member.id
    if mine or not ticket.is_open:
        return None
    answer = take(work, ticket)
    return None if owners.holder(work, ticket) is None else answer


def _resolve(work: Work, ticket: Ticket, said: Interaction | None) -> Reply | None:
    if ticket.is_open:
        tickets.resolve(work, ticket)
    return None


def _split(work: Work, ticket: Ticket, said: Interaction | None) -> Reply | None:
    voice = voice_of(work)
    if said is None:
        return voice.reply("move.is_one", number=ticket.number)
    opened = ticket_moves.split(work, said)
    return voice.reply("move.split", number=opened.number)


_MEANINGS: dict[str, Meant] = {
    "eyes": _take,
    "white_check_mark": _resolve,
    "heavy_check_mark": _resolve,
    "ticket": _split,
    "admission_tickets": _split,
}
