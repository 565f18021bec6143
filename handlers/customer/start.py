"""Hello, by whichever link somebody came, and what one can do here."""

import re

from handlers.actions import away, consents, deep_links, preferences
from handlers.actions.deep_links import Arrival
from handlers.actions.templates import fill
from handlers.cards import order_line
from handlers.customer.commands import COMMANDS, MENU, customer_command, say
from handlers.message import Button, Buttons, Incoming, Part, Reply, Text, plain
from handlers.suggest import nearest
from handlers.texts import Voice
from storage.records import Contact, Identity
from storage.work import Work

# For so long what they write next is about the order that they came for.
ABOUT_ORDER = "order"
# What stands in the help and not in the menu.
REST = ("mydata", "forget", "stop", "subscribe")
# As Telegram makes a link of it; "/5" and "/etc/hosts" are none.
_ALONE = re.compile(r"/(?=\w*[a-z])\w{1,32}(@\w+)?", re.ASCII | re.IGNORECASE)


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
    lines = _lines(voice, (*MENU, *REST))
    say(work, incoming, identity, voice.reply("customer.help", commands=lines))


def _lines(voice: Voice, names: tuple[str, ...]) -> str:
    shown = [name for name in names if name in COMMANDS and name != "help"]
    return "\n".join(f"/{name} – {voice.say(f'menu.{name}')}" for name in shown)


def is_unknown(incoming: Incoming) -> bool:
    """Whether it is a command and nothing but that, and none of ours; with words it is words."""
    if not incoming.does or incoming.does in COMMANDS or incoming.media:
        return False
    return _ALONE.fullmatch(incoming.text.strip()) is not None


def say_unknown(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Nobody of the team can do anything with "/foo": say what there is, and that words will do."""
    voice = Voice(contact.language)
    known = [name for name in (*MENU, *REST) if name in COMMANDS]
    meant = nearest(incoming.does, known)
    command = f"/{incoming.does}"
    if meant:
        reply = voice.reply("customer.command_meant", command=command, meant=f"/{meant[0]}")
    else:
        lines = _lines(voice, MENU)
        reply = voice.reply("customer.unknown_command", command=command, commands=lines)
    say(work, incoming, identity, reply)
