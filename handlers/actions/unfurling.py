"""A link to a ticket that a member shares shows how the ticket stands, with what can be done."""

from handlers import cards
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK, send
from handlers.actions.policies import team_voice
from handlers.message import Incoming, pack
from storage.queries import tickets
from storage.records import Contact, Member, Unsure, Urgency
from storage.work import Work


@action(Permission.READ)
def unfurl(work: Work, incoming: Incoming) -> None:
    """Show a shared link as a small card; nothing for a ticket that there is not."""
    number = int(incoming.value) if incoming.value.isdecimal() else 0
    ticket = tickets.numbered(work, number) if 0 < number < 2**31 else None
    if ticket is None:
        return
    contact = work.sure(Contact, ticket.contact_id)
    assignee = work.get(Member, ticket.assignee_id)
    card = cards.linked_ticket(team_voice(work), ticket, contact, assignee)
    send(
        work,
        SLACK,
        incoming.chat,
        "unfurl",
        {"parts": pack(card), "message": incoming.message, "link": incoming.text},
        key=f"unfurl:{incoming.chat}:{incoming.message}:{ticket.id}",
        line=f"slack:unfurl:{incoming.chat}:{incoming.message}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )
