"""Hello, by whichever link somebody came, and what one can do here."""

from handlers.actions import away, consents, deep_links, preferences
from handlers.actions.deep_links import Arrival
from handlers.actions.templates import fill
from handlers.cards import order_line
from handlers.customer.commands import COMMANDS, MENU, customer_command, say
from handlers.message import Button, Buttons, Incoming, Part, Reply, Text, plain
from handlers.texts import Voice
from storage.records import Contact, Identity
from storage.work import Work

# For so long what they write next is about the order that they came for.
ABOUT_ORDER = "order"


@customer_command("start")
def start(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Hello, and what one can do here."""
    arrival = deep_links.arrive(work, contact, incoming.value)
    voice = preferences.voice_for(work, contact)
    if arrival.order_number:
        contact.asked = f"{ABOUT_ORDER}|{arrival.order_number}"
    greeting = _greeting(voice, arrival, contact)
    if consents.has_stopped(work, contact):
        # They come back: news does so only when they say it.
        again = Button(voice.say("button.news_again"), "news.again")
        words = Text(voice.words("start.no_news"))
        greeting = Reply((*greeting.parts, words, Buttons((again,))))
    say(work, incoming, identity, greeting)
    away.tell(work, contact, identity, None)


def _greeting(voice: Voice, arrival: Arrival, contact: Contact) -> Reply:
    name = contact.greeting_name()
    if arrival.link is not None and arrival.link.greeting:
        return Reply((Text(plain(fill(arrival.link.greeting, contact))),))
    if arrival.order is not None:
        head = Text(voice.words("start.own_order", name=name))
        return Reply((head, order_line(voice, arrival.order)))
    if arrival.order_number:
        return voice.reply("start.order", name=name, number=arrival.order_number)
    parts: list[Part] = [Text(voice.words("customer.welcome", name=name))]
    if arrival.owner is not None:
        parts.append(Text(voice.words("start.owner", name=arrival.owner.name)))
    return Reply(tuple(parts))


@customer_command("help")
def show_help(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """What one can type."""
    voice = Voice(contact.language)
    rest = ("mydata", "forget", "stop", "subscribe")
    shown = [name for name in (*MENU, *rest) if name in COMMANDS and name != "help"]
    lines = "\n".join(f"/{name} – {voice.say(f'menu.{name}')}" for name in shown)
    say(work, incoming, identity, voice.reply("customer.help", commands=lines))
