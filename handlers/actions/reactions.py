"""Emoji on messages, both ways: a customer's on a line of staff, staff's on a customer's line."""

from datetime import datetime, timedelta

from handlers.actions import alerts, conversations, holding, lanes, tickets
from handlers.actions.access import Permission, action
from handlers.actions.emoji import IN_SLACK, IN_TELEGRAM
from handlers.actions.outgoing import SLACK, TELEGRAM, is_personal, react, send
from handlers.actions.policies import policy
from handlers.cards import shortened
from handlers.message import Incoming, Kind
from storage.columns import new_id
from storage.queries import conversation, outbox
from storage.records import Contact, Direction, Interaction, Lane, Ticket, Unsure, Urgency
from storage.work import Work

# So long an emoji waits at the most for the line that it may be on.
PATIENCE = timedelta(minutes=2)
# Among the team these say what somebody does about a line; they are not meant for the customer.
AMONG_US = frozenset({"eyes", "ticket", "white_check_mark", "heavy_check_mark", "lock"})


@action(Permission.ANYONE)
def carry_in(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    """A customer's emoji comes onto the line that it is about, or into the thread in words."""
    if policy(work, "reactions") == "off":
        return None
    said = conversations.said_at(
        work, incoming.door, incoming.account, incoming.chat, incoming.message
    )
    if said is None or said.contact_id != contact.id:
        return None
    for emoji in incoming.value.split():
        _take_from_line(work, said, emoji)
    for emoji in incoming.text.split():
        _put_on_line(work, said, emoji, contact)
    return said


def _place(work: Work, said: Interaction) -> tuple[str, str] | None:
    """The channel and the message of a line of staff in Slack."""
    if said.direction is not Direction.OUT or not (said.origin or "").startswith(f"{SLACK}:"):
        return None
    _, _, channel, message = (said.origin or "").split(":", 3)
    return channel, message


def _put_on_line(work: Work, said: Interaction, emoji: str, contact: Contact) -> None:
    place, name = _place(work, said), IN_SLACK.get(emoji)
    if place is not None and name is not None:
        key = f"interaction:{said.id}:emoji:{new_id()}"
        react(work, *place, name, key=key)
        return
    ticket = work.get(Ticket, said.ticket_id)
    if ticket is not None:
        words = {"name": contact.name, "emoji": emoji, "text": shortened(said.text, 80)}
        tickets.tell_thread(work, ticket, "message.reacted", **words)


def _take_from_line(work: Work, said: Interaction, emoji: str) -> None:
    name = IN_SLACK.get(emoji)
    if name is not None:
        holding.mark(work, said, "", instead_of=name)


@action(Permission.SYSTEM)
def is_early(work: Work, incoming: Incoming, since: datetime) -> bool:
    """Whether an emoji may be on a line of ours of which we do not know yet that it stands there.

    So it is when we were ended between putting a line into Slack and noting its place: what was
    said by an emoji meanwhile waits until the place is known.
    """
    if incoming.kind is not Kind.REACTION or incoming.door != SLACK:
        return False
    if work.now - since > PATIENCE or not outbox.on_socket(work, SLACK):
        return False
    place = (SLACK, incoming.account, incoming.chat, incoming.message)
    return (
        conversations.said_at(work, *place) is None
        and conversation.post_at(work, SLACK, incoming.chat, incoming.message) is None
    )


@action(Permission.SERVE)
def carry_out(work: Work, incoming: Incoming) -> Interaction | None:
    """Staff's emoji on a customer's line reaches the customer, where Telegram knows the emoji."""
    name = incoming.text
    emoji = IN_TELEGRAM.get(name)
    if emoji is None or name in AMONG_US or policy(work, "reactions") != "both":
        return None
    said = conversations.said_at(work, SLACK, incoming.account, incoming.chat, incoming.message)
    if said is None or said.direction is not Direction.IN:
        return None
    if lanes.lane_of(work, incoming.chat) is Lane.INTERNAL:
        return None
    ticket = work.get(Ticket, said.ticket_id)
    if ticket is not None and alerts.only_alerts(work, ticket, incoming.chat):
        return None
    identity = conversations.customer_of(work, said)
    message = conversations.message_at_customer(work, said)
    if identity is None or not message or is_personal(identity.value):
        # Under messages of somebody's own account a bot can put nothing.
        return None
    send(
        work,
        TELEGRAM,
        identity.value,
        "react",
        {"message": message, "emoji": "" if incoming.does == "removed" else emoji},
        key=f"interaction:{said.id}:react:{new_id()}",
        # What is being said need not wait for it, nor it for that.
        line=f"telegram:react:{identity.value}:{message}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )
    return said
