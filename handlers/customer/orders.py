"""A customer's orders."""

from handlers.actions import own_tickets, preferences
from handlers.cards import order_line
from handlers.customer.commands import customer_command, say
from handlers.message import Incoming, Part, Reply, Text
from storage.records import Contact, Identity
from storage.work import Work


@customer_command("orders")
def orders(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """The newest orders and how they stand."""
    voice = preferences.voice_for(work, contact)
    found = own_tickets.orders(work, contact)
    if not found:
        say(work, incoming, identity, voice.reply("orders.none"))
        return
    parts: list[Part] = [Text(voice.words("orders.title"))]
    parts += [order_line(voice, each) for each in found]
    say(work, incoming, identity, Reply(tuple(parts)))
